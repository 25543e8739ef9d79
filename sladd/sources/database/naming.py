"""Names of tables and columns: which are wanted, and what to call those that are personal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

NameJudge = Callable[[str], bool]
"""Says of a name whether it is personal data itself."""


def wanted(schema: str | None, name: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether the configuration includes a table; patterns match `schema.table` or `table`."""

    def matches(patterns: Sequence[str]) -> bool:
        return any(matches_pattern(schema, name, pattern) for pattern in patterns)

    return (not include or matches(include)) and not matches(exclude)


def matches_pattern(schema: str | None, name: str, pattern: str) -> bool:
    """Whether one pattern means this table."""
    names = [name] if schema is None else [name, f"{schema}.{name}"]
    return any(fnmatchcase(each, pattern) for each in names)


def shown_name(kind: str, name: str, is_personal: NameJudge) -> str:
    """The name of a table or schema, or `table#7f3a` where the name itself is personal."""
    if not is_personal(name):
        return name
    return f"{kind}#{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:4]}"


def shown_columns(names: Sequence[str], is_personal: NameJudge) -> dict[str, str]:
    """Real name → shown name; a personal one becomes `c<position>`."""
    shown: dict[str, str] = {name: name for name in names if not is_personal(name)}
    taken = set(shown.values())
    for position, name in enumerate(names, start=1):
        if name not in shown:
            candidate = f"c{position}"
            while candidate in taken:
                candidate += "_"
            taken.add(candidate)
            shown[name] = candidate
    return {name: shown[name] for name in names}
