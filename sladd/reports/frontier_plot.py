"""Risk against loss as an SVG in a page: no script, no colour of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from sladd.reports.frontier import FrontierPoint, TableFrontier
from sladd.writing import Language

_WIDTH, _HEIGHT = 700, 300  # of the area between the axes, in pixels
_LEFT, _TOP, _RIGHT, _BOTTOM = 78, 40, 60, 52
_NAME = 230  # pixels between the beginnings of two names
_TICKS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
_NEAR, _WIDE = 13, 70  # pixels between two labels that do not touch, and width of one


def svg(table: TableFrontier, lang: Language, number: int) -> Markup:
    """The plot of a table: loss to the right, highest risk upwards on a scale of tenfolds.

    Args:
        table: with its points; empty markup where it has none.
        lang: of the labels.
        number: of the plot in the page.
    """
    if not table.points:
        return Markup("")
    return Markup("\n").join(_parts(table, lang, number))


def _parts(table: TableFrontier, lang: Language, number: int) -> Iterator[Markup]:
    width, height = _LEFT + _WIDTH + _RIGHT, _TOP + _HEIGHT + _BOTTOM
    low, high = _range(table.points)
    yield Markup(
        '<svg class="plot" viewBox="0 0 {w} {h}" role="img" aria-labelledby="p{n}-t p{n}-d">'
        '<title id="p{n}-t">{title}</title><desc id="p{n}-d">{desc}</desc>'
    ).format(
        w=width,
        h=height,
        n=number,
        title=lang.say("explore.plot_title", table=table.name),
        desc=lang.say("explore.plot_desc", points=len(table.points)),
    )
    yield from _axes(low, high, lang)
    series = _series(table.points)
    for place, points in enumerate(series):
        path = " ".join(f"{_x(p.loss)},{_y(p.highest_risk, low, high)}" for p in points)
        yield Markup('<polyline class="p-line p-{}" points="{}"/>').format(place % 3, path)
    for place, points in enumerate(series):
        for point in points:
            yield _dot(point, place, low, high, lang)
    yield from _thresholds(series, low, high)
    yield from _names(series, lang)
    yield Markup("</svg>")


def _axes(low: float, high: float, lang: Language) -> Iterator[Markup]:
    bottom = _TOP + _HEIGHT
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        yield Markup(
            '<line class="p-grid" x1="{x}" y1="{top}" x2="{x}" y2="{bottom}"/>'
            '<text class="p-tick" x="{x}" y="{y}" text-anchor="middle">{text}</text>'
        ).format(x=_x(tick), top=_TOP, bottom=bottom, y=bottom + 18, text=lang.percent(tick))
    for tick in _TICKS:
        if not low <= tick <= high:
            continue
        y = _y(tick, low, high)
        yield Markup(
            '<line class="p-grid" x1="{left}" y1="{y}" x2="{right}" y2="{y}"/>'
            '<text class="p-tick" x="{tx}" y="{ty}" text-anchor="end">{text}</text>'
        ).format(
            left=_LEFT,
            right=_LEFT + _WIDTH,
            y=y,
            tx=_LEFT - 8,
            ty=round(y + 4, 1),
            text=lang.percent(tick),
        )
    yield Markup('<text class="p-axis" x="{}" y="{}" text-anchor="middle">{}</text>').format(
        _LEFT + _WIDTH / 2, bottom + 42, lang.say("explore.axis_loss")
    )
    middle = _TOP + _HEIGHT / 2
    yield Markup(
        '<text class="p-axis" x="16" y="{y}" text-anchor="middle" '
        'transform="rotate(-90 16 {y})">{text}</text>'
    ).format(y=middle, text=lang.say("explore.axis_risk"))


def _dot(point: FrontierPoint, place: int, low: float, high: float, lang: Language) -> Markup:
    x, y = _x(point.loss), _y(point.highest_risk, low, high)
    ring = (
        Markup('<circle class="p-ring" cx="{}" cy="{}" r="9"/>').format(x, y)
        if point.chosen
        else Markup("")
    )
    told = lang.say(
        "explore.point",
        k=point.k,
        share=lang.percent(point.max_suppression),
        loss=lang.percent(point.loss),
        risk=lang.percent(point.highest_risk),
    )
    return ring + Markup(
        '<circle class="p-dot p-{place}" cx="{x}" cy="{y}" r="4.5"><title>{told}</title></circle>'
    ).format(place=place % 3, x=x, y=y, told=told)


def _thresholds(
    series: Sequence[Sequence[FrontierPoint]], low: float, high: float
) -> Iterator[Markup]:
    """`k=5, 11` beside each place; settings with one answer share it."""
    places: dict[tuple[float, float], set[int]] = {}
    for points in series:
        for point in points:
            at = (_x(point.loss), _y(point.highest_risk, low, high))
            places.setdefault(at, set()).add(point.k)
    taken: list[tuple[float, float]] = []
    for (x, y), ks in sorted(places.items()):
        below = any(abs(x - a) < _WIDE and abs(y - 7 - b) < _NEAR for a, b in taken)
        label_y = y + 18 if below else y - 7
        taken.append((x, label_y))
        yield Markup('<text class="p-k" x="{}" y="{}">k={}</text>').format(
            round(x + 7, 1), round(label_y, 1), ", ".join(map(str, sorted(ks)))
        )


def _names(series: Sequence[Sequence[FrontierPoint]], lang: Language) -> Iterator[Markup]:
    """What each line is, above the plot."""
    for place, points in enumerate(series):
        share = points[0].max_suppression
        text = lang.say("explore.series", share=lang.percent(share))
        x = _LEFT + place * _NAME
        yield Markup(
            '<line class="p-line p-{p}" x1="{x}" y1="14" x2="{end}" y2="14"/>'
            '<text class="p-name p-{p}" x="{tx}" y="18">{text}</text>'
        ).format(
            p=place % 3, x=x, end=x + 28, tx=x + 36,
            text=text if share else lang.say("explore.series_none"),
        )  # fmt: skip


def _series(points: Sequence[FrontierPoint]) -> list[list[FrontierPoint]]:
    """The points by what may be left out, each by k."""
    shares = sorted({point.max_suppression for point in points})
    return [
        sorted((p for p in points if p.max_suppression == share), key=lambda p: p.k)
        for share in shares
    ]


def _range(points: Sequence[FrontierPoint]) -> tuple[float, float]:
    risks = [point.highest_risk for point in points]
    return min(risks) / 1.3, min(1.0, max(risks) * 1.3)


def _x(loss: float) -> float:
    return round(_LEFT + loss * _WIDTH, 1)


def _y(risk: float, low: float, high: float) -> float:
    share = (math.log(risk) - math.log(low)) / (math.log(high) - math.log(low))
    return round(_TOP + (1 - share) * _HEIGHT, 1)
