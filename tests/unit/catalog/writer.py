"""A writer for the tests of two at once: `python writer.py URL ROOT NAME ROUNDS`.

It scans a source of its own and the shared one, and decides on the shared field, as fast as it can.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sladd.catalog import open_catalog
from sladd.model import Decision
from tests.unit.catalog.scanned import EMAIL, field, scan, table


def main(url: str, root: str, name: str, rounds: int) -> None:
    with open_catalog(url, root=Path(root)) as catalog:
        for number in range(rounds):
            own = table("own", field("own", f"c{number}", EMAIL, source=name), source=name)
            scan(catalog, own, source=name)
            scan(catalog, table("t", field("t", "c", EMAIL)))
            catalog.verdicts.decide("shop/t.c", Decision.CONFIRMED, reason=str(number), by=name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
