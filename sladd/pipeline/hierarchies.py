"""Hierarchies of the user's own, read from the CSV files that `sladd.yaml` names."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sladd.config import Config, HierarchyConfig
from sladd.errors import ConfigError, SladdError

if TYPE_CHECKING:
    from transforms.hierarchies import TableHierarchy

MAX_BYTES = 64 << 20  # a hierarchy of a million values has about 40 MB
_DELIMITERS = ";\t|,"
_FAULTS_SHOWN = 5


def read_hierarchies(config: Config) -> tuple[dict[str, TableHierarchy], list[SladdError]]:
    """Every configured hierarchy that is sound, and what is wrong with the others.

    Errors name lines, never values (SLADD-142…145).
    """
    from transforms import generalise

    taken = next(p.choices for p in generalise.SPEC.parameters if p.name == "to")
    found: dict[str, TableHierarchy] = {}
    errors: list[SladdError] = []
    for name, given in config.hierarchies.items():
        where = f"sladd.yaml, hierarchies.{name}"
        if name in taken:
            errors.append(
                ConfigError(
                    f"a hierarchy cannot be called '{name}', which generalise knows already",
                    code=145,
                    where=where,
                    mend=f"call it own_{name}",
                )
            )
            continue
        try:
            found[name] = _read(config, name, given, where, errors)
        except ConfigError as error:
            errors.append(error)
    return found, errors


def check_levels(config: Config, tables: Mapping[str, TableHierarchy]) -> Iterator[SladdError]:
    """Rules that ask for a level which their hierarchy does not have (SLADD-146)."""
    for release, terms in config.releases.items():
        for rule in terms.rules:
            table = tables.get(str(rule.parameters.get("to", "")))
            level = rule.parameters.get("level", 1)
            if rule.transform != "generalise" or table is None or not isinstance(level, int):
                continue
            if level >= len(table.levels):
                yield ConfigError(
                    f"the hierarchy '{table.name}' has no level {level}",
                    code=146,
                    where=f"sladd.yaml, releases.{release}, rule for {rule.field or rule.category}",
                    mend=f"a level from 1 to {len(table.levels) - 1}",
                )


def _read(
    config: Config, name: str, given: HierarchyConfig, where: str, errors: list[SladdError]
) -> TableHierarchy:
    from transforms.hierarchies import TableHierarchy, faults

    rows = list(_rows(_text(config, given, where)))
    header = rows.pop(0)[1] if given.header and rows else []
    wrong = list(faults(rows))
    for fault in wrong[:_FAULTS_SHOWN]:
        lines = f"line {fault.line}" + (f" and line {fault.other}" if fault.other else "")
        errors.append(
            ConfigError(
                f"the hierarchy '{name}' is inconsistent: {fault.what}",
                code=143,
                where=f"{given.file}, {lines}",
                mend="every value has one class at each level, and every class one above it",
            )
        )
    if wrong:
        more = len(wrong) - _FAULTS_SHOWN
        raise ConfigError(
            f"the hierarchy '{name}' cannot be used"
            + (f": {more} more faults" if more > 0 else ""),
            code=144,
            where=where,
            mend=f"correct {given.file}",
        )
    width = len(rows[0][1])
    if header and len(header) != width:
        raise ConfigError(
            f"the hierarchy '{name}' cannot be used: its header has another number of columns",
            code=144,
            where=where,
            mend=f"correct {given.file}",
        )
    levels = tuple(header) or ("value", *(f"level {n}" for n in range(1, width)))
    return TableHierarchy(name, levels, tuple(tuple(cells) for _, cells in rows))


def _text(config: Config, given: HierarchyConfig, where: str) -> str:
    """The file as text, in whatever encoding a spreadsheet wrote it.

    Raises:
        ConfigError: it cannot be read (SLADD-142).
    """
    from sladd.sources.files.dialect import encoding_of

    path = config.path(given.file)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(
                "the file of a hierarchy is too large",
                code=142,
                where=f"{where}: {given.file}",
                mend=f"at most {MAX_BYTES >> 20} MB",
            )
        raw = path.read_bytes()
        return raw.decode(encoding_of(raw, whole=True)).removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "the file of a hierarchy cannot be read",
            code=142,
            where=f"{where}: {given.file}",
            mend="a CSV file, its path relative to sladd.yaml",
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every row that is not blank."""
    first = text.split("\n", 1)[0]
    delimiter = next((mark for mark in _DELIMITERS if mark in first), ",")
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield reader.line_num, stripped
