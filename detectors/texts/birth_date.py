"""Dates of birth: a date of any common form behind a word that says so. `f. 12.03.85`.

A date alone is a delivery, an order or a meeting; only `født`, `f.`, `born`, `DOB` and their
like make it a date of birth. The year alone (`født i 1985`) counts as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import either_form, screened
from detectors.texts.name_grammar import known
from detectors.texts.recognizer import Found, TextRecognizer

_MONTH = r"(?:jan|feb|mar|apr|mai|may|jun|jul|aug|sep|sept|okt|oct|nov|des|dec)[a-z]{0,7}\.?"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTHS = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:(?:18|19|20)[0-9]{2}|['’]?[0-9]{2})"
_DATE = (
    rf"(?:(?:18|19|20)[0-9]{{2}}[-./]{_MONTHS}[-./]{_DAY}"
    rf"|{_DAY}[ ]?[./-][ ]?{_MONTHS}[ ]?[./-][ ]?{_YEAR}"
    rf"|{_DAY}(?:\.|st|nd|rd|th)?[ ](?:of[ ])?{_MONTH},?[ ]{_YEAR}"
    rf"|{_MONTH}[ ]{_DAY}(?:st|nd|rd|th)?,?[ ](?:18|19|20)[0-9]{{2}}"
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)[0-9]{2}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2})(?![0-9\p{L}]|[./-][0-9])"
)
_BORN = "|".join(
    either_form(word)
    for word in (
        "fødselsdato", "fødselsdag", "fødselsår", "fødsels- og personnummer", "fødd", "født",
        "føtt", "fødselsdatoen", "fødselsdagen", "fødselsdatoen min", "fødselsdatoen min er",
        "fødselsdag min er",
    )
)  # fmt: skip
_CUE = (
    rf"(?:{_BORN}|fodselsdato|fodt|foedt|f\.?[ ]?dato|f\.d\.|født dato|date of birth|birth[ ]?date|birthday|born|"
    r"d\.?o\.?b\.?|fdato|bursdag)"
)
_LINK = r"(?:[ ]?(?:\([^)\n]{1,25}\))?[ ]?[:=]?[ ]{0,3}\n?(?:(?:er|var|is|was|den|on|i|in|the|år)[ :]{1,2}){0,2})"
_FULL = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){_CUE}{_LINK}(?P<date>{_DATE})", regex.IGNORECASE)
# "f. 12.03.85", "(f. 1985)": `f` is short, so its full stop or colon is needed.
_SHORT = regex.compile(rf"(?<![\p{{L}}\p{{M}}])[fF][.:][ ]?(?P<date>{_DATE})")

# "Kari Nordmann (12.03.1985)": a full date in brackets behind a name.
_BESIDE = regex.compile(
    r"(?<![\p{L}\p{M}'’.-])(?P<name>\p{Lu}[\p{L}\p{M}'’-]{1,40}(?:[ ]\p{Lu}[\p{L}\p{M}.'’-]{0,40}){1,3})[ ]?[(,][ ]?"
    rf"(?P<date>{_DAY}[./-]{_MONTHS}[./-](?:19[0-9]{{2}}|200[0-9]|201[0-9]))[ ]?[),\n]"
)
# Lists and questions: `Navn – fødselsdato – str` and the rows below, "Fødselsdato?" and the answer.
_ASKED = regex.compile(
    r"(?:fødsels(?:dato|dag|år)\w*|date of birth|birth[ ]?date|(?<![\p{L}])d\.?o\.?b(?![\p{L}])|(?<![\p{L}])født(?=[ ]?\?))",
    regex.IGNORECASE,
)
_FULL_DATE = regex.compile(
    rf"(?<![0-9./-])(?P<date>{_DAY}[ ]?[./-][ ]?{_MONTHS}[ ]?[./-][ ]?(?:19[0-9]{{2}}|20[01][0-9]|['’]?[3-9][0-9])"
    rf"|{_DAY}\.?[ ]{_MONTH}[ ](?:19[0-9]{{2}}|200[0-9])|19[0-9]{{2}}-{_MONTHS}-{_DAY})(?![0-9\p{{L}}]|[./-][0-9])",
    regex.IGNORECASE,
)
_LATER = 400  # characters behind the question in which dates long past are answers to it
# "Anders Olsen (1821–1904)", "Edmund Price, 1951-2025": the years of a life.
_LIFE = regex.compile(
    r"(?<![\p{L}\p{M}'’.-])(?P<name>\p{Lu}[\p{L}\p{M}'’-]{1,40}(?:[ ]\p{Lu}[\p{L}\p{M}.'’-]{0,40}){1,4})[ ]?[(,]?[ ]?"
    r"(?P<date>(?:1[789]|20)[0-9]{2})[ ]?-[ ]?(?:1[89]|20)[0-9]{2}(?![0-9])"
)
_STAR = regex.compile(rf"(?<![\p{{L}}0-9*])\*[ ]?(?P<date>{_DATE})")
# What is left of a masked fødselsnummer: `070379*****`.
_MASKED = regex.compile(
    r"(?<![0-9])(?P<date>(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2})(?=[ ]?(?:[*xX•#]{4,5})(?![\p{L}0-9*]))"
)


class BirthDateRecognizer(TextRecognizer):
    """Finds dates of birth beside their word."""

    ENTITY = "DATE_OF_BIRTH"
    CATEGORY = "user.demographic.date_of_birth"
    RANK = 45
    SCREEN = screened(
        r"(?:f|b)[^0-9]{1,45}[0-9]|d\.?o\.?b[^0-9]{0,45}[0-9]|[0-9][^0-9]{0,12}[0-9]|[*x•#]{4}"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Dates behind words of birth."""
        for match in _FULL.finditer(text):
            yield *match.span("date"), 0.9
        for match in _SHORT.finditer(text):
            yield *match.span("date"), 0.75
        for pattern in (_STAR, _MASKED):
            for match in pattern.finditer(text):
                yield *match.span("date"), 0.7
        for match in _LIFE.finditer(text):
            if known(match["name"]):
                yield *match.span("date"), 0.65
        if asked := _ASKED.search(text):
            for match in _FULL_DATE.finditer(text, asked.end(), asked.end() + _LATER):
                yield *match.span("date"), 0.6
        for match in _BESIDE.finditer(text):
            if known(match["name"]):
                yield *match.span("date"), 0.6
