"""The gate: verification of a written release. Its own code, its own quoting, its own counting."""

from sladd.gate.query import query
from sladd.gate.release_files import files, with_orphans
from sladd.gate.rescan import Rescan

__all__ = ["Rescan", "files", "query", "with_orphans"]
