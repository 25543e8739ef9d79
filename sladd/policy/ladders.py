"""Which hierarchy makes a quasi-identifier coarser where nobody says it."""

from __future__ import annotations

from sladd.model import StorageType
from sladd.policy.inputs import LadderTerms, PolicyField

SHIPPED = frozenset({"place", "age", "date", "time", "network", "user_agent"})
FITTED = frozenset({"none", "frequency", "equal_frequency"})
"""Ways that need no more than a name; the other names are hierarchies of the user's own."""

_BY_CATEGORY = (
    ("user.contact.address.country", "frequency"),
    ("user.contact.address", "place"),
    ("user.location", "place"),
    ("user.demographic.date_of_birth", "age"),
    ("user.device.ip_address", "network"),
    ("user.device.user_agent", "user_agent"),
)
_BY_TYPE = {
    StorageType.DATE: "date",
    StorageType.TIMESTAMP: "date",
    StorageType.TIME: "time",
    StorageType.INTEGER: "equal_frequency",
    StorageType.DECIMAL: "equal_frequency",
    StorageType.FLOAT: "equal_frequency",
    StorageType.BOOLEAN: "none",
}


def ladder_name(one: PolicyField, given: LadderTerms | None) -> str:
    """Name of a hierarchy, or of the way in which one is made from the column's values."""
    if given is not None:
        return given.hierarchy or given.way
    for prefix, name in _BY_CATEGORY:
        if one.category == prefix or one.category.startswith(f"{prefix}."):
            return name
    written = one.scan.written_as if one.scan is not None else None
    return _BY_TYPE.get(written or one.field.type, "frequency")
