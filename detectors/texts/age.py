"""Ages of persons: `jeg er 16 år`, `datteren vår på ni`, `Trym (11)`, `17-åring`, `aged 34`.

"Kopp til 40 år" is a jubilee, "3 års garanti" a warranty and "str. 6-8 år" a garment, so a person
or a word for being old must stand beside the number. The unit belongs to the age: `16 år`.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import either_form, screened
from detectors.texts.age_words import COMPOUND, NUMBER
from detectors.texts.lexicon import is_everyday, is_given, plain
from detectors.texts.prefilter import Prefilter
from detectors.texts.recognizer import Found, TextRecognizer

_A = either_form("å")
_ANY = rf"(?:[0-9]|{NUMBER})"
_YEAR = f"{_A}r"
_YEARS = rf"(?:[ -]?{_YEAR}|[ -](?:years?|yrs?))(?![\p{{L}}\p{{M}}])"
_HALF = r"(?:[ ](?:og|and)[ ](?:et|eit|a)[ ](?:halvt|half))?"
_AGE = rf"(?:{NUMBER})(?![0-9]|[.,/-][0-9]){_HALF}"
_WITH = rf"(?P<age>{_AGE}{_YEARS}(?:[ ](?:gammel|gamal|gammal|old)(?![\p{{L}}\p{{M}}]))?)"
_MAYBE = rf"(?P<age>{_AGE}(?:{_YEARS}(?:[ ](?:gammel|gamal|gammal|old)(?![\p{{L}}\p{{M}}]))?)?)"
_START = r"(?<![\p{L}\p{M}])"
_MINE = r"(?:[ ](?:min|mi|mitt|mine|vår|vårt|sin|si|vores|hans|hennes|deres|til[ ]\p{Lu}\p{L}+))?"
_I = r"(?:jeg|eg|æ|æg|ej|e|han|hun|ho|hu|hen)"
_KIN = (
    r"(?:sønn(?:en)?|son(?:en)?|datter(?:en|a)?|dotter(?:a)?|barnebarn(?:et)?|oldebarn(?:et)?|gutt(?:en)?|gut(?:en)?|"
    r"jente(?:n|a)?|unge(?:n)?|onge(?:n)?|barn(?:et)?|baby(?:en)?|mor(?:a)?|far(?:en)?|mamma|pappa|mannen|kona|"
    r"b(?:e|æ)stemor|b(?:e|æ)stefar(?:en)?|besta|gammelfar|farmor|farfar|mormor|morfar|svigermor|svigerfar|svigerfaren|svigermora|"
    r"onkel|tante|søster|bror|nevø|niese|tantebarn|fadderbarn|kollega(?:en)?|nabo(?:en)?|kjæreste(?:n)?|samboer(?:en)?|"
    r"sambuar(?:en)?|kunde(?:n)?|dame|mann|kvinne|elev(?:en)?|pensjonist|student|ungdom|herre|kar|enke|jubilant(?:en)?|"
    r"bursdagsbarn(?:et)?|konfirmant(?:en)?|spiller(?:en)?|pasient(?:en)?)"
)
_ENGLISH = (
    r"(?:(?:my|our|her|his|their)[ ](?:\p{Ll}+[ ])?(?:son|daughter|mother|father|mum|mom|dad|wife|husband|partner|"
    r"grandmother|grandfather|grandma|grandpa|granddad|nan|gran|granny|grandson|granddaughter|niece|nephew|aunt|uncle|"
    r"brother|sister|boss|neighbou?r|colleague|girl|boy|kid|child|baby))"
)
_SOON = r"(?:[ ](?:bare|berre|nå|no|nu|nettopp|snart|alt|allerede|akkurat|just|only|already|almost|now|over))?"
# Behind a bare number the sentence ends or goes on; a noun would be what is counted.
_STOP = r"(?=[ ]?(?:[.,;:!?)\n]|$)|[ ](?:og|å|and|men|but|so|så|i[ ](?:dag|morgen|år|januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)|den|på[ ]\p{L}+dag|til[ ](?:høsten|hausten|våren|sommer)|next|on|in|this|today|years?|nett)(?![\p{L}]))"
_NO_SPAN = r"(?![ ](?:siden|sidan|sia|med|i[ ]|yngre|eldre|younger|older|ago|of|on|in[ ]))"
_SUBJECT = rf"{_START}(?:{_I}|{_KIN}{_MINE}|{_ENGLISH}|s?he|i)"
# Words of bounded length: `Kari-Kari-Kari-…` begins a name at every hyphen.
_NAME = r"(?-i:\p{Lu}[\p{L}\p{M}-]{1,39}(?:[ ]\p{Lu}[\p{L}\p{M}.-]{0,39}){0,3})"
_UNIT = r"(?![ ]?(?:kg|g|cm|mm|m|km|kr|l|dl|stk|kilo|meter|prosent|pst|poeng|mål|hk)(?![\p{L}])|[ ]?[%0-9])"
_IS = r"(?:[ ](?:er|e|var|is|was|am)|['’](?:m|s))"
_TURNS = r"(?:fyller|fylte|fylt|fyllte|fyller|blir|bli|ble|blei|vart|vert|blitt|runder|rundet|turns|turned|turning|be)"
_GONE = r"(?:[ ][\p{L}\p{M}'’]+){0,3}?"

_PATTERNS = (
    # "jeg er 64 og", "min mor er 82", "I'm 68": with the unit anything may follow.
    regex.compile(rf"{_SUBJECT}{_IS}{_SOON}[ ]{_WITH}{_NO_SPAN}", regex.IGNORECASE),
    regex.compile(rf"{_SUBJECT}{_IS}{_SOON}[ ](?P<age>{_AGE}){_STOP}", regex.IGNORECASE),
    # "fyller 90", "blir 75", "is turning six"
    regex.compile(rf"{_SUBJECT}{_GONE}[ ]{_TURNS}{_SOON}[ ]{_MAYBE}{_STOP}", regex.IGNORECASE),
    # "nå er jeg 77", "hun heter Amina og er 11 år", "Stian som er fjorten", "fyller 67 i mai"
    regex.compile(rf"{_START}(?:er|e|is|am)[ ]{_I}{_SOON}[ ]{_MAYBE}{_STOP}", regex.IGNORECASE),
    regex.compile(
        rf"{_START}(?:hei?te[rv]?|hete|heitte|named|called|name is)[ ]{_NAME}[^.!?\n]{{0,30}}[ ](?:og|å|and)[ ](?:er|e|is)[ ]"
        rf"{_MAYBE}{_STOP}",
        regex.IGNORECASE,
    ),
    regex.compile(rf"{_START}(?:fyller|fylte|fyllte|fylle|fylt)[ ]{_MAYBE}{_STOP}", regex.IGNORECASE),
    # "datteren vår på ni", "en gutt på 14 år", "a woman of 71"
    regex.compile(rf"{_START}{_KIN}{_MINE}(?:[ ]{_NAME})?[ ]på[ ]{_MAYBE}{_UNIT}",
                  regex.IGNORECASE),
    regex.compile(rf"{_START}(?:man|woman|lady|boy|girl|gentleman)[ ]of[ ]{_MAYBE}{_STOP}", regex.IGNORECASE),
    # "bestefar, 91 år,", "my grandmother, 91, lives alone"
    regex.compile(rf"{_START}(?:{_KIN}{_MINE}|{_ENGLISH}),?[ ]\(?{_WITH}", regex.IGNORECASE),
    regex.compile(
        rf"{_START}(?:{_KIN}{_MINE}|{_ENGLISH}|i am|i['’]m|jeg er|eg er|æ e)(?:,?[ ]{_NAME})?(?:,[ ]|[ ]\()(?P<age>[1-9]?[0-9])(?=,|\)|[ ](?:og|and)[ ])",
        regex.IGNORECASE,
    ),
    regex.compile(rf"(?<![0-9.,]){_START}(?P<age>{_AGE}[ -](?:years?|yrs?)[ -]olds?)(?![\p{{L}}])", regex.IGNORECASE),
    regex.compile(
        rf"{_START}(?:alder|age|aged|alderen|alder av|the age of)[ ]?[:=]?[ ](?:er[ ]|of[ ]|is[ ]|på[ ]|av[ ])?"
        rf"{_MAYBE}(?![0-9%.,])",
        regex.IGNORECASE,
    ),
)  # fmt: skip
_OLD = regex.compile(
    rf"(?<![0-9.,–-]){_START}(?P<age>{_AGE}[ -]?{_YEAR}[ ](?:gammel|gamal|gammal|gamle|ung))(?![\p{{L}}])(?P<next>[ ]\p{{L}}+)?",
    regex.IGNORECASE,
)
_PERSONS = regex.compile(
    rf"[ ](?:{_KIN}|og|men|i|da|når|som|jente|person|lærling|vikar)", regex.IGNORECASE
)
# "16-åring", "femtiåring", "40-årsdag"
_JOINED = regex.compile(
    rf"(?<![0-9.,]){_START}(?P<age>(?:[1-9][0-9]?|1[01][0-9]|{COMPOUND})[ -]?{_A}r(?:ing(?:en|ar|er)?|s(?:dag(?:en)?|lag(?:et)?)))"
    rf"(?![\p{{L}}\p{{M}}])",
    regex.IGNORECASE,
)
# "Ailin, 7 år", "Trym (11)": a given name that is no other word, or the unit.
_NAMED = regex.compile(
    rf"{_START}(?P<name>\p{{Lu}}[\p{{L}}\p{{M}}-]{{1,39}})(?:[ ]\p{{Lu}}[\p{{L}}\p{{M}}.-]{{0,39}}){{0,2}}"
    rf"(?:,?[ ]{_WITH}(?=[ ]?[.,;!?)»\"\n]|$|[ ](?:og|and))|,?[ ](?:som|who)?[ ]?(?:er|e|is)[ ]{_MAYBE.replace('<age>', '<who>')}{_STOP}"
    rf"|[ ]\((?P<inside>(?:[1-9]?[0-9]|1[01][0-9])(?:[ ]?{_YEAR})?)\))"
)
# What a firm, a club or goods have is no person's.
_BODY = regex.compile(
    r"(?:firma|bedrift|klubb|laget|(?<![\p{L}])lag |forening|skole|skule|korps|butikk|selskap|kommune|organisasjon|company|business|"
    r"club|jubile|garanti|warranty|str\.? |størrelse|storleik|size)",
    regex.IGNORECASE,
)
_NEAR = 40  # characters on each side in which that is looked for
_BEFORE = 15  # the same before a person or a verb


# One automaton for each: together they outgrow RE2's memory and are slower than the patterns.
_FILTERS = tuple(map(Prefilter, _PATTERNS))
_MAYBE_OLD, _MAYBE_JOINED = Prefilter(_OLD), Prefilter(_JOINED)


class AgeRecognizer(TextRecognizer):
    """Finds ages of persons."""

    ENTITY = "AGE"
    CATEGORY = "user.demographic.age_range"
    RANK = 85
    SCREEN = screened(
        rf"{_ANY}[ -]?(?:.r|a.r|years?|yrs?)"
        rf"|[ '](?:er|e|var|is|was|am|m|s|bare|berre|nå|na.|no|nu|nettopp|snart|alt|allerede|akkurat|just|only|already|"
        rf"almost|now|over|på|pa.|of|fyl[a-z]*|bli[a-z]*|ble|blei|vart|vert|runde[a-z]*|turn[a-z]*|be|jeg|eg|æ|æg|ej|han|hun|ho|hu|hen)"
        rf"[ ]{NUMBER}(?:[^0-9]|$)"
        rf"|(?:alder|age|aged|alderen)[ ]?[:=]?[ ](?:[a-z]{{1,3}}[ ])?{_ANY}|[ ]\([0-9]{{1,3}}[) år]|,[ ]{NUMBER}(?:[),]|[ ](?:og|and))"
    )

    def find(self, text: str) -> Iterator[Found]:
        """The numbers of years, with their unit."""
        for pattern, maybe in zip(_PATTERNS, _FILTERS, strict=True):
            for match in pattern.finditer(text) if maybe.hits(text) else ():
                if not _BODY.search(text, max(0, match.start() - _BEFORE), match.end()):
                    yield *match.span("age"), 0.7
        for match in _OLD.finditer(text) if _MAYBE_OLD.hits(text) else ():
            if match["next"] is None or _PERSONS.fullmatch(match["next"]):
                yield *match.span("age"), 0.7
        for match in _JOINED.finditer(text) if _MAYBE_JOINED.hits(text) else ():
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if not _BODY.search(before) and not _BODY.search(
                text, match.end(), match.end() + _NEAR
            ):
                yield *match.span("age"), 0.7
        for match in _NAMED.finditer(text):
            low = plain(match["name"])
            group = next(g for g in ("age", "who", "inside") if match[g])
            if is_given(low) and (group == "age" or not is_everyday(low)):
                yield *match.span(group), 0.65
