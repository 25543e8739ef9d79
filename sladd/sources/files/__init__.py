"""Tables in files: CSV, JSON, Parquet, Arrow, XLSX; local or anywhere fsspec reaches."""

from sladd.sources.files.source import FilesSource

__all__ = ["FilesSource"]
