"""Reads the annotated messages: `[[LABEL|words]]` inside plain text, one file a group."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from benchmarks.accuracy.texts.labels import LABELS

FOLDER = Path(__file__).parent
Which = Literal["first", "second", "third", "probe", "all"]
SETS: Final[tuple[str, ...]] = get_args(Which)
# The first set's files lie in the folder itself, those of the others in one named after the set.
_FOLDERS: Final = {"first": "", "second": "second", "third": "third", "probe": "probe"}
_HEAD = re.compile(r"^--- id: (\S+) style: (\S+) lang: (\S+)$", re.MULTILINE)
_SPAN = re.compile(r"\[\[([A-Z_]+)\|([^\[\]|]+)\]\]")
_LEFT_OVER = re.compile(r"\[\[|\]\]")


class AnnotationError(ValueError):
    """A message is not annotated as the rules say; names the message, never its words."""


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated span: offsets in characters of the message's text, end exclusive."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its text without markup, and what is personal in it."""

    text: str = field(repr=False)
    spans: tuple[Gold, ...]
    language: str
    style: str
    id: str


def load(which: Which = "first", *, folder: Path = FOLDER) -> list[Message]:
    """The messages of a set, files in the order of their names; `all` is one set after the other.

    The first set is the default, so that nobody scores the others by habit.

    Raises:
        AnnotationError: a message is not well-formed, or an id stands twice.
    """
    names = _FOLDERS.values() if which == "all" else (_FOLDERS[which],)
    files = [file for name in names for file in sorted((folder / name).glob("*.txt"))]
    messages = [message for file in files for message in parse(_read(file), file.stem)]
    seen: set[str] = set()
    for message in messages:
        if message.id in seen:
            raise AnnotationError(f"the id {message.id} stands twice")
        seen.add(message.id)
    return messages


def parse(text: str, name: str) -> list[Message]:
    """The messages of one file.

    Raises:
        AnnotationError: text before the first message, an empty message, an unknown label, or
            brackets left over (a nested or broken span).
    """
    heads = list(_HEAD.finditer(text))
    if not heads or text[: heads[0].start()].strip():
        raise AnnotationError(f"{name} does not begin with the line of a message")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        _message(text[head.end() : end].strip("\n"), *head.groups())
        for head, end in zip(heads, ends, strict=True)
    ]


def _message(marked: str, name: str, style: str, language: str) -> Message:
    if not marked.strip():
        raise AnnotationError(f"{name} is empty")
    plain: list[str] = []
    spans: list[Gold] = []
    length = at = 0
    for match in _SPAN.finditer(marked):
        label, words = match.groups()
        if label not in LABELS:
            raise AnnotationError(f"{name} has a span of the unknown label {label}")
        if words != words.strip():
            raise AnnotationError(f"{name} has a {label} that begins or ends with white space")
        between = marked[at : match.start()]
        start = length + len(between)
        length = start + len(words)
        spans.append(Gold(start, length, label))
        plain += [between, words]
        at = match.end()
    text = "".join(plain) + marked[at:]
    if _LEFT_OVER.search(text):
        raise AnnotationError(f"{name} has brackets left over: a nested or broken span")
    return Message(text=text, spans=tuple(spans), language=language, style=style, id=name)


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
