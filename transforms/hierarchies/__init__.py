"""Hierarchies: levels of one kind of value, from the value itself to ever coarser classes."""

from transforms.hierarchies.built_in import built_in
from transforms.hierarchies.contract import Hierarchy
from transforms.hierarchies.ladder import Ladder, bands_of
from transforms.hierarchies.table import Fault, TableHierarchy, faults

__all__ = ["Fault", "Hierarchy", "Ladder", "TableHierarchy", "bands_of", "built_in", "faults"]
