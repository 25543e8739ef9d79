"""The assessment of an anonymised release, signed in the browser."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sladd.pipeline.verify import verify
from sladd.release import Papers, current_label, loads_assessment
from sladd.review.context import Role
from tests.anonymous import build

TODAY = datetime.now(UTC).date()
PATH = "/releases/open/assessment"
GIVEN = {
    "position": "personvernombud",
    "assessed_on": TODAY.isoformat(),
    "review_by": (TODAY + timedelta(days=300)).isoformat(),
    "recipients": "allmennheten\nforskere ved et universitet",
    "release_model": "public",
    "controller_keeps": "Kildene, bak tilgangsstyring.",
    "singling_out": "Minste gruppe er fem.",
    "linkability": "Ingen nøkkel følger med.",
    "inference": "Ingen gruppe har bare én verdi.",
    "conclusion": "anonymised",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a published anonymised release."""
    project = build(tmp_path_factory.mktemp("assessed") / "shop")
    done = project.run("publish", "open")
    assert done.code == 0, done.err
    return project.folder


@pytest.fixture
def project(published: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(published, tmp_path / "shop", symlinks=True)
    shutil.copytree(published.parent / "keys", tmp_path / "keys")
    return tmp_path / "shop"


def shown(page: str) -> str:
    """The version that the form is of."""
    found = re.search(r'name="manifest_sha256" value="([0-9a-f]{64})"', page)
    assert found, "the page has no form"
    return found.group(1)


def standing(project: Path) -> Path:
    """The folder of the version."""
    return (project / "releases" / "open" / "latest").resolve()


def sign(browser, **changed: str):
    """Fill in the form as the page offers it, and send it."""
    sha256 = shown(browser.get(PATH).text)
    return browser.fill(PATH, **{"manifest_sha256": sha256, **GIVEN, **changed})


def test_a_signed_form_makes_the_release_anonymised(client, project):
    """The same file as `sladd assess` writes, checked by the same readers."""
    browser = client(Role.DPO)
    page = sign(browser)
    assert page.status_code == 200
    assert "may be called anonymised" in page.text
    folder = standing(project)
    said = loads_assessment((folder / "assessment.yaml").read_bytes())
    assert said.assessed_by == "kari"
    assert said.recipients == ["allmennheten", "forskere ved et universitet"]
    assert current_label(Papers.of(folder), TODAY).anonymised
    assert verify(folder).passed
    assert "anonymised: assessed on" in browser.get("/releases").text
    assert "Kildene, bak tilgangsstyring." in client(Role.READER).get(PATH).text


def test_a_conclusion_against_it_is_signed_too(client, project):
    """Who says that it is not anonymous is heard."""
    page = sign(client(Role.DPO), conclusion="not_anonymised")
    assert "still counts as personal data" in page.text
    assert not current_label(Papers.of(standing(project)), TODAY).anonymised


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", ""),
        ("recipients", ""),
        ("recipients", "ola.nordmann@example.no"),
        ("controller_keeps", "Kari har nøkkelen, kari.hansen@example.no"),
        ("release_model", "everybody"),
        ("conclusion", ""),
        ("assessed_on", "i går"),
        ("assessed_on", (TODAY + timedelta(days=2)).isoformat()),
        ("review_by", (TODAY + timedelta(days=500)).isoformat()),
        ("review_by", TODAY.isoformat()),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_its_field(client, project, field, value):
    """Nothing is signed, and the rest of the form is kept."""
    page = sign(client(Role.DPO), **{field: value})
    assert page.status_code == 400
    assert f'id="e-{field}"' in page.text
    assert "Minste gruppe er fem." in page.text
    assert not (standing(project) / "assessment.yaml").exists()


def test_a_form_of_another_version_is_told_so(client, project):
    """The numbers that the officer judged are not those of this version."""
    page = sign(client(Role.DPO), manifest_sha256="0" * 64)
    assert page.status_code == 409
    assert "A new version was published" in page.text
    assert "Minste gruppe er fem." in page.text
    assert not (standing(project) / "assessment.yaml").exists()


def test_only_the_officer_signs(client, project):
    """Others read what was measured."""
    sha256 = shown(client(Role.DPO).get(PATH).text)
    reader = client(Role.ANALYST)
    page = reader.get(PATH)
    assert page.status_code == 200
    assert "manifest_sha256" not in page.text
    answer = reader.fill(PATH, manifest_sha256=sha256, **GIVEN)
    assert answer.status_code == 403
    assert not (standing(project) / "assessment.yaml").exists()


def test_the_page_shows_what_was_measured(client):
    """The three tests, the risk of each table, and plots told in words."""
    page = client(Role.READER).get(PATH).text
    for word in ("Singling out", "Linkability", "Inference", "Smallest group", "<desc"):
        assert word in page
