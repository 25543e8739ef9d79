"""Other names and other spellings for marked texts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from random import Random

from detectors.ner.annotated import Annotated, Mention
from detectors.ner.training.messages import FOLDER, Messages
from detectors.ner.training.people import People

PLACES_SWAPPED = 0.5  # of one-word places, when a text is varied
ORGANISATIONS_SWAPPED = 0.25
SLIPS = 0.12  # of words, in a text with slips
_WORD = re.compile(r"[^\W\d_]+")


class Variation:
    """Swaps names and changes case."""

    def __init__(self, people: People, messages: Messages, random: Random) -> None:
        self.people, self.messages, self.random = people, messages, random
        self._known = people.given | people.surnames
        spoken = tomllib.loads((FOLDER / "spoken.toml").read_text("utf-8"))["words"]
        self._spoken: dict[str, list[str]] = {word: new.split("|") for word, new in spoken.items()}

    def swap(self, text: Annotated) -> Annotated:
        """Every person becomes another, the same one wherever the text names the first again."""
        memo: dict[str, str] = {}
        out, mentions, at = "", [], 0
        for mention in text.mentions:
            old = text.text[mention.start : mention.end]
            new = self._another(old, mention.label, memo)
            out += text.text[at : mention.start]
            mentions.append(Mention(len(out), len(out) + len(new), mention.label))
            out += new
            at = mention.end
        return Annotated(out + text.text[at:], tuple(mentions))

    def case(self, text: Annotated) -> Annotated:
        """All in small letters, all in capitals, or only the names or sentences in small ones."""
        lot = self.random.random()
        if lot < 0.5:
            changed = text.text.lower()
        elif lot < 0.62:
            changed = text.text.upper()
        elif lot < 0.9:
            changed = text.text
            for m in text.mentions:
                changed = changed[: m.start] + changed[m.start : m.end].lower() + changed[m.end :]
        else:
            changed = " ".join(word[:1].upper() + word[1:] for word in text.text.split(" "))
        # Some letters have no capital of the same length (ß, ŉ): then the marks would be off.
        return Annotated(changed, text.mentions) if len(changed) == len(text.text) else text

    def slip(self, text: Annotated) -> Annotated:
        """With slips of the pen in words that are no names.

        A capital before letters that make no word is then no sign of a name.
        """
        return _rewritten(text, self._slipped)

    def speak(self, text: Annotated) -> Annotated:
        """With words as dialects say them, again beside the names."""
        return _rewritten(text, self._said)

    def _slipped(self, word: str) -> str:
        if len(word) < 3 or self.random.random() > SLIPS:
            return word
        at = self.random.randrange(1, len(word) - 1)
        lot = self.random.random()
        if lot < 0.35:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if lot < 0.65:
            return word[:at] + word[at + 1 :]
        if lot < 0.85:
            return word[:at] + word[at] + word[at:]
        return word[:at] + self.random.choice("aeionrstlkå") + word[at + 1 :]

    def _said(self, word: str) -> str:
        new = self._spoken.get(word.lower())
        if new is None:
            return word
        said = self.random.choice(new)
        return said[:1].upper() + said[1:] if word[0].isupper() else said

    def _another(self, old: str, label: str, memo: dict[str, str]) -> str:
        if old in memo:
            return memo[old]
        if label == "PER":
            new = self._person(old, memo)
        elif label == "LOC" and " " not in old and self.random.random() < PLACES_SWAPPED:
            new = self.messages.place()
        elif label == "ORG" and self.random.random() < ORGANISATIONS_SWAPPED:
            new = self.messages.organisation()
        else:
            new = old
        memo[old] = new
        return new

    def _person(self, old: str, memo: dict[str, str]) -> str:
        words = old.split(" ")
        if len(words) == 1:
            bare = old[:-1] if self._genitive(old) else old
            new = memo.get(bare) or (
                self.people.single() if bare in self.people.given else self.people.surname()
            )
        else:
            new = self.people.full()
            first, last = new.split(" ")[0], new.split(" ")[-1]
            memo.setdefault(words[0], first)
            memo.setdefault(words[-1], last)
        if self._genitive(old) and new[-1] not in "sxz.":
            new += "s"
        return new

    def _genitive(self, name: str) -> bool:
        last = name.rsplit(" ", maxsplit=1)[-1]
        return last.endswith("s") and last not in self._known and last[:-1] in self._known


def _rewritten(text: Annotated, change: Callable[[str], str]) -> Annotated:
    """The text with every word outside its names changed."""
    out, mentions, at = "", [], 0
    for mention in text.mentions:
        out += _WORD.sub(lambda m: change(m.group()), text.text[at : mention.start])
        name = text.text[mention.start : mention.end]
        mentions.append(Mention(len(out), len(out) + len(name), mention.label))
        out += name
        at = mention.end
    out += _WORD.sub(lambda m: change(m.group()), text.text[at:])
    return Annotated(out, tuple(mentions))
