"""The release's own page and its data dictionary: what a reader finds, in two languages."""

from __future__ import annotations

import csv
import io
import os
import re
import tomllib
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from sladd.policy.profile import load_profile, load_reasons
from sladd.release import (
    Dropped,
    GateAnswer,
    GateRecord,
    LeftOut,
    Manifest,
    ReleaseFile,
    ReleaseTable,
    loads,
)
from sladd.targets import facts
from sladd.targets.dictionary import COLUMNS, dictionary_csv
from sladd.targets.language import language, reason_in
from sladd.targets.report import report_html
from sladd.targets.treatment import treatment
from sladd.writing import LANGUAGES

GOLDEN = Path(__file__).parents[2] / "golden"
HOSTILE = '"><script>alert(1)</script>'
NBSP = "\u00a0"
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Tags as they open and close, ids, links, and the words of each language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: dict[str, list[str]] = {"nb": [], "en": []}
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes |= given.keys()
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag not in VOID:
            before = self.open[-1][1] if self.open else ""
            self.open.append((tag, given.get("lang", before) if tag != "html" else ""))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        lang = self.open[-1][1] if self.open else ""
        if lang and data.strip():
            self.words[lang].append(" ".join(data.split(" ")).strip())

    def says(self, lang: str) -> str:
        return " | ".join(self.words[lang])


def full() -> Manifest:
    """A release with something to tell in every section."""
    base = loads((GOLDEN / "manifest.json").read_bytes())
    customers, orders = base.tables
    first, second, third = customers.columns
    customers = customers.model_copy(
        update={
            "rows_in": 47,
            "columns": (
                first.model_copy(
                    update={
                        "category": "user.unique_id",
                        "comment": "Key of customer; the pseudonym joins the tables.",
                    }
                ),
                second.model_copy(
                    update={
                        "category": "user.contact.address.postal_code",
                        "transform": "generalise",
                        "parameters": {"to": "region"},
                        "comment": "A rule of the release covers the category "
                        "user.contact.address.postal_code.",
                    }
                ),
                third.model_copy(
                    update={"comment": "No finding in 40 rows, and the type holds no text."}
                ),
            ),
        }
    )
    checks = (
        GateAnswer(name="rows", passed=True, detail="40 of 40", column="customers"),
        GateAnswer(name="rows", passed=True, detail="100 of 100", column="orders"),
        GateAnswer(name="signature", passed=True, detail="Ed25519, key 0123abcd"),
    )
    return base.model_copy(
        update={
            "tables": (customers, orders),
            "left_out": (
                LeftOut(table="customers", reason="persons or rows that stay out", rows=7),
            ),
            "dropped": (
                Dropped(
                    field="shop/customers.fnr",
                    reason="sensitive",
                    reason_text="The class national_id leaves only when a rule names the field"
                    " and a verdict confirms it.",
                ),
                Dropped(
                    field="shop/customers.note",
                    reason="undecided",
                    reason_text="Text without a decision stays out. Confirm or reject it:"
                    " sladd decide shop/customers.note.",
                ),
                Dropped(
                    field="shop/customers.adresse",
                    reason="rule",
                    reason_text="Analysis does not need this contact data (data minimisation).",
                ),
            ),
            "gate": GateRecord(
                passed=True,
                checks=checks,
                not_checked=(
                    "whether a value of the source is left in the output (needs the source)",
                ),
            ),
        }
    )


def test_the_page_is_as_it_was():
    """The golden page; a change is looked at and written anew with SLADD_WRITE_GOLDEN=1."""
    page, place = report_html(full()), GOLDEN / "release.html"
    if os.environ.get("SLADD_WRITE_GOLDEN"):
        place.write_text(page, encoding="utf-8", newline="\n")
    assert page == place.read_text(encoding="utf-8")


def test_the_page_is_whole():
    """Every tag closes, no id repeats, every link leads somewhere within the page."""
    page = Page(report_html(full()))
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not page.attributes & {"style", "src", "srcset", "onclick", "action"}


