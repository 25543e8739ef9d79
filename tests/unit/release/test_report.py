"""The release's own page: whole, harmless, and what stands first."""

from __future__ import annotations

import os
import re
from datetime import date

from sladd.release import Dropped, GateAnswer, GateRecord, LeftOut
from sladd.targets.report import report_html
from tests.unit.release.pages import GOLDEN, HOSTILE, Page, full


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


def test_a_source_read_table_by_table_is_said_to_be():
    """Only one moment for all may be called that."""
    text = report_html(full().model_copy(update={"consistency": {"shop": "per table"}}))
    assert "lest tabell for tabell" in text
    assert "lest på ett tidspunkt" not in text
