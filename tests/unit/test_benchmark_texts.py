"""The annotated messages: well-formed, synthetic, and scored by the rules they state."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.no import kontonr, orgnr

from benchmarks.accuracy.texts import Gold, Message, load, score
from benchmarks.accuracy.texts.__main__ import main
from benchmarks.accuracy.texts.check import doubts, faults
from benchmarks.accuracy.texts.labels import (
    DIRECT,
    LABELS,
    OTHER_ID,
    PREDICTED_PERSONAL,
    label_of,
)
from benchmarks.accuracy.texts.load import FOLDER, AnnotationError, Which, parse
from benchmarks.accuracy.texts.numbers import CHECKS, is_iban, is_kid
from benchmarks.accuracy.texts.report import lines
from benchmarks.accuracy.texts.score import Predict
from sladd import taxonomy
from sladd.model import Identifiability

# Double given names that both sets have by chance; a full name in both is refused.
GIVEN_NAMES = {"Lars Petter", "Per Olav"}
HEAD = "--- id: x-1 style: order lang: nb\n"


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    """The corpus, every set."""
    return load("all")


def _words(messages: Sequence[Message], label: str) -> list[str]:
    return [m.text[s.start : s.end] for m in messages for s in m.spans if s.label == label]


def _says(*spans: tuple[int, int, str]) -> Predict:
    """A finder that says the same of every text."""
    return lambda texts: [list(spans) for _ in texts]


def _message(marked: str, name: str = "x-1") -> Message:
    (message,) = parse(f"--- id: {name} style: order lang: nb\n{marked}\n", "x")
    return message


# --- the corpus -------------------------------------------------------------------------------


@pytest.mark.parametrize(("which", "at_least"), [("first", 600), ("second", 200), ("third", 220)])
def test_each_set_is_large_and_uses_every_label(which: Which, at_least: int) -> None:
    """Enough messages, all four languages, and no label without an example."""
    messages = load(which)
    assert len(messages) >= at_least
    assert {m.language for m in messages} == {"nb", "nn", "dialect", "en"}
    assert {s.label for m in messages for s in m.spans} == LABELS


def test_corpus_stays_small() -> None:
    """The texts are reviewed by people and read in every run: under 400 KB."""
    assert sum(file.stat().st_size for file in FOLDER.rglob("*.txt")) < 400_000


@pytest.mark.parametrize("which", ["first", "second", "third"])
def test_a_good_quarter_of_each_set_holds_no_direct_identifier(which: Which) -> None:
    """Precision is measured on look-alikes too; the negatives hold none at all."""
    messages = load(which)
    without = [m for m in messages if not any(s.label in DIRECT for s in m.spans)]
    assert 0.25 <= len(without) / len(messages) <= 0.30
    negatives = {m.id for m in messages if re.match(r"(s\d-)?neg-", m.id)}
    assert negatives
    assert negatives <= {m.id for m in without}


def test_the_sets_are_told_apart_by_id_and_make_up_all() -> None:
    """`all` is one set after the other; the ids say of which a message is."""
    first, second, third, probe = (load(w) for w in ("first", "second", "third", "probe"))
    assert load("all") == first + second + third + probe
    assert load() == first
    assert all(m.id.startswith("s2-") for m in second)
    assert all(m.id.startswith("s3-") for m in third)
    assert all(m.id.startswith("p-") for m in probe)
    assert not any(m.id.startswith(("s2-", "s3-", "p-")) for m in first)


def test_the_command_refuses_a_set_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt set must not score the default one; the message names those there are."""
    with pytest.raises(SystemExit):
        main(["--set", "secnd"])
    assert "'second'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "pair", [("first", "second"), ("first", "third"), ("second", "third")], ids=" and ".join
)
def test_no_set_repeats_an_identifier_of_another(pair: tuple[Which, Which]) -> None:
    """Who learnt one set by heart gains nothing; only test cards are few enough to recur."""
    labels = sorted(
        DIRECT - {"PERSON", "CARD"} | {"ORGNR", "KID", "CUSTOMER_NO", "ORDER_NO", "URL"}
    )
    for label in labels:
        both = [{w.replace(" ", "") for w in _words(load(which), label)} for which in pair]
        assert both[0].isdisjoint(both[1]), label
    full = [{w for w in _words(load(which), "PERSON") if " " in w} for which in pair]
    assert full[0].isdisjoint(full[1] - GIVEN_NAMES)


