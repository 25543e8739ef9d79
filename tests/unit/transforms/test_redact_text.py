"""Found spans are rewritten by presidio-anonymizer with our operator, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from sladd.errors import TransformError
from sladd.keyring import MasterKey
from sladd.model import Span, StorageType
from transforms import Context, pseudonym, redact_text

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
