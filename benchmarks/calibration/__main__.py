"""Fit the confidence again: `python -m benchmarks.calibration`.

Prints the parameters for `detectors/columns/calibration.toml` and the reliability of columns
whose table the model did not see.
"""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks.calibration.fit import FAMILIES, expected_error, fit, held_out, observe


def main() -> None:
    """Scan, fit, print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tables", type=int, default=400)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--ridge", type=float, default=4.0)
    options = asked.parse_args()
    seen = list(observe(range(options.tables), options.seed))
    x = np.array([o.sums for o in seen])
    y = np.array([o.right for o in seen], dtype=np.float64)
    beta = fit(x, y, options.ridge)
    print(f"{len(seen)} candidates of {options.tables} tables, {int(y.sum())} right")
    print(f"intercept = {beta[0]:.2f}")
    for family, slope in zip(FAMILIES, beta[1:], strict=True):
        print(f"{family} = {slope:.2f}")
    p, truth = held_out(seen, options.folds, options.ridge)
    print(f"{len(p)} columns, expected calibration error {expected_error(p, truth):.3f}")
    for low in np.arange(0, 1, 0.1):
        chosen = (p >= low) & ((p < low + 0.1) | (low > 0.89))
        if chosen.any():
            print(f"said {p[chosen].mean():.2f} true {truth[chosen].mean():.2f} n {chosen.sum()}")


if __name__ == "__main__":
    main()
