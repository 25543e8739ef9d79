"""The formats of the discovery report: stable, self-contained, and deaf to hostile names."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from sladd.reports.discovery import render
from sladd.reports.facts import Discovery
from sladd.writing import LANGUAGES
from sladd.writing.escaping import markdown, visible

from .conftest import FORMULA, HOSTILE

GOLDEN = Path(__file__).parents[2] / "golden"
STYLES = ("html", "xlsx", "md", "json")


class Reader(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(data: Discovery, lang: str) -> Reader:
    reader = Reader()
    reader.feed(render(data, "html", lang).decode("utf-8"))
    reader.close()
    return reader


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_the_golden_one(data: Discovery, lang: str) -> None:
    """A fixed catalog gives the same page, byte for byte.

    `SLADD_WRITE_GOLDEN=1 pytest …` writes it anew; look at it before you commit.
    """
    page = render(data, "html", lang)
    golden = GOLDEN / f"report.{lang}.html"
    if os.environ.get("SLADD_WRITE_GOLDEN"):
        golden.write_bytes(page)
    assert page == golden.read_bytes()


@pytest.mark.parametrize("style", STYLES)
def test_the_same_catalog_gives_the_same_bytes(data: Discovery, style: str) -> None:
    """Nothing of the clock or of memory addresses stands in a report."""
    assert render(data, style, "nb") == render(data, style, "nb")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_needs_nothing_from_outside(data: Discovery, lang: str) -> None:
    """No address is fetched, and the browser is told to refuse any."""
    page = read(data, lang)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "form"}
    for _, attributes in page.tags:
        assert not {"src", "style", "onclick", "onload"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    raw = render(data, "html", lang).decode()
    assert "url(" not in raw
    assert "@import" not in raw


def test_the_policy_lets_the_page_s_own_style_and_script_through(data: Discovery) -> None:
    """The hashes are those of what stands in the page."""
    import base64
    import hashlib

    raw = render(data, "html", "nb").decode()
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", raw, re.DOTALL)
        assert inside is not None
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in raw


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_can_be_read_aloud(data: Discovery, lang: str) -> None:
    """Language, headings in order, captions and scopes, every fragment leads somewhere."""
    page = read(data, lang)
    assert next(a for t, a in page.tags if t == "html")["lang"] == lang
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    tables = [tag for tag, _ in page.tags if tag in {"table", "caption"}]
    assert tables == ["table", "caption"] * (len(tables) // 2)
    assert all("scope" in a for t, a in page.tags if t == "th")
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    assert {(a["href"] or "")[1:] for t, a in page.tags if t == "a"} <= set(ids)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hostile_name_stays_text_in_html(data: Discovery, lang: str) -> None:
    """The name is shown as it is called, and nothing of it becomes markup."""
    page = read(data, lang)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert HOSTILE in "".join(page.text)
    assert HOSTILE not in render(data, "html", lang).decode()


def test_a_formula_stays_a_string_in_the_workbook(data: Discovery) -> None:
    """No cell is a formula or a link, whatever a column is called."""
    book = openpyxl.load_workbook(io.BytesIO(render(data, "xlsx", "nb")))
    assert book.sheetnames == ["Sammendrag", "Funn", "Ikke skannet", "Tabeller", "Koblinger"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(cell.data_type == "s" and "%3Cscript" in str(cell.value) for cell in cells)
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref


def test_a_name_that_is_a_formula_is_a_string_in_the_workbook(data: Discovery) -> None:
    """Also where it stands alone in a cell."""
    from dataclasses import replace

    sources = (replace(data.sources[0], name=FORMULA), *data.sources[1:])
    book = openpyxl.load_workbook(io.BytesIO(render(replace(data, sources=sources), "xlsx", "en")))
    cell = book["Findings"]["B2"]
    assert (cell.value, cell.data_type) == (FORMULA, "s")


def test_hostile_names_stay_text_in_markdown(data: Discovery) -> None:
    """No tag, no table cell, no link comes out of a name."""
    told = render(data, "md", "en").decode()
    assert "<script" not in told
    assert "http://example.com" not in told
    for line in told.splitlines():
        if line.startswith("| "):
            assert len(re.findall(r"(?<!\\)\|", line)) in {4, 5, 6, 10}
    assert markdown("a|b`c*[x](http://e.no)\n# d") == (
        "a\\|b\\`c\\*\\[x\\](http&#58;//e.no)\ufffd\\# d"
    )


def test_a_name_cannot_turn_or_hide_the_text_around_it() -> None:
    """Direction overrides and control characters are made visible."""
    assert visible("abc\u202egnp.exe\x00") == "abc\ufffdgnp.exe\ufffd"
    assert visible("Ærlig Økt å") == "Ærlig Økt å"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_report_shows_a_personal_name(data: Discovery, style: str, lang: str) -> None:
    """The column called by an e-mail address is masked in each."""
    content = render(data, style, lang)
    if style == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        content = str([[c.value for c in r] for s in book for r in s.iter_rows()]).encode()
    assert b"kari" not in content.lower()
    assert b"column#1a2b" in content or b"column\\#1a2b" in content


def test_the_bound_is_given_for_random_rows_only(data: Discovery) -> None:
    """10,000 random rows have one; blocks and whole tables have none."""
    told = json.loads(render(data, "json", "en"))
    assert told["format"] == 1
    bounds = {t["table"]: t["upper_bound"] for s in told["sources"] for t in s["tables"]}
    assert bounds["shop/ordrer"] == pytest.approx(1 - 0.05 ** (1 / 10_000))
    assert {table for table, bound in bounds.items() if bound is not None} == {"shop/ordrer"}


def test_what_failed_stands_on_the_first_screen(data: Discovery) -> None:
    """Before the figures, with what mends it, in the reader's language."""
    page = render(data, "html", "nb").decode()
    alert = page.index('class="alert"')
    assert alert < page.index('class="key"')
    assert "gi brukeren til sladd lesetilgang" in page[alert : page.index('class="key"')]
    assert "sladd discover arkiv" in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_long_name_breaks_on_paper_where_its_parts_meet(data: Discovery, lang: str) -> None:
    """After a stroke, a stop or an underscore, and nowhere else; the text is the same."""
    page = render(data, "html", lang).decode()
    assert '<span class="name">kunde_<wbr>id</span>' in page
    assert "shop/<wbr>ordrer.<wbr>kunde_<wbr>id" in page


