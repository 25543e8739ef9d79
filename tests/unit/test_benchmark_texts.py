"""The annotated messages: well-formed, synthetic, and scored by the rules they state."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.no import kontonr, orgnr

from benchmarks.accuracy.texts import Gold, Message, load
from benchmarks.accuracy.texts.__main__ import main
from benchmarks.accuracy.texts.check import doubts, faults
from benchmarks.accuracy.texts.labels import DIRECT, LABELS
from benchmarks.accuracy.texts.load import FOLDER, AnnotationError, Which, parse
from benchmarks.accuracy.texts.numbers import CHECKS, is_iban, is_kid
from tests.messages import annotated, parsed

# Double given names that both sets have by chance; a full name in both is refused.
GIVEN_NAMES = {"Lars Petter", "Per Olav"}
HEAD = "--- id: x-1 style: order lang: nb\n"


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    """The corpus, every set."""
    return load("all")


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
        both = [{w.replace(" ", "") for w in annotated(load(which), label)} for which in pair]
        assert both[0].isdisjoint(both[1]), label
    full = [{w for w in annotated(load(which), "PERSON") if " " in w} for which in pair]
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
    accounts = [w.replace(".", "").replace(" ", "") for w in annotated(messages, "KONTONUMMER")]
    cards = [w.replace(" ", "") for w in annotated(messages, "CARD")]
    firms = [
        w.removeprefix("0192:").removeprefix("NO").replace(" ", "").removesuffix("MVA")
        for w in annotated(messages, "ORGNR")
    ]
    assert all(map(kontonr.is_valid, accounts))
    assert all(map(iban.is_valid, annotated(messages, "IBAN")))
    assert all(map(orgnr.is_valid, firms))
    assert all(map(luhn.is_valid, cards))


def test_no_text_is_twice_in_the_corpus(messages: list[Message]) -> None:
    """A message copied by mistake would weigh double."""
    assert len({m.text for m in messages}) == len(messages)


WORD = st.text(st.characters(categories=["L", "N"], include_characters=" -.,"), min_size=1)


@given(st.lists(st.tuples(WORD, st.sampled_from(sorted(LABELS)), WORD), min_size=1, max_size=6))
def test_markup_is_taken_off_and_offsets_kept(parts: list[tuple[str, str, str]]) -> None:
    """Whatever stands between and inside the spans, the offsets point at the annotated words."""
    parts = [(between, label, words.strip() or "x") for between, label, words in parts]
    marked = "".join(f"{between}[[{label}|{words}]]" for between, label, words in parts)
    message = parsed(marked)
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
        parsed(marked)
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
    assert "Kari" not in repr(parsed("Hei [[PERSON|Kari]]"))


@pytest.mark.parametrize("label", ["FODSELSNUMMER", "DNUMBER", "KONTONUMMER", "ORGNR", "IBAN"])
def test_a_changed_digit_is_a_fault(messages: list[Message], label: str) -> None:
    """Mod 11 and mod 97 find every single wrong digit, wherever it stands."""
    for words in annotated(messages, label):
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
    message = parsed("Hei [[PERSON|Kari]]!\nMvh Kari, tlf 41358806")
    places = [message.text[start:end] for _, start, end in doubts([message])]
    assert places == ["Kari", "41358806"]
