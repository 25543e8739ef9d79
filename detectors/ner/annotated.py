"""Texts with marked names: `[Kari Nordmann](PER) bor i [Bergen](LOC)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LABELS = ("PER", "LOC", "ORG")
"""What the model is for; `MISC` (works, products, events) is only learnt to be left alone."""

_MARK = re.compile(r"\[([^\]]*)\]\((PER|LOC|ORG|MISC)\)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: characters `start` to `end`, end excluded."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text and its names in the order of the text."""

    text: str
    mentions: tuple[Mention, ...] = ()


def parse(marked: str) -> Annotated:
    r"""Read one marked text; `\n` (two characters) is a line break."""
    text, mentions, at = "", [], 0
    marked = marked.replace("\\n", "\n")
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        mentions.append(Mention(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        at = match.end()
    return Annotated(text + marked[at:], tuple(mentions))


def read(path: Path) -> list[Annotated]:
    """Every line of a file of marked texts; empty lines are skipped."""
    return [parse(line) for line in path.read_text("utf-8").splitlines() if line]


def join(texts: list[Annotated], gaps: list[str]) -> Annotated:
    """Put texts one behind the other, with `gaps[i]` before text `i + 1`."""
    text, mentions = "", []
    for i, each in enumerate(texts):
        text += gaps[i - 1] if i else ""
        mentions += [
            Mention(m.start + len(text), m.end + len(text), m.label) for m in each.mentions
        ]
        text += each.text
    return Annotated(text, tuple(mentions))


def lowered(annotated: Annotated) -> Annotated:
    """The same text without capitals, as in a chat."""
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in annotated.text)
    return Annotated(text, annotated.mentions)
