"""Every error code of the source text, with what is said of it.

An error is a call that carries a code: `SourceError("…", code=213, …)`, or a helper whose
parameter `code` is given a number. Tables of sentences (`{Fault.LOGIN: ("…", "…")}`) count too.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docs.pages.said import GAP, Scope, called_name, in_one_line, number_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("sladd", "detectors", "transforms", "flows")
_LOOKED_AT = (ast.Call, ast.ClassDef, ast.Dict, ast.FunctionDef, ast.ImportFrom, ast.Tuple)


@dataclass(frozen=True, slots=True)
class Coded:
    """One place in the code that says something with a code."""

    code: int
    kind: str
    what: str
    mend: str
    module: str


@dataclass(frozen=True, slots=True)
class _Helper:
    """A function that makes an error from a code that it is given."""

    parameters: tuple[str, ...]
    kind: str
    what: ast.expr | None
    mend: ast.expr | None
    default: int | None
    function: ast.FunctionDef


def collect(root: Path = ROOT) -> list[Coded]:
    """Everything with a code, by code."""
    trees = {
        str(path.relative_to(root)): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    }
    placed = {module: list(_nodes(tree)) for module, tree in trees.items()}
    nodes = {module: [node for _, node in pairs] for module, pairs in placed.items()}
    kinds = _error_classes(nodes)
    helpers = _helpers(nodes, kinds)
    found: list[Coded] = []
    for module, tree in trees.items():
        found += _in_module(module, tree, placed[module], kinds, helpers)
    # Where a helper is given the words, its own line has none.
    unique = dict.fromkeys(f for f in found if f.what.strip(GAP + " "))
    return sorted(unique, key=lambda c: (c.code, c.module, c.what, c.mend))


def clashes(found: list[Coded]) -> dict[int, list[Coded]]:
    """Codes that two parts of the program use.

    The modules of one folder may say the same thing in several ways under one code (a damaged
    file is a damaged file in every format). Two folders, or two classes of error, are two
    meanings unless the words are equal. `NotScanned` tells of an error and has no class of its own.
    """
    by_code: dict[int, list[Coded]] = {}
    for each in found:
        by_code.setdefault(each.code, []).append(each)
    return {
        code: entries
        for code, entries in by_code.items()
        if len({e.kind for e in entries} - {"NotScanned"}) > 1
        or (len({_folder(e.module) for e in entries}) > 1 and len({e.what for e in entries}) > 1)
    }


def _folder(module: str) -> str:
    """The package that a code belongs to: `sladd/sources/database`, `sladd/cli`, `detectors`."""
    parts = module.split("/")[:-1]
    return "/".join(parts[:3])


def _error_classes(nodes: Mapping[str, list[ast.AST]]) -> set[str]:
    kinds = {"SladdError"}
    classes = [n for every in nodes.values() for n in every if isinstance(n, ast.ClassDef)]
    for _ in range(4):  # as deep as they inherit from each other
        kinds |= {
            c.name
            for c in classes
            if any(isinstance(b, ast.Name) and b.id in kinds for b in c.bases)
        }
    return kinds | {"NotScanned"}


def _helpers(nodes: Mapping[str, list[ast.AST]], kinds: set[str]) -> dict[tuple[str, str], _Helper]:
    """Functions that are given the code, or the words, of the error that they make."""
    found = {}
    for module, every in nodes.items():
        made = [n for n in every if isinstance(n, ast.Call) and called_name(n.func) in kinds]
        for node in every if made else ():
            if isinstance(node, ast.FunctionDef) and node.name not in {"__init__", "_rebuild"}:
                inside = [c for c in made if node.lineno <= c.lineno <= (node.end_lineno or 0)]
                helper = _helper(node, inside)
                if helper is not None:
                    found[module, node.name] = helper
    return found


def _helper(node: ast.FunctionDef, errors: Sequence[ast.Call]) -> _Helper | None:
    """What a function makes of the code or the words it is given; `errors` are made in it."""
    positional = [a.arg for a in node.args.args if a.arg not in {"self", "cls"}]
    names = [*positional, *(a.arg for a in node.args.kwonlyargs)]
    for made in errors:
        what, mend, code = _said(made)
        own_words = isinstance(what, ast.Name) and what.id in names
        if "code" not in names and not (own_words and number_of(code, {})):
            continue
        given = dict(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
        fallback = next((d for a, d in given.items() if a.arg == "code"), code)
        return _Helper(
            parameters=tuple(positional),
            kind=called_name(made.func),
            what=what,
            mend=mend,
            default=number_of(fallback, {}),
            function=node,
        )
    return None


def _said(call: ast.Call) -> tuple[ast.expr | None, ast.expr | None, ast.expr | None]:
    """What, mend and code of an error that is made."""
    given = {k.arg: k.value for k in call.keywords}
    if called_name(call.func) == "NotScanned":
        given |= dict(zip(("where", "reason", "code"), call.args, strict=False))
        return given.get("reason"), None, given.get("code")
    return call.args[0] if call.args else given.get("what"), given.get("mend"), given.get("code")


def _in_module(
    module: str,
    tree: ast.Module,
    placed: Sequence[tuple[ast.AST | None, ast.AST]],
    kinds: set[str],
    helpers: Mapping[tuple[str, str], _Helper],
) -> Iterator[Coded]:
    enums = _number_enums(tree)
    mine = {name: h for (place, name), h in helpers.items() if place == module}
    # A method (`address.fault`) or an imported function is known by its name alone.
    imported = {
        n.asname or n.name for _, i in placed if isinstance(i, ast.ImportFrom) for n in i.names
    }
    for (_, name), helper in helpers.items():
        if name == "fault" or name in imported:
            mine.setdefault(name, helper)
    scopes: dict[int, Scope] = {}
    for function, node in placed:
        scope = scopes.get(id(function)) or scopes.setdefault(id(function), Scope(function))
        if isinstance(node, ast.Call):
            called = called_name(node.func)
            if called in kinds:
                yield from _error(module, node, called, scope, enums)
            elif called in mine and not (function is not None and _name_of(function) == called):
                yield from _helped(module, node, mine[called], scope, enums)
        elif isinstance(node, ast.Tuple):
            yield from _row(module, node, tree, kinds, scope)
        elif isinstance(node, ast.Dict) and enums:
            yield from _sentences(module, node, tree, kinds, enums)


def _name_of(function: ast.AST) -> str:
    return getattr(function, "name", "")


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST | None, ast.AST]]:
    """The nodes that are looked at, each with the function it stands in, the outermost first."""
    queue: deque[tuple[ast.AST | None, ast.AST]] = deque([(None, tree)])
    while queue:
        function, node = queue.popleft()
        inside = node if isinstance(node, ast.FunctionDef) else function
        if isinstance(node, _LOOKED_AT):
            yield function, node
        queue.extend((inside, child) for child in ast.iter_child_nodes(node))


def _number_enums(tree: ast.Module) -> dict[str, int]:
    """`Fault.LOGIN` → 202, `BUSY` → 505: of the module's own enumerations and constants."""
    constants = {
        a.targets[0].id: a.value.value
        for a in tree.body
        if isinstance(a, ast.Assign)
        and isinstance(a.targets[0], ast.Name)
        and isinstance(a.value, ast.Constant)
        and isinstance(a.value.value, int)
        and 100 < a.value.value < 1000
    }
    return constants | {
        f"{c.name}.{a.targets[0].id}": a.value.value
        for c in tree.body
        if isinstance(c, ast.ClassDef)
        for a in c.body
        if isinstance(a, ast.Assign)
        and isinstance(a.targets[0], ast.Name)
        and isinstance(a.value, ast.Constant)
        and isinstance(a.value.value, int)
        and 100 < a.value.value < 1000
    }


