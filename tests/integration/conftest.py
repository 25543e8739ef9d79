"""Shops that are scanned or published once a run. Tests read them, or take copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import anonymous, sample_shop
from tests.commands import Project
from tests.once import once


@pytest.fixture(scope="session")
def scanned_shop(shared: Path) -> Path:
    """The sample shop, scanned; `sample_shop.copied` gives a copy."""
    return once(shared / "sample_shop", sample_shop.scan)


@pytest.fixture(scope="session")
def anonymous_shop(shared: Path) -> Project:
    """The shop of `tests.anonymous`, scanned."""
    made = once(shared / "anonymous", lambda folder: anonymous.build(folder / "shop"))
    return Project(made / "shop")


@pytest.fixture(scope="session")
def anonymised_shop(shared: Path, anonymous_shop: Project) -> Project:
    """The same with a published anonymised release."""

    def publish(folder: Path) -> None:
        done = anonymous.copied(anonymous_shop, folder).run("publish", "open")
        assert done.code == 0, done.err

    return Project(once(shared / "anonymised", publish) / "shop")
