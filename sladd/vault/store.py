"""The port to a store of tokens. Every call is one transaction, and safe beside others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sladd.vault.space import Held, Space


class Store(Protocol):
    """Rows of (space, lookup) → token. Lookups and tokens are base32 texts, never values."""

    where: str
    """A name for it that may stand in an error: no password in it."""

    kind: str
    """`sqlite` or `postgresql`."""

    def find(self, space: Space, lookups: Sequence[str]) -> dict[str, str]:
        """The tokens of those lookups that have one."""

    def add(self, space: Space, rows: Mapping[str, str]) -> None:
        """Keep new rows; a lookup that has a token by now keeps that one."""

    def carry(self, old: Space, new: Space, lookups: Mapping[str, str]) -> None:
        """Move rows from a lookup by an older key to one by a newer key; tokens stay."""

    def lookups(self, space: Space, tokens: Sequence[str]) -> dict[str, str]:
        """Token → lookup, of those tokens that are there: the way back."""

    def delete(self, space: Space, lookups: Sequence[str]) -> int:
        """Delete rows; how many there were. `forget` must follow."""

    def forget(self) -> bool:
        """Make deleted rows unreadable in the store's own files, and count the deletion.

        Returns:
            Whether the files were rewritten; if not, the database does so in its own time.
        """

    def held(self) -> list[Held]:
        """Every space and its number of tokens."""

    def deletions(self) -> int:
        """How often `forget` was called: another number, other tokens."""

    def close(self) -> None:
        """Release the connection."""
