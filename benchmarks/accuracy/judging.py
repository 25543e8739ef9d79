"""An answer held against its label."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.accuracy.filling import Asked
from sladd.model import Finding, How
from sladd.taxonomy import Taxonomy

TAGGED = frozenset({"is", "contains"})
_FULL = 2  # dots from which a category says enough for its parts to be as right as itself


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scanner said of one column. No values.

    Attributes:
        how: `is`, `contains`, `linked`, `none`, or `not scanned`.
        category: "" for none.
        also: further categories that it named inside, or that its word for it covers.
        confidence: as stated; None for a scanner that states none.
        signals: names of the evidence, for the list of errors.
    """

    how: str
    category: str = ""
    also: tuple[str, ...] = ()
    confidence: float | None = None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One column, what it is and what was said of it."""

    asked: Asked
    answer: Answer

    @property
    def said(self) -> bool:
        """The label: the column itself holds personal data, and something could tell."""
        return self.asked.truth.label.said and self.asked.decided

    @property
    def tagged(self) -> bool:
        """The answer: the column itself holds something."""
        return self.answer.how in TAGGED

    @property
    def right(self) -> bool:
        """Whether the answer names a category of the label."""
        label = self.asked.truth.label
        if not self.tagged or not label.category:
            return False
        named = (self.answer.category, *self.answer.also)
        return any(alike(t, f) for t in (label.category, *label.others) for f in named)

    @property
    def counted(self) -> str:
        """The category that the answer counts under: the label's when it is right."""
        return self.asked.truth.label.category if self.right else self.answer.category

    def false(self, taxonomy: Taxonomy) -> bool:
        """Whether the answer claims what the column is not.

        An attribute or a link key said of a column that is about a person anyway is no false
        alarm, and a category that is not personal claims nothing.
        """
        if not self.tagged or self.right:
            return False
        known = taxonomy[self.answer.category]
        milder = known.identifiability == "attribute" or known.key == "user.link_key"
        return known.personal and not (self.asked.truth.label.how == "linked" and milder)

    def __str__(self) -> str:
        label, said = self.asked.truth.label, self.answer
        sure = "" if said.confidence is None else f" at {said.confidence:.2f}"
        return (
            f"{self.asked} ({self.asked.truth.maker}) · truth: {label.how} {label.category or '–'}"
            f" · found: {said.how} {said.category}{sure}".rstrip()
            + (f" · {', '.join(said.signals)}" if said.signals else "")
        )


def alike(truth: str, found: str) -> bool:
    """The same category, or an address and its street: one is the other's part.

    Only from the third level on: `user.contact` says too little to count as an answer.
    """
    short, long = sorted((truth, found), key=len)
    return truth == found or (short.count(".") >= _FULL and long.startswith(f"{short}."))


def answer(finding: Finding) -> Answer:
    """A finding of sladd as an answer."""
    signals = tuple(dict.fromkeys(e.signal for e in finding.evidence if e.weight > 0))
    how = str(finding.how)
    return Answer(
        how,
        finding.category if finding.how is not How.NONE else "",
        finding.also,
        finding.confidence,
        signals,
    )
