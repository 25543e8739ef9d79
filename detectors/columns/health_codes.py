"""Codes of diagnoses and medicines: ICD-10, ICPC-2, ATC, by their shape.

No catalogue is copied. ICD-10 (WHO) has a letter and two digits, in chapters whose ranges end
where `_LAST` says, then a point and one or two digits; 97 % of all random strings of that shape
pass, so the shape alone tells nothing: shelves (`A12`) and products look the same. What tells is
many chapters, points, and a table of persons or a name. ICPC-2 (WONCA) is a letter of 17 and two
digits. ATC (WHO) has seven characters, `A00AA00`, and 14 of 26 letters at the front.
"""

from __future__ import annotations

import regex

from detectors.columns.profile import Profile

_ICD = regex.compile(r"([A-TV-Z]|U)(\d\d)(?:\.?\d{1,2}[A-Z]?)?[*+†]?")
_ICPC = regex.compile(r"[ABDFHKLNPRSTUWXYZ]\d\d")
_ATC = regex.compile(r"[ABCDGHJLMNPRSV]\d\d[A-Z]{2}\d\d")
# The last category of a chapter's letter, where it is not 99. Source: WHO, ICD-10 chapter list.
_LAST = {"D": 89, "E": 90, "H": 95, "K": 93, "P": 96, "T": 98, "Y": 98}
_READ = 400
_VERY_MANY = 12  # of those, from which the chapters alone tell
_MANY = 8  # different codes, below which chapters cannot be counted


def is_icd10(cell: str) -> bool:
    """Whether a value is written as an ICD-10 code within a chapter's range.

    >>> is_icd10("F32.1"), is_icd10("J459"), is_icd10("E99"), is_icd10("A123B")
    (True, True, False, False)
    """
    found = _ICD.fullmatch(cell.strip().upper())
    return found is not None and int(found[2]) <= _LAST.get(found[1], 99)


def code_weights(column: Profile, *, named: bool) -> dict[str, float]:
    """What codes say for health: signal → log-odds.

    Args:
        column: of strings.
        named: its name speaks of health.
    """
    read = [cell.strip().upper() for cell in column.drawn(_READ)]
    n = len(read)
    atc = sum(_ATC.fullmatch(cell) is not None for cell in read) / n
    if atc >= 0.9 and (named or n >= 5):
        return {"pattern": 2.5 if named else 3.6}
    icd = [cell for cell in read if is_icd10(cell)]
    share = len(icd) / n
    if named:
        icpc = sum(_ICPC.fullmatch(cell) is not None for cell in read) / n
        best = max(share, icpc)
        return {"pattern": 2.2 * best} if best >= 0.6 else {}
    chapters = len({cell[0] for cell in icd})
    pointed = sum("." in cell for cell in icd) / n
    if n >= _MANY and share >= 0.95 and chapters >= 4 and pointed >= 0.3:
        # No shelf has a point behind two digits in so many letters.
        if n >= _VERY_MANY and chapters >= 6 and pointed >= 0.6:
            return {"pattern": 3.6}
        return {"pattern": 2.6}  # below the threshold by itself: a person's table must add to it
    return {}
