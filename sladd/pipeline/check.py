"""What stands between the scans and a release: undecided fields, and schemas that drifted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sladd.errors import SladdError
from sladd.model import How, Table
from sladd.pipeline.bind import Bound
from sladd.pipeline.planning import make_plan
from sladd.policy import RULED

if TYPE_CHECKING:
    from sladd.catalog import CatalogField


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to decide or to mend."""

    what: str
    where: str
    mend: str


def check(bound: Bound, *, look: bool = True) -> list[Problem]:
    """Everything that should stop a continuous integration run.

    Args:
        bound: the configuration.
        look: open the sources and compare their schemas with the last scan.

    Raises:
        ConfigError: there is no source, so that nothing can be said (SLADD-131).
    """
    names = bound.source_names([])
    problems = list(_undecided(bound))
    if look:
        return [*problems, *_drifted(bound)]
    scanned = {scan.source for scan in bound.catalog.scans.all() if scan.finished}
    never = [name for name in names if name not in scanned]
    return [*problems, *(Problem("never scanned", n, f"sladd discover {n}") for n in never)]


def _undecided(bound: Bound) -> Iterator[Problem]:
    ruled = _fields_with_a_rule(bound)
    for field in bound.catalog.fields.all():
        address = field.address
        decide = f"sladd decide '{address}' confirm|reject|CATEGORY --reason …"
        if field.verdict is not None and field.verdict.reopened:
            yield Problem(f"reopened: {field.verdict.reopened_why}", address, decide)
        elif _personal(field) and field.verdict is None and address not in ruled:
            finding = field.scan.finding
            yield Problem(f"{finding.category}: neither decision nor rule", address, decide)
    for failed in bound.catalog.scans.not_scanned():
        yield Problem(f"not scanned: {failed.reason}", failed.where, "sladd discover")


def _personal(field: CatalogField) -> bool:
    return field.scan.finding.how in {How.IS, How.CONTAINS}


def _fields_with_a_rule(bound: Bound) -> set[str]:
    """Fields that some release treats by a rule; dropping by default is no rule."""
    ruled: set[str] = set()
    for name in bound.config.releases:
        try:
            made = make_plan(bound, name)
        except SladdError:
            continue  # `sladd plan` says what is wrong with that release
        for table in made.tables:
            ruled.update(
                str(f.field) for top in table.fields for f in top.each() if f.reason in RULED
            )
    return ruled


def _drifted(bound: Bound) -> Iterator[Problem]:
    for name in bound.config.sources:
        known = {
            str(field.scan.field.ref)
            for field in bound.catalog.fields.all(source=name)
            if not field.scan.field.ref.path
        }
        try:
            source = bound.open_source(name)
        except SladdError as error:
            yield Problem(f"cannot be opened: {error.what}", name, error.mend or "sladd doctor")
            continue
        try:
            tables = source.tables()
        except SladdError as error:
            yield Problem(f"cannot be listed: {error.what}", name, error.mend or "sladd doctor")
            continue
        finally:
            source.close()
        now = {address for table in tables for address in _columns(table, known)}
        for address in sorted(now - known):
            yield Problem("new since the last scan", address, f"sladd discover {name}")
        for address in sorted(known - now):
            yield Problem("gone since the last scan", address, f"sladd discover {name}")


def _columns(table: Table, known: Collection[str]) -> set[str]:
    """Columns of a table; of documents those that some document filled, once it was scanned."""
    columns = {str(f.ref) for f in table.fields if not f.ref.path}
    filled = columns & set(known)
    return filled if table.kind == "documents" and filled else columns
