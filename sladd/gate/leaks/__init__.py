"""The leak test: originals of the source, looked for in a release before anyone can see it."""

from sladd.gate.leaks.against import against_source
from sladd.gate.leaks.collector import TableNeedles
from sladd.gate.leaks.needles import Needles
from sladd.gate.leaks.release import Made
from sladd.gate.leaks.shapes import Original, Originals, originals
from sladd.gate.leaks.surrogates import Other

__all__ = [
    "Made",
    "Needles",
    "Original",
    "Originals",
    "Other",
    "TableNeedles",
    "against_source",
    "originals",
]
