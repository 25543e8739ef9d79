"""The person graph as an SVG that stands in a page: no script, no style of its own, no colour.

Colours come from the classes of the page's stylesheet, so that dark mode and print follow.
"""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup, escape

from sladd.reports.graph import GraphFacts, LinkFacts, NodeFacts
from sladd.reports.layout import WIDTH, Box, Drawing, Line, lay_out
from sladd.writing import Language
from sladd.writing.escaping import visible

_NAME, _LABEL = 19, 16  # characters that fit
_LETTER = 5.8  # wide, of a label: 10.5 px of a sans-serif face (sladd/review/static/pages.css)


def svg(graph: GraphFacts, lang: Language) -> Markup:
    """The drawing; empty when there is nothing to draw."""
    drawing = lay_out(graph)
    if drawing is None:
        return Markup("")
    several = len({node.source for node in graph.nodes}) > 1
    parts = [*_parts(drawing, graph, lang, several=several)]
    return Markup("\n").join(parts)


def _parts(
    drawing: Drawing, graph: GraphFacts, lang: Language, *, several: bool
) -> Iterator[Markup]:
    left = min([0.0, *map(_starts, drawing.lines)])
    width, height = _n(drawing.width - left), _n(drawing.height)
    yield Markup(
        '<svg class="graph" viewBox="{x} 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-labelledby="graph-title graph-desc">'
    ).format(x=_n(left), w=width, h=height)
    yield Markup('<title id="graph-title">{}</title>').format(lang.say("graph.title"))
    yield Markup('<desc id="graph-desc">{}</desc>').format(described(drawing, graph, lang))
    # Links first: tables cover what passes behind them.
    for line in drawing.lines:
        yield _path(line)
    for box in (*drawing.boxes, *drawing.alone):
        yield _box(box, lang, several=several)
    for line in drawing.lines:
        yield _label(line)
    if drawing.alone:
        yield Markup('<text class="g-note" x="{}" y="{}">{}</text>').format(
            _n(drawing.alone[0].x), _n(drawing.alone_y), lang.say("graph.alone")
        )
    yield Markup("</svg>")


def described(drawing: Drawing, graph: GraphFacts, lang: Language) -> str:
    """The drawing in a sentence, for who cannot see it."""
    persons = [node.name for node in graph.nodes if node.role == "person"]
    told = lang.say(
        "graph.desc",
        tables=lang.count("tables", len(drawing.boxes) + len(drawing.alone)),
        links=lang.count("links", len(drawing.lines)),
        suggested=graph.suggested,
        persons=lang.list(persons[:6]) if persons else lang.say("graph.no_persons"),
    )
    return visible(told)


def _path(line: Line) -> Markup:
    kind = f"g-line g-{line.link.state.value}" + (" g-embedded" if _embedded(line.link) else "")
    end_x, end_y = line.points[-1]
    ahead = line.points[-2][0] > end_x or line.loop
    tip = 5.0 if ahead and not line.loop else -5.0
    arrow = f"M{_n(end_x + tip)} {_n(end_y - 3.2)}L{_n(end_x)} {_n(end_y)}L{_n(end_x + tip)} {_n(end_y + 3.2)}"
    return Markup('<path class="{}" d="{}"/><path class="g-tip g-{}" d="{}"/>').format(
        kind, _curve(line), line.link.state.value, arrow
    )


def _curve(line: Line) -> str:
    (x, y), *rest = line.points
    told = f"M{_n(x)} {_n(y)}"
    if line.loop:
        (end_x, end_y) = rest[0]
        out = 26.0 + min(14.0, abs(end_y - y) / 12)
        return f"{told}C{_n(x - out)} {_n(y)} {_n(end_x - out)} {_n(end_y)} {_n(end_x)} {_n(end_y)}"
    for to_x, to_y in rest:
        if abs(to_y - y) < 0.05:
            told += f"L{_n(to_x)} {_n(to_y)}"
        else:
            middle = (x + to_x) / 2
            told += f"C{_n(middle)} {_n(y)} {_n(middle)} {_n(to_y)} {_n(to_x)} {_n(to_y)}"
        x, y = to_x, to_y
    return told


def _label(line: Line) -> Markup:
    x, y = line.label
    return Markup('<text class="g-key" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        _n(x), _n(y), line.anchor, _named(line)
    )


def _named(line: Line) -> str:
    text = line.link.label
    if _embedded(line.link):
        text = f"{text} ∋ {line.link.target_label}"
    return _cut(text, _LABEL)


def _starts(line: Line) -> float:
    """Where the label of a line begins, if it ends at the line: it may need room at the left."""
    return line.label[0] - len(_named(line)) * _LETTER if line.anchor == "end" else 0.0


def _embedded(link: LinkFacts) -> bool:
    return link.kind == "embedded"


def _box(box: Box, lang: Language, *, several: bool) -> Markup:
    node = box.node
    assert node is not None  # noqa: S101 - bends are not drawn
    x, y = box.x, box.y
    middle = box.middle
    return Markup(
        '<g class="g-node g-{role}"><title>{whole}</title>'
        '<rect class="g-box" x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>'
        '<rect class="g-mark" x="{x}" y="{y}" width="5" height="{h}" rx="2.5"/>'
        '<text class="g-name" x="{tx}" y="{ny}">{name}</text>'
        '<text class="g-note" x="{tx}" y="{sy}">{note}</text></g>'
    ).format(
        role=node.role,
        whole=visible(f"{node.source}/{node.name}"),
        x=_n(x), y=_n(y), w=_n(WIDTH), h=_n(box.height),
        tx=_n(x + 14), ny=_n(middle - 3), sy=_n(middle + 12),
        name=_cut(node.name, _NAME),
        note=_cut(_note(node, lang, several=several), 26),
    )  # fmt: skip


def _note(node: NodeFacts, lang: Language, *, several: bool) -> str:
    fields = lang.count("personal", node.personal)
    return f"{visible(node.source)} · {fields}" if several else fields


def _cut(text: str, most: int) -> Markup:
    """Text that fits, its end left out where it is too long."""
    safe = visible(text)
    return escape(safe if len(safe) <= most else f"{safe[: most - 1]}…")


def _n(value: float) -> str:
    """A coordinate with one decimal."""
    return f"{value:.1f}".removesuffix(".0")
