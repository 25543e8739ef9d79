"""One span where several overlap.

1. What a rule says is an identifier goes before names: a name inside an e-mail address is part
   of the address.
2. Among identifiers the score decides, which the nearest label has raised; then the rank (a
   fødselsnummer is also a valid account); then the length.
3. Among names an announcement (`Navn: …`) goes before a model, a model before a lone word that
   the lists know. A model's organisation takes its words from weaker names and is itself none.
4. A name keeps what an identifier did not take of it: beside an e-mail it is still a name.
5. Of what may reveal one category a phrase takes its words: `dømt for tyveri`, not `dømt`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from detectors.folding import fold
from detectors.mailbox import role
from detectors.ner import code
from detectors.texts.addresses import joined
from detectors.texts.firm_names import is_firm_or_code
from detectors.texts.lexicon import (
    SELDOM_CAPITAL,
    bare,
    is_given,
    is_never,
    is_surname,
    plain,
    words,
)
from detectors.texts.name_grammar import OWNS, WORD
from sladd.model import Span

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult

_REVEALING = "MAY_REVEAL_"
_DOUBLE = 0.86  # score of `listed_names` for a given name that is a word, and another
_TOLD = 0.65  # score of a name that a greeting or a list of names tells
UNRANKED = 1000  # names: whatever a rule found outranks them
NAMED_ENTITIES = {"PERSON": "user.name", "LOCATION": "user.location.imprecise"}
"""Category of what a language model finds, and of names by rule."""
ORGANIZATION = "ORGANIZATION"
PLACE = "LOCATION"

Ranks = Mapping[str, tuple[int, str]]
"""Entity → rank and category of its recogniser."""

_GENITIVES = frozenset({"s", "'s", "’s"})
_AROUND = " ,;:/\n\t\"'“”«»()[]<>|*-–"  # what a piece of a name may be surrounded by
_APART = regex.compile(
    r"[ \N{NO-BREAK SPACE}]{1,2}|[ ]?-[ ]?(?=\p{Lu})|[ ][\"“”«(][\p{L}'’ -]{2,20}[\"“”»)][ ]"
)  # between parts of one name
_COMPOUND = regex.compile(r"\p{L}[\p{L}\p{M}]+-(?P<last>\p{Ll}[\p{L}\p{M}]{3,})")
_SWITCHBOARD = regex.compile(
    r"(?:sentralbord|kundesenter|kundeservice|kundestøtte|switchboard|customer service|support|"
    r"resepsjon|reception|hovednummer|butikktelefon)(?:et|en|a|s)?(?:[ ]\p{L}{1,9}){0,3}[ :.,(]{0,3}"
    r"(?:(?:tlf|telefon|tel)\.?:?[ ])?$",
    regex.IGNORECASE,
)
# "Ringte dere på 55 01 23 00": the number of whoever reads the message.
_YOURS = regex.compile(
    r"(?:ring(?:te|er|t)?|called|calling|rang)[ ](?:til[ ])?(?:dere|dykk|dokker|you|nummeret deres)[ ](?:på|at|on)[ ]$",
    regex.IGNORECASE,
)
_SWITCHBOARD_BEHIND = regex.compile(
    r"[ ]?[(,-][ ]?(?:sentralbord|switchboard|kundeservice|kundesenter|resepsjon|reception|hovednummer)",
    regex.IGNORECASE,
)


def resolve(results: Sequence[RecognizerResult], text: str, ranks: Ranks) -> list[Span]:
    """One span where several overlap, by the order of this module.

    Args:
        results: of one text.
        text: the text itself.
        ranks: entity → rank and category of its recogniser.
    """

    def order(result: RecognizerResult) -> tuple[bool, float, int, int, int, str]:
        rank = ranks.get(result.entity_type, (UNRANKED, ""))[0]
        length = result.end - result.start
        return (
            rank == UNRANKED, -round(result.score, 2), rank, -length, result.start,
            result.entity_type,
        )  # fmt: skip

    taken: list[Span] = []
    for result in sorted(_widest(results), key=order):
        rank, category = ranks.get(
            result.entity_type, (UNRANKED, NAMED_ENTITIES.get(result.entity_type, ""))
        )
        pieces = free(result.start, result.end, taken)
        if pieces != [(result.start, result.end)] and rank != UNRANKED:
            continue
        for start, end in pieces:
            # A rule knows where its match ends; a piece of a name may begin with a comma.
            first, last = (start, end) if rank != UNRANKED else trimmed(text, start, end)
            # Of a name cut in two, a genitive is no rest.
            if any(c.isalnum() for c in text[first:last]) and text[first:last] not in _GENITIVES:
                taken.append(Span(first, last, result.entity_type, result.score, category))
    return sorted(taken, key=lambda span: span.start)


def _widest(results: Sequence[RecognizerResult]) -> Sequence[RecognizerResult]:
    """The results without words of a phrase that reveals the same: `kandidat for Senterpartiet`."""
    revealing = [result for result in results if result.entity_type.startswith(_REVEALING)]
    if len(revealing) <= 1:
        return results
    inside: set[int] = set()
    for each in revealing:
        for other in revealing:
            if (
                other.entity_type == each.entity_type
                and other.start <= each.start
                and each.end <= other.end
                and other.end - other.start > each.end - each.start
            ):
                inside.add(id(each))
                other.score = max(other.score, each.score)
    return [result for result in results if id(result) not in inside]


def settled(spans: Sequence[Span], text: str) -> list[Span]:
    """The spans that stand: addresses joined, names whole, and what is none left out.

    Args:
        spans: of one text, without overlaps, in its order.
        text: the text itself.
    """
    folded = fold(text)
    kept = [
        _owned(named, folded)
        for span in joined(spans, folded)
        if not (span.type == "PERSON" and is_firm_or_code(folded, span.start, span.end))
        and (named := _name(span, folded)) is not None
    ]
    return [
        span
        for span in whole_names(kept, text)
        if span.type != ORGANIZATION
        and not (span.type == PLACE and _is_rest(folded, span))
        and not (span.type == "PERSON" and is_firm_or_code(folded, span.start, span.end))
    ]


def _is_rest(text: str, span: Span) -> bool:
    """What an address left of a place: its number."""
    return not any(c.isalpha() for c in text[span.start : span.end])


def free(start: int, end: int, taken: Sequence[Span]) -> list[tuple[int, int]]:
    """The parts of a stretch that no span covers."""
    pieces = [(start, end)]
    for span in taken:
        if span.end <= start or span.start >= end:
            continue
        pieces = [
            part
            for a, b in pieces
            for part in (
                ((a, b),) if span.end <= a or span.start >= b else ((a, span.start), (span.end, b))
            )
            if part[1] > part[0]
        ]
    return pieces


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without what surrounds a word."""
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip(_AROUND))
    return first, max(first, end - len(piece) + len(piece.rstrip(_AROUND)))


