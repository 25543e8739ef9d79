"""Pseudonyms that are random tokens of a vault instead of a function of a key.

No transform of its own: `pseudonym` uses it where the rule, or the release, says `vault`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from transforms.pseudonym import Pseudonymiser

if TYPE_CHECKING:
    from sladd.vault import Tokens


class VaultPseudonymiser:
    """Maps texts to tokens of a vault. Holds keys: never printed or pickled.

    A value is looked up by its pseudonym under a key that is used for nothing else; the token
    is then found, or drawn and kept. Rows made under an older version of the key are carried
    over to the newest.

    Args:
        tokens: of the domain.
        key_type: entity or canonical type.
        kind: spelling rules.
        prefix: written before each.
    """

    __slots__ = ("_lookups", "_spaces", "_tokens", "kind", "prefix")

    def __init__(self, tokens: Tokens, key_type: str, kind: str, *, prefix: str = "") -> None:
        self._tokens = tokens
        self._lookups = [Pseudonymiser(key, kind) for key in tokens.keys(key_type)]
        self._spaces = tokens.spaces(key_type, kind)
        self.kind = kind
        self.prefix = prefix

    def __repr__(self) -> str:
        return f"<VaultPseudonymiser of {self.kind}>"

    @property
    def raw(self) -> int:
        """Values that did not have the form of their type."""
        return self._lookups[0].raw

    def __call__(self, values: pa.Array) -> pa.Array:
        """Tokens of texts, shape (n,); null stays null and '' stays ''."""
        encoded = self._lookups[0](values).dictionary_encode()
        lookups: list[str] = [each for each in encoded.dictionary.to_pylist() if each]
        if lookups and len(self._spaces) > 1:
            self._carry_over(values, encoded, lookups)
        given = self._tokens.given(self._spaces[0], lookups)
        made = [
            self.prefix + given[each] if each else each for each in encoded.dictionary.to_pylist()
        ]
        return pa.array(made, pa.string()).take(encoded.indices)

    def one(self, value: str) -> str:
        """The token of one text."""
        return str(self(pa.array([value], pa.string()))[0].as_py())

    def _carry_over(
        self, values: pa.Array, encoded: pa.DictionaryArray, lookups: list[str]
    ) -> None:
        """Move the rows of older versions of the key, so that rotating it changes no token."""
        known = self._tokens.store.find(self._spaces[0], lookups)
        fresh = pa.array([each for each in lookups if each not in known], pa.string())
        written = encoded.dictionary_decode()
        for space, worker in zip(self._spaces[1:], self._lookups[1:], strict=True):
            chosen = pc.is_in(written, value_set=fresh)
            if not pc.any(chosen).as_py():
                return
            was = worker(values.filter(chosen)).to_pylist()
            pairs = dict(zip(was, written.filter(chosen).to_pylist(), strict=True))
            found = self._tokens.store.find(space, list(pairs))
            if found:
                self._tokens.store.carry(space, self._spaces[0], {w: pairs[w] for w in found})
                moved = pa.array([pairs[w] for w in found], pa.string())
                fresh = fresh.filter(pc.invert(pc.is_in(fresh, value_set=moved)))
