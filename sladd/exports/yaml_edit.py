"""Edits of YAML that people wrote: characters are put in or taken out, and no other line is touched.

A parser says where things stand; what is changed is the text itself, so comments, order, quotes
and spacing stay. Whoever edits holds the outcome against what it was to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_TEXT = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
STEP = "  "  # of indentation, for lines of our own


class Unsupported(Exception):
    """A place that cannot be edited without rewriting it."""


def written(value: Any) -> str:
    """A value on one line, as YAML.

    >>> written({"categories": ["user.name"], "how": "is"})
    '{categories: ["user.name"], how: is}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(k)}: {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    return json.dumps(text)  # a double-quoted scalar of YAML, ASCII only


def pairs(node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """The keys of a mapping with their nodes; none for anything else."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: (key, value) for key, value in node.value if isinstance(key.value, str)}


def items(node: yaml.Node | None) -> Sequence[yaml.Node]:
    """The items of a list; none for anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def end(node: yaml.Node) -> int:
    """The place behind the last character of a node; comments after it are not its own."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


class Edit:
    """A text, its nodes, and the changes that are wanted."""

    def __init__(self, text: str) -> None:
        self.text = text
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        self.root = root or yaml.ScalarNode("tag:yaml.org,2002:null", "")
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._changes: list[tuple[int, int, str]] = []

    def outcome(self) -> str:
        """The text with its changes."""
        out = self.text
        # From the end. At one place what goes is taken out first, and of two that come the first
        # one stands first.
        order = sorted(
            enumerate(self._changes),
            key=lambda change: (change[1][0], change[1][1] > change[1][0], change[0]),
            reverse=True,
        )
        for _, (start, stop, new) in order:
            out = out[:start] + new + out[stop:]
        return out

    def put(self, node: yaml.Node, path: Sequence[str], value: Any) -> None:
        """Set `path` below a mapping, making what is missing on the way.

        Raises:
            Unsupported: something that is no mapping stands in the way.
        """
        key, *rest = path
        found = pairs(node).get(key)
        if found is None:
            self._add(node, path, value)
            return
        name, inner = found
        if rest and isinstance(inner, yaml.MappingNode):
            self.put(inner, rest, value)
        elif rest and inner.tag != "tag:yaml.org,2002:null":
            raise Unsupported
        else:
            stop = max(
                end(inner), name.end_mark.index + 1
            )  # behind the colon, where nothing stands
            said = f"{key}: {written(_nested(rest, value))}"
            self._changes.append((name.start_mark.index, stop, said))

    def drop(self, node: yaml.Node, path: Sequence[str]) -> None:
        """Take `path` out, and what would be left empty above it."""
        steps = []
        for key in path:
            found = pairs(node).get(key)
            if found is None or not isinstance(node, yaml.MappingNode):
                return
            steps.append((node, *found))
            node = found[1]
        mapping, key_node, value = steps.pop()
        while steps and len(mapping.value) == 1:
            mapping, key_node, value = steps.pop()
        self._cut(mapping, key_node.start_mark.index, end(value))

    def append(self, mapping: yaml.Node, key: str, item: Mapping[str, Any]) -> None:
        """Put an item behind the last one of a list below a mapping; the list is made if missing.

        Raises:
            Unsupported: something else stands there, or the list is written in a rare way.
        """
        found = pairs(mapping).get(key)
        if found is None:
            self._add(mapping, [key], [item])
            return
        listed = found[1]
        if not isinstance(listed, yaml.SequenceNode):
            raise Unsupported
        if listed.flow_style:
            at = listed.start_mark.index + 1
            self._changes.append((at, at, written(item) + (", " if listed.value else "")))
            return
        first = listed.value[0].start_mark.index
        before = self.text[self.text.rfind("\n", 0, first) + 1 : first]
        if not re.fullmatch(r" *- +", before):
            raise Unsupported
        dash = before.index("-")
        self._insert_after(end(listed), _lines([item], " " * dash, len(before) - dash))

    def _add(self, node: yaml.Node, path: Sequence[str], value: Any) -> None:
        if not isinstance(node, yaml.MappingNode):
            raise Unsupported
        nested = _nested(path, value)
        if node.flow_style or not node.value:
            at = node.start_mark.index + 1
            self._changes.append((at, at, written(nested)[1:-1] + (", " if node.value else "")))
            return
        # A list goes to the end; other things behind the name, where they are seen.
        name = None if isinstance(value, list) else pairs(node).get("name")
        behind = name or node.value[-1]
        self._insert_after(end(behind[1]), _lines(nested, " " * node.value[0][0].start_mark.column))

    def _insert_after(self, place: int, lines: Sequence[str]) -> None:
        """Put lines behind the line that ends what stands before `place`."""
        settled = len(self.text[:place].rstrip())
        stop = self.text.find("\n", settled)
        added = self._newline.join(lines)
        if stop < 0:
            self._changes.append((len(self.text), len(self.text), self._newline + added))
        else:
            self._changes.append((stop + 1, stop + 1, added + self._newline))

    def _cut(self, mapping: yaml.MappingNode, start: int, stop: int) -> None:
        text = self.text
        if mapping.flow_style:
            behind = re.compile(r"\s*,\s*").match(text, stop)
            before = re.search(r",\s*$", text[:start])
            stop = behind.end() if behind else stop
            start = before.start() if before and not behind else start
        else:
            start = text.rfind("\n", 0, start) + 1
            stop = text.find("\n", stop) + 1 or len(text)
        self._changes.append((start, stop, ""))


def _nested(path: Sequence[str], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _lines(value: Any, indent: str, dash: int = 2) -> list[str]:
    """A mapping or list of mappings in block style; the innermost mapping stands on one line."""
    if isinstance(value, list):
        out = []
        for item in value:
            first, *rest = _lines(item, indent + " " * dash)
            out += [f"{indent}-{' ' * (dash - 1)}{first.lstrip()}", *rest]
        return out
    out = []
    for key, inner in value.items():
        deeper = isinstance(inner, Mapping) and key != "sladd"
        if deeper or isinstance(inner, list):
            more = indent + STEP
            out += [f"{indent}{written(key)}:", *_lines(inner, more)]
        else:
            out.append(f"{indent}{written(key)}: {written(inner)}")
    return out
