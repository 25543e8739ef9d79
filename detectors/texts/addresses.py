"""One span for one address: street, dwelling, postcode and place, over commas and line breaks.

Recognisers see a street and a postcode; people write them as one address, with the floor, the
flat and the letter between them. The person in `c/o Kari Nordmann` is a name, not an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from detectors.norway.postal_code import place_length
from detectors.texts.lexicon import is_given, is_never, is_surname, plain
from sladd.model import Span

STREET = "NO_STREET_ADDRESS"
CODE = "NO_POSTAL_CODE"

_UNIT = (
    r"(?:[HLUK][ ]?[0-9]{4}"
    r"|[0-9]{1,2}\.?[ ]?(?:etg|etasje|etasjen|floor|høgda)\.?(?:[ ](?:t\.?[hv]\.?|til (?:høyre|venstre)))?"
    r"|(?:leil|leilighet|leilegheit|leilnr|leil\.nr|apt|flat|bolig|bustad|bolignr|bolignummer|rom|hybel|"
    r"oppg|oppgang|inngang|inng|dør|seksjon|bruksenhet)\.?[ ]?(?:nr\.?[ ]?)?[A-Z]?[0-9]{0,4}[A-Z]?"
    r"|(?:t\.?[hv]\.?)|(?:1st|2nd|3rd|[4-9]th)[ ]floor|kjeller(?:en)?|loft(?:et)?|sokkel(?:en)?|basement|ground floor)"
)
_LETTER = regex.compile(r"[ ][A-Za-z](?=[ ]*(?:[,\n.;]|$)|[ ][0-9]{4}[ ])")
_THEN_UNIT = regex.compile(
    rf"[ \t]*,?[ \t\n]{{0,2}}\(?{_UNIT}\)?(?![\p{{L}}\p{{M}}0-9])", regex.IGNORECASE
)
_BETWEEN = regex.compile(r"(?:[ \t]*(?:[,;|/-]|[ ]i)?[ \t]*(?:\n[> \t]*)?)(?:(?:post(?:nr|nummer|adresse|kode)"
                         r"(?:[ ]?/[ ]?(?:post)?sted)?|postnr\.)[ ]?[:.]?[ ]*)?", regex.IGNORECASE)  # fmt: skip
_CODE_PLACE = regex.compile(
    r"(?:NO?-[ ]?)?(?P<code>[0-9]{4})[ ,]{1,2}(?P<place>\p{L}[\p{L}\p{M}.'/-]*(?:[ ]\p{L}[\p{L}\p{M}.'/-]*){0,3})",
    regex.IGNORECASE,
)
_QUALIFIER = regex.compile(
    r"(?<![\p{L}\p{M}])(?:nedre|øvre|øvste|store|lille|vesle|gamle|nye|nordre|søndre|søre|vestre|østre|austre|"
    r"indre|ytre|st\.?|sankt|kong|dronning|prins|prinsesse|kronprins|general|oberst|kaptein|major|professor|prof\.|"
    r"doktor|dr\.?|biskop|bispen?|pastor|president|lensmann|konsul|karl|olav|haakon|håkon|john|ole|per|peder)[ ]$",
    regex.IGNORECASE,
)
_CARE_OF = regex.compile(
    r"(?:c/o|v/|att\.?:?|attn\.?:?)[ ]?(?P<who>[^,;\n]{1,60})[,;\n][ ]?", regex.IGNORECASE
)
_BOX = regex.compile(r"(?:post[ ]?boks|p\.?[ ]?b\.|boks)[ ]?[0-9]", regex.IGNORECASE)
_FIRST_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*[ ]")
# Common words with the ending of a way: "parkeringsplass 12", "leveringsveien 3".
_NO_WAY = regex.compile(
    r"(?:arbeids|parkerings?|park|lager|sitte|ligge|stå|møte|reise|leverings?|omv|skole|jobb|under|hjem|"
    r"heim|frem|fram|snar|blind|utgangs|lagrings|oppbevarings|hylle|disk|butikk|brett|bord|studie|praksis|"
    r"lære|barnehage|andre|første|fyrste|tredje|pall|telt|bobil|båt|tusen|ann|k|ale)[ ]?"
    r"(?:plass(?:en)?|vei(?:en)?|veg(?:en)?|alle|stien?)|(?:tot|val|mall|sent)alle|(?:[kbf]?l|s|br|st)okk(?:en|a)|selgere? ?torg|"
    r"(?:julemarked|mat|jule|blomster)torget?",
    regex.IGNORECASE,
)
_WAY_ALONE = regex.compile(
    r"(?:[0-9]{1,2}\.[ ]?)?(?:plass|plassen|vei|veien|veg|vegen|gate|gata|gaten|torg|torget|alle|allé|sti|stien|"
    r"gt\.?|g\.|v\.|pl\.)",
    regex.IGNORECASE,
)
_MEASURE = regex.compile(
    r"[ ]?(?:stk|stykk?er|st\.|år|kr|nok|kg|g|gram|cm|mm|m|meter|m2|m²|x|dager|dagar|timer|timar|personer|"
    r"prosent|%|liter|l|dl|cl|esker|pakker|kopper|krus|poser|par|uker|veker|måneder|min|minutter|ganger)"
    r"(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
# "Dette er et klagebrev. 40 glass": small letters and a full stop are no "Storg."; nor is a month.
_SENTENCE = regex.compile(
    r"(?:\p{Ll}{2,}(?:t|g|v|l|n)\.$)(?<!\p{Lu}\p{Ll}*\.)|(?<![\p{L}])(?:jan|feb|febr|mar|apr|jun|jul|aug|sep|sept|okt|"
    r"nov|des|oct|dec)\.$"
)
_GOES_ON = regex.compile(r"[ ]\p{L}|[0-9]")
_NAMED = regex.compile(r"(?P<name>(?:[0-9]{1,2}\.[ ]?)?[^0-9,]*?)[, ]*[0-9]")
_CODED = regex.compile(r"[0-9]{4}[ ]\p{L}")
_STOPS = regex.compile(r"[ ]*(?:$|[,.\n;])")
_PHONE_GOES_ON = regex.compile(r"[ ][0-9]{2}[ ][0-9]{3}(?![0-9])|(?:[ ][0-9]{2}){3}(?![0-9])")
_FRACTION = regex.compile(r"[.,:][0-9]")
_JOINABLE = 24  # characters between a street and its postcode: a dwelling, a comma, a line break


def joined(spans: Sequence[Span], text: str) -> list[Span]:
    """The spans with every street grown to its whole address, in the order of the text.

    Args:
        spans: of one folded text, without overlaps, in its order.
        text: folded.
    """
    taken = 0
    result: list[Span] = []
    for number, span in enumerate(spans):
        if span.start < taken:
            continue  # swallowed by the address before it
        if span.type != STREET:
            result.append(span)
            continue
        cut = _trimmed(span, text)
        if cut is None:
            continue
        following = spans[number + 1 :]
        grown = _grown(cut, text, following)
        if result and result[-1].end > grown.start:
            grown = replace(grown, start=cut.start)
        taken = grown.end
        result += [*_cared_for(span, cut, text), grown]
    return result


def stands(span: Span, text: str) -> bool:
    """Whether a street is one: no car park, no person with a quantity, no date behind a name."""
    return _trimmed(span, text) is not None


def _trimmed(span: Span, text: str) -> Span | None:
    """Without `c/o …` and the words of the sentence before it; None when it is no address."""
    start = span.start
    if care := _CARE_OF.match(text, start, span.end):
        start = care.end()
    while (word := _FIRST_WORD.match(text, start, span.end)) and is_never(plain(word.group()[:-1])):
        if not text[word.end() : span.end].strip() or not any(
            c.isalpha() for c in text[word.end() : span.end]
        ):
            break
        start = word.end()
    if box := _BOX.search(text, start, span.end):
        start = box.start()
    piece = text[start : span.end]
    name = _NAMED.match(piece)
    coded = _CODED.search(piece) is not None
    if name and _WAY_ALONE.fullmatch(name["name"].strip()):
        return None
    if (
        name
        and not coded
        and _SENTENCE.search(name["name"].rstrip())
        and _GOES_ON.match(text, span.end)
    ):
        return None
    if name and not coded:
        if _NO_WAY.fullmatch(name["name"].strip()):
            return None
        if _FRACTION.match(text, span.end) or _PHONE_GOES_ON.match(text, span.end):
            return None  # "Kari Moen 22.03.2026"
        if _MEASURE.match(text, span.end) or _is_person(name["name"], text, span.end):
            return None
    return replace(span, start=start)


def _is_person(name: str, text: str, end: int) -> bool:
    """`Kari Bakken 2 …`: a person and a quantity, unless the text goes on like an address."""
    parts = [plain(part) for part in name.split()]
    if len(parts) != 2 or not (is_given(parts[0]) and is_surname(parts[1])):
        return False
    return _STOPS.match(text, end) is None


def _grown(span: Span, text: str, following: Sequence[Span]) -> Span:
    start, end = span.start, span.end
    before = _QUALIFIER.search(text, max(0, start - 14), start)
    if before and (text[start].islower() or text[before.start()].isupper()):
        start = before.start()
    if letter := _LETTER.match(text, end):
        end = letter.end()
    for _ in range(3):
        unit = _THEN_UNIT.match(text, end)
        if unit is None:
            break
        end = unit.end()
    gap = _BETWEEN.match(text, end)
    if gap:
        for other in following:
            if other.type == CODE and other.start == gap.end():
                return replace(span, start=start, end=max(end, other.end))
            if other.start > end + _JOINABLE:
                break
        placed = _CODE_PLACE.match(text, gap.end())
        if placed and (length := place_length(placed["code"], placed["place"])):
            return replace(span, start=start, end=placed.start("place") + length)
    return replace(span, start=start, end=end)


def _cared_for(span: Span, cut: Span, text: str) -> Iterator[Span]:
    """The name that stood in the address."""
    care = _CARE_OF.match(text, span.start, cut.start)
    if care is None:
        return
    from detectors.texts.name_grammar import name_end

    end = name_end(text, care.start("who"))
    if end > care.start("who"):
        yield Span(care.start("who"), end, "PERSON", 0.9, "user.name")
