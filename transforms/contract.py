"""What a transform is: a declaration, and one function from an array to an array.

A transform is one module of this folder, named by its verb, with `SPEC` and `apply`. It sees
values, so it logs nothing and puts none into an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

from sladd import canonical
from sladd.errors import TransformError
from sladd.keyring import DerivedKey, MasterKey
from sladd.model import FieldPlan, KnownFinder, Needs, Plan, SpanFinder, StorageType, TransformSpec

if TYPE_CHECKING:
    from sladd.vault import Tokens


@dataclass(frozen=True, slots=True)
class Beside:
    """A column of the same rows, for transforms that need the row. Holds values.

    Attributes:
        category: what it was found to be.
        values: shape (n,).
    """

    category: str
    values: pa.Array

    def texts(self) -> list[str | None]:
        """The values as texts; null stays null."""
        from transforms import arrays

        cells: list[str | None] = arrays.texts(self.values, StorageType.STRING).to_pylist()
        return cells

    def __repr__(self) -> str:
        return f"<Beside {self.category}>"


TOKEN = pa.binary(16)
"""Of a person or a row: 128 bits under a key of the domain, the same in every table."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows these are, for transforms that need the key of the row. Holds values.

    Attributes:
        keys: shape (n,), `TOKEN`, no two alike in a table, never null.
        columns: name → shape (n,), the columns that parameters of the kind `column` name.
    """

    keys: pa.Array
    columns: Mapping[str, pa.Array] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Rows, {len(self.keys)}>"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a column, for `fit`. Holds values.

    Attributes:
        values: shape (n,).
        given: what `apply` is handed as its third argument for these rows; None for nothing.
    """

    values: pa.Array
    given: Any = None

    def __repr__(self) -> str:
        return f"<Chunk, {len(self.values)}>"


@dataclass(frozen=True, slots=True)
class Part:
    """A place within the values of a column that is treated by a transform of its own.

    Attributes:
        path: below the column, as in a `FieldRef`.
        storage: what the scan saw there.
        apply: the transform with its context; takes the values, what it `needs` of their
            rows, and `counts`, where to add up what happened.
        needs: what it is handed beside the values, of the same rows.
    """

    path: tuple[str, ...]
    storage: StorageType
    apply: Callable[..., pa.Array]
    needs: Needs = Needs.COLUMN


@dataclass(frozen=True, slots=True)
class Context:
    """Everything beside the values that decides the output of one column.

    Attributes:
        parameters: of the rule; defaults of the declaration stand for what is missing.
        storage: what the column is stored as.
        as_of: the date at which ages are computed; only those need it.
        key: for keyed transforms, derived for the field's domain and type.
        canonical: the canonical type whose spelling makes values equal.
        state: what `fit` returned, for transforms that have one.
        find_spans: finds personal data in texts.
        find_known: finds in a text what the columns beside it hold.
        vault: gives tokens, for releases that have a vault.
        derive: gives the key of another type in the same domain, for spans within a text.
        language: of labels that are written into texts.
        label: the label of the field's category in that language.
        labels: category → label in that language.
        missed: category → share of its mentions that the finder misses, as measured.
        parts: places within the values, for a transform that treats them one by one.
        counts: what happened to values, without them: `unparsed`, `raw`.
        column: the field's address, where the values stand in the source.
        release: name of the release.
        fresh: random bytes of this one publish, kept nowhere; empty where nothing is published.
    """

    parameters: Mapping[str, Any]
    storage: StorageType
    as_of: date | None = None
    key: DerivedKey | None = None
    canonical: str = "text"
    state: object | None = None
    find_spans: SpanFinder | None = None
    find_known: KnownFinder | None = None
    vault: Tokens | None = None
    derive: Callable[[str], DerivedKey] | None = None
    language: str = "en"
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    column: str = ""
    release: str = ""
    fresh: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """How the values of a keyed transform are written, for whoever checks them later.

    Attributes:
        prefix: stands before each.
        alphabet: characters that the rest consists of; "" where any may.
        length: characters of each with its prefix; None where they differ.
        pattern: what each matches in full and no real value does, in RE2; "" for none.
        pieces: what the invented parts of a text match, in RE2, whatever the case.
        emits: category of what stands there; "" for what the declaration says.
    """

    prefix: str = ""
    alphabet: str = ""
    length: int | None = None
    pattern: str = ""
    pieces: str = ""
    emits: str = ""


@runtime_checkable
class Transform(Protocol):
    """One way to change a column. Modules of this folder satisfy it."""

    @property
    def SPEC(self) -> TransformSpec:  # noqa: N802 - a constant of the module
        """What it declares of itself."""

    @property
    def apply(self) -> Callable[..., pa.Array]:
        """The function of values and context: shape (n,) in and out, the input unchanged.

        One that needs more than its column takes a third argument:

        - `Needs.ROW`: the columns beside it that tell of the row's person, as
          `Sequence[Beside]`; without them it does what it can.
        - `Needs.PERSON`: whose row it is, shape (n,) of `TOKEN`; null where nobody knows. There
          the output becomes null, whatever the transform makes of it.
        - `Needs.KEY`: which row it is, as `Rows`.

        One that works `by_parts` is handed what its parts need, by `Needs`.

        A module may also have `fit(chunks, context)`: it sees the whole column once, as
        `Iterable[Chunk]`, before any `apply`, and what it returns is `context.state` there. The
        state is never stored, printed or pickled, and is the same for any order of the rows.
        """


