"""The gate: verification of a written release. Its own code, its own quoting, its own counting."""

from sladd.gate.query import query
from sladd.gate.release_files import files, with_orphans
from sladd.gate.rescan import Rescan
from sladd.gate.risk import Rare, Risk, risk
from sladd.gate.spread import Spread

__all__ = ["Rare", "Rescan", "Risk", "Spread", "files", "query", "risk", "with_orphans"]
