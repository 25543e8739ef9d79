"""The anonymisation report: what an officer reads, in two languages, on screen and paper."""

from __future__ import annotations

import itertools
import os
import re
import tomllib
from importlib.resources import files

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd.gate.attack import nearest
from sladd.gate.wp216 import Written, three_tests
from sladd.pipeline.utility import utility_of
from sladd.release import Manifest, label, loads
from sladd.release.earlier import Earlier, EarlierTable
from sladd.release.method import AssessmentRecord, ColumnMethod, Method, TableMethod
from sladd.release.utility import Setting, Utility
from sladd.release.wp216 import Thresholds, Wp216
from sladd.targets.anonymity import anonymisation_html
from sladd.writing import LANGUAGES
from tests.unit.release import pages
from tests.unit.release.pages import GOLDEN, HOSTILE
from tests.unit.utility.decades import made

K = 5


class Page(pages.Page):
    """A page with its headings and what each drawing is called."""

    def __init__(self, text: str) -> None:
        self.headings: dict[str, list[int]] = {"nb": [], "en": []}
        self.drawings: list[dict[str, str]] = []
        self.headers: list[bool] = []
        super().__init__(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        before = self.open[-1][1] if self.open else ""
        lang = given.get("lang", before) if tag != "html" else ""
        if re.fullmatch(r"h[1-6]", tag):
            for code in [lang] if lang else LANGUAGES:
                self.headings[code].append(int(tag[1]))
        if tag == "svg":
            self.drawings.append(given)
        if tag == "th":
            self.headers.append("scope" in given)
        super().handle_starttag(tag, attrs)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= dict(attrs).keys()


@pytest.fixture(scope="module")
def risk(tmp_path_factory) -> dict:
    """Measures of a small table, made as a publish makes them."""
    compared = made(rows=400, k=K)
    released = compared.after.filter(pa.array(~compared.left_out))
    path = tmp_path_factory.mktemp("report") / "personer.parquet"
    pq.write_table(released, path)
    quasi = tuple(compared.levels)
    facts = released.take(pa.array(range(0, released.num_rows, 4)))
    attack = nearest(
        "personer", facts, released, known=quasi, truth=range(0, released.num_rows, 4), k=K
    )
    tests = three_tests(
        [Written("personer", str(path), quasi, ("gruppe",))],
        Thresholds(k=K, t=0.6),
        attacks=[attack],
    )
    utility = utility_of(compared)
    settings = (
        Setting(loss=0.2, smallest=2, rows_suppressed=0),
        Setting(loss=utility.loss, smallest=K, rows_suppressed=9, chosen=True),
        Setting(loss=0.7, smallest=60, rows_suppressed=0),
    )
    utility = utility.model_copy(update={"settings": settings})
    method = TableMethod(
        name="personer", k=K, l=2, t=0.6, max_suppression=0.1, suppressed=9, loss=utility.loss,
        optimal=True, nodes=24, nodes_checked=7,
        columns=(
            ColumnMethod(
                name="alder", role="quasi_identifier", level="10 years", step=2, steps=4
            ),
            ColumnMethod(
                name="postnr", role="quasi_identifier", level="1 characters", step=2, steps=3
            ),
            ColumnMethod(name="gruppe", role="sensitive"),
            ColumnMethod(name="navn", role="direct"),
        ),
    )  # fmt: skip
    earlier = EarlierTable(
        table="personer", release="open", version="20260901T080000Z-aa01", other_table="personer",
        classes=40, found=40, regions=40, passed=True,
    )  # fmt: skip
    parts = {
        "wp216": tests,
        "utility": Utility(tables=(utility,)),
        "method": Method(tables=(method,)),
        "earlier": Earlier(k=K, compared=(earlier,)),
    }
    return {name: part.model_dump(mode="json") for name, part in parts.items()}


def manifest(risk: dict, **more) -> Manifest:
    base = loads((GOLDEN / "manifest.json").read_bytes())
    given = {
        "release": "open",
        "kind": "anonymised",
        "label": label("anonymised"),
        "label_nb": label("anonymised", "nb"),
        "risk": risk,
    }
    return base.model_copy(update={**given, **more})


def changed(risk: dict, name: str, part: str, **more) -> dict:
    """The measures with the first entry of a list changed."""
    first, *rest = risk[name][part]
    return {**risk, name: {**risk[name], part: [{**first, **more}, *rest]}}


def test_page_is_as_it_was(risk):
    """The golden page; a change is looked at and written anew with SLADD_WRITE_GOLDEN=1."""
    page, place = anonymisation_html(manifest(risk)), GOLDEN / "anonymisation.html"
    if os.environ.get("SLADD_WRITE_GOLDEN"):
        place.write_text(page, encoding="utf-8", newline="\n")
    assert page == place.read_text(encoding="utf-8")


def test_release_without_the_three_tests_has_no_such_page(risk):
    """Nothing is made up for a release that was not measured."""
    assert anonymisation_html(manifest({})) is None
    assert anonymisation_html(manifest({"utility": risk["utility"]})) is None


def test_page_is_whole_and_runs_nothing(risk):
    """Every tag closes, no id repeats, every link leads within the page; no script, no style."""
    text = anonymisation_html(manifest(risk))
    page = Page(text)
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not page.attributes & {"style", "src", "srcset", "onclick", "action"}
    assert not re.search(r"url\(|@import|https?://", text)


def test_headings_go_down_one_step_at_a_time(risk):
    """A screen reader's outline has no hole, in either language."""
    for levels in Page(anonymisation_html(manifest(risk))).headings.values():
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_drawings_and_tables_can_be_heard(risk):
    """Each drawing has a title and its numbers in words; each header says what it heads."""
    text = anonymisation_html(manifest(risk))
    page = Page(text)
    assert len(page.drawings) == 2 * (1 + 1 + 4)
    for drawing in page.drawings:
        assert drawing["role"] == "img"
        title, told = drawing["aria-labelledby"].split()
        assert {title, told} <= set(page.ids)
    told = re.findall(r"<desc[^>]*>([^<]+)</desc>", text)
    assert all(re.search(r"\d", one) for one in told)
    assert all(page.headers)


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("nb", [
            "Anonymiseringsrapport", "Utpeking: kan noen pekes ut?", "Kobling", "Slutning",
            "Ingen står alene. Minste gruppe har 5 personer.", "aldersgrupper på 10 år",
            "det første tegnet", "ikke med", "Underskrift",
            "Ingen av sammenligningene peker ut noen.", "direkte identifiserende",
        ]),
        ("en", [
            "Anonymisation report", "Singling out: can anyone be picked out?", "Inference",
            "Nobody stands alone. The smallest group has 5 persons.", "age bands of 10 years",
            "not released", "Signature", "None of the comparisons singles anyone out.",
        ]),
    ],
)  # fmt: skip
def test_reader_of_either_language_is_served(risk, lang, sentences):
    """Answers, method and form stand in words of that language."""
    said = Page(anonymisation_html(manifest(risk))).says(lang)
    for sentence in sentences:
        assert sentence in said, sentence


