"""Where the tables of the catalog stand in their history."""

from __future__ import annotations

HEAD = "0010"
"""The newest revision under `migrations/versions`."""
VERSION_TABLE = "sladd_version"
