"""Recognisers of personal data: one identifier a file, each a Presidio recogniser.

To add one, write its file and add its line to `_RECOGNIZERS`. Importing this package imports
no Presidio; `RECOGNIZERS` does, when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detectors.loading import found_at

if TYPE_CHECKING:
    from detectors.recognizer import AdoptedRecognizer, DeclaredRecognizer
    from detectors.revealing import RevealingRecognizer

    RecognizerClass = type[AdoptedRecognizer | DeclaredRecognizer | RevealingRecognizer]
    RECOGNIZERS: tuple[RecognizerClass, ...]

__all__ = ["RECOGNIZERS"]

_RECOGNIZERS = (
    "detectors.international.email:EmailAddressRecognizer",
    "detectors.international.password_hash:PasswordHashRecognizer",
    "detectors.international.credentials:CredentialRecognizer",
    "detectors.international.iban_code:InternationalIbanRecognizer",
    "detectors.international.credit_card:PaymentCardRecognizer",
    "detectors.international.crypto:BitcoinRecognizer",
    "detectors.international.mac_address:HardwareAddressRecognizer",
    "detectors.international.ip_address:IpAddressRecognizer",
    "detectors.international.cookie_id:CookieIdRecognizer",
    "detectors.international.imei:ImeiRecognizer",
    "detectors.international.uuid:UniversalIdRecognizer",
    "detectors.international.url:WebAddressRecognizer",
    "detectors.norway.fodselsnummer:FodselsnummerRecognizer",
    "detectors.norway.duf:DufRecognizer",
    "detectors.norway.iban:NorwegianIbanRecognizer",
    "detectors.norway.kontonummer:KontonummerRecognizer",
    "detectors.norway.organisasjonsnummer:OrganisasjonsnummerRecognizer",
    "detectors.norway.phone:NorwegianPhoneRecognizer",
    "detectors.norway.street_address:StreetAddressRecognizer",
    "detectors.norway.number_plate:NumberPlateRecognizer",
    "detectors.norway.postal_code:PostalCodeRecognizer",
    "detectors.norway.kid:KidRecognizer",
    "detectors.revealing:HealthWordsRecognizer",
    "detectors.revealing:BeliefWordsRecognizer",
    "detectors.revealing:PoliticsWordsRecognizer",
    "detectors.revealing:UnionWordsRecognizer",
    "detectors.revealing:EthnicityWordsRecognizer",
    "detectors.revealing:OrientationWordsRecognizer",
    "detectors.revealing:OffenceWordsRecognizer",
)


def __getattr__(name: str) -> object:
    if name != "RECOGNIZERS":
        raise AttributeError(name)
    return found_at(_RECOGNIZERS)
