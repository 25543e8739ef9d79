"""Names of columns that are more than a name: questions, remarks, paths, two names in one.

`Hva er din e-postadresse?`, `phone (optional)`, `Person - Email - Work`, `Personnr/orgnr`: what
is read of them are the names inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import regex

from detectors.columns.affixes import Affixes
from detectors.columns.composition import Composition
from detectors.columns.header_match import HeaderMatch
from detectors.columns.spelling import joined, words

Read = Callable[[str], Sequence[HeaderMatch]]
Known = Callable[[str], bool]

_SAID = 0.95  # of what a name says that stands in a phrase
_ADDRESSED = 1.2  # more where whoever fills in the form is spoken to
_MENTIONED = 0.85  # of what a question says with some of its words
_LEAST_ASKED = 3  # words of a question
_LEAST_FRAME = 2  # of which so many only ask
_LONGEST = 4  # words of a name inside a question
_YOURS = frozenset(
    {"din", "ditt", "dine", "dykkar", "your", "yours", "ihr", "ihre", "dein", "deine"}
)
_YOU = frozenset({"du", "dykk", "dere", "deg", "you", "sie", "dig", "ni", "jeres"})
_WHO = frozenset({"hvem", "kven", "vem", "who", "wer"})
_WHO_IS = 2.8  # log-odds that someone is named where it is asked who
_TWO = 2
_OF_SOMEONE = frozenset(
    {"staff_key", "number_held", "held_key"}
)  # whom a question mentions, it does not number
_SUBJECTS = frozenset(
    {
        "vi",
        "jeg",
        "eg",
        "du",
        "dere",
        "de",
        "dei",
        "man",
        "ho",
        "hun",
        "han",
        "jag",
        "ni",
        "i",
        "we",
        "you",
        "they",
        "wir",
        "ich",
        "sie",
    }
)
_NAMED = frozenset({"heter", "heiter", "hedder", "heisst"})  # what someone is called
_PRESENT = (
    "er",
    "ar",
)  # a verb behind its subject in Norwegian, Danish and Swedish: `vi bestiller`
# How leave is asked for, be it answered with yes or no.
_LEAVE = frozenset({
    ("er", "det", "greit"), ("er", "det", "greitt"), ("skal", "namnet", "ditt"), ("skal", "navnet", "ditt"), ("skal", "bildet", "ditt"), ("skal", "biletet", "ditt"), ("ma", "navnet", "ditt"), ("er", "det", "ok"), ("er", "det", "okay"), ("er", "det", "i", "orden"), ("kan", "vi"), ("far", "vi"), ("ma", "vi"),
    ("har", "vi", "lov"), ("gar", "det", "bra"), ("tillater", "du"), ("tillet", "du"), ("tillater", "dere"), ("godtar", "du"), ("samtykker", "du"),
    ("samtykker", "dere"), ("aksepterer", "du"), ("gir", "du"), ("gjev", "du"), ("onsker", "du"), ("vil", "du"), ("accepterer", "du"),
    ("may", "we"), ("can", "we"), ("do", "you", "agree"), ("do", "you", "consent"), ("do", "you", "allow"), ("is", "it", "ok"), ("is", "it", "okay"),
    ("do", "you", "want", "to", "receive"), ("would", "you", "like", "to", "receive"), ("durfen", "wir"), ("far", "vi", "lov"), ("godkanner", "du"),
})  # fmt: skip
_LEAVE_FOR = frozenset({
    "snakke", "snakkar", "snakker", "nettsida", "nettsiden", "heimesida", "hjemmesiden", "internett", "website", "webbplatsen",
    "bilder", "bilde", "bilete", "bilda", "foto", "film", "filme", "video", "kontakte", "kontakta", "ringe", "publisere", "publiserer", "dele", "deler", "deles", "lagre",
    "lagrer", "behandle", "behandler", "opplysninger", "opplysningar", "nyhetsbrev", "nyheitsbrev", "reklame", "tilbud", "markedsforing", "personvern",
    "photos", "photo", "pictures", "publish", "share", "contact", "store", "newsletter", "newsletters", "offers", "marketing", "privacy", "data",
    "fotos", "kontaktieren", "bilden", "nyhedsbrev", "billeder",
})  # fmt: skip
_RELATIVE = frozenset({"som", "that", "which", "joka", "jotka"})
_SAYS = 2.4  # weight from which a reading says enough
_SOME = 1.5  # weight from which a word in brackets is read
_PARTED = ("user.contact.address", "user.name", "user.unique_id")  # what a form asks for in parts
_FAMILY = {"contact": 3, "name": 2, "unique_id": 2}  # steps of a category that its parts share
_PART_WORDS = {"first": "first name", "last": "last name", "middle": "middle name", "fornavn": "fornavn", "zip / postal code": "zip", "zip/postal code": "zip",
               "state / province": "state", "state/province": "state", "street address": "street", "address line 2": "address 2"}  # fmt: skip
_PART = regex.compile(r"^(?P<name>[^()\[\]]*\w[^()\[\]]*)[(\[](?P<part>[^()\[\]]+)[)\]]\s*$")
_REMARK = regex.compile(r"^(?P<name>[^()\[\]]*\w[^()\[\]]*)[(\[][^()\[\]]*[)\]]?\s*$")
_GOES_ON = regex.compile(r"[?]\s*\w|:\s*$")  # what is asked for stands behind the question
_AND = regex.compile(r",\s+(?:og|and|och|und|en|ja|eller|or|oder)\s+(?=.*[?]\s*$)")
_SENTENCE = regex.compile(r"[?!:]\s*$")


def asked(name: str, composed: Composition, known: Known, read: Read) -> list[HeaderMatch]:
    """What a question of a form asks for; [] where a name is none.

    Without the words that only ask, what is left is a name; else the strongest name among its
    words tells: `Hvilken avdeling jobber du i?`.

    Args:
        name: of the column.
        composed: which words only ask.
        known: whether a list has a name as a whole.
        read: reads a name.
    """
    first = _AND.split(name, maxsplit=1)[0]
    if first != name and len(words(first)) >= _LEAST_ASKED:
        told = asked(f"{first}?", composed, known, read)
        if max((m.weight for m in told if m.category), default=0.0) >= _SAYS:
            return told  # of two questions in one, the first
    parts = words(name)
    if head := _before_clause(parts):
        told = [m for m in read(" ".join(head)) if m.category and m.weight >= _SAYS]
        if told:
            return [match.scaled(_SAID) for match in told]
    rest = [part for part in parts if part not in composed.frames]
    if not rest or len(rest) == len(parts) or known(name):
        return []
    if not _GOES_ON.search(name) and (leave := _leave(parts)):
        return leave
    if any(part in _NAMED for part in parts) and any(
        word in composed.persons or word in _YOU for part in parts for word in _bare(part)
    ):
        return [HeaderMatch("user.name", "name", _WHO_IS, "name")]
    rest = [
        part
        for at, part in enumerate(parts)
        if part in rest and not (at and parts[at - 1] in _SUBJECTS and part.endswith(_PRESENT))
    ] or rest
    framed = len(parts) - len(rest)
    sentence = _SENTENCE.search(name) is not None and len(parts) >= _LEAST_ASKED
    starts = parts[0] in composed.frames and len(parts) >= _LEAST_ASKED
    yours = parts[0] in _YOURS or parts[-1] in _YOURS
    if not (yours or sentence or (starts and framed >= _LEAST_FRAME)):
        return []
    you = _ADDRESSED if set(parts) & (_YOURS | _YOU) else 1.0
    found = [match.scaled(_SAID * you) for match in read(" ".join(rest))]
    if max((m.weight for m in found if m.category), default=0.0) >= _SAYS:
        return found
    told = _mentioned(rest, read, _MENTIONED * you) if sentence or starts else []
    if not told and parts[0] in _WHO:
        return [HeaderMatch("user.name", "name", _WHO_IS, parts[0])]
    return told or found


def _before_clause(parts: Sequence[str]) -> Sequence[str]:
    """What a clause behind it tells more of: `Diagnoser som læreren bør vite om`; else nothing."""
    at = next((place for place, part in enumerate(parts) if part in _RELATIVE), 0)
    return parts[:at] if 0 < at <= _LONGEST and len(parts) - at >= _LEAST_ASKED else ()


def _bare(part: str) -> tuple[str, ...]:
    """A noun with and without its article: `eleven`, `barnet`."""
    return (part, part.removesuffix("en"), part.removesuffix("et"), part.removesuffix("n"))


def _leave(parts: Sequence[str]) -> list[HeaderMatch]:
    """Consent, where a question asks for leave: `Er det greit at bilder av deg deles?`."""
    if not any(tuple(parts[: len(asks)]) == asks for asks in _LEAVE):
        return []
    what = next((part for part in parts if part in _LEAVE_FOR), "")
    return [HeaderMatch("user.privacy_preferences", "consent", 2.8, what)] if what else []


def _mentioned(parts: Sequence[str], read: Read, share: float) -> list[HeaderMatch]:
    """What the strongest name among the words says; the longer one where two say as much."""
    best: list[HeaderMatch] = []
    most = _SAYS / share
    for length in range(min(_LONGEST, len(parts)), 0, -1):
        for start in range(len(parts) - length + 1):
            told = [
                m
                for m in read(" ".join(parts[start : start + length]))
                if m.category and m.shape not in _OF_SOMEONE
            ]
            weight = max((m.weight for m in told), default=0.0)
            if weight >= most and weight > max((m.weight for m in best), default=0.0):
                best = told
    return [match.scaled(share) for match in best]


def either(name: str, affixes: Affixes, known: Known, read: Read) -> list[HeaderMatch]:
    """Names of two things in one: `Personnr/orgnr`, and the step of an export, `Person - Email`."""
    if len(step := name.split(" - ")) > 1:
        while len(step) > _TWO and joined(words(step[-1])) in affixes.words:
            step.pop()  # `Person - Email - Work`: one of several
        said = [joined([part]) for part in words(" ".join(step[:-1]))]
        theirs = affixes.of_organisation(said)
        return [
            replace(m.scaled(_SAID), organisation=theirs and m.category != "user.name")
            for m in read(step[-1])
        ]
    parts = [part.strip() for part in name.split("/")]
    if len(parts) != _TWO or not all(len(part) > 1 for part in parts):
        return []
    if known(name):
        return []
    best: dict[str, HeaderMatch] = {}
    for part in parts:
        for match in read(part):
            if match.weight >= _SAYS and match.category:
                best.setdefault(match.category, match.scaled(_SAID))
    return list(best.values())


def _part(name: str, read: Read) -> list[HeaderMatch]:
    """The part of an answer that a form keeps in a column of its own: `Adresse (Land)`."""
    found = _PART.match(name)
    if found is None:
        return []
    whole = [m for m in read(found["name"]) if m.category.startswith(_PARTED)]
    if not whole:
        return []
    families = {".".join(m.category.split(".")[: _FAMILY[m.category.split(".")[1]]]) for m in whole}
    inside = found["part"].strip()
    parts = [m for m in read(_PART_WORDS.get(inside.casefold(), inside)) if m.category]
    told = [m for m in parts if m.category.startswith(tuple(families)) and m.weight >= _SOME]
    return [replace(m, weight=max([m.weight, *(w.weight for w in whole)])) for m in told]


def unremarked(name: str, found: Sequence[HeaderMatch], read: Read) -> list[HeaderMatch]:
    """What a name says without the remark behind it, where it says little with it."""
    if part := _part(name, read):
        return part
    remark = _REMARK.match(name)
    if remark is None or max((m.weight for m in found), default=0.0) >= _SAYS:
        return list(found)
    return [match.scaled(_SAID) for match in read(remark["name"])] or list(found)
