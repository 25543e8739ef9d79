"""`python -m data.samples.generator --customers 400 --seed 1 --out DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .shop import MOST_CUSTOMERS, SMALLEST_SHOP, generate


def main(arguments: list[str] | None = None) -> int:
    """Write one shop and say where it is."""
    parser = argparse.ArgumentParser(
        prog="python -m data.samples.generator",
        description="Write a synthetic Norwegian web shop with its ground truth.",
        epilog="example: python -m data.samples.generator --customers 400 --seed 1 --out shop",
    )
    parser.add_argument(
        "--customers",
        type=int,
        default=400,
        help=f"{SMALLEST_SHOP} to {MOST_CUSTOMERS:,}; everything else grows with it",
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same shop")
    parser.add_argument("--out", type=Path, required=True, help="directory; made if missing")
    parser.add_argument(
        "--only-database",
        action="store_true",
        help="no export files and documents beside the database",
    )
    parser.add_argument(
        "--parquet", action="store_true", help="customers and orders as Parquet as well"
    )
    chosen = parser.parse_args(arguments)
    if not SMALLEST_SHOP <= chosen.customers <= MOST_CUSTOMERS:
        parser.error(f"--customers must be {SMALLEST_SHOP} to {MOST_CUSTOMERS}")
    generate(
        chosen.out,
        chosen.customers,
        chosen.seed,
        only_database=chosen.only_database,
        parquet=chosen.parquet,
    )
    sys.stdout.write(f"wrote a shop of {chosen.customers} customers to {chosen.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