def whole_names(spans: Sequence[Span], text: str) -> list[Span]:
    """Names of persons that stand side by side as one name."""
    result: list[Span] = []
    for span in spans:
        before = result[-1] if result else None
        if (
            before is not None
            and before.type == span.type == "PERSON"
            and _APART.fullmatch(text, before.end, span.start)
        ):
            score = max(before.score, span.score)
            result[-1] = Span(before.start, span.end, span.type, score, span.category)
        else:
            result.append(span)
    return result


def _owned(span: Span, text: str) -> Span:
    """The span with the category of a company where a mailbox or a telephone is a role's."""
    if span.type == "EMAIL_ADDRESS" and role(text[span.start : span.end]) == "role":
        return replace(span, category="organization.contact.email")
    if span.type == "PHONE_NUMBER":
        line = text[max(0, span.start - 45) : span.start].rpartition("\n")[2]
        if (
            _SWITCHBOARD.search(line)
            or _YOURS.search(line)
            or _SWITCHBOARD_BEHIND.match(text, span.end)
        ):
            return replace(span, category="organization.contact.phone_number")
    return span


def _name(span: Span, text: str) -> Span | None:
    """A name without greetings before it and a genitive behind it; None when nothing is left."""
    if span.type != "PERSON":
        return span
    start, end = span.start, span.end
    tokens = [*WORD.finditer(text, start, end)]
    if len(tokens) == 1 and span.score >= _TOLD and _is_word_name(tokens[0].group()):
        return span  # "Hei Dag." and "Vår – XS": a word that is never a name, but for these
    while (
        tokens
        and not _is_initial(text, tokens[0])
        and (
            is_never(low := plain(tokens[0].group()))
            or low in words().titles
            or (len(tokens) > 1 and _is_trade(tokens[0].group()))
            or (
                len(tokens) > 1
                and _is_ordinary(tokens[0].group())
                and _is_listed(tokens[1].group())
            )
        )
    ):
        if len(tokens) > 1 and span.score >= _DOUBLE and _is_word_name(tokens[0].group()):
            break  # "Hans Kristian"
        start = tokens[0].end()
        tokens.pop(0)
    while tokens and (
        is_never(plain(tokens[-1].group()))
        or (len(tokens) > 1 and _is_ordinary(tokens[-1].group()) and _is_listed(tokens[0].group()))
    ):
        if (
            len(tokens) > 1
            and _is_word_name(tokens[-1].group())
            and is_given(plain(tokens[-2].group()))
        ):
            break  # "Jørn Are"
        end = tokens[-1].start()
        tokens.pop()
    if not tokens:
        return None
    start, end = trimmed(text, start, end)
    if tokens[-1].end() == end and OWNS.match(text, end):
        low = plain(tokens[-1].group())
        end -= len(low) - len(bare(low))
    return Span(start, end, span.type, span.score, span.category) if end > start else None


def _is_initial(text: str, token: regex.Match[str]) -> bool:
    """`E.` of `E. Solbakken`, though `e` by itself is a word of dialects."""
    return len(token.group()) == 1 and text[token.end() : token.end() + 1] == "."


def _is_listed(word: str) -> bool:
    low = bare(plain(word))
    return is_given(low) or is_surname(low)


def _is_ordinary(word: str) -> bool:
    """A capitalised word that running text hardly ever writes so: `Dør`, `Vakthavende`."""
    return word[0].isupper() and not _is_listed(word) and code(plain(word)) in SELDOM_CAPITAL


def _is_trade(word: str) -> bool:
    """`NTNU-forsker`, `Odd-trener`: what somebody is, and no double name."""
    part = _COMPOUND.fullmatch(word)
    return part is not None and not is_given(low := plain(part["last"])) and not is_surname(low)


def _is_word_name(word: str) -> bool:
    return word[0].isupper() and is_given(plain(word))
