"""What a plan is made from: tables as they stand now, with what is known of each field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sladd.model import Decision, Field, FieldRef, FieldScan, How, Rule, Table, TableScan, Verdict

FREE_TEXT = "user.content.private"


@dataclass(frozen=True, slots=True)
class PolicyField:
    """One field: its schema now, its scan (None: not scanned) and its verdict.

    `inside` are the categories of nested parts that leave or stay with the column. Rejecting
    the column does not speak for them: each part has a verdict of its own. `parts` are these
    nested fields, for a rule that treats them one by one.
    """

    field: Field
    scan: FieldScan | None
    verdict: Verdict | None = None
    inside: tuple[str, ...] = ()
    parts: tuple[PolicyField, ...] = ()

    @property
    def how(self) -> How:
        """In what way it holds personal data, the verdict heard."""
        if self.inside:
            return How.CONTAINS
        if self.verdict is not None and self.verdict.decision is Decision.REJECTED:
            return How.NONE
        found = self.scan.finding.how if self.scan is not None else How.NONE
        # A human who names a category where nothing was found says what the column is.
        return How.IS if found is How.NONE and self.category else found

    @property
    def category(self) -> str:
        """The category that holds, the verdict heard; "" for none."""
        if self.verdict is not None:
            rejected = self.verdict.decision is Decision.REJECTED
            own = "" if rejected else self.verdict.category
        else:
            own = self.scan.finding.category if self.scan is not None else ""
        return own or next(iter(self.inside), "")

    @property
    def categories(self) -> tuple[str, ...]:
        """The category and those found inside; none after a rejection."""
        if not self.category:
            return ()
        rejected = self.verdict is not None and self.verdict.decision is Decision.REJECTED
        also = self.scan.finding.also if self.scan is not None and not rejected else ()
        return (self.category, *also, *self.inside)

    @property
    def confirmed(self) -> bool:
        """Whether a human said that it is this category."""
        return self.verdict is not None and self.verdict.decision is not Decision.REJECTED


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """One table with its fields."""

    table: Table
    fields: tuple[PolicyField, ...]
    rows: int = 0  # rows looked at
    drawn: str = ""  # how; "all" for the whole table
    entity: str | None = None
    person_path: tuple[str, ...] = ()


def policy_table(
    table: Table,
    scan: TableScan | None,
    verdicts: Mapping[str, Verdict],
    *,
    person_path: tuple[str, ...] | None = None,
    parts: bool = True,
) -> PolicyTable:
    """Put a table's present schema, last scan and verdicts together.

    Args:
        table: as the source lists it now.
        scan: the last one; None when it was never read.
        verdicts: str(FieldRef) → verdict.
        person_path: where it is known better than at the time of the scan.
        parts: nested fields are written one by one. If not, what was found in them counts
            for the column that holds them, which has them as its `parts`.

    Returns:
        Every column of the present schema and, with `parts`, the nested fields in them.
        A column whose storage type changed counts as not scanned.
    """
    seen = {str(f.field.ref): f for f in scan.fields} if scan is not None else {}
    fields: list[PolicyField] = []
    present = {field.ref for field in table.fields}
    nested = [s.field for s in seen.values() if s.field.ref.path and s.field.ref.top in present]
    inside: dict[FieldRef, tuple[str, ...]] = {}
    within: dict[FieldRef, tuple[PolicyField, ...]] = {}
    if not parts:
        for part in nested:
            judged = PolicyField(part, seen[str(part.ref)], verdicts.get(str(part.ref)))
            within[part.ref.top] = (*within.get(part.ref.top, ()), judged)
            if judged.how in {How.IS, How.CONTAINS}:
                inside[part.ref.top] = (*inside.get(part.ref.top, ()), *judged.categories)
        nested = []
    for field in (*table.fields, *(f for f in nested if f.ref not in present)):
        known = seen.get(str(field.ref))
        if known is not None and known.field.type is not field.type:
            known = None
        said = verdicts.get(str(field.ref))
        found = PolicyField(
            field, known, said, inside.get(field.ref, ()), within.get(field.ref, ())
        )
        fields.append(found)
    path = scan.person_path if scan is not None else ()
    return PolicyTable(
        table=table,
        fields=tuple(fields),
        rows=scan.rows if scan is not None else 0,
        drawn=scan.drawn if scan is not None else "",
        entity=scan.entity if scan is not None else None,
        person_path=path if person_path is None else person_path,
    )


class RuleTerms(Protocol):
    """A rule as configured; `sladd.config.RuleConfig` is one."""

    @property
    def transform(self) -> str:
        """Name of the transform."""

    @property
    def field(self) -> str | None:
        """The field it names."""

    @property
    def category(self) -> str | None:
        """The category it covers."""

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters of the transform."""


