"""Hierarchies: levels of one kind of value, from the value itself to ever coarser classes."""

from transforms.hierarchies.built_in import built_in
from transforms.hierarchies.contract import Hierarchy
from transforms.hierarchies.frequency import Frequency, by_frequency
from transforms.hierarchies.intervals import Intervals, equal_frequency, equal_width
from transforms.hierarchies.ladder import Ladder, bands_of
from transforms.hierarchies.ordered import ordered
from transforms.hierarchies.prefix import prefix
from transforms.hierarchies.table import Fault, TableHierarchy, faults

__all__ = [
    "Fault",
    "Frequency",
    "Hierarchy",
    "Intervals",
    "Ladder",
    "TableHierarchy",
    "bands_of",
    "built_in",
    "by_frequency",
    "equal_frequency",
    "equal_width",
    "faults",
    "ordered",
    "prefix",
]
