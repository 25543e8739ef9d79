"""What an organisation does with personal data, as art. 30 of the GDPR wants it recorded."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class Basis(enum.StrEnum):
    """Legal bases of GDPR art. 6(1), by their letters."""

    CONSENT = "a"
    CONTRACT = "b"
    LEGAL_OBLIGATION = "c"
    VITAL_INTERESTS = "d"
    PUBLIC_TASK = "e"
    LEGITIMATE_INTERESTS = "f"


class Condition(enum.StrEnum):
    """Conditions of GDPR art. 9(2) for special categories, by their letters."""

    EXPLICIT_CONSENT = "a"
    EMPLOYMENT = "b"
    VITAL_INTERESTS = "c"
    MEMBERS = "d"
    MADE_PUBLIC = "e"
    LEGAL_CLAIMS = "f"
    PUBLIC_INTEREST = "g"
    HEALTH_CARE = "h"
    PUBLIC_HEALTH = "i"
    RESEARCH = "j"


class Persons(enum.StrEnum):
    """Categories of data subjects that a trading organisation commonly has."""

    CUSTOMER = "customer"
    CONTACT = "contact"  # of a customer that is an organisation
    SUBSCRIBER = "subscriber"
    VISITOR = "visitor"
    USER = "user"
    RECIPIENT = "recipient"  # of a delivery
    SUPPLIER = "supplier"
    EMPLOYEE = "employee"
    FORMER_EMPLOYEE = "former_employee"
    APPLICANT = "applicant"
    CHILD = "child"


class Transfer(enum.StrEnum):
    """Whether data leave the EEA, and what allows it (GDPR chapter V)."""

    UNKNOWN = ""
    NONE = "none"
    ADEQUACY = "adequacy"  # art. 45
    CLAUSES = "clauses"  # art. 46(2)(c)
    CORPORATE_RULES = "corporate_rules"  # art. 46(2)(b)
    DEROGATION = "derogation"  # art. 49
    UNGROUNDED = "ungrounded"  # data leave, and nobody has said what allows it

    @property
    def leaves(self) -> bool:
        """Whether data are known to leave the EEA."""
        return self not in {Transfer.UNKNOWN, Transfer.NONE}


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity, as a person filled it in. Texts are shown as they were written.

    Attributes:
        id: short and stable; part of the address of its page.
        name: what it is called.
        purpose: what for (art. 30(1)(b)).
        bases: legal bases of art. 6(1).
        basis_note: the law, or where the balancing of interests is kept.
        conditions: of art. 9(2), where special categories are processed.
        condition_note: the law, or the ground for data of art. 10.
        national_id_ground: why a fødselsnummer is needed (personopplysningsloven § 12).
        persons: categories of data subjects (art. 30(1)(c)).
        other_persons: those that have no word of their own.
        categories: keys of the taxonomy: categories of personal data (art. 30(1)(c)).
        recipients: to whom data are disclosed (art. 30(1)(d)).
        transfer: out of the EEA (art. 30(1)(e)).
        transfer_note: to which country, and where the safeguards are kept.
        retention: time limits for erasure (art. 30(1)(f)).
        measures: technical and organisational (art. 30(1)(g)).
        processor: who processes on the organisation's behalf (art. 28).
        agreement: date or reference of the data processing agreement.
        joint: joint controllers (art. 26).
        contact: who answers for the activity: a role, not a name.
        covers: addresses of tables, or of single fields, that it uses.
    """

    id: str
    name: str
    purpose: str = ""
    bases: tuple[Basis, ...] = ()
    basis_note: str = ""
    conditions: tuple[Condition, ...] = ()
    condition_note: str = ""
    national_id_ground: str = ""
    persons: tuple[Persons, ...] = ()
    other_persons: str = ""
    categories: tuple[str, ...] = ()
    recipients: str = ""
    transfer: Transfer = Transfer.UNKNOWN
    transfer_note: str = ""
    retention: str = ""
    measures: str = ""
    processor: str = ""
    agreement: str = ""
    joint: str = ""
    contact: str = ""
    covers: tuple[str, ...] = ()

    def covered(self, field: str) -> bool:
        """Whether the address of a field is one of those it uses, or lies in such a table."""
        return any(field == each or field.startswith(f"{each}.") for each in self.covers)


@dataclass(frozen=True, slots=True)
class SavedActivity:
    """An activity as the catalog keeps it: which version it is, by whom, when."""

    activity: Activity
    version: int
    by: str
    at: datetime
