"""`sladd keys` from the shell: rotate, retire, copies, public facts, and what doctor says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests import shop
from tests.commands import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A shop that was scanned and published."""
    return shop.published(tmp_path / "p")


def _names(project: Project) -> set[str]:
    done = project.run("query", "analytics", "SELECT navn FROM customers", "--format", "json")
    return {row["navn"] for row in json.loads(done.out)}


def test_a_rotated_key_changes_every_pseudonym_and_the_manifest_says_so(project):
    """The next publish uses the new version; retiring the old one destroys it."""
    before = _names(project)
    rotated = project.run("keys", "rotate", "main")
    assert rotated.code == 0, rotated.err
    assert "analytics" in rotated.out
    assert project.run("publish", "analytics").code == 0
    assert not before & _names(project)
    manifest = json.loads((project.folder / "releases/analytics/latest/manifest.json").read_text())
    assert manifest["key_version"] == 2
    (listed,) = json.loads(project.run("keys", "list", "--json").out)
    assert (listed["versions"], listed["releases"]) == ([1, 2], ["analytics"])
    assert listed["key_id"] == manifest["key_id"]
    assert project.run("keys", "retire", "main", "1", "--yes").code == 0
    assert json.loads(project.run("keys", "list", "--json").out)[0]["versions"] == [2]
    project.run("keys", "retire", "main", "2", "--yes").one_line(3, 413, "newest")


def test_doctor_warns_until_a_copy_was_seen(project, tmp_path):
    """A key without a copy is one disk failure from being lost."""
    first = project.run("doctor")
    assert first.code == 0, first.out
    assert "warn copy of the key main: not confirmed" in first.out.replace("\n", " ")
    key = project.folder.parent / "keys" / "main.key"
    copy = tmp_path / "safe" / "main.key"
    copy.parent.mkdir()
    shutil.copy(key, copy)
    assert project.run("keys", "confirm-backup", "main", str(copy)).code == 0
    assert "copy of the key" not in project.run("doctor").out
    project.run("keys", "rotate")
    assert "older than the key" in project.run("doctor").out.replace("\n", " ")


def test_public_facts_verify_a_release_and_hold_no_secret(project):
    """Ids, versions and the public half of the signing key, and nothing of the key itself."""
    from sladd.release import read_manifest
    from sladd.release.signature import load_public_key, verify

    facts = project.run("keys", "export-public-facts")
    assert facts.code == 0
    (key,) = json.loads(facts.out)["keys"]
    folder = project.folder / "releases/analytics/latest"
    public = load_public_key(key["signing_key"].encode())
    signature = (folder / "manifest.sig").read_bytes()
    assert verify((folder / "manifest.json").read_bytes(), signature, public)
    assert read_manifest(folder).key_id == key["key_id"]
    secret = (project.folder.parent / "keys" / "main.key").read_text().splitlines()[-1].split()[1]
    assert secret not in facts.out


def test_a_key_inside_any_release_is_refused(project):
    """Also by commands that publish nothing."""
    inside = project.folder / "releases" / "analytics" / "main.key"
    shutil.copy(project.folder.parent / "keys" / "main.key", inside)
    inside.chmod(0o600)
    project.configure(shop.CONFIG.replace("../keys/main.key", "releases/analytics/main.key"))
    project.run("publish", "analytics").one_line(3, 405, "inside a release")
    project.run("keys", "rotate").one_line(3, 405, "inside a release")
