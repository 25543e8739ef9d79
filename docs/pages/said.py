"""What the source text says: templates of sentences, names and numbers, read from its syntax."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property

GAP = "…"  # what a message fills in: a name or a number, never a value


def called_name(function: ast.expr) -> str:
    """The last part of what is called: `PlanError` of `errors.PlanError(…)`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


class Scope:
    """What names stand for, where a function gives them plain text."""

    def __init__(self, function: ast.AST | None) -> None:
        self._function = function

    @cached_property
    def values(self) -> dict[str, list[ast.expr]]:
        """Name → what the function lets it stand for; read when a text first asks."""
        found: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self._function) if self._function is not None else ():
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, []).append(node.value)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                self._unpack(found, node.targets[0], node.value)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                found.setdefault(node.target.id, []).append(ast.Constant(None))
        return found

    @staticmethod
    def _unpack(found: dict[str, list[ast.expr]], names: ast.Tuple, value: ast.expr) -> None:
        if isinstance(value, ast.Tuple) and len(value.elts) == len(names.elts):
            for target, element in zip(names.elts, value.elts, strict=True):
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(element)

    def text(self, node: ast.expr | None, depth: int = 0) -> str:
        """The template of an expression; what is filled in is a gap."""
        if node is None:
            return ""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else GAP
        if isinstance(node, ast.JoinedStr):
            return "".join(self.text(v, depth) for v in node.values)
        if isinstance(node, ast.FormattedValue):
            inner = node.value
            known = isinstance(inner, ast.Name) and inner.id in self.values and depth < 3
            return self.text(inner, depth + 1) if known else GAP
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.text(node.left, depth) + self.text(node.right, depth)
        if isinstance(node, ast.IfExp):
            return self._either([node.body, node.orelse], depth)
        if isinstance(node, ast.BoolOp):
            return self._either(node.values, depth)
        if isinstance(node, ast.Name) and depth < 3:
            texts = [self.text(v, depth + 1) for v in self.values.get(node.id, [])]
            plain = [t for t in dict.fromkeys(texts) if t.strip(GAP + " ")]
            return " / ".join(plain) if plain else GAP
        return GAP

    def _either(self, nodes: list[ast.expr], depth: int) -> str:
        texts = dict.fromkeys(self.text(node, depth) for node in nodes)
        return " / ".join(t for t in texts if t.strip(GAP + " ")) or GAP


def number_of(node: ast.expr | None, enums: Mapping[str, int]) -> int | None:
    """The code that an expression stands for: three digits, or the name of such a number."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int)
        and not isinstance(node.value, bool)
    ):
        return node.value if 100 < node.value < 1000 else None
    if isinstance(node, ast.Attribute | ast.Name):
        return enums.get(ast.unparse(node).removesuffix(".value"))
    return None


def in_one_line(text: str) -> str:
    """A sentence without the breaks of its source."""
    return " ".join(text.split()).strip()
