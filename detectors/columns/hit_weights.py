"""What the hits of recognisers say of a column, weighed against chance."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.abroad import is_giro
from detectors.columns.chance import (
    given,
    largest_part,
    like_phones,
    likelihood_ratio,
    scattered,
    sequence,
)
from detectors.columns.profile import Profile
from detectors.columns.recognition import STANDS_ALONE, Hits
from detectors.columns.weighing import Candidate

_BEGIN_ALIKE = 3.0  # log-odds from which leading digits speak of telephones, with a neighbour
_MOST = 0.75  # share of the values that pass a check, below which it is doubted
_LOOKED = 200  # values whose words are looked at
_STEMS, _STEMS_OF = 3, 6  # so few different words, with so many numbers behind each, are no streets
_SERVERS, _OFTEN = 3, 20  # so few addresses, seen so often on average, are machines of one's own
BUILD = 40  # four numbers up to here are versions as well as addresses
_GROUPED = (  # as people group the digits of a telephone number, and of nothing else
    r"(?i)^\s*(?:tlf|tel|mob|mobil|telefon|phone)?[.]?:?\s*(?:[2-79][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{3}|[2-79][0-9](?:[ .-][0-9]{2}){3})\s*$"
)
_ELEVEN = r"^\s*[0-9]{9,11}\s*$"  # fødselsnumre and accounts, whose zeros may be lost, are KIDs too
_PAIRED = r"^\s*[0-9]{2}(?:\.[0-9]{2}){3}\s*$"  # telephone numbers written with points
# Fifteen digits are American Express, from 34 or 37 (ISO/IEC 7812); others are of telephones (IMEI).
_NO_CARD = r"^\s*(?:[0124-9][0-9]|3[0-35689])[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9]\s*$"
_ALWAYS = 6.0  # log-odds that a rule's hits can bring; the ceiling of the family


def from_hits(
    hits: Sequence[Hits], column: Profile, named: frozenset[str] = frozenset()
) -> tuple[list[Candidate], frozenset[str]]:
    """Candidates from recognisers, weighed against chance, and the categories outranked.

    Args:
        hits: of every recogniser, the outranking first.
        column: the values.
        named: categories that the column's name speaks of. They give way only to a much
            stricter rule: every fødselsnummer is a kontonummer, but a KID is no payment card.
    """
    kept: list[tuple[Hits, float, Candidate]] = []
    lost: set[str] = set()
    ordered = sequence(column.values)
    for hit in hits:
        if not hit.whole:
            continue
        declaration = hit.declaration
        n = len(column.values)
        grouped = declaration.entity == "PHONE_NUMBER" and column.share(_GROUPED) >= 0.5
        alone = (
            grouped
            or (hit.stands_alone >= STANDS_ALONE and hit.whole >= 3)
            or hit.stands_alone == 1.0
        )
        declared = max(chance_of(hit, hits, n), 1e-4 if declaration.checksum else 0.01)
        if (alone or _with_country_code(hit, n)) and not declaration.checksum:
            declared = 0.01  # the country code is no accident
        plain = _bounded(likelihood_ratio(hit.whole, n, declared))
        if not declaration.checksum and hit.whole == n:
            plain = max(plain, 0.0)  # a rule that everything passes says nothing, not the contrary
        candidate = Candidate(declaration.category, declaration.entity, rank=declaration.rank)
        candidate.add(
            "checksum" if declaration.checksum else "pattern", plain,
            matched=hit.whole, distinct=n, chance=round(declared, 5),
            **{f"subtype {name}": count for name, count in hit.subtypes.items() if name},
        )  # fmt: skip
        weight = plain
        if hit.permuted is not None and (
            declaration.checksum or not (alone or _with_country_code(hit, n))
        ):
            against_itself = _bounded(likelihood_ratio(hit.whole, n, max(declared, hit.permuted)))
            weight = min(plain, against_itself if plain > 0 else plain)
            if not declaration.checksum and hit.whole >= _MOST * n:
                weight = max(
                    weight, min(plain, 0.0)
                )  # a shape that all have says nothing against it
            candidate.add("permutation", weight - plain, permuted=round(hit.permuted, 4))
        if ordered and declared >= 0.02:
            candidate.add("sequence", -4.0, **ordered)
            weight -= 4.0
        if declaration.entity == "PHONE_NUMBER" and not alone:
            spread = scattered(column.values)
            if spread:
                candidate.add("scatter", _ALWAYS, **spread)
                weight += _ALWAYS
            elif (ratio := like_phones(column.values)) >= _BEGIN_ALIKE:
                candidate.add("scatter", min(ratio, _ALWAYS), values=n)
        weight += _doubts(candidate, hit, column)
        outranked = any(
            other.whole >= 0.5 * hit.whole
            and stronger > 4.0
            and (declaration.category not in named or _stricter(other, hit))
            for other, stronger, _ in kept
        )
        if outranked:
            lost.add(declaration.category)
            continue
        if hit.whole < 0.5 * n:
            candidate.barred = True  # a minority: the column is that only if its name says so
        if declaration.needs_context and not alone:
            # Nine in ten of eight values passing a one-in-eleven check digit is no accident.
            share = hit.whole / n
            overwhelming = (
                declaration.checksum and n >= 8 and share >= 0.9 and weight >= 5.0
                and (declaration.chance_rate <= 0.1 or (n >= 40 and share >= 0.95 and column.share(_ELEVEN) < 0.1))
            ) or _with_country_code(hit, n)  # fmt: skip
            candidate.barred |= not overwhelming
        kept.append((hit, weight, candidate))
    return [candidate for _, _, candidate in kept], frozenset(lost)


def of_devices(column: Profile) -> bool:
    """Whether numbers of fifteen digits are telephones' and no cards'."""
    return column.share(_NO_CARD) >= _MOST


def one_word(column: Profile) -> bool:
    """Whether all values are one word or two with running numbers: `Rekv. 2221`, `30 dager`."""
    cells = column.drawn(_LOOKED)
    stems = {"".join(c for c in cell if c.isalpha()).casefold() for cell in cells} - {""}
    return len(cells) >= _STEMS_OF * max(1, len(stems)) and len(stems) <= _STEMS


def of_servers(column: Profile) -> bool:
    """Whether so few addresses are seen so often that they are machines of one's own."""
    return len(column.values) <= _SERVERS and column.repeats >= _OFTEN


