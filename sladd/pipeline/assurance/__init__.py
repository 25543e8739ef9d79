"""Everything that is measured of an anonymised release, in one call inside a publish."""

from sladd.pipeline.assurance.measuring import Measures, measure, measure_release
from sladd.pipeline.assurance.table import AnonymisedTable, written

__all__ = ["AnonymisedTable", "Measures", "measure", "measure_release", "written"]
