"""The tables of a release, read, transformed and put in order, in a staging folder."""

from sladd.pipeline.making.parts import Mapper, PartWork
from sladd.pipeline.making.release import Making

__all__ = ["Making", "Mapper", "PartWork"]
