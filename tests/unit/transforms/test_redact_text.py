"""Found spans are rewritten by presidio-anonymizer with our operator, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from sladd.errors import TransformError
from sladd.keyring import MasterKey
from sladd.model import KnownValue, Span, StorageType
from transforms import Context, pseudonym, redact_text
from transforms.contract import Beside

MASTER = MasterKey(bytes(range(32)), name="main", version=1)
LABELS = {"user.contact.email": "E-postadresse", "user.name": "Navn"}
_PATTERNS = (
    (re.compile(r"[\wæøå.]+@example\.\w+"), "EMAIL_ADDRESS", "user.contact.email"),
    (re.compile(r"Kari|Nordmann"), "PERSON", "user.name"),
    (re.compile(r"\b\d{8}\b"), "PHONE_NUMBER", ""),
)


def find(texts: Sequence[str]) -> list[list[Span]]:
    """A finder of three kinds."""
    return [
        [
            Span(m.start(), m.end(), kind, 0.9, category)
            for pattern, kind, category in _PATTERNS
            for m in pattern.finditer(text)
        ]
        for text in texts
    ]


def _context(**more: Any) -> Context:
    given: dict[str, Any] = {
        "parameters": {},
        "storage": StorageType.STRING,
        "find_spans": find,
        "labels": LABELS,
        "derive": lambda kind: MASTER.derive("d", kind),
    }
    return Context(**{**given, **more})


def test_spans_become_labels_and_the_rest_stays():
    """Adjacent names are one name; a category without a label shows its type."""
    values = pa.array(["Hei Kari Nordmann, kari@example.no eller 91234567 🙂", "ingen", "", None])
    context = _context()
    assert redact_text.apply(values, context).to_pylist() == [
        "Hei <NAVN>, <E-POSTADRESSE> eller <PHONE_NUMBER> 🙂",
        "ingen",
        "",
        None,
    ]
    assert context.counts["redacted"] == 4


def test_a_pseudonym_in_a_text_is_the_one_in_the_column():
    """The note still leads to the row of the same person, in the same domain."""
    column = Context(
        parameters={},
        storage=StorageType.STRING,
        key=MASTER.derive("d", "email"),
        canonical="email",
    )
    expected = pseudonym.apply(pa.array(["kari@example.no"]), column)[0].as_py()
    made = redact_text.apply(
        pa.array(["skriv til KARI@example.no"]), _context(parameters={"with": "pseudonym"})
    )
    assert made.to_pylist() == [f"skriv til <E-POSTADRESSE {expected}>"]


def test_overlapping_spans_leave_nothing_behind():
    """Two kinds that overlap in part are both gone."""

    def overlapping(texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(0, 6, "A", 0.5), Span(4, 10, "B", 0.9), Span(5, 7, "C", 1.0)] for _ in texts]

    made = redact_text.apply(pa.array(["abcdefghij!"]), _context(find_spans=overlapping))
    assert made.to_pylist() == ["<A><B>!"]


def test_each_distinct_text_is_read_once_in_batches():
    """Ten thousand rows of three texts cost three readings."""
    asked: list[str] = []

    def counting(texts: Sequence[str]) -> list[list[Span]]:
        asked.extend(texts)
        return find(texts)

    values = pa.array([f"Kari {n % 300}" for n in range(10_000)])
    made = redact_text.apply(values, _context(find_spans=counting))
    assert len(asked) == 300
    assert made[299].as_py() == "<NAVN> 299"


def test_a_label_cannot_break_out_of_its_brackets():
    """Labels come from a table, types from plug-ins."""

    def hostile(texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(0, 1, "a><script>", 1.0)] for _ in texts]

    made = redact_text.apply(pa.array(["x"]), _context(find_spans=hostile))
    assert made.to_pylist() == ["<A_SCRIPT_>"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"find_spans": None}, 303),
        ({"find_spans": lambda _: []}, 304),
        ({"derive": None, "parameters": {"with": "pseudonym"}}, 302),
    ],
)
def test_without_a_finder_or_a_key_nothing_is_let_through(more, code):
    """A missing part is an error, never an unredacted text."""
    with pytest.raises(TransformError) as caught:
        redact_text.apply(pa.array(["Kari"]), _context(**more))
    assert caught.value.code == code


def test_what_was_redacted_stays_as_it_is():
    """A second run finds nothing in the labels and pseudonyms of the first."""

    def greedy(texts: Sequence[str]) -> list[list[Span]]:
        return [
            [
                Span(m.start(), m.end(), "PERSON", 0.9, "user.name")
                for m in re.finditer(r"[^\W\d_]{4,}", t)
            ]
            for t in texts
        ]

    for how in ("label", "pseudonym"):
        context = _context(parameters={"with": how}, find_spans=greedy)
        once = redact_text.apply(pa.array(["Kari ble <e> her"]), context)
        assert redact_text.apply(once, context).to_pylist() == once.to_pylist()


def test_only_own_labels_protect_what_they_hold():
    """A text that puts a name into brackets does not hide it."""
    made = redact_text.apply(pa.array(["<Kari> og <KARI abcdefghijklmnopqrstuvwxyz>"]), _context())
    assert "Kari" not in made[0].as_py()


def _known(text: str, spans: Sequence[Span], values: Sequence[KnownValue]) -> Sequence[Span]:
    """Finds values as they stand."""
    more = [
        Span(m.start(), m.end(), "PERSON", 1.0, value.category)
        for value in values
        for m in re.finditer(re.escape(value.text), text)
    ]
    return sorted([*spans, *more], key=lambda span: span.start)


def test_every_row_looks_for_its_own_person():
    """The same text is redacted for the person it is about, and read once."""
    asked: list[str] = []

    def counting(texts: Sequence[str]) -> list[list[Span]]:
        asked.extend(texts)
        return find(texts)

    values = pa.array(["Thi og Bo, kari@example.no", "Thi og Bo, kari@example.no", None, ""])
    names = Beside("user.name", pa.array(["Thi", "Bo", "Thi", None]))
    numbers = Beside("user.unique_id", pa.array([1, 2, 3, None]))
    context = _context(find_spans=counting, find_known=_known)
    assert redact_text.apply(values, context, [names, numbers]).to_pylist() == [
        "<NAVN> og Bo, <E-POSTADRESSE>",
        "Thi og <NAVN>, <E-POSTADRESSE>",
        None,
        "",
    ]
    assert len(asked) == 1


def test_texts_in_lists_look_for_the_person_of_their_row():
    """A list of notes belongs to one row."""
    values = pa.array([["Thi", "Bo"], None, [], ["Bo", None]])
    names = Beside("user.name", pa.array(["Thi", "x", "x", "Bo"]))
    made = redact_text.apply(values, _context(find_known=_known), [names])
    assert made.to_pylist() == [["<NAVN>", "Bo"], None, [], ["<NAVN>", None]]


def test_a_name_in_a_text_has_the_pseudonym_of_the_column():
    """`KARI NORDMANN` in a text is the person of the name column, whatever the case."""
    column = Context(
        parameters={}, storage=StorageType.STRING, key=MASTER.derive("d", "name"), canonical="name"
    )
    expected = pseudonym.apply(pa.array(["Kari Nordmann"]), column)[0].as_py()

    def whole(texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(4, 17, "PERSON", 0.9, "user.name")] for _ in texts]

    context = _context(parameters={"with": "pseudonym"}, find_spans=whole)
    made = redact_text.apply(pa.array(["Hei KARI NORDMANN!", "hei kari nordmanns"]), context)
    assert made.to_pylist() == [f"Hei <NAVN {expected}>!", f"hei <NAVN {expected}>s"]


def test_one_type_of_two_categories_has_two_labels():
    """A role's mailbox is labelled as a company's, in any order."""
    labels = {"user.contact.email": "E-post", "organization.contact.email": "Firmapost"}

    def mails(texts: Sequence[str]) -> list[list[Span]]:
        found = []
        for text in texts:
            spans = [(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+@\S+", text)]
            found.append(
                [
                    Span(
                        a,
                        b,
                        "EMAIL_ADDRESS",
                        1.0,
                        f"{'organization' if 'post' in w else 'user'}.contact.email",
                    )
                    for a, b, w in spans
                ]
            )
        return found

    made = redact_text.apply(
        pa.array(["post@x.no kari@x.no", "kari@x.no post@x.no"]),
        _context(find_spans=mails, labels=labels),
    )
    assert made.to_pylist() == ["<FIRMAPOST> <E-POST>", "<E-POST> <FIRMAPOST>"]
