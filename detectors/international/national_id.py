"""National identity numbers of other EEA countries, by python-stdnum.

One recogniser for each row of `TABLE`, made when its country is listed in `countries`. Numbers
of digits alone need a context word unless their check leaves few by chance: nine digits are a
Dutch BSN one time in eleven.

Source: python-stdnum 2.2 for the rules; chance rates from 40,000 seeded random strings each.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from detectors.cells import each
from detectors.declaration import Declaration, Subtype
from detectors.folding import screened, whole
from detectors.recognizer import WEAK, DeclaredRecognizer


@dataclass(frozen=True, slots=True)
class NationalId:
    """One country's number.

    Attributes:
        country: ISO 3166-1 alpha-2.
        name: entity type without the country.
        module: in `stdnum`, with `is_valid`.
        shape: of the number as people write it; case is ignored.
        chance_rate: share of random strings of that shape that are valid.
        context: words that speak for it.
        dated: a date and a check digit or a letter in it make a lone hit believable.
    """

    country: str
    name: str
    module: str
    shape: str
    chance_rate: float
    context: tuple[str, ...]
    dated: bool = False

    @property
    def entity(self) -> str:
        """Presidio's entity type."""
        return f"{self.country}_{self.name}"


_ELEVEN = r"[0-9]{11}"
TABLE: tuple[NationalId, ...] = (
    NationalId("SE", "PERSONNUMMER", "se.personnummer", r"(?:19|20)?[0-9]{6}[+-]?[0-9]{4}", 0.0036, ("personnummer", "samordningsnummer")),
    NationalId("DK", "CPR_NUMBER", "dk.cpr", r"[0-9]{6}-?[0-9]{4}", 0.032, ("cpr", "personnummer", "cpr-nummer")),
    NationalId("FI", "PERSONAL_IDENTITY_CODE", "fi.hetu", r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]", 0.0009, ("henkilötunnus", "hetu"), dated=True),
    NationalId("IS", "KENNITALA", "is_.kennitala", r"[0-9]{6}-?[0-9]{4}", 0.0015, ("kennitala", "kt")),
    NationalId("DE", "TAX_ID", "de.idnr", r"[1-9][0-9][ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}", 0.0033, ("steuer", "idnr", "tin")),
    NationalId("AT", "SOCIAL_SECURITY_NUMBER", "at.vnr", r"[0-9]{4}[ ]?[0-9]{6}", 0.08, ("versicherungsnummer", "svnr", "sozialversicherung")),
    NationalId("NL", "BSN", "nl.bsn", r"[0-9]{9}|[0-9]{4}\.[0-9]{2}\.[0-9]{3}", 0.091, ("bsn", "burgerservicenummer", "sofinummer")),
    NationalId("BE", "NATIONAL_NUMBER", "be.nn", r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}-?[0-9]{3}\.?[0-9]{2}", 0.0016, ("rijksregister", "registre national", "insz", "niss"), dated=True),
    NationalId("FR", "NIR", "fr.nir", r"[12][ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9][0-9AB][ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{2}", 0.0082, ("sécurité", "nir", "insee"), dated=True),
    NationalId("ES", "NIF", "es.nif", r"[0-9XYZKLM][0-9]{7}-?[A-Z]", 0.037, ("dni", "nif", "nie"), dated=True),
    NationalId("PT", "NIF", "pt.nif", r"[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}", 0.091, ("nif", "contribuinte")),
    NationalId("IT", "FISCAL_CODE", "it.codicefiscale", r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]", 0.032, ("codice", "fiscale"), dated=True),
    NationalId("PL", "PESEL", "pl.pesel", _ELEVEN, 0.018, ("pesel",)),
    NationalId("CZ", "RODNE_CISLO", "cz.rc", r"[0-9]{6}/?[0-9]{4}", 0.02, ("rodné", "číslo")),
    NationalId("SK", "RODNE_CISLO", "sk.rc", r"[0-9]{6}/?[0-9]{4}", 0.02, ("rodné", "číslo")),
    NationalId("EE", "ISIKUKOOD", "ee.ik", _ELEVEN, 0.0032, ("isikukood",)),
    NationalId("LT", "ASMENS_KODAS", "lt.asmens", _ELEVEN, 0.013, ("asmens",)),
    NationalId("LV", "PERSONAS_KODS", "lv.pvn", r"[0-9]{6}-?[0-9]{5}", 0.059, ("personas",)),
    NationalId("BG", "EGN", "bg.egn", r"[0-9]{10}", 0.01, ("егн", "egn")),
    NationalId("RO", "CNP", "ro.cnp", r"[1-8][0-9]{12}", 0.0017, ("cnp",)),
    NationalId("HR", "OIB", "hr.oib", _ELEVEN, 0.1, ("oib",)),
    NationalId("SI", "EMSO", "si.emso", r"[0-9]{13}", 0.0033, ("emšo", "emso")),
    NationalId("GR", "AMKA", "gr.amka", _ELEVEN, 0.004, ("αμκα", "amka")),
    NationalId("IE", "PPS", "ie.pps", r"[0-9]{7}[A-W][ABHWTX]?", 0.043, ("pps", "ppsn")),
)  # fmt: skip


def countries() -> tuple[str, ...]:
    """The countries whose numbers are known here, besides Norway."""
    return tuple(sorted({row.country for row in TABLE}))


def _validator(module: str) -> Callable[[str], bool]:
    """The `is_valid` of a stdnum module, without the errors that a few modules let through."""
    is_valid: Callable[[str], Any] = importlib.import_module(f"stdnum.{module}").is_valid

    def check(cell: str) -> bool:
        return bool(is_valid(cell))

    return check


def declaration(row: NationalId) -> Declaration:
    """The declaration for one row."""
    return Declaration(
        entity=row.entity,
        category="user.government_id.national_identification_number",
        subtypes=(Subtype(row.name.lower(), row.chance_rate),),
        rank=14,
        checksum=True,
        screen=screened(row.shape),
        full=whole(row.shape),
        needs_context=not row.dated,
        context=row.context,
        verify=each(row.shape, _validator(row.module)),
    )


class NationalIdRecognizer(DeclaredRecognizer):
    """What the recognisers of all rows share; `recognizer` makes the one for a row."""

    ROW: ClassVar[NationalId]
    PATTERNS: ClassVar[tuple[str, ...]] = ()

    def rate(self, match: str) -> float:
        """By the check, and by how much of the number it explains."""
        if not self.DECLARATION.verify([match])[0]:
            return 0.0
        return 0.8 if self.ROW.dated else WEAK


def recognizer(row: NationalId) -> type[NationalIdRecognizer]:
    """The recogniser class for one row."""
    # Presidio finds its own recognisers by the name of their class: none of ours may be like one.
    name = "National" + "".join(p.title() for p in row.entity.split("_")) + "Recognizer"
    body = {
        "__doc__": f"Finds {row.entity} in texts.",
        "COUNTRY_CODE": row.country.lower(),
        "DECLARATION": declaration(row),
        "PATTERNS": (rf"(?<![\p{{L}}\p{{M}}0-9])(?:{row.shape})(?![\p{{L}}\p{{M}}0-9])",),
        "ROW": row,
    }
    return type(name, (NationalIdRecognizer,), body)


def recognizers(wanted: Sequence[str]) -> tuple[type[NationalIdRecognizer], ...]:
    """The recogniser classes for the wanted countries; Norway has its own."""
    return tuple(recognizer(row) for row in TABLE if row.country in wanted)
