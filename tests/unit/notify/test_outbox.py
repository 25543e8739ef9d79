"""The outbox: nothing is lost, and nothing is told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sladd.catalog import Notice, open_catalog
from sladd.catalog.outbox import LEASE

START = datetime(2026, 11, 27, 8, tzinfo=UTC)
CHANNELS = {"ombud": ["new", "digest"], "vakt": ["new"]}
NEW = Notice("new:shop:1", "new", "shop", {"count": 0, "fields": []})
DIGEST = Notice("digest:2026-W48", "digest", "2026-W48")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(tmp_path, clock):
    with open_catalog("sqlite:///catalog.db", root=tmp_path, clock=clock) as catalog:
        yield catalog.outbox


def keys(claim) -> list[str]:
    return [notice.topic for notice in claim.notices]


def test_a_channel_gets_the_topics_it_asked_for(outbox):
    """Each has its own copy, and its own fate."""
    assert outbox.put([NEW, DIGEST], CHANNELS) == [NEW, DIGEST]
    assert keys(outbox.take("ombud")) == ["new", "digest"]
    assert keys(outbox.take("vakt")) == ["new"]
    assert keys(outbox.take("nobody")) == []


def test_the_same_thing_is_put_in_once(outbox):
    """A scan whose process died after it is gathered again, and told once."""
    outbox.put([NEW], CHANNELS)
    assert outbox.put([NEW], CHANNELS) == []
    outbox.told(outbox.take("vakt"))
    assert outbox.put([NEW], CHANNELS) == []
    assert outbox.waiting("vakt") == 0
    assert outbox.waiting() == 1


def test_what_could_not_be_told_waits(outbox):
    """The next run gets it together with what came since."""
    outbox.put([NEW], CHANNELS)
    outbox.failed(outbox.take("ombud"), 943)
    outbox.put([DIGEST], CHANNELS)
    claim = outbox.take("ombud")
    assert keys(claim) == ["new", "digest"]
    outbox.told(claim)
    assert keys(outbox.take("ombud")) == []


def test_two_processes_do_not_tell_the_same(outbox, clock):
    """While one delivers, another has nothing to do; if the one dies, the other does it later."""
    outbox.put([NEW], CHANNELS)
    first = outbox.take("ombud")
    assert keys(outbox.take("ombud")) == []
    clock.now = START + LEASE + timedelta(seconds=1)
    second = outbox.take("ombud")
    assert keys(second) == ["new"]
    outbox.told(second)
    outbox.failed(first, 943)  # the dead one comes back: what was told stays told
    assert outbox.waiting("ombud") == 0


def test_scans_before_the_first_channel_are_no_news(tmp_path, clock):
    """Who configures a channel after a year is not told of a year."""
    with open_catalog("sqlite:///catalog.db", root=tmp_path, clock=clock) as catalog:
        old = catalog.scans.begin("shop", ruleset="r", by="liv")
        catalog.scans.finish(old, seen_tables=())
        assert catalog.outbox.scans() == []
        catalog.outbox.begin()
        assert catalog.outbox.scans() == []
        new = catalog.scans.begin("shop", ruleset="r", by="liv")
        catalog.scans.finish(new, seen_tables=())
        catalog.outbox.begin()
        (found,) = catalog.outbox.scans()
        assert (found.source, found.drift.scan) == ("shop", new)
        catalog.outbox.put([], CHANNELS, upto=found.ordinal)
        assert catalog.outbox.scans() == []
