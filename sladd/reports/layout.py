"""Where tables and links stand in a drawing: layers from the persons to what hangs on them.

Layered as by Sugiyama, Tagawa and Toda (1981, IEEE Transactions on Systems, Man and
Cybernetics 11): layers by the longest way, crossings lessened by barycentres, links over
several layers led around the tables between. The same graph gives the same drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sladd.reports.graph import GraphFacts, LinkFacts, NodeFacts

WIDTH, GAP = 160.0, 108.0  # of a table; of the space between two layers
_LEAST_HEIGHT, _PORT, _SPACE, _BEND = 46.0, 15.0, 14.0, 16.0
_SWEEPS = 12
MOST = 40  # tables that a page can show; then those without personal data are left out
_MOST_LAYERS = 5


@dataclass(slots=True)
class Box:
    """A table, or a bend of a link that passes a layer. Its place is its upper left corner."""

    key: str
    layer: int
    height: float
    node: NodeFacts | None = None
    x: float = 0.0
    y: float = 0.0

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A link as drawn: through these points, from the table that leads to the other."""

    link: LinkFacts
    points: tuple[tuple[float, float], ...]
    label: tuple[float, float]
    anchor: str  # of the label: `start` or `end`
    loop: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Places of everything, and the size of the whole.

    Attributes:
        boxes: tables with links.
        lines: links.
        alone: tables with personal data and no link.
        alone_y: where those begin; 0 when there are none.
        hidden: tables left out because there are too many.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    alone: tuple[Box, ...]
    alone_y: float
    hidden: int


def lay_out(graph: GraphFacts) -> Drawing | None:
    """Place every table that has links or personal data; None when there is nothing to draw."""
    nodes, links, hidden = _chosen(graph)
    linked = {end for link in links for end in (link.table, link.target)}
    drawn = [node for node in nodes if node.address in linked]
    apart = [node for node in nodes if node.address not in linked]
    if not drawn and not apart:
        return None
    layers = _layers(drawn, links)
    last = max(layers.values(), default=0)
    boxes, chains = _boxes(drawn, links, layers)
    columns: dict[int, list[Box]] = defaultdict(list)
    for box in boxes.values():
        columns[box.layer].append(box)
    near = _neighbours(chains)
    _order(columns, near)
    bottom = _place(columns, near)
    width = (last + 1) * WIDTH + last * GAP + 2 * _MARGIN
    alone, alone_y, height = _apart(apart, width, bottom)
    ports = _Ports(boxes, links, layers, chains)
    lines = tuple(_line(link, boxes, chains.get(id(link), ()), ports) for link in links)
    return Drawing(
        width=max(width, _MARGIN * 2 + WIDTH),
        height=height,
        boxes=tuple(box for box in boxes.values() if box.node is not None),
        lines=lines,
        alone=alone,
        alone_y=alone_y,
        hidden=hidden,
    )


_MARGIN = 34.0  # room for links of a table to itself


def _chosen(graph: GraphFacts) -> tuple[list[NodeFacts], list[LinkFacts], int]:
    """The tables to draw, their links, and how many tables are left out for want of room."""
    # That a KID holds the number of its own row is told in the table beneath.
    links = [link for link in graph.links if link.table != link.target or link.kind != "embedded"]
    personal = {node.address for node in graph.nodes if node.personal}
    # Products stand beside what was ordered; what hangs on products alone tells of no person.
    beside = {
        end for link in links if {link.table, link.target} & personal
        for end in (link.table, link.target)
    }  # fmt: skip
    nodes = [node for node in graph.nodes if node.address in personal | beside]
    every = len(nodes)
    if every > MOST:
        nodes = [node for node in nodes if node.personal]
    if len(nodes) > MOST:
        rank = {"person": 0, "linked": 1, "maybe": 2, "loose": 3, "other": 4}
        degree: dict[str, int] = defaultdict(int)
        for link in links:
            degree[link.table] += 1
            degree[link.target] += 1
        nodes.sort(key=lambda n: (rank[n.role], -degree[n.address], -n.personal, n.address))
        nodes = nodes[:MOST]
    shown = {node.address for node in nodes}
    links = [link for link in links if {link.table, link.target} <= shown]
    return sorted(nodes, key=lambda node: node.address), links, every - len(nodes)


