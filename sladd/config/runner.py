"""`runner`: what the work runs on."""

from __future__ import annotations

from pydantic import Field

from sladd.config.section import Section


class ClusterConfig(Section):
    """A running Dask cluster that partitions of files are worked on."""

    dask: str = Field(pattern=r"^(tcp|tls)://[^/\s]+:\d+$")  # address of the scheduler
