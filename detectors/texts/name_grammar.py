"""Where a name ends that begins at a known place: behind a greeting, a label, an address.

A name is one to five words on one line: capitalised, or known to the lists of names; initials
(`K.`) and particles (`van der`) among them. What follows as a genitive is no part of it.

>>> [name_end(text, 0) for text in ("Kari Nordmann, Oslo", "kari hansen takk", "Kundeservice")]
[13, 11, 0]
"""

from __future__ import annotations

import regex

from detectors.texts.lexicon import (
    bare,
    is_everyday,
    is_given,
    is_never,
    is_place,
    is_surname,
    plain,
    words,
)

WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:['’]\p{L}[\p{L}\p{M}]*)*(?:-\p{L}[\p{L}\p{M}'’]*)*")
_INITIAL = regex.compile(r"\p{Lu}\p{M}?\.(?:[ ]?\p{Lu}\p{M}?\.)*")
OWNS = regex.compile(r"[ ]{1,2}[\p{L}0-9\"«“]|$|\n")  # something follows that a genitive may own
_GAP = regex.compile(r"[ ]{1,2}(?=[\p{L}])|(?<=\.)(?=\p{Lu})")
# "Ole Bull-krus": a name that is the first part of a compound is none.
_COMPOUND = regex.compile(r"-\p{Ll}")
_COMPANY = regex.compile(
    r"[ ]{1,2}(?:(?:AS|ASA|ANS|DA|SA|BA|KS|NUF|AB|ApS|A/S|GmbH|Ltd|Inc|LLC|Oy|IL|FK|IF)"
    r"(?![\p{L}\p{M}])|(?:&|og)[ ](?:Sønn|Sønner|Co|Sons?|Partner|Partnere|Døtre)(?![\p{L}\p{M}]))"
)
_COMPANY_NAME = regex.compile(
    r"\p{Lu}[\p{L}\p{M}'’-]*(?:[ ](?:\p{Lu}[\p{L}\p{M}'’-]*|og|&)){0,4}?"
    r"[ ](?:AS|ASA|ANS|DA|SA|BA|KS|NUF|AB|ApS|A/S|GmbH|Ltd|Inc|LLC|Oy|IL|FK|IF)(?![\p{L}\p{M}])"
)
# "Nordlys Barnehage": the word behind says that it is no person.
_BODY = regex.compile(
    r"[ ]\p{Lu}?[\p{L}]*(?:barnehage|skole|skule|korps|kommune|borettslag|sameie|idrettslag|turlag|"
    r"fotballklubb|klubb|forening|stiftelse|regnskap|rekneskap|eiendom|eigedom|transport|maskin|kontor|"
    r"gruppen|group|elektro|rørlegger|bakeri|hotell|apotek|sykehus|sjukehus|universitet|legesenter|"
    r"tannklinikk|trafikkskole|bilverksted|frisør|senter|avdeling)(?:en|a|et)?(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
# A word that no list knows and that ends so is a shop's or a firm's.
_SHOP = regex.compile(
    r"\p{L}{3,}(?:boden|huset|butikken|butikk|shop|shoppen|gruppen|profil|service|senteret|senter|kjeden|varehus|"
    r"reklame|trykk|design|group|media|gaver|trykkeriet|handel|partner|tech|systemer|systems|products|print)",
    regex.IGNORECASE,
)
_TRADE = regex.compile(r"(?:[ ](?:&|og)[ ]\p{Lu}[\p{L}-]+)?[ ](?P<trade>\p{Lu}\p{L}+)(?![\p{L}-])")
IDIOMS = frozenset({
    ("lykke", "til"), ("finn", "han"), ("finn", "henne"), ("finn", "ut"), ("live", "chat"), ("endre", "det"),
    ("endre", "adressen"), ("endre", "adresse"), ("even", "though"), ("even", "if"), ("will", "you"), ("may", "i"),
    ("may", "we"), ("mark", "the"), ("grace", "period"), ("hope", "you"), ("hope", "this"), ("rob", "meg"),
})  # fmt: skip
"""Two words, of which the first is a name elsewhere."""
MOST_WORDS = 5


def name_end(text: str, start: int, *, form: bool = False) -> int:
    """Where the name that begins at `start` ends; `start` when none does.

    Args:
        text: folded.
        start: of the first word.
        form: a label such as `Navn:` says that what follows is a name, so that words in lower
            case that no list knows count as well.
    """
    place, ends, last = start, start, ""
    for number in range(MOST_WORDS):
        if initial := _INITIAL.match(text, place):
            if number and not WORD.match(text, initial.end() + 1):
                ends = initial.end()  # "Kari N."
            place = initial.end()
            gap = _GAP.match(text, place)
            if gap is None:
                break
            place = gap.end()
            continue
        word = WORD.match(text, place)
        if word is None or not _fits(word.group(), last, first=ends == start, form=form):
            break
        if "-" in word.group() and not _double(word.group()):
            if last and word.group()[0].isupper():
                return start  # "Ole Bull-krus": the first part of a compound is no name
            break
        last = word.group()
        end = _without_genitive(word)
        if plain(last) not in words().particles:
            ends = end
        if end != word.end():
            break
        gap = _GAP.match(text, word.end())
        if gap is None:
            break
        place = gap.end()
    if is_shop(text[start:ends]):
        return start
    if ends > start and (
        plain(last) in words().trades
        or (
            " " in text[start:ends]
            and plain(last) in words().bodies
            and not is_surname(plain(last))
        )
        or _has_trade(text, ends)
    ):
        return start
    if ends == start or any(p.match(text, ends) for p in (_COMPANY, _COMPOUND, _BODY)):
        return start
    return start if plain(text[start:ends]) in words().brands else ends


def next_word(text: str, end: int) -> str:
    """The looked-up word behind a place; "" for none."""
    behind = WORD.match(text, end + 1)
    return plain(behind.group()) if behind is not None else ""


def _has_trade(text: str, end: int) -> bool:
    """`Haugen Rør`, `Birk & Lind Interiør`: a trade behind a name makes it a firm's."""
    match = _TRADE.match(text, end)
    return match is not None and plain(match["trade"]) in words().trades


def is_shop(word: str) -> bool:
    """Whether a word is called like a shop or a firm, and no list knows it: `Merkevarehuset`."""
    low = plain(word)
    return _SHOP.fullmatch(word) is not None and not (is_given(low) or is_surname(low))


def brand_end(text: str, start: int) -> int:
    """Where the brand ends that begins at `start`, and no longer name; `start` for none."""
    first = WORD.match(text, start)
    second = WORD.match(text, first.end() + 1) if first else None
    if first is None or second is None or text[first.end()] not in " -":
        return start
    if f"{plain(first.group())} {plain(second.group().split('-')[0])}" not in words().brands:
        return start
    more = (
        WORD.match(text, second.end() + 1) if text[second.end() : second.end() + 1] == " " else None
    )
    if more and is_surname(plain(more.group())) and more.group()[0].isupper():
        return start  # "Karl Johan Hansen"
    return int(second.end())


def is_company(text: str, start: int) -> bool:
    """Whether a company's name begins at `start`: `Solberg Bygg AS`, but no `Kari Nordmann ENK`."""
    return _COMPANY_NAME.match(text, start) is not None


def _fits(word: str, before: str, *, first: bool, form: bool) -> bool:
    """Whether a word may be the next of a name."""
    low = plain(word)
    if is_never(low):
        second = word[0].isupper() and is_given(low) and is_given(plain(before))  # "Jørn Are"
        return not first and (low in words().particles or second)
    if word[0].isupper():
        return not (first and len(word) == 1)
    if low in words().particles:
        return not first
    if form:
        return len(low) > 2 or is_given(low)
    if first:
        return is_given(bare(low)) and not is_everyday(low)
    # Behind a name that is no word, a surname that is one counts as well: "sigrid bakke".
    return before[:1].islower() and (is_surname(bare(low)) or is_given(bare(low)))


def _double(word: str) -> bool:
    """Whether a word with a hyphen is a double name: `Ann-Kristin`, `berg-hansen`."""
    parts = word.split("-")
    if all(part[:1].isupper() for part in parts):
        return True
    low = plain(word)
    return is_given(low) and all(is_given(p) or is_surname(p) for p in low.split("-"))


def _without_genitive(word: regex.Match[str]) -> int:
    """Where a word ends without its genitive."""
    low = plain(word.group())
    stem = bare(low) if OWNS.match(word.string, word.end()) else low
    # Composing may have shortened the looked-up word, but the ending is the same in both.
    return int(word.end() - (len(low) - len(stem)))


def known(text: str, *, announced: bool = False) -> bool:
    """Whether the lists know the name: a given name among its words, or a surname at its end.

    Args:
        text: the name.
        announced: something says that a name stands here, so that one which is also a word
            (`Per`, `Even`) counts when it is capitalised.
    """
    found = [plain(word) for word in WORD.findall(text)]
    if announced and found and text[0].isupper() and is_given(found[0]):
        return True
    return any(is_given(word) and not is_everyday(word) for word in found) or (
        bool(found) and is_surname(found[-1]) and not is_everyday(found[-1])
    )


def place_only(text: str) -> bool:
    """Whether the words are a place and no given name: `Oslo`, `Mo i Rana`."""
    low = plain(text)
    return is_place(low) and not is_given(low)
