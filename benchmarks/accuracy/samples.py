"""What the scan of a shop finds, against the shop's ground truth.

Two shops: the committed one of `data/samples`, and one of another seed and size, so that nothing
can have been fitted to the first. Every direct identifier and credential must be found under its
own category, and nothing may be found where the truth says there is nothing.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.result import Goal, Measure
from data.samples.generator import generate
from sladd.model import Finding, How, Identifiability
from sladd.pipeline.bind import Bound
from sladd.taxonomy import Taxonomy

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
OTHER_SEED, OTHER_CUSTOMERS = 20_611, 600
ALL_FOUND = Goal(1.0, on="value", kind="at least", exact=True)
NONE_FALSE = Goal(0, on="value", exact=True)
FOUND = frozenset({How.IS, How.CONTAINS})


@dataclass(frozen=True, slots=True)
class Judged:
    """One field: what it is and what was found. No values."""

    field: str
    how: str
    category: str
    found_how: str
    found: str
    also: tuple[str, ...] = ()

    @property
    def tagged(self) -> bool:
        """Whether something was found in the values or the name."""
        return self.found_how in FOUND

    @property
    def right(self) -> bool:
        """Whether what was found is what the field is."""
        if self.how == "none":
            return not self.tagged
        return self.tagged and any(_alike(self.category, c) for c in (self.found, *self.also))

    def __str__(self) -> str:
        truth = f"{self.how} {self.category}".strip()
        return f"{self.field} · truth: {truth} · found: {self.found_how} {self.found}".rstrip()


def _alike(truth: str, found: str) -> bool:
    """The same category, or an address and its street: one is the other's part.

    Only from the third level on: `user.contact` says too little to count as an answer.
    """
    short, long = sorted((truth, found), key=len)
    return truth == found or (short.count(".") >= 2 and long.startswith(f"{short}."))


def run(rows: int, folder: Path) -> tuple[Measure, ...]:  # noqa: ARG001 - the shops have a size
    """Recall, false alarms and precision for both shops."""
    committed, other = folder / "committed", folder / "other"
    shutil.copytree(SAMPLES, committed, ignore=shutil.ignore_patterns("generator", ".sladd"))
    generate(other, OTHER_CUSTOMERS, OTHER_SEED)
    shutil.copy(SAMPLES / "sladd.yaml", other / "sladd.yaml")
    return (
        *_measures("data/samples", committed),
        *_measures(f"another shop, {OTHER_CUSTOMERS} customers", other),
    )


def _measures(name: str, shop: Path) -> tuple[Measure, ...]:
    from sladd.pipeline.bind import bind

    bound = bind(shop / "sladd.yaml")
    fields = judged(_truth(shop / "labels.csv"), _findings(bound))
    direct = [f for f in fields if f.how in FOUND and _identifies(f.category, bound.taxonomy)]
    nothing = [f for f in fields if f.how == "none"]
    missed = [f for f in direct if not f.right]
    false = [f for f in nothing if not f.right]
    said = [f for f in fields if f.how in FOUND]
    others = [f for f in said if not f.right and f not in missed]
    linked = [f for f in fields if f.how == "linked" and f.tagged]
    return (
        Measure(
            what=f"{name}: recall of {len(direct)} direct identifiers and credentials",
            value=1 - len(missed) / len(direct),
            unit="of 1",
            goal=ALL_FOUND,
            notes=_lines("missed", missed),
        ),
        Measure(
            what=f"{name}: false alarms among {len(nothing)} fields without personal data",
            value=float(len(false)),
            unit="fields",
            goal=NONE_FALSE,
            notes=_lines("false alarm", false),
        ),
        Measure(
            what=f"{name}: recall over all {len(said)} fields that hold personal data",
            value=sum(f.right for f in said) / len(said),
            unit="of 1",
            notes=(
                *_lines("other category", others),
                *_lines("attribute taken for more", linked),
                *_table(fields),
            ),
        ),
    )


def judged(
    truth: Mapping[str, tuple[str, str]], findings: Mapping[str, Finding]
) -> tuple[Judged, ...]:
    """Truth and finding of every labelled field; one that was not scanned is not found."""
    made = []
    for field, (how, category) in truth.items():
        finding = findings.get(field)
        if finding is None:
            made.append(Judged(field, how, category, "not scanned", ""))
        else:
            told = (str(finding.how), finding.category, tuple(finding.also))
            made.append(Judged(field, how, category, *told))
    return tuple(made)


def _truth(labels: Path) -> dict[str, tuple[str, str]]:
    with labels.open(encoding="utf-8", newline="") as file:
        return {row["field"]: (row["how"], row["category"]) for row in csv.DictReader(file)}


def _findings(bound: Bound) -> dict[str, Finding]:
    from sladd.pipeline.discover import discover

    return {
        str(field.field.ref): field.finding
        for result in discover(bound)
        for table in result.tables
        for field in table.fields
    }


def _identifies(category: str, taxonomy: Taxonomy) -> bool:
    known = taxonomy[category]
    return known.identifiability is Identifiability.DIRECT or known.legal_class == "credential"


def _lines(word: str, fields: Sequence[Judged]) -> tuple[str, ...]:
    return tuple(f"{word}: {field}" for field in fields)


def _table(fields: Sequence[Judged]) -> tuple[str, ...]:
    """Precision and recall of every category; a share of nothing is a dash."""
    wanted = Counter(f.category for f in fields if f.how in FOUND)
    right = Counter(f.category for f in fields if f.how in FOUND and f.right)
    found = Counter(f.category if f.right else f.found for f in fields if f.tagged)
    lines = [f"{'category':<52}{'fields':>7}{'found':>7}{'right':>7}{'precision':>11}{'recall':>8}"]
    for category in sorted(wanted | found):
        n, m, ok = wanted[category], found[category], right[category]
        precision = f"{ok / m:.2f}" if m else "–"
        recall = f"{ok / n:.2f}" if n else "–"
        lines.append(f"{category:<52}{n:>7}{m:>7}{ok:>7}{precision:>11}{recall:>8}")
    return tuple(lines)
