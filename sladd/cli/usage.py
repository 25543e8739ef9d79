"""The words around a command line: `--help` by panels, and one line for a wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

if TYPE_CHECKING:
    from sladd.errors import ConfigError

_EXTRA = re.compile(r" \(.*\)$", re.DOTALL)
_OF_VALUES = (
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"it has to be \1 or more"),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"it has to be \1 or less"),
    (re.compile(r"Input should be a valid integer.*"), "it has to be a whole number"),
    (re.compile(r"Input should be a valid number.*"), "it has to be a number"),
)
_SUGGESTED = re.compile(r"^(.*)\. Did you mean (.*)\?$")


class Panels(TyperGroup):
    """A group whose help lists the commands by panel, each with its whole first sentence.

    Typer's own panels need Rich, which takes longer to import than all of `sladd --help` may.
    """

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write one section a panel, in the order of the commands."""
        shelves: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            shelf = getattr(command, "rich_help_panel", None)
            first = (command.help or "").split("\n\n", maxsplit=1)[0].replace("\n", " ")
            shelves.setdefault(shelf if isinstance(shelf, str) else "Commands", []).append(
                (name, first)
            )
        width = max(len(name) for name in self.commands)
        for shelf, rows in shelves.items():
            with formatter.section(shelf):
                formatter.write_dl([(name.ljust(width), text) for name, text in rows])


def usage_error(fault: Exception) -> ConfigError:
    """What Typer says of a wrong command line, as one of our lines (SLADD-170).

    What stands where it should not is not repeated: it may be a value, as when the quotes
    around a query are missing.
    """
    from sladd.errors import ConfigError

    told = getattr(fault, "format_message", fault.__str__)()
    text = " ".join(str(told).split())
    possible = getattr(fault, "possibilities", None) or ()
    context = getattr(fault, "ctx", None)
    command = str(getattr(context, "command_path", "sladd"))
    mend = f"{command} --help"
    if possible:
        text = text.split(" (Possible", maxsplit=1)[0]
        mend = f"did you mean {' or '.join(sorted(possible))}?"
    elif found := _SUGGESTED.match(text):
        text, close = found.groups()
        mend = f"did you mean {close.replace(', ', ' or ')}?"
    elif text.startswith("Got unexpected extra"):
        text = _EXTRA.sub("", text) + ": quote what has spaces in it"
    text = _in_words(text.replace("Value error, ", "").rstrip("."))
    where = "" if mend.startswith(command) else command
    text = text[:1].lower() + text[1:]
    return ConfigError(f"the command line is wrong: {text}", code=170, where=where, mend=mend)


def _in_words(text: str) -> str:
    """What Pydantic says of a value, as a person would say it; the value is not repeated."""
    for said, ours in _OF_VALUES:
        text = said.sub(ours, text)
    return text


def options_first(words: Sequence[str]) -> list[str]:
    """The words with the options of `sladd` itself before the command, wherever they stood.

    `sladd publish x --debug` works as `sladd --debug publish x` does. What stands behind `--`
    is an argument, whatever it looks like.
    """
    first: list[str] = []
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            rest += [word, *left]
        elif word == "--debug" or word.startswith("--config="):
            first.append(word)
        elif word in {"-c", "--config"}:
            first += [word, *(value for value in [next(left, None)] if value is not None)]
        else:
            rest.append(word)
    return first + rest


def is_request_for_help(fault: Exception) -> bool:
    """Whether Typer stopped because a group was called without a command."""
    return type(fault).__name__ == "NoArgsIsHelpError"
