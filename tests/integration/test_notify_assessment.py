"""An assessment that ends is told in time, once, and once more when it has ended."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from sladd.notify import gather
from sladd.pipeline.bind import bind
from tests.anonymous import copied, fill_in

CHANNEL = "notify: {channels: {vakt: {webhook: {url: 'http://127.0.0.1:1/'}}}}\n"


@pytest.fixture(scope="module")
def assessed(tmp_path_factory, anonymised_shop) -> Path:
    """A project with a published release and its signed assessment."""
    project = copied(anonymised_shop, tmp_path_factory.mktemp("ending"))
    assert project.run("assess", "open", "-o", "form.yaml").code == 0
    fill_in(project / "form.yaml")
    assert project.run("assess", "open", "--sign", "form.yaml").code == 0
    project.configure(project.config + CHANNEL)
    return project / "sladd.yaml"


def test_it_is_told_before_and_after_and_once_each(assessed):
    """Thirty days before, the officer hears of it; a day before that, nobody does."""
    bound = bind(assessed)
    form = yaml.safe_load((assessed.parent / "form.yaml").read_text("utf-8"))
    until = dt.date.fromisoformat(str(form["review_by"]))
    days = bound.config.notify.remind_days

    def told(day: dt.date) -> list[bool]:
        found = gather(bound.catalog, bound.config, bound.taxonomy, today=day)
        assert {n.subject for n in found} <= {"open"}
        return [n.facts["ended"] for n in found]

    assert told(until - dt.timedelta(days=days + 1)) == []
    assert told(until - dt.timedelta(days=days)) == [False]
    assert told(until) == []
    assert told(until + dt.timedelta(days=1)) == [True]
    assert told(until + dt.timedelta(days=2)) == []