def test_the_policy_allows_the_style_and_nothing_else():
    """The browser shows the page by the hash of its one style sheet."""
    import base64
    import hashlib

    text = report_html(full())
    css = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;;" in text
    assert "script-src" not in text
    assert not re.search(r"url\(|@import", css)


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "nb",
            [
                (
                    "2 tabeller med 140 rader. 2 kolonner er uendret, 4 er endret, og 3 felt"
                    " fra kildene er ikke med."
                ),
                "i én tabell",
                "Alle 3 kontrollene er bestått.",
                "byttet ut med et pseudonym; like verdier får like pseudonymer",
                "sted gjort om til landsdel",
                "Regelen i utgivelsen gjelder kategorien postnummer.",
                "Ingen funn i 40 rader, og typen rommer ikke tekst.",
                (
                    "Klassen offentlig ID slipper bare ut når en regel nevner feltet og en avgjørelse"
                    " bekrefter det."
                ),
                "Kontaktopplysningen trengs ikke til analyse (dataminimering).",
                "om en verdi fra kilden står igjen i utgivelsen (krever kilden)",
                "22. november 2026 kl. 10.11 UTC".replace(". n", f".{NBSP}n").replace(
                    "kl. ", f"kl.{NBSP}"
                ),
            ],
        ),
        (
            "en",
            [
                (
                    "2 tables with 140 rows. 2 columns are unchanged, 4 are transformed, and 3 fields"
                    " of the sources stayed behind."
                ),
                "in one table",
                "All 3 checks passed.",
                "replaced by a pseudonym; equal values get equal pseudonyms",
                "place made into its part of the country",
                "No finding in 40 rows, and the type holds no text.",
                (
                    "The class government ID leaves only when a rule names the field and a verdict"
                    " confirms it."
                ),
                "whether a value of the source is left in the release (needs the source)",
                f"22{NBSP}November 2026 10:11 UTC",
            ],
        ),
    ],
)
def test_a_reader_of_either_language_is_served(lang, sentences):
    """Figures, treatments, reasons and dates stand in words of that language."""
    said = Page(report_html(full())).words[lang]
    for sentence in sentences:
        assert sentence in said, sentence


def test_no_sentence_is_left_in_the_other_language():
    """In the Norwegian half, only measurements of the gate are English, and marked so."""
    said = Page(report_html(full())).says("nb")
    for word in (" the ", " rows ", " field ", " checks "):
        assert word not in said


def test_a_failed_check_stands_on_the_first_screen():
    """What failed is said before the tables, open, with its place; the rest is folded."""
    gate = GateRecord(
        passed=False,
        checks=(
            GateAnswer(name="signature", passed=True),
            GateAnswer(name="rows", passed=False, detail="39 of 40", column="customers"),
        ),
    )
    text = report_html(full().model_copy(update={"gate": gate}))
    assert text.index('class="alert"') < text.index('id="tables-nb"')
    assert text.index("39 of 40") < text.index('id="tables-nb"')
    assert "1 av 2 kontroller er ikke bestått." in text
    assert "1 of 2 checks did not pass." in text


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
    ("transform", "parameters", "nb", "en"),
    [
        ("keep", {}, "uendret", "unchanged"),
        ("generalise", {"to": "digits"}, "postnummer kortet til 2 sifre",
         "postcode cut to 2 digits"),
        ("generalise", {"to": "network"},
         "IP-adresse kortet til nettet (/24 for IPv4, /48 for IPv6)",
         "IP address cut to its network (/24 for IPv4, /48 for IPv6)"),
        ("generalise", {"to": "age_band", "width": 5, "top": 80},
         "gjort om til aldersgrupper på 5 år, 80 og eldre samlet",
         "made into age bands of 5 years, 80 and older together"),
        ("generalise", {"to": "band", "width": 100000},
         f"gjort om til trinn på 100{NBSP}000", "made into bands of 100,000"),
        ("generalise", {"to": "band", "width": 0.25},
         "gjort om til trinn på 0,25", "made into bands of 0.25"),
        ("generalise", {"to": "band", "edges": [0, 18, 67.5]},
         "gjort om til trinn med grensene 0, 18, 67,5", "made into bands with the edges 0, 18, 67.5"),
        ("truncate_date", {}, "dato kuttet til måneden", "date cut to its month"),
        ("truncate_date", {"to": "day"}, "klokkeslettet er fjernet",
         "the time of day is removed"),
        ("mask", {}, "tegnene er skjult", "the characters are hidden"),
        ("mask", {"keep_last": 4}, "tegnene er skjult, unntatt 0 først og 4 sist",
         "the characters are hidden, except 0 at the start and 4 at the end"),
        ("replace", {"value": "{x}"}, "alle verdier byttet ut med den samme teksten",
         "every value replaced by the same text"),
        ("redact_text", {"with": "pseudonym"},
         "personopplysninger i teksten byttet ut med pseudonymer; resten står",
         "personal data within the text replaced by pseudonyms; the rest stays"),
        ("acme_noise", {"scale": 3}, "acme_noise (scale: 3)", "acme_noise (scale: 3)"),
        ("generalise", {"to": "later"}, "generalise (to: later)", "generalise (to: later)"),
    ],
)  # fmt: skip
def test_what_was_done_is_said_in_words(transform, parameters, nb, en):
    """A phrase for each of our transforms; a plug-in's keeps its name and parameters."""
    column = full().tables[0].columns[0]
    column = column.model_copy(update={"transform": transform, "parameters": parameters})
    assert treatment(column, language("nb")) == nb
    assert treatment(column, language("en")) == en


