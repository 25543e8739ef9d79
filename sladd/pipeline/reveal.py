"""Lead single pseudonyms of a release back to the values they were made of.

Ciphertexts are opened with the key. A keyed pseudonym holds nothing of its value: the source is
read again until a value gives the same one. A token of a vault is first led to its lookup, and
the source is read until a value is found by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from sladd.errors import RevealError, TransformError
from sladd.keyring import MasterKey
from sladd.model import Plan, Progress
from sladd.pipeline.bind import Bound
from sladd.pipeline.discover import silent
from sladd.pipeline.planning import make_plan
from sladd.pipeline.rederive import fields_of, streamed
from sladd.pipeline.vault import vault_of
from sladd.release import Manifest, ReleaseColumn, read_manifest, version_folder
from sladd.vault import Tokens
from transforms import encrypt, format_preserving
from transforms.base32 import ALPHABET
from transforms.contract import canonical_of
from transforms.pseudonym import Pseudonymiser

REVERSIBLE = ("encrypt", "format_preserving")
_IN_TEXT = re.compile(r"<[^<>\s]+ ([a-z2-7]{20,52})>")  # as redact_text writes them
_VERSION = re.compile(r"v([1-9][0-9]{0,5}):")


@dataclass(frozen=True, slots=True)
class Revealed:
    """One pseudonym and what it was made of. Holds a value: never printed as a whole."""

    pseudonym: str
    value: str = field(repr=False)
    type: str  # entity or canonical type
    place: str  # field of the source, or column of the release


@dataclass(slots=True)
class Outcome:
    """What became of each pseudonym that was asked for. Holds values.

    Attributes:
        found: those led back.
        unknown: those that no column of the release could hold.
        forgotten: tokens without a row in the vault.
        lost: those whose value the source no longer has.
    """

    found: list[Revealed] = field(default_factory=list, repr=False)
    unknown: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Search:
    """Values of one type are made into what is wanted, until all of it is found."""

    key_type: str
    make: Callable[[pa.Array], pa.Array]
    wanted: dict[str, str]  # what `make` gives → the pseudonym asked for

    def seen(self, texts: pa.Array) -> Iterator[tuple[str, str]]:
        """Pseudonyms found in these values, with their values."""
        made = self.make(texts)
        hits = pc.is_in(made, value_set=pa.array(list(self.wanted), pa.string()))
        for key, value in zip(
            made.filter(hits).to_pylist(), texts.filter(hits).to_pylist(), strict=True
        ):
            yield self.wanted[key], value


def manifest_of(bound: Bound, name: str, version: str | None = None) -> tuple[Manifest, Path]:
    """The manifest of a published version of a release, and its folder.

    Raises:
        GateError: there is none (SLADD-600).
    """
    folder = bound.config.folder_of(name)
    if version is not None:
        folder = folder / version_folder(version.removeprefix("v="))
    from sladd.release import resolve

    return read_manifest(folder), resolve(folder)


def reveal(
    bound: Bound,
    name: str,
    pseudonyms: Sequence[str],
    *,
    column: str | None = None,
    version: str | None = None,
    key_version: int | None = None,
    tell: Progress = silent,
) -> Outcome:
    """Lead pseudonyms back. Who may, and that it is written down, is the caller's to see to.

    Args:
        bound: the configuration.
        name: of the release.
        pseudonyms: as they stand in the release, or in its redacted texts with their label.
        column: `table.column` of the release they stand in; all columns where not given.
        version: of the release; the latest where not given.
        key_version: by which they were made; that of the release where neither this nor the
            pseudonym says it.
        tell: progress.

    Raises:
        RevealError: nothing leads back from that column (SLADD-455), there is no such column
            (456), or the key is another (457).
        GateError: the release was never published (SLADD-600).
    """
    plan = make_plan(bound, name)
    manifest, folder = manifest_of(bound, name, version)
    columns = _columns(manifest, column)
    task = _Task(bound, plan, manifest, key_version or manifest.key_version)
    asked = {_IN_TEXT.sub(r"\1", each): each for each in dict.fromkeys(pseudonyms)}
    outcome = Outcome()
    left = dict(asked)
    for text, whole in asked.items():
        opened = task.opened(text, columns, chosen=column is not None)
        if opened is not None:
            outcome.found.append(Revealed(whole, *opened))
            del left[text]
    with vault_of(bound, name) as tokens:
        places = _places(folder, manifest, columns, list(left))
        searches: list[_Search] = []
        for text, whole in left.items():
            fitting = task.keyed(text, places.get(text) or columns)
            if not fitting:
                outcome.unknown.append(whole)
                continue
            made = [s for f in fitting if (s := task.search(f, text, whole, tokens)) is not None]
            if not made:
                outcome.forgotten.append(whole)
            searches += made
        _go_through(bound, plan, _joined(searches), outcome, tell)
    done = {each.pseudonym for each in outcome.found}
    rest = {*outcome.unknown, *outcome.forgotten, *done}
    outcome.lost = [whole for whole in asked.values() if whole not in rest]
    order = {whole: n for n, whole in enumerate(asked.values())}
    outcome.found.sort(key=lambda each: order[each.pseudonym])
    return outcome


def irreversible(manifest: Manifest) -> list[str]:
    """Columns that were changed in a way that nothing leads back from."""
    back = {*REVERSIBLE, "pseudonym", "keep"}
    return [
        f"{table.name}.{column.name} ({column.transform})"
        for table in manifest.tables
        for top in table.columns
        for column in (top.each() if top.parts is None else list(top.each())[1:])
        if column.transform not in back and not _pseudonyms_in_text(column)
    ]


def _columns(manifest: Manifest, chosen: str | None) -> list[tuple[str, ReleaseColumn]]:
    every = [
        (f"{t.name}.{c.name}", c) for t in manifest.tables for top in t.columns for c in top.each()
    ]
    if chosen is None:
        return every
    found = [(name, column) for name, column in every if name == chosen]
    if not found:
        raise RevealError(
            "the release has no such column",
            code=456,
            where="--column",
            mend="give it as table.column, as in dictionary.csv",
        )
    transform = found[0][1].transform
    if transform not in {*REVERSIBLE, "pseudonym"} and not _pseudonyms_in_text(found[0][1]):
        raise RevealError(
            "the column left the source as it was: there is nothing to lead back"
            if transform == "keep"
            else f"nothing leads back from a column that went through {transform}",
            code=455,
            where=chosen,
            mend="ask for a pseudonym of the same row",
        )
    return found


def _pseudonyms_in_text(column: ReleaseColumn) -> bool:
    return column.transform == "redact_text" and column.parameters.get("with") == "pseudonym"


def _places(
    folder: Path,
    manifest: Manifest,
    columns: Sequence[tuple[str, ReleaseColumn]],
    texts: Sequence[str],
) -> dict[str, list[tuple[str, ReleaseColumn]]]:
    """Pseudonym → the columns of the release that it stands in."""
    found: dict[str, list[tuple[str, ReleaseColumn]]] = {}
    if not texts:
        return found
    values = pa.array(list(texts), pa.string())
    for name, column in columns:
        table = manifest.table(name.removesuffix(f".{column.name}"))
        alone = column in table.columns  # within another, each kind of pseudonym is tried
        if column.transform != "pseudonym" or column.type != "string" or not alone:
            continue
        files = [str(folder / file.path) for file in table.files]
        where = pc.is_in(pc.field(column.name), value_set=values)
        hits = ds.dataset(files, format="parquet").to_table(columns=[column.name], filter=where)
        for text in pc.unique(hits.column(0)).to_pylist():
            found.setdefault(text, []).append((name, column))
    return found


@dataclass(frozen=True, slots=True)
class _Fitting:
    """How a pseudonym was made, if it stands in a column of that kind."""

    key_type: str
    version: int
    bits: int
    prefix: str
    vault: bool


class _Task:
    """What a pseudonym is compared with. Holds keys: never printed or pickled."""

    def __init__(self, bound: Bound, plan: Plan, manifest: Manifest, version: int) -> None:
        self._bound, self._plan, self._manifest, self._version = bound, plan, manifest, version
        self._key = bound.config.releases[plan.release].key

    def __repr__(self) -> str:
        return f"<Task in {self._plan.release}>"

    def master(self, version: int) -> MasterKey:
        """A version of the key, which must be the one that the manifest names.

        Raises:
            RevealError: it is another key of the same name (SLADD-457).
            KeyringError: that version is gone (SLADD-411).
        """
        master = self._bound.keyring.master(self._key, version)
        if version == self._manifest.key_version and master.key_id != self._manifest.key_id:
            raise RevealError(
                "the release was made with another key",
                code=457,
                where=f"key {self._key} v{version}",
                mend="restore the key whose id the manifest names: sladd keys list",
            )
        return master

    def opened(
        self, text: str, columns: Sequence[tuple[str, ReleaseColumn]], *, chosen: bool
    ) -> tuple[str, str, str] | None:
        """Value, type and column of a ciphertext; None for what is none."""
        told = _VERSION.match(text)
        version = int(told[1]) if told else self._version
        body = text[told.end() :] if told else text
        for name, column in columns:
            if column.transform == "encrypt":
                value = self._decrypted(body, column.key_type, version)
                if value is not None:
                    return value, column.key_type, name
        digits = [(n, c) for n, c in columns if c.transform == "format_preserving"]
        kinds = {c.key_type for _, c in digits}
        # FF1 opens anything to something: only where it is clear which key it was.
        if told or not _like_digits(text) or (len(kinds) != 1 and not chosen):
            return None
        for name, column in digits:
            key = self.master(version).derive(self._plan.domain, column.key_type)
            worker = format_preserving.DigitEncrypter(
                key, canonical_of(column.key_type, self._plan)
            )
            (value,) = worker.read(pa.array([text], pa.string())).to_pylist()
            if value is not None:
                return str(value), column.key_type, name
        return None

    def _decrypted(self, body: str, key_type: str, version: int) -> str | None:
        if not _in_base32(body):
            return None
        key = self.master(version).derive(self._plan.domain, key_type)
        worker = encrypt.Encrypter(key, canonical_of(key_type, self._plan))
        try:
            return worker.read([body])[0]
        except TransformError:
            return None

    def keyed(self, text: str, columns: Iterable[tuple[str, ReleaseColumn]]) -> list[_Fitting]:
        """Every way in which a pseudonym of these columns could have been made."""
        found: dict[_Fitting, None] = {}
        for _, column in columns:
            if column.transform == "pseudonym" and (fitting := self._fits(text, column)):
                found[fitting] = None
            elif _pseudonyms_in_text(column) and len(text) == 26 and _in_base32(text):
                vault = self._manifest.vault is not None
                for kind in self._types():
                    found[_Fitting(kind, self._version, 128, "", vault)] = None
        return list(found)

    def _fits(self, text: str, column: ReleaseColumn) -> _Fitting | None:
        own = str(column.parameters.get("prefix", ""))
        bits = int(column.parameters.get("bits", 128))
        vault = column.parameters.get("tokens") == "vault"
        if not text.startswith(own):
            return None
        body, version, prefix = text[len(own) :], self._version, own
        if column.parameters.get("show_version"):
            told = _VERSION.match(body)
            if told is None:
                return None
            body, version, prefix = body[told.end() :], int(told[1]), own + told[0]
        if len(body) != -(-bits // 5) or not _in_base32(body):
            return None
        return _Fitting(column.key_type, version, bits, prefix, vault)

    def _types(self) -> list[str]:
        """Types that a span of a text may have: those of the sources' own fields."""
        from sladd import canonical

        every = (f for table in self._plan.tables for f in table.fields if f.category)
        return list(dict.fromkeys(canonical.key_type_of(f.category) for f in every))

    def search(
        self, fitting: _Fitting, text: str, whole: str, tokens: Tokens | None
    ) -> _Search | None:
        """How to find the value of a pseudonym; None for a token without a row in the vault."""
        kind = canonical_of(fitting.key_type, self._plan)
        if not fitting.vault:
            key = self.master(fitting.version).derive(self._plan.domain, fitting.key_type)
            worker = Pseudonymiser(key, kind, bits=fitting.bits, prefix=fitting.prefix)
            return _Search(fitting.key_type, worker, {text: whole})
        if tokens is None:
            return None
        token = text.removeprefix(fitting.prefix)
        keys = tokens.keys(fitting.key_type)
        for space, lookup_key in zip(tokens.spaces(fitting.key_type, kind), keys, strict=True):
            lookup = tokens.store.lookups(space, [token]).get(token)
            if lookup is not None:
                return _Search(fitting.key_type, Pseudonymiser(lookup_key, kind), {lookup: whole})
        return None