class LadderTerms(Protocol):
    """How a quasi-identifier may be made coarser; `sladd.config.LadderConfig` is one."""

    @property
    def hierarchy(self) -> str | None:
        """Name of a hierarchy."""

    @property
    def way(self) -> str:
        """The key that says how one is made from the values."""


class GuaranteeTerms(Protocol):
    """Thresholds as configured; `sladd.config.GuaranteeConfig` is one."""

    @property
    def l(self) -> int | None:  # noqa: E743 - the literature's name
        """Different sensitive values in a class."""

    @property
    def t(self) -> float | None:
        """Distance of a class from the table."""

    @property
    def hierarchies(self) -> Mapping[str, LadderTerms]:
        """Field address → its hierarchy."""

    @property
    def earlier(self) -> str:
        """`refuse` or `warn`: what becomes of differences to earlier releases."""

    @property
    def weights(self) -> Mapping[str, float]:
        """Field address → how much its precision is worth."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """Everything, as plain data."""


class PerPersonTerms(Protocol):
    """How rows of one person become one; `sladd.config.PerPersonConfig` is one."""

    @property
    def aggregate(self) -> Mapping[str, str] | None:
        """Column → aggregate."""


class TableTerms(Protocol):
    """Whose rows a table holds; `sladd.config.TableConfig` is one."""

    @property
    def unit(self) -> str:
        """`person`, `row` or `nobody`."""

    @property
    def per_person(self) -> PerPersonTerms | None:
        """How several rows of a person become one."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """Everything, as plain data."""


class SampleTerms(Protocol):
    """A sample as configured; `sladd.config.SampleConfig` is one."""

    @property
    def share(self) -> float:
        """Of the persons, 0–1."""

    @property
    def persons(self) -> str | None:
        """The entity that is drawn from."""


class ReleaseTerms(Protocol):
    """A release as configured; `sladd.config.ReleaseConfig` is one."""

    @property
    def kind(self) -> str:
        """`pseudonymised` or `anonymised`."""

    @property
    def domain(self) -> str:
        """The pseudonymisation domain."""

    @property
    def key(self) -> str:
        """Name of the master key."""

    @property
    def rules(self) -> Sequence[RuleTerms]:
        """Rules on top of the profile."""

    @property
    def where(self) -> Mapping[str, str]:
        """Table address → condition on its rows."""

    @property
    def leave_out(self) -> Sequence[str]:
        """Whose rows stay out."""

    @property
    def leave_out_columns(self) -> Mapping[Any, Sequence[str]]:
        """Reason → field addresses that say so."""

    @property
    def vault(self) -> object | None:
        """Where random tokens are kept, if the release has a vault."""

    @property
    def roles(self) -> Mapping[str, str]:
        """Field address → role, for an anonymised release."""

    @property
    def tables(self) -> Mapping[str, TableTerms]:
        """Table address → whose rows it holds, for an anonymised release."""

    @property
    def promised(self) -> GuaranteeTerms:
        """Thresholds of an anonymised release."""

    @property
    def nested(self) -> str:
        """What nested values become: `columns` or `structs`."""

    @property
    def buckets(self) -> int | None:
        """Files a table is cut into."""

    @property
    def sample(self) -> SampleTerms | None:
        """The share of persons that come along; None for all."""


def release_rules(terms: ReleaseTerms) -> tuple[Rule, ...]:
    """The rules of a release as the plan uses them."""
    return tuple(
        Rule(
            transform=rule.transform,
            field=rule.field,
            category=rule.category,
            parameters=dict(rule.parameters),
            origin="release",
        )
        for rule in terms.rules
    )
