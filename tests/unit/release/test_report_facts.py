"""What the release's own page tells: in which order, together with what."""

from __future__ import annotations

import re

import pytest

from sladd.release import GateAnswer, ReleaseFile, ReleaseTable
from sladd.targets import facts
from sladd.targets.report import report_html
from tests.unit.release.pages import full


def test_questions_with_a_failed_answer_come_first():
    """And within a question the failed answer."""
    answers = (
        GateAnswer(name="label", passed=True),
        GateAnswer(name="rows", passed=True, column="a"),
        GateAnswer(name="rows", passed=False, column="b"),
    )
    groups = facts.checks(answers)
    assert [(g.name, g.failed) for g in groups] == [("rows", 1), ("label", 0)]
    assert [a.column for a in groups[0].answers] == ["b", "a"]


def test_fields_that_stayed_are_grouped_by_reason():
    """The gravest first; a sentence that names its field is not repeated for each."""
    groups = facts.dropped(full().dropped)
    assert [(g.reason, g.count) for g in groups] == [
        ("sensitive", 1),
        ("undecided", 1),
        ("rule", 1),
    ]
    assert list(groups[1].fields) == [""]


def test_columns_of_one_key_are_told_once():
    """A key of many columns is named, and its columns stand together."""
    base = full()
    orders = base.tables[1]
    customer = next(c for c in orders.columns if c.name == "customer_id")
    more = tuple(customer.model_copy(update={"name": f"customer_{n}"}) for n in range(4))
    wide = orders.model_copy(update={"columns": (*orders.columns, *more)})
    manifest = base.model_copy(update={"tables": (base.tables[0], wide)})
    shared = facts.keys(manifest)
    assert [(key.type, len(key.columns)) for key in shared] == [("customer", 6)]
    first = facts.tables(manifest, shared)[0].columns[0]
    assert first.key == shared[0]
    assert first.partners == ()
    assert '<a href="#k1-nb">5 kolonner</a>' in report_html(manifest)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (("orders", "x"), "orders"),
        (("order", "Group", "class", "orders"), "orders"),
        (('"; rm -rf ~; "', "$(id)", "æøå", "a b", "a'b"), None),
    ],
)
def test_examples_name_only_harmless_tables(names, chosen):
    """What a reader pastes into a shell holds no name that the shell or SQL would act on."""
    file = ReleaseFile(path="t/part-00.parquet", sha256="0" * 64, rows=0)
    tables = tuple(
        ReleaseTable(name=name, rows_in=0, rows_out=0, files=(file,), columns=()) for name in names
    )
    manifest = full().model_copy(update={"tables": tables, "foreign_keys": ()})
    found = facts.sample_table(manifest)
    assert (found.name if found else None) == chosen
    examples = re.findall(r"<pre>(.*?)</pre>", report_html(manifest), re.DOTALL)
    assert examples
    for text in examples:
        words = set(re.findall(r"[^\s,]+", re.sub(r"&#34;|[\"().\[\]]", " ", text)))
        assert not words & {name for name in names if name != chosen}
        assert "$" not in text
        assert "rm" not in words


def test_the_signing_key_is_named_as_soon_as_it_is_known():
    """From the manifest, from what the gate saw, or by where it stands."""
    base = full()
    assert facts.signing_key(base) == "0123abcd"
    assert facts.signing_key(base.model_copy(update={"signed_by": "77"})) == "77"
    unsigned = base.model_copy(update={"gate": None})
    assert facts.signing_key(unsigned) == ""
    assert "se signed_by i manifest.json" in report_html(unsigned)
