"""The tokens of one domain, whatever store keeps them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sladd.keyring import DerivedKey, MasterKey
from sladd.vault.space import Space
from sladd.vault.store import Store

CHARACTERS = 26  # 130 random bits: a collision among 10⁹ tokens has odds of 10⁻²¹
# RFC 4648 §6, lower case; 256 is a multiple of 32, so every letter is as likely.
_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567" * 8


class Tokens:
    """Gives each lookup of a domain its token. Holds keys: never printed or pickled.

    Args:
        store: where the rows are.
        domain: the pseudonymisation domain.
        masters: every version of the key, newest first. Rows that an older version made are
            carried over when their value is met again, so that rotating a key changes no token.
    """

    def __init__(self, store: Store, domain: str, masters: Sequence[MasterKey]) -> None:
        self.store = store
        self.domain = domain
        self._masters = tuple(masters)

    def __repr__(self) -> str:
        return f"<Tokens of {self.domain} in {self.store.where}>"

    def keys(self, kind_of_key: str) -> tuple[DerivedKey, ...]:
        """The keys that values of a type are looked up by, newest first."""
        return tuple(master.lookup_key(self.domain, kind_of_key) for master in self._masters)

    def spaces(self, kind_of_key: str, kind: str) -> tuple[Space, ...]:
        """The spaces of a type, one for each version of the key, newest first."""
        return tuple(
            Space(self.domain, kind_of_key, kind, master.name, master.version, master.key_id)
            for master in self._masters
        )

    def given(self, space: Space, lookups: Sequence[str]) -> dict[str, str]:
        """The token of each lookup; new ones are drawn for those that have none.

        Whoever writes first wins: what is returned is what the store has afterwards.
        """
        known = self.store.find(space, lookups)
        fresh = [lookup for lookup in lookups if lookup not in known]
        if fresh:
            self.store.add(space, dict(zip(fresh, drawn(len(fresh)), strict=True)))
            known |= self.store.find(space, fresh)
        return known


def drawn(count: int) -> list[str]:
    """New tokens: random characters of base32, as long as a pseudonym of 128 bits."""
    text = secrets.token_bytes(CHARACTERS * count).translate(_LETTERS).decode()
    return [text[at : at + CHARACTERS] for at in range(0, len(text), CHARACTERS)]
