"""What columns of one table say about each other: name parts and addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detectors.columns.judgement import Judged
from detectors.columns.weighing import FAMILY, Candidate

_ADDRESS = "user.contact.address"
_POSTCODE = f"{_ADDRESS}.postal_code"
_CITY = f"{_ADDRESS}.city"
_STREET = f"{_ADDRESS}.street"
_COUNTRY = f"{_ADDRESS}.country"
_PHONE = "user.contact.phone_number"
_TEXT = "user.content.private"
_HELPED: Mapping[str, tuple[str, ...]] = {
    # a category: the neighbours that speak for it
    "user.name.first": ("user.name.last", "user.contact.email", _PHONE, _STREET),
    "user.name.last": ("user.name.first", "user.contact.email", _PHONE, _STREET),
    "user.name": ("user.contact.email", _PHONE, _STREET,
                  "user.government_id.national_identification_number"),
    _STREET: (_POSTCODE, _CITY),
    _POSTCODE: (_CITY, _STREET),
    _CITY: (_POSTCODE, _STREET),
    _COUNTRY: (_POSTCODE, _CITY, _STREET),
    f"{_ADDRESS}.municipality": (_POSTCODE, _CITY, _STREET),
    _PHONE: ("user.contact.email", "user.name", "user.name.last", "user.name.first", _STREET),
    **dict.fromkeys(
        ("user.demographic.date_of_birth", "user.demographic.age_range", "user.job_title",
         "user.demographic.marital_status", "user.health_and_medical", "user.education"),
        ("user.name", "user.name.last", "user.contact.email", "user.demographic.gender"),
    ),
    "user.demographic.gender": ("user.name.first", "user.name", "user.demographic.date_of_birth"),
    "user.account.username": ("user.contact.email", "user.authorization.password"),
    "organization.name": ("organization.registration_number",),
    _TEXT: ("user.name", "user.contact.email", _PHONE, "user.name.first", "user.name.last"),
}  # fmt: skip
_SPOKEN = (  # words of someone who writes to someone, in nb, nn, en
    r"(?i)(?:^|[^\pL])(?:jeg|eg|vi|me|dere|dykk|du|deg|meg|min|mitt|hei|takk|mvh|vennlig|ringe?|"
    r"kunden?|ønsker|ønskjer|ikke|ikkje|helst|kan|please|thanks?|you|your|my|we|hello|hi|dear|not|"
    r"customer|called|wants?|avtalt|bestilte|leveres?|beskjed)(?:$|[^\pL])"
)
_MORE = {_TEXT: 2.2, _PHONE: 1.5, _STREET: 1.5}  # where a neighbour tells more than the usual 1.0


def add_neighbours(columns: Sequence[Judged]) -> None:
    """Let accepted columns speak for the ones beside them, once."""
    accepted = {
        judged.accepted: judged
        for judged in columns
        if judged.accepted and not judged.field.ref.path
    }
    for judged in columns:
        for candidate in judged.candidates:
            helpers = [
                category
                for category in _HELPED.get(candidate.category, ())
                if category in accepted and accepted[category] is not judged
            ]
            if not helpers:
                continue
            if candidate.barred and _told(candidate, judged, helpers):
                candidate.barred = False
            if not candidate.barred:
                weight = _MORE.get(candidate.category, 1.0) + (0.5 if len(helpers) > 1 else 0.0)
                if candidate.category == _TEXT and judged.profile.share(_SPOKEN) < 0.05:
                    weight = 0.0  # a product is described to everyone; no one is spoken to
                candidate.add("neighbour", weight, category=helpers[0], neighbours=len(helpers))


def _told(candidate: Candidate, judged: Judged, helpers: Sequence[str]) -> bool:
    """Whether neighbours make values of the right shape what they look like."""
    values = sum(e.weight for e in candidate.evidence if FAMILY[e.signal] == "value")
    match candidate.category:
        case "user.contact.phone_number":
            return any(e.signal == "scatter" for e in candidate.evidence)
        case "user.contact.address.postal_code":
            # Years are postcodes too, thirty out of thirty-one.
            return values >= 3.0 and judged.profile.share(r"^(?:19|20)[0-9]{2}$") < 0.9
        case "user.contact.address.street":
            return values >= 1.0 and bool({_POSTCODE, _CITY} & set(helpers))
        case "user.contact.address.country":
            return values >= 1.0
        case _:
            return False
