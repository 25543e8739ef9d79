"""Plots as SVG that stand in a page: no script, no style of their own, colours by class."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sladd.release.utility import Setting
from sladd.writing.escaping import visible

_WIDTH, _LABEL, _VALUE = 340.0, 128.0, 44.0  # of bars: the whole, its names, its numbers
_ROW, _BAR, _GAP = 22.0, 7.0, 1.0
_LETTERS = 17  # that fit before a bar at 11 px
_PLOT_WIDTH, _PLOT_HEIGHT = 420.0, 250.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 18.0, 26.0, 40.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of bars: its name, its shares 0-1, and what is written beside it."""

    name: str
    shares: tuple[float, ...]
    said: str


def bars(rows: Sequence[Bar], *, ident: str, title: str, alt: str) -> Markup:
    """Bars across, one row a value; the last share is drawn dark.

    Args:
        rows: in the order in which they stand.
        ident: that no other plot of the page has.
        title: of the plot.
        alt: what it shows, in words.
    """
    height = len(rows) * _ROW + 4
    most = max((share for row in rows for share in row.shares), default=0) or 1
    return _svg(_WIDTH, height, _rows(rows, most), ident=ident, title=title, alt=alt)


def _rows(rows: Sequence[Bar], most: float) -> Iterator[Markup]:
    room = _WIDTH - _LABEL - _VALUE
    for number, row in enumerate(rows):
        top = number * _ROW + 2
        name = visible(row.name)
        short = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
        yield Markup('<text class="p-name" x="{}" y="{}" text-anchor="end">{}</text>').format(
            _n(_LABEL - 8), _n(top + _ROW / 2 + 2), short
        )
        tall = _BAR if len(row.shares) > 1 else 2 * _BAR
        first = top + (_ROW - len(row.shares) * tall - (len(row.shares) - 1) * _GAP) / 2 - 1
        for place, share in enumerate(row.shares):
            kind = "p-after" if place == len(row.shares) - 1 else "p-before"
            yield Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                kind,
                _n(_LABEL),
                _n(first + place * (tall + _GAP)),
                _n(max(share / most * room, 1 if share else 0)),
                _n(tall),
            )
        end = _LABEL + max(row.shares) / most * room + 5
        yield Markup('<text class="p-value" x="{}" y="{}">{}</text>').format(
            _n(end), _n(top + _ROW / 2 + 2), row.said
        )


@dataclass(frozen=True, slots=True)
class Axes:
    """Names of the axes, of the chosen point, and how the language writes a share."""

    loss: str
    risk: str
    chosen: str
    shares: tuple[str, ...]  # 0, 25, 50, 75, 100 %


def risk_and_loss(
    settings: Sequence[Setting], k: int, axes: Axes, *, ident: str, title: str, alt: str
) -> Markup:
    """Every combination of levels that was met: loss across, highest risk upwards.

    Args:
        settings: one of which is chosen.
        k: whose reciprocal is the limit.
        axes: what is written.
        ident: that no other plot of the page has.
        title: of the plot.
        alt: what it shows, in words.
    """
    parts = _points(settings, k, axes)
    return _svg(_PLOT_WIDTH, _PLOT_HEIGHT, parts, ident=ident, title=title, alt=alt)


def _points(settings: Sequence[Setting], k: int, axes: Axes) -> Iterator[Markup]:
    sizes = [k, *(one.smallest for one in settings)]
    # A log scale: twice as safe is as far apart everywhere.
    high, low = math.log(1.5 / min(sizes)), math.log(0.6 / max(sizes))
    width, height = _PLOT_WIDTH - _LEFT - _RIGHT, _PLOT_HEIGHT - _TOP - _BOTTOM

    def place(loss: float, size: float) -> tuple[float, float]:
        across = _LEFT + loss * width
        return across, _TOP + (high + math.log(size)) / (high - low) * height

    base = _TOP + height
    for step, written in enumerate(axes.shares):
        x = _LEFT + step / 4 * width
        yield Markup('<path class="p-grid" d="M{0} {1}V{2}"/>').format(_n(x), _n(_TOP), _n(base))
        yield Markup('<text class="p-value" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            _n(x), _n(base + 15), written
        )
    _, limit = place(0, k)
    for size in (1, 2, 5, 20, 100, 500, 2_000, 10_000, 100_000):
        _, y = place(0, size)
        if _TOP < y < base and abs(y - limit) > 14:
            yield Markup(
                '<text class="p-value" x="{}" y="{}" text-anchor="end">1/{}</text>'
            ).format(_n(_LEFT - 6), _n(y + 4), size)
    yield Markup('<path class="p-limit" d="M{0} {1}H{2}"/>').format(
        _n(_LEFT), _n(limit), _n(_LEFT + width)
    )
    yield Markup('<text class="p-value" x="{}" y="{}" text-anchor="end">1/{}</text>').format(
        _n(_LEFT - 6), _n(limit + 4), k
    )
    yield Markup('<path class="p-axis" d="M{0} {1}V{2}H{3}"/>').format(
        _n(_LEFT), _n(_TOP), _n(base), _n(_LEFT + width)
    )
    yield Markup('<text class="p-name" x="{}" y="{}" text-anchor="end">{}</text>').format(
        _n(_LEFT + width), _n(base + 32), axes.loss
    )
    yield Markup('<text class="p-name" x="{}" y="{}">{}</text>').format(
        _n(4), _n(_TOP - 12), axes.risk
    )
    for one in sorted(settings, key=lambda s: s.chosen):
        x, y = place(one.loss, one.smallest)
        yield Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(
            "p-chosen" if one.chosen else "p-point", _n(x), _n(y), 6 if one.chosen else 4
        )
        if one.chosen:
            late = one.loss > 0.75
            yield Markup(
                '<text class="p-name p-strong" x="{}" y="{}" text-anchor="{}">{}</text>'
            ).format(
                _n(x - 9 if late else x + 9), _n(y - 8), "end" if late else "start", axes.chosen
            )


def _svg(
    width: float, height: float, parts: Iterator[Markup], *, ident: str, title: str, alt: str
) -> Markup:
    head = Markup(
        '<svg class="plot" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-labelledby="{i}-title {i}-desc"><title id="{i}-title">{t}</title>'
        '<desc id="{i}-desc">{a}</desc>'
    ).format(w=_n(width), h=_n(height), i=ident, t=visible(title), a=visible(alt))
    return head + Markup("").join(parts) + Markup("</svg>")


def _n(value: float) -> str:
    """A coordinate with one decimal."""
    return f"{value:.1f}".removesuffix(".0")