def context_of(
    plan: Plan,
    planned: FieldPlan,
    *,
    master: MasterKey | None,
    vault: Tokens | None = None,
    find_spans: SpanFinder | None = None,
    find_known: KnownFinder | None = None,
    language: str = "en",
    labels: Mapping[str, str] | None = None,
    missed: Mapping[str, float] | None = None,
    counts: Counter[str] | None = None,
    fresh: bytes = b"",
) -> Context:
    """The context in which a plan's field is transformed.

    Args:
        plan: the whole plan.
        planned: one of its fields.
        master: the release's key; None when no field of the plan is keyed.
        vault: of the release, where it has one.
        find_spans: for texts.
        find_known: for texts of rows that hold a person.
        language: of labels written into texts.
        labels: category → label in that language.
        missed: category → share of its mentions that the finder misses.
        counts: where to add up; a new counter where not given.
        fresh: random bytes of this publish.
    """

    def derive(kind: str) -> DerivedKey:
        if master is None:
            raise needs_key(planned.transform)
        return master.derive(plan.domain, kind, plan.key_version)

    keyed = bool(planned.key_type) and master is not None
    return Context(
        parameters=planned.parameters,
        storage=planned.type,
        as_of=plan.as_of,
        key=derive(planned.key_type) if keyed else None,
        canonical=_spelling(planned, plan),
        find_spans=find_spans,
        find_known=find_known,
        vault=vault,
        derive=derive if master is not None else None,
        language=language,
        label=(labels or {}).get(planned.category, ""),
        labels=labels or {},
        missed=missed or {},
        counts=Counter() if counts is None else counts,
        column=str(planned.field),
        release=plan.release,
        fresh=fresh,
    )


def form_of(transform: Transform, parameters: Mapping[str, Any], version: int) -> Form:
    """How a column looks after a transform: its own `form`, else what it declares.

    Args:
        transform: a module that may have a function `form(parameters, version)`.
        parameters: of the rule.
        version: of the key.
    """
    own: Callable[[Mapping[str, Any], int], Form] | None = getattr(transform, "form", None)
    if own is not None:
        return own(parameters, version)
    return Form("", transform.SPEC.alphabet, transform.SPEC.output_length)


def transformed(
    transform: Transform, values: pa.Array, context: Context, given: object = None
) -> pa.Array:
    """What `apply` makes of some rows; null wherever a person is needed and not known.

    Args:
        transform: any.
        values: shape (n,).
        context: with the state, where the transform has a `fit`.
        given: its third argument; None for transforms that look at their column alone.

    Where the transform knows no lists, it works on their elements, with the person of their row.
    """
    from transforms import arrays

    if arrays.is_list(values.type) and StorageType.LIST not in transform.SPEC.accepts:
        rows = arrays.list_rows(values)
        inside = given.take(rows) if isinstance(given, pa.Array) else given
        return arrays.elementwise_list(
            values, lambda elements: transformed(transform, elements, context, inside)
        )
    if given is None:
        return transform.apply(values, context)
    made = transform.apply(values, context, given)
    if transform.SPEC.needs is not Needs.PERSON or not isinstance(given, pa.Array):
        return made
    if not given.null_count or len(made) != len(values):
        return made
    lost = pc.and_(pc.is_null(given), pc.is_valid(made))
    context.counts["no_person"] += pc.sum(lost).as_py() or 0
    return pc.if_else(pc.is_valid(given), made, pa.scalar(None, made.type))


def fitted(transform: Transform, chunks: Iterable[Chunk], context: Context) -> Context:
    """The context with what `fit` returned for the whole column; as it is without a `fit`."""
    fit: Callable[[Iterable[Chunk], Context], object] | None = getattr(transform, "fit", None)
    return context if fit is None else replace(context, state=fit(chunks, context))


def canonical_of(key_type: str, plan: Plan) -> str:
    """The spelling rules that go with a key type: keys of rows by type only."""
    if key_type in canonical.CANONICALISERS:
        return key_type
    # A field's own address (it holds a slash) is the type of a key that nothing else shares.
    if "/" in key_type or any(entity.name == key_type for entity in plan.entities):
        return "row_key"
    return "text"


def is_number(key_type: str, plan: Plan) -> bool:
    """Whether an entity has a key of integers: then texts of it lose the zeros before them."""
    members = {m for entity in plan.entities if entity.name == key_type for m in entity.members}
    return any(
        field.type is StorageType.INTEGER and str(field.field) in members
        for table in plan.tables
        for field in table.fields
    )


def _spelling(planned: FieldPlan, plan: Plan) -> str:
    kind = canonical_of(planned.key_type, plan)
    text = planned.type is StorageType.STRING
    return (
        "row_number" if kind == "row_key" and text and is_number(planned.key_type, plan) else kind
    )


def parameter(spec: TransformSpec, context: Context, name: str) -> Any:
    """A parameter as given, or its declared default."""
    declared = next(p for p in spec.parameters if p.name == name)
    return context.parameters.get(name, declared.default)


def needs_key(name: str) -> TransformError:
    """The error of a keyed transform that was handed no key."""
    return TransformError(
        f"the transform {name} needs a key", code=302, mend="name a key under keys: in sladd.yaml"
    )


def needs_vault(name: str) -> TransformError:
    """The error of a transform that was to take tokens from a vault, and has none."""
    return TransformError(
        f"the transform {name} was asked for tokens, and there is no vault",
        code=344,
        mend="name one under vault: of the release in sladd.yaml",
    )


def cannot_read(name: str, kind: pa.DataType) -> TransformError:
    """The error of a transform that was handed an array it does not accept."""
    return TransformError(
        f"the transform {name} cannot work on {kind}",
        code=301,
        mend="give the field another rule; see docs/reference/transforms.md",
    )