def test_a_workbook_can_sort_its_days_and_shares(data: Discovery) -> None:
    """A day is a day, a confidence a share, and nothing is more than nearly sure."""
    book = openpyxl.load_workbook(io.BytesIO(render(data, "xlsx", "nb")))
    head, *rows = book["Funn"].iter_rows()
    place = {cell.value: number for number, cell in enumerate(head)}
    days = [row[place["Vurdert dato"]] for row in rows if row[place["Vurdert dato"]].value]
    assert days
    assert all(isinstance(cell.value, datetime) for cell in days)
    assert {cell.number_format for cell in days} == {"dd.mm.yyyy"}
    sure = [row[place["Sikkerhet"]] for row in rows if row[place["Sikkerhet"]].value is not None]
    assert max(cell.value for cell in sure) == 0.999
    assert {cell.number_format for cell in sure} == {"0.0%"}
    assert {sheet.page_setup.paperSize for sheet in book} == {9}  # A4


@pytest.mark.parametrize("style", ["html", "md", "xlsx"])
def test_a_figure_that_counts_free_text_too_says_so(data: Discovery, style: str) -> None:
    """Two identity numbers, one of them in a text: the matrix counts one, and both add up."""
    content = render(data, style, "nb")
    if style == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    else:
        text = content.decode()
    assert data.figures.national_id == 2
    assert sum(source.by_kind["national_id"] for source in data.sources) == 1
    assert "personopplysningsloven § 12; ett av dem er fritekst" in text
