"""Bare telephone numbers where letters and chats have them: signature lines and `nås på …`.

Eight bare digits are as often an order number. They are a telephone when they make up a line of
their own, follow a name on its line, or stand where somebody says how to be reached.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.norway.phone import is_personal
from detectors.texts.name_grammar import known
from detectors.texts.recognizer import Found, TextRecognizer

_EIGHT = (
    r"(?:[2-79][0-9]{7}|[2-79][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{3}"
    r"|[2-79][0-9](?:[ .-][0-9]{2}){3}|[2-79][0-9]{3}[ .-][0-9]{4})"
)
_END = r"(?![0-9\p{L}]|[.,:-][0-9]|[ ]?(?:kr|stk|nok|,-))"
_LINE = regex.compile(
    rf"(?:^|\n)[> \t]*(?:[tTmMfFpP][.:]?[ ]|(?:tlf|mob|nr|m|t|p|f)[.:]{{0,2}}[ ]?|☎|📞|📱)?[ ]?(?P<number>{_EIGHT})[ \t.]*(?=$|\n)",
    regex.IGNORECASE,
)
_NAMED = regex.compile(
    r"(?<![\p{L}\p{M}'’.-])"  # begun only where no word is running: a search in linear time
    r"(?P<name>\p{L}[\p{L}\p{M}'’-]{1,40}(?:[ ]\p{L}[\p{L}\p{M}'’.-]{1,40}){0,3})"
    rf"[ ]?[,.:;/|(–-]?[ \n]{{0,2}}(?P<number>{_EIGHT}){_END}"
)
_REACHED = regex.compile(
    r"(?<![\p{L}\p{M}])(?:n[åa]s på|nås best på|når meg på|nå meg på|treffes på|treff meg på|"
    r"(?:jeg|eg|vi|han|hun|ho) er på|ring (?:han|hun|ho|henne|ham) på|ring på|ring til|"
    r"kontakt(?:[ ]\p{L}+)?:|kontaktes på|kontakt meg på|kontakte meg på|ta kontakt på|"
    r"meg på|meg på nr|meg på nummer|mæ på|oss på|på nummer|på nr|på mobilnr|nr mitt(?: er?)?|nummer mitt(?: er?)?|"
    r"nummeret mitt(?: er?)?|mitt nummer(?: er)?|mitt nr(?: er)?|nummeret er|nr er|"
    r"vipps(?:e)?(?: til| på)?|vippsnr|vippsnummer|tlf\.?(?:nr|nummer)?|telefonnr|mobilnr|mob\.?nr|"
    r"reach me (?:at|on)|contact me (?:at|on)|me (?:at|on)|number is|my number(?: is)?|cell(?: is)?|"
    rf"whatsapp)\.?[ ]?[:=]?[ \n]{{0,2}}(?P<number>{_EIGHT}){_END}",
    regex.IGNORECASE,
)


# A plus and nine digits or more: also where libphonenumber does not know the series.
_ABROAD = regex.compile(r"(?<![\p{L}0-9+])\+(?!47)[1-9](?:[ .()/-]{0,2}[0-9]){8,13}(?![0-9])")
_LABEL = regex.compile(
    r"ordre|order|faktura|invoice|kunde(?:nr|nummer)|kid|ref|saks|sporing|artikkel|"
    r"vare(?:nr|nummer)|bestilling|konto|org|number|nummer|:\s*$"
)


class SignaturePhoneRecognizer(TextRecognizer):
    """Finds bare Norwegian telephone numbers by the place they stand in."""

    ENTITY = "PHONE_NUMBER"
    CATEGORY = "user.contact.phone_number"
    RANK = 50
    SCREEN = screened(r"[2-79](?:[ .-]?[0-9]){7}|[+][1-9]")
    COUNTRY_CODE = "no"

    def find(self, text: str) -> Iterator[Found]:
        """Numbers on a line, after a name, and where somebody is reached."""
        for match in _LINE.finditer(text):
            if is_personal(match["number"]) and _signed(text[: match.start("number")]):
                yield *match.span("number"), 0.6
        for match in _NAMED.finditer(text):
            if is_personal(match["number"]) and known(match["name"]):
                yield *match.span("number"), 0.6
        for match in _ABROAD.finditer(text):
            yield *match.span(), 0.55
        for match in _REACHED.finditer(text):
            if is_personal(match["number"]):
                yield *match.span("number"), 0.65


def _signed(before: str) -> bool:
    """Whether the line before may be one of a signature: short, and no label of a number."""
    line = before.rstrip().rpartition("\n")[2].casefold()
    return len(line) <= 40 and not _LABEL.search(line)
