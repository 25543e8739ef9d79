"""What sentences say of belief, politics, unions, origin, orientation and offences: `jeg er tillitsvalgt`.

The lists of `lexicon/special` are for columns as well, whose cells are one word. A text says it by
its grammar: somebody *is* something (`eg er same`, but not `det er same pris`), holds an office
*for* a party or is a member *of* a union (`stemmer SV`, `organisert i Fellesforbundet`). All of it
"may reveal", never "is".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import ClassVar

import regex

from detectors.folding import either_form, screened
from detectors.revealing import beside_person
from detectors.texts.lexicon import is_given, plain
from detectors.texts.prefilter import Prefilter
from detectors.texts.recognizer import Found, TextRecognizer

_LAST = 902  # rank: behind the lexicon's own words; the score speaks first
_SURE = 0.62  # a sentence says more than a word of it, which `detectors.revealing` finds as well
_B = r"(?<![\p{L}\p{M}\p{N}-])"
_E = r"(?![\p{L}\p{M}\p{N}])"
_KIN = (
    r"(?:mann(?:en)?|kon[ae]|samboer(?:en)?|sambuar(?:en)?|kjæreste(?:n)?|sønn(?:en)?|son(?:en)?|datter(?:en|a)?|dotter(?:a)?|"
    r"mor(?:a)?|far(?:en)?|mamma|pappa|søster(?:a|en)?|bror(?:en)?|bestemor|bestefar|besteforeldre(?:ne)?|foreldre(?:ne)?|"
    r"svigermor|svigerfar|onkel|tante|fetter(?:en)?|kusin[ae]|nevø(?:en)?|niese|barn(?:a|et)?|unge(?:n|ne)?|familie(?:n)?|"
    r"kollega(?:en)?|venn(?:en)?|venninn[ae]|nabo(?:en)?|sjef(?:en)?|kunde(?:n)?|elev(?:en)?|"
    r"husband|wife|partner|son|daughter|mother|father|mum|dad|sister|brother|grandmother|grandfather|"
    r"parents|uncle|aunt|cousin|family|colleague|friend|neighbou?r|boss|customer)"
)
# Who is spoken of; `det` and `dette` are of things.
_WHO = (
    rf"(?:jeg|eg|æ|æg|e|ej|vi|me|mi|han|hun|ho|hu|hen|de|dei|i|we|he|she|they|(?:begge|både)|"
    rf"(?:(?:my|our|his|her|their)[ ])?{_KIN}(?:[ ](?:min|mi|mitt|mine|vår|vårt|våre|hans|hennes|hennar|deres|til[ ]\p{{L}}+))?|"
    rf"(?P<name>(?-i:\p{{Lu}}\p{{Ll}}+)))"
)
_IS = r"(?:[ ](?:er|e|æ|var|ble|blei|vart|blir|is|am|are|was|were|identifies as)|['’](?:m|s|re))"
_MORE = (
    r"(?:[ ](?:ikke|ikkje|selv|sjølv|jo|òg|også|en|ei|ein|et|eit|a|an|the|both|begge|halvt|kvart|half|part|troende|praktiserende|"
    r"aktiv|aktivt|stolt|åpent|åpen|åpenlyst|openly|practising|practicing|devout|proud|født|now|also|nå|no)){0,2}"
)
# Behind a word that is also another: the sentence ends or goes on, no noun follows.
_STOP = (
    r"(?=[ ]?(?:[.,;:!?)\n]|$)|[ ](?:og|å|men|så|som|frå|fra|på|i|og|and|but|so|from|who|in|on|by|av|begge|both|selv|sjølv)"
    r"(?![\p{L}]))"
)
_TAIL = (
    r"(?:[ ](?:for|mot|til|against|of|with)[ ](?:å[ ]|a[ ]|an[ ])?[\p{L}\p{M}]+"
    r"(?:[ ](?:min|mi|mitt|hans|hennes|hennar))?)?"
)
_ROLE = (
    r"(?:medlem(?:mer|skap)?|tillitsvalgt|tillitsvald|organiser[ta]|innmeldt|innmeld|aktiv|kandidat|[\p{L}-]*kandidat|leder|leiar|nestleder|nestleiar|"
    r"fylkesleder|[\p{L}]*representant|\p{L}*styre(?:t)?|\p{L}*medlem|politiker|politikar|folkevalgt|folkevald|ordfører|ordførar|varaordfører|statsråd|stortinget|"
    r"kommunestyret|bystyret|fylkestinget|vararepresentant|sekretær|rådgiver|rådgjevar|valgkamp|valkamp|stiller|stiller til valg|"
    r"er med|meldt inn|melde inn|members?|organised|organized|rep|representative|candidate|activist|councillor|steward|standing|"
    r"volunteer|campaign(?:ing)?)"
)
_OF = r"[ ](?:for|i|av|hos|på listen til|på lista til|on behalf of|in|of|with)[ ](?:the[ ])?"
_VOTES = r"(?:stem|stemmer|stemte|stemt|stemme|røyster|røysta|røyst|røystar|vote|votes|voted|voting)[ ](?:på[ ]|for[ ](?:the[ ])?)?"
_PARTY_OFFICE = r"[ -](?:councillor|voter|supporter|MP|candidate|politician|member|activist|velger|veljar|politiker|politikar|medlem|representant)"


@cache
def _lists() -> Mapping[str, Mapping[str, str]]:
    """Category → list → its words, of `special.toml`."""
    return tomllib.loads(files("detectors.texts").joinpath("special.toml").read_text("utf-8"))


def _alternation(category: str, name: str) -> str:
    """The words of a list as a pattern, the longest first; "" where there is none."""
    found = sorted(
        set(_lists()[category].get(name, "").split()), key=lambda word: (-len(word), word)
    )
    return "|".join(
        "[ ]".join(map(_spelt, word.removesuffix("*").split("_")))
        + (r"[\p{L}\p{M}]*" if word.endswith("*") else "")
        for word in found
    )


def _spelt(word: str) -> str:
    return either_form(regex.escape(word))


@cache
def _patterns(category: str) -> tuple[regex.Pattern[str], ...]:
    """What is looked for in one category; the group `what` is the finding."""
    made = []
    if states := _alternation(category, "states"):
        made += [
            rf"{_B}{_WHO}(?:[ ][\p{{L}}\p{{M}}]+){{0,2}}?{_IS}{_MORE}[ ](?P<what>{states}){_E}{_STOP}",
            rf"{_B}(?:er|e|am|is|are)[ ](?:jeg|eg|æ|vi|me|han|hun|ho|we|he|she){_MORE}[ ](?P<what>{states}){_E}{_STOP}",
            rf"{_B}(?:som|as)(?:[ ](?:a|an|en|ein))?[ ](?P<what>{states}){_E}(?=[ ]?(?:[.,;:!?)\n]|$)|[ ](?:vil|kan|må|har|er|ønsker|ønskjer|I|we|he|she|jeg|eg|vi|me))",
        ]
    if says := _alternation(category, "says"):
        made.append(rf"{_B}(?P<what>(?:{says}){_E}{_TAIL})")
    names = _alternation(category, "names")
    if names:
        written = "|".join(_lists()[category].get("written", "").split())
        name = rf"(?:{names}{'|(?-i:' + written + ')' if written else ''})"
        made += [
            rf"{_B}(?P<what>{_ROLE}{_OF}{name}){_E}",
            rf"{_B}(?P<what>{_VOTES}{name}){_E}",
            rf"{_B}(?P<what>{name}{_PARTY_OFFICE}){_E}",
        ]
    return tuple(regex.compile(pattern, regex.IGNORECASE) for pattern in made)


@cache
def _maybe(category: str) -> Prefilter:
    return Prefilter(*_patterns(category))


def _screen(category: str) -> str:
    """RE2: every text that holds one of the words."""
    words = [
        re2_word
        for name in ("states", "says", "names")
        for word in _lists()[category].get(name, "").split()
        for re2_word in ("[ ]".join(map(_spelt, word.removesuffix("*").split("_"))),)
    ]
    words += _lists()[category].get("written", "").split()
    return screened("|".join(sorted(set(words), key=lambda word: (-len(word), word))))


class SpecialRecognizer(TextRecognizer):
    """Finds what sentences say of one special category.

    Attributes:
        LISTS: the category's part of `special.toml`.
    """

    RANK = _LAST
    LISTS: ClassVar[str]

    def find(self, text: str) -> Iterator[Found]:
        """What somebody is, belongs to or has done."""
        if not _maybe(self.LISTS).hits(text):
            return
        for pattern in _patterns(self.LISTS):
            for match in pattern.finditer(text):
                start, end = match.span("what")
                if start and text[start - 1] == "<":
                    continue
                if _of_somebody(match) or beside_person(text, start, end):
                    yield start, end, _SURE


def _of_somebody(match: regex.Match[str]) -> bool:
    """Whether the sentence itself says who: `vi er samer`, `Kari er muslim`, but not `Koppen er katolsk`."""
    groups = match.groupdict()
    if "name" not in groups:
        return False
    return groups["name"] is None or is_given(plain(groups["name"]))


class BeliefSentenceRecognizer(SpecialRecognizer):
    """`jeg er katolikk`, `melde meg ut av kyrkja`."""

    ENTITY = "MAY_REVEAL_BELIEF"
    CATEGORY = "user.demographic.religious_belief"
    LISTS = "belief"
    SCREEN = _screen("belief")


class PoliticsSentenceRecognizer(SpecialRecognizer):
    """`stemmer SV`, `listekandidat for Rødt`."""

    ENTITY = "MAY_REVEAL_POLITICS"
    CATEGORY = "user.demographic.political_opinion"
    LISTS = "politics"
    SCREEN = _screen("politics")


class UnionSentenceRecognizer(SpecialRecognizer):
    """`jeg er tillitsvalgt`, `organisert i Fellesforbundet`."""

    ENTITY = "MAY_REVEAL_UNION"
    CATEGORY = "user.demographic.trade_union"
    LISTS = "union"
    SCREEN = _screen("union")


class EthnicitySentenceRecognizer(SpecialRecognizer):
    """`eg er same`, `familien er kurdisk`."""

    ENTITY = "MAY_REVEAL_ETHNICITY"
    CATEGORY = "user.demographic.race_ethnicity"
    LISTS = "ethnicity"
    SCREEN = _screen("ethnicity")


class OrientationSentenceRecognizer(SpecialRecognizer):
    """`hun er skeiv`, `to mammaer`."""

    ENTITY = "MAY_REVEAL_ORIENTATION"
    CATEGORY = "user.demographic.sexual_orientation"
    LISTS = "orientation"
    SCREEN = _screen("orientation")


class OffenceSentenceRecognizer(SpecialRecognizer):
    """`dømt for tyveri`, `besøksforbud mot …`."""

    ENTITY = "MAY_REVEAL_OFFENCE"
    CATEGORY = "user.criminal_history"
    LISTS = "offence"
    SCREEN = _screen("offence")
