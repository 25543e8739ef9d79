"""`manifest.json`: what a release holds and how it came about. Names and counts, never values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from sladd.errors import GateError
from sladd.release.paths import is_safe

FORMAT = 1
_MAX_BYTES = 64 * 1024 * 1024  # 500 tables of 500 columns are 50 MB; more is hostile


def _relative(path: str) -> str:
    if not is_safe(path):
        # The path itself is left out: a hostile manifest chose it.
        raise ValueError("a path leaves the release")
    return path


RelativePath = Annotated[str, AfterValidator(_relative)]
Instant = Annotated[
    datetime,
    PlainSerializer(lambda at: at.isoformat(timespec="seconds").replace("+00:00", "Z")),
]
"""In UTC and whole seconds, as the version id is."""


def _absent(value: object) -> bool:
    return value is None


class _Model(BaseModel):
    # Keys that a later sladd adds within format 1 are passed over; the signature covers them.
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class ReleaseFile(_Model):
    """A file of the release; `rows` for data files."""

    path: RelativePath
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    rows: int | None = Field(None, ge=0)


class ReleaseColumn(_Model):
    """What a column is and what it went through.

    Attributes:
        emits: category of what stands in the column now; None: not personal on its own.
        key_type: entity or canonical type its pseudonyms are keyed for; columns with the same
            one join.
        alphabet: characters that its pseudonyms or ciphertexts are made of.
        prefix: what stands before each of them.
        length: characters of each pseudonym; None where they differ.
        pattern: what each of its fakes matches in full and no real value does, in RE2.
        pieces: what the invented parts of its texts match, in RE2, whatever the case.
        role: `quasi`, `sensitive` or `insensitive`, in an anonymised release.
        nulls: counted when it was written.
        nulls_before: NULL in the rows of the source that came along.
        empty: empty texts, as they were written.
        empty_before: empty texts in the rows of the source that came along.
        csv_marked: texts that have an apostrophe before them in the CSV file, so that no
            spreadsheet takes them for a formula; None without a CSV file.
        parts: places within a column of JSON or of nested values, each with what it went
            through; what stands at any other place does not belong there. Absent for other columns.
    """

    name: str
    type: str
    category: str = ""
    transform: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    comment: str = ""
    emits: str | None = None
    key_type: str = ""
    alphabet: str = ""
    prefix: str = ""
    length: int | None = Field(None, ge=1)
    # Written only where there are any: manifests of earlier builds keep their bytes.
    pattern: str = Field("", exclude_if=lambda rule: not rule)
    pieces: str = Field("", exclude_if=lambda rule: not rule)
    role: str = Field("", exclude_if=lambda role: not role)
    nulls: int | None = Field(None, ge=0)
    nulls_before: int | None = Field(None, ge=0, exclude_if=_absent)
    empty: int | None = Field(None, ge=0, exclude_if=_absent)
    empty_before: int | None = Field(None, ge=0, exclude_if=_absent)
    csv_marked: int | None = Field(None, ge=0, exclude_if=_absent)
    parts: tuple[ReleaseColumn, ...] | None = None

    @model_serializer(mode="wrap")
    def _without_absent_parts(self, inner: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = inner(self)
        if self.parts is None:
            written.pop("parts", None)
        return written

    def each(self) -> Iterator[ReleaseColumn]:
        """The column, and the places in it under the names that they have outside of it."""
        yield self
        for part in self.parts or ():
            yield part.model_copy(update={"name": self.place(part)})

    def place(self, part: ReleaseColumn) -> str:
        """What a part of it is called outside of it: `payload.user.email`, `items[].sku`."""
        return f"{self.name}{'' if part.name.startswith('[') else '.'}{part.name}"


class ReleaseTable(_Model):
    """A table of the release; `csv` is the same rows once more, where the release has them."""

    name: str
    rows_in: int = Field(ge=0)
    rows_out: int = Field(ge=0)
    files: tuple[ReleaseFile, ...]
    columns: tuple[ReleaseColumn, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    comment: str = ""
    csv: ReleaseFile | None = Field(None, exclude_if=_absent)


class ReleaseForeignKey(_Model):
    """A join that held in the source; `orphans` rows found no partner when it was published."""

    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    orphans: int = Field(0, ge=0)


class KeyIntegrity(_Model):
    """A key, counted before and after.

    Attributes:
        kind: `foreign` keys have a target, and orphans.
        rows_before: rows of the source that come along and have a whole key; None: not counted.
        rows_after: rows of the release with a whole key.
        distinct_before: different keys among them; None: not counted, since the source promises it.
        distinct_after: different keys in the release.
        orphans_before: different keys without a partner, in the source.
        orphans_after: the same in the release.
    """

    table: str
    columns: tuple[str, ...]
    kind: Literal["primary", "unique", "foreign"]
    target: str = ""
    target_columns: tuple[str, ...] = ()
    rows_before: int | None = Field(None, ge=0)
    rows_after: int | None = Field(None, ge=0)
    distinct_before: int | None = Field(None, ge=0)
    distinct_after: int | None = Field(None, ge=0)
    orphans_before: int | None = Field(None, ge=0)
    orphans_after: int | None = Field(None, ge=0)


class Dropped(_Model):
    """A field of a source that did not come along, and why."""

    field: str
    reason: str
    reason_text: str = ""


class LeftOut(_Model):
    """Rows of a table that did not come along, and why."""

    table: str
    reason: str
    rows: int = Field(ge=0)


class VaultRecord(_Model):
    """That pseudonyms are tokens of a vault; `deletions` tells its states apart."""

    store: str  # sqlite, postgresql
    deletions: int = Field(0, ge=0)


class ReleaseSample(_Model):
    """A release of some persons only: the share that was drawn, and from which entity."""

    share: float = Field(gt=0, lt=1)
    persons: str


class GateAnswer(_Model):
    """One question of the gate, answered before the switch."""

    name: str
    passed: bool
    detail: str = ""
    column: str = ""


class GateRecord(_Model):
    """What the gate said before the switch."""

    passed: bool
    checks: tuple[GateAnswer, ...] = ()
    not_checked: tuple[str, ...] = ()


class Manifest(_Model):
    """One published version of a release (DESIGN §5)."""

    format: Literal[1] = 1
    release: str
    version: Annotated[str, Field(pattern=r"^\d{8}T\d{6}Z-[0-9a-f]{4,16}$")]
    kind: Literal["pseudonymised", "anonymised"]
    label: str
    label_nb: str = ""
    created: Instant
    as_of: date
    expires: Instant | None = None
    domain: str
    purpose: str = ""
    recipients: tuple[str, ...] = ()
    policy_sha256: str
    key_id: str
    key_version: int = Field(1, ge=1)
    vault: VaultRecord | None = None
    signed_by: str = ""
    snapshot: dict[str, str] = Field(default_factory=dict)  # source → id
    consistency: dict[str, str] = Field(default_factory=dict)  # source → snapshot, per table
    tables: tuple[ReleaseTable, ...]
    foreign_keys: tuple[ReleaseForeignKey, ...] = ()
    integrity: tuple[KeyIntegrity, ...] = Field((), exclude_if=lambda keys: not keys)
    left_out: tuple[LeftOut, ...] = ()
    sample: ReleaseSample | None = None
    dropped: tuple[Dropped, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    risk: dict[str, Any] = Field(default_factory=dict)
    gate: GateRecord | None = None
    files: tuple[ReleaseFile, ...] = ()  # beside the tables: database, dictionary, report
    sladd_version: str = ""

    def table(self, name: str) -> ReleaseTable:
        """The table of that name.

        Raises:
            KeyError: the release has none.
        """
        for candidate in self.tables:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    @property
    def all_files(self) -> tuple[ReleaseFile, ...]:
        """Every file that the manifest answers for."""
        tables = (f for t in self.tables for f in (*t.files, *((t.csv,) if t.csv else ())))
        return (*tables, *self.files)


def dumps(manifest: Manifest) -> bytes:
    """The one canonical form: keys in the order of the format, free mappings sorted, UTF-8."""
    # A key that came later stands only where it says something: older files keep their bytes.
    later = {name for name in ("sample", "vault") if getattr(manifest, name) is None}
    data = _ordered(manifest, manifest.model_dump(mode="json", exclude=later))
    return (json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _ordered(model: Any, data: Any) -> Any:
    """Sort what came as a mapping: its order is an accident of the caller."""
    if isinstance(model, BaseModel):
        return {name: _ordered(getattr(model, name), value) for name, value in data.items()}
    if isinstance(model, Mapping):
        return {key: _ordered(data[key], data[key]) for key in sorted(data)}
    if isinstance(model, list | tuple):
        return [_ordered(m, d) for m, d in zip(model, data, strict=True)]
    return data


def loads(data: bytes) -> Manifest:
    """Read a manifest that may be hostile.

    Raises:
        GateError: no JSON (SLADD-601), a format of another sladd (SLADD-602), a path that leaves
            the release or a wrong structure (SLADD-603).
    """
    where = "manifest.json"
    raw: Any = None
    with suppress(ValueError, RecursionError):
        raw = json.loads(data) if len(data) <= _MAX_BYTES else None
    if not isinstance(raw, dict):
        raise GateError(
            "the manifest is no JSON object", code=601, where=where, mend="publish the release anew"
        )
    if raw.get("format") != FORMAT or isinstance(raw.get("format"), bool):
        raise GateError(
            f"this sladd reads releases of format {FORMAT}, not this one",
            code=602,
            where=where,
            mend="read it with the sladd version that wrote it, or publish it anew",
        )
    try:
        return Manifest.model_validate(raw)
    except ValidationError as fault:
        first = fault.errors(include_input=False, include_url=False)[0]
        # Numbers and our own field names only: other keys are chosen by whoever wrote the file.
        at = ".".join(str(p) for p in first["loc"] if isinstance(p, int) or p in _NAMES)
        what = str(first["msg"]).removeprefix("Value error, ")
        raise GateError(
            f"the manifest is not as format {FORMAT} says: {what}",
            code=603,
            where=f"{where} at {at}",
            mend="publish the release anew",
        ) from None


_NAMES = frozenset(
    name
    for model in (Manifest, ReleaseTable, ReleaseColumn, ReleaseFile, ReleaseForeignKey)
    for name in model.model_fields
)
