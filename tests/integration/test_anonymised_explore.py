"""What anonymity costs, before anything is written."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest

from tests.commands import Project


@pytest.fixture
def project(anonymous_shop) -> Project:
    """A scanned shop; nothing is published of it."""
    return anonymous_shop


def test_settings_are_explored_without_writing(project):
    """Loss grows with k, no class is smaller than k, and there is no release afterwards."""
    done = project.run("plan", "open", "--explore", "--json")
    assert done.code == 0, done.err
    tables = {table["name"]: table for table in json.loads(done.out)}
    points = tables["customers"]["points"]
    assert {p["k"] for p in points} >= {2, 5, 11, 25, 100}
    assert all(p["smallest"] >= p["k"] for p in points)
    for share in (0.0, 0.05):
        series = [p["loss"] for p in points if p["max_suppression"] == share]
        assert series == sorted(series)
    assert [p["k"] for p in points if p["chosen"]] == [5]
    assert not (project / "releases").exists()


def test_the_publish_loses_what_was_explored(project):
    """The chosen point is what the search of a publish finds."""
    told = json.loads(project.run("plan", "open", "--explore", "--json").out)
    (chosen,) = [p for t in told if t["name"] == "customers" for p in t["points"] if p["chosen"]]
    done = project.run("publish", "open", "--json")
    assert done.code == 0, done.err
    reached = json.loads(done.out)["anonymity"]["customers"]
    assert reached["loss"] == pytest.approx(chosen["loss"], abs=1e-6)
    assert reached["levels"] == chosen["levels"]


def test_the_page_holds_a_plot_and_the_same_numbers(project, tmp_path):
    """An SVG that is well-formed, named and without script; both languages."""
    for lang, word in (("nb", "Hva anonymitet koster"), ("en", "What anonymity costs")):
        page = tmp_path / f"{lang}.html"
        done = project.run("plan", "open", "--explore", "-o", str(page), "--lang", lang)
        assert done.code == 0, done.err
        text = page.read_text("utf-8")
        assert word in text
        assert "<script" not in text
        drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
        assert drawings
        for drawing in drawings:
            root = ET.fromstring(drawing)
            assert root.get("role") == "img"
            assert root.find("title").text
            assert len(root.findall("circle[@class='p-ring']")) == 1
        assert "0150" not in text


def test_a_file_without_explore_is_refused(project):
    """The plan itself goes to the terminal."""
    project.run("plan", "open", "-o", "x.html").one_line(2, 183, "--explore")


def test_exploring_a_pseudonymised_release_is_refused(project, tmp_path):
    """The line says which kind has a frontier."""
    other = Project(tmp_path)
    other.configure(
        project.config.replace("kind: anonymised", "kind: pseudonymised").partition("    roles:")[0]
        + "    to: releases/open\n"
    )
    other.run("plan", "open", "--explore").one_line(1, 383, "kind: anonymised")
