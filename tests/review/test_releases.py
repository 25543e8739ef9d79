"""Releases in the browser: read, approve, refuse; with real publishes."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from sladd.errors import PlanError
from sladd.pipeline import approval
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.discover import discover
from sladd.pipeline.publish import publish
from sladd.review.app import make_app
from sladd.review.context import Role
from tests.review.conftest import Browser
from tests.shop import CONFIG, HOSTILE, scanned

ASKED = CONFIG.replace("    domain: test\n", "    domain: test\n    approval: required\n")
DROPS = ASKED.replace(
    "    domain: test\n",
    "    domain: test\n    rules: [{field: shop/orders.belop, transform: drop}]\n",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A scanned project whose release has to be approved."""
    made = scanned(tmp_path / "project")
    made.configure(ASKED)
    return made.folder


def plan_in(page: str) -> str:
    """The hash that the form of a page decides about."""
    found = re.search(r'name="plan" value="([0-9a-f]{64})"', page)
    assert found, "the page has no form about a plan"
    return found.group(1)


def decide(browser: Browser, decision: str, plan: str, reason: str = "Som avtalt"):
    """Send the form."""
    return browser.fill("/releases/analytics/decision", decision=decision, plan=plan, reason=reason)


def made(browser: Browser) -> str:
    """Make the plan by the button; its hash."""
    page = browser.fill("/releases/analytics/plan")
    assert page.status_code == 200
    return plan_in(page.text)


def test_a_release_is_approved_in_the_browser_and_then_published(client, bound):
    """The whole way: refused, read, approved, published; the list follows."""
    with pytest.raises(PlanError) as refused:
        publish(bound, "analytics", by="ola")
    assert refused.value.code == 931
    browser = client(Role.DPO)
    assert "One release waits for approval" in browser.get("/releases").text
    # The attempt to publish has put the plan before the officer.
    plan = plan_in(browser.get("/releases/analytics").text)
    page = decide(browser, "approve", plan)
    assert page.status_code == 200
    assert "The plan of analytics is approved." in page.text
    assert "Approved by kari" in page.text
    done = publish(bound, "analytics", by="ola")
    listed = browser.get("/releases").text
    assert "waits for approval" not in listed
    assert done.manifest.version in listed
    assert f"{len(done.result.checks)} passed" in listed


def test_the_plan_is_told_in_words_and_escaped(client, bound):
    """What happens to each column, and no name of a column acts as a script."""
    browser = client(Role.DPO)
    made(browser)
    page = browser.get("/releases/analytics").text
    assert "replaced by a pseudonym" in page
    assert "<script>alert" not in page
    assert html.escape(HOSTILE, quote=False).split("&gt;")[1][:6] in page
    assert "sladd decide" not in page, "an officer uses no shell"


def test_tables_that_keep_who_objected_are_named_beside_the_plan(client, project):
    """No key leads from a list of addresses to the customers; orders have one."""
    addresses = "".join(f"kunde{n}@example.no;ja\n" for n in range(1, 61))
    (project / "data" / "brev.csv").write_text("epost;svar\n" + addresses, "utf-8")
    said = "    domain: test\n    leave_out_columns: {objected: [shop/customers.registrert]}\n"
    (project / "sladd.yaml").write_text(ASKED.replace("    domain: test\n", said), "utf-8")
    engineer = bind(project / "sladd.yaml")
    discover(engineer, ["exports"])
    approval.propose(engineer, "analytics")
    page = client(Role.DPO).get("/releases/analytics").text
    told = re.search(r"Nobody is left out of these tables.*?</p>", page, re.DOTALL)
    assert told
    assert "exports/brev" in told.group()
    assert "shop/" not in told.group()
    groups = "data_subjects: {customer: [shop/customers], supplier: [exports/brev]}\n"
    (project / "sladd.yaml").write_text(groups + (project / "sladd.yaml").read_text("utf-8"))
    approval.propose(bind(project / "sladd.yaml"), "analytics")
    page = client(Role.DPO).get("/releases/analytics").text
    assert "exports/brev holds other persons (contacts at suppliers), as sladd.yaml says." in page
    assert "Nobody is left out of" not in page


def test_a_form_of_an_older_plan_is_told_so_and_changes_nothing(client, bound, project):
    """The rules changed after the page was opened."""
    browser = client(Role.DPO)
    old = made(browser)
    (project / "sladd.yaml").write_text(DROPS, "utf-8")
    engineer = bind(project / "sladd.yaml")
    with pytest.raises(PlanError):
        publish(engineer, "analytics", by="ola")
    engineer.catalog.close()
    browser.app.state.desk.bound.config.releases["analytics"] = engineer.config.releases[
        "analytics"
    ]
    page = decide(browser, "approve", old, "Dette skrev jeg")
    assert page.status_code == 409
    assert "The plan changed after you opened the page" in page.text
    assert "Dette skrev jeg" in page.text
    assert plan_in(page.text) != old
    assert bound.catalog.plans.approvals("analytics") == []


