"""The measured misses: absent, present, and wrong."""

from __future__ import annotations

import pytest

from detectors.texts.residual import Missed, parsed, residual
from sladd.errors import DetectionError

MEASURED = """
source = "texts 1"
[model]
"user.contact.email" = {missed = 0.001, of = 300}
"user.name" = {missed = 0.03, of = 1200}
[rules]
"""


def test_measurements_are_read_the_worst_first():
    """Each way of finding has its own; none says that nothing was measured."""
    known = parsed(MEASURED, modelled=True)
    assert known.source == "texts 1"
    assert known.missed == (
        Missed("user.name", 0.03, 1200), Missed("user.contact.email", 0.001, 300),
    )  # fmt: skip
    assert parsed(MEASURED, modelled=False).missed == ()


def test_the_shipped_file_can_be_read():
    """Whatever it holds."""
    for modelled in (True, False):
        known = residual(modelled=modelled)
        assert bool(known.missed) == bool(known.source)


@pytest.mark.parametrize(
    "wrong",
    ["[model", '[model]\n"user.name" = {missed = 2, of = 1}', '[model]\n"user.name" = 3',
     '[model]\n"user.name" = {missed = 0.1}', '[model]\n"user.name" = {missed = 0.1, of = 0}'],
)  # fmt: skip
def test_a_wrong_file_is_refused(wrong):
    """A share above one, a number of nothing, no table."""
    with pytest.raises(DetectionError, match="SLADD-714"):
        parsed(wrong, modelled=True)
