"""Everything that is measured of an anonymised release, in one call inside a publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from sladd.catalog.records import ClassCounts
from sladd.gate.attack import nearest
from sladd.gate.measured import Measured
from sladd.gate.wp216 import Written, answers_as_checks, three_tests
from sladd.model import Check
from sladd.pipeline.assurance.checks import as_searched, copied_facts, giving_away
from sladd.pipeline.assurance.table import AnonymisedTable, method_of, written
from sladd.pipeline.beside import BESIDE, beside_checks, written_beside
from sladd.pipeline.earlier import EARLIER, told_of
from sladd.pipeline.earlier.comparing import against_earlier, class_counts, earlier_checks
from sladd.pipeline.earlier.known import Ledger, ledger_of
from sladd.pipeline.utility import Compared, utility_of
from sladd.release.earlier import Earlier, EarlierTable
from sladd.release.method import Method
from sladd.release.utility import Utility
from sladd.release.wp216 import Attack, Thresholds, Wp216
from transforms.anonymity import Answer, Distance, generalised

if TYPE_CHECKING:
    from sladd.pipeline.making import Making


JOINED = (
    "a pseudonymised release leads from rows of this one to pseudonyms: nobody may get both, or "
    "what goes out as it is in both has to be left out or rounded in one (a rule of the release)"
)
TOGETHER = "an earlier release and this one may single persons out together"


@dataclass(frozen=True)
class Measures:
    """What came of it: for the manifest's `risk`, for the gate, and for the ledger.

    Attributes:
        risk: `method`, `utility`, `wp216` and `earlier`, for `manifest.risk`.
        checks: the gate's answers that need more than the files: the source, other releases, attacks and
            earlier releases, pseudonymised ones beside it. The rest `gate.files` asks, once `risk` stands in the manifest.
        counts: for `catalog.releases.record_class_counts`, once the version stands.
    """

    risk: Mapping[str, Any]
    checks: tuple[Check, ...]
    counts: tuple[ClassCounts, ...]

    def judged(self, earlier: Literal["refuse", "warn"]) -> list[Check]:
        """What a publish may fail on; differences to earlier releases where they are refused.

        Joins with pseudonymised releases are told alone: these hold personal data by their nature,
        and whether anybody gets both is for the officer to say.
        """
        spared = {BESIDE} if earlier == "refuse" else {BESIDE, EARLIER}
        return [c for c in self.checks if c.passed or c.name not in spared]

    def told(self) -> list[str]:
        """What other releases and this one give away together, one line for each table."""
        return [
            f"{said}: {told} · {table}"
            for said, name in ((TOGETHER, EARLIER), (JOINED, BESIDE))
            for table, told in told_of(name, self.checks).items()
        ]


def measure_release(work: Making) -> Measures | None:
    """What an anonymised release as a whole gives away and loses, earlier releases beside it.

    Args:
        work: the release, its files written; one without a table that was searched has nothing.

    Raises:
        GateError: a written table cannot be read (SLADD-620, SLADD-621).
    """
    if not work.searched:
        return None
    return measure(
        work.staging.path,
        work.searched,
        ledger_of(work),
        others=tuple(written_beside(work)),
        measured=work.measured,
    )


def measure(
    folder: Path,
    tables: Sequence[AnonymisedTable],
    ledger: Ledger,
    *,
    others: Iterable[Written] = (),
    thresholds: Thresholds | None = None,
    measured: Measured | None = None,
) -> Measures:
    """Measure a release whose files are written.

    Args:
        folder: of the version, or staging; each table in its own folder.
        tables: with both sides at hand.
        ledger: earlier releases.
        others: tables of other releases of this installation (`written`).
        thresholds: of the three tests; by default those of the strictest table.
        measured: what is known of the files already.

    Raises:
        GateError: a written table cannot be read (SLADD-620, SLADD-621).
    """
    limits = thresholds or _thresholds([one.answer for one in tables])
    compared = [Compared.of(one.name, one.rows, one.answer, one.sensitive) for one in tables]
    attacks = [attack for one in compared for attack in _attacks(one, limits.k)]
    files = [_asked(folder, one) for one in tables]
    answers = three_tests(files, limits, others=list(others), attacks=attacks, measured=measured)
    earlier, counts = _earlier(tables, compared, ledger, limits.k)
    kept = [
        as_searched(written(folder, table.name, table.answer), both, ledger.key)
        for table, both in zip(tables, compared, strict=True)
    ]
    utility = Utility(
        tables=tuple(
            utility_of(one, points=table.points())
            for one, table in zip(compared, tables, strict=True)
        )
    )
    method = Method(tables=tuple(method_of(one) for one in tables))
    beyond = (
        *beside_checks(answers.linkability, limits.k),
        *answers_as_checks(_beyond_the_files(answers)),
    )
    parts = {"method": method, "utility": utility, "wp216": answers, "earlier": earlier}
    return Measures(
        {name: part.model_dump(mode="json") for name, part in parts.items()},
        (
            *kept,
            *giving_away(tables, compared),
            *copied_facts(tables, compared, limits.k),
            *beyond,
            *earlier_checks(earlier),
        ),
        tuple(counts),
    )


def _asked(folder: Path, table: AnonymisedTable) -> Written:
    """What is measured: the release's own files, or rows in memory that say whose they are."""
    person = table.answer.problem.person
    one = written(folder, table.name, table.answer)
    exact = [c for c in one.quasi if table.answer.levels[c] == 0]
    one = replace(
        one,
        sensitive=tuple(dict.fromkeys((*one.sensitive, *table.sensitive))),
        exact=(*exact, *table.as_they_are),
    )
    if person is None:
        return one
    rows = generalised(table.rows, table.answer, keep=[*table.sensitive, person])
    return replace(one, path=rows, person=person)


