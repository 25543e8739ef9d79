"""YAML as `sladd.yaml` is read: no key twice, no surprising booleans, and the line of everything."""

from __future__ import annotations

import re
from typing import Any

import yaml

from sladd.errors import ConfigError


class Lines(yaml.SafeLoader):
    """A safe loader that remembers the line of every key and refuses duplicates."""


def _mapping_with_lines(loader: Lines, node: yaml.MappingNode) -> dict[str, Any]:
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if isinstance(key, list | dict):  # `a: {{ name }}`
            raise yaml.constructor.ConstructorError(
                problem="a key is no plain text", problem_mark=key_node.start_mark
            )
        if key in seen:
            raise ConfigError(
                f"the key '{key}' stands twice",
                code=104,
                where=f"line {key_node.start_mark.line + 1}, first on line {seen[key]}",
                mend="keep one of them",
            )
        seen[key] = key_node.start_mark.line + 1
    loader.flatten_mapping(node)
    return dict(loader.construct_pairs(node))


# YAML 1.1 reads `NO`, `on` and `yes` as booleans; `region: NO` is Norway, as YAML 1.2 has it.
Lines.yaml_implicit_resolvers = {
    letter: [(tag, regexp) for tag, regexp in found if tag != "tag:yaml.org,2002:bool"]
    for letter, found in Lines.yaml_implicit_resolvers.items()
}
Lines.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
Lines.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_with_lines)


def line_of(node: yaml.Node | None, at: tuple[str | int, ...]) -> int:
    """Line of the deepest part of `at` that stands in the file."""
    line = 1
    for part in at:
        if isinstance(node, yaml.MappingNode):
            for key, child in node.value:
                if key.value == str(part):
                    line, node = key.start_mark.line + 1, child
                    break
            else:
                return line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                return line
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line
