"""Customers of the sample shop, one row a person, in any number: drawn like `data/samples`."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from data.samples.generator.draws import stream, weighted
from data.samples.generator.people import draw_people
from data.samples.generator.seeds import load_seeds
from transforms.hierarchies import Hierarchy, Ladder, built_in, ordered
from transforms.hierarchies.ladder import Step

SEED = 11
SENSITIVE = "kundegruppe"
AS_OF = dt.date(2026, 3, 1)
_EPOCH = np.datetime64("1940-01-01", "D")  # of People.born
_OPENED = np.datetime64("2019-01-01", "D")
_OPEN_DAYS = 7 * 365


def table(rows: int) -> pa.Table:
    """Six quasi-identifiers and the customer group.

    Nulls as in the shop: most customers give no date of birth, and firms have none.
    """
    seeds = load_seeds()
    people = draw_people(seeds, SEED, "anonymity", rows, companies=True)
    rng = stream(SEED, "anonymity/rows")
    firm = people.company > 0
    silent = (rng.random(rows) >= 0.45) | firm
    born = pa.array(_EPOCH + people.born, mask=silent)
    sex = pa.array(np.where(people.female, "K", "M"), mask=rng.random(rows) >= 0.7)
    codes = pa.array([code for code, _ in seeds.places])
    # A shop grows: the day that halves its customers lies late.
    joined = _OPENED + (np.sqrt(rng.random(rows)) * _OPEN_DAYS).astype(np.int64)
    return pa.table(
        {
            "fdato": born,
            "kjonn": sex,
            "postnr": codes.take(pa.array(people.place)),
            "sprak": pa.array(["nb", "nn", "en"]).take(pa.array(weighted(rng, (80, 12, 8), rows))),
            "kundetype": pa.array(["privat", "bedrift", "lag", "enk"]).take(
                pa.array(people.company)
            ),
            "opprettet": pa.array(joined),
            SENSITIVE: pa.array(weighted(rng, (60, 25, 10, 5), rows)),
        }
    )


def hierarchies() -> dict[str, Hierarchy]:
    """Births to 20 years, postcodes to parts of the country, dates to years."""
    built = built_in(AS_OF)
    date, age = built["date"], built["age"]
    births = Ladder(
        "birth",
        ("value", "month", "year", *age.levels[1:]),
        (
            lambda values: date.generalise(values, 2),
            lambda values: date.generalise(values, 4),
            # Bands of years of age would cut through a year of birth: they count from its end.
            *(_by_year(date, age, level) for level in range(1, len(age.levels))),
        ),
    )
    kinds = ordered("kind", ["privat", "enk", "lag", "bedrift"], [2])
    return {"fdato": births, "postnr": built["place"], "opprettet": date, "kundetype": kinds}


def _by_year(date: Hierarchy, age: Hierarchy, level: int) -> Step:
    return lambda values: age.generalise(date.generalise(values, 4), level)
