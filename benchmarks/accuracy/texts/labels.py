"""The labels of the corpus, and how the names of other tools map to them.

Two coarser views: a *type* joins what sladd's taxonomy has one category for, and is what an exact
match compares; a *group* joins what a reader would call the same kind of thing, and is what a
relaxed match compares.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# Identifiability follows sladd/taxonomy/categories.toml, with two decisions of this corpus: a
# street address counts as direct also when it stands alone, and so does a number plate, since
# anyone can look its owner up.
DIRECT: Final = frozenset({
    "PERSON",
    "EMAIL",
    "PHONE",
    "ADDRESS",
    "FODSELSNUMMER",
    "DNUMBER",
    "KONTONUMMER",
    "IBAN",
    "CARD",
    "IP",
    "HANDLE",
    "PLATE",
    "PASSPORT",
})  # fmt: skip
QUASI: Final = frozenset({
    "POSTPLACE",
    "LOCATION",
    "BIRTHDATE",
    "AGE",
    "KID",
    "CUSTOMER_NO",
    "ORDER_NO",
    "URL",
})  # fmt: skip
SPECIAL: Final = frozenset({"HEALTH", "OTHER_SPECIAL"})
NOT_PERSONAL: Final = frozenset({"ORG", "ORGNR", "ORG_PHONE", "ORG_EMAIL"})
LABELS: Final = DIRECT | QUASI | SPECIAL | NOT_PERSONAL

# What only a prediction can be: an identifier the corpus has no label for (a driving licence of
# another country, a session id), and a date that is not said to be a birth date.
OTHER_ID: Final = "OTHER_ID"
DATE: Final = "DATE"
PREDICTED_DIRECT: Final = DIRECT | {OTHER_ID}
PREDICTED_PERSONAL: Final = PREDICTED_DIRECT | QUASI | SPECIAL

_TYPES = MappingProxyType(
    {
        "DNUMBER": "FODSELSNUMMER",  # user.government_id.national_identification_number is both
        "CUSTOMER_NO": "LINK_KEY",  # user.link_key
        "ORDER_NO": "LINK_KEY",
    }
)
_GROUPS = MappingProxyType(
    {
        "FODSELSNUMMER": "NATIONAL_ID",
        "DNUMBER": "NATIONAL_ID",
        "KONTONUMMER": "ACCOUNT",
        "IBAN": "ACCOUNT",
        "ADDRESS": "PLACE",
        "POSTPLACE": "PLACE",
        "LOCATION": "PLACE",
        "CUSTOMER_NO": "LINK_KEY",
        "ORDER_NO": "LINK_KEY",
        "KID": "LINK_KEY",
        "HEALTH": "SPECIAL",
        "OTHER_SPECIAL": "SPECIAL",
    }
)

# The longest prefix of a dotted category decides.
_CATEGORIES = MappingProxyType(
    {
        "organization": "ORG",
        "organization.bank_account": "KONTONUMMER",
        "organization.contact.email": "ORG_EMAIL",
        "organization.contact.phone_number": "ORG_PHONE",
        "organization.registration_number": "ORGNR",
        "user": OTHER_ID,
        "user.account": "HANDLE",
        "user.biometric": "OTHER_SPECIAL",
        "user.childrens": "AGE",
        "user.contact.address": "ADDRESS",
        "user.contact.address.city": "LOCATION",
        "user.contact.address.country": "LOCATION",
        "user.contact.address.municipality": "LOCATION",
        "user.contact.address.postal_code": "POSTPLACE",
        "user.contact.email": "EMAIL",
        "user.contact.phone_number": "PHONE",
        "user.contact.url": "URL",
        "user.criminal_history": "OTHER_SPECIAL",
        "user.demographic": "OTHER_SPECIAL",
        "user.demographic.age_range": "AGE",
        "user.demographic.date_of_birth": "BIRTHDATE",
        "user.device.ip_address": "IP",
        "user.financial.bank_account": "KONTONUMMER",
        "user.financial.credit_card": "CARD",
        "user.financial.iban": "IBAN",
        "user.government_id.national_identification_number": "FODSELSNUMMER",
        "user.government_id.passport_number": "PASSPORT",
        "user.government_id.vehicle_registration": "PLATE",
        "user.health_and_medical": "HEALTH",
        "user.link_key": "ORDER_NO",
        "user.location": "LOCATION",
        "user.name": "PERSON",
        "user.payment.kid": "KID",
        "user.unique_id": "CUSTOMER_NO",
        "user.workplace": "ORG",
    }
)
# Presidio's own names (its supported entities, 2.2), spaCy's, and those of docs/reference/recognizers.md.
_ENTITIES = MappingProxyType(
    {
        "PER": "PERSON",
        "LOC": "LOCATION",
        "GPE": "LOCATION",
        "FAC": "LOCATION",
        "GPE_LOC": "LOCATION",
        "GPE_ORG": "ORG",
        "ORGANIZATION": "ORG",
        "EMAIL_ADDRESS": "EMAIL",
        "PHONE_NUMBER": "PHONE",
        "IP_ADDRESS": "IP",
        "CREDIT_CARD": "CARD",
        "IBAN_CODE": "IBAN",
        "DATE_TIME": DATE,
        "DATE_OF_BIRTH": "BIRTHDATE",
        "NRP": "OTHER_SPECIAL",
        "URL": "URL",
        "NO_FODSELSNUMMER": "FODSELSNUMMER",
        "NO_ORGANISASJONSNUMMER": "ORGNR",
        "NO_IBAN": "IBAN",
        "NO_STREET_ADDRESS": "ADDRESS",
        "NO_POSTAL_CODE": "POSTPLACE",
        "NO_NUMBER_PLATE": "PLATE",
        "NO_KONTONUMMER": "KONTONUMMER",
        "NO_KID": "KID",
    }
)


def type_of(label: str) -> str:
    """What an exact match compares."""
    return _TYPES.get(label, label)


def group_of(label: str) -> str:
    """What a relaxed match compares."""
    return _GROUPS.get(label, label)


def label_of(kind: str) -> str:
    """The corpus's label for a label, a dotted sladd category or an entity of Presidio.

    A kind that is not known is `OTHER_ID`: whoever says it claims to have found something
    personal, and is held to it.
    """
    if kind in LABELS or kind in {OTHER_ID, DATE}:
        return kind
    if kind in _ENTITIES:
        return _ENTITIES[kind]
    parts = kind.split(".")
    for length in range(len(parts), 0, -1):
        known = _CATEGORIES.get(".".join(parts[:length]))
        if known:
            return known
    return OTHER_ID
