"""What was not read, in the reader's language: where, why, and what mends it.

Sources tell it in English, one line each, and the catalog keeps it so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from sladd.model import NotScanned
from sladd.writing import Language

_PARTS = re.compile(r"(?P<table>.*) · parts of documents: \w+(?: \((?P<detail>.*)\))?")
_KEYS = re.compile(r"(?P<table>.*) · keys between tables")
_COLUMNS = re.compile(r"(?P<table>.*) · columns")
_COUNTED = re.compile(r"(?P<n>[\d ]+) attachments?,[^:]*: (?P<rest>.*)")
_DETAIL = re.compile(r"(?P<told>.*?)(?P<detail> \([^()]*\))?")


def place(where: str, lang: Language) -> str:
    """Where it is: an address, and which part of it."""
    if told := _PARTS.fullmatch(where):
        detail = f" ({told['detail']})" if told["detail"] else ""
        return f"{told['table']} · {lang.say('missed.parts')}{detail}"
    if told := _KEYS.fullmatch(where):
        return f"{told['table']} · {lang.say('missed.keys')}"
    if told := _COLUMNS.fullmatch(where):
        return f"{told['table']} · {lang.say('missed.columns')}"
    return where


def fault(item: NotScanned, lang: Language) -> tuple[str, str]:
    """Why something was not scanned, and what mends it; in English where nothing else is known."""
    if item.code == 0:
        return lang.say("missed.never"), lang.say("missed.never_mend", source=item.where)
    reason, _, mend = item.reason.partition(" · ")
    many, detail = "", ""
    if counted := _COUNTED.fullmatch(reason):
        count = int(counted["n"].replace(" ", ""))
        many, reason = f"{lang.count('parts', count)}: ", counted["rest"]
    if lang.code == "en":
        return many + reason, mend
    if told := _DETAIL.fullmatch(reason):
        reason, detail = told["told"], told["detail"] or ""
    for pattern, line, remedy in _lines():
        if found := pattern.fullmatch(reason):
            facts = found.groupdict()
            return many + line.format(**facts) + detail.replace("(row ", "(rad "), remedy
    text = lang.texts.get(f"fault.{item.code}", item.reason)
    reason, _, mend = text.partition(" · ")
    return many + reason, mend


@cache
def _lines() -> Sequence[tuple[re.Pattern[str], str, str]]:
    """What sources say as patterns, the same in Norwegian, and what mends it."""
    place = files("sladd.reports").joinpath("texts", "missed.toml")
    lines = tomllib.loads(place.read_text("utf-8"))["line"]
    return [
        (re.compile(re.escape(each["en"]).replace(r"\{n\}", "(?P<n>.*)")), each["nb"], each["mend"])
        for each in lines
    ]