def test_what_changed_since_the_approved_plan_is_shown(client, bound, project):
    """A column that stays out now, and nothing else."""
    browser = client(Role.DPO)
    decide(browser, "approve", made(browser))
    bound.config.releases["analytics"] = _config(project, DROPS)
    page = browser.get("/releases/analytics").text
    assert "Since the plan was made" in page
    made(browser)
    page = browser.get("/releases/analytics").text
    assert "Since the plan was made" not in page
    assert "Compared with the plan that was approved" in page
    assert "stays out now" in page
    assert page.count('class="badge good">stays out now') == 1


def _config(project: Path, text: str):
    (project / "sladd.yaml").write_text(text, "utf-8")
    other = bind(project / "sladd.yaml")
    other.catalog.close()
    return other.config.releases["analytics"]


def test_a_refused_plan_offers_no_approval(client, bound):
    """It stays refused; a forged form does not get around that."""
    browser = client(Role.DPO)
    plan = made(browser)
    page = decide(browser, "refuse", plan, "For mange mottakere")
    assert "For mange mottakere" in page.text
    assert 'value="approve"' not in page.text
    assert decide(browser, "approve", plan).status_code == 409
    with pytest.raises(PlanError) as refused:
        publish(bound, "analytics", by="ola")
    assert refused.value.code == 932


@pytest.mark.parametrize("reason", ["", "   ", "avtalt med ola.nordmann@example.no"])
def test_a_reason_is_needed_and_names_nobody(client, bound, reason):
    """Nothing is decided, and what was typed can be mended."""
    browser = client(Role.DPO)
    page = decide(browser, "approve", made(browser), reason)
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text
    assert bound.catalog.plans.approvals("analytics") == []


@pytest.mark.parametrize("plan", ["", "0", "0" * 64])
def test_a_plan_that_was_not_read_is_not_approved(client, bound, plan):
    """An empty or short hash fits no plan."""
    browser = client(Role.DPO)
    made(browser)
    assert decide(browser, "approve", plan).status_code == 409
    assert bound.catalog.plans.approvals("analytics") == []


def test_others_read_and_are_offered_no_decision(client, bound):
    """Only the officer has the forms, and only the officer's posts count."""
    plan = made(client(Role.DPO))
    reader = client(Role.ENGINEER)
    page = reader.get("/releases/analytics")
    assert page.status_code == 200
    assert 'name="decision"' not in page.text
    assert decide(reader, "approve", plan).status_code == 403


def test_pages_are_read_without_source_and_key(client, bound: Bound, project: Path):
    """What is kept is enough: neither is opened by a request."""
    browser = client(Role.DPO)
    decide(browser, "approve", made(browser))
    publish(bound, "analytics", by="ola")
    (project / "shop.db").unlink()
    shutil.rmtree(project.parent / "keys")
    for path in ("/releases", "/releases/analytics"):
        assert browser.get(path).status_code == 200
    assert approval.decided(bound, "analytics", made(browser)).state == "approved"


def test_a_large_plan_is_read_table_by_table(client, bound, monkeypatch):
    """Each table on its own page."""
    monkeypatch.setattr("sladd.review.pages.release_plan.UNFOLDED", 3)
    browser = client(Role.DPO)
    made(browser)
    page = browser.get("/releases/analytics").text
    assert "/releases/analytics?table=shop/customers#plan" in page
    assert "epost" not in page
    assert "epost" in browser.get("/releases/analytics?table=shop/customers").text


def test_an_unknown_release_is_no_page(client):
    """Neither to read nor to decide about."""
    browser = client(Role.DPO)
    assert browser.get("/releases/nothing").status_code == 404
    assert browser.fill("/releases/nothing/plan").status_code == 404


def test_the_desk_follows_rules_that_are_changed_while_it_is_open(project):
    """Else the officer could approve only plans that nobody asks for any more."""
    path = project / "sladd.yaml"
    path.write_text(ASKED, "utf-8")
    bound = bind(path)
    bound.catalog.accounts.add("kari", "dpo", by="test")
    with Browser(make_app(bound, path), bound.catalog.accounts.begin_session("kari")) as browser:
        decide(browser, "approve", made(browser))
        path.write_text(DROPS, "utf-8")
        engineer = bind(path)
        asked = approval.propose(engineer, "analytics", by="ola")
        engineer.catalog.close()
        assert "Since the plan was made" not in browser.get("/releases/analytics").text
        answer = decide(browser, "approve", asked.plan_sha256)
        assert answer.status_code == 200
        assert approval.decided(bound, "analytics", asked.plan_sha256).state == "approved"
        path.write_text("releases: [", "utf-8")
        page = browser.get("/releases/analytics").text
        assert "goes by the one before" in page
        path.write_text("catalog: sqlite:///other.db\n" + DROPS, "utf-8")
        page = browser.get("/releases/analytics").text
        assert "start sladd review again" in page
        assert not (project / "other.db").exists()
        assert approval.decided(bound, "analytics", asked.plan_sha256).state == "approved"
