"""The drawing of tables and links: nothing overlaps, nothing is missing, any names are safe."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.model import Evidence, LinkKind, LinkState, Overlap
from sladd.reports.drawing import svg
from sladd.reports.graph import GraphFacts, LinkFacts, NodeFacts, OverlapFacts, overlap_sentence
from sladd.reports.language import language
from sladd.reports.layout import MOST, WIDTH, lay_out
from sladd.taxonomy import load

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script>&'


def node(name: str, role: str = "linked", personal: int = 3) -> NodeFacts:
    """A table."""
    return NodeFacts(f"shop/{name}", "shop", name, personal, role)


def link(start: str, end: str, state: LinkState = LinkState.DECLARED, **more) -> LinkFacts:
    """A link between two tables."""
    return LinkFacts(
        table=f"shop/{start}", target=f"shop/{end}", label=f"{end}_id", target_label="id",
        start=f"shop/{start}.{end}_id", end=f"shop/{end}.id",
        kind=more.get("kind", LinkKind.KEY), state=state, confidence=0.9,
        evidence=(Evidence("link_name", 4.0, {"by": "exact"}),), verdict=None,
    )  # fmt: skip


SHOP = GraphFacts(
    nodes=(
        node("customers", "person"), node("orders"), node("lines"), node("products", "other", 0),
        node("addresses"), node("employees", "person"), node("newsletter", "loose"),
        node("stock", "other", 0), node("colours", "other", 0),
    ),
    links=(
        link("orders", "customers"), link("lines", "orders"), link("lines", "products"),
        link("addresses", "customers"), link("orders", "addresses", LinkState.SUGGESTED),
        link("employees", "employees"), link("stock", "products"),
    ),
)  # fmt: skip


def places(graph: GraphFacts) -> dict[str, tuple[float, float]]:
    """Where each table stands."""
    drawing = lay_out(graph)
    assert drawing is not None
    return {b.node.name: (b.x, b.y) for b in (*drawing.boxes, *drawing.alone) if b.node}


def test_persons_stand_left_and_what_hangs_on_them_to_the_right() -> None:
    """Orders right of customers, lines right of orders, products beyond them."""
    at = places(SHOP)
    order = ["customers", "addresses", "orders", "lines", "products"]
    assert all(at[one][0] < at[other][0] for one, other in pairwise(order))
    assert at["employees"][0] == at["customers"][0]
    assert at["newsletter"][1] > max(y for name, (_, y) in at.items() if name != "newsletter")


def test_tables_that_tell_of_no_person_are_left_out() -> None:
    """Neither alone, nor hanging only on another such table."""
    assert not {"stock", "colours"} & set(places(SHOP))
    assert "products" in places(SHOP)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_nothing_overlaps_whatever_hangs_on_what(seed: int, many: int) -> None:
    """Any graph, circles included: all within the drawing, no two tables on each other."""
    draw = random.Random(seed)
    names = [f"t{n}" for n in range(many)]
    roles = ["person", "linked", "loose", "maybe", "other"]
    nodes = tuple(node(n, draw.choice(roles), draw.randint(0, 4)) for n in names)
    links = tuple(
        link(draw.choice(names), draw.choice(names), draw.choice([*LinkState]))
        for _ in range(draw.randint(0, 2 * many))
    )
    drawing = lay_out(GraphFacts(nodes=nodes, links=links))
    if drawing is None:
        return
    boxes = [*drawing.boxes, *drawing.alone]
    assert len(boxes) <= MOST
    for one, other in combinations(boxes, 2):
        apart = (
            one.x + WIDTH <= other.x or other.x + WIDTH <= one.x
            or one.y + one.height <= other.y or other.y + other.height <= one.y
        )  # fmt: skip
        assert apart, (one, other)
    for box in boxes:
        assert box.x >= 0 and box.x + WIDTH <= drawing.width
        assert box.y >= 0 and box.y + box.height <= drawing.height
    again = lay_out(GraphFacts(nodes=nodes[::-1], links=links))
    assert again is not None and {(b.key, b.x, b.y) for b in again.boxes} == {
        (b.key, b.x, b.y) for b in drawing.boxes
    }


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_drawing_is_well_formed_and_says_what_it_shows(lang: str) -> None:
    """A title, a description with the counts, and every table and line by its kind."""
    root = ElementTree.fromstring(
        str(svg(SHOP, language(lang))).replace(
            "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
        )
    )
    assert root.get("role") == "img" and root.get("aria-labelledby") == "graph-title graph-desc"
    assert root[0].tag == f"{SVG}title" and root[1].tag == f"{SVG}desc"
    assert "customers" in root[1].text
    shown = [n.text for n in root.iter(f"{SVG}text") if n.get("class") == "g-name"]
    assert set(shown) == {n.name for n in SHOP.nodes} - {"stock", "colours"}
    kinds = [p.get("class") for p in root.iter(f"{SVG}path") if "g-line" in p.get("class")]
    assert kinds.count("g-line g-suggested") == 1
    assert kinds.count("g-line g-declared") == 5
    # The page's policy forbids styles of an element's own.
    assert not [each for each in root.iter() if each.get("style")]


def test_hostile_names_stay_text() -> None:
    """A table or a column called like markup is drawn as its name."""
    graph = GraphFacts(nodes=(node(HOSTILE, "person"), node("orders")), links=())
    text = str(svg(graph, language("en")))
    assert "<script" not in text
    ElementTree.fromstring(text)


def test_forty_tables_fit_and_the_rest_is_counted() -> None:
    """Beyond forty, tables without personal data go first, then those with the fewest links."""
    nodes = [node("customers", "person"), *(node(f"t{n:02d}") for n in range(50))]
    graph = GraphFacts(
        nodes=tuple(nodes), links=tuple(link(f"t{n:02d}", "customers") for n in range(50))
    )
    drawing = lay_out(graph)
    assert drawing is not None
    assert (len(drawing.boxes) + len(drawing.alone), drawing.hidden) == (40, 11)
    assert drawing.width < 1200


def test_nothing_to_draw_draws_nothing() -> None:
    """No empty frame."""
    assert svg(GraphFacts(nodes=(node("colours", "other", 0),)), language("nb")) == ""


@pytest.mark.parametrize(
    ("read", "words"),
    [("all", "62% of the persons"), ("drawn", "About 62% of"), ("part", "At least 62% of")],
)
def test_an_overlap_says_how_it_was_counted(read: str, words: str) -> None:
    """An estimate is called one, and a lower bound as well."""
    each = Overlap("a/x.e", "b/y.e", "user.contact.email", 100, 400, 62, 80, read)
    text = overlap_sentence(OverlapFacts(each, "a/x.e", "b/y.e"), load(), language("en"))
    assert text.startswith(words)
    assert "e-mail" in text
