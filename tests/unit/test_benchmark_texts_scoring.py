"""How finders are scored on the annotated messages: by the rules that the page states."""

from __future__ import annotations

import math

import pytest

from benchmarks.accuracy.texts import Message, load, score
from benchmarks.accuracy.texts.labels import OTHER_ID, PREDICTED_PERSONAL, label_of
from benchmarks.accuracy.texts.report import lines
from benchmarks.accuracy.texts.score import Predict
from sladd import taxonomy
from sladd.model import Identifiability
from tests.messages import annotated, parsed


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    """The corpus, every set."""
    return load("all")


def _says(*spans: tuple[int, int, str]) -> Predict:
    """A finder that says the same of every text."""
    return lambda texts: [list(spans) for _ in texts]


def test_every_direct_category_of_the_taxonomy_counts_as_personal() -> None:
    """A category the mapping forgot would make a finder look more precise than it is."""
    for category in taxonomy.load():
        if category.personal and category.identifiability is Identifiability.DIRECT:
            assert label_of(category.key) in PREDICTED_PERSONAL, category.key


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("PERSON", "PERSON"),
        ("user.name.first", "PERSON"),
        ("user.contact.address.street", "ADDRESS"),
        ("user.contact.address.postal_code", "POSTPLACE"),
        ("organization.contact.email", "ORG_EMAIL"),
        ("EMAIL_ADDRESS", "EMAIL"),
        ("US_DRIVER_LICENSE", OTHER_ID),
    ],
)
def test_kinds_of_others_map_to_labels(kind: str, label: str) -> None:
    """Labels, categories by their longest prefix, entities by name, and the rest."""
    assert label_of(kind) == label


def test_the_annotation_itself_scores_one(messages: list[Message]) -> None:
    """Every score of a finder that says what is annotated is 1."""
    gold = {m.text: [(s.start, s.end, s.label) for s in m.spans] for m in messages}
    scores = score(messages, lambda texts: [gold[text] for text in texts])
    row = scores.direct
    shares = (row.recall_exact, row.recall_relaxed, row.recall_covering)
    shares += (row.precision_exact, row.precision_relaxed, row.precision_covering)
    assert all(share.value == share.low == share.high == 1 for share in shares)
    assert not scores.misses
    assert not scores.alarms


def test_a_finder_that_is_silent_finds_nothing() -> None:
    """Recall 0, no precision to speak of, and each miss told by id and label."""
    scores = score([parsed("Hei [[PERSON|Kari Nordmann]]")], _says())
    assert scores.direct.recall_covering.value == 0
    assert math.isnan(scores.direct.precision_covering.value)
    assert [(m.id, m.label) for m in scores.misses] == [("x-1", "PERSON")]
    assert scores.confusion == {("PERSON", ""): 1}


@pytest.mark.parametrize(
    ("said", "exact", "relaxed", "covered", "overlaps"),
    [
        ((4, 17, "PERSON"), 1, 1, 1, 1),  # Kari Nordmann
        ((4, 17, "user.name"), 1, 1, 1, 1),
        ((8, 17, "PERSON"), 0, 1, 0, 1),  # the surname and a space: IoU 9/13
        ((4, 8, "PERSON"), 0, 0, 0, 1),  # the given name: IoU 4/13
        ((0, 17, "PERSON"), 0, 1, 1, 1),  # "Hei" too
        ((4, 17, "ORG"), 0, 0, 0, None),  # not said to be personal
        ((4, 17, "PHONE"), 0, 0, 1, 1),  # wrong, but masked
        ((4, 17, "LOCATION"), 0, 0, 1, None),  # masked as a quasi-identifier
        ((0, 3, "PERSON"), 0, 0, 0, 0),
    ],
)
def test_one_prediction_against_one_name(
    said: tuple[int, int, str], exact: int, relaxed: int, covered: int, overlaps: int | None
) -> None:
    """Each way of counting, on a text of 25 letters; None: no prediction of a direct type."""
    row = score([parsed("Hei [[PERSON|Kari Nordmann]], takk.")], _says(said)).direct
    assert row.recall_exact.hits == exact
    assert row.recall_relaxed.hits == relaxed
    assert row.recall_covering.hits == covered
    assert row.precision_covering.n == (overlaps is not None)
    assert row.precision_covering.hits == (overlaps or 0)


