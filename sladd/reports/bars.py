"""Bars across as an SVG that stands in a page: no script, no style of its own, colours by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sladd.writing import Language
from sladd.writing.escaping import visible

_WIDTH, _NAMES, _VALUES, _ROW, _BAR = 460, 190, 48, 24, 13
_LETTERS = 30  # that fit before a bar at 12 px


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, how many, the colour's class, and what is written instead of the number."""

    name: str
    count: float
    kind: str = ""
    said: str = ""


def bars(rows: Sequence[Bar], lang: Language, *, ident: str, title: str) -> Markup:
    """Bars across, one row a value, told in words to those who cannot see them.

    Args:
        rows: in the order in which they stand.
        lang: of the numbers.
        ident: that no other plot of the page has.
        title: of the plot.
    """
    said = [row.said or lang.number(row.count) for row in rows]
    told = ", ".join(f"{row.name}: {text}" for row, text in zip(rows, said, strict=True))
    height = len(rows) * _ROW + 4
    head = Markup(
        '<svg class="plot" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-labelledby="{i}-title {i}-desc"><title id="{i}-title">{t}</title>'
        '<desc id="{i}-desc">{a}</desc>'
    ).format(w=_WIDTH, h=height, i=ident, t=visible(title), a=visible(told))
    return head + Markup("").join(_rows(rows, said)) + Markup("</svg>")


def _rows(rows: Sequence[Bar], said: Sequence[str]) -> Iterator[Markup]:
    most = max((row.count for row in rows), default=0) or 1
    for number, (row, text) in enumerate(zip(rows, said, strict=True)):
        top = number * _ROW + 2
        name = visible(row.name)
        short = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
        wide = max(row.count / most * (_WIDTH - _NAMES - _VALUES), 1 if row.count else 0)
        middle = top + _ROW / 2 + 4
        yield Markup('<text class="p-name" x="{}" y="{:.0f}" text-anchor="end">{}</text>').format(
            _NAMES - 10, middle, short
        )
        yield Markup('<rect class="p-bar{}" x="{}" y="{:.1f}" width="{:.1f}" height="{}"/>').format(
            f" p-{row.kind}" if row.kind else "", _NAMES, top + (_ROW - _BAR) / 2, wide, _BAR
        )
        yield Markup('<text class="p-value" x="{:.1f}" y="{:.0f}">{}</text>').format(
            _NAMES + wide + 6, middle, text
        )
