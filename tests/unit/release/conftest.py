"""Loads the builder of a small release, which several test folders share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

_BUILDER = Path(__file__).parents[1] / "release" / "builder.py"


@pytest.fixture(scope="session")
def builder():
    spec = importlib.util.spec_from_file_location("release_builder", _BUILDER)
    module = importlib.util.module_from_spec(spec)
    sys.modules["release_builder"] = module
    spec.loader.exec_module(module)
    return module
