"""Recognisers over the distinct values of a column: one screen, then exact rules on the hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import re2

from detectors.columns.chance import PERMUTED_MOST, Permuted
from detectors.columns.patterns import compiled, matches
from detectors.columns.possible import Alphabet, alphabet_of, possible
from detectors.columns.profile import Profile
from detectors.declaration import Declaration, Mask
from detectors.folding import FOLDED

# Whatever holds two digits goes to the screens one by one: a dozen patterns of digits at once
# make an automaton of more states than there are values.
_DIGITS = "[0-9]{2}"
_MANY = 2000  # values, from which it pays to ask first whether a pattern is possible
_NEARLY = 0.9  # share of the values that pass a screen, from which it spares nothing
_PARTIAL_MOST = 2000  # cells a recogniser searches one by one; drawn by their hash
_VERIFIED_MOST = 600  # cells that a rule without arithmetic verifies; more are estimated
_NAMED_MOST = {True: 200, False: 16}  # cells asked for their subtype, by needs_context
STANDS_ALONE = 0.1  # share of the hits whose subtype stands alone, from which the rule does
_COVERED = 0.95  # share of the values that one rule explains, after which the outranked rest


@dataclass(frozen=True)
class Hits:
    """What one recogniser found among the distinct values. Counts only.

    Attributes:
        whole: distinct values that are the entity. shaped: that have its shape at all.
        inside: distinct values that hold it among other words. searched: values looked into.
        stands_alone: share of `whole` whose subtype needs no context word.
        synthetic: share of `whole` that is never a real person's.
        permuted: rate at which the permuted column passes; None where none could be made.
    """

    declaration: Declaration
    whole: int
    shaped: int
    inside: int
    searched: int
    stands_alone: float
    synthetic: float
    subtypes: Mapping[str, int]
    permuted: float | None


_AROUND = " \t\r\n.,;:!?()<>[]{}'\"«»"


_MARKS = ":#|"  # between a word and what is told of it
_BREAKS = " \t\r\n,;()<>[]{}'\"«»="


class Recognition:
    """The recognisers of one scan, with their patterns made ready."""

    def __init__(self, declarations: Sequence[Declaration]) -> None:
        everyone = sorted(declarations, key=lambda d: (d.rank, d.entity))
        self.declarations = tuple(d for d in everyone if d.columns)
        texts = [_ready(d.screen) for d in everyone if not d.columns]
        self._in_texts = "|".join(f"(?:{screen})" for screen in texts if screen)
        self.categories = {d.entity: d.category for d in everyone}
        self._screens = {d.entity: _ready(d.screen) for d in self.declarations}
        self._fulls = {d.entity: _ready(d.full) for d in self.declarations}
        screens = [s for s in self._screens.values() if s]
        self._alternation = "|".join(f"(?:{screen})" for screen in (_DIGITS, *screens))
        self._search = {e: compiled(s) for e, s in self._screens.items() if s}
        self._unscreened = {e for e, s in self._screens.items() if not s}

    def hits(self, column: Profile, *, named: frozenset[str], rounds: int, seed: int) -> list[Hits]:
        """Every recogniser that found something, the outranking first.

        Args:
            column: the values.
            named: categories that the column's name speaks of; a rule that says nothing
                without a name is not asked otherwise.
            rounds: permutations of the column.
            seed: of every draw.
        """
        if not len(column.values):
            return []
        asked = [d for d in self.declarations if _worth_asking(d, named)]
        padded: dict[int, pa.StringArray] = {}
        if column.integers:
            widths = {d.integer_width for d in asked if d.integer_width}
            padded = {width: _padded(column.values, width) for width in widths}
            screened = column.values  # numbers: the full pattern is as cheap as the screen
        else:
            screened = self._screened(column)
            if not len(screened) and not self._unscreened:
                return []
        found: list[Hits] = []
        covered = False
        permuted: dict[int, Permuted] = {}

        alphabets: dict[int, Alphabet] = {}

        def ruled_out(declaration: Declaration, own: pa.StringArray) -> bool:
            pattern = (self._fulls if column.integers else self._screens)[declaration.entity]
            if pattern is None or len(own) < _MANY:
                return False
            if id(own) not in alphabets:
                alphabets[id(own)] = alphabet_of(own)
            return not possible(pattern, alphabets[id(own)])

        def against(own: pa.StringArray) -> Permuted:
            if id(own) not in permuted:  # one for each width that numbers are padded to
                cells = sorted(own.slice(0, PERMUTED_MOST).to_pylist())
                permuted[id(own)] = Permuted(cells, rounds=rounds, seed=seed)
            return permuted[id(own)]

        for declaration in asked:
            if covered and declaration.category not in named:
                continue  # it would be outranked
            if column.integers:
                values = padded.get(declaration.integer_width or 0, column.values)
            else:
                values = column.values if declaration.entity in self._unscreened else screened
            if ruled_out(declaration, values):
                continue
            hit = self._hit(declaration, column, values, against)
            if hit is not None:
                found.append(hit)
                sure = not declaration.needs_context or declaration.category in named
                covered |= sure and hit.whole >= _COVERED * len(column.values)
        return found

    def _screened(self, column: Profile) -> pa.StringArray:
        """The values that any screen could hit; all, where a draw says that it is nearly all."""
        if len(column.values) >= _MANY and column.share(self._alternation) >= _NEARLY:
            return column.values  # each screen looks for itself
        return column.values.filter(matches(column.values, self._alternation))

    def _hit(
        self,
        declaration: Declaration,
        column: Profile,
        values: pa.StringArray,
        against: Callable[[pa.StringArray], Permuted],
    ) -> Hits | None:
        full, screen = self._fulls[declaration.entity], self._screens[declaration.entity]
        if screen and not column.integers:
            # Of what says nothing inside other words only whole cells are wanted: they are fewer.
            for pattern in (full, screen) if full and declaration.needs_context else (screen,):
                values = values.filter(matches(values, pattern))
                if not len(values):
                    return None
        candidates = values.filter(matches(values, full)) if full else values
        cells: list[str] = candidates.to_pylist()
        shaped = len(cells)
        if not declaration.checksum:
            cells = cells[:_VERIFIED_MOST]
        scale = shaped / len(cells) if cells else 1.0
        mask = declaration.verify(cells) if cells else np.zeros(0, dtype=np.bool_)
        passed = [cell for cell, ok in zip(cells, mask, strict=True) if ok]
        inside, searched = 0, 0
        if not (column.integers or declaration.needs_context or shaped == len(values)):
            # What has the shape as a whole was verified as a whole.
            inside, searched = self._inside(declaration, values, set(candidates.to_pylist()))
        if not passed and not inside:
            return None
        named = passed[: _NAMED_MOST[declaration.needs_context]]
        names = Counter(map(declaration.subtype_of, named)) if declaration.subtype_of else Counter()
        marks = {s.name: s for s in declaration.subtypes}
        total = max(1, len(named))
        alone = sum(n for s, n in names.items() if s in marks and marks[s].stands_alone) / total
        permuted: float | None = None
        # A country code is no accident: what stands alone is not held against itself.
        # Nor is a rule that hits no oftener than by chance and says nothing without a name.
        idle = declaration.needs_context and len(passed) * scale <= (
            min(1.5 * declaration.chance_rate, 0.9) * len(column.values)
        )
        if len(passed) >= 5 and not idle and (declaration.checksum or alone < STANDS_ALONE):
            own = values if column.integers else column.values
            permuted = against(own).rate(lambda made: self._passes(declaration, full, made))
        return Hits(
            declaration=declaration,
            whole=round(len(passed) * scale),
            shaped=shaped,
            inside=inside,
            searched=searched,
            stands_alone=alone,
            synthetic=sum(n for s, n in names.items() if s in marks and marks[s].synthetic) / total,
            subtypes=dict(sorted(names.items())),
            permuted=permuted,
        )

    @staticmethod
    def _passes(declaration: Declaration, full: str | None, cells: list[str]) -> Mask:
        values = pa.array(cells, pa.string())
        mask: Mask = np.ones(len(cells), dtype=np.bool_)
        if full:
            mask = matches(values, full).to_numpy(zero_copy_only=False)
        chosen = [cell for cell, ok in zip(cells, mask, strict=True) if ok]
        result: Mask = mask.copy()
        if chosen:
            result[mask] = declaration.verify(chosen)
        return result

    def _inside(
        self, declaration: Declaration, values: pa.StringArray, whole: set[str]
    ) -> tuple[int, int]:
        """Cells that hold the entity among other words, and cells that were searched."""
        search = self._search.get(declaration.entity)
        if search is None:
            return 0, 0
        texts = [t for t in values.to_pylist() if t not in whole][:_PARTIAL_MOST]
        pieces: list[str] = []
        owners: list[int] = []
        for owner, text in enumerate(texts):
            for piece in _pieces(search, text):
                pieces.append(piece)
                owners.append(owner)
        if not pieces:
            return 0, len(texts)
        mask = declaration.verify(pieces)
        return len({owner for owner, ok in zip(owners, mask, strict=True) if ok}), len(texts)


def _worth_asking(declaration: Declaration, named: frozenset[str]) -> bool:
    """Whether a hit could count: weak rules need a name, a neighbour or overwhelming numbers."""
    if not declaration.needs_context or declaration.category in named:
        return True
    return (
        (declaration.checksum and declaration.chance_rate <= 0.2)
        or any(subtype.stands_alone for subtype in declaration.subtypes)
        or declaration.category == "user.contact.address.postal_code"
    )


def _pieces(search: Any, text: str) -> list[str]:
    """Matches of a screen that begin and end at a boundary, at most a handful a text."""
    found: list[str] = []
    for match in search.finditer(text):
        start, end = match.span()
        if end == start:
            continue
        # A screen may be one character (`@`), or swallow the full stop: the word around it and
        # the match itself are both tried, and the recogniser decides.
        left, right = start, end
        while left > 0 and text[left - 1] not in _BREAKS:
            left -= 1
        while right < len(text) and text[right] not in _BREAKS:
            right += 1
        word = text[left:right]
        found.append(word.strip(_AROUND))
        # `SMTP:ola@example.org`, `a@example.org##Receive`: a mark may stand before it and behind.
        before = max(word.rfind(mark, 0, start - left) for mark in _MARKS) + 1
        behind = [at for mark in _MARKS if (at := word.find(mark, end - left)) >= 0]
        if before or behind:
            found.append(word[before : min(behind, default=len(word))].strip(_AROUND))
        inner = text[start - 1 : start].isalnum() and text[start].isalnum()
        outer = text[end : end + 1].isalnum() and text[end - 1].isalnum()
        if not inner and not outer:
            found.append(match.group().strip(_AROUND))
        if len(found) >= 8:
            break
    return [piece for piece in dict.fromkeys(found) if piece and piece != text]


def _ready(pattern: str | None) -> str | None:
    """The pattern for folded values, or None where RE2 cannot read it."""
    if pattern is None:
        return None
    # Folded values hold none of these characters, and the class is costly to compile.
    ready = pattern.removesuffix(f"|{FOLDED}")
    try:
        compiled(ready)
    except re2.error:
        return None
    return ready


def _padded(values: pa.StringArray, width: int) -> pa.StringArray:
    """Numbers with the zeros they lost, where they are only a few short of the width.

    Padding every short number would make identifiers out of counters.
    """
    short = 1 if width <= 8 else 2
    fits = pc.match_substring_regex(values, rf"^\d{{{width - short},{width}}}$")
    return pc.if_else(fits, pc.utf8_lpad(values, width, "0"), values)