def test_pieces_of_an_address_count_when_they_cover_it_together() -> None:
    """Street and postcode found apart are one address found, and both right."""
    message = parsed("[[ADDRESS|Moen 4, 2966 Slidre]] er ny.")
    street, place = (0, 6, "user.contact.address.street"), (8, 19, "LOCATION")
    both = score([message], _says(street, place)).direct
    assert (both.recall_relaxed.hits, both.precision_relaxed.hits) == (1, 1)
    assert both.recall_covering.hits == 1
    alone = score([message], _says(street)).direct
    assert (alone.recall_relaxed.hits, alone.precision_relaxed.hits) == (0, 0)
    assert alone.precision_covering.hits == 1


def test_a_firms_mailbox_taken_for_a_persons_is_an_alarm_of_its_own_kind() -> None:
    """It costs precision, and is told apart from an alarm on nothing."""
    message = parsed("Send til [[ORG_EMAIL|post@example.no]] i dag")
    scores = score([message], _says((9, 24, "EMAIL_ADDRESS"), (25, 30, "PERSON")))
    assert scores.direct.precision_relaxed.hits == 0
    assert len(scores.alarms) == 2
    assert scores.on_organisations == 1
    assert scores.confusion == {("ORG_EMAIL", "EMAIL"): 1, ("", "PERSON"): 1}


def test_a_national_number_is_right_whichever_of_the_two_it_is() -> None:
    """The taxonomy has one category for both, so neither can be asked for."""
    message = parsed("Nr. [[DNUMBER|66878636512]]")
    found = (4, 15, "user.government_id.national_identification_number")
    assert score([message], _says(found)).labels["DNUMBER"].recall_exact.hits == 1


def test_saying_it_twice_counts_once() -> None:
    """Two recognisers that agree do not raise precision."""
    twice = _says((4, 8, "PERSON"), (4, 8, "PERSON"))
    assert score([parsed("Hei [[PERSON|Kari]]")], twice).direct.precision_exact.n == 1


def test_the_interval_holds_the_share_and_narrows_with_more_messages() -> None:
    """Half of the messages found: the interval is around 0.5, and tighter for 200 than for 20."""

    def half(n: int) -> tuple[float, float]:
        made = [parsed("Hei [[PERSON|Kari]]", f"x-{i}") for i in range(n)]
        spans = [[(4, 8, "PERSON")] if i % 2 else [] for i in range(n)]
        recall = score(made, lambda _: spans).direct.recall_relaxed
        assert recall.value == 0.5
        assert recall.low < 0.5 < recall.high
        return recall.low, recall.high

    (low, high), (lower, higher) = half(200), half(20)
    assert high - low < higher - lower


def test_messages_resampled_together_widen_the_interval() -> None:
    """Ten names missed in one message are one misfortune, not ten."""
    name = "[[PERSON|Kari]] "
    clustered = [parsed(name * 10, f"x-{i}") for i in range(20)]
    spread = [parsed(name, f"x-{i}") for i in range(200)]
    ten = [(i * 5, i * 5 + 4, "PERSON") for i in range(10)]
    wide = score(clustered, lambda t: [ten if i % 2 else [] for i in range(len(t))])
    narrow = score(spread, lambda t: [ten[:1] if i % 2 else [] for i in range(len(t))])
    a, b = wide.direct.recall_relaxed, narrow.direct.recall_relaxed
    assert a.value == b.value == 0.5
    assert a.high - a.low > 2 * (b.high - b.low)


def test_a_finder_that_skips_texts_is_refused(messages: list[Message]) -> None:
    """Otherwise the spans of one message would be held against another."""
    with pytest.raises(ValueError, match="shorter"):
        score(messages, lambda texts: [[] for _ in texts[1:]])


def test_the_report_names_messages_and_never_their_words(messages: list[Message]) -> None:
    """The worst misses are told by id; no annotated word stands in the report."""
    text = "\n".join(lines(score(messages, _says((0, 5, "PERSON")))))
    assert "relaxed" in text
    assert "→" in text
    assert not [w for w in annotated(messages, "PERSON") if len(w) > 7 and w in text]
