"""Fit the confidence again: `python -m benchmarks.calibration`.

Prints the parameters for `detectors/columns/calibration.toml`, the reliability of columns whose
system the model did not see, precision and recall of each category, and the worst errors.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

import numpy as np

from benchmarks.calibration.fit import (
    FAMILIES,
    Column,
    Numbers,
    expected_error,
    fit,
    held_out,
    observe,
    stacked,
)
from detectors.columns.weighing import calibration


def main() -> None:
    """Scan, fit, print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tables", type=int, default=400)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--folds", type=int, default=5)
    asked.add_argument("--ridge", type=float, default=4.0)
    asked.add_argument("--errors", type=int, default=10)
    asked.add_argument("--unseen", action="store_true", help="systems no word was written for")
    options = asked.parse_args()
    source = "unseen.txt" if options.unseen else "systems.txt"
    columns = list(observe(range(options.tables), options.seed, source))
    x, y, _ = stacked(columns)
    beta = fit(x, y, options.ridge)
    print(f"{len(columns)} columns, {len(x)} candidates of {options.tables} tables")
    print(f"intercept = {beta[0]:.2f}")
    for family, slope in zip(FAMILIES, beta[1:], strict=True):
        print(f"{family} = {slope:.2f}")
    p, category = held_out(columns, options.folds, options.ridge)
    print("\nA model that never saw the system:")
    true = np.array([c == o.truth for c, o in zip(category, columns, strict=True)], float)
    _reliability(p[p > 0], true[p > 0])
    stated = np.array([o.stated for o in columns])
    right = np.array([o.found == o.truth for o in columns], float)
    print("\nAs shipped, of what is found:")
    _reliability(stated[stated > 0], right[stated > 0])
    _by_category(columns)
    for mode in ("clear", "obscured", "mixed"):
        _line(mode, [c for c in columns if c.mode == mode])
    _worst(columns, options.errors)


def _reliability(p: Numbers, truth: Numbers) -> None:
    print(f"{len(p)} columns, expected calibration error {expected_error(p, truth):.3f}")
    for low in np.arange(0, 10) / 10:
        chosen = (p >= low) & ((p < low + 0.1) | (low > 0.89))
        if chosen.any():
            print(f"  said {p[chosen].mean():.2f} true {truth[chosen].mean():.2f} n {chosen.sum()}")


def _by_category(columns: Sequence[Column]) -> None:
    print(f"\n{'category':50} {'P':>6} {'R':>6} {'F1':>6} {'n':>5}")
    for category in sorted({c.truth for c in columns} | {c.found for c in columns} - {""}):
        if category:
            _score(category, columns, {category})
    _line("all", columns)


def _line(name: str, columns: Sequence[Column]) -> None:
    _score(name, columns, {c.truth for c in columns} | {c.found for c in columns} - {""})


def _score(name: str, columns: Sequence[Column], chosen: set[str]) -> None:
    chosen = chosen - {""}
    hit = sum(c.found == c.truth for c in columns if c.truth in chosen)
    said = sum(c.found in chosen for c in columns)
    there = sum(c.truth in chosen for c in columns)
    precision, recall = hit / said if said else 1.0, hit / there if there else 1.0
    f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
    print(f"{name:50} {precision:6.3f} {recall:6.3f} {f1:6.3f} {there:5}")


def _worst(columns: Sequence[Column], most: int) -> None:
    wrong = sorted((c for c in columns if c.found not in {"", c.truth}), key=lambda c: -c.stated)
    print(f"\nWorst errors of {len(wrong)}, by confidence:")
    for c in wrong[:most]:
        print(f"  {c.stated:.2f} {c.found} for {c.truth or 'none'}: {c.where} {c.kind} ({c.rows})")
    missed = Counter((c.kind, c.truth, c.mode) for c in columns if c.truth and not c.found)
    print(f"\nMissed, {sum(missed.values())}:")
    for (kind, truth, mode), n in missed.most_common(most):
        print(f"  {n} × {kind} ({truth}), {mode}")
    for c in [c for c in columns if c.truth and not c.found][: 3 * most]:
        print(f"  missed {c.where} {c.kind} ({c.rows}) {c.mode} {c.choices}")
    print(f"threshold {calibration().threshold}")


if __name__ == "__main__":
    main()
