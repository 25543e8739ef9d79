"""Keys between tables that nobody declared: by name, type, inclusion and count."""

from detectors.keys.columns import KeyColumn, key_columns
from detectors.keys.composite import composite_links
from detectors.keys.embedded import embedded
from detectors.keys.infer import Candidate, candidates, infer
from detectors.keys.sketch import Gatherer, Salt, Sketch
from detectors.keys.version import keys_version

__all__ = [
    "Candidate",
    "Gatherer",
    "KeyColumn",
    "Salt",
    "Sketch",
    "candidates",
    "composite_links",
    "embedded",
    "infer",
    "key_columns",
    "keys_version",
]
