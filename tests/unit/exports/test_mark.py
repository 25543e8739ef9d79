"""Sladd's part of a comment: put in, brought up to date, taken out; the rest stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sladd.exports.mark import mark, marked
from sladd.exports.tags import ColumnTag
from sladd.model import How

MAIL = ColumnTag("epost", ("user.contact.email",), ("contact",), How.IS, "confirmed")
NAME = ColumnTag("epost", ("user.name",), ("contact",), How.CONTAINS)
NOTHING = ColumnTag("epost")
OWN_WORDS = st.text().filter(lambda text: "[sladd:" not in text)


@given(OWN_WORDS)
def test_what_stood_there_comes_back_when_the_tag_goes(comment):
    """A comment of people is never lost, whatever is in it."""
    assert marked(marked(comment, MAIL), NOTHING) == comment


@given(OWN_WORDS)
def test_a_second_time_changes_nothing(comment):
    """Running the export daily leaves one mark."""
    once = marked(comment, MAIL)
    assert marked(once, MAIL) == once
    assert once.startswith(comment)
    assert once.endswith(mark(MAIL))


@given(OWN_WORDS, OWN_WORDS)
def test_words_written_behind_the_mark_stay(before, after):
    """Somebody who goes on writing behind the mark keeps those words too."""
    grown = marked(before, MAIL) + after
    assert marked(grown, NAME) == marked(before, NAME) + after


def test_an_empty_comment_is_the_mark_alone():
    """No space stands before it, and nothing is left when it goes."""
    assert marked("", NAME) == "[sladd: user.name; contains]"
    assert marked("[sladd: user.name; contains]", NOTHING) == ""
