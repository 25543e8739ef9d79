"""`gate.against_source`: what only the source can tell of a release, asked before the switch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from sladd.gate.leaks.hashes import Hashes
from sladd.gate.leaks.needles import Needles
from sladd.gate.leaks.release import Made
from sladd.gate.leaks.rows import check_rows
from sladd.gate.leaks.search import find_leaks
from sladd.gate.leaks.shapes import Original
from sladd.gate.leaks.surrogates import Other, check_surrogates
from sladd.model import Check, GateResult
from sladd.release import Manifest

Reread = Callable[[], Iterable[tuple[Original, pa.Array]]]
"""Gives the looked-for columns of the source once more, batch by batch, from the same snapshot."""


def against_source(
    folder: Path,
    manifest: Manifest,
    needles: Needles,
    *,
    columns: Sequence[Made],
    persons: Mapping[str, str] | None = None,
    reread: Reread | None = None,
    others: Sequence[Other] = (),
) -> GateResult:
    """Check a release against the source that it was made from.

    Args:
        folder: of the release, its documents and manifest written.
        manifest: of the release.
        needles: what was taken from the source while it was read; closing them is the caller's.
        columns: what the plan says of every column.
        persons: table → column that holds the pseudonym of each row's person.
        reread: for hashes of originals; None leaves that question open.
        others: releases that stand, for surrogates in both.
    """
    named = (manifest.policy_sha256, manifest.key_id, manifest.signed_by, manifest.version)
    hashes = Hashes([*named, *manifest.snapshot.values(), *(f.sha256 for f in manifest.all_files)])
    checks = find_leaks(folder, manifest, needles, columns, persons or {}, hashes)
    open_ = []
    if hashes.any and reread is not None:
        checks += hashes.checks(reread())
    elif hashes.any:
        open_.append("whether a hash in the output is one of an original (needs the source)")
    else:
        checks.append(Check("unsalted hashes", True, "nothing in the cells looks like a hash"))
    if hashes.full:
        open_.append("every hash-shaped value of the output: there are too many to hold")
    checks += check_rows(folder, manifest, columns, persons or {})
    checks += check_surrogates(folder, manifest, others)
    return GateResult(tuple(checks), tuple(open_))
