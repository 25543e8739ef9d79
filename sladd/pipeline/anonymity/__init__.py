"""Anonymised tables: roles and hierarchies put to the search, and its answer written."""

from sladd.pipeline.anonymity.making import make_tables

__all__ = ["make_tables"]