def _doubts(candidate: Candidate, hit: Hits, column: Profile) -> float:
    """Add what speaks against a rule although it hits; hands back the sum."""
    n = len(column.values)
    total = 0.0
    if hit.declaration.checksum and n >= 8 and hit.whole < _MOST * n:
        # Cards are cards one and all: where a third fail, they are other numbers with Luhn's digit.
        candidate.add("checksum", -3.0, share=round(hit.whole / n, 3), reason="many_fail")
        total -= 3.0
    if hit.declaration.entity == "CREDIT_CARD" and of_devices(column):
        candidate.add("pattern", -2 * _ALWAYS, reason="like_device_numbers")
        total -= 2 * _ALWAYS
    width = hit.declaration.integer_width
    if column.integers and width and n >= 5:
        longest = max(map(len, column.drawn(1000)))
        if longest < width:
            # Padded one and all: every organisasjonsnummer behind two zeros is an account.
            candidate.add("pattern", -_ALWAYS, longest=longest, reason="never_of_full_width")
            total -= _ALWAYS
    if hit.declaration.entity == "NO_STREET_ADDRESS" and one_word(column):
        candidate.add("pattern", -2 * _ALWAYS, reason="one_word_numbered")
        total -= 2 * _ALWAYS
    if hit.declaration.entity == "PHONE_NUMBER" and is_giro(column):
        candidate.add("pattern", -2 * _ALWAYS, reason="like_giro_numbers")
        total -= 2 * _ALWAYS
    if hit.declaration.entity == "IP_ADDRESS":
        if of_servers(column):
            candidate.add("pattern", -2 * _ALWAYS, reason="few_and_often", distinct=n)
            total -= 2 * _ALWAYS
        largest = largest_part(column.values)
        if largest is not None and largest <= BUILD:
            candidate.add("pattern", -4.0, largest_part=largest, reason="like_versions")
            total -= 4.0
        if n >= 3 and column.share(_PAIRED) >= 0.9:
            # One address in seventy has two digits in each of its four parts.
            candidate.add("pattern", -_ALWAYS, reason="like_phone_numbers")
            total -= _ALWAYS
    return total


def _with_country_code(hit: Hits, n: int) -> bool:
    """Whether nearly all values are ten digits that begin with 47: one in 130 does by chance."""
    told = sum(hit.subtypes.values())
    return (
        n >= 5 and hit.whole >= 0.9 * n
        and hit.subtypes.get("country_code", 0) >= 0.9 * max(1, told)
    )  # fmt: skip


def _stricter(hit: Hits, other: Hits) -> bool:
    return 5 * hit.declaration.chance_rate <= other.declaration.chance_rate


def chance_of(hit: Hits, hits: Sequence[Hits], n: int) -> float:
    """Declared chance rate, or that among values which pass another check of the same width."""
    declaration = hit.declaration
    rate = declaration.chance_rate
    if not declaration.checksum:
        return rate
    for other in hits:
        width = other.declaration.integer_width
        if (
            other is not hit and other.declaration.checksum and other.whole >= 0.8 * n
            and other.whole > hit.whole and width is not None and width == declaration.integer_width
        ):  # fmt: skip
            return max(rate, given(rate, other.declaration.chance_rate))
    return rate


def _bounded(weight: float) -> float:
    return min(max(weight, -4.0), _ALWAYS)
