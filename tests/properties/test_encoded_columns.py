"""What a full scan works on, distinct values and their numbers, says what the rows said."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors import registry
from detectors.columns import ScanOptions, scan_table
from detectors.columns.birth import spread_of
from detectors.columns.encoded import coded, distinct_pairs, encoded, first_rows, rows_with
from detectors.columns.gazetteer import key, postcodes
from detectors.columns.hashes import crc32_of
from detectors.columns.patterns import matches
from detectors.columns.possible import alphabet_of, possible
from detectors.columns.postal_places import _agreement
from detectors.columns.profile import profile
from detectors.columns.recognition import Recognition
from detectors.norway.fodselsnummer import birth_date, birth_dates
from detectors.registry import Detectors
from sladd.model import Field, FieldRef, Sample, StorageType, Table, TableRef
from sladd.sources.files.typing import TypeGuess

quick = settings(max_examples=30, deadline=None)
few = st.sampled_from(["Kari", "Ola", "Østby", "", " ", "-", "ukjent", "0150", "kari@example.no"])
texts = st.lists(st.one_of(st.none(), few, st.text(max_size=6)), max_size=40)
numbers = st.lists(
    st.one_of(st.none(), st.floats(width=64), st.sampled_from([0.0, -0.0, 12.5, 1e7])), max_size=40
)


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    return registry.build(["nb", "en"])


def as_chunks(values: list[str | None], cuts: list[int], how: str) -> pa.ChunkedArray:
    """The values cut up as a file has them: each part with a dictionary of its own, or none."""
    bounds = sorted({0, len(values), *(cut % (len(values) + 1) for cut in cuts)})
    parts = [values[a:b] for a, b in pairwise(bounds)]
    arrays = [pa.array(part, pa.string()) for part in parts]
    if how == "dictionary":
        arrays = [array.dictionary_encode() for array in arrays]
    if how == "untidy":  # entries twice, entries of no row, and a null among the entries
        arrays = [_untidy(part) for part in parts]
    kind = arrays[0].type if arrays else pa.string()
    return pa.chunked_array(arrays, kind)


def _untidy(part: list[str | None]) -> pa.DictionaryArray:
    entries = [*part, "of no row", *part, None]
    codes = [at if at % 2 else at + len(part) + 1 for at in range(len(part))]
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(entries))


ways = st.sampled_from(["plain", "dictionary", "untidy"])
cuts = st.lists(st.integers(0, 60), max_size=3)


@quick
@given(values=texts, cuts=cuts, how=ways)
def test_an_encoded_column_has_the_same_cells(values, cuts, how):
    """Each row has its value, and each value stands in the dictionary once."""
    column = encoded(as_chunks(values, cuts, how))
    assert column.to_pylist() == values
    entries = column.dictionary.to_pylist()
    assert None not in entries
    assert len(set(entries)) == len(entries)
    assert first_rows(column, 3) == values[:3]


@quick
@given(values=texts, cuts=cuts, how=ways)
def test_a_column_is_profiled_the_same_however_it_is_stored(values, cuts, how):
    """Values, counts, nulls and order do not depend on chunks and dictionaries."""
    one = profile(as_chunks(values, cuts, how), StorageType.STRING)
    other = profile(pa.array(values[::-1], pa.string()), StorageType.STRING)
    for name in ("rows", "nulls", "distinct", "few_values"):
        assert getattr(one, name) == getattr(other, name), name
    seen = [zip(p.values.to_pylist(), p.counts.tolist(), strict=True) for p in (one, other)]
    assert sorted(seen[0]) == sorted(seen[1])
    assert one.distinct == len({v for v in values if v is not None})


@quick
@given(values=numbers)
def test_numbers_are_counted_by_what_they_are_written_as(values):
    """-0.0 and 0.0 are one among whole numbers and two among others; NaN and infinity are none."""
    column = profile(pa.array(values, pa.float64()), StorageType.FLOAT)
    finite = [v for v in values if v is not None and np.isfinite(v)]
    whole = all(v == np.floor(v) and abs(v) < 2**53 for v in finite)
    written = Counter(
        str(int(v)) if whole else pa.array([v]).cast(pa.string())[0].as_py() for v in finite
    )
    assert dict(zip(column.values.to_pylist(), column.counts.tolist(), strict=True)) == written


moments = st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), max_size=30)


@quick
@given(seconds=moments, kind=st.sampled_from([pa.timestamp("s"), pa.timestamp("s", "Europe/Oslo")]))
def test_points_in_time_are_counted_in_their_order(seconds, kind):
    """Distinct ones, their years and days are those of the rows."""
    data = pa.array(seconds, pa.int64()).cast(kind)
    column = profile(data, StorageType.TIMESTAMP)
    seen = Counter(s for s in seconds if s is not None)
    assert column.distinct == len(seen)
    assert column.few_values == (0 < len(seen) <= 50 and min(seen.values()) >= 5)
    cells = [c for c in data.to_pylist() if c is not None]
    assert sorted(column.years.tolist()) == sorted(c.year for c in cells)
    assert sorted(column.days.tolist()) == sorted((c.date() - date(1970, 1, 1)).days for c in cells)


@quick
@given(days=st.lists(st.integers(-30_000, 20_000), min_size=1, max_size=60))
def test_dates_lie_as_the_rows_lie(days):
    """Quantiles and shares from counts are those that numpy takes of the rows."""
    today = date(2026, 1, 1)
    column = profile(pa.array(days, pa.int32()).cast(pa.date32()), StorageType.DATE)
    spread = spread_of(column, today)
    ages = ((today - date(1970, 1, 1)).days - np.array(days)) / 365.2425
    low, youngest, oldest, high = np.quantile(ages, [0.05, 0.01, 0.99, 0.95])
    assert (spread.median_age, spread.youngest, spread.oldest, spread.spread) == (
        np.median(ages), youngest, oldest, high - low,
    )  # fmt: skip
    assert spread.future == (ages < 0).mean()
    assert spread.weekend == np.mean(
        [(date(1970, 1, 1) + timedelta(d)).weekday() > 4 for d in days]
    )


@quick
@given(rows=st.lists(st.tuples(st.one_of(st.none(), few), st.one_of(st.none(), few)), max_size=40))
def test_pairs_are_those_that_stand_in_one_row(rows):
    """Every different pair once, none with a null, whether or not the columns are encoded."""
    left, right = (pa.array([row[side] for row in rows], pa.string()) for side in (0, 1))
    wanted = {row for row in rows if None not in row}
    for a, b in ((left, right), (encoded(left), encoded(right)), (encoded(left), right)):
        pairs = distinct_pairs(a, b).to_pylist()
        assert len(pairs) == len(wanted)
        assert {(pair["a"], pair["b"]) for pair in pairs} == wanted


@quick
@given(values=texts, sought=st.lists(few, max_size=4), plain=st.booleans())
def test_rows_with_a_value_are_found(values, sought, plain):
    """The same rows as a loop finds, whether or not the column is encoded."""
    column = pa.array(values, pa.string())
    found = rows_with(column if plain else encoded(column), pa.array(sought, pa.string()))
    assert found.to_pylist() == [row for row, value in enumerate(values) if value in sought]


@quick
@given(values=st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=20))
def test_numbers_are_coded_by_what_they_are_written_as(values):
    """Codes lead back to the texts of the numbers; null has none."""
    codes, written = coded(pa.array(values, pa.int64()))
    entries = written.to_pylist()
    assert [entries[c] if c >= 0 else None for c in codes] == [
        None if v is None else str(v) for v in values
    ]


@quick
@given(rows=st.lists(st.tuples(
    st.one_of(st.none(), st.sampled_from(["0150", "150", "5003", "9999", "12.5"])),
    st.one_of(st.none(), st.sampled_from(["OSLO", "Oslo ", "Bergen", "Kari"])),
), max_size=30))  # fmt: skip
def test_postcodes_beside_their_places_are_counted_or_seen_to_be_too_few(rows):
    """The share is that of the register wherever it is a half, and never a half elsewhere."""
    register = postcodes()
    pairs = {row for row in rows if None not in row}
    known = sum(key(register.get(c.strip().rjust(4, "0"), "?")) == key(t.strip()) for c, t in pairs)
    share, counted = _agreement(*(pa.array([r[s] for r in rows], pa.string()) for s in (0, 1)))
    if pairs and known / len(pairs) >= 0.5:
        assert (share, counted) == (known / len(pairs), len(pairs))
    else:
        assert share < 0.5


@quick
@given(values=st.lists(st.text(max_size=60), max_size=12), often=st.sampled_from([1, 40]))
@example(values=["", "a" * 48, "a" * 49, "ø" * 24, "æ" * 25], often=60)
def test_hashes_are_those_of_zlib(values, often):
    """Side by side or one by one, short or long: the CRC-32 of the UTF-8 bytes."""
    cells = values * often
    sliced = pa.array(["x", *cells], pa.string()).slice(1)
    assert crc32_of(sliced).tolist() == [zlib.crc32(cell.encode()) for cell in cells]


@quick
@given(values=st.lists(few, min_size=1, max_size=40))
def test_values_of_one_hash_come_in_their_own_order(values):
    """Not the row but the value says which of two that collide is drawn first."""
    collide = ["plumless", "buckeroo"]  # CRC-32 of both is 0x4DDB0C25
    for mixed in ([*values, *collide], [*collide[::-1], *values]):
        drawn = profile(pa.array(mixed, pa.string()), StorageType.STRING).values.to_pylist()
        assert [v for v in drawn if v in collide] == ["buckeroo", "plumless"]


shapes = st.one_of(
    st.text(max_size=12),
    st.text("0123456789", max_size=14),
    st.text("0123456789.,-+e ", max_size=14),
    st.text("0123456789abcdefABCDEF:-ſK", max_size=40),
    st.from_regex(r"[a-z]{1,8}@example\.no|NO[0-9]{2} [0-9]{4}|GA1\.2\.[0-9]{9}\.1[0-9]{9}"),
    st.sampled_from(["Storgata 5", "Ring +47 412 34 567", "192.0.2.7", "5f:aa:01:02:03:04",
                     "10915596784", "1091 55 96784", "eyJhbGciOi", "KID: 12344", "NO 0150 OSLO"]),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(values=st.lists(shapes, min_size=1, max_size=6))
def test_a_pattern_that_is_ruled_out_hits_nothing(detectors, values):
    """No recogniser's screen or whole form matches a value that it was not run over."""
    recognition = Recognition(detectors.declarations)
    column = pa.array(values, pa.string())
    alphabet = alphabet_of(column)
    for pattern in {*recognition._screens.values(), *recognition._fulls.values()} - {None}:
        if not possible(pattern, alphabet):
            assert not any(matches(column, pattern).to_pylist()), pattern


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("(?i)ſ", "S"), ("(?i:k)", "K"), ("[[:alpha:]]", "a"), (r"\pL", "å"), (r"[^\pL]{2}\P{L}", "123"), (r"\\p", "\\p"), (r"\x{41}", "A"), (r"\d{3}", "123"),
        ("a{,2}", "a{,2}"), ("(?:ab|)", ""), ("x*", ""), ("(?i)STRASSE|[^0-9]", "ø"), (r"\Q.\E", "."),
        (".", "ø"), (r"\s\W", " -"), ("[^a]", "b"), ("(?:a|b){2,}?c", "bac"), (r"\bA\b$", "A"),
    ],
)  # fmt: skip
def test_what_re2_matches_is_never_ruled_out(pattern, value):
    """Whatever syntax a plug-in's pattern uses, a value that it hits is possible."""
    column = pa.array([value])
    assert matches(column, pattern).to_pylist() == [True]
    assert possible(pattern, alphabet_of(column))


