"""`sladd record` and `sladd gaps`: files, languages, exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests import shop
from tests.commands import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop that has been scanned."""
    made = shop.build(tmp_path_factory.mktemp("record") / "project", wide=False)
    assert made.run("discover").code == 0
    return made


def test_the_workbook_is_written_under_its_norwegian_name(project):
    """It says where, and how large it is."""
    done = project.run("record")
    assert done.code == 0
    assert done.out.startswith("wrote behandlingsprotokoll.xlsx")
    book = openpyxl.load_workbook(io.BytesIO((project / "behandlingsprotokoll.xlsx").read_bytes()))
    assert book.sheetnames == ["Behandlingsprotokoll", "Uten behandling"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "md", "--language", "en"), "# Record of processing activities"),
        (("--format", "md"), "# Protokoll over behandlingsaktiviteter"),
        (("--dpia", "--format", "md", "--language", "en"), "# Inputs to a data protection impact"),
        (("--format", "html", "--out", "-"), "<!doctype html>"),
    ],
)
def test_texts_go_to_standard_output(project, words, said):
    """So that they can be piped."""
    done = project.run("record", *words)
    assert done.code == 0
    assert said in done.out


def test_json_ld_is_json(project):
    """On standard output alone."""
    assert json.loads(project.run("record", "--format", "jsonld").out)["@context"]


def test_inputs_to_a_dpia_are_no_workbook(project):
    """One line that says what to do."""
    project.run("record", "--dpia").one_line(2, 923, "--format html")


def test_gaps_end_with_one_while_something_breaks_a_rule(tmp_path: Path):
    """And tell what is wrong in the language asked for; JSON has the same list."""
    made = shop.build(tmp_path / "project", wide=False)
    assert made.run("discover").code == 0
    clean = made.run("gaps", "--json")
    assert clean.code == 0
    assert [gap["kind"] for gap in json.loads(clean.out)] == ["no_notice", "uncovered"]
    made.configure(made.config + "\nprivacy_notice: {categories: [user.name]}\n")
    told = made.run("gaps", "--language", "en")
    listed = made.run("gaps", "--json")
    assert told.code == listed.code == 1
    grave = [gap for gap in json.loads(listed.out) if gap["breaks_a_rule"]]
    assert {gap["kind"] for gap in grave} == {"not_mentioned", "notice_retention"}
    assert f"break a rule as things stand: {len(grave)}" in told.out


def test_a_notice_that_is_not_there_is_one_line(tmp_path: Path):
    """With the key of sladd.yaml that names it."""
    made = shop.build(tmp_path / "project", wide=False)
    made.configure(made.config + "\nprivacy_notice: {file: borte.txt}\n")
    made.run("gaps").one_line(2, 922, "borte.txt", "privacy_notice.file")
