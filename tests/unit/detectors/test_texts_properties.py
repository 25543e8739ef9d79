"""What holds for every text, however it is put together."""

from __future__ import annotations

import itertools
import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors.folding import fold
from detectors.texts.known import with_known
from detectors.texts.lexicon import bare, plain
from detectors.texts.name_grammar import name_end
from sladd.model import KnownValue
from tests.unit.detectors.marked import load

PIECES = [
    "Hei Kari,", "Mvh\n", "Ola Nordmann", "kari@example.no", "91234567", "Storgata 5", "0155 Oslo",
    "\n", " ", "\N{NO-BREAK SPACE}", "🙂", "👩‍👧", "født 12.03.85", "Karis", "ordre 10023", "c/o ", "v/ ",
    "Å", "a\N{COMBINING RING ABOVE}", "ÅSE", "<", ">", '"', "10915596784", "@kari_n insta", "Kárášjohka",
    "konto 86011117947", "Navn:", "Dag", "Per", "Fra: ", "; ", ", ", " og ", "K. Hansen", "２０２６", "\t",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.sampled_from(
    [each.text for each in load()]
)
calm = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@calm
@given(texts, st.sampled_from(["NFC", "NFD"]))
def test_spans_lie_in_the_text_and_apart(find, text, form):
    """Positions are those of the text as given; no span is empty, and none overlaps another."""
    given_text = unicodedata.normalize(form, text)
    spans = find([given_text])[0]
    ends = 0
    for span in spans:
        assert ends <= span.start < span.end <= len(given_text)
        assert given_text[span.start : span.end].strip()
        ends = span.end


@calm
@given(st.lists(texts, max_size=5))
def test_a_text_is_read_alike_in_any_company(find, many):
    """The batch changes nothing."""
    assert find(many) == [find([text])[0] for text in many]


@calm
@given(st.text(max_size=60), st.integers(0, 60), st.booleans())
def test_a_name_ends_in_the_text(text, start, form):
    """The grammar neither raises nor runs over, whatever it is given."""
    at = min(start, len(text))
    assert at <= name_end(fold(text), at, form=form) <= len(text)


@calm
@given(st.text(max_size=30))
def test_a_genitive_is_at_most_two_characters(word):
    """What `bare` takes away is an `s` and an apostrophe."""
    low = plain(word)
    assert low.startswith(bare(low))
    assert len(low) - len(bare(low)) <= 2


@calm
@given(texts, st.sampled_from(["Kari Nordmann", "kari@example.no", "+47 912 34 567", "Storgata 5"]))
def test_known_values_keep_spans_apart(find, text, value):
    """Adding what is known leaves no overlap, and takes nothing away from what was covered."""
    category = {"K": "user.name", "k": "user.contact.email", "+": "user.contact.phone_number"}.get(
        value[0], "user.contact.address.street"
    )
    before = find([text])[0]
    after = with_known(text, before, [KnownValue(category, value)])
    assert all(a.end <= b.start for a, b in itertools.pairwise(after))
    covered = {n for s in after for n in range(s.start, s.end)}
    for span in before:
        assert any(n in covered for n in range(span.start, span.end))
