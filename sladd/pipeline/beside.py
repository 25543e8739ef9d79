"""Pseudonymised releases of this installation, beside which an anonymised one is made.

Who has both may join them over the values that stand in both as they are: an exact sum that one
row of each has leads from a class to a pseudonym, and to all that stands with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from sladd.errors import GateError
from sladd.gate.wp216 import Written, folder_pattern
from sladd.model import Check
from sladd.release import Manifest, read_manifest
from sladd.release.folder import resolve
from sladd.release.paths import table_folder
from sladd.release.wp216 import Linkability

if TYPE_CHECKING:
    from pathlib import Path

    from sladd.pipeline.making import Making

BESIDE = "beside another release"
"""Name of the check."""


def written_beside(work: Making) -> Iterator[Written]:
    """The tables of every pseudonymised release that stands on this machine.

    Args:
        work: the release that is made.
    """
    config = work.bound.config
    for name, release in config.releases.items():
        if name == work.plan.release or release.kind != "pseudonymised":
            continue
        with suppress(GateError):  # nothing is published, or it is not whole
            folder = resolve(config.folder_of(name))
            yield from _tables(folder, read_manifest(folder))


def _tables(folder: Path, manifest: Manifest) -> Iterator[Written]:
    for table in manifest.tables:
        kept = tuple(c.name for c in table.columns if c.transform == "keep" and not c.key_type)
        if kept and table.files:
            yield Written(
                table=table.name,
                path=folder_pattern(folder / table_folder(table.name)),
                quasi=(),
                release=manifest.release,
                version=manifest.version,
                exact=kept,
            )


def beside_checks(links: tuple[Linkability, ...], k: int) -> Iterator[Check]:
    """What joins with other releases tell; one check for each table of theirs."""
    for link in links:
        if link.other_release:
            yield Check(
                BESIDE,
                link.passed,
                f"with {link.other_release}, table {link.other_table}, over "
                f"{', '.join(link.all_columns)}, which stand in both as they are: {link.few} "
                f"persons linked with a chance above 1 in {k}, {link.alone} pairs of rows alone",
                link.table,
            )
