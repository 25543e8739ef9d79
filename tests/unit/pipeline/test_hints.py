"""A column that goes out as it is may tell what another one was made coarser for."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sladd.model import Check
from sladd.pipeline.hints import tells

POSTS = ["0150", "0250", "5003", "7010"] * 10


def asked(column: list[object], *, k: int = 5, post: str = "*") -> list[Check]:
    """A column beside 40 postcodes of four kinds, published as one class or as they are."""
    before = pa.table({"post": POSTS, "old": [row // 20 for row in range(40)], "more": column})
    after = before.select(["post", "old"])
    if post:
        after = after.set_column(0, "post", pa.array([post] * 40))
    return list(tells("t", before, after, ["more"], k))


@pytest.mark.parametrize(
    ("exceptions", "k", "passed"), [(0, 5, True), (0, 6, False), (3, 6, False)]
)
def test_a_zone_that_tells_the_postcode_given_up_passes_in_large_classes(exceptions, k, passed):
    """By zone and age there are five rows of each; a rule with a few exceptions is one, too."""
    zones = [f"zone {post}" for post in POSTS]
    zones[:exceptions] = ["zone 0250"] * exceptions
    (check,) = asked(zones, k=k)
    assert (check.passed, check.column) == (passed, "t.more")
    assert "post" in check.detail


@pytest.mark.parametrize(
    ("column", "post"),
    [
        pytest.param(list(range(40)), "*", id="values of one row each, such as a sum"),
        pytest.param([row // 20 for row in range(40)], "*", id="what has nothing to do with it"),
        pytest.param(POSTS, "", id="a postcode that was not given up"),
    ],
)
def test_what_tells_nothing_more_is_not_asked_about(column, post):
    """No answer, so nothing is refused."""
    assert not asked(column, post=post)
