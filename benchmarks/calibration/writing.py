"""How people and systems write the same thing: a column keeps its style, with slips."""

from __future__ import annotations

import random
import unicodedata
from datetime import date

STYLES = (
    "plain", "plain", "plain", "plain", "plain", "plain", "upper", "ascii", "ascii2", "lower",
    "trailing", "comma", "initial", "title", "nfd", "spaced", "prefix", "dots", "iso", "nb",
)  # fmt: skip
"""Styles a column may have; each kind of cell heeds those that mean something to it."""

_TITLES = ("Hr.", "Fru", "Dr.", "Mr.", "Ms.", "Prof.", "Frk.")


def word(rng: random.Random, style: str, text: str) -> str:
    """A name, street or town in the column's style."""
    match style:
        case "upper":
            return text.upper()
        case "lower":
            return text.lower()
        case "ascii":
            return _ascii(text, "o", "a", "ae")
        case "ascii2":
            return _ascii(text, "oe", "aa", "ae")
        case "trailing":
            return text + rng.choice(("", " ", "  "))
        case "nfd":
            return unicodedata.normalize("NFD", text)
    return text


def full(rng: random.Random, style: str, given: str, family: str) -> str:
    """A full name in the column's style."""
    match style:
        case "comma":
            return f"{family}, {given}"
        case "initial":
            return f"{given[0]}. {family}" if rng.random() < 0.7 else f"{given} {family}"
        case "title":
            return f"{rng.choice(_TITLES)} {given} {family}"
    return word(rng, style, f"{given} {family}")


def _ascii(text: str, o: str, a: str, ae: str) -> str:
    for letter, written in (("ø", o), ("å", a), ("æ", ae)):
        text = text.replace(letter, written).replace(letter.upper(), written.capitalize())
    flat = unicodedata.normalize("NFD", text)
    return "".join(c for c in flat if not unicodedata.combining(c))


def email(rng: random.Random, style: str, address: str) -> str:
    """An address; some systems shout, some write `<…>` or `mailto:`."""
    match style:
        case "upper":
            return address.upper()
        case "trailing":
            return address + rng.choice(("", " "))
        case "title":
            return f"mailto:{address}" if rng.random() < 0.3 else address
    return address


def phone(rng: random.Random, style: str, eight: str) -> str:
    """Eight digits in one of ten ways; in some columns every row has its own."""
    grouped = f"{eight[:3]} {eight[3:5]} {eight[5:]}"
    pairs = f"{eight[:2]} {eight[2:4]} {eight[4:6]} {eight[6:]}"
    ways = {
        "plain": eight, "upper": grouped, "lower": pairs, "ascii": f"+47{eight}",
        "ascii2": f"+47 {grouped}", "trailing": f"0047{eight}", "comma": f"(+47) {pairs}",
        "initial": f"{eight[:3]}-{eight[3:5]}-{eight[5:]}", "title": f"47{eight}",
        "nfd": f"+47-{eight}", "dots": pairs.replace(" ", "."), "prefix": f"tlf {grouped}",
    }  # fmt: skip
    if style in {"spaced", "nb"}:
        return ways[rng.choice(tuple(ways))]
    return ways.get(style, eight)


def phone_us(rng: random.Random, style: str) -> str:
    """A number of the series that are kept for fiction (555-01xx)."""
    area, line = rng.randint(201, 989), rng.randint(0, 99)
    forms = (f"({area}) 555-01{line:02}", f"{area}-555-01{line:02}", f"+1 {area} 555 01{line:02}")
    return forms[len(style) % 3]


def account(style: str, eleven: str) -> str:
    """An account number with points, blanks or neither."""
    if style in {"dots", "title", "comma"}:
        return f"{eleven[:4]}.{eleven[4:6]}.{eleven[6:]}"
    return f"{eleven[:4]} {eleven[4:6]} {eleven[6:]}" if style == "spaced" else eleven


def orgnr(style: str, nine: str) -> str:
    """An organisation number, bare, grouped, or as a VAT number."""
    if style in {"spaced", "dots"}:
        return f"{nine[:3]} {nine[3:6]} {nine[6:]}"
    if style in {"title", "prefix"}:
        return f"NO{nine}MVA"
    return f"{nine} MVA" if style == "comma" else nine


def day(style: str, when: date) -> str:
    """A date, mostly as ISO writes it."""
    forms = {
        "nb": "%d.%m.%Y",
        "dots": "%d.%m.%y",
        "title": "%m/%d/%Y",
        "upper": "%Y-%m-%d 00:00:00",
    }
    return when.strftime(forms.get(style, "%Y-%m-%d"))
