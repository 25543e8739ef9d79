"""What an analyst loses, measured inside a publish, where both sides are at hand."""

from sladd.pipeline.utility.compared import Compared
from sladd.pipeline.utility.measure import SEED, utility_of
from sladd.pipeline.utility.treated import treated_tables

__all__ = ["SEED", "Compared", "treated_tables", "utility_of"]
