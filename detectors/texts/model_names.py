"""What a language model calls a person although the words around it say otherwise.

A model judges by the look of a word, and goods are called like people: `Marius genser`, `farge
Jade`, `Ole Bull-krus`. What an announcement or the lists of names say is untouched by this.
"""

from __future__ import annotations

import regex

from detectors import ner
from detectors.texts.firm_names import is_day, is_joined_noun
from detectors.texts.lexicon import (
    SELDOM_CAPITAL,
    bare,
    is_everyday,
    is_given,
    is_never,
    is_surname,
    plain,
    words,
)
from detectors.texts.name_grammar import IDIOMS, WORD, brand_end, is_company, is_shop, next_word

_COMPOUND = regex.compile(r"-\p{Ll}|[@/\\_#]|\.\p{L}")
_LABEL = regex.compile(
    r"(?<![\p{L}])(?:modell(?:en)?|fargen?|farve|serien?|typen?|størrelsen?|str|merket?|varianten?|sone|bygg|bord|"
    r"kolleksjonen?|model|colou?r|size|style|range|type)[ .:]{1,3}[\"«“]?$",
    regex.IGNORECASE,
)
_MIXED = regex.compile(r"\p{Ll}{3}")
_CAPITAL = regex.compile(r"(?:\A|[.!?:\n])[\s>*–-]*\p{Lu}\p{Ll}")
# "alternativ B. Legg til ti": a letter that counts something is no initial.
_LETTERED = regex.compile(
    r"(?<![\p{L}])(?:alternativ|alt|valg|val|option|variant|versjon|version|gate|hall|stand|port|blokk|block|oppgang|inngang|"
    r"avd|avdeling|punkt|pkt|vedlegg|bilag|gruppe|group|sone|zone|rad|plan|klasse|class|type|str|størrelse|size|dame|herre|"
    r"hylle|bygg|bygning)\.?[ ]\p{Lu}$",
    regex.IGNORECASE,
)
_LETTER_FIRST = regex.compile(r"\p{Lu}(?:[.]|$|[ ])")
# Who sends reminders is a firm: "purring fra Sergel".
_FROM_FIRM = regex.compile(
    r"(?<![\p{L}])(?:purring(?:en|a)?|inkasso\p{L}*|krav(?:et)?|betalingskrav|betalingsoppfordring|e-?faktura)[ ](?:fra|frå|av|from)[ ]$",
    regex.IGNORECASE,
)
_NUMBER_WORD = regex.compile(r"(?:nr|nummer|number|kode|code)\.?$", regex.IGNORECASE)
# What is to be printed is a person's, where the sentence says that it is a name.
_INSCRIBED = regex.compile(
    r"(?:navnet|namnet|navn|namn|skrev|skreiv|skrive|står|heter|heiter|ring på|the name|says|wrote)"
    r"[ :]{1,2}[\"«“]$",
    regex.IGNORECASE,
)
_TRADES = regex.compile(
    r"\p{Lu}[\p{L}]+[ ](?:og|&)[ ]\p{Lu}\p{L}*(?:eri|verk|bygg|handel|salg|service|trykk|drift)(?![\p{L}])"
)
_PARTNER = regex.compile(r"(?:, \p{Lu}[\p{L}-]+)?[ ]&[ ](?P<name>\p{Lu}[\p{L}-]+)(?![ ]\p{Lu})")
_AND_PARTNERS = regex.compile(
    r"(?:, \p{Lu}[\p{L}-]+)?[ ](?:&|og)[ ](?:Partner(?:e|s)?|Sønn(?:er)?|Døtre|Datter|Co)(?![\p{L}])"
)
_PARTNERS = regex.compile(r"[ ](?:&|og)[ ]\p{Lu}[\p{L}-]+[ ](?P<trade>\p{Lu}\p{L}+)")
_PARTNER_BEFORE = regex.compile(r"(?<![\p{L}] )(?<![\p{L}])(?P<name>\p{Lu}[\p{L}-]+)[ ]&[ ]$")
_COUNTED = regex.compile(
    r"[ ](?:[0-9]{1,3}(?![0-9])[ ](?:stk|mm|cm|m|kg|g|l|%|GDPR)|[0-9]{2,5}[A-Z-])"
)
_NOUN_AND_NAME = 2
_LONG_NOUN = 9  # letters: names are shorter, nouns are joined
_ROOMS = frozenset({"rom", "sal", "salen", "team", "hall", "plan", "bord"})
_CAMEL = regex.compile(
    r"(?!(?:Mc|Mac|De|Di|La|Le|Van|Von|Fitz|Du|Al|El|O'|D')\p{Lu})\p{Lu}\p{Ll}+\p{Lu}\p{L}*"
)
_GOES_ON = regex.compile(r"[ ]\p{Ll}|[.][ ]?\p{Ll}")
_ACTS = regex.compile(
    r"[ ](?:er|e|har|hadde|sa|sier|seier|skal|skulle|vil|ville|kan|kommer|kjem|tar|tek|tok|ringte|ringde|ringer|skrev|"
    r"skreiv|svarte|lovte|lova|fikk|fekk|bestilte|sendte|henter|hentar|jobber|jobbar|mener|var|ble|vart|og jeg|og eg|fra|"
    r"from|is|has|had|said|says|will|called|rang|wrote|told|and I)[ ]"
)
# "Menigheten Filadelfia", "firmaet Kari Hansen": what stands before says what is called so.
_BODY_BEFORE = regex.compile(
    r"(?<![\p{L}])(?:menigheten|menigheita|firmaet|selskapet|klubben|foreningen|foreininga|kjeden|kjeda|butikken|restauranten|kafeen|kafeen|kaféen|"
    r"hotellet|skolen|skulen|barnehagen|barnehagan|\p{L}*byrået|banken|forlaget|koret|korpset|stiftelsen|stiftinga|bedriften|bedrifta|fabrikken|verkstedet|verkstaden|"
    r"galleriet|leverandøren|grossisten|trykkeriet|bakeriet|kontorfellesskapet|brødrene|brdr\.?|the company|the firm|the band|bandet|gruppa|festivalen|"
    r"advokatfirmaet|entreprenøren|transportøren|speditøren|merkevaren|merket)[ ][\"«“]?$",
    regex.IGNORECASE,
)
_LETTERED_WHOLE = regex.compile(
    r"(?:port|rampe|gate|hall|reol|hylle|bygg|blokk|oppgang|inngang|sone|rad|dock|bay|unit|block|zone|door|dør|kai|stand|felt|avd|plan)\.?[ ](?:\p{Lu}|[0-9]{1,3})",
    regex.IGNORECASE,
)
_BEGINS = regex.compile(r"(?:\A|[.!?:\n\"«“>*•–-])\s*$")