def test_no_sentence_is_left_in_the_other_language(risk):
    """Not one English word of the page's own in the Norwegian half."""
    said = Page(anonymisation_html(manifest(risk))).says("nb")
    for word in (" the ", " persons", " rows ", " years"):
        assert word not in said


def test_texts_of_both_languages_have_the_same_keys_and_facts():
    """A sentence that is missing in one is found here, not by a reader."""
    texts = [
        tomllib.loads(
            files("sladd.targets.anonymity").joinpath("texts", f"{code}.toml").read_text("utf-8")
        )
        for code in LANGUAGES
    ]
    one, other = ({(g, k): v for g, part in t.items() for k, v in part.items()} for t in texts)
    assert one.keys() == other.keys()
    for key, text in one.items():
        facts = [set(re.findall(r"\{(\w+)\}", said)) for said in (text, other[key])]
        assert facts[0] == facts[1], key


def test_failed_tests_are_said_first(risk):
    """Someone alone, a surer link, a value given away: red, counted, on the first screen."""
    bad = changed(risk, "wp216", "singling_out", k=1, uniques=3, persons_below=7, passed=False)
    bad = changed(bad, "wp216", "inference", worst=0.81, passed=False)
    text = anonymisation_html(manifest(bad))
    start = text[: text.index('id="released-nb"')]
    assert start.count('class="hot"') == 2
    assert "2 av de tre prøvene er ikke bestått" in start
    assert "3 personer står alone".replace("alone", "alene") in start
    assert "81 prosentpoeng vanligere" in start
    assert Wp216.model_validate(bad["wp216"]).passed("linkability")


def test_difference_to_an_earlier_release_is_said_first(risk):
    """The three tests pass, and yet the page opens with what does not."""
    bad = changed(risk, "earlier", "compared", differing=2, persons=3, smallest=1, passed=False)
    text = anonymisation_html(manifest(bad))
    assert text.index('class="alert"') < text.index('id="released-nb"')
    assert "Alle de tre prøvene er bestått." not in text
    gone = changed(
        risk, "earlier", "compared", comparable=False, reason="key not at hand", passed=False
    )
    assert "ikke sammenlignet: nøkkelen finnes ikke lenger" in anonymisation_html(manifest(gone))


def test_assessment_fills_the_form_and_only_the_label_turns_it_green(risk):
    """Signed by whom, until when; a candidate stays one whatever the form says."""
    signed = AssessmentRecord(
        assessed_by="Solveig Eksempel", position="personvernombud", assessed_on="2026-11-25",
        review_by="2027-11-25", recipients=("Analyseavdelingen",),
        release_model="named_recipients", controller_keeps="Kilden",
        singling_out="Ingen er alene.", conclusion="anonymised",
    )  # fmt: skip
    text = anonymisation_html(manifest(risk), assessment=signed)
    for word in ("Solveig Eksempel", "til navngitte mottakere", "Ingen er alene.",
                 "Utgivelsen er anonymisert."):  # fmt: skip
        assert word in text
    assert 'class="label signed"' not in text
    called = {"nb": "anonymisert: vurdert", "en": "anonymised: assessed"}
    good = anonymisation_html(manifest(risk), assessment=signed, labels=called)
    assert 'class="label signed"' in good
    assert "var vurderingen ikke signert" not in good
    assert "Anonymisert: vurdert" in good


def test_names_of_others_cannot_break_the_page(risk):
    """A table called like a tag is shown as it is spelt."""
    bad = changed(risk, "wp216", "singling_out", table=HOSTILE)
    text = anonymisation_html(manifest(bad, release=HOSTILE, purpose=HOSTILE))
    assert "<script" not in text
    assert not Page(text).open


def test_only_values_of_k_persons_are_on_the_page(risk):
    """The one person with the largest sum, and postcodes of a few, are not."""
    text = anonymisation_html(manifest(risk))
    assert not re.search(r"987.?654", text)
    for code in made(rows=400, k=K).before["postnr"].to_pylist():
        assert f">{code}<" not in text
