"""Numbers with their label before them: `ordre 45230017`, `kundenr: 1001`, `#10023`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from detectors.texts.recognizer import Found

_NUMBER = (
    r"(?P<number>(?:[A-ZÆØÅ]{1,5}[-/]?)?[0-9](?:[0-9A-Z/-]{1,24}[0-9A-Z])(?![\p{L}\p{M}0-9]|[.,:][0-9]|[ ][0-9]{3}(?![0-9]))"
    r"|(?:[A-ZÆØÅ]{1,2}[ -]?)?[0-9]{1,3}(?:[ ][0-9]{3}){1,3}(?![\p{L}\p{M}0-9]|[.,:][0-9]|[ ][0-9]|[ ](?:kr|nok|eur|stk|,-)))"
)
_SEPARATOR = (
    r"(?:[ ]?\(?(?:nr|no|num|number|nummer|nummeret|id|ref)(?![\p{L}\p{M}])\.?)?"
    r"(?:[ ](?:mitt|min|mine|vårt|vår|deres|dykkar|hans|hennes|er|is|was|var|med|på|my|den gang(?:en)?|da|har|fått|fekk|has|heter|heiter|status|"
    r"nummer|number|står til|lyder|your|our)){0,3}[ ]?[:=#.]{0,3}"
    r"(?:[ ]?\?[ ]?\n(?:[\[(][0-9:., ]{4,20}[\])][ ]?)?[^\n:]{1,30}:[ ](?:hei[,.]?[ ]|det er[ ]|it'?s[ ])?|[ ]?\?[ ]?-[ ]|[ ]?\.{2,}[ ]?)?[ ]?\n?[ ]?\(?#?"
)
_FEWEST = 3  # digits of a number that leads anywhere
_COUNT = 4  # digits up to which it may be how many
_COUNTED = regex.compile(
    r"[ ](?!(?:og|and|er|is|var|was|fra|frå|from|på|ikke|ikkje|som|men|but|has|har|til|med|i|den|ble|vart|skal|kan)(?![\p{L}]))\p{Ll}"
)
_DAY = regex.compile(r"[0-3]?[0-9]/[01]?[0-9]")


def labelled(labels: Sequence[str]) -> regex.Pattern[str]:
    """A pattern for a number behind one of these labels; the group `number` is the number.

    Args:
        labels: alternations of the words themselves, without their endings.
    """
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}])(?:{'|'.join(labels)}){_SEPARATOR}{_NUMBER}", regex.IGNORECASE
    )


def numbers(pattern: regex.Pattern[str], text: str, score: float) -> Iterator[Found]:
    """The numbers of a pattern, with more of them joined by `og` or a comma."""
    for match in pattern.finditer(text):
        digits = sum(c.isdigit() for c in match["number"])
        spaced = " " in match["number"]
        if spaced and (
            digits <= _COUNT or text[: match.start("number")].endswith((" på ", " of "))
        ):
            continue  # "en faktura på 3 950"
        if digits < _FEWEST or _DAY.fullmatch(match["number"]):
            continue
        plain = match["number"].replace(" ", "")
        if plain.isdecimal() and (digits <= _COUNT or spaced) and _COUNTED.match(text, match.end()):
            continue  # "bestilling på 300 flasker"
        yield *match.span("number"), score
        end = match.end("number")
        while more := _MORE.match(text, end):
            yield *more.span("number"), score
            end = more.end("number")


_RUN = regex.compile(r"(?<![\p{L}\p{M}0-9.,/-])[0-9]{6,12}(?![\p{L}\p{M}0-9]|[.,:/-][0-9])")
_SAME = 3  # first digits that numbers of one series share


def of_one_series(text: str, found: Sequence[Found], score: float) -> Iterator[Found]:
    """Further numbers of the length and the first digits of those found: `Heller ikke 771298`."""
    series = {
        (end - start, text[start : start + _SAME])
        for start, end, _ in found
        if text[start:end].isdecimal()
    }
    taken = {start for start, _, _ in found}
    for match in _RUN.finditer(text) if series else ():
        number = match.group()
        if match.start() not in taken and (len(number), number[:_SAME]) in series:
            yield *match.span(), score


_MORE = regex.compile(
    rf"(?:,[ ]?|[ ](?:og|and|&|/)[ ])#?{_NUMBER.replace('{1,24}', '{3,24}')}", regex.IGNORECASE
)
