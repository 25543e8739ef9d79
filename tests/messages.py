"""Messages with annotated spans, for tests of the corpus and of what is scored on it."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.accuracy.texts import Message
from benchmarks.accuracy.texts.load import parse


def parsed(marked: str, name: str = "x-1") -> Message:
    """One message, of text with spans marked in it."""
    (found,) = parse(f"--- id: {name} style: order lang: nb\n{marked}\n", "x")
    return found


def annotated(messages: Sequence[Message], label: str) -> list[str]:
    """What is annotated with a label."""
    return [m.text[s.start : s.end] for m in messages for s in m.spans if s.label == label]
