"""The ingredients that lie beside this package as small CSV files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Names:
    """Names with their weights, and which of them each pool may draw."""

    names: tuple[str, ...]
    folded: tuple[str, ...]
    pools: Mapping[str, tuple[tuple[int, ...], tuple[float, ...]]]


@dataclass(frozen=True)
class Seeds:
    """Everything that a shop is drawn from."""

    given: Names
    surnames: Names
    places: tuple[tuple[str, str], ...]
    texts: Mapping[str, tuple[tuple[str, str], ...]]


_FOLD = str.maketrans("øåäöüáàéèíóúčđŋšžłśźżńąęćŧ", "oaaouaaeeioucdnszlszznaect", "' .-")


def fold(name: str) -> str:
    """The name as it stands in an e-mail address."""
    return name.lower().replace("æ", "ae").translate(_FOLD)


def _rows(name: str) -> Sequence[Mapping[str, str]]:
    text = (files(__package__) / "seeds" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _names(rows: Sequence[Mapping[str, str]]) -> Names:
    pools: dict[str, tuple[list[int], list[float]]] = {}
    for index, row in enumerate(rows):
        pool = f"{row['pool']}_{row['sex']}" if "sex" in row else row["pool"]
        indices, weights = pools.setdefault(pool, ([], []))
        indices.append(index)
        weights.append(float(row["weight"]))
    names = tuple(row["name"] for row in rows)
    return Names(
        names=names,
        folded=tuple(fold(name) for name in names),
        pools={pool: (tuple(i), tuple(w)) for pool, (i, w) in pools.items()},
    )


def load_seeds() -> Seeds:
    """Read names, postcodes and texts."""
    texts: dict[str, list[tuple[str, str]]] = {}
    for row in _rows("texts.csv"):
        texts.setdefault(row["use"], []).append((row["lang"], row["text"]))
    return Seeds(
        given=_names(_rows("given_names.csv")),
        surnames=_names(_rows("surnames.csv")),
        places=tuple((row["postal_code"], row["place"]) for row in _rows("postal_codes.csv")),
        texts={use: tuple(lines) for use, lines in texts.items()},
    )
