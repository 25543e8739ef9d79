"""Names that are to be printed, stand on a door, or are spelt: `Gravering: «Nattaya»`, `G-U-D-L-E-I-K`.

Between quotation marks stand goods as often as names, so what is said before them decides, and
the lists must know the name. Letter by letter one spells a name, where the letters make one or
somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.lexicon import bare, is_everyday, is_given, is_never, is_surname, plain
from detectors.texts.name_grammar import WORD, name_end
from detectors.texts.recognizer import Found, TextRecognizer

_QUOTED = regex.compile(r"[\"“”«](?P<what>\p{L}[^\"“”«»\n]{1,50})[\"“”»](?!-\p{L})")
_CUE = regex.compile(
    r"(?<![\p{L}\p{M}])(?:navn(?:et|ene|a)?|namn(?:et|a|i)?|\p{L}*navn|grav[ei]r\p{L}*|broder\p{L}*|trykk(?:e|es|et|te|ja)?|trykt|"
    r"trøkt|trøkk\p{L}*|preg\p{L}*|skrev(?:et)?|skreiv|skriv(?:e|er|es)?|skrive|stå[r]?|sto|stod|stavet|stava|staves|"
    r"merket|merka|merkt|skilt(?:et|a)?|postkasse\p{L}*|dør\p{L}*|bjelle\p{L}*|ringeklokk\p{L}*|ring på|bommen|heter|"
    r"heiter|kalles|kalt|fra|frå|til|rettet|endret|bytt\p{L}*|leser|les|engrav\p{L}*|name[sd]?|says|said|reads?|print\p{L}*|"
    r"spel(?:led|t)|label\p{L}*|embroider\p{L}*|called|written|merkelapp\p{L}*|etikett\p{L}*|dla|for)(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
_BETWEEN = regex.compile(r"(?:[^\"“”«»]|[\"“”«][^\"“”«»\n]{1,50}[\"“”»]){0,80}")
_PARTS = regex.compile(r"[^/&,+]+")
_WINDOW = 70
_GOODS_AFTER = regex.compile(r"[ ]?-?(?:\p{L}*modell|serie|kolleksjon|variant|utgave)\p{L}*")
_SPELT = regex.compile(
    r"(?<![\p{L}\p{M}0-9-])\p{L}(?:[ ]?-[ ]?\p{L}){3,20}(?![\p{L}\p{M}0-9-])|(?<![\p{L}\p{M}0-9.])\p{Lu}(?:[ .]\p{Lu}){3,20}(?![\p{L}\p{M}0-9])"
)
_SPELLING = regex.compile(
    r"(?<![\p{L}])(?:stav\p{L}*|bokstav\p{L}*|skriv\p{L}*|heter|heiter|hete|navn\p{L}*|namn\p{L}*|spel\p{L}*|name|called)(?![\p{L}])",
    regex.IGNORECASE,
)


# `skrevet "Heldur" i stedet for "Heidur"`: one of two spellings.
_INSTEAD = regex.compile(
    r"(?:skrev(?:et)?|skreiv(?:e)?|skrive|stav[ea]t?|stod|sto|står|stå|trykt|trykket|trøkt|gravert|brodert|written|wrote|says|"
    r"spel(?:led|t)|reads?|endre|rett\p{L}*|bytt\p{L}*|change)[^\n\"“”«»]{0,40}[\"“”«](?P<one>\p{Lu}\p{Ll}+(?:[ ]\p{Lu}\p{Ll}+)?)[\"“”»],?[ ]"
    r"(?:i stedet for|istedenfor|i staden for|istadenfor|instead of|og ikke|og ikkje|ikke|ikkje|not|to|til|men|enn|but|should be)[^\n\"“”«»]{0,24}"
    r"[\"“”«](?P<other>\p{Lu}\p{Ll}+(?:[ ]\p{Lu}\p{Ll}+)?)[\"“”»]",
    regex.IGNORECASE,
)


class PrintedNameRecognizer(TextRecognizer):
    """Finds names in quotation marks where something is printed or marked, and names spelt."""

    ENTITY = "PERSON"
    CATEGORY = "user.name"
    SCREEN = screened(r"[^a-zA-Z0-9 ][^ ].*[^a-zA-Z0-9 ]|[A-Za-z][ .-][A-Za-z][ .-][A-Za-z]")

    def find(self, text: str) -> Iterator[Found]:
        """Names between quotation marks, and names letter by letter."""
        for match in _QUOTED.finditer(text):
            if _GOODS_AFTER.match(text, match.end()) or not _said(text, match.start()):
                continue
            start = match.start("what")
            for part in _PARTS.finditer(match["what"]):
                first = start + part.start() + len(part.group()) - len(part.group().lstrip())
                last = start + part.end() - len(part.group()) + len(part.group().rstrip())
                if _is_name(text[first:last]) and name_end(text, first) == last:
                    yield first, last, 0.86
        for match in _INSTEAD.finditer(text):
            for group in ("one", "other"):
                word = match[group]
                if word[0].isupper() and not is_everyday(plain(word.split(" ")[0])):
                    yield *match.span(group), 0.86
        for match in _SPELT.finditer(text):
            joined = plain("".join(c for c in match.group() if c.isalpha()))
            around = text[max(0, match.start() - 50) : match.end() + 30]
            if is_given(joined) or is_surname(joined) or _SPELLING.search(around):
                yield *match.span(), 0.8


def _said(text: str, start: int) -> bool:
    """Whether the words before a quotation mark say that a name is printed or read there."""
    before = text[max(0, start - _WINDOW) : start]
    # Other quotations of the same list stand between.
    before = _QUOTED.sub(" ", before)
    line = before.rpartition("\n")[2]
    return _CUE.search(line if len(line) > 3 else before) is not None


def _is_name(name: str) -> bool:
    found = [plain(word) for word in WORD.findall(name)]
    if not found or any(is_never(word) for word in found):
        return False
    if not name[0].isupper():
        return False
    return all(is_given(bare(word)) or is_surname(bare(word)) for word in found)
