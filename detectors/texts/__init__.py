"""Free text: recognisers for running text only, and what is done with all the spans they give.

Columns are judged as columns, by header, neighbours and lists; what stands here reads sentences
and never takes part there. To add a recogniser, write its file and add its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detectors.loading import found_at

if TYPE_CHECKING:
    from detectors.texts.recognizer import TextRecognizer

    RECOGNIZERS: tuple[type[TextRecognizer], ...]

__all__ = ["RECOGNIZERS"]

_RECOGNIZERS = (
    "detectors.texts.mail_names:MailNameRecognizer",
    "detectors.texts.letter_names:LetterNameRecognizer",
    "detectors.texts.introduced_names:IntroducedNameRecognizer",
    "detectors.texts.listed_names:ListedNameRecognizer",
    "detectors.texts.printed_names:PrintedNameRecognizer",
    "detectors.texts.chat_names:ChatNameRecognizer",
    "detectors.texts.form_address:FormAddressRecognizer",
    "detectors.texts.english_address:EnglishAddressRecognizer",
    "detectors.texts.signature_phone:SignaturePhoneRecognizer",
    "detectors.texts.said_phone:SaidPhoneRecognizer",
    "detectors.texts.paid_account:PaidAccountRecognizer",
    "detectors.texts.birth_date:BirthDateRecognizer",
    "detectors.texts.written_email:WrittenEmailRecognizer",
    "detectors.texts.labelled_plate:LabelledPlateRecognizer",
    "detectors.texts.passport:PassportRecognizer",
    "detectors.texts.age:AgeRecognizer",
    "detectors.texts.place_names:PlaceNameRecognizer",
    "detectors.texts.health:HealthRecognizer",
    "detectors.texts.special:BeliefSentenceRecognizer",
    "detectors.texts.special:PoliticsSentenceRecognizer",
    "detectors.texts.special:UnionSentenceRecognizer",
    "detectors.texts.special:EthnicitySentenceRecognizer",
    "detectors.texts.special:OrientationSentenceRecognizer",
    "detectors.texts.special:OffenceSentenceRecognizer",
    "detectors.texts.handle:HandleRecognizer",
    "detectors.texts.order_number:OrderNumberRecognizer",
    "detectors.texts.customer_number:CustomerNumberRecognizer",
)


def __getattr__(name: str) -> object:
    if name != "RECOGNIZERS":
        raise AttributeError(name)
    return found_at(_RECOGNIZERS)
