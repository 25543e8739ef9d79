"""Checks every set of the corpus: `python -m benchmarks.accuracy.texts.check`.

Faults are what the tests refuse. Doubts are for a reader: a name that is annotated somewhere in a
message and not elsewhere in it, a long run of digits outside every span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from benchmarks.accuracy.texts.load import Message, load
from benchmarks.accuracy.texts.numbers import CHECKS

_NAME = re.compile(r"\w{2,}")
_DIGITS = re.compile(r"\d(?:[ .]?\d){7,}")


def faults(messages: Sequence[Message]) -> list[str]:
    """Annotated values that are not valid synthetic ones: message and label, never the value."""
    return [
        f"{message.id}: a {span.label} is not valid, or not from a synthetic range"
        for message in messages
        for span in message.spans
        if span.label in CHECKS and not CHECKS[span.label](message.text[span.start : span.end])
    ]


def doubts(messages: Sequence[Message]) -> Iterator[tuple[str, int, int]]:
    """Places to look at once more: message id and offsets."""
    for message in messages:
        free = _without_spans(message)
        names = {
            part
            for span in message.spans
            if span.label == "PERSON"
            for part in _NAME.findall(message.text[span.start : span.end])
        }
        for match in _NAME.finditer(free):
            if match[0] in names or match[0].removesuffix("s") in names:
                yield message.id, match.start(), match.end()
        for match in _DIGITS.finditer(free):
            yield message.id, match.start(), match.end()


def _without_spans(message: Message) -> str:
    """The text with every annotated span blanked, offsets kept."""
    text = list(message.text)
    for span in message.spans:
        text[span.start : span.end] = " " * (span.end - span.start)
    return "".join(text)


def main() -> int:
    """Print faults and doubts with their surroundings; the corpus is synthetic."""
    messages = load("all")
    texts = {message.id: message.text for message in messages}
    wrong = faults(messages)
    print("\n".join(wrong) or f"{len(messages)} messages, no faults")
    for name, start, end in doubts(messages):
        around = texts[name][max(0, start - 30) : end + 30].replace("\n", " ⏎ ")
        print(f"{name}: {around}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