def test_spans_are_in_order_and_apart(messages: list[Message]) -> None:
    """No span is empty, overlaps another or leaves the text."""
    for message in messages:
        ends = [0, *(s.end for s in message.spans)]
        starts = [*(s.start for s in message.spans), len(message.text)]
        assert all(end <= start for end, start in zip(ends, starts, strict=True)), message.id
        assert all(s.start < s.end for s in message.spans), message.id


def test_every_annotated_number_is_valid_and_synthetic(messages: list[Message]) -> None:
    """Check digits hold, and no number is from a range that belongs to someone."""
    assert faults(messages) == []


def test_another_library_agrees_about_the_check_digits(messages: list[Message]) -> None:
    """python-stdnum says the same of accounts, IBANs, organisation numbers and cards."""
    accounts = [w.replace(".", "").replace(" ", "") for w in _words(messages, "KONTONUMMER")]
    cards = [w.replace(" ", "") for w in _words(messages, "CARD")]
    firms = [
        w.removeprefix("0192:").removeprefix("NO").replace(" ", "").removesuffix("MVA")
        for w in _words(messages, "ORGNR")
    ]
    assert all(map(kontonr.is_valid, accounts))
    assert all(map(iban.is_valid, _words(messages, "IBAN")))
    assert all(map(orgnr.is_valid, firms))
    assert all(map(luhn.is_valid, cards))


def test_no_text_is_twice_in_the_corpus(messages: list[Message]) -> None:
    """A message copied by mistake would weigh double."""
    assert len({m.text for m in messages}) == len(messages)


# --- reading ----------------------------------------------------------------------------------

WORD = st.text(st.characters(categories=["L", "N"], include_characters=" -.,"), min_size=1)


@given(st.lists(st.tuples(WORD, st.sampled_from(sorted(LABELS)), WORD), min_size=1, max_size=6))
def test_markup_is_taken_off_and_offsets_kept(parts: list[tuple[str, str, str]]) -> None:
    """Whatever stands between and inside the spans, the offsets point at the annotated words."""
    parts = [(between, label, words.strip() or "x") for between, label, words in parts]
    marked = "".join(f"{between}[[{label}|{words}]]" for between, label, words in parts)
    message = _message(marked)
    found = [(message.text[s.start : s.end], s.label) for s in message.spans]
    assert found == [(words, label) for _, label, words in parts]
    assert message.text == "".join(between + words for between, _, words in parts)


@pytest.mark.parametrize(
    "marked",
    [
        "Hei [[PERSON|Kari [[ORG|Lund]] AS]]",
        "Hei [[PERSON|Kari",
        "Hei Kari]]",
        "Hei [[PERSON|]]",
        "Hei [[PERSON|Kari|]]",
        "Hei [[PERSON| Kari]]",
        "Hei [[NAME|Kari]]",
        "",
    ],
    ids=["nested", "open", "closed", "empty", "second bar", "white space", "label", "no text"],
)
def test_broken_annotation_is_refused_without_its_words(marked: str) -> None:
    """The message is named, its words are not."""
    with pytest.raises(AnnotationError) as caught:
        _message(marked)
    assert "x-1" in str(caught.value)
    assert "Kari" not in str(caught.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Misses are told by id, so it must lead to one message."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"{HEAD}Hei\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="x-1 stands twice"):
        load(folder=tmp_path)


def test_text_before_the_first_message_is_refused() -> None:
    """It would be lost without a word."""
    with pytest.raises(AnnotationError, match="does not begin"):
        parse(f"Hei\n{HEAD}Hei", "a")


def test_a_message_does_not_show_its_text() -> None:
    """Not even synthetic texts go into a log by mistake."""
    assert "Kari" not in repr(_message("Hei [[PERSON|Kari]]"))


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["FODSELSNUMMER", "DNUMBER", "KONTONUMMER", "ORGNR", "IBAN"])
def test_a_changed_digit_is_a_fault(messages: list[Message], label: str) -> None:
    """Mod 11 and mod 97 find every single wrong digit, wherever it stands."""
    for words in _words(messages, label):
        for place, digit in enumerate(words):
            if digit.isdigit():
                wrong = words[:place] + str((int(digit) + 1) % 10) + words[place + 1 :]
                assert not CHECKS[label](wrong), label


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("FODSELSNUMMER", "13097248022"),
        ("DNUMBER", "53097248016"),
        ("KONTONUMMER", "86011117947"),
        ("IBAN", "NO9386011117947"),
        ("ORGNR", "974760673"),
        ("CARD", "4539578763621486"),
        ("IP", "8.8.8.8"),
        ("EMAIL", "kari@example.net"),
        ("EMAIL", "kari@notexample.no"),
        ("PHONE", "1234567"),
    ],
)
def test_valid_but_not_synthetic_is_a_fault(label: str, words: str) -> None:
    """A number that could be someone's is refused though its check digits hold."""
    assert faults([Message(words, (Gold(0, len(words), label),), "nb", "order", "x")])


