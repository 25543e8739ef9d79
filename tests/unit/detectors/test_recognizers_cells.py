"""Whole cells in bulk: the vectorised check, the recogniser and the chance rate agree."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
import pytest

import detectors
from detectors.cells import matrix
from detectors.international import national_id
from detectors.norway import duf, fodselsnummer, kid, kontonummer, organisasjonsnummer
from detectors.recognizer import SHAPE

CLASSES = {kind.DECLARATION.entity: kind for kind in detectors.RECOGNIZERS}


def _digits(seed: int, count: int, width: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return ["".join(row) for row in rng.integers(0, 10, (count, width)).astype(str)]


@pytest.mark.parametrize(
    ("module", "width"),
    [(fodselsnummer, 11), (kontonummer, 11), (organisasjonsnummer, 9), (duf, 12), (kid, 7)],
)
def test_vectorised_check_agrees_with_the_scalar_one(module: Any, width: int) -> None:
    """Random numbers get the same answer one by one and all at once."""
    numbers = _digits(width, 1500, width)
    assert module.DECLARATION.verify(numbers).tolist() == [module.is_valid(n) for n in numbers]


def _reference_fodselsnummer(number: str) -> bool:
    """Independent of the matrix code: plain classic fødselsnummer and D-nummer."""
    d = [int(c) for c in number]
    for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)):
        if sum(w * x for w, x in zip(weights, d, strict=False)) % 11:
            return False
    day = int(number[:2]) - (40 if d[0] >= 4 else 0)
    return 1 <= day <= 28 and 1 <= int(number[2:4]) <= 12 and int(number[6:9]) < 500


def test_classic_numbers_agree_with_an_independent_rule() -> None:
    """Within 1900-1999 and days 1-28, the two implementations accept the same numbers."""
    rng = random.Random(5)
    numbers = [
        f"{rng.randint(1, 28) + rng.choice((0, 40)):02}{rng.randint(1, 12):02}"
        f"{rng.randint(0, 99):02}{rng.randint(0, 499):03}{rng.randint(0, 99):02}"
        for _ in range(60000)
    ]
    names = [""] + [subtype.name for subtype in fodselsnummer.SUBTYPES]
    found = [names[code] for code in fodselsnummer.classify(matrix(numbers, 11))]
    expected = [_reference_fodselsnummer(number) for number in numbers]
    assert [name in {"classic", "d"} for name in found] == expected
    assert sum(expected) > 300


SHAPES = {
    "NO_FODSELSNUMMER": (11, "", 200_000), "NO_KONTONUMMER": (11, "", 40_000),
    "NO_ORGANISASJONSNUMMER": (8, "2389", 40_000), "NO_KID": (8, "", 40_000),
    "PHONE_NUMBER": (7, "2345679", 20_000), "NO_POSTAL_CODE": (4, "", 20_000), "IMEI": (15, "", 20_000),
    "CREDIT_CARD": (15, "4", 20_000), "NO_DUF_NUMBER": (10, ("20",), 40_000),
}  # fmt: skip


@pytest.mark.parametrize("entity", SHAPES)
def test_declared_chance_rates_are_those_of_random_values(entity: str) -> None:
    """A seeded sample of the shape passes as often as declared, within four standard errors."""
    width, first, count = SHAPES[entity]
    rng = random.Random(entity)
    if entity == "NO_DUF_NUMBER":
        values = [f"20{rng.randint(0, 39):02}{tail[:8]}" for tail in _digits(3, count, 8)]
    else:
        values = [(rng.choice(first) if first else "") + v for v in _digits(3, count, width)]
    declaration = CLASSES[entity].DECLARATION
    mask = declaration.verify(values)
    rate = declaration.chance_rate
    assert abs(mask.mean() - rate) <= 4 * (rate * (1 - rate) / count) ** 0.5 + 0.003 * rate
    if entity == "NO_FODSELSNUMMER":
        found = [fodselsnummer.subtype_of(v) for v, hit in zip(values, mask, strict=True) if hit]
        for subtype in declaration.subtypes:
            expected = subtype.chance_rate * count
            assert abs(found.count(subtype.name) - expected) <= 4 * expected**0.5 + 1, subtype.name


CELLS = [
    "13097248022", "130972 48022", " 10915596784 ", "１３０９７２４８０２２", "86011117947", "8601.11.17947",
    "974 760 673", "NO974760673MVA", "12344", "10001779880270005067-", "+47 912 34 567", "91234567",
    "+46 70 123 45 67", "02000", "0154", "0154 Oslo", "NO-5003 Bergen", "0154 OSLO S", "Storgata 5",
    "Karl Johans gate 12B, 0154 Oslo", "Moen 12, 9730 Karasjok", "Tverrgeaidnu 4, 9730 Kárášjohka",
    "Postboks 4 St. Olavs plass, 0130 Oslo", "Storgata 5, 9999 Utopia", "AB 12345", "IO 12345",
    "GA1.2.230657868.1384941727", "1234567890.1700000000", "fb.1.1596403881668.1116446470",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123_-abcDEF", "0f" * 16, "0F" * 20,
    "ck_" + "0f" * 20, "$2y$10$" + "a" * 53, "$P$B" + "c" * 30, "kari@example.no", "kåre@bærum.kommune.no",
    "kari@shop.example", "a@b.12", "4111 1111 1111 1111", "4111111111111112", "192.0.2.10", "2001:db8::1",
    "192.0.2.0/24", "256.1.1.1", "00:1A:2B:3C:4D:5E", "00:1A-2B:3C:4D:5E", "490154203237518",
    "7d444840-9dc0-11d1-b245-5ffdce74fad2", "https://www.example.no/kari", "DE89 3704 0044 0532 0130 00",
    "de89370400440532013000", "NO93 8601 1117 947", "NO2386011117946", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "200012345607", "202611221530", "", " ", "Kari", "a\u030asveien 2", "912\u00a034\u00a0567",
]  # fmt: skip


@pytest.mark.parametrize("entity", CLASSES)
def test_cells_are_judged_as_the_recogniser_judges_them(entity: str) -> None:
    """`verify` accepts a cell exactly when the recogniser's span covers all of it."""
    recognizer = CLASSES[entity]("nb")
    cells = [*CELLS, *_digits(8, 150, 8), *_digits(9, 150, 11), *_digits(4, 100, 4)]
    mask = recognizer.declaration.verify(cells)
    differing = [
        cell
        for cell, accepted in zip(cells, mask.tolist(), strict=True)
        if accepted
        != any(
            r.score > SHAPE or entity == "NO_POSTAL_CODE"
            for r in recognizer.analyze(cell.strip(), [entity])
            if r.start == 0 and r.end == len(cell.strip())
        )
    ]
    assert differing == []


