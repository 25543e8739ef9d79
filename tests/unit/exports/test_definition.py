"""Definitions of MariaDB: cut into parts, and put together with another comment and no other change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sladd.errors import ExportError
from sladd.exports.definition import read_definition

HOSTILE = """CREATE TABLE `kunder (1), ``x```(
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `e, ``(post` varchar(80) DEFAULT 'COMMENT ''x'', (' COMMENT 'it''s, a \\\\ (\\nline',
  `type` enum('a,b','c)''d') NOT NULL DEFAULT 'a,b',
  `doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`doc`)),
  `sum` decimal(10,2) GENERATED ALWAYS AS (`id` * 2) STORED COMMENT 'twice',
  PRIMARY KEY (`id`),
  KEY `comment` (`type`) COMMENT 'a key'
) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COMMENT='a, table (of ours)'"""


def test_only_columns_are_columns():
    """Keys, options, and what stands in names and texts are none."""
    found = read_definition(HOSTILE)
    assert list(found.columns) == ["id", "e, `(post", "type", "doc", "sum"]
    assert found.comment("e, `(post") == "it's, a \\ (\nline"
    assert found.comment("type") == ""
    assert found.comment("sum") == "twice"


def test_a_comment_stands_before_the_check_of_a_column():
    """Behind it MariaDB would not read it."""
    found = read_definition(HOSTILE).with_comments({"doc": "x"})
    assert found.columns["doc"].endswith(" DEFAULT NULL COMMENT 'x' CHECK (json_valid(`doc`))")


def test_taking_a_comment_out_and_putting_it_back_changes_nothing():
    """Everything but the comment is carried over as the server wrote it."""
    found = read_definition(HOSTILE)
    without = found.with_comments({"sum": ""})
    assert "COMMENT" not in without.columns["sum"]
    assert without.with_comments({"sum": "twice"}).items == found.items
    assert without.items != found.items


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_a_comment(text):
    """Quotes, backslashes and line breaks come back as they went in."""
    found = read_definition(HOSTILE)
    for column in found.columns:
        changed = found.with_comments({column: text})
        assert changed.comment(column) == text
        assert {n: t for n, t in changed.columns.items() if n != column} == {
            n: t for n, t in found.columns.items() if n != column
        }


@pytest.mark.parametrize("text", ["", "CREATE TABLE `x", "CREATE TABLE `x` (`a` int"])
def test_what_is_no_definition_is_refused(text):
    """A half-read definition would be a half-written table."""
    with pytest.raises(ExportError) as refused:
        read_definition(text)
    assert refused.value.code == 955
