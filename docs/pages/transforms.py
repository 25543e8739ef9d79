"""`transforms.md`: what can be done to a column, from the declarations."""

from __future__ import annotations

from typing import Any

from docs.pages.markdown import cell, code, head, table

INTRO = """
A rule of a release names a transform; whatever else the rule holds is a parameter:

```yaml
rules:
  - {category: user.contact.address.postal_code, transform: generalise, to: region}
  - {field: shop/orders.comment, transform: redact_text}
```

`sladd plan` checks types and parameters before any data moves. NULL stays NULL unless a table
says otherwise, and an empty string stays different from it.
"""

NEEDS = {
    "column": "its column alone",
    "row": "the columns beside it that tell of the person",
    "person": "to know whose row it is",
    "key": "the key of the row",
}


def page() -> str:
    """The whole page."""
    import transforms

    specs = [t.SPEC for t in transforms.TRANSFORMS]
    about = {t.SPEC.name: _about(t.__doc__ or "") for t in transforms.TRANSFORMS}
    rows = [[f"[`{s.name}`](#{s.name})", cell(s.summary), s.iso20889] for s in specs]
    parts = [head("Transforms", INTRO), "\n", table(["transform", "does", "ISO/IEC 20889"], rows)]
    parts += [_one(spec, about[spec.name]) for spec in specs]
    return "".join(parts)


def _about(docstring: str) -> str:
    """What a module says of itself, after the first line; its sources stay in the code."""
    paragraphs = docstring.strip().split("\n\n")[1:]
    said = [p.strip() for p in paragraphs if not p.lstrip().startswith("Source:")]
    return "".join(f"{text}\n\n" for text in said)


def _one(spec: Any, about: str) -> str:
    types = ", ".join(code(t.value) for t in spec.accepts)
    rows = [
        ["works on", types],
        ["gives", code(spec.output.value) if spec.output else "nothing" if spec.drops else "the type it was given"],
        ["ISO/IEC 20889", spec.iso20889],
        ["needs", NEEDS[spec.needs.value]],
        ["deterministic", _yes(spec.deterministic)],
        ["reversible", _yes(spec.reversible)],
        ["joins across tables of a domain", _yes(spec.joinable)],
        ["needs a key", _yes(spec.keyed)],
        ["keeps NULL", _yes(spec.keeps_null)],
        ["may give NULL where there was a value", _yes(spec.nullable)],
        ["keeps values unique", _unique(spec)],
        ["keeps the order of numbers and dates", _yes(spec.keeps_order)],
        ["keeps the length of texts", _yes(spec.keeps_length)],
        ["what stands there after", "a value of the same category" if spec.keeps_category and spec.kinds else code(spec.emits) if spec.emits else "nothing personal on its own" if not spec.drops else "nothing"],
    ]
    if spec.name == "keep":
        rows[-1][1] = "what stood there before"
    if spec.output_length:
        rows.append(["length", f"{spec.output_length} characters with the default parameters"])
    for choice, accepted in sorted(spec.accepts_to.items()):
        rows.append([f"`to: {choice}` works on", ", ".join(code(t.value) for t in accepted)])
    parts = [f"\n## {spec.name}\n\n{spec.summary}\n\n{about}", table(["property", "value"], rows)]
    if spec.parameters:
        parts.append("\n")
        parts.append(
            table(
                ["parameter", "kind", "default", "means"],
                [
                    [
                        code(p.name),
                        " \\| ".join(code(c) for c in p.choices) if p.choices else p.kind,
                        "required" if p.required else _default(p.default),
                        cell(p.help) + _bounds(p),
                    ]
                    for p in spec.parameters
                ],
            )
        )
    parts.append(_kinds(spec))
    return "".join(parts)


def _unique(spec: Any) -> str:
    if spec.keeps_uniqueness or not spec.unique_kinds:
        return _yes(spec.keeps_uniqueness)
    return "only of the kinds " + ", ".join(code(kind) for kind in spec.unique_kinds)


def _kinds(spec: Any) -> str:
    """The kinds of a transform that has them, each with what it makes under a key of zeros."""
    from sladd.keyring import MasterKey
    from transforms.fakes import KINDS, Fakery, vocabulary

    if spec.name != "fake":
        return ""
    master = MasterKey(bytes(32), name="example", version=1)
    fakery = Fakery(lambda use: master.derive("example", use), vocabulary("nb"))
    rows = [
        [
            code(kind.name),
            ", ".join(code(category) for category in kind.categories),
            _yes(kind.unique),
            code(kind.make(["Kari Nordmann"], fakery)[0].as_py()),
        ]
        for kind in KINDS.values()
    ]
    return "\n" + table(["kind", "default for", "keeps values unique", "for example"], rows)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _default(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return code(str(value).lower())
    return code(value) if value != "" else "empty"


def _bounds(parameter: Any) -> str:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return f" ({low:g} to {high:g})"
    if low is not None:
        return f" (at least {low:g})"
    return f" (at most {high:g})" if high is not None else ""
