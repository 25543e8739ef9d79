"""Random streams that depend on the seed and a name only, and draws from weighted lists."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


def stream(seed: int, name: str) -> np.random.Generator:
    """An independent stream for one use, so that adding a table does not move the others."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def weighted(rng: np.random.Generator, weights: Sequence[float], count: int) -> Integers:
    """Draw `count` indices with probabilities proportional to `weights`."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right")
    return np.asarray(drawn, dtype=np.int64)


def geometric(rng: np.random.Generator, mean: float, most: int, count: int) -> Integers:
    """Counts from 0 to `most` with a long tail, as orders per customer have."""
    stay = mean / (1 + mean)
    drawn = np.floor(np.log1p(-rng.random(count)) / np.log(stay))
    return np.asarray(np.minimum(drawn, most), dtype=np.int64)
