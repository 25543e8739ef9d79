"""The three tests are counted anew by whoever verifies a release."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd.gate.measures import check_measures
from sladd.gate.wp216 import Written, three_tests
from sladd.release import Manifest, loads
from sladd.release.wp216 import Thresholds

GOLDEN = Path(__file__).parents[2] / "golden" / "manifest.json"
ROWS = {
    "post": ["0*"] * 6 + ["1*"] * 5,
    "age": [30] * 11,
    "ill": ["flu", "cough", "flu"] * 3 + ["flu"] * 2,
}


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "people").mkdir()
    pq.write_table(pa.table(ROWS), tmp_path / "people" / "part-0.parquet")
    return tmp_path


@pytest.fixture
def manifest(folder) -> Manifest:
    one = Written("people", str(folder / "people" / "*.parquet"), ("post", "age"), ("ill",))
    risk = {"wp216": three_tests([one], Thresholds(k=5)).model_dump(mode="json")}
    return loads(GOLDEN.read_bytes()).model_copy(update={"risk": risk})


def failed(folder, manifest) -> set[str]:
    return {check.name for check in check_measures(folder, manifest) if not check.passed}


def test_release_as_it_was_measured_passes(folder, manifest):
    """The same files, the same numbers."""
    assert not failed(folder, manifest)
    assert {c.name for c in check_measures(folder, manifest)} == {
        "singling out", "inference", "measures",
    }  # fmt: skip


def test_release_without_measures_has_nothing_to_check(folder, manifest):
    """A pseudonymised release answers no question of anonymity."""
    assert not list(check_measures(folder, manifest.model_copy(update={"risk": {}})))


def test_person_added_alone_is_found(folder, manifest):
    """The manifest still says k = 5; the file does not."""
    row = {"post": ["2*"], "age": [99], "ill": ["flu"]}
    pq.write_table(pa.table(row), folder / "people" / "part-1.parquet")
    assert failed(folder, manifest) == {"singling out", "measures"}


def test_number_that_was_talked_down_is_found(folder, manifest):
    """A manifest that says more than the file holds."""
    said = manifest.risk["wp216"]
    said = {**said, "singling_out": [{**said["singling_out"][0], "k": 50}]}
    assert failed(folder, manifest.model_copy(update={"risk": {"wp216": said}})) == {"measures"}


@pytest.mark.parametrize("said", [{"format": 2}, [], {"thresholds": {"k": 0}}])
def test_measures_of_another_shape_are_no_answer(folder, manifest, said):
    """Hostile or newer: said, not guessed."""
    assert failed(folder, manifest.model_copy(update={"risk": {"wp216": said}})) == {"measures"}


def test_table_that_cannot_be_read_is_an_answer(folder, manifest):
    """No trace, and no pass."""
    (folder / "people" / "part-0.parquet").unlink()
    assert failed(folder, manifest) == {"measures"}


def test_table_whose_persons_are_not_in_the_files_is_left_alone(folder, manifest):
    """What only the publish could count is not counted wrongly later."""
    said = manifest.risk["wp216"]
    said = {**said, "singling_out": [{**said["singling_out"][0], "several": True, "k": 50}]}
    assert not failed(folder, manifest.model_copy(update={"risk": {"wp216": said}}))


def test_what_was_measured_is_not_measured_again_until_the_file_changes(tmp_path, monkeypatch):
    """One pass serves all who ask; a file that was written anew is counted anew."""
    from sladd.gate import measured as module

    passes = []
    real = module.risk
    monkeypatch.setattr(module, "risk", lambda *a, **k: passes.append(1) or real(*a, **k))
    known, path = module.Measured(), tmp_path / "t.parquet"
    pq.write_table(pa.table({"sted": ["a"] * 3, "vare": ["x", "y", "y"]}), path)
    assert known.risk(path, ["sted"], sensitive=["vare"], threshold=2).spread[0].l_distinct == 2
    assert known.risk(path, ["sted"], threshold=2).spread == ()
    assert len(passes) == 1
    pq.write_table(pa.table({"sted": ["a"] * 4, "vare": ["x"] * 4}), path)
    assert known.risk(path, ["sted"], threshold=2).k == 4
    assert known.risk(path, ["sted"], sensitive=["vare"], threshold=2).spread[0].l_distinct == 1
    assert len(passes) == 3
