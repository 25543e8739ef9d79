"""An officer's hour: first login, twenty findings by keyboard, an activity, a release, the record."""

from __future__ import annotations

import io
import re

import openpyxl
from playwright.sync_api import Page

from tests.browser.conftest import demo_project
from tests.browser.desk import Desk, run, served, sign_in

TWENTY = 20
REASON = "gjelder varer, ikke kunder"


def test_an_officers_hour(browser, page, demo, tmp_path):
    """Every step of it by keyboard and plain forms, and every step is in the audit trail."""
    project = demo_project(demo, tmp_path)
    configuration = project / "sladd.yaml"
    text = configuration.read_text("utf-8")
    configuration.write_text(
        text.replace("  analytics:\n", "  analytics:\n    approval: required\n", 1), "utf-8"
    )
    refused = run(project, "publish", "analytics")
    assert refused.returncode == 1
    assert "SLADD-931" in refused.stderr
    with served(project) as desk:
        sign_in(page, desk, "kari", "dpo")
        _decide_twenty(page, desk)
        _fill_in_an_activity(page, desk)
        _approve(page, desk)
        _download_the_record(page, desk)
        page.goto(f"{desk.address}/audit")
        assert page.locator("tbody tr").count() >= TWENTY
        done = run(project, "publish", "analytics")
        assert done.returncode == 0, done.stderr
    assert "kari" in run(project, "verdicts", "export").stdout


def _waiting(page: Page, desk: Desk) -> int:
    page.goto(f"{desk.address}/inbox")
    found = re.search(r"av (\d+)", page.locator("main").inner_text())
    assert found
    return int(found.group(1))


def _decide_twenty(page: Page, desk: Desk) -> None:
    """Confirm with c; reject with r, a reason and Enter; take one back with u."""
    before = _waiting(page, desk)
    for _ in range(TWENTY):
        _onward(page, "c")
    focused = page.evaluate("document.activeElement.id")
    assert focused == "finding", "a screen reader goes on from the next finding"
    assert _waiting(page, desk) == before - TWENTY
    _onward(page, "r", REASON, "Enter")
    _onward(page, "u")  # it was about a person after all
    assert _waiting(page, desk) == before - TWENTY


def _onward(page: Page, key: str, reason: str = "", end: str = "") -> None:
    """Press a key, and wait for the finding that comes then."""
    address = page.url
    page.keyboard.press(key)
    if reason:
        page.keyboard.type(reason)
        page.keyboard.press(end)
    page.wait_for_function(
        "address => location.href !== address && document.readyState === 'complete'", arg=address
    )


def _fill_in_an_activity(page: Page, desk: Desk) -> None:
    """Open the first suggestion, and save it."""
    page.goto(f"{desk.address}/activities")
    page.locator("main a[href^='/activities/']:not([href$='/new'])").first.click()
    page.fill("[name=retention]", "Slettes når kundeforholdet er over, senest etter fem år.")
    page.click("main form.form button.main")
    page.wait_for_load_state()
    assert page.locator("[role=alert]").count() == 0
    page.goto(f"{desk.address}/activities")
    assert "kari" in page.locator("main").inner_text()


def _approve(page: Page, desk: Desk) -> None:
    """The publish that was refused put its plan here; what was decided since makes another one."""
    page.goto(f"{desk.address}/releases/analytics")
    assert page.locator(".decision .badge.warn").count() == 1
    assert page.locator(".decision .notice.warn").count() == 1
    page.click("form.anew button")
    page.wait_for_load_state()
    assert page.locator(".decision .notice.warn").count() == 0
    page.fill("[name=reason]", "som avtalt i vurderingen")
    page.click("button[value=approve]")
    page.wait_for_load_state()
    assert page.locator(".decision .badge.good").count() == 1


def _download_the_record(page: Page, desk: Desk) -> None:
    """The workbook has the activity."""
    page.goto(f"{desk.address}/downloads")
    with page.expect_download() as waiting:
        page.click("a[href='/downloads/record-nb.xlsx']")
    with open(waiting.value.path(), "rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert any("senest etter fem år" in cell for cell in cells)
