"""What a column is to somebody who looks for a person in an anonymised release."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """The role of a column; every column of an anonymised release has one.

    Source: ISO/IEC 20889 §3 (identifying, quasi-identifying and sensitive attributes).
    """

    DIRECT = "direct"  # leads to a person by itself: never goes out
    QUASI = "quasi"  # others may know it of a person, and with others like it find the person
    SENSITIVE = "sensitive"  # nobody knows it, and nobody must learn it of a person
    INSENSITIVE = "insensitive"  # says nothing about anybody
    KEY = "key"  # leads to rows: never goes out, so that no two tables can be joined


KEPT = frozenset({Role.QUASI, Role.SENSITIVE, Role.INSENSITIVE})
"""Roles of columns that go out."""