def _layers(nodes: Sequence[NodeFacts], links: Sequence[LinkFacts]) -> dict[str, int]:
    """Persons at 0, what hangs on them by the longest way; what they point at, to the right."""
    above: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.table != link.target and link.kind != "embedded":
            above[link.table].add(link.target)
    persons = {n.address for n in nodes if n.role == "person"}
    if not persons:
        persons = {n.address for n in nodes if not above[n.address]}
    depth = _longest(nodes, above, persons)
    if max(depth.values(), default=0) >= _MOST_LAYERS:
        # Long chains and circles would push half of the tables to the right edge.
        depth = _nearest(above, persons)
    # The rest is pointed at by what hangs on persons (products), or hangs on no person.
    rest = [n.address for n in nodes if n.address not in depth]
    below: dict[str, set[str]] = defaultdict(set)
    for child, parents in above.items():
        for parent in parents:
            below[parent].add(child)
    for _ in rest:
        for address in rest:
            known = [depth[c] for c in below[address] if c in depth]
            if address not in depth and known:
                depth[address] = min(max(known) + 1, _MOST_LAYERS)
            known = [depth[p] for p in above[address] if p in depth]
            if address not in depth and known:
                depth[address] = min(max(known) + 1, _MOST_LAYERS)
    for address in rest:
        depth.setdefault(address, 0)
    # A chain that leads to no person begins at the left as well.
    used = {place: number for number, place in enumerate(sorted(set(depth.values())))}
    return {address: used[place] for address, place in depth.items()}


def _longest(
    nodes: Sequence[NodeFacts], above: Mapping[str, set[str]], persons: set[str]
) -> dict[str, int]:
    """Steps to a person by the longest way without a circle, of those that have one."""
    depth: dict[str, int] = {}

    def down(address: str, trail: frozenset[str]) -> int | None:
        if address in depth:
            return depth[address]
        ways = [
            found
            for parent in sorted(above.get(address, set()) - trail)
            if len(trail) <= _MOST_LAYERS and (found := down(parent, trail | {address})) is not None
        ]
        result = 1 + max(ways) if ways else 0 if address in persons else None
        if result is not None and not trail:
            depth[address] = result
        return result

    for node in nodes:
        down(node.address, frozenset())
    return depth


def _nearest(above: Mapping[str, set[str]], persons: set[str]) -> dict[str, int]:
    """Steps to the nearest person."""
    below: dict[str, set[str]] = defaultdict(set)
    for child, parents in above.items():
        for parent in parents:
            below[parent].add(child)
    roots = {p for p in persons if not above.get(p, set()) & persons} or persons
    depth = dict.fromkeys(sorted(roots), 0)
    waiting = list(depth)
    for address in waiting:
        for child in sorted(below[address]):
            if child not in depth:
                depth[child] = min(depth[address] + 1, _MOST_LAYERS - 1)
                waiting.append(child)
    return depth


def _boxes(
    nodes: Sequence[NodeFacts], links: Sequence[LinkFacts], layers: Mapping[str, int]
) -> tuple[dict[str, Box], dict[int, tuple[str, ...]]]:
    """Boxes for tables and bends, and the way of each link through them."""
    left: dict[str, int] = defaultdict(int)
    right: dict[str, int] = defaultdict(int)
    for link in links:
        side = left if layers[link.table] >= layers[link.target] else right
        side[link.table] += 1
    boxes = {
        node.address: Box(
            node.address,
            layers[node.address],
            max(_LEAST_HEIGHT, _PORT * max(left[node.address], right[node.address]) + 8),
            node,
        )
        for node in nodes
    }
    chains: dict[int, tuple[str, ...]] = {}
    for number, link in enumerate(links):
        start, end = layers[link.table], layers[link.target]
        step = 1 if end > start else -1
        between = range(start + step, end, step) if start != end else ()
        keys = []
        for layer in between:
            key = f"\0{number}.{layer}"
            boxes[key] = Box(key, layer, _BEND)
            keys.append(key)
        chains[id(link)] = (link.table, *keys, link.target)
    return boxes, chains


