"""`commands.md`: every command of the command line, from its declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

from docs.pages.markdown import cell, code, head, table

_EXAMPLE = re.compile(r"^\s*Example:\s*(.+)$", re.MULTILINE)
_MARKUP = re.compile(r"\[/?[a-z]+\]")

INTRO = """
Run `sladd COMMAND --help` to see the same on a terminal. Exit codes: 0 done; 1 a check or gate
says no; 2 usage or configuration; 3 a source, target or key could not be used. A fault of sladd
itself exits with 70 and an interruption with 130. Error codes: [errors.md](errors.md).

Where a command prints a table, a terminal gets columns and a pipe gets tab-separated text. A
progress bar appears only on a terminal.
"""


def page() -> str:
    """The whole page."""
    from typer.main import get_command

    from sladd.cli import app

    root = get_command(app)
    parts = [head("Commands", INTRO), "\n## `sladd`\n\nOptions that stand before the command:\n\n"]
    parts.append(_parameters(root))
    found = list(_walk(root, "sladd"))
    panels = list(dict.fromkeys(panel for _, _, panel in found))
    for panel in panels:
        parts.append(f"\n## {panel}\n")
        parts += [_command(path, command) for path, command, p in found if p == panel]
    return "".join(parts)


def _walk(group: Any, path: str, panel: str = "") -> Iterator[tuple[str, Any, str]]:
    for name, command in group.commands.items():
        shelf = panel or getattr(command, "rich_help_panel", None) or "Commands"
        shelf = shelf if isinstance(shelf, str) else "Commands"
        if hasattr(command, "commands"):
            if command.invoke_without_command:
                yield f"{path} {name}", command, shelf
            yield from _walk(command, f"{path} {name}", shelf)
        elif not command.hidden:
            yield f"{path} {name}", command, shelf


def _command(path: str, command: Any) -> str:
    text = _MARKUP.sub("", command.help or "")
    example = _EXAMPLE.search(text)
    about = _EXAMPLE.sub("", text).strip()
    usage = " ".join([path, *(_usage(p) for p in command.params)])
    parts = [f"\n### `{path}`\n\n{about}\n\n```\n{usage}\n```\n"]
    shown = _parameters(command)
    if shown:
        parts.append(f"\n{shown}")
    if example:
        parts.append(f"\nExample:\n\n```sh\n{example.group(1).strip()}\n```\n")
    return "".join(parts)


def _is_argument(parameter: Any) -> bool:
    return "Argument" in type(parameter).__name__


def _usage(parameter: Any) -> str:
    if not _is_argument(parameter):
        on_by_default = parameter.is_flag and parameter.default is True and parameter.secondary_opts
        name = parameter.secondary_opts[0] if on_by_default else parameter.opts[0]
        shown = name if parameter.is_flag else f"{name} {_placeholder(parameter)}"
        return shown if parameter.required else f"[{shown}]"
    name = parameter.name.upper().rstrip("_")
    name += "…" if parameter.nargs == -1 else ""
    return name if parameter.required else f"[{name}]"


def _choices(parameter: Any) -> list[str]:
    kind = parameter.type_descriptor.annotation
    return [m.value for m in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


def _placeholder(parameter: Any) -> str:
    choices = _choices(parameter)
    if choices:
        return "|".join(choices)
    kind = parameter.type_descriptor.annotation
    return {"int": "N", "Path": "PATH"}.get(getattr(kind, "__name__", ""), "TEXT")


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    value = value.value if isinstance(value, Enum) else value
    return code(value)


def _parameters(command: Any) -> str:
    rows = []
    for parameter in command.params:
        if getattr(parameter, "hidden", False) or parameter.name == "help":
            continue
        if _is_argument(parameter):
            name = code(_usage(parameter).strip("[]"))
        else:
            names = [*parameter.opts, *parameter.secondary_opts]
            value = "" if parameter.is_flag else f" {_placeholder(parameter)}"
            name = ", ".join(code(n + (value if n == names[0] else "")) for n in names)
        text = cell(parameter.help or "")
        if getattr(parameter, "min", None) is not None:
            text += f" At least {parameter.min}."
        if parameter.envvar:
            text += f" Also from the environment: `{parameter.envvar}`."
        rows.append([name, text, _default(parameter)])
    return table(["argument or option", "does", "default"], rows) if rows else ""