def _beyond_the_files(answers: Wp216) -> Wp216:
    nothing = {"singling_out": (), "inference": (), "linkability": ()}
    return answers.model_copy(update=nothing)


def _thresholds(answers: Sequence[Answer]) -> Thresholds:
    problems = [one.problem for one in answers]
    # A table that is close by the order of its values may well differ in the share of one.
    asked = [
        one.t
        for one in problems
        if one.t is not None and all(s.distance is Distance.EQUAL for s in one.sensitive)
    ]
    diverse = [one.l for one in problems if one.l is not None]
    promised = any(one.t is not None or one.l is not None for one in problems)
    return Thresholds(
        k=max((one.k for one in problems), default=Thresholds().k),
        t=min(asked, default=1.0 if promised else Thresholds().t),
        l=max(diverse, default=None),
        judged=promised or not problems,
    )


def _attacks(compared: Compared, k: int) -> list[Attack]:
    """With the quasi-identifiers, which is judged; with the sensitive columns too, which is told."""
    kept = ~compared.left_out
    places = np.where(kept, np.cumsum(kept) - 1, -1)
    released = compared.after.filter(pa.array(kept))
    attack = partial(nearest, compared.name, compared.after, released, truth=places)
    quasi = list(compared.levels)
    judged = attack(known=quasi, k=None if compared.several else k)
    return [judged, attack(known=[*quasi, *compared.sensitive])] if compared.sensitive else [judged]


def _earlier(
    tables: Sequence[AnonymisedTable], compared: Sequence[Compared], ledger: Ledger, k: int
) -> tuple[Earlier, list[ClassCounts]]:
    found: list[EarlierTable] = []
    counts: list[ClassCounts] = []
    for table, both in zip(tables, compared, strict=True):
        levels = table.answer.levels
        found += against_earlier(
            table.name,
            both.before,
            both.after,
            both.left_out,
            levels=levels,
            hierarchies=table.answer.problem.hierarchies,
            k=k,
            entries=ledger.entries.get(table.source, ()),
            key_of=ledger.key_of,
            standing=ledger.standing,
            elsewhere=ledger.elsewhere,
            as_they_are=table.as_they_are,
        ).compared
        counts.append(
            class_counts(
                both.after.filter(pa.array(~both.left_out)),
                levels=levels,
                key=ledger.key,
                key_id=ledger.key_id,
                release=ledger.release,
                version=ledger.version,
                name=table.name,
                table=table.source,
            )
        )
    return Earlier(k=k, compared=tuple(found)), counts