def test_amounts_are_not_searched_for_addresses_and_long_numbers(detectors):
    """Most recognisers are spared where values have too few digits and no letters."""
    recognition = Recognition(detectors.declarations)
    alphabet = alphabet_of(pa.array(["12.50", "1899.95", "12345.67"]))
    asked = {e for e, s in recognition._screens.items() if s is None or possible(s, alphabet)}
    assert asked == {"NO_POSTAL_CODE", "NO_KID"}


@quick
@given(numbers=st.lists(st.one_of(
    st.sampled_from(["10915596784", "530972 48016", "13097248032", "x", "", "80000000084"]),
    st.text("0123456789", min_size=11, max_size=11)), max_size=20))  # fmt: skip
def test_birth_dates_of_many_are_those_of_each(numbers):
    """A number tells its date whatever stands beside it."""
    assert birth_dates(numbers) == [birth_date(number) for number in numbers]


@quick
@given(values=st.lists(st.one_of(st.none(), st.sampled_from(
    ["1", "-2", "1.50", "2,5", "2024-01-31", "31.12.2024", "true", "x", "", "00"])), max_size=80))  # fmt: skip
def test_the_type_of_a_column_is_that_of_all_its_rows(values):
    """A look at the first rows decides nothing that the rest would not."""
    at_once, row_by_row = TypeGuess(), TypeGuess()
    at_once.update(encoded(pa.array(values, pa.string())))
    for value in values:
        row_by_row.update(pa.array([value], pa.string()))
    assert at_once.forms == row_by_row.forms
    assert at_once.result() == row_by_row.result()


@settings(max_examples=8, deadline=None)
@given(names=st.lists(few, min_size=1, max_size=30), how=ways, cuts=cuts)
def test_a_table_is_judged_the_same_however_it_is_stored(detectors, names, how, cuts):
    """Findings and evidence of a table with dictionaries are those of one without."""
    ref = TableRef("s", "kunder")
    columns = {
        "navn": names,
        "epost": [f"{name.lower() or 'x'}@example.no" for name in names],
        "postnr": ["0150" if len(name) % 2 else "5003" for name in names],
        "poststed": ["OSLO" if len(name) % 2 else "BERGEN" for name in names],
        "merknad": [f"Ring {name} før levering, takk" for name in names],
    }
    fields = tuple(Field(FieldRef(ref, name), StorageType.STRING) for name in columns)
    said = []
    for stored in ("plain", how):
        data = pa.table({name: as_chunks(cells, cuts, stored) for name, cells in columns.items()})
        sample = Sample(Table(ref, fields), data, fields, drawn="all", rows_total=len(names))
        said.append(scan_table(sample, detectors=detectors, options=ScanOptions()).fields)
    assert said[0] == said[1]
