"""What an analyst loses, measured inside a publish, where both sides are at hand."""

from sladd.pipeline.utility.compared import Compared
from sladd.pipeline.utility.measure import SEED, utility_of

__all__ = ["SEED", "Compared", "utility_of"]
