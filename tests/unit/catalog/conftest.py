"""A catalog of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sladd.catalog import Catalog, open_catalog

URL = "sqlite:///.sladd/catalog.db"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty catalog; copy it before changing anything."""
    root = tmp_path_factory.mktemp("empty")
    open_catalog(URL, root=root).close()
    return root / ".sladd"


@pytest.fixture
def catalog(empty: Path, tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog in SQLite."""
    shutil.copytree(empty, tmp_path / ".sladd")
    with open_catalog(URL, root=tmp_path) as opened:
        yield opened
