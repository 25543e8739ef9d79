"""Pseudonyms a second and core when every value is different, against a plain HMAC loop."""

from __future__ import annotations

import hmac
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from benchmarks.measure import cpu_seconds, in_turns
from benchmarks.result import Goal, Measure
from sladd.keyring import DerivedKey
from transforms.pseudonym import Pseudonymiser

SECRET = bytes(range(32))
MOST = 1_000_000
# The plain loop yields raw digests; ours are cut, spelled in base32 and stand in Arrow.
NO_SLOWER = Goal(1.0, kind="at least")
A_SECOND = Goal(0.6, on="value", kind="at least", full_only=True)


def run(rows: int, folder: Path) -> tuple[Measure, ...]:  # noqa: ARG001 - writes nothing
    """Keys of rows, which are spelled one way only, and e-mail addresses, which are not."""
    count = min(rows, MOST)
    keys = _speed("row_key", pa.array([f"{100_000_000 + n}" for n in range(count)]))
    mails = _speed("email", pa.array([f"Person.{n}@Example.no" for n in range(count)]))
    return (
        replace(keys, what=f"{count:,} distinct keys of rows", goal=NO_SLOWER),
        replace(keys, what="the same, a second", goal=A_SECOND),
        replace(mails, what=f"{count:,} distinct e-mail addresses"),
    )


def _speed(kind: str, values: pa.Array) -> Measure:
    worker = Pseudonymiser(DerivedKey(SECRET, domain="b", type=kind, version=1), kind)
    floor, ours = in_turns(
        5,
        lambda: cpu_seconds(lambda: _plain_loop(values)),
        lambda: cpu_seconds(lambda: worker(values)),
    )
    million = len(values) / 1e6
    return Measure(kind, million / ours, "M/s/core", million / floor, "hmac.digest in a loop")


def _plain_loop(values: pa.Array) -> list[bytes]:
    return [hmac.digest(SECRET, text.encode(), "sha256") for text in values.to_pylist()]
