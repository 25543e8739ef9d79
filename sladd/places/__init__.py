"""Where Norwegian postcodes and places lie. Knows nothing else of sladd."""

from sladd.places.location import (
    Location,
    folded,
    of_municipality,
    of_name,
    of_postcode,
    part_by_digits,
)
from sladd.places.register import (
    County,
    Municipality,
    Postcode,
    counties,
    municipalities,
    postcodes,
)

__all__ = [
    "County",
    "Location",
    "Municipality",
    "Postcode",
    "counties",
    "folded",
    "municipalities",
    "of_municipality",
    "of_name",
    "of_postcode",
    "part_by_digits",
    "postcodes",
]