def refuted(text: str, start: int, end: int) -> bool:
    """Whether what a model found at a place in a folded text is no person after all.

    >>> refuted("Har dere Marius genser i blått?", 9, 15), refuted("Ring Marius i dag", 5, 11)
    (True, False)
    """
    found = text[start:end]
    tokens = [*WORD.finditer(text, start, end)]
    names = [t for t in tokens if not is_never(plain(t.group()))]
    if sum(c.isalpha() for c in found) < 2 or not tokens:
        return True
    if len(tokens) == 1 and _quoted(text, start, end):
        return True  # the name of goods, or what is to be printed
    if not names:  # "Anna" is also a word of nynorsk
        return len(tokens) > 1 or _begins(text, start) or not found[0].isupper()
    if (start and text[start - 1] in "@/\\_#") or _COMPOUND.match(text, end):
        return True
    if any("-" in t.group() and _goods(plain(t.group()).rpartition("-")[2]) for t in names):
        return True  # "Ole Bull-krus"
    if _called_so(text, start, found, tokens) or is_day(text, start, found):
        return True
    if brand_end(text, start) > start or is_company(text, start) or _is_body(text, tokens, end):
        return True
    if len(tokens) == _NOUN_AND_NAME and _noun_and_given(tokens):
        return True
    if _LETTER_FIRST.match(text, start) and _LETTERED.search(
        text[max(0, start - 16) : start] + text[start]
    ):
        return True
    if (
        len(names) == 1
        and not is_given(bare(plain(found)))
        and _FROM_FIRM.search(text, max(0, start - 36), start)
    ):
        return True
    if len(names) == 1 and _dated(text, names[0]):
        return True
    if _LABEL.search(text, max(0, start - 16), start) or _goods_follow(text, names[-1]):
        return True
    return len(names) == 1 and _weak(text, names[0])


def _called_so(text: str, start: int, found: str, tokens: list[regex.Match[str]]) -> bool:
    """`Cyrillic letters`, `Port B`, `Menigheten Filadelfia`, `Halvorsens Conditori`."""
    if _LETTERED_WHOLE.fullmatch(found):
        return True
    listed = [
        is_given(bare(low)) or is_surname(bare(low)) for low in (plain(t.group()) for t in tokens)
    ]
    behind = (
        WORD.match(text, tokens[-1].end() + 1)
        if text[tokens[-1].end() : tokens[-1].end() + 1] == " "
        else None
    )
    if (
        not any(listed)
        and behind is not None
        and behind.group()[0].isupper()
        and plain(behind.group()) in words().capitalised
    ):
        return True  # "Valued Customer", "Rollup Banners"
    others = any(plain(token.group()) in words().capitalised for token in tokens)
    if others and not any(listed):
        return True
    if _BODY_BEFORE.search(text, max(0, start - 24), start) and not (
        len(tokens) > 1 and all(listed)
    ):
        return True
    first = plain(tokens[0].group())
    return (
        len(tokens) == _NOUN_AND_NAME
        and found[0].isupper()
        and bare(first) != first
        and not listed[1]
        and tokens[1].group()[0].isupper()
    )


