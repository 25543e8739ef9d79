"""What two columns say of each other row by row.

The e-mail address beside a name holds that name, a fødselsnummer holds the date of birth and
the sex. Rows are what tells: the same values beside the wrong rows agree by chance only, and the
share of that is measured on the column itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from zlib import crc32

import pyarrow as pa

from detectors.columns.encoded import distinct_pairs, rows_with
from detectors.columns.gazetteer import key
from detectors.columns.judgement import Judged
from detectors.columns.likeness import is_company, name_words
from detectors.columns.weighing import Candidate
from sladd.model import StorageType

Rows = Mapping[str, pa.Array | pa.ChunkedArray]
Agrees = Callable[[str, str], bool]

_MAIL = "user.contact.email"
_FNR = "user.government_id.national_identification_number"
_BORN = "user.demographic.date_of_birth"
_GENDER = "user.demographic.gender"
_NAMES = ("user.name", "user.name.first", "user.name.last")
_USERNAME = "user.account.username"
_PAIRS = 50  # different values of the leading column whose rows are compared
_FEWEST = 3  # agreeing pairs
_BEYOND = 0.2  # share 0-1 by which agreement must exceed that of wrong rows
_STRONG = 4.5  # log-odds of agreement in most rows; half of it where few agree
_PATHS = r"(?i)://|/[^/]*\.\pL{3,4}$|\.(?:jpe?g|png|gif|webp|svg|pdf|docx?)$"
_SEXES = 5  # different values of a column that says who is a man and who a woman
_DATES = r"^\s*(?:[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{2,4}(?:[T ].*)?|[0-9]{6}|[0-9]{8})\s*$"


def add_agreement(columns: Sequence[Judged], data: Rows) -> None:
    """Hold every column of words against the e-mail addresses, dates against fødselsnumre.

    Args:
        columns: the judged ones.
        data: their values by `str(ref)`, row by row.
    """
    for mails in (j for j in columns if j.accepted == _MAIL and str(j.field.ref) in data):
        chosen = _rows(mails, data)
        for judged in columns:
            if judged is not mails and _nameable(judged) and str(judged.field.ref) in data:
                _name_beside_mail(judged, mails, _pairs(mails, judged, data, chosen))
    for numbers in (j for j in columns if j.accepted == _FNR and str(j.field.ref) in data):
        chosen = _rows(numbers, data)
        for judged in columns:
            if judged is numbers or str(judged.field.ref) not in data:
                continue
            if judged.accepted != _FNR and (_dated(judged) or judged.profile.distinct <= _SEXES):
                _date_beside_number(judged, numbers, _pairs(numbers, judged, data, chosen))


def _dated(judged: Judged) -> bool:
    """Whether a column holds dates, stored as such or written out."""
    if judged.field.type in {StorageType.DATE, StorageType.TIMESTAMP}:
        return True
    return judged.profile.share(_DATES) >= 0.5


def _nameable(judged: Judged) -> bool:
    """Whether a column's values could be names: short strings that no strict rule explains."""
    if judged.profile.type is not StorageType.STRING or judged.texts or judged.profile.few_values:
        return False
    if judged.profile.share(_PATHS) >= 0.5:
        return False  # the address of a portrait bears the name of whom it shows
    best = judged.best
    return best is None or not best.type or best.confidence < 0.5


def _rows(first: Judged, data: Rows) -> pa.Array:
    """Rows with one of the values of a column that others are held against."""
    return rows_with(data[str(first.field.ref)], first.profile.values.slice(0, _PAIRS))


def _pairs(first: Judged, second: Judged, data: Rows, rows: pa.Array) -> list[tuple[str, str]]:
    """Values of two columns that stand in one of some rows, in an order that no row decides."""
    left, right = data[str(first.field.ref)], data[str(second.field.ref)]
    if len(left) != len(right):
        return []
    distinct = distinct_pairs(left.take(rows), right.take(rows))
    found = zip(distinct["a"].to_pylist(), distinct["b"].to_pylist(), strict=True)
    kept = [(a, b) for a, b in found if b.strip()]
    ordered = sorted(kept, key=lambda pair: (crc32(f"{pair[0]}\0{pair[1]}".encode()), pair))
    return ordered[: 2 * _PAIRS]


