"""A table of the shape of UCI Adult: as many rows, columns and values, as skew. Nobody is real.

Shares are those of the 30,162 complete rows of the training set (UCI Machine Learning Repository,
Adult, 1996, CC BY 4.0), rounded; the rows are drawn, column by column, except that the young are
seldom married and the well educated earn more.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.hierarchies import Hierarchy, TableHierarchy, bands_of

ROWS = 30_162
SENSITIVE = "salary"
_SEED = 20

_SEX = {"Male": 676, "Female": 324}
_RACE = {"White": 860, "Black": 93, "Asian": 30, "American Indian": 9, "Other": 8}
_MARITAL = {
    "Married": 466, "Never married": 322, "Divorced": 140, "Separated": 31, "Widowed": 27,
    "Spouse absent": 13, "Married, armed forces": 1,
}  # fmt: skip
_EDUCATION = {
    "Preschool": 1.5, "1st-4th": 5, "5th-6th": 10, "7th-8th": 18, "9th": 15, "10th": 27,
    "11th": 35, "12th": 12, "High school": 326, "Some college": 221, "Associate, voc.": 43,
    "Associate, acad.": 33, "Bachelor": 167, "Master": 54, "Professional": 18, "Doctorate": 12,
}  # fmt: skip
_WORK = {
    "Private": 739, "Self-employed": 83, "Local government": 69, "State government": 42,
    "Incorporated": 36, "Federal government": 31, "Without pay": 0.5,
}  # fmt: skip
_OCCUPATION = {
    "Professional": 134, "Craft": 134, "Executive": 132, "Clerical": 123, "Sales": 119,
    "Other service": 106, "Machines": 65, "Transport": 52, "Handlers": 45, "Farming": 33,
    "Technical": 30, "Protective": 21, "Household": 4.7, "Armed forces": 0.3,
}  # fmt: skip
_COUNTRIES = 41
_HOME = 0.912

_ABOVE = {
    "marital": {
        "Married": "Together", "Married, armed forces": "Together", "Never married": "Alone",
        "Divorced": "Alone", "Separated": "Alone", "Widowed": "Alone", "Spouse absent": "Together",
    },
    "work": {
        "Private": "Private", "Self-employed": "Own", "Incorporated": "Own",
        "Local government": "Government", "State government": "Government",
        "Federal government": "Government", "Without pay": "Unpaid",
    },
    "occupation": {
        "Technical": "Technical", "Craft": "Technical", "Machines": "Technical",
        "Executive": "Office", "Professional": "Office", "Clerical": "Office", "Sales": "Office",
    },
}  # fmt: skip


def table() -> pa.Table:
    """Eight quasi-identifiers and the salary."""
    rng = np.random.default_rng(_SEED)
    age = np.clip(17 + rng.gamma(2.2, 9.8, ROWS), 17, 90).astype(np.int64)
    marital = _drawn(rng, _MARITAL)
    marital[(age < 23) & (rng.random(ROWS) < 0.8)] = "Never married"
    education = _drawn(rng, _EDUCATION)
    steps = np.array(list(_EDUCATION))
    rank = np.argsort(steps)[np.searchsorted(np.sort(steps), education)]
    abroad = 1 + np.minimum(rng.geometric(0.12, ROWS) - 1, _COUNTRIES - 2)
    country = np.where(rng.random(ROWS) < _HOME, 0, abroad)
    return pa.table(
        {
            "age": age,
            "sex": _drawn(rng, _SEX),
            "race": _drawn(rng, _RACE),
            "marital": marital,
            "education": education,
            "country": pa.array([f"Country {n:02d}" for n in range(_COUNTRIES)]).take(
                pa.array(country)
            ),
            "work": _drawn(rng, _WORK),
            "occupation": _drawn(rng, _OCCUPATION),
            SENSITIVE: np.where(rng.random(ROWS) < 0.02 + rank * 0.028, ">50K", "<=50K"),
        }
    )


def hierarchies() -> dict[str, Hierarchy]:
    """As many levels as the hierarchies that ARX ships for Adult: 6,480 nodes."""
    countries = [f"Country {n:02d}" for n in range(_COUNTRIES)]
    steps = list(_EDUCATION)
    grades = {
        step: "School" if n < 9 else "College" if n < 12 else "University"
        for n, step in enumerate(steps)
    }
    fine = {step: f"{grades[step]} {n // 3}" for n, step in enumerate(steps)}
    return {
        "age": bands_of("age", [5, 10, 20]),
        "marital": _one_above("marital", _ABOVE["marital"]),
        "education": TableHierarchy(
            "education",
            ("value", "part", "grade"),
            tuple((step, fine[step], grades[step]) for step in steps),
        ),
        "country": _one_above("country", {c: f"Region {n // 6}" for n, c in enumerate(countries)}),
        "work": _one_above("work", _ABOVE["work"]),
        "occupation": _one_above(
            "occupation", {name: _ABOVE["occupation"].get(name, "Other") for name in _OCCUPATION}
        ),
    }


def _one_above(name: str, above: dict[str, str]) -> TableHierarchy:
    return TableHierarchy(name, ("value", "group"), tuple(above.items()))


def _drawn(rng: np.random.Generator, shares: dict[str, float]) -> np.ndarray:
    weights = np.array(list(shares.values()))
    return rng.choice(np.array(list(shares), dtype=object), ROWS, p=weights / weights.sum()).astype(
        str
    )
