"""What of a column is looked for in a release, and how strong a find is.

*Strong* originals lead to a person wherever they stand. *Weak* ones (a given name alone, a
postcode, a date, anything under eight characters) stand in any text by chance, so they are
looked for only as whole cells of the column that was made from theirs.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_CHARACTERS = 8  # DESIGN §7: anything under 8 characters is weak
MOST_PERSONS = 5  # and so is what more than 5 persons share


class Kind(enum.IntEnum):
    """How an original is spelt, and so how it is found again."""

    EMAIL = 1
    IDENTIFIER = 2  # letters and digits: IBAN, cookie and session ids, number plates
    DIGITS = 3  # a bare run of digits, however it is grouped
    PHONE = 4  # with country code
    NAME = 5  # two or more words, in any order
    ADDRESS = 6  # street, number and postcode
    IP = 7
    CELL = 8  # weak: the whole cell
    DIGITS_BY_CHANCE = 9  # control
    NAME_BY_CHANCE = 10  # control
    OWNER = 11  # no original: which pseudonym a person's key has


WORDS = {
    Kind.EMAIL: "an e-mail address",
    Kind.IDENTIFIER: "an identifier",
    Kind.DIGITS: "a number",
    Kind.PHONE: "a telephone number",
    Kind.NAME: "a full name",
    Kind.ADDRESS: "a postal address",
    Kind.IP: "an IP address",
    Kind.CELL: "the value itself",
}
BY_RULE = frozenset({Kind.EMAIL, Kind.IDENTIFIER, Kind.DIGITS, Kind.PHONE, Kind.IP})
"""Kinds that rules find in texts: none of them may be left in a redacted one."""


@dataclass(frozen=True, slots=True)
class Original:
    """A column of the source whose values must not be found in the release.

    Attributes:
        field: address, for the answers.
        column: name in the batches.
        category: what it was found to be.
        kept: whether the plan lets the values themselves out.
    """

    field: str
    column: str
    category: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Originals:
    """What is taken from the rows of one table.

    Attributes:
        fields: columns looked for.
        names: pairs of columns, given and family name, that make a full name together.
        addresses: pairs of columns, street and postcode.
        person: column with the key of the row's person; "" where none is known.
        entity: what that key identifies, the same for every table that points there.
        told: whether the release holds pseudonyms of these persons, so that one can be told.
    """

    fields: tuple[Original, ...]
    names: tuple[tuple[str, str], ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    person: str = ""
    entity: str = ""
    told: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the source that have to be read."""
        paired = [c for pair in (*self.names, *self.addresses) for c in pair]
        own = [f.column for f in self.fields]
        return tuple(dict.fromkeys([*own, *paired, *([self.person] if self.person else [])]))


def originals(fields: Sequence[Original], *, person: str = "", entity: str = "") -> Originals:
    """The columns of a table with the pairs among them that belong together."""
    first = [f.column for f in fields if f.category == "user.name.first"]
    last = [f.column for f in fields if f.category == "user.name.last"]
    street = [f.column for f in fields if f.category == "user.contact.address.street"]
    postcode = [f.column for f in fields if f.category == "user.contact.address.postal_code"]
    return Originals(
        tuple(fields),
        tuple(zip(first, last, strict=False)),
        tuple(zip(street, postcode, strict=False)),
        person,
        entity,
    )


_EMAIL = ("user.contact.email", "organization.contact.email")
_PHONE = ("user.contact.phone_number", "organization.contact.phone_number")
_NUMBERED = (
    "user.government_id",
    "user.financial.iban",
    "user.financial.bank_account",
    "user.financial.credit_card",
    "user.financial.crypto_wallet",
    "user.payment.kid",
    "user.device.mac_address",
    "user.device.cookie_id",
    "user.device.session_id",
    "user.device.device_id",
    "user.unique_id",
    "user.account",
    "user.link_key",
    "user.custom",
    "user.authorization.credentials",
    "organization.registration_number",
    "organization.bank_account",
)
PADDED = ("user.government_id", "user.financial.bank_account", "organization.bank_account")
"""Numbers of eleven digits that lose their leading zero where they are stored as numbers."""


def kind_of(category: str) -> Kind:
    """How values of a category are looked for."""
    if is_one_of(category, _EMAIL):
        return Kind.EMAIL
    if is_one_of(category, _PHONE):
        return Kind.PHONE
    if is_one_of(category, _NUMBERED):
        return Kind.IDENTIFIER
    if category == "user.name":
        return Kind.NAME
    if category == "user.contact.address":
        return Kind.ADDRESS
    if category == "user.device.ip_address":
        return Kind.IP
    return Kind.CELL


def is_one_of(category: str, prefixes: Sequence[str]) -> bool:
    """Whether a category is one of these or below it."""
    return any(category == p or category.startswith(p + ".") for p in prefixes)
