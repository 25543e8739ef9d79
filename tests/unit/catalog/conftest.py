"""A catalog of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sladd.catalog import Catalog, open_catalog

URL = "sqlite:///.sladd/catalog.db"


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog in SQLite."""
    with open_catalog(URL, root=tmp_path) as opened:
        yield opened
