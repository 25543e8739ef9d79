"""A shop for each test, to plant a fault in."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def kept():
    """The module of the shop."""
    path = Path(__file__).with_name("shop.py")
    spec = importlib.util.spec_from_file_location("leak_shop", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["leak_shop"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def shop(kept):
    """A clean shop."""
    return kept.Shop()