def _neighbours(chains: Mapping[int, tuple[str, ...]]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = defaultdict(list)
    for chain in chains.values():
        for one, other in pairwise(chain):
            near[one].append(other)
            near[other].append(one)
    return near


def _order(columns: Mapping[int, list[Box]], near: Mapping[str, list[str]]) -> None:
    """Order each layer by the mean place of what its boxes are linked to."""
    for column in columns.values():
        column.sort(key=lambda box: (-len(near.get(box.key, ())), box.key))
    place = {b.key: i / max(1, len(c)) for c in columns.values() for i, b in enumerate(c)}
    for sweep in range(_SWEEPS):
        for layer in sorted(columns, reverse=bool(sweep % 2)):
            column = columns[layer]
            mean = {
                box.key: _mean((place[k] for k in near.get(box.key, ())), place[box.key])
                for box in column
            }
            column.sort(key=lambda box: (round(mean[box.key], 6), box.key))
            for number, box in enumerate(column):
                place[box.key] = (number + 0.5) / len(column)


def _mean(values: Iterable[float], default: float) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else default


def _place(columns: Mapping[int, list[Box]], near: Mapping[str, list[str]]) -> float:
    """Give every box its place; returns the lowest edge."""
    boxes = {box.key: box for column in columns.values() for box in column}
    for layer, column in columns.items():
        y = 0.0
        for box in column:
            box.x = _MARGIN + layer * (WIDTH + GAP)
            box.y = y
            y += box.height + _SPACE
    for sweep in range(_SWEEPS):
        for layer in sorted(columns, reverse=bool(sweep % 2)):
            column = columns[layer]
            wanted = [
                _mean((boxes[k].middle for k in near.get(box.key, ())), box.middle) - box.height / 2
                for box in column
            ]
            for box, y in zip(column, _apart_at_least(column, wanted), strict=True):
                box.y = y
    top = min((box.y for box in boxes.values()), default=0.0)
    for box in boxes.values():
        box.y += 18.0 - top
    return max((box.y + box.height for box in boxes.values()), default=0.0) + 18.0


def _apart_at_least(column: Sequence[Box], wanted: Sequence[float]) -> list[float]:
    """Places as near as can be to those wanted, in order and without touching.

    Pooling adjacent violators gives the least squares.
    """
    offsets, total = [], 0.0
    for box in column:
        offsets.append(total)
        total += box.height + _SPACE
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append((want - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (late, many), (early, few) = pools.pop(), pools.pop()
            pools.append(((late * many + early * few) / (many + few), many + few))
    bases = [base for base, count in pools for _ in range(count)]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]


def _apart(
    nodes: Sequence[NodeFacts], width: float, bottom: float
) -> tuple[tuple[Box, ...], float, float]:
    """Tables without a link, in rows below the rest."""
    if not nodes:
        return (), 0.0, bottom
    gap = 14.0
    many = max(1, int((width - 2 * _MARGIN + gap) // (WIDTH + gap)))
    top = bottom + (34.0 if bottom else 24.0)
    boxes = []
    for number, node in enumerate(nodes):
        row, column = divmod(number, many)
        x = _MARGIN + column * (WIDTH + gap)
        boxes.append(
            Box(node.address, 0, _LEAST_HEIGHT, node, x, top + row * (_LEAST_HEIGHT + 12.0))
        )
    return tuple(boxes), top - 12.0, boxes[-1].y + _LEAST_HEIGHT + 16.0


class _Ports:
    """Where links leave and reach a table: one height each, in the order of where they go."""

    def __init__(
        self,
        boxes: Mapping[str, Box],
        links: Sequence[LinkFacts],
        layers: Mapping[str, int],
        chains: Mapping[int, tuple[str, ...]],
    ) -> None:
        leaving: dict[tuple[str, str], list[tuple[str, LinkFacts]]] = defaultdict(list)
        reaching: dict[tuple[str, str], list[tuple[str, LinkFacts]]] = defaultdict(list)
        for link in links:
            onward = layers[link.target] > layers[link.table]
            level = layers[link.target] == layers[link.table]
            chain = chains[id(link)]
            leaving[link.table, "right" if onward else "left"].append((chain[1], link))
            side = "left" if onward or level else "right"
            reaching[link.target, side].append((chain[-2], link))
        self.out = _heights(leaving, boxes)
        self.into = _heights(reaching, boxes)


def _heights(
    sides: Mapping[tuple[str, str], list[tuple[str, LinkFacts]]], boxes: Mapping[str, Box]
) -> dict[int, float]:
    found: dict[int, float] = {}
    for (address, _), listed in sides.items():
        box = boxes[address]
        listed.sort(key=lambda pair: (boxes[pair[0]].middle, pair[1].start, pair[1].end))
        step = min(_PORT, (box.height - 12) / max(1, len(listed)))
        first = box.middle - step * (len(listed) - 1) / 2
        for number, (_, link) in enumerate(listed):
            found[id(link)] = first + step * number
    return found


def _line(link: LinkFacts, boxes: Mapping[str, Box], chain: tuple[str, ...], ports: _Ports) -> Line:
    start, end = boxes[link.table], boxes[link.target]
    y, to = ports.out[id(link)], ports.into[id(link)]
    onward = end.layer > start.layer
    x = start.x + (WIDTH if onward else 0.0)
    label = (x + 7.0, y - 3.0) if onward else (x - 7.0, y - 3.0)
    anchor = "start" if onward else "end"
    if start.layer == end.layer:
        if start is end:
            y, to = start.middle - 9.0, start.middle + 9.0
        return Line(link, ((x, y), (end.x, to)), (x - 7.0, y - 3.0), "end", loop=True)
    points = [(x, y)]
    for key in chain[1:-1]:
        bend = boxes[key]
        across = [(bend.x + WIDTH, bend.middle), (bend.x, bend.middle)]
        points += across[::-1] if onward else across
    points.append((end.x if onward else end.x + WIDTH, to))
    return Line(link, tuple(points), label, anchor)
