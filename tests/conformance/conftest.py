"""One shop for all tests of a kind of source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance.shops import SHOPS, Shop


@pytest.fixture(scope="session", params=SHOPS)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    factory: Callable[[Path, pytest.FixtureRequest], Shop] = request.param
    made = factory(tmp_path_factory.mktemp("shop"), request)
    yield made
    made.source.close()
