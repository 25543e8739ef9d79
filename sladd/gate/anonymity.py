"""Whether an anonymised release keeps its guarantee: counted anew in the files, table by table.

A failed check names the columns and the smallest change that would pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sladd.gate.measured import Measured
from sladd.gate.order import out_of_order
from sladd.gate.risk import Risk
from sladd.gate.statements import name_of
from sladd.gate.tables import no_pattern
from sladd.gate.unlisted import check_small_counts, check_unlisted
from sladd.model import Check, Role
from sladd.release import Manifest, ReleaseColumn, ReleaseTable

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_CHANGE = "; the smallest change that passes: "
_CLOSE = 1e-6  # figures of a manifest have six decimals


def figures(
    path: Path | str | pa.Table,
    quasi: Sequence[str],
    sensitive: Sequence[str],
    k: int,
    *,
    person: str | None = None,
    measured: Measured | None = None,
) -> dict[str, Any]:
    """The measures of risk of a table, as the manifest keeps them.

    Args:
        path: its Parquet file, a pattern of several, or the table in memory.
        quasi: columns with that role.
        sensitive: columns with that role.
        k: that was promised; smaller classes are rare.
        person: column that says who a row is about.
        measured: what is known of the file already.
    """
    found = _measure(measured or Measured(), path, quasi, sensitive, k, person)
    if found is None:
        return {}
    return {
        "k": found.k,
        "classes": found.classes,
        "uniques": found.uniques,
        "highest_risk": round(found.prosecutor_highest, 6),
        "mean_risk": round(found.prosecutor_mean, 6),
        "spread": _spread_of(found),
    }


def _spread_of(found: Risk) -> dict[str, dict[str, float]]:
    return {
        one.column: {
            "l_distinct": one.l_distinct,
            "l_entropy": round(one.l_entropy, 6),
            "t_equal": round(one.t_equal, 6),
            "t_ordered": round(one.t_ordered, 6),
        }
        for one in found.spread
    }


def check_anonymity(
    opened: duckdb.DuckDBPyConnection,
    folder: Path,
    manifest: Manifest,
    sources: Mapping[str, str],
    measured: Measured | None = None,
) -> Iterator[Check]:
    """Every table by itself, then any two by what they share.

    Args:
        opened: a connection with a view of each table.
        folder: of the release.
        manifest: of the release.
        sources: name of each table → its view.
        measured: what is known of the files already.
    """
    if manifest.kind != "anonymised":
        return
    said = manifest.risk.get("anonymity")
    if not isinstance(said, dict) or not isinstance(said.get("guarantee"), dict):
        yield Check("anonymity", False, "the manifest does not say what was promised")
        return
    guarantee, tables = said["guarantee"], said.get("tables", {})
    k = int(guarantee.get("k", 2))
    for table in manifest.tables:
        if table.name not in sources:
            continue
        yield from _keys(table)
        yield _in_order(folder, table)
        told = tables.get(table.name)
        if not isinstance(told, dict):
            yield Check("anonymity", False, "the manifest says nothing of this table", table.name)
        elif told.get("unit") == "nobody":
            yield Check("anonymity", True, "about nobody, as was decided", table.name)
            yield from check_small_counts(opened, table, sources[table.name], k)
        else:
            known = measured or Measured()
            yield from _table(opened, folder, table, sources[table.name], told, guarantee, known)
    yield from _linkability(opened, manifest, sources, k)


def _table(
    opened: duckdb.DuckDBPyConnection,
    folder: Path,
    table: ReleaseTable,
    source: str,
    told: Mapping[str, Any],
    guarantee: Mapping[str, Any],
    measured: Measured,
) -> Iterator[Check]:
    k = int(guarantee.get("k", 2))
    quasi, sensitive = _named(table, Role.QUASI), _named(table, Role.SENSITIVE)
    several = bool(told.get("several_rows_a_person"))
    if not quasi:
        persons = int(told.get("persons", 0)) if several else table.rows_out
        yield Check(
            "anonymity",
            persons >= k,
            f"no column is known to others; {persons} persons look alike (asked for {k})",
            table.name,
        )
    else:
        path = _pattern(folder, table)
        promised = guarantee.get("l") is not None or guarantee.get("t") is not None
        found = _measure(measured, path, quasi, sensitive if promised else (), k, None)
        assert found is not None  # noqa: S101 - there are quasi-identifiers
        yield _k(measured, path, table, found, quasi, k, told if several else None)
        yield from _claims(table, found, told, several=several)
        # Persons with several rows were told apart when it was published, and are not any more.
        spread = told.get("spread", {}) if several else _spread_of(found)
        yield from _spread(table, spread, guarantee)
    yield from _rare_values(opened, table, source, k, told if several else None)
    yield from check_unlisted(opened, table, source, k)


def _k(
    measured: Measured,
    path: str,
    table: ReleaseTable,
    found: Risk,
    quasi: Sequence[str],
    k: int,
    told: Mapping[str, Any] | None,
) -> Check:
    """Whether every class is large enough; otherwise the least that would make it so."""
    counted = found.k if told is None else min(found.k, int(told.get("k", 0)))
    what = "persons" if told is None else "persons, counted before the rows lost them"
    if counted >= k or not found.rows:
        share = f"{found.classes} classes" + (f" of {counted} {what} or more" if found.rows else "")
        return Check(
            "anonymity", True, f"passes anonymity tests (k={counted}): {share}", table.name
        )
    below = found.persons_below
    share_below = f"{below / found.rows:.2%} of the table: max_suppression"
    changes = [f"leave out the {below} rows of such classes ({share_below})"]
    for column in quasi:
        rest = [other for other in quasi if other != column]
        without = _measure(measured, path, rest, (), k, None)
        if without is None or without.k >= k:
            changes.append(f"leave out the column {column} (role: direct)")
            break
    columns = sorted({c for rare in found.rare for c in rare.columns if len(rare.columns) == 1})
    return Check(
        "anonymity",
        False,
        f"k is {counted} and {k} was promised: {found.uniques} persons stand alone, "
        f"{found.persons_below} in classes below {k}, by {', '.join(columns or quasi)}; "
        f"the smallest change that passes: {', or '.join(changes)}",
        table.name,
    )


def _claims(
    table: ReleaseTable, found: Risk, told: Mapping[str, Any], *, several: bool
) -> Iterator[Check]:
    """The manifest says what the file says: a row put back, or a level mixed in, changes it."""
    rows = int(told.get("rows", 0)) - int(told.get("rows_suppressed", 0))
    for name, said, counted in (
        ("classes", told.get("classes"), found.classes),
        ("persons alone", None if several else told.get("uniques"), found.uniques),
        ("rows", rows if "rows" in told else None, found.rows),
    ):
        if said is not None and int(said) != counted:
            yield Check(
                "anonymity",
                False,
                f"the manifest says {said} {name}, and the file has {counted}",
                table.name,
            )
    claimed = int(told.get("k", 0))
    if (claimed > found.k) if several else (claimed != found.k):
        yield Check(
            "anonymity",
            False,
            f"the manifest says k={claimed}, and the file has k={found.k}",
            table.name,
        )


def _spread(
    table: ReleaseTable, spread: Mapping[str, Mapping[str, float]], guarantee: Mapping[str, Any]
) -> Iterator[Check]:
    """Whether l and t hold for every sensitive column."""
    least, most = guarantee.get("l"), guarantee.get("t")
    for name in _named(table, Role.SENSITIVE):
        column, one = f"{table.name}.{name}", spread.get(name, {})
        if least is not None:
            entropy = guarantee.get("diversity") == "entropy"
            value = one.get("l_entropy" if entropy else "l_distinct", 0.0)
            enough = value >= float(least) - _CLOSE
            ask = "" if enough else f"{_CHANGE}leave the column out (role: direct), or a lower l"
            yield Check("diversity", enough, f"l is {value:g} (asked for {least:g}){ask}", column)
        if most is not None:
            ordered = guarantee.get("distance") == "ordered"
            value = one.get("t_ordered" if ordered else "t_equal", 1.0)
            near = value <= float(most) + _CLOSE
            ask = "" if near else f"{_CHANGE}leave the column out (role: direct), or a higher t"
            yield Check("closeness", near, f"t is {value:.3g} (asked for {most:g}){ask}", column)


def _rare_values(
    opened: duckdb.DuckDBPyConnection,
    table: ReleaseTable,
    source: str,
    k: int,
    told: Mapping[str, Any] | None,
) -> Iterator[Check]:
    """A column that says nothing about anybody has no value that fewer than k persons share."""
    for column in _named(table, Role.INSENSITIVE):
        persons = None if told is None else int(told.get("least_persons", {}).get(column, 0))
        if persons is not None and persons < k:
            yield Check(
                "rare values",
                False,
                f"a value is shared by {persons} persons, however many rows, so it leads to them; "
                "the smallest change that passes: role: quasi, or role: direct (it stays out)",
                f"{table.name}.{column}",
            )
            continue
        name = name_of(column)
        found = opened.execute(
            f"SELECT count(*), coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS n FROM {source} "
            f"GROUP BY {name}) WHERE n < {int(k)}"
        ).fetchone()
        values, rows = found or (0, 0)
        detail = (
            f"{values} values in {rows} rows are shared by fewer than {k}, so they lead to persons; "
            "the smallest change that passes: role: quasi (the search makes it coarser), or "
            "role: direct (it stays out)"
            if values
            else f"every value is shared by {k} rows or more"
        )
        yield Check("rare values", not values, detail, f"{table.name}.{column}")


def _in_order(folder: Path, table: ReleaseTable) -> Check:
    """No row's place tells of the source."""
    wrong = sum(out_of_order(folder / file.path) for file in table.files)
    detail = (
        f"{wrong} rows stand before one that is less, so their order is not that of their values "
        "and may be the source's"
        if wrong
        else "rows stand in the order of their own values"
    )
    return Check("row order", not wrong, detail, table.name)


