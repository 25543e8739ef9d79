"""What the rows of a vault are of: one domain, one type, one version of a key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Space:
    """Within a space equal values have one token.

    Attributes:
        domain: the pseudonymisation domain.
        type: entity or canonical type, as keys are derived for.
        kind: the spelling rules that make values of the type equal.
        key: name of the master key that values are looked up by.
        version: of that key.
        key_id: its public id; another key of the same name is another space.
    """

    domain: str
    type: str
    kind: str
    key: str
    version: int
    key_id: str


@dataclass(frozen=True, slots=True)
class Held:
    """How many tokens a space has."""

    space: Space
    tokens: int
