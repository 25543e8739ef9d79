"""Answers to the three tests of WP216, as the manifest keeps them under `risk.wp216`. No values.

Source: Article 29 Working Party, Opinion 05/2014 on Anonymisation Techniques (WP216), §2.2.2.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sladd.release.utility import Record

Test = Literal["singling_out", "linkability", "inference"]
TESTS: tuple[Test, ...] = ("singling_out", "linkability", "inference")


class Thresholds(Record):
    """What the answers are held against.

    Attributes:
        k: persons that share the quasi-identifiers of each.
        t: most that the share of a sensitive value in a class may lie above its share in the
            table. A table that is t-close by the equal distance always stays below it.
        judged: whether inference is held against t and l; not where neither was promised.
        l: different values of each sensitive column in a class; None where none were asked for.
    """

    k: int = Field(11, ge=1)
    t: float = Field(0.3, ge=0, le=1)
    judged: bool = True
    l: float | None = Field(None, ge=1)  # noqa: E741 - the literature's name


class SizeBand(Record):
    """Classes of some size; `most` None for any larger one."""

    least: int = Field(ge=1)
    most: int | None = None
    classes: int = Field(ge=0)
    persons: int = Field(ge=0)


class SinglingOut(Record):
    """Whether anyone stands alone in a table.

    Attributes:
        table: its name.
        columns: the quasi-identifiers.
        several: whether a person may have several rows; who they are is not in the files.
        persons: in the table; one with rows in several classes counts in each.
        classes: of equal quasi-identifiers.
        k: persons of the smallest.
        uniques: persons who are alone in theirs.
        persons_below: in classes below the threshold.
        highest: chance of finding a person of the smallest class.
        mean: the same over all persons.
        sizes: how large the classes are.
        passed: no class lies below the threshold.
    """

    table: str
    columns: tuple[str, ...]
    several: bool = False
    persons: int = Field(ge=0)
    classes: int = Field(ge=0)
    k: int = Field(ge=0)
    uniques: int = Field(ge=0)
    persons_below: int = Field(ge=0)
    highest: float = Field(ge=0, le=1)
    mean: float = Field(ge=0, le=1)
    sizes: tuple[SizeBand, ...] = ()
    passed: bool


class Linkability(Record):
    """Whether rows of a table find their person's rows in another one.

    Attributes:
        table: of this release.
        other_release: "" for a table of the same release.
        other_version: of it.
        other_table: its name.
        columns: quasi-identifiers that both have, and are joined over.
        all_columns: everything both have, sensitive columns too.
        persons: of the table.
        matched: of these, in classes that the other table has as well.
        few: of these, where a link is right with a chance above 1 in k: neither table has k.
        highest: that chance at its greatest.
        alone: pairs of rows that agree on all columns and nobody else does, on either side.
        passed: nobody is among the few, and no pair stands alone.
    """

    table: str
    other_release: str = ""
    other_version: str = ""
    other_table: str
    columns: tuple[str, ...]
    all_columns: tuple[str, ...] = ()
    persons: int = Field(ge=0)
    matched: int = Field(ge=0)
    few: int = Field(ge=0)
    highest: float = Field(ge=0, le=1)
    alone: int = Field(0, ge=0)
    passed: bool


class Attack(Record):
    """A nearest-neighbour attack with facts about some persons.

    Attributes:
        table: that was attacked.
        known: columns that the attacker knew of each person.
        persons: attacked.
        in_release: of these, those who are in the release at all.
        hits: right guesses to be expected, where several rows are equally near.
        by_chance: right guesses to be expected of who draws a row at random.
        certain: persons whose row alone was nearest.
        passed: the share of hits is no higher than 1 in k; None where it is told, not judged.
    """

    table: str
    known: tuple[str, ...]
    persons: int = Field(ge=0)
    in_release: int = Field(ge=0)
    hits: float = Field(ge=0)
    by_chance: float = Field(ge=0)
    certain: int = Field(ge=0)
    passed: bool | None = None

    @property
    def share(self) -> float:
        """Of the persons attacked, those found."""
        return self.hits / self.persons if self.persons else 0.0


class Inference(Record):
    """How well a sensitive column is guessed from the quasi-identifiers.

    Attributes:
        table: its name.
        column: the sensitive one; numbers with many values in ten bands.
        values: different ones.
        base: share guessed right by who always says the commonest value.
        guessed: share guessed right by who says the commonest value of the class.
        control: the same after the values were shuffled: what small classes alone give.
        certain: persons in classes of one value, where the table has several.
        worst: most that the share of a value in a class lies above its share in the table.
        least_values: fewest different values in a class.
        passed: `worst` is within t, and `least_values` at least l where that was asked for; None
            where neither l nor t was promised: then it is told, not judged.
    """

    table: str
    column: str
    values: int = Field(ge=0)
    base: float = Field(ge=0, le=1)
    guessed: float = Field(ge=0, le=1)
    control: float = Field(ge=0, le=1)
    certain: int = Field(ge=0)
    worst: float = Field(ge=0, le=1)
    least_values: int = Field(ge=0)
    passed: bool | None = None


class Wp216(Record):
    """The three tests of one release."""

    format: Literal[1] = 1
    thresholds: Thresholds
    singling_out: tuple[SinglingOut, ...] = ()
    linkability: tuple[Linkability, ...] = ()
    attacks: tuple[Attack, ...] = ()
    inference: tuple[Inference, ...] = ()

    def passed(self, test: Test) -> bool | None:
        """Whether every answer to one test is good; None where all are told, not judged."""
        answers: tuple[SinglingOut | Linkability | Inference | Attack, ...]
        if test == "linkability":
            answers = (*self.linkability, *self.attacks)
        else:
            answers = self.singling_out if test == "singling_out" else self.inference
        judged = [answer.passed for answer in answers if answer.passed is not None]
        return None if answers and not judged else all(judged)