def _keys(table: ReleaseTable) -> Iterator[Check]:
    """No column leads to rows of another table."""
    keyed = [c.name for c in table.columns if c.key_type or c.alphabet or c.pattern]
    roles = [c.name for c in table.columns if c.role not in {"quasi", "sensitive", "insensitive"}]
    if keyed or roles:
        yield Check(
            "unlinked",
            False,
            f"{', '.join(keyed or roles)}: a key or a column without a role; anonymised tables "
            "are not linked",
            table.name,
        )
    else:
        yield Check("unlinked", True, "no column is a key", table.name)


def _linkability(
    opened: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    sources: Mapping[str, str],
    k: int,
) -> Iterator[Check]:
    """Tables joined by the quasi-identifiers that they share: whom that singles out."""
    told = manifest.risk.get("anonymity", {}).get("tables", {})
    about = [
        table
        for table in manifest.tables
        if table.name in sources and told.get(table.name, {}).get("unit") != "nobody"
    ]
    for one, other in combinations(about, 2):
        pairs = _shared(one, other)
        if not pairs:
            continue
        left, right = ([name_of(pair[side].name) for pair in pairs] for side in (0, 1))
        on = " AND ".join(
            f"a.{x}::VARCHAR IS NOT DISTINCT FROM b.{y}::VARCHAR"
            for x, y in zip(left, right, strict=True)
        )
        found = opened.execute(
            f"SELECT count(*), min(least(a.n, b.n)), count(*) FILTER (a.n < {k} OR b.n < {k}) FROM "
            f"(SELECT {', '.join(left)}, count(*) AS n FROM {sources[one.name]} GROUP BY ALL) a JOIN "
            f"(SELECT {', '.join(right)}, count(*) AS n FROM {sources[other.name]} GROUP BY ALL) b "
            f"ON {on}"
        ).fetchone()
        combined, least, narrow = found or (0, None, 0)
        columns = ", ".join(pair[0].name for pair in pairs)
        detail = f"joined by {columns}: {combined} combinations in both"
        if combined:
            detail += f", the smallest with {least} rows"
        if narrow:
            detail += f"; {narrow} with fewer than {k}{_CHANGE}leave a column out of one table"
        yield Check("shared_columns", not narrow, detail, f"{one.name}, {other.name}")


def _shared(one: ReleaseTable, other: ReleaseTable) -> list[tuple[ReleaseColumn, ReleaseColumn]]:
    """Quasi-identifiers of two tables that an attacker would take for the same thing."""

    def about(column: ReleaseColumn) -> str:
        return column.category or column.name.casefold()

    theirs = {about(c): c for c in other.columns if c.role == Role.QUASI}
    return [
        (column, theirs[about(column)])
        for column in one.columns
        if column.role == Role.QUASI and about(column) in theirs
    ]


def _measure(
    measured: Measured,
    path: Path | str | pa.Table,
    quasi: Sequence[str],
    sensitive: Sequence[str],
    k: int,
    person: str | None,
) -> Risk | None:
    if not quasi:
        return None
    return measured.risk(path, list(quasi), sensitive=list(sensitive), person=person, threshold=k)


def _named(table: ReleaseTable, role: Role) -> list[str]:
    return [column.name for column in table.columns if column.role == role]


def _pattern(folder: Path, table: ReleaseTable) -> str:
    inside = Path(table.files[0].path).parent if table.files else Path(table.name)
    return no_pattern(str(folder / inside)) + "/*.parquet"