def _error(
    module: str, call: ast.Call, kind: str, scope: Scope, enums: Mapping[str, int]
) -> Iterator[Coded]:
    what, mend, code = _said(call)
    number = number_of(code, enums)
    if number is not None:
        yield Coded(
            number, kind, in_one_line(scope.text(what)), in_one_line(scope.text(mend)), module
        )


def _helped(
    module: str, call: ast.Call, helper: _Helper, scope: Scope, enums: Mapping[str, int]
) -> Iterator[Coded]:
    given: dict[str, ast.expr] = dict(zip(helper.parameters, call.args, strict=False))
    given |= {k.arg: k.value for k in call.keywords if k.arg}
    code = number_of(given.get("code"), enums)
    if code is None and "code" not in given:
        code = helper.default
    if code is None:
        return
    inner = Scope(helper.function)
    inner.values |= {n: [ast.Constant(scope.text(v))] for n, v in given.items()}
    yield Coded(
        code,
        helper.kind,
        in_one_line(inner.text(helper.what)),
        in_one_line(inner.text(helper.mend)),
        module,
    )


def _row(
    module: str, node: ast.Tuple, tree: ast.Module, kinds: set[str], scope: Scope
) -> Iterator[Coded]:
    """`return 511, "what", "mend"`, and `"kind": ("words", 246)`."""
    first, *rest = node.elts or [ast.Constant(None)]
    code = number_of(first, {})
    if code is not None and len(rest) == 2 and " " in scope.text(rest[0]):
        kind = _raised(tree, kinds)
        yield Coded(
            code, kind, in_one_line(scope.text(rest[0])), in_one_line(scope.text(rest[1])), module
        )
    if len(rest) == 1 and isinstance(first, ast.Constant) and " " in scope.text(first):
        code = number_of(rest[0], {})
        if code is not None:
            # A count stands where `str.format` puts it.
            yield Coded(
                code,
                _raised(tree, kinds),
                in_one_line(scope.text(first).replace("{n}", GAP)),
                "",
                module,
            )


def _sentences(
    module: str, node: ast.Dict, tree: ast.Module, kinds: set[str], enums: Mapping[str, int]
) -> Iterator[Coded]:
    for key, value in zip(node.keys, node.values, strict=True):
        code = number_of(key, enums)
        if code is not None and isinstance(value, ast.Tuple) and len(value.elts) == 2:
            what, mend = (Scope(None).text(element) for element in value.elts)
            yield Coded(code, _raised(tree, kinds), in_one_line(what), in_one_line(mend), module)


def _raised(tree: ast.Module, kinds: set[str]) -> str:
    """The class that a module makes, or says that it returns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_name(node.func) in kinds:
            return called_name(node.func)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            if ast.unparse(node.returns) in kinds:
                return ast.unparse(node.returns)
    return "SladdError"
