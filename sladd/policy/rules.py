"""Which rule speaks of a field, and whether a rule makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from numbers import Real
from typing import Any

from sladd.errors import PlanError, SladdError
from sladd.model import Field, Needs, Parameter, Rule, StorageType, TransformSpec
from sladd.taxonomy import Taxonomy


def field_rule(rules: Iterable[Rule], field: str) -> Rule | None:
    """The rule that names the field."""
    return next((rule for rule in rules if rule.field == field), None)


def category_rule(rules: Iterable[Rule], category: str, taxonomy: Taxonomy) -> Rule | None:
    """The rule for a category: the release's before the profile's, then the longest prefix."""
    speaking = [r for r in rules if r.category and taxonomy.covers(r.category, category)]
    return max(speaking, key=lambda r: (r.origin == "release", len(r.category or "")), default=None)


def accepts(spec: TransformSpec, parameters: Mapping[str, Any], storage: StorageType) -> bool:
    """Whether a transform, with these parameters, works on a storage type."""
    narrowed = spec.accepts_to.get(str(parameters.get("to", "")))
    return storage in (spec.accepts if narrowed is None else narrowed)


def fits(spec: TransformSpec, parameters: Mapping[str, Any], field: Field) -> bool:
    """Whether a transform works on a field, or on each element of its lists."""
    return accepts(spec, parameters, field.type) or works_on_elements(spec, parameters, field)


def works_on_elements(spec: TransformSpec, parameters: Mapping[str, Any], field: Field) -> bool:
    """Whether a transform that knows no lists works on the elements of this field's."""
    element = element_type(field)
    if element is None or spec.needs is Needs.KEY or accepts(spec, parameters, field.type):
        return False
    return accepts(spec, parameters, element)


def element_type(field: Field) -> StorageType | None:
    """What the lists of a field of a file hold, at any depth; None where that is not known."""
    kind, depth = field.native_type, 0
    while match := _LIST.fullmatch(kind):
        kind, depth = match[1], depth + 1
    if field.type is not StorageType.LIST or not depth:
        return None
    return next((stored for prefix, stored in _ELEMENTS if kind.startswith(prefix)), None)


_LIST = re.compile(r"list<\w+: (.*?)(?: not null)?>")
_ELEMENTS = (  # as Arrow spells them
    ("string", StorageType.STRING),
    ("bool", StorageType.BOOLEAN),
    ("int", StorageType.INTEGER),
    ("uint", StorageType.INTEGER),
    ("halffloat", StorageType.FLOAT),
    ("float", StorageType.FLOAT),
    ("double", StorageType.FLOAT),
    ("decimal", StorageType.DECIMAL),
    ("date", StorageType.DATE),
    ("timestamp", StorageType.TIMESTAMP),
    ("time", StorageType.TIME),
)


def check_rules(
    rules: Sequence[Rule],
    specs: Mapping[str, TransformSpec],
    taxonomy: Taxonomy,
    where: str,
) -> list[SladdError]:
    """Every fault of the rules themselves: names, parameters, duplicates."""
    errors: list[SladdError] = []
    seen: set[tuple[str, str]] = set()
    for rule in rules:
        target = rule.field or rule.category or ""
        at = f"{where}, rule for {target}"
        selector = (rule.origin, target)
        if selector in seen:
            errors.append(
                PlanError("two rules speak of the same", code=317, where=at, mend="keep one")
            )
        seen.add(selector)
        if rule.category is not None and not _known(rule.category, taxonomy):
            errors.append(_nearest("category", rule.category, taxonomy.categories, 318, at))
        if rule.transform not in specs:
            errors.append(_nearest("transform", rule.transform, specs, 311, at))
            continue
        errors.extend(_check_parameters(rule, specs[rule.transform], at))
        errors.extend(
            _nearest("category", category, taxonomy.categories, 318, at)
            for parameter in specs[rule.transform].parameters
            if parameter.kind == "choices"
            and isinstance(given := rule.parameters.get(parameter.name), Mapping)
            for category in given
            if not _known(str(category), taxonomy)
        )
    return errors


def _known(category: str, taxonomy: Taxonomy) -> bool:
    return any(taxonomy.covers(category, key) for key in taxonomy.categories)


def _check_parameters(rule: Rule, spec: TransformSpec, at: str) -> Iterable[SladdError]:
    declared = {p.name: p for p in spec.parameters}
    for name, value in rule.parameters.items():
        if name not in declared:
            yield _nearest("parameter", name, declared, 312, f"{at}: {spec.name}")
        elif wrong := _wrong(declared[name], value):
            close = get_close_matches(str(value), declared[name].choices, n=1)
            yield PlanError(
                f"the parameter '{name}' {wrong}",
                code=313,
                where=f"{at}: {spec.name}",
                mend=f"did you mean '{close[0]}'?" if close else "",
            )
    for missing in declared.values():
        if missing.required and missing.name not in rule.parameters:
            yield PlanError(
                f"the transform {spec.name} needs the parameter '{missing.name}'",
                code=314,
                where=at,
                mend=f"one of {', '.join(missing.choices)}" if missing.choices else missing.help,
            )
    to_band = rule.parameters.get("to") == "band" and {"width", "edges"} <= declared.keys()
    if to_band and not {"width", "edges"} & rule.parameters.keys():
        yield PlanError("a band needs a width or edges", code=314, where=at, mend="add width: 100")


def _wrong(parameter: Parameter, value: Any) -> str:
    """What is wrong with a value; "" for nothing."""
    kind = parameter.kind
    number = isinstance(value, Real) and not isinstance(value, bool)
    if kind == "choice":
        fits, wanted = value in parameter.choices, f"is one of {', '.join(parameter.choices)}"
    elif kind == "choices":
        ways = value.values() if isinstance(value, Mapping) else (value,)
        fits = bool(ways) and all(isinstance(way, str) and way in parameter.choices for way in ways)
        wanted = f"is one of {', '.join(parameter.choices)}, or a category and one of these each"
    elif kind == "boolean":
        fits, wanted = isinstance(value, bool), "is true or false"
    elif kind == "integer":
        fits, wanted = isinstance(value, int) and number, "is a whole number"
    elif kind == "number":
        fits, wanted = number, "is a number"
    elif kind == "numbers":
        fits, wanted = _ascending(value), "is a list of ascending numbers"
    elif kind == "mapping":
        fits, wanted = isinstance(value, Mapping), "is a mapping"
    else:
        fits, wanted = isinstance(value, str), "is a text"
    if not fits:
        return wanted
    if number and parameter.minimum is not None and value < parameter.minimum:
        return f"is at least {parameter.minimum:g}"
    if number and parameter.maximum is not None and value > parameter.maximum:
        return f"is at most {parameter.maximum:g}"
    return "" if parameter.name != "width" or value > 0 else "is more than 0"


def _ascending(value: Any) -> bool:
    if not isinstance(value, list | tuple) or not value:
        return False
    numbers = [n for n in value if isinstance(n, int | float) and not isinstance(n, bool)]
    return len(numbers) == len(value) and all(a < b for a, b in pairwise(value))


def _nearest(noun: str, name: str, known: Iterable[str], code: int, at: str) -> PlanError:
    names = list(known)
    close = get_close_matches(name, names, n=1)
    some = ", ".join(sorted(names)[:12]) or "none"
    return PlanError(
        f"there is no {noun} '{name}'",
        code=code,
        where=at,
        mend=f"did you mean '{close[0]}'?" if close else f"known: {some}",
    )
