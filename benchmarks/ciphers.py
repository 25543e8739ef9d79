"""Values that are encrypted or moved within their format, a second and core, all distinct."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from benchmarks.measure import cpu_seconds, in_turns
from benchmarks.result import Goal, Measure
from sladd.keyring import DerivedKey
from transforms.encrypt import Encrypter
from transforms.format_preserving import DigitEncrypter

SECRET = bytes(range(32))
MOST = 1_000_000
FLOOR_VALUES = 50_000  # of the peer, which takes one value at a time
SHORT = Goal(3.0, on="value", kind="at least", full_only=True)
LONGER = Goal(0.5, on="value", kind="at least", full_only=True)
DIGITS = Goal(1.0, on="value", kind="at least", full_only=True)
PEER = "AESSIV of cryptography in a loop"


def run(rows: int, folder: Path) -> tuple[Measure, ...]:  # noqa: ARG001 - writes nothing
    """Millions of values a second of processor time."""
    count = min(rows, MOST)
    short = pa.array([f"{100_000_000 + n}" for n in range(count)])
    mails = pa.array([f"Person.{n}@Subdomain.Example.no" for n in range(count)])
    accounts = pa.array([f"{10_000_000_000 + 7_919 * n}" for n in range(count)])
    keys = Encrypter(_key("row_key"), "row_key")
    spelled = Encrypter(_key("email"), "email")
    digits = DigitEncrypter(_key("row_key"), "row_key")
    peer = AESSIV(SECRET * 2)

    def loop() -> float:
        some = [text.encode() for text in short.slice(0, FLOOR_VALUES).to_pylist()]
        return cpu_seconds(lambda: [peer.encrypt(text, []) for text in some]) / len(some)

    floor, one, other, moved = in_turns(
        5,
        loop,
        lambda: cpu_seconds(lambda: keys(short)) / count,
        lambda: cpu_seconds(lambda: spelled(mails)) / count,
        lambda: cpu_seconds(lambda: digits(accounts)) / count,
    )
    unit = "M/s/core"
    return (
        Measure(
            f"encrypt {count:,} keys of 9 bytes", _million(one), unit, _million(floor), PEER, SHORT
        ),
        Measure(
            f"encrypt {count:,} e-mail addresses, brought into one spelling",
            _million(other),
            unit,
            _million(floor),
            PEER,
            LONGER,
        ),
        Measure(f"FF1 over {count:,} numbers of 11 digits", _million(moved), unit, goal=DIGITS),
    )


def _million(seconds: float) -> float:
    return 1e-6 / seconds


def _key(kind: str) -> DerivedKey:
    return DerivedKey(SECRET, domain="b", type=kind, version=1)
