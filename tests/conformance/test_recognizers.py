"""What holds for every recogniser there is; a new one is picked up by being listed."""

from __future__ import annotations

import random
import time
import unicodedata
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import regex

import detectors
from detectors.declaration import Declaration
from detectors.international import national_id
from detectors.language_models import OFF
from detectors.registry import build

ALL = (*detectors.RECOGNIZERS, *national_id.recognizers(national_id.countries()))
IDS = [kind.DECLARATION.entity for kind in ALL]

# One or more values that each recogniser finds, from which texts are made.
SEEDS = {
    "EMAIL_ADDRESS": ["kari@example.no", "kåre@bærum.kommune.no"],
    "PASSWORD_HASH": ["$2y$10$" + "a" * 53, "$P$B" + "c" * 30],
    "API_CREDENTIAL": ["ck_" + "0f" * 20, "0f" * 16, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123"],
    "IBAN_CODE": ["DE89 3704 0044 0532 0130 00"],
    "CREDIT_CARD": ["4111 1111 1111 1111", "2223003122003222"],
    "CRYPTO": ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"],
    "MAC_ADDRESS": ["00:1A:2B:3C:4D:5E", "0012.3456.789a"],
    "IP_ADDRESS": ["192.0.2.10", "2001:db8::1", "::ffff:192.0.2.1"],
    "COOKIE_ID": ["GA1.2.230657868.1384941727", "fb.1.1596403881668.1116446470"],
    "IMEI": ["490154203237518"],
    "UUID": ["7d444840-9dc0-11d1-b245-5ffdce74fad2"],
    "URL": ["https://www.example.no/kari", "example.no"],
    "NO_FODSELSNUMMER": ["13097248022", "109155 96784", "30108299939", "13097248032"],
    "NO_DUF_NUMBER": ["200012345607"],
    "NO_IBAN": ["NO93 8601 1117 947"],
    "NO_KONTONUMMER": ["8601.11.17947", "86011117947"],
    "NO_ORGANISASJONSNUMMER": ["974 760 673", "NO974760673MVA", "314259521"],
    "PHONE_NUMBER": ["+47 912 34 567", "91234567", "22 39 69 00", "+46 70 123 45 67"],
    "NO_STREET_ADDRESS": [
        "Storgata 5", "Østgårdsvei 12 B", "Tverrgeaidnu 4, 9730 Kárášjohka", "Moen 12, 9730 Karasjok",
        "Postboks 4 St. Olavs plass, 0130 Oslo", "Nordre åsen 3", "Kirkegt. 7",
    ],
    "NO_NUMBER_PLATE": ["EL 12345"],
    "NO_POSTAL_CODE": ["0154 Oslo", "2010 Strømmen", "5003"],
    "NO_KID": ["12344", "10001779880270005067-"],
    "SE_PERSONNUMMER": ["880320-0016"],
    "FI_PERSONAL_IDENTITY_CODE": ["131052-308T"],
    "IT_FISCAL_CODE": ["RCCMNL83S18D969H"],
    "ES_NIF": ["54362315K"],
    "BE_NATIONAL_NUMBER": ["85.07.30-033.28"],
    "MAY_REVEAL_HEALTH": ["sykmeldt", "min kreft", "sjukmelding", "hørselshemmet", "sick leave"],
    "MAY_REVEAL_BELIEF": ["muslim", "jehovas vitne", "min menighet"],
    "MAY_REVEAL_POLITICS": ["partimedlem", "medlem i Arbeiderpartiet", "jeg Senterpartiet"],
    "MAY_REVEAL_UNION": ["fagorganisert", "medlem Fagforbundet", "union dues"],
    "MAY_REVEAL_ETHNICITY": ["asylsøker", "jeg samisk", "etnisk norsk"],
    "MAY_REVEAL_ORIENTATION": ["homofil", "lesbisk", "same-sex"],
    "MAY_REVEAL_OFFENCE": ["straffedømt", "jeg fengsel", "criminal record"],
    "NL_BSN": ["111222333"],
    "PL_PESEL": ["44051401359"],
}  # fmt: skip
BORDERS = [
    "",
    " ",
    "ø",
    "Å",
    "a\u030a",
    "š",
    "ŋ",
    "\u00a0",
    "\u202f",
    "７",
    "ſ",
    "-",
    ".",
    "(",
    '"',
    "\n",
    "É",
]
FULL_WIDTH = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
OTHER_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _texts(entity: str) -> list[str]:
    """The seeds in every disguise, between every pair of borders that a seeded draw gives."""
    rng = random.Random(entity)
    texts = []
    for seed in SEEDS.get(entity, []):
        forms = [
            seed, unicodedata.normalize("NFD", seed), seed.upper(), seed.lower(),
            seed.replace(" ", "\u00a0"), seed.replace(" ", "\u2009"), seed.replace("-", "–"),
            seed.translate(FULL_WIDTH), seed.translate(WIDE_DIGITS), seed.translate(OTHER_DIGITS),
            seed.replace("s", "ſ").replace("k", "\u212a"), seed.replace("i", "ı"),
        ]  # fmt: skip
        for form in dict.fromkeys(forms):
            for _ in range(12):
                texts.append(
                    "Hei " * rng.randint(0, 1) + rng.choice(BORDERS) + form + rng.choice(BORDERS)
                )
    return texts


@pytest.fixture(scope="module")
def words() -> Any:
    """The words of a text for Presidio; none of these recognisers asks for names."""
    from detectors.nlp import WordNlpEngine

    return WordNlpEngine(["nb"], {"nb": OFF})


@pytest.mark.parametrize("kind", ALL, ids=IDS)
def test_screen_is_a_superset_of_what_is_found(kind: Any, words: Any) -> None:
    """Whatever the recogniser finds through `AnalyzerEngine`, Arrow's RE2 screen hits as well."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    texts = _texts(kind.DECLARATION.entity)
    if not texts:
        pytest.skip("no seed; covered by the row class of another country")
    engine = AnalyzerEngine(
        registry=RecognizerRegistry([kind("nb")], supported_languages=["nb"]),
        nlp_engine=words,
        supported_languages=["nb"],
    )
    screen = kind.DECLARATION.screen
    hits = (
        [True] * len(texts)
        if screen is None
        else pc.match_substring_regex(pa.array(texts), screen).to_pylist()
    )
    found = [bool(engine.analyze(text, "nb", score_threshold=0.0)) for text in texts]
    assert sum(found) >= len(texts) // 8, "the seeds do not exercise the recogniser"
    assert [t for t, f, h in zip(texts, found, hits, strict=True) if f and not h] == []


@pytest.mark.parametrize("kind", ALL, ids=IDS)
def test_disguised_digits_and_spaces_are_seen_through(kind: Any) -> None:
    """Full-width digits and no-break spaces are read like plain ones, at the same positions."""
    recognizer = kind("nb")
    for seed in SEEDS.get(kind.DECLARATION.entity, []):
        plain = {(r.start, r.end, r.score) for r in recognizer.analyze(seed, [])}
        disguised = seed.translate(WIDE_DIGITS).replace(" ", "\u00a0")
        assert {(r.start, r.end, r.score) for r in recognizer.analyze(disguised, [])} == plain
        assert plain, seed


@pytest.mark.parametrize("kind", ALL, ids=IDS)
def test_declaration_is_complete(kind: Any) -> None:
    """Category, subtypes, context and working patterns; usable in each language by one argument."""
    declaration = kind.DECLARATION
    assert isinstance(declaration, Declaration)
    assert declaration.category
    assert declaration.subtypes
    assert all(0 <= subtype.chance_rate <= 1 for subtype in declaration.subtypes)
    assert declaration.context
    for pattern in (declaration.screen, declaration.full):
        if pattern is not None:
            pc.match_substring_regex(pa.array(["x"]), pattern)
    for language in ("nb", "nn", "en"):
        recognizer = kind(language)
        assert recognizer.supported_language == language
        assert recognizer.supported_entities == [declaration.entity]
    assert declaration.verify([]).shape == (0,)


def test_categories_are_in_the_taxonomy() -> None:
    """Every category that a recogniser gives is one that the policy knows."""
    import tomllib
    from importlib.resources import files

    known = tomllib.loads(files("sladd.taxonomy").joinpath("categories.toml").read_text("utf-8"))
    assert {kind.DECLARATION.category for kind in ALL} <= set(known["categories"])


HOSTILE = {
    "letters": "a" * 50_000,
    "dotted": "a." * 25_000,
    "digits": "1" * 50_000,
    "spaced digits": "1 " * 25_000,
    "dashes": "a-" * 25_000,
    "mailish": "a@a." * 12_500,
    "capital words": "Aa " * 16_667,
    "hex groups": "ab:" * 16_667,
    "plus": "+1" * 25_000,
    "phone starts": "+47 912 " * 6_250,
    "streets": "Storgata " * 5_556,
    "bars": "a|" * 25_000,
    "postcodes": "0154 Oslo " * 5_000,
    "care of": "c/o " * 12_500,
    "jwt": "eyJ" * 16_667,
    "dollars": "$2y$10$" * 7_142,
}


@pytest.mark.parametrize("kind", ALL, ids=IDS)
def test_hostile_texts_take_no_more_than_a_second_each(kind: Any) -> None:
    """50,000 characters made to backtrack cost less than a second of processor time."""
    recognizer = kind("nb")
    slow = {}
    for name, text in HOSTILE.items():
        began = time.process_time()
        recognizer.analyze(text, [kind.DECLARATION.entity])
        if (spent := time.process_time() - began) > 1.0:
            slow[name] = round(spent, 1)
    assert slow == {}


def test_ranks_put_the_stronger_rule_first() -> None:
    """fødselsnummer before account before phone before KID, e-mail before web address."""
    ranks = {d.entity: d.rank for d in build(["nb"]).declarations}
    order = ["NO_FODSELSNUMMER", "NO_KONTONUMMER", "PHONE_NUMBER", "NO_KID"]
    assert sorted(order, key=ranks.__getitem__) == order
    assert ranks["EMAIL_ADDRESS"] < ranks["URL"]


def test_patterns_start_at_a_border() -> None:
    """No recogniser of ours begins inside a run of digits."""
    for kind in detectors.RECOGNIZERS:
        for pattern in getattr(kind, "PATTERNS", ()):
            if isinstance(pattern, str) and kind.DECLARATION.entity.startswith("NO_"):
                assert regex.match(r"\(\?<!", pattern), kind.DECLARATION.entity


def test_presidio_still_loads_its_own_recognisers_beside_ours():
    """Presidio looks classes up by name among all that are imported; ours take no name of its."""
    from presidio_analyzer import RecognizerRegistry

    from detectors import texts

    build(["nb"], ("NO", "SE", "DK", "FI", "DE"))
    assert texts.RECOGNIZERS
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers()
    ours = [r for r in registry.recognizers if type(r).__module__.startswith("detectors")]
    assert registry.recognizers
    assert not ours
