"""How sensitive values are spread over the classes of a written table: l and t."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sladd.gate.statements import name_of

if TYPE_CHECKING:
    import duckdb

_VALUE, _PLACE, _COUNT = (name_of("", name) for name in ("value", "place", "count"))


@dataclass(frozen=True, slots=True)
class Spread:
    """A sensitive column over the classes. Numbers, no values.

    Attributes:
        column: its name.
        l_distinct: fewest different values in a class; NULL is one. 1 where all persons of a class
            have a value in common, whatever they have besides.
        l_entropy: as many equally common values would have the entropy of the least diverse class.
        t_equal: greatest distance of a class from the table, any two values equally far apart; or,
            where a person has several values, how much more persons of a class have one of them.
        t_ordered: the same, values as far apart as there are values between them, NULL last.
    """

    column: str
    l_distinct: int
    l_entropy: float
    t_equal: float
    t_ordered: float


def spread_of(
    opened: duckdb.DuckDBPyConnection,
    source: str,
    names: Sequence[str],
    column: str,
    who: str = "",
) -> Spread:
    """Measure a column.

    Args:
        opened: a connection.
        source: of the rows, as SQL.
        names: the quasi-identifiers, quoted.
        column: the sensitive one.
        who: the column of persons, quoted; a person with several rows of one value counts once.

    Source: Machanavajjhala et al. 2007, definitions 3 and 4; Li et al. 2007, §5.
    """
    by = ", ".join(names)
    value = name_of(column)
    rows = f"(SELECT DISTINCT {by}, {value}, {who} FROM {source})" if who else source
    opened.execute(
        f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT {by}, {value} AS {_VALUE}, "
        f"count(*) AS {_COUNT} FROM {rows} GROUP BY {by}, {value}"
    )
    # Of each value its place, its share of the table, the share up to it, and the sum of those.
    opened.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE scale AS
        WITH counted AS (
            SELECT {_VALUE}, sum({_COUNT})::DOUBLE AS n FROM pairs GROUP BY {_VALUE}
        ), placed AS (
            SELECT {_VALUE}, n / sum(n) OVER () AS share,
                   row_number() OVER up AS {_PLACE},
                   sum(n) OVER up / sum(n) OVER () AS reached
            FROM counted WINDOW up AS (ORDER BY {_VALUE} NULLS LAST)
        )
        SELECT *, sum(reached) OVER (ORDER BY {_PLACE}) AS area FROM placed
        """
    )
    found = opened.execute(
        f"""
        WITH grouped AS (
            SELECT count(*) AS values, sum({_COUNT})::DOUBLE AS size, min({_PLACE}) AS place,
                   list({{'place': {_PLACE}, 'n': {_COUNT}}}) AS members
            FROM pairs JOIN scale ON pairs.{_VALUE} IS NOT DISTINCT FROM scale.{_VALUE}
            GROUP BY {by}
        ), different AS (  -- classes of one and the same value are all told by one of them
            SELECT size, members FROM grouped WHERE values > 1
            UNION ALL
            SELECT any_value(size), any_value(members) FROM grouped WHERE values = 1 GROUP BY place
        ), classes AS (
            SELECT row_number() OVER () AS class, size, members FROM different
        ), members AS (
            SELECT class, size, unnest(members, recursive := true) FROM classes
        ), {_WALK}
        SELECT min(l_distinct), exp(min(entropy)), max(t_equal), max(t_ordered) FROM told
        """
    ).fetchone()
    least, entropy, equal, ordered = (each or 0 for each in found or (0, 0, 0, 0))
    if who:
        common, beyond = _in_common(opened, source, by, who)
        least, entropy = (min(least, 1), min(entropy, 1.0)) if common else (least, entropy)
        equal, ordered = max(equal, beyond), max(ordered, beyond)
    return Spread(column, least, float(entropy), float(equal), float(ordered))


def _in_common(
    opened: duckdb.DuckDBPyConnection, source: str, by: str, who: str
) -> tuple[bool, float]:
    """Whether all persons of a class have a value in common, and the share of persons beyond.

    The latter is the most by which the share of a class's persons with some value exceeds that of
    the table. Both are hidden from distances between spreads by what the persons have besides.
    """
    common, beyond = opened.execute(
        f"""
        WITH people AS (
            SELECT {by}, count(DISTINCT {who}) + max(({who} IS NULL)::INT) AS persons
            FROM {source} GROUP BY {by}
        ), whole AS (
            SELECT {_VALUE}, sum({_COUNT}) / (SELECT sum(persons) FROM people) AS share
            FROM pairs GROUP BY {_VALUE}
        )
        SELECT coalesce(bool_or({_COUNT} >= persons), false),
               coalesce(max({_COUNT} / persons - share), 0)
        FROM pairs JOIN people USING ({by})
        JOIN whole ON pairs.{_VALUE} IS NOT DISTINCT FROM whole.{_VALUE}
        """
    ).fetchone() or (False, 0.0)
    return bool(common), float(beyond)


# The ordered distance is the area between two staircases, divided by the number of steps. Between
# one value of a class and its next one, the class stands still at `height` while the table climbs
# from `scale.reached` on; the table overtakes it at `over.place`. So each stretch is two areas that
# differences of `area` give, and no class needs more rows than it has values.
_WALK = f"""
        stairs AS (
            SELECT class, size, n / size AS part, share,
                   sum(n) OVER up / size AS height,
                   place AS start, reached, area - reached AS before,
                   lead(place) OVER up AS next, lead(area - reached) OVER up AS next_before,
                   row_number() OVER up = 1 AS leads
            FROM members JOIN scale ON members.place = scale.{_PLACE}
            WINDOW up AS (PARTITION BY class ORDER BY place)
        ), whole AS (
            SELECT count(*) AS values, max(area) AS total FROM scale
        ), stretches AS (
            SELECT stairs.*, whole.values,
                   coalesce(next, whole.values + 1) - 1 AS stop,
                   coalesce(next_before, whole.total) AS stop_area,
                   coalesce(over.{_PLACE}, 0) AS crossing, coalesce(over.area, 0) AS crossing_area
            FROM stairs CROSS JOIN whole
            ASOF LEFT JOIN (SELECT {_PLACE}, area, reached FROM scale) AS over
            ON stairs.height >= over.reached
        ), told AS (
            SELECT class, count(*) AS l_distinct, -sum(part * ln(part)) AS entropy,
                   (sum(abs(part - share)) + 1 - sum(share)) / 2 AS t_equal,
                   CASE WHEN any_value(values) = 1 THEN 0 ELSE sum(
                       (CASE WHEN leads THEN before ELSE 0 END)
                       + CASE
                           WHEN crossing < start
                           THEN (stop_area - before) - (stop - start + 1) * height
                           WHEN crossing >= stop
                           THEN (stop - start + 1) * height - (stop_area - before)
                           ELSE (crossing - start + 1) * height - (crossing_area - before)
                                + (stop_area - crossing_area) - (stop - crossing) * height
                         END
                   ) / (any_value(values) - 1) END AS t_ordered
            FROM stretches GROUP BY class
        )
"""
