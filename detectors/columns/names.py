"""Whether a name itself is personal data: of a column, a JSON key, a sheet or a file.

A CSV without a header has a person in its first row; a JSON object may be keyed by e-mail;
`Kari_Nordmann_cv.pdf` says who applied. Headers such as `fornavn` are words, not names.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from detectors.columns.gazetteer import given_names, surnames
from detectors.columns.header_lists import lexicon
from detectors.columns.tables import IMPERSONAL, kind_of_name

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+\.[\w.-]*\w")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{6}[ .\-_]?\d{5}(?!\d)")
_PHONE = re.compile(
    r"(?<!\d)(?:\+|00)47[ _-]?\d(?:[ _-]?\d){7}(?!\d)"
    r"|^(?:(?:tlf|mob|mobil|telefon|phone)[ ._:-]*)?[2-79]\d(?:[ ]?\d\d){3}$|^[49]\d\d \d\d \d{3}$"
)
_DATE = re.compile(r"^(?:(?:19|20)\d{6}|[0-3]\d[01]\d(?:19|20)\d\d)$")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CAMEL = re.compile(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])")


@cache
def _everyday_words() -> frozenset[str]:
    """Names that are everyday words, as `per` and `dag`; a pair of two is taken for words."""
    with files("detectors.lexicon").joinpath("everyday_words.csv").open(encoding="utf-8") as file:
        return frozenset(row["name"] for row in csv.DictReader(file))


def name_is_personal(name: str) -> bool:
    """Whether a name holds an e-mail, an identity or telephone number, or a person's full name.

    >>> name_is_personal("Kari_Nordmann_cv.pdf"), name_is_personal("fornavn")
    (True, False)
    """
    if not name or len(name) > 1000:
        return False
    return (
        _EMAIL.search(name) is not None
        or _identity_number(name)
        or _phone(name)
        or _full_name(name)
    )


def _identity_number(name: str) -> bool:
    from detectors.norway.fodselsnummer import is_valid

    return any(is_valid(re.sub(r"\D", "", m.group())) for m in _LONG_NUMBER.finditer(name))


def _phone(name: str) -> bool:
    stem = name.strip()
    return _PHONE.search(stem) is not None and not _DATE.match(stem)


@cache
def _lexicon_words() -> frozenset[str]:
    """Names that are also words of the header lexicon: `Dato`, `By`, `Land`."""
    book = lexicon(("nb", "nn", "en"))
    return frozenset(word for word in given_names() | surnames() if book.knows(word))


def _full_name(name: str) -> bool:
    tokens = [t.lower() for t in _TOKEN.findall(_CAMEL.sub(" ", name))]
    given, family, common = given_names(), surnames(), _lexicon_words()
    for place, first in enumerate(tokens[:-1]):
        for last_place in range(place + 1, min(place + 4, len(tokens))):
            last = tokens[last_place]
            between = tokens[place + 1 : last_place]
            if not all(t in given or t in family or len(t) == 1 for t in between):
                break
            pair = (first, last) if first in given and last in family else (last, first)
            if pair[0] not in given or pair[1] not in family or set(pair) & common:
                continue
            if set(pair) <= _everyday_words():
                continue
            rest = tokens[:place] + tokens[last_place + 1 :]
            # `kari_traa_products` is a brand's list.
            return not any(kind_of_name(word) in {*IMPERSONAL, "organisation"} for word in rest)
    return False
