"""What a manifest says of the three tests, counted anew from the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from sladd.errors import GateError
from sladd.gate.measured import Measured
from sladd.gate.wp216 import Written, answers_as_checks, folder_pattern, three_tests
from sladd.model import Check
from sladd.release import Manifest
from sladd.release.paths import table_folder
from sladd.release.wp216 import Wp216


def check_measures(
    folder: Path, manifest: Manifest, measured: Measured | None = None
) -> Iterator[Check]:
    """Singling out, inference and the joins between tables; other releases are not at hand.

    Args:
        folder: of the release.
        manifest: of the release; one without measures has nothing to check.
        measured: what is known of the files already.
    """
    if "wp216" not in manifest.risk:
        return
    try:
        said = Wp216.model_validate(manifest.risk["wp216"])
    except ValidationError:
        yield Check("measures", False, "risk.wp216 is not as its format says")
        return
    sensitive: dict[str, tuple[str, ...]] = {}
    for guess in said.inference:
        sensitive[guess.table] = (*sensitive.get(guess.table, ()), guess.column)
    # Whose rows are whose is not in the files: such a table was measured inside the publish alone.
    hidden = {one.table for one in said.singling_out if one.several}
    tables = [
        Written(
            table=one.table,
            path=folder_pattern(folder / table_folder(one.table)),
            quasi=one.columns,
            sensitive=sensitive.get(one.table, ()),
        )
        for one in said.singling_out
        if one.table not in hidden
    ]
    try:
        found = three_tests(tables, said.thresholds, measured=measured)
    except GateError:
        yield Check("measures", False, "a table cannot be read, or lacks a column")
        return
    yield from answers_as_checks(found)
    inside = tuple(
        one
        for one in said.linkability
        if not one.other_release and not {one.table, one.other_table} & hidden
    )
    alone = tuple(one for one in said.singling_out if one.table not in hidden)
    guessed = tuple(one for one in said.inference if one.table not in hidden)
    for name, mine, theirs in (
        ("singling out", found.singling_out, alone),
        ("linkability", found.linkability, inside),
        ("inference", found.inference, guessed),
    ):
        same = mine == theirs
        detail = "as the manifest says" if same else "other numbers than the manifest says"
        yield Check("measures", same, f"{name}: {detail}")
