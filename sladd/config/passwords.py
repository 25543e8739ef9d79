"""Passwords that stand in `sladd.yaml` itself, where everybody who has the file can read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from sladd.config.lines import Lines

# user:password@ of an address; a password that comes from a variable is none of the file's.
_IN_ADDRESS = re.compile(r"://[^/@:\s]*:(?P<password>[^/@\s]+)@")
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def passwords_in(path: Path) -> Iterator[tuple[str, int]]:
    """The key and the line of each address that holds a password.

    Args:
        path: of a configuration that was read before.
    """
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=Lines)
    yield from _inside(node, ())


def _inside(node: yaml.Node | None, at: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            yield from _inside(child, (*at, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _inside(child, at)
    elif isinstance(node, yaml.ScalarNode):
        found = _IN_ADDRESS.search(str(node.value))
        if found and _VARIABLE.sub("", found["password"]):
            yield ".".join(at), node.start_mark.line + 1
