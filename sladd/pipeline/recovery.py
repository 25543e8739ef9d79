"""How a pseudonym was made, and so how its value is found again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sladd.errors import RevealError, TransformError
from sladd.keyring import MasterKey
from sladd.model import Plan
from sladd.pipeline.bind import Bound
from sladd.pipeline.reversible import pseudonyms_in_text
from sladd.release import Manifest, ReleaseColumn
from sladd.vault import Tokens
from transforms import encrypt, format_preserving
from transforms.base32 import ALPHABET
from transforms.contract import canonical_of
from transforms.pseudonym import Pseudonymiser

_VERSION = re.compile(r"v([1-9][0-9]{0,5}):")


@dataclass(slots=True)
class Search:
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


@dataclass(frozen=True, slots=True)
class _Fitting:
    """How a pseudonym was made, if it stands in a column of that kind."""

    key_type: str
    version: int
    bits: int
    prefix: str
    vault: bool


class Recovery:
    """What a pseudonym is compared with. Holds keys: never printed or pickled."""

    def __init__(self, bound: Bound, plan: Plan, manifest: Manifest, version: int) -> None:
        self._bound, self._plan, self._manifest, self._version = bound, plan, manifest, version
        self._key = bound.config.releases[plan.release].key

    def __repr__(self) -> str:
        return f"<Recovery in {self._plan.release}>"

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
            elif pseudonyms_in_text(column) and len(text) == 26 and _in_base32(text):
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
    ) -> Search | None:
        """How to find the value of a pseudonym; None for a token without a row in the vault."""
        kind = canonical_of(fitting.key_type, self._plan)
        if not fitting.vault:
            key = self.master(fitting.version).derive(self._plan.domain, fitting.key_type)
            worker = Pseudonymiser(key, kind, bits=fitting.bits, prefix=fitting.prefix)
            return Search(fitting.key_type, worker, {text: whole})
        if tokens is None:
            return None
        token = text.removeprefix(fitting.prefix)
        keys = tokens.keys(fitting.key_type)
        for space, lookup_key in zip(tokens.spaces(fitting.key_type, kind), keys, strict=True):
            lookup = tokens.store.lookups(space, [token]).get(token)
            if lookup is not None:
                return Search(fitting.key_type, Pseudonymiser(lookup_key, kind), {lookup: whole})
        return None


def joined(searches: Sequence[Search]) -> list[Search]:
    """Searches that make the same of the same values, as one."""
    found: dict[Any, Search] = {}
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


def _in_base32(text: str) -> bool:
    return bool(text) and all(c in ALPHABET.decode() for c in text)


def _like_digits(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 6 and not any(c.isalpha() for c in text)
