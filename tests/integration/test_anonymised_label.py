"""What an anonymised release may be called, from the gate to the review date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from sladd import gate
from sladd.frames import open_release
from sladd.pipeline.bind import bind
from sladd.release import Papers, current_label
from tests.anonymous import copied, fill_in
from tests.commands import Project

CANDIDATE = "anonymisation candidate: treat as personal data"


@pytest.fixture
def project(anonymised_shop, tmp_path) -> Project:
    """A copy of it."""
    return copied(anonymised_shop, tmp_path)


def folder(project: Project) -> Path:
    return (project.folder / "releases" / "open" / "latest").resolve()


def signed(project: Project, **given: object) -> Project:
    """The release with a signed assessment."""
    assert project.run("assess", "open", "-o", "form.yaml").code == 0
    fill_in(project / "form.yaml", **given)
    done = project.run("assess", "open", "--sign", "form.yaml")
    assert done.code == 0, done.err
    return project


def test_without_an_assessment_it_is_a_candidate(project):
    """Passing the gate does not make it anonymised."""
    assert current_label(Papers.of(folder(project)), dt.date.today()).en == CANDIDATE
    assert CANDIDATE in project.run("verify", "open").out
    assert CANDIDATE in project.run("query", "open", "SELECT 1").err
    assert open_release(folder(project))["customers"].attrs["label"] == CANDIDATE


def test_a_signed_assessment_makes_it_anonymised_everywhere(project):
    """Verify, query and frames say the same, and verify passes with the new files."""
    signed(project)
    checked = project.run("verify", "open")
    assert checked.code == 0, checked.out
    assert "ok   label: anonymised: assessed on" in checked.out
    assert "anonymised: assessed on" in project.run("query", "open", "SELECT 1").err
    assert open_release(folder(project)).label.startswith("anonymised: assessed on")


def test_the_audit_trail_knows_who_signed(project):
    """The conclusion and the review date stand in it; the reasons do not."""
    signed(project)
    with bind(project / "sladd.yaml").catalog as catalog:
        (entry,) = [e for e in catalog.audit.entries() if e.action == "assess"]
    assert entry.subject == "open"
    assert set(entry.detail) == {"version", "conclusion", "review_by"}


def test_after_the_review_date_the_label_falls_back_by_itself(project):
    """Nothing in the files changes; the day does."""
    signed(project)
    papers = Papers.of(folder(project))
    review = dt.date.fromisoformat(str(yaml.safe_load(papers.assessment)["review_by"]))
    assert current_label(papers, review).anonymised
    after = current_label(papers, review + dt.timedelta(days=1))
    assert after.en == CANDIDATE
    assert "to be reviewed by" in after.why
    later = dt.datetime.combine(review + dt.timedelta(days=1), dt.time(), dt.UTC)
    checked = gate.files(folder(project), rescan=None, now=later)
    assert checked.passed
    (label,) = [c for c in checked.checks if c.name == "label"]
    assert label.detail.startswith(CANDIDATE)


def test_a_new_version_is_a_candidate_again(project):
    """An assessment is of one version."""
    signed(project)
    assert project.run("publish", "open").code == 0
    assert CANDIDATE in project.run("verify", "open").out


def test_a_conclusion_against_it_leaves_a_candidate(project):
    """The officer may sign that it is not anonymised."""
    signed(project, conclusion="not_anonymised")
    checked = project.run("verify", "open")
    assert checked.code == 0
    assert f"{CANDIDATE} (the assessment says that it is not anonymised)" in checked.out


@pytest.mark.parametrize(
    ("given", "word"),
    [
        pytest.param({"assessed_by": ""}, "assessed_by", id="nobody"),
        pytest.param({"conclusion": "perhaps"}, "conclusion", id="no conclusion"),
        pytest.param({"recipients": []}, "recipients", id="no recipients"),
        pytest.param({"review_by": "2099-01-01"}, "review_by", id="a review too late"),
    ],
)
def test_an_assessment_that_is_not_complete_is_refused(project, given, word):
    """The line names what is missing, and no label changes."""
    assert project.run("assess", "open", "-o", "form.yaml").code == 0
    fill_in(project / "form.yaml", **given)
    project.run("assess", "open", "--sign", "form.yaml").one_line(1, 640, word)
    assert not (folder(project) / "assessment.yaml").exists()


def test_an_assessment_of_another_version_is_refused(project):
    """The form names the manifest that it is about."""
    assert project.run("assess", "open", "-o", "form.yaml").code == 0
    fill_in(project / "form.yaml")
    assert project.run("publish", "open").code == 0
    project.run("assess", "open", "--sign", "form.yaml").one_line(1, 642, "stands")


def test_a_changed_assessment_is_found(project):
    """Whoever changes a word of it breaks the signature; the release is a candidate."""
    signed(project)
    file = folder(project) / "assessment.yaml"
    file.write_text(file.read_text("utf-8").replace("public", "named_recipients"), "utf-8")
    checked = project.run("verify", "open")
    assert checked.code == 1
    assert (
        "FAIL assessment: the assessment is not signed with the key of the release" in checked.out
    )
    assert f"ok   label: {CANDIDATE}" in checked.out


def test_a_filled_in_form_is_not_overwritten(project):
    """A second `sladd assess` refuses the same file."""
    assert project.run("assess", "open", "-o", "form.yaml").code == 0
    project.run("assess", "open", "-o", "form.yaml").one_line(2, 179, "form.yaml")


def test_a_pseudonymised_release_is_not_assessed(project):
    """The command says what it is for."""
    project.configure(
        project.config.replace("kind: anonymised", "kind: pseudonymised")
        .replace("releases/open", "releases/other")
        .partition("    roles:")[0]
        + "    to: releases/other\n"
    )
    assert project.run("publish", "open").code == 0
    project.run("assess", "open").one_line(1, 641, "kind: anonymised")
