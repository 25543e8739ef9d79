"""Makers of cells by name: what a column of each kind looks like in these systems.

`TELLS` names those whose cells alone, under a header that says nothing, let a person know what
the column holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.accuracy.accounts import ACCOUNT_DIRECT, ACCOUNT_SILENT, ACCOUNT_TOLD
from benchmarks.accuracy.answers import ANSWER_DIRECT, ANSWER_SILENT, ANSWER_TOLD
from benchmarks.accuracy.guests import GUEST_DIRECT, GUEST_SILENT, GUEST_TOLD
from benchmarks.accuracy.ordinary import SILENT
from benchmarks.accuracy.personal import DIRECT, TOLD
from benchmarks.accuracy.registers import REGISTER_DIRECT, REGISTER_SILENT, REGISTER_TOLD
from benchmarks.accuracy.residents import RESIDENT_DIRECT, RESIDENT_SILENT, RESIDENT_TOLD
from benchmarks.accuracy.row import Make, of_other, sometimes
from benchmarks.accuracy.shares import SHARED_DIRECT, SHARED_SILENT, SHARED_TOLD
from benchmarks.accuracy.supplement import MORE_DIRECT, MORE_SILENT, MORE_TOLD
from benchmarks.accuracy.traces import SERVERS, TRACE_DIRECT, TRACE_SILENT, TRACE_TOLD
from benchmarks.accuracy.world import words

KEYS = frozenset({"key", "hexkey", "uuidkey", "public_id", "of", "ref"})
"""Makers of keys: what they lead to says the table, which an obscured name hides."""
TELLS = frozenset(
    {*DIRECT, *TOLD, *MORE_DIRECT, *MORE_TOLD, *REGISTER_DIRECT, *REGISTER_TOLD, *SHARED_DIRECT,
     *SHARED_TOLD, *ANSWER_DIRECT, *ANSWER_TOLD, *RESIDENT_DIRECT, *RESIDENT_TOLD, *TRACE_DIRECT,
     *TRACE_TOLD, *ACCOUNT_DIRECT, *ACCOUNT_TOLD, *GUEST_DIRECT, *GUEST_TOLD}
)  # fmt: skip
"""Makers whose cells alone tell what they are; how often, and `other.`, are looked through."""

_COMPANY_CANNOT_TELL = frozenset(
    [
        "street",
        "postcode",
        "city",
        "city_upper",
        "phone",
        "phone_fixed",
        "konto",
        "konto_dotted",
        "street_name",
        "phone_home",
        "landline_home",
        "address_line",
        "postcode_place",
        "iban_home",
        "phone_here",
        "account_dk",
        "own_account",
        "landline_of",
        "iban_of",
        "postcode_nl",
    ]
)
"""Makers of cells that look the same for a company and for a person."""

_ALL: Mapping[str, Make] = {
    **DIRECT, **TOLD, **SILENT, **MORE_DIRECT, **MORE_TOLD, **MORE_SILENT,
    **REGISTER_DIRECT, **REGISTER_TOLD, **REGISTER_SILENT,
    **SHARED_DIRECT, **SHARED_TOLD, **SHARED_SILENT,
    **ANSWER_DIRECT, **ANSWER_TOLD, **ANSWER_SILENT,
    **RESIDENT_DIRECT, **RESIDENT_TOLD, **RESIDENT_SILENT,
    **TRACE_DIRECT, **TRACE_TOLD, **TRACE_SILENT, **SERVERS,
    **ACCOUNT_DIRECT, **ACCOUNT_TOLD, **ACCOUNT_SILENT,
    **GUEST_DIRECT, **GUEST_TOLD, **GUEST_SILENT,
}  # fmt: skip
_OFTEN = {"_sometimes": 0.3, "_rarely": 0.06, "_mostly": 0.8}  # share of filled cells


def maker(name: str) -> tuple[Make, str]:
    """The maker a schema names, and its argument: `choice:a|b`, `other.name`, `date_sometimes`."""
    kind, _, argument = name.partition(":")
    swap = kind.startswith("other.")
    kind, share = _share(kind.removeprefix("other."))
    make = _ALL[kind] if share is None else sometimes(_ALL[kind], share)
    return (of_other(make) if swap else make), argument


def _share(kind: str) -> tuple[str, float | None]:
    """A maker without the word for how often it fills a cell, and how often that is."""
    for word, share in _OFTEN.items():
        if kind.endswith(word) and kind not in _ALL:
            return kind.removesuffix(word), share
    return kind, None


def tells(name: str, about: str) -> bool | None:
    """Whether the cells alone tell what the column is; None where whose it is decides.

    Args:
        name: of the maker, as the schema has it.
        about: what the table is about; a company's address looks like a person's.
    """
    kind, _ = _share(name.partition(":")[0].removeprefix("other."))
    if kind in KEYS or kind in SERVERS:
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
    kind, _ = _share(name.partition(":")[0])
    texts = words("texts").get(_TEXT_OF.get(kind, kind), ())
    found = [c for slot, inside in _SLOTS.items() if any(slot in t for t in texts) for c in inside]
    return tuple(dict.fromkeys(found))


_TEXT_OF = {"clinical_note": "clinical", "voucher_text": "voucher", "note_attributes": "attributes",
            "file_path_of": "member_file"}  # fmt: skip
