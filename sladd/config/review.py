"""`review`: how the review application may be reached."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, IPvAnyAddress

from sladd.config.section import Section

_HEADER = r"^[A-Za-z0-9-]+$"
_HOST = r"^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])$"  # a name or address, without a port


class ProxyConfig(Section):
    """A proxy in front of `sladd review` that says who someone is."""

    addresses: list[IPvAnyAddress] = Field(min_length=1)
    secret_file: str = Field(min_length=1)
    secret_header: str = Field("X-Sladd-Secret", pattern=_HEADER)
    user_header: str = Field("X-Forwarded-User", pattern=_HEADER)
    role_header: str = Field("X-Forwarded-Role", pattern=_HEADER)


class ReviewConfig(Section):
    """How `sladd review` may be reached."""

    hosts: list[Annotated[str, Field(pattern=_HOST)]] = Field(default_factory=list)
    proxy: ProxyConfig | None = None