def test_known_numbers_pass() -> None:
    """Vectors from the specifications: KID by either modulus, an IBAN written in groups."""
    assert all(map(is_kid, ("12344", "12343", "000506701000172", "10001779880270005067-")))
    assert not any(map(is_kid, ("12345", "1", "602244")))
    assert is_iban("NO80 9991 9075 763")


def test_a_name_left_out_in_the_signature_is_a_doubt() -> None:
    """The usual slip: annotated in the greeting, forgotten at the end."""
    message = _message("Hei [[PERSON|Kari]]!\nMvh Kari, tlf 41358806")
    places = [message.text[start:end] for _, start, end in doubts([message])]
    assert places == ["Kari", "41358806"]


# --- labels -----------------------------------------------------------------------------------


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


# --- scoring ----------------------------------------------------------------------------------


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
    scores = score([_message("Hei [[PERSON|Kari Nordmann]]")], _says())
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
    row = score([_message("Hei [[PERSON|Kari Nordmann]], takk.")], _says(said)).direct
    assert row.recall_exact.hits == exact
    assert row.recall_relaxed.hits == relaxed
    assert row.recall_covering.hits == covered
    assert row.precision_covering.n == (overlaps is not None)
    assert row.precision_covering.hits == (overlaps or 0)


def test_pieces_of_an_address_count_when_they_cover_it_together() -> None:
    """Street and postcode found apart are one address found, and both right."""
    message = _message("[[ADDRESS|Moen 4, 2966 Slidre]] er ny.")
    street, place = (0, 6, "user.contact.address.street"), (8, 19, "LOCATION")
    both = score([message], _says(street, place)).direct
    assert (both.recall_relaxed.hits, both.precision_relaxed.hits) == (1, 1)
    assert both.recall_covering.hits == 1
    alone = score([message], _says(street)).direct
    assert (alone.recall_relaxed.hits, alone.precision_relaxed.hits) == (0, 0)
    assert alone.precision_covering.hits == 1


def test_a_firms_mailbox_taken_for_a_persons_is_an_alarm_of_its_own_kind() -> None:
    """It costs precision, and is told apart from an alarm on nothing."""
    message = _message("Send til [[ORG_EMAIL|post@example.no]] i dag")
    scores = score([message], _says((9, 24, "EMAIL_ADDRESS"), (25, 30, "PERSON")))
    assert scores.direct.precision_relaxed.hits == 0
    assert len(scores.alarms) == 2
    assert scores.on_organisations == 1
    assert scores.confusion == {("ORG_EMAIL", "EMAIL"): 1, ("", "PERSON"): 1}


def test_a_national_number_is_right_whichever_of_the_two_it_is() -> None:
    """The taxonomy has one category for both, so neither can be asked for."""
    message = _message("Nr. [[DNUMBER|66878636512]]")
    found = (4, 15, "user.government_id.national_identification_number")
    assert score([message], _says(found)).labels["DNUMBER"].recall_exact.hits == 1


def test_saying_it_twice_counts_once() -> None:
    """Two recognisers that agree do not raise precision."""
    twice = _says((4, 8, "PERSON"), (4, 8, "PERSON"))
    assert score([_message("Hei [[PERSON|Kari]]")], twice).direct.precision_exact.n == 1


def test_the_interval_holds_the_share_and_narrows_with_more_messages() -> None:
    """Half of the messages found: the interval is around 0.5, and tighter for 200 than for 20."""

    def half(n: int) -> tuple[float, float]:
        made = [_message("Hei [[PERSON|Kari]]", f"x-{i}") for i in range(n)]
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
    clustered = [_message(name * 10, f"x-{i}") for i in range(20)]
    spread = [_message(name, f"x-{i}") for i in range(200)]
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
    assert not [w for w in _words(messages, "PERSON") if len(w) > 7 and w in text]