def test_every_transform_and_choice_has_a_phrase():
    """A transform that ships says what it does in both languages."""
    import transforms

    column = full().tables[0].columns[0]
    for worker in transforms.TRANSFORMS:
        spec = worker.SPEC
        if spec.drops:
            continue
        to = next((p for p in spec.parameters if p.name in {"to", "kind"}), None)
        for choice in to.choices if to else ("",):
            given = {to.name: choice, "width": 10} if to and choice else {}
            said = column.model_copy(update={"transform": spec.name, "parameters": given})
            for lang in LANGUAGES:
                assert treatment(said, language(lang)).split(" (")[0] != spec.name, choice


def test_every_reason_of_a_plan_is_known_again():
    """Our English sentences turn into Norwegian ones; a stranger's stays as it is."""
    facts_given = {
        "category": "user.name", "entity": "shop/a.id", "rows": "12", "type": "date",
        "legal_class": "art9", "field": "shop/a.{x}", "transform": "keep",
        "role": "quasi", "distinct": "7",
    }  # fmt: skip
    english, norwegian = load_reasons("en"), load_reasons("nb")
    for reason in english.sentences:
        said = reason_in(english.say(reason, **facts_given), language("nb"))
        in_norwegian = {
            "category": "navn",
            "type": "dato",
            "legal_class": "særlig kategori (art. 9)",
        }
        assert said == norwegian.say(reason, **{**facts_given, **in_norwegian})
    for texts in load_profile().texts.values():
        assert reason_in(texts["en"], language("nb")) == texts["nb"]
    assert reason_in("A plug-in's own words.", language("nb")) == "A plug-in's own words."
    assert reason_in("", language("nb")) == ""


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


def test_hostile_names_are_shown_and_do_nothing():
    """Markup stays text, and a character that turns the line around is made visible."""
    base = full()
    turned = "abc\u202egnp.exe"
    columns = tuple(
        c.model_copy(
            update={"name": HOSTILE + str(n), "comment": HOSTILE, "category": HOSTILE,
                    "transform": HOSTILE, "type": HOSTILE, "parameters": {HOSTILE: HOSTILE}}
        )
        for n, c in enumerate(base.tables[0].columns)
    )  # fmt: skip
    table = base.tables[0].model_copy(
        update={"name": HOSTILE, "comment": turned, "columns": columns}
    )
    answer = GateAnswer(name=HOSTILE, passed=False, detail=HOSTILE, column=HOSTILE)
    manifest = base.model_copy(
        update={
            "release": HOSTILE, "purpose": HOSTILE, "recipients": (HOSTILE,), "domain": HOSTILE,
            "tables": (table,), "foreign_keys": (), "signed_by": HOSTILE, "key_id": HOSTILE,
            "dropped": (Dropped(field=HOSTILE, reason=HOSTILE, reason_text=HOSTILE),),
            "left_out": (LeftOut(table=HOSTILE, reason=HOSTILE, rows=1),),
            "gate": GateRecord(passed=False, checks=(answer,), not_checked=(HOSTILE,)),
            "snapshot": {HOSTILE: "x"}, "consistency": {HOSTILE: "snapshot"},
        }
    )  # fmt: skip
    text = report_html(manifest)
    page = Page(text)
    assert "script" not in page.tags
    assert not page.open
    assert "\u202e" not in text


