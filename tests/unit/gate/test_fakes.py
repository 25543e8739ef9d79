"""Every value of a column of fakes shows that it is one, by rules that fit no real value."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from sladd.gate.fakes import REAL, check_fakes, without_fakes
from sladd.release import ReleaseColumn, ReleaseTable
from transforms import fake, redact_text
from transforms.fakes import KINDS

MAIL = fake.form({"kind": "email"}, 1).pattern
FAKE = "blid.furukvist.k3f7a2m5qd@example.com"


def _asked(values: list, kind: pa.DataType | None = None, **rule: str):
    array = pa.array(values, kind or pa.string())
    column = ReleaseColumn(name="epost", type=str(array.type), transform="fake", **rule)
    table = ReleaseTable(name="kunder", rows_in=9, rows_out=9, files=(), columns=(column,))
    with duckdb.connect() as opened:
        opened.register("kunder", pa.table({"epost": array}))
        return list(check_fakes(opened, table, "kunder"))


def test_fakes_nulls_and_empty_texts_pass():
    """NULL and '' are what the source had."""
    (check,) = _asked([FAKE, None, "", FAKE], pattern=MAIL)
    assert (check.passed, check.column) == (True, "kunder.epost")


@pytest.mark.parametrize(
    "planted",
    [
        "kari@firma.no",
        "kari@example.com",
        f"{FAKE} kari@firma.no",
        f"{FAKE}\n",
        f"\n{FAKE}",
        FAKE.upper(),
        " ",
    ],
)
def test_one_planted_value_among_many_fakes_is_seen(planted):
    """Counted, never quoted."""
    (check,) = _asked([*[FAKE] * 500, planted], pattern=MAIL)
    assert not check.passed
    assert check.detail == "1 different values do not show that they are invented"


def test_lists_hold_fakes_only():
    """Every element counts."""
    kind = pa.list_(pa.string())
    assert _asked([[FAKE, None], [], None], kind, pattern=MAIL)[0].passed
    assert not _asked([[FAKE, "kari@firma.no"]], kind, pattern=MAIL)[0].passed


@pytest.mark.parametrize(
    "rule", [{"pattern": ".*"}, {"pattern": r"[^@]+@[^@]+"}, {"pieces": r"\w+"}]
)
def test_a_rule_that_fits_real_values_is_refused(rule):
    """A transform cannot give itself leave."""
    (check,) = _asked([FAKE], **rule)
    assert not check.passed
    assert "forms of real values" in check.detail


def test_no_rule_of_ours_fits_a_real_value():
    """Neither of a kind nor of texts, in either language."""
    for language in ("nb", "en"):
        for kind in KINDS:
            form = fake.form({"kind": kind, "language": language}, 1)
            assert _asked([], pattern=form.pattern)[0].passed, kind
        texts = redact_text.form({"with": "fake", "language": language}, 1)
        assert _asked([], pieces=texts.pieces)[0].passed
    assert len(set(REAL)) == len(REAL)


def test_a_column_without_a_rule_is_not_asked():
    """Other columns have other checks."""
    assert _asked(["kari@firma.no"]) == []


def test_detectors_see_what_is_not_invented():
    """Fakes are taken out of columns and texts, whole words only; the rest stays to be found."""
    column = ReleaseColumn(name="a", type="string", transform="fake", pattern=MAIL)
    values = pa.chunked_array([["kari@firma.no", FAKE], [None, ""]])
    assert without_fakes(column, values).to_pylist() == ["kari@firma.no", None, None, ""]
    pieces = redact_text.form({"with": "fake"}, 1).pieces
    texts = ReleaseColumn(name="a", type="string", transform="redact_text", pieces=pieces)
    given = [
        f"Blid Furukvists ordre, {FAKE}, {FAKE.upper()}",
        "Storgata 1 og kari@firma.no",
        "Ring Blid Blid Blid",
        "Leves Lurøy 3, BLID FURUKVISTS ordre",
    ]
    assert without_fakes(texts, pa.chunked_array([given])).to_pylist() == [
        "… ordre, …, …",
        "Storgata 1 og kari@firma.no",
        "Ring … … …",
        "Leves Lurøy 3, … ordre",
    ]
    lists = pa.chunked_array([[[given[0]], None, [], [None, "Storgata 1"]]])
    assert without_fakes(texts, lists).to_pylist() == [
        ["… ordre, …, …"],
        None,
        [],
        [None, "Storgata 1"],
    ]
