"""A condition is one expression, whatever it tries."""

from __future__ import annotations

import pytest

from sladd.errors import SourceError
from sladd.sources.database.condition import one_expression


@pytest.mark.parametrize(
    "text",
    [
        "a = 1", "name = 'O''Brien; --'", "(a = 1) OR (b IN (1, 2))", 'x = "a)b"', "`a(` = 1",
        "x[1] = 2", "d >= DATE '2024-01-01'", "j #>> '{a}' = 'x'", "name LIKE '50%'",
    ],
)  # fmt: skip
def test_an_expression_is_put_in_parentheses(text: str) -> None:
    """What is one expression stays as it is written."""
    assert one_expression(text, where="shop/t", backslash_escapes=False) == f"({text})"


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1=1; DROP TABLE t", "1=1) OR (1=1", "(a = 1", "a = 'x", "a = 1 -- b",
        "a /* b */ = 1", "a = $$x$$", "a = $q$x$q$", "a] = 1", 'a = "x', "a = 1 # b", "([a)] = 1",
    ],
)  # fmt: skip
def test_more_than_an_expression_is_refused(text: str) -> None:
    """It names `where:` of the release, and not the text."""
    with pytest.raises(SourceError) as caught:
        one_expression(text, where="shop/t", backslash_escapes=False)
    assert caught.value.code == 212
    assert "sladd.yaml" in str(caught.value)


def test_a_backslash_ends_no_quotation_where_the_dialect_escapes() -> None:
    r"""In MariaDB `'\'` is open; elsewhere it is a backslash."""
    text = r"a = '\' OR 1=1) -- '"
    with pytest.raises(SourceError):
        one_expression(text, where="shop/t", backslash_escapes=False)
    assert one_expression(text, where="shop/t", backslash_escapes=True) == f"({text})"