def _shares(pairs: Sequence[tuple[str, str]], agrees: Agrees) -> tuple[float, float]:
    """Share 0-1 of the pairs that agree, and of the same values in the wrong rows."""
    if not pairs:
        return 0.0, 0.0
    right = sum(agrees(a, b) for a, b in pairs) / len(pairs)
    shift = max(1, len(pairs) // 3)
    wrong = sum(
        agrees(a, pairs[(at + shift) % len(pairs)][1])
        for at, (a, b) in enumerate(pairs)
        if pairs[(at + shift) % len(pairs)][1] != b
    )
    return right, wrong / len(pairs)


def _holds(mail: str, cell: str) -> bool:
    """Whether the local part of an address holds a word of the name beside it."""
    local = key(mail.partition("@")[0])
    return any(len(word) >= 3 and word in local for word in name_words(cell))


def _name_beside_mail(judged: Judged, mails: Judged, pairs: Sequence[tuple[str, str]]) -> None:
    if len(pairs) < _FEWEST:
        return
    share, chance = _shares(pairs, _holds)
    if share * len(pairs) < _FEWEST or share - chance < _BEYOND:
        return
    facts: dict[str, str | float] = {
        "with": _MAIL, "column": str(mails.field.ref).removeprefix(f"{mails.field.ref.table}."),
        "agree": round(share, 3), "pairs": len(pairs), "chance": round(chance, 3),
    }  # fmt: skip
    wanted = (*_NAMES, _USERNAME)
    present = [c for c in judged.candidates if c.category in wanted]
    if 2 * sum(is_company(cell) for _, cell in pairs) > len(pairs):
        return  # `Berg Bygg AS` beside `ola@berg.example.no`: the owner's name, the firm's column
    if not present:
        present = [Candidate(_which(pairs), "")]
        judged.candidates.extend(present)
    for candidate in present:
        candidate.barred = False
        candidate.add("agreement", _STRONG if share >= 0.4 else _STRONG / 2, **facts)


def _which(pairs: Sequence[tuple[str, str]]) -> str:
    """Which part of a name a column holds that no list knows: its words, and where they stand."""
    cells = [b for _, b in pairs]
    if sum(len(name_words(cell)) >= 2 for cell in cells) >= len(cells) / 2:
        return "user.name"
    if sum(any(c.isdigit() for c in cell) or cell == cell.lower() for cell in cells) >= 0.8 * len(
        cells
    ):
        return _USERNAME
    first = last = 0
    for mail, cell in pairs:
        local, word = key(mail.partition("@")[0]), "".join(name_words(cell)[:1])
        first += bool(word) and local.startswith(word)
        last += bool(word) and local.endswith(word)
    return "user.name.first" if first >= last else "user.name.last"


def _date_beside_number(judged: Judged, numbers: Judged, pairs: Sequence[tuple[str, str]]) -> None:
    """A date of birth stands in the fødselsnummer beside it, and so does the sex."""
    pairs = [(n.zfill(11), b) for n, b in pairs if n.isdecimal() and len(n) in {10, 11}]
    if len(pairs) < _FEWEST:
        return
    share, chance = _shares(pairs, _born)
    if share - chance >= 0.4 and share * len(pairs) >= _FEWEST:
        facts: dict[str, str | float] = {
            "with": _FNR, "agree": round(share, 3), "pairs": len(pairs), "chance": round(chance, 3),
        }  # fmt: skip
        _strengthen(judged, _BORN, facts)
        _strengthen(numbers, _FNR, {**facts, "with": _BORN})
    elif judged.profile.distinct <= _SEXES and len(pairs) >= 10:
        # Of the sexes each has its own digit: whichever value goes with it, it is always the same.
        by_digit = [[b for n, b in pairs if int(n[8]) % 2 == odd] for odd in (0, 1)]
        if not all(by_digit):
            return
        common = [max(set(values), key=values.count) for values in by_digit]
        told = sum(v.count(c) for v, c in zip(by_digit, common, strict=True)) / len(pairs)
        if common[0] != common[1] and told >= 0.85:
            facts = {"with": _FNR, "agree": round(told, 3), "pairs": len(pairs), "chance": 0.5}
            _strengthen(judged, _GENDER, facts)


def _strengthen(judged: Judged, category: str, facts: Mapping[str, str | float]) -> None:
    found = [c for c in judged.candidates if c.category == category]
    if not found:
        found = [Candidate(category, "")]
        judged.candidates.extend(found)
    for candidate in found:
        candidate.barred = False
        candidate.add("agreement", _STRONG, **facts)


def _born(number: str, cell: str) -> bool:
    """Whether a date is the one in the number, by day, month and the year's last two digits."""
    day, month, year = int(number[:2]) % 40, int(number[2:4]) % 40, number[4:6]
    if month > 12:
        month -= 25  # SyntPop: month + 65
    digits = "".join(c for c in cell[:10] if c.isdigit())
    if len(digits) == 8:
        forms = (f"{day:02}{month:02}", f"{month:02}{day:02}")
        return any(
            digits == f"{form}{digits[4:6]}{year}" or digits == f"{digits[:2]}{year}{form}"
            for form in forms
        )
    return digits in {f"{day:02}{month:02}{year}", f"{year}{month:02}{day:02}"}
