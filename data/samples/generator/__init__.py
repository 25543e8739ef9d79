"""A synthetic Norwegian web shop, with ground truth, in any size.

`generate` writes a database, a folder of exports and `labels.csv`. No row is about a real
person or company; `SOURCES.md` beside this package says where the ingredients come from.
"""

from .shop import generate

__all__ = ["generate"]