def test_an_empty_release_is_told_without_a_fault():
    """No table, nothing dropped, no gate, no date: the page says so."""
    base = full()
    manifest = base.model_copy(
        update={"tables": (), "foreign_keys": (), "dropped": (), "left_out": (), "gate": None,
                "expires": None, "purpose": "", "recipients": (), "as_of": date(2026, 1, 1)}
    )  # fmt: skip
    said = Page(report_html(manifest)).says("nb")
    for sentence in ("ingen frist er satt", "ikke oppgitt", "kjør sladd verify",
                     "Alle felt fra kildene er med.", "Ingen rader er holdt utenfor"):  # fmt: skip
        assert sentence in said


def test_the_signing_key_is_named_as_soon_as_it_is_known():
    """From the manifest, from what the gate saw, or by where it stands."""
    base = full()
    assert facts.signing_key(base) == "0123abcd"
    assert facts.signing_key(base.model_copy(update={"signed_by": "77"})) == "77"
    unsigned = base.model_copy(update={"gate": None})
    assert facts.signing_key(unsigned) == ""
    assert "se signed_by i manifest.json" in report_html(unsigned)


def test_a_source_read_table_by_table_is_said_to_be():
    """Only one moment for all may be called that."""
    text = report_html(full().model_copy(update={"consistency": {"shop": "per table"}}))
    assert "lest tabell for tabell" in text
    assert "lest på ett tidspunkt" not in text


def test_both_languages_have_the_same_texts():
    """No key is missing in either, and their facts are the same."""
    texts = {
        lang: language(lang).texts
        for lang in LANGUAGES
        if tomllib.loads(
            files("sladd.targets").joinpath("texts", f"{lang}.toml").read_text("utf-8")
        )
    }
    assert texts["nb"].keys() == texts["en"].keys()
    for key, text in texts["nb"].items():
        found = set(re.findall(r"\{(\w+)\}", text))
        assert found == set(re.findall(r"\{(\w+)\}", texts["en"][key])), key


def test_the_dictionary_says_what_an_analyst_asks():
    """Category with its label, what was done in words, and every partner of a join."""
    rows = list(csv.DictReader(io.StringIO(dictionary_csv(full()).decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    by_name = {(row["table"], row["column"]): row for row in rows}
    region = by_name["customers", "region"]
    assert region["category"] == "user.contact.address.postal_code"
    assert region["category_label"] == "Postal code"
    assert region["what_was_done"] == "place made into its part of the country"
    assert by_name["orders", "customer_id"]["joins_with"] == "customers.id"
    assert by_name["customers", "since"]["type"] == "date"


def test_the_dictionary_opens_in_pandas_and_in_excel():
    """Commas and a byte order mark: pandas needs no option, and Excel sees æøå."""
    import pandas as pd

    data = dictionary_csv(full())
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    assert list(pd.read_csv(io.BytesIO(data)).columns) == list(COLUMNS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\t", "\r", "\n", " ="])
def test_no_cell_of_the_dictionary_is_a_formula(start):
    """Names of tables and columns come from the source."""
    base = full()
    column = base.tables[0].columns[0].model_copy(update={"name": f"{start}cmd|'/c calc'!A1"})
    table = base.tables[0].model_copy(update={"name": f"{start}1+1", "columns": (column,)})
    manifest = base.model_copy(update={"tables": (table,), "foreign_keys": ()})
    text = dictionary_csv(manifest).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row[0] == f"'{start}1+1"
    assert row[1] == f"'{start}cmd|'/c calc'!A1"
