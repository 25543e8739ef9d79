"""Free text in a sample: rules first, a model last, and the names of the row."""

from __future__ import annotations

import pyarrow as pa

from detectors.columns import ScanOptions
from detectors.columns.profile import profile
from detectors.columns.texts import of_the_row, read
from detectors.texts.known import with_known
from sladd.model import Span, StorageType

TEXTS = [f"en tekst om noe helt annet, nummer {n} i rekken" for n in range(120)]


def _column(texts):
    return profile(pa.array(texts), StorageType.STRING)


class Counting:
    """A finder of a name in every n-th text, that counts what it is asked."""

    def __init__(self, every: int) -> None:
        self.every, self.asked = every, 0

    def __call__(self, texts):
        found = []
        for text in texts:
            self.asked += 1
            hit = self.every and self.asked % self.every == 0
            end = 3 + self.asked // max(1, self.every) % 5
            found.append([Span(0, end, "PERSON", 0.9, "user.name")] if hit else [])
            assert len(text) > end
        return found


def test_a_model_is_not_asked_where_rules_saw_names():
    """It is a hundred times as slow."""
    rules, model = Counting(3), Counting(3)
    found = read(_column(TEXTS), rules, model, most=100, categories={})
    assert [item.category for item in found] == ["user.name"]
    assert (rules.asked, model.asked) == (100, 0)


def test_a_model_stops_at_the_second_name_and_says_what_it_read():
    """A few texts at a time; what was read is the denominator."""
    model = Counting(5)
    (item,) = read(_column(TEXTS), Counting(0), model, most=100, categories={})
    assert item.category == "user.name"
    assert model.asked == item.read == 16


def test_a_model_that_sees_nothing_reads_a_bounded_number_of_texts():
    """However many the rules may read."""
    model = Counting(0)
    assert read(_column(TEXTS), Counting(0), model, most=120, categories={}) == []
    assert model.asked == 64


def test_texts_name_the_person_of_their_row():
    """Two rows with names of their own say so; one may be chance."""
    texts = ["ring thixa først", "kroxi vil ha blå", "ingen her", None]
    beside = [("user.name", ["Thixa Moe", "Kroxi Berg", "Vambo", "Qorin"])]
    (item,) = of_the_row(texts, beside, with_known)
    assert (item.category, item.texts, item.read) == ("user.name", 2, 3)
    assert of_the_row(texts[:1], [("user.name", ["Thixa Moe"])], with_known) == []


def test_a_sample_with_names_beside_its_texts_is_told_by_them(scanner):
    """`merknad` holds the names that stand in `kunde`, which no list knows."""
    names = [
        f"{g} {f}" for g in ("Thixa", "Kroxi", "Vambo") for f in ("Xyzzyr", "Plugho", "Grueti")
    ]
    columns = {
        "kundenavn": names * 4,
        "merknad": [f"ring {n.split()[0].lower()} før dere leverer, tur {i}" for i, n in enumerate(names * 4)],
    }  # fmt: skip

    def nothing(texts):
        return [[] for _ in texts]

    for known, expected in ((None, ()), (with_known, ("user.name",))):
        options = ScanOptions(text_spans=nothing, text_known=known)
        found = scanner.findings("bestillinger", columns, options=options)
        assert found["merknad"].also == expected