@pytest.mark.parametrize("entity", CLASSES)
def test_full_and_screen_are_supersets_of_the_exact_check(entity: str) -> None:
    """No cell that passes the exact check is lost to `full` or `screen`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    declaration = CLASSES[entity].DECLARATION
    cells = [*CELLS, *_digits(8, 300, 8), *_digits(9, 300, 11)]
    accepted = declaration.verify(cells)
    for pattern in (declaration.full, declaration.screen):
        hits = pc.match_substring_regex(pa.array(cells), pattern).to_numpy(zero_copy_only=False)
        assert [c for c, a, h in zip(cells, accepted, hits, strict=True) if a and not h] == []


def test_other_countries_follow_stdnum() -> None:
    """Each row's own check digits decide; its published example passes."""
    examples = {
        "SE": "880320-0016", "DK": "211062-5629", "FI": "131052-308T", "NL": "111222333",
        "PL": "44051401359", "DE": "36 574 261 809", "ES": "54362315K", "IT": "RCCMNL83S18D969H",
        "BE": "85.07.30-033.28", "FR": "2 95 10 99 126 111 93", "IS": "450401-3150",
    }  # fmt: skip
    for row in national_id.TABLE:
        if example := examples.get(row.country):
            kind = national_id.recognizer(row)
            assert kind.DECLARATION.verify([example, re.sub(r"\d", "0", example)])[0], row.entity
            assert kind("en").analyze(f"nr {example}.", []), row.entity
