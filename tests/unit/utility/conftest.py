"""A table of persons before and after it was made coarser."""

from __future__ import annotations

import pytest

from sladd.pipeline.utility import Compared
from tests.unit.utility.decades import made


@pytest.fixture
def compared() -> Compared:
    return made()
