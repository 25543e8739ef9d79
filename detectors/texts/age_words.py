"""Numbers of years in figures and in words, as alternations for a pattern.

`NUMBER` is any age (RE2 and `regex` read it alike); `COMPOUND` is what `-åring` joins to.
"""

from __future__ import annotations

from detectors.folding import either_form

_TEENS = (
    "ett", "eitt", "to", "tre", "fire", "fem", "seks", "sju", "syv", "åtte", "ni", "ti", "elleve", "elve", "tolv",
    "tretten", "fjorten", "femten", "seksten", "sytten", "søtten", "atten", "nitten",
)  # fmt: skip
_TENS = (
    "tjue", "tyve", "tretti", "tredve", "førti", "femti", "seksti", "sytti", "søtti", "åtti", "nitti", "hundre",
)  # fmt: skip
_ENGLISH_TEENS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _any(words: tuple[str, ...]) -> str:
    """The longest first: `seksten` begins with `seks`."""
    return "|".join(either_form(word) for word in sorted(words, key=lambda w: (-len(w), w)))


_ONES = "en|ein|to|tre|fire|fem|seks|sju|syv|" + either_form("åtte") + "|ni"
COMPOUND = rf"(?:(?:{_any(_TENS)})(?:-?(?:{_ONES}))?|{_any(_TEENS)})"
NUMBER = (
    rf"(?:1[01][0-9]|[1-9]?[0-9]|{COMPOUND}"
    rf"|(?:{_any(_ENGLISH_TENS)})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|{_any(_ENGLISH_TEENS)})"
)
