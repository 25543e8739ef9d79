"""An attack on a release: who has facts about persons looks for the rows that lie nearest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sladd.release.wp216 import Attack

_CELLS = 4_000_000  # distances held at once: 32 MB
_SAME = 1e-9  # sums of the same differences in another order differ by rounding
_SAMPLE = 1_000  # persons attacked: shares are right within 3 per cent points at 95 %

Floats = npt.NDArray[np.float64]


def nearest(
    name: str,
    facts: pa.Table,
    released: pa.Table,
    *,
    known: Sequence[str],
    truth: Sequence[int] | npt.NDArray[np.integer],
    k: int | None = None,
    sample: int = _SAMPLE,
    seed: int = 0,
) -> Attack:
    """Attack a table with facts about persons.

    The distance is Gower's: for numbers the difference over the range, for anything else whether
    it differs; no value differs from any value. Of several rows that are equally near, the
    attacker takes any.

    Args:
        name: of the table.
        facts: one row a person, in the release's own values and bands: how a column was made
            coarser is no secret.
        released: the rows of the release.
        known: columns of both that the attacker has.
        truth: shape (persons,): the row of each in `released`, -1 for who is not there.
        k: the share of hits is judged against 1 in k; None: told, not judged.
        sample: persons attacked at most, drawn at random.
        seed: of that draw.

    Source: Gower 1971, A General Coefficient of Similarity; the attack: WP216 §2.2.2; ISO/IEC
    20889 §6.
    """
    places = np.asarray(truth, np.int64)
    if len(places) > sample:
        draw = np.random.Generator(np.random.PCG64(seed))
        picked = np.sort(draw.choice(len(places), sample, replace=False))
        facts, places = facts.take(pa.array(picked)), places[picked]
    tuples = released.select(list(known)).group_by(list(known)).aggregate([([], "count_all")])
    sizes = tuples.column("count_all").to_numpy()
    there = places[places >= 0]
    own = released.select(list(known)).take(pa.array(there))
    pairs = [_pair(facts.column(c), tuples.column(c)) for c in known]
    own_pairs = [_pair(own.column(c), tuples.column(c)) for c in known]
    where = np.cumsum(places >= 0) - 1
    hits, certain = 0.0, 0
    step = max(1, _CELLS // max(1, len(sizes)))
    for start in range(0, len(places), step):
        here = slice(start, start + step)
        inside = np.flatnonzero(places[here] >= 0)
        near = _nearest([(mine[here], theirs, span) for mine, theirs, span in pairs])
        candidates = near @ sizes
        if not len(inside):
            continue
        mine_at = where[here][inside]
        # A row is at no distance from itself alone.
        itself = _nearest([(mine[mine_at], theirs, span) for mine, theirs, span in own_pairs])
        right = near[inside, itself.argmax(axis=1)]
        hits += float((right / candidates[inside]).sum())
        certain += int(np.count_nonzero(right & (candidates[inside] == 1)))
    present = int(np.count_nonzero(places >= 0))
    persons = len(places)
    return Attack(
        table=name,
        known=tuple(known),
        persons=persons,
        in_release=present,
        hits=round(hits, 2),
        by_chance=round(present / released.num_rows, 4) if released.num_rows else 0.0,
        certain=certain,
        passed=None if k is None else hits <= persons / k + _SAME,
    )


def _pair(mine: pa.ChunkedArray, theirs: pa.ChunkedArray) -> tuple[Floats, Floats, float | None]:
    """Both sides as numbers, NaN for no value, and the range; None for codes of categories."""
    if _is_number(mine.type) and _is_number(theirs.type):
        sides = [_numbers(mine), _numbers(theirs)]
        known = np.concatenate(sides)
        known = known[np.isfinite(known)]
        span = float(known.max() - known.min()) if len(known) else 0.0
        return sides[0], sides[1], span
    texts = [_texts(side) for side in (mine, theirs)]
    values = pc.unique(pa.chunked_array([*texts[0].chunks, *texts[1].chunks], pa.string()))
    codes = [
        pc.index_in(side, value_set=values).cast(pa.float64()).to_numpy().copy() for side in texts
    ]
    for side, code in zip(texts, codes, strict=True):
        code[side.is_null().to_numpy()] = np.nan
    return codes[0], codes[1], None


def _nearest(pairs: Sequence[tuple[Floats, Floats, float | None]]) -> npt.NDArray[np.bool_]:
    """Shape (persons, tuples): which tuples lie nearest to each person."""
    total = np.zeros((len(pairs[0][0]), len(pairs[0][1])))
    for mine, theirs, span in pairs:
        a, b = mine[:, None], theirs[None, :]
        empty = np.isnan(a) | np.isnan(b)
        if span is None:
            apart = (a != b).astype(float)
        else:
            apart = np.abs(a - b) / span if span > 0 else np.zeros(total.shape)
        total += np.where(empty, np.isnan(a) != np.isnan(b), apart)
    return np.asarray(total <= total.min(axis=1, keepdims=True) + _SAME)


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_date(kind)
        or pa.types.is_timestamp(kind)
    )


def _numbers(values: pa.ChunkedArray) -> Floats:
    if pa.types.is_temporal(values.type):
        values = values.cast(pa.timestamp("us")).cast(pa.int64())
    return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(), np.float64)


def _texts(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values.cast(pa.string())
