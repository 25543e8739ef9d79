"""`python -m benchmarks.accuracy.texts [--set SET] [sladd.yaml]`: scores sladd's own span finder.

Without a configuration that of `data/samples` is used, without a set the first one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.texts import load, score
from benchmarks.accuracy.texts.load import SETS
from benchmarks.accuracy.texts.report import lines

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "sladd.yaml"


def main(arguments: Sequence[str]) -> None:
    """Print the scores of the finder that this configuration makes."""
    options = _options(arguments)
    from sladd.pipeline.bind import bind

    bound = bind(options.config)

    def predict(texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        return [
            [(s.start, s.end, s.category or s.type) for s in found]
            for found in bound.find_spans(texts)
        ]

    messages = load(options.set)
    print(f"set: {options.set}, {len(messages)} messages")
    print("\n".join(lines(score(messages, predict))))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.texts")
    parser.add_argument("config", nargs="?", type=Path, default=SAMPLES, help="a sladd.yaml")
    parser.add_argument("--set", choices=SETS, default="first", help="which messages to score")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
