"""Nothing with `approval:` publishes before the officer has approved the present plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sladd.pipeline.approval import publisher
from sladd.pipeline.bind import bind
from sladd.pipeline.proposal import changes
from tests import shop
from tests.commands import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The shop, scanned and never published, with a release that has to be approved."""
    made = shop.scanned(tmp_path / "project")
    asked(made, "required")
    return made


def asked(project: Project, approval: str) -> None:
    """Write the configuration anew, with this rule."""
    project.configure(
        shop.CONFIG.replace("    domain: test\n", f"    domain: test\n    approval: {approval}\n")
    )


def versions(project: Project) -> list[str]:
    """Versions that stand."""
    return sorted(path.name for path in (project / "releases").glob("analytics/v=*"))


def approve(project: Project, *more: str) -> None:
    """Approve the present plan."""
    done = project.run("approve", "analytics", "--reason", "Som avtalt", *more)
    assert done.code == 0, done.err


def test_an_unapproved_plan_is_not_published_and_the_line_says_what_to_do(project):
    """One line with the command that mends it; no file is written."""
    done = project.run("publish", "analytics")
    done.one_line(1, 931, "not approved", "sladd approve analytics")
    assert versions(project) == []


def test_an_approved_plan_is_published_again_and_again(project):
    """Approval is of the plan, not of one run."""
    approve(project)
    assert project.run("publish", "analytics").code == 0
    assert project.run("publish", "analytics").code == 0
    assert len(versions(project)) == 2


def test_a_changed_rule_needs_a_new_approval_and_the_old_version_stays(project):
    """The plan that was approved is not the plan any more."""
    approve(project)
    assert project.run("publish", "analytics").code == 0
    before = versions(project)
    text = (project / "sladd.yaml").read_text("utf-8")
    rule = "    rules: [{field: shop/orders.belop, transform: drop}]\n"
    project.configure(text.replace("    domain: test\n", f"    domain: test\n{rule}"))
    project.run("publish", "analytics").one_line(1, 931, "has changed since it was approved")
    assert versions(project) == before
    approve(project)
    assert project.run("publish", "analytics").code == 0
    project.configure(text)
    project.run("publish", "analytics").one_line(1, 931)


@pytest.mark.parametrize(
    "term", ["recipients: [noen andre]", "purpose: Noe annet", "expires: 900d", "csv: true"]
)
def test_another_promise_is_another_plan(project, term):
    """To whom and for what is approved too."""
    approve(project)
    text = (project / "sladd.yaml").read_text("utf-8")
    project.configure(text.replace("    domain: test\n", f"    domain: test\n    {term}\n"))
    project.run("publish", "analytics").one_line(1, 931)


def test_a_new_column_needs_a_new_approval(project):
    """The officer reads a column before it can leave."""
    approve(project)
    project.sql("ALTER TABLE orders ADD COLUMN rabatt INTEGER DEFAULT 3")
    assert project.run("discover").code == 0
    project.run("publish", "analytics").one_line(1, 931)
    approve(project)
    done = project.run("publish", "analytics")
    assert done.code == 0, done.err


def test_a_refused_plan_stays_refused_until_it_changes(project):
    """Approving it afterwards is refused too; another plan is another question."""
    done = project.run("approve", "analytics", "--refuse", "--reason", "Kommentarene er for åpne")
    assert done.code == 0, done.err
    project.run("publish", "analytics").one_line(1, 932, "Kommentarene er for åpne")
    project.run("approve", "analytics", "--reason", "Likevel").one_line(1, 932)
    text = (project / "sladd.yaml").read_text("utf-8")
    project.configure(text.replace("    domain: test\n", "    domain: test\n    expires: 30d\n"))
    approve(project)
    assert project.run("publish", "analytics").code == 0


def test_an_approval_can_be_withdrawn(project):
    """A refusal after the approval counts."""
    approve(project)
    project.run("approve", "analytics", "--refuse", "--reason", "Avtalen er sagt opp")
    project.run("publish", "analytics").one_line(1, 932)


def test_a_plan_that_was_not_read_is_not_approved(project):
    """The hash that was read must be that of the present plan."""
    plan = json.loads(project.run("plan", "analytics", "--json").out)
    assert plan["approval"] == {"asked": "required", "state": "waiting"}
    project.run("approve", "analytics", "--reason", "Ja", "--plan", "0000").one_line(1, 930)
    approve(project, "--plan", plan["plan_sha256"][:10])
    again = json.loads(project.run("plan", "analytics", "--json").out)
    assert again["approval"]["state"] == "approved"


def test_who_publishes_is_not_who_approves_where_two_persons_are_asked_for(project, monkeypatch):
    """Neither before nor after: not who asked for it, and not who publishes it."""
    asked(project, "two_persons")
    monkeypatch.setattr("sladd.pipeline.requests.system_user", lambda: "kari")
    project.run("publish", "analytics").one_line(1, 931)
    project.run("approve", "analytics", "--reason", "Ja").one_line(1, 933, "kari")
    monkeypatch.setattr("sladd.pipeline.requests.system_user", lambda: "ola")
    approve(project)
    project.run("publish", "analytics").one_line(1, 933, "ola")
    # A flow publishes by the same name: Prefect knows no persons.
    assert publisher(bind(project / "sladd.yaml"), "analytics", "prefect") == "ola"
    monkeypatch.setattr("sladd.pipeline.requests.system_user", lambda: "kari")
    assert project.run("publish", "analytics").code == 0


def test_decisions_about_plans_stand_in_the_audit_trail(project):
    """Who, what and why, chained like everything else."""
    project.run("approve", "analytics", "--refuse", "--reason", "Nei")
    text = (project / "sladd.yaml").read_text("utf-8")
    project.configure(text.replace("    domain: test\n", "    domain: test\n    expires: 30d\n"))
    approve(project)
    catalog = bind(project / "sladd.yaml").catalog
    told = [
        (entry.action, entry.subject, entry.detail["reason"])
        for entry in catalog.audit.entries()
        if entry.action.startswith("plan.")
    ]
    assert told == [
        ("plan.refuse", "analytics", "Nei"),
        ("plan.approve", "analytics", "Som avtalt"),
    ]
    assert catalog.audit.verify() == []


def test_a_reason_with_an_identifier_is_refused(project):
    """Reasons are kept and shown."""
    done = project.run("approve", "analytics", "--reason", "avtalt med kari.hansen@example.no")
    done.one_line(2, 160)


def test_a_condition_is_kept_without_what_it_compares_with(project):
    """Another value needs a new approval all the same; no value reaches the catalog."""
    text = (project / "sladd.yaml").read_text("utf-8")

    def chosen(value: str) -> None:
        condition = f"    where: {{shop/customers: \"epost <> '{value}' AND id > 12\"}}\n"
        project.configure(text.replace("    domain: test\n", f"    domain: test\n{condition}"))

    chosen("ola.eksempel@example.no")
    approve(project)
    assert project.run("publish", "analytics").code == 0
    chosen("kari.eksempel@example.no")
    project.run("publish", "analytics").one_line(1, 931, "changed since")
    catalog = bind(project / "sladd.yaml").catalog
    before = catalog.plans.kept("analytics", catalog.plans.approvals("analytics")[-1].policy_sha256)
    found = changes(before.content, catalog.plans.kept("analytics").content)
    assert found.values == ("shop/customers",), "the desk names the table"
    assert not found.terms and not found.fields and not found.tables
    kept = b"".join(path.read_bytes() for path in (project / ".sladd").glob("catalog.db*"))
    assert b"eksempel@" not in kept
    assert rb"epost <> \u2026 AND id > \u2026" in kept
