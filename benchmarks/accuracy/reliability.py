"""Whether what is stated at 0.9 holds nine times in ten: reliability table, plot, and its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.accuracy.judging import Judged
from benchmarks.accuracy.scores import wilson
from sladd.taxonomy import Taxonomy

BINS = 10  # Naeini, Cooper, Hauskrecht 2015: equal widths, weighed by how many fall in each


@dataclass(frozen=True, slots=True)
class Bin:
    """Findings stated between two confidences."""

    low: float
    count: int
    stated: float  # mean
    right: int

    @property
    def true(self) -> float:
        """Share of them that hold."""
        return self.right / self.count


def stated(columns: Sequence[Judged], taxonomy: Taxonomy) -> list[tuple[float, bool]]:
    """Confidence and truth of every finding that says what a column is or contains.

    What is neither right nor false (an attribute of a column that is about a person anyway) is
    left out.
    """
    return [
        (c.answer.confidence, c.right)
        for c in columns
        if c.tagged
        and c.answer.confidence is not None
        and (c.right or c.false(taxonomy) or not taxonomy[c.answer.category].personal)
    ]


def bins(findings: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Tenths of confidence that hold any findings."""
    result = []
    for number in range(BINS):
        inside = [f for f in findings if min(int(f[0] * BINS), BINS - 1) == number]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            result.append(Bin(number / BINS, len(inside), mean, sum(y for _, y in inside)))
    return tuple(result)


def expected_error(table: Sequence[Bin]) -> float:
    """Expected calibration error: mean distance of stated and true, by the size of the bins."""
    total = sum(b.count for b in table)
    return sum(b.count * abs(b.stated - b.true) for b in table) / total if total else 0.0


_SIDE, _EDGE = 360, 48  # pixels of the plot, and of the room for its axes


def plot(table: Sequence[Bin], title: str) -> str:
    """The reliability plot as SVG: stated to the right, true upwards, area by number."""
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE + 2 * _EDGE} '
            f'{_SIDE + 2 * _EDGE}" font-family="sans-serif" font-size="13" role="img">'
        ),
        f"<title>{title}</title>",
        f'<rect width="{_SIDE + 2 * _EDGE}" height="{_SIDE + 2 * _EDGE}" fill="#fff"/>',
        f'<text x="{_EDGE}" y="28" font-size="15">{title}</text>',
        (
            f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888" '
            'stroke-dasharray="4 4"/>'
        ),
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts += [
            f'<line x1="{_x(tick)}" y1="{_y(0)}" x2="{_x(tick)}" y2="{_y(1)}" stroke="#eee"/>',
            f'<line x1="{_x(0)}" y1="{_y(tick)}" x2="{_x(1)}" y2="{_y(tick)}" stroke="#eee"/>',
            f'<text x="{_x(tick)}" y="{_y(0) + 18}" text-anchor="middle">{tick:.1f}</text>',
            f'<text x="{_x(0) - 8}" y="{_y(tick) + 4}" text-anchor="end">{tick:.1f}</text>',
        ]
    most = max((b.count for b in table), default=1)
    for each in table:
        low, high = wilson(each.right, each.count)
        x, radius = _x(each.stated), 3 + 11 * (each.count / most) ** 0.5
        parts += [
            f'<line x1="{x}" y1="{_y(low)}" x2="{x}" y2="{_y(high)}" stroke="#1f5f8b"/>',
            (
                f'<circle cx="{x}" cy="{_y(each.true)}" r="{radius:.1f}" fill="#1f5f8b" '
                f'fill-opacity="0.55"><title>{each.count} findings</title></circle>'
            ),
        ]
    parts += [
        f'<text x="{_x(0.5)}" y="{_y(0) + 38}" text-anchor="middle">stated confidence</text>',
        (
            f'<text x="14" y="{_y(0.5)}" text-anchor="middle" '
            f'transform="rotate(-90 14 {_y(0.5)})">share that holds</text>'
        ),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _x(share: float) -> float:
    return round(_EDGE + share * _SIDE, 1)


def _y(share: float) -> float:
    return round(_EDGE + (1 - share) * _SIDE, 1)
