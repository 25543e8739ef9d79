"""The benchmark of the desk, over few fields."""

from __future__ import annotations

from pathlib import Path

from benchmarks import desk
from sladd.review.app import MENU


def test_every_page_of_the_menu_is_measured(tmp_path: Path, monkeypatch) -> None:
    """Each measure has a time of its own, and no page that people open is left out."""
    asked: set[str] = set()
    get = desk.TestClient.get

    def seen(browser, path, **more):
        asked.add(path.partition("?")[0])
        return get(browser, path, **more)

    monkeypatch.setattr(desk.TestClient, "get", seen)
    measures = desk.measured(tmp_path, tables=desk.SOURCES * 2, rounds=1)
    assert {path for path, _ in MENU} <= asked
    assert len({measure.what for measure in measures}) == len(measures) == 21
    assert all(measure.value > 0 for measure in measures)
