"""What a transform is: a declaration, and one function from an array to an array.

A transform is one module of this folder, named by its verb, with `SPEC` and `apply`. It sees
values, so it logs nothing and puts none into an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pyarrow as pa

from sladd import canonical
from sladd.errors import TransformError
from sladd.keyring import DerivedKey, MasterKey
from sladd.model import FieldPlan, KnownFinder, Plan, SpanFinder, StorageType, TransformSpec

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


@dataclass(frozen=True, slots=True)
class Part:
    """A place within the values of a column that is treated by a transform of its own.

    Attributes:
        path: below the column, as in a `FieldRef`.
        storage: what the scan saw there.
        apply: the transform with its context; takes the values, with `by_row` what stands
            beside them, and `counts`, where to add up what happened.
        by_row: whether it needs the row.
    """

    path: tuple[str, ...]
    storage: StorageType
    apply: Callable[..., pa.Array]
    by_row: bool = False


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

        One that declares `Needs.ROW` takes a third argument: the columns beside it that tell
        of the row's person, as `Sequence[Beside]`; without them it does what it can.
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
        canonical=canonical_of(planned.key_type, plan),
        find_spans=find_spans,
        find_known=find_known,
        vault=vault,
        derive=derive if master is not None else None,
        language=language,
        label=(labels or {}).get(planned.category, ""),
        labels=labels or {},
        missed=missed or {},
        counts=Counter() if counts is None else counts,
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


def canonical_of(key_type: str, plan: Plan) -> str:
    """The spelling rules that go with a key type: keys of rows by type only."""
    if key_type in canonical.CANONICALISERS:
        return key_type
    # A field's own address (it holds a slash) is the type of a key that nothing else shares.
    if "/" in key_type or any(entity.name == key_type for entity in plan.entities):
        return "row_key"
    return "text"


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
        code=308,
        mend="name one under vault: of the release in sladd.yaml",
    )


def cannot_read(name: str, kind: pa.DataType) -> TransformError:
    """The error of a transform that was handed an array it does not accept."""
    return TransformError(
        f"the transform {name} cannot work on {kind}",
        code=301,
        mend="give the field another rule; see docs/reference/transforms.md",
    )
