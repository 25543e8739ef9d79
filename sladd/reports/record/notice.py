"""What the privacy notice says: from `sladd.yaml`, and from its own text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from sladd.config import Config
from sladd.errors import ConfigError
from sladd.reports.record.facts import Notice
from sladd.taxonomy import Taxonomy

MOST_BYTES = 2_000_000  # a notice is a few pages; more is another file by mistake

_KEEPS = re.compile(
    r"lagr|oppbevar|behold|slett|oppbevart|retain|retention|\bkeep\b|\bkept\b|\bstored?\b|delet|eras",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(\d{1,3}|en|ett|to|tre|fire|fem|seks|ti|tolv|one|two|three|four|five|six|ten|twelve)"
    r"(?:\s*\(\d+\))?\s+(?:dag|døgn|uke|veke|måned|månad|år|day|week|month|year)",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"(?:under|yngre enn|fylt|over|minst|younger than|below|at least|age of)\s+(\d{1,2})(?:\s+år|\s+years?|\b)",
    re.IGNORECASE,
)
_CHILD = re.compile(r"barn|mindreårig|ungdom|child|minor|alder|\bage\b", re.IGNORECASE)


def read_notice(config: Config, taxonomy: Taxonomy) -> Notice | None:
    """The notice that `sladd.yaml` names; None where it names none.

    Raises:
        ConfigError: it cannot be read (SLADD-922, 926), or a category is unknown (SLADD-110).
    """
    given = config.privacy_notice
    if given is None:
        return None
    text = _text(config.path(given.file), given.file) if given.file else ""
    listed = {taxonomy[key].key for key in given.categories}
    return Notice(
        mentioned=frozenset(listed | mentioned(text)),
        retention=bool(given.retention.strip()) or tells_retention(text),
        minimum_age=least_age(text) if given.minimum_age is None else given.minimum_age,
        languages=tuple(given.language),
    )


def mentioned(text: str) -> set[str]:
    """Keys of the categories whose words stand in the text.

    >>> sorted(mentioned("Vi lagrer navn og e-post."))
    ['user.contact.email', 'user.name']
    """
    return {key for key, words in _words().items() if words.search(text)}


def tells_retention(text: str) -> bool:
    """Whether a sentence says how long something is kept.

    >>> tells_retention("Fakturaer oppbevares i fem år."), tells_retention("Vi lagrer navn.")
    (True, False)
    """
    return any(_KEEPS.search(part) and _SPAN.search(part) for part in _sentences(text))


def least_age(text: str) -> int | None:
    """Years below which the text says that nobody's data are wanted; None where it does not say.

    >>> least_age("Tjenesten er ikke for barn under 16 år.")
    16
    """
    for part in _sentences(text):
        found = _AGE.search(part)
        if found and _CHILD.search(part) and int(found[1]) <= 18:
            return int(found[1])
    return None


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?:])\s+|\n\s*\n|\n\s*[-*•]\s", text)


def _text(place: Path, name: str) -> str:
    try:
        content = place.read_bytes()[: MOST_BYTES + 1]
    except OSError as fault:
        raise ConfigError(
            f"the privacy notice cannot be read: {fault.strerror}",
            code=922,
            where=name,
            mend="check privacy_notice.file in sladd.yaml",
        ) from None
    if len(content) > MOST_BYTES or b"\0" in content:
        raise ConfigError(
            "the privacy notice is no text file",
            code=926,
            where=name,
            mend="save it as .txt, .md or .html, and name that under privacy_notice.file",
        )
    text = content.decode("utf-8", "replace")
    if place.suffix.lower() in {".html", ".htm"}:
        from selectolax.lexbor import LexborHTMLParser

        page = LexborHTMLParser(text)
        for part in page.css("script, style"):
            part.decompose()
        text = page.text(separator="\n")
    return text


@cache
def _words() -> Mapping[str, re.Pattern[str]]:
    """Category → what people call it in a notice."""
    raw = tomllib.loads(files(__package__).joinpath("notice_words.toml").read_text("utf-8"))
    return {
        # A compound may go on behind the word (`telefonnummeret`), not begin before it.
        key: re.compile(r"(?<!\w)(?:" + "|".join(map(_pattern, words)) + ")", re.IGNORECASE)
        for key, words in raw.items()
    }


def _pattern(word: str) -> str:
    """The pattern of a word; one that ends in `$` must end a word."""
    return re.escape(word.removesuffix("$")) + (r"(?!\w)" if word.endswith("$") else "")
