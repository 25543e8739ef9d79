"""What was measured of a release, read back from its manifest; in no language yet."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from sladd.release import Manifest
from sladd.release.earlier import Earlier
from sladd.release.method import ColumnMethod, Method, TableMethod
from sladd.release.utility import ColumnUtility, Correlation, Record, TableUtility, Utility
from sladd.release.wp216 import TESTS, Attack, Inference, Linkability, SinglingOut, Test, Wp216

STRONGEST = 12  # correlations that fit beside the plots
_R = TypeVar("_R", bound=Record)


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column: how it was made, and what it lost; either may be unknown."""

    name: str
    method: ColumnMethod | None
    utility: ColumnUtility | None


@dataclass(frozen=True, slots=True)
class TableFacts:
    """Everything that is said of one table."""

    name: str
    number: int
    alone: SinglingOut
    method: TableMethod | None
    utility: TableUtility | None
    columns: tuple[ColumnFacts, ...]
    attacks: tuple[Attack, ...]
    strongest: tuple[Correlation, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the report tells."""

    answers: Wp216
    earlier: Earlier | None
    tables: tuple[TableFacts, ...]

    @property
    def failed(self) -> tuple[Test, ...]:
        """Tests that did not pass."""
        return tuple(test for test in TESTS if self.answers.passed(test) is False)

    @property
    def persons(self) -> int:
        """In the largest table: a person may stand in several."""
        return max((one.alone.persons for one in self.tables), default=0)

    @property
    def links(self) -> tuple[Linkability, ...]:
        """Joins with other tables."""
        return self.answers.linkability

    @property
    def guesses(self) -> tuple[Inference, ...]:
        """Sensitive columns."""
        return self.answers.inference


def facts_of(manifest: Manifest) -> Facts | None:
    """What the manifest tells of its measures; None where the three tests were not made."""
    answers = _read(manifest, "wp216", Wp216)
    if answers is None:
        return None
    utility, method = _read(manifest, "utility", Utility), _read(manifest, "method", Method)
    tables = tuple(
        _table(
            alone,
            number,
            answers,
            method.table(alone.table) if method else None,
            utility.table(alone.table) if utility else None,
        )
        for number, alone in enumerate(answers.singling_out, 1)
    )
    return Facts(
        answers,
        _read(manifest, "earlier", Earlier),
        tables,
    )


def _read(manifest: Manifest, name: str, kind: type[_R]) -> _R | None:
    with suppress(ValidationError):
        return kind.model_validate(manifest.risk[name]) if name in manifest.risk else None
    return None


def _table(
    alone: SinglingOut,
    number: int,
    answers: Wp216,
    method: TableMethod | None,
    utility: TableUtility | None,
) -> TableFacts:
    made = {one.name: one for one in (method.columns if method else ())}
    lost = {one.name: one for one in (utility.columns if utility else ())}
    names = dict.fromkeys([*made, *lost])
    correlations = sorted(utility.correlations if utility else (), key=lambda c: -abs(c.before))
    return TableFacts(
        alone.table,
        number,
        alone,
        method,
        utility,
        tuple(ColumnFacts(name, made.get(name), lost.get(name)) for name in names),
        tuple(one for one in answers.attacks if one.table == alone.table),
        tuple(correlations[:STRONGEST]),
    )
