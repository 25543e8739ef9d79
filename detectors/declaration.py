"""What a recogniser says of itself: data for the column scanner, the screen and the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Verify = Callable[[Sequence[str]], Mask]


@dataclass(frozen=True, slots=True)
class Subtype:
    """One kind of value within an entity, e.g. a D-nummer among the fødselsnummer.

    Attributes:
        name: the word in evidence and reports.
        chance_rate: share 0-1 of random strings of the entity's shape (`Declaration.full`,
            random digits or letters where the shape leaves them free) that are this subtype.
        synthetic: never a real person's value.
        stands_alone: needs no context word although its declaration does, as `+47 …`
            among phone numbers.
    """

    name: str
    chance_rate: float
    synthetic: bool = False
    stands_alone: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one recogniser finds, and how sure a hit is.

    `screen` and `full` are RE2 patterns for the text *as it stands*: they also hit every text
    that holds a character which `detectors.folding.fold` rewrites, so they stay supersets.

    Attributes:
        entity: Presidio's entity type, e.g. "NO_FODSELSNUMMER".
        category: taxonomy key.
        subtypes: at least one; the chance rates add up to the whole.
        rank: the lower outranks where two recognisers accept the same value.
        checksum: it has validation arithmetic, not only a shape.
        screen: a superset of what the recogniser matches anywhere in a text; None: it must
            run unscreened.
        full: a superset of the whole cells that `verify` accepts; None: every cell.
        needs_context: a hit alone must never tag, unless its subtype stands alone.
        context: words (nb, nn, en) that speak for it when they stand beside it.
        verify: exact check of whole cells, vectorised; shape (n,) for n values.
        subtype_of: name of a verified cell's subtype; None when there is only one.
        integer_width: digits to pad to when the column is stored as integers.
        columns: whole columns are judged by it; False: it reads texts only.
    """

    entity: str
    category: str
    subtypes: tuple[Subtype, ...]
    rank: int
    checksum: bool
    screen: str | None
    full: str | None
    needs_context: bool
    context: tuple[str, ...]
    verify: Verify
    subtype_of: Callable[[str], str] | None = None
    integer_width: int | None = None
    columns: bool = True

    @property
    def chance_rate(self) -> float:
        """Share of random strings of the shape that pass, all subtypes together."""
        return min(1.0, sum(subtype.chance_rate for subtype in self.subtypes))
