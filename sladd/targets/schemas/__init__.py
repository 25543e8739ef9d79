"""A release as a schema of a database, beside its files."""

from sladd.targets.schemas.schema import SchemaTarget, open_schema

__all__ = ["SchemaTarget", "open_schema"]