def _joined(searches: Sequence[_Search]) -> list[_Search]:
    """Searches that make the same of the same values, as one."""
    found: dict[Any, _Search] = {}
    for each in searches:
        worker = each.make
        same = (each.key_type, *_made_by(worker))
        if same in found:
            found[same].wanted.update(each.wanted)
        else:
            found[same] = each
    return list(found.values())


def _made_by(worker: Any) -> tuple[Any, ...]:
    # Two workers of one key give one value one pseudonym; that tells them apart without a key.
    return (worker.one("x"), worker.bits, worker.prefix)


def _go_through(
    bound: Bound, plan: Plan, searches: list[_Search], outcome: Outcome, tell: Progress
) -> None:
    """Read the fields of each type until everything is found."""
    fields = {
        str(f.field): (f, search.key_type)
        for search in searches
        for f in fields_of(plan, search.key_type)
    }
    by_type: dict[str, list[_Search]] = {}
    for search in searches:
        by_type.setdefault(search.key_type, []).append(search)
    open_ = {whole for search in searches for whole in search.wanted.values()}
    if not open_:
        return
    for planned, texts in streamed(bound, [f for f, _ in fields.values()], tell=tell):
        _, key_type = fields[str(planned.field)]
        for search in by_type[key_type]:
            for whole, value in search.seen(texts):
                if whole in open_:
                    open_.discard(whole)
                    outcome.found.append(Revealed(whole, value, key_type, str(planned.field)))
        if not open_:
            return


def _in_base32(text: str) -> bool:
    return bool(text) and all(c in ALPHABET.decode() for c in text)


def _like_digits(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 6 and not any(c.isalpha() for c in text)