def _is_body(text: str, tokens: list[regex.Match[str]], end: int) -> bool:
    """`Holmlia Cricketklubb`, `Rørvik bibliotek`, `Per Arne Lie Montasje`, `Holm, Berg & Lien`."""
    bodies = words().bodies
    last = plain(tokens[-1].group())
    if len(tokens) > 1 and _ends_with(last, bodies):
        return True
    behind = WORD.match(text, end + 1) if text[end : end + 1] == " " else None
    if behind is not None and _ends_with(plain(behind.group()), bodies):
        return True
    if behind is not None and (
        _TRADES.match(text, behind.start())
        or (behind.group()[0].isupper() and plain(behind.group()) in words().trades)
    ):
        return True
    if len(tokens) > 1 and last in words().trades and tokens[-1].group()[0].isupper():
        return True
    if _AND_PARTNERS.match(text, end):
        return True
    if (partners := _PARTNERS.match(text, end)) and plain(partners["trade"]) in (
        words().trades | bodies
    ):
        return True  # "Birk & Lind Interiør"
    return any(
        _partner(match["name"])
        for match in (_PARTNER.match(text, end), _PARTNER_BEFORE.search(text, 0, tokens[0].start()))
        if match is not None
    ) and _partner(tokens[-1].group())


def _noun_and_given(tokens: list[regex.Match[str]]) -> bool:
    """`Multiverktøy Kjell`, `Rom Nansen`: a noun that no list of names knows, and a name behind it."""
    first, last = (plain(token.group()) for token in tokens)
    if is_given(bare(first)) or is_surname(first) or len(first) < 3:
        return first in _ROOMS
    if _ends_with(first, words().bodies) or _goods(first):
        return True
    long = len(first) >= _LONG_NOUN
    return is_given(last) and (long or not is_surname(last)) and first not in words().titles


def _ends_with(word: str, ends: frozenset[str]) -> bool:
    return word in ends or any(len(e) > 4 and word.endswith(e) and len(word) > len(e) for e in ends)


def _partner(word: str) -> bool:
    """A surname that is no given name: of two joined by `&` they are a firm."""
    low = plain(word)
    return is_surname(low) and not is_given(low)


def _dated(text: str, token: regex.Match[str]) -> bool:
    """`Lykke til`, `Article 17`, `ISO 9001`: idioms, and words before a number of something."""
    word = token.group()
    low = plain(word)
    if is_shop(word) or _rarely_capital(word) or is_joined_noun(low) or _CAMEL.fullmatch(word):
        return True
    if (low, next_word(text, token.end())) in IDIOMS:
        return True
    listed = is_given(bare(low)) or is_surname(bare(low))
    return not listed and _COUNTED.match(text, token.end()) is not None


def _rarely_capital(word: str) -> bool:
    """A word that running text seldom writes with a capital, and no list of names knows."""
    return word[0].isupper() and ner.code(word.lower()) in SELDOM_CAPITAL


def _weak(text: str, token: regex.Match[str]) -> bool:
    """Whether one word by itself is too little: goods, or a word as well as a name."""
    word = token.group()
    low = bare(plain(word))
    listed = is_given(low) or is_surname(low)
    if not listed and word.isupper() and _MIXED.search(text):
        return True  # "EAN 7090…": letters for something, where others are not written so
    if not listed and word.islower() and _CAPITAL.search(text):
        return True  # a word of a sentence, in a text that writes names with a capital
    if not listed and _NUMBER_WORD.search(word):
        return True  # "Ordrenr: 4711"
    if len(low) < 3 or low in words().doubtful or _goods(plain(word)):
        return True
    # "Liv og røre", "Stein på stein"; not "spurte Liv", and not "Liv" on a line of its own.
    sentence = _begins(text, token.start()) and _GOES_ON.match(text, token.end()) is not None
    if sentence and is_given(low) and word[0].isupper() and _ACTS.match(text, token.end()):
        return False  # "Liv er syk i dag": what a person does
    return is_everyday(low) and (sentence or not word[0].isupper())


def _quoted(text: str, start: int, end: int) -> bool:
    """`«Nora»`: a word between quotation marks by itself."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    if _INSCRIBED.search(text, max(0, start - 24), start):
        return False
    return before != "" and before in '«“”"' and behind != "" and behind in '»”“"'


def _begins(text: str, start: int) -> bool:
    """Whether a sentence or a line begins here, where any word has a capital."""
    return _BEGINS.search(text, max(0, start - 8), start) is not None


def _goods_follow(text: str, last: regex.Match[str]) -> bool:
    """`Marius genser`, but not `Karis genser`, which is Kari's."""
    low = plain(last.group())
    if text[last.end() : last.end() + 1] != " " or bare(low) != low:
        return False
    behind = WORD.match(text, last.end() + 1)
    return behind is not None and _goods(plain(behind.group()))


def _goods(word: str) -> bool:
    """Whether a looked-up word names goods, by its end: nouns end with their head."""
    return any(
        word == each or (len(word) > len(each) + 2 and word.endswith(each))
        for each in words().goods
    )
