"""A release as frames, when what is asked for is not there (any more)."""

from __future__ import annotations

import pytest

from sladd.errors import GateError
from sladd.frames import open_release


def test_a_table_that_is_not_there_is_told_with_those_that_are(builder, tmp_path):
    """As a mapping does, so that `in` and `get` say it too."""
    release = builder.publish(tmp_path)
    opened = open_release(release)
    with pytest.raises(KeyError, match="customers"):
        opened["nothing"]
    assert "nothing" not in opened
    assert opened.get("nothing") is None


def test_a_version_that_was_deleted_meanwhile_says_so(builder, tmp_path):
    """Two newer versions take an old one away; whoever had it open opens the newest."""
    release = builder.publish(tmp_path)
    opened = open_release(release)
    for file in release.rglob("*.parquet"):
        file.unlink()
    with pytest.raises(GateError, match="replaced") as told:
        opened["customers"]
    assert told.value.code == 614
