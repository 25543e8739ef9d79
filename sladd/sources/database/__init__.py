"""Databases as sources: any SQLAlchemy URL, read as Arrow."""

from sladd.sources.database.source import DatabaseSource

__all__ = ["DatabaseSource"]
