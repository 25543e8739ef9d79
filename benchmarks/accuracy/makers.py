"""Makers of cells by name: what a column of each kind looks like in these systems.

`TELLS` names those whose cells alone, under a header that says nothing, let a person know what
the column holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, TOLD
from benchmarks.accuracy.row import Make, of_other, sometimes
from benchmarks.accuracy.supplement import MORE_DIRECT, MORE_SILENT, MORE_TOLD
from benchmarks.accuracy.world import words

KEYS = frozenset({"key", "hexkey", "of", "ref"})
"""Makers of keys: what they lead to says the table, which an obscured name hides."""
TELLS = frozenset({*DIRECT, *TOLD, *MORE_DIRECT, *MORE_TOLD})
"""Makers whose cells alone tell what they are; `_sometimes` and `other.` are looked through."""

_COMPANY_CANNOT_TELL = frozenset(
    ["street", "postcode", "city", "city_upper", "phone", "phone_fixed", "konto", "konto_dotted"]
)
"""Makers of cells that look the same for a company and for a person."""

_ALL: Mapping[str, Make] = {
    **DIRECT, **TOLD, **SILENT, **MORE_DIRECT, **MORE_TOLD, **MORE_SILENT,
}  # fmt: skip


def maker(name: str) -> tuple[Make, str]:
    """The maker a schema names, and its argument: `choice:a|b`, `other.name`, `date_sometimes`."""
    kind, _, argument = name.partition(":")
    swap, often = kind.startswith("other."), kind.endswith("_sometimes") and kind not in _ALL
    kind = kind.removeprefix("other.")
    make = _ALL[kind.removesuffix("_sometimes") if often else kind]
    make = sometimes(make, 0.3) if often else make
    return (of_other(make) if swap else make), argument


def tells(name: str, about: str) -> bool | None:
    """Whether the cells alone tell what the column is; None where whose it is decides.

    Args:
        name: of the maker, as the schema has it.
        about: what the table is about; a company's address looks like a person's.
    """
    kind = name.partition(":")[0].removeprefix("other.")
    kind = kind if kind in _ALL else kind.removesuffix("_sometimes")
    if kind in KEYS:
        return None
    if about == "company" and kind in _COMPANY_CANNOT_TELL:
        return None
    return kind in TELLS


_SLOTS = {
    "{name}": ("user.name",),
    "{given}": ("user.name", "user.name.first"),
    "{phone}": ("user.contact.phone_number",),
    "{email}": ("user.contact.email",),
    "{street}": ("user.contact.address", "user.contact.address.street"),
}


def holds(name: str) -> tuple[str, ...]:
    """The categories that stand inside the texts of a maker, beside free text itself."""
    kind = name.partition(":")[0].removesuffix("_sometimes")
    texts = words("texts").get(_TEXT_OF.get(kind, kind), ())
    found = [c for slot, inside in _SLOTS.items() if any(slot in t for t in texts) for c in inside]
    return tuple(dict.fromkeys(found))


_TEXT_OF = {"clinical_note": "clinical", "voucher_text": "voucher", "note_attributes": "attributes"}
