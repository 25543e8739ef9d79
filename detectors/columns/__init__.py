"""The column scanner: columns judged as columns, from evidence that a person can read."""

from detectors.columns.linked import is_person_table, link
from detectors.columns.names import name_is_personal
from detectors.columns.options import ExpandJson, ScanOptions
from detectors.columns.scan import scan_table

__all__ = [
    "ExpandJson",
    "ScanOptions",
    "is_person_table",
    "link",
    "name_is_personal",
    "scan_table",
]
