"""Where a release goes: a directory of Parquet files with a DuckDB database, and a schema beside it."""

from sladd.targets.directory import Staging
from sladd.targets.parquet import FinishedTable
from sladd.targets.parts import finished_rows, read_part, write_part
from sladd.targets.versions import unfinished

__all__ = [
    "FinishedTable",
    "Staging",
    "finished_rows",
    "read_part",
    "unfinished",
    "write_part",
]
