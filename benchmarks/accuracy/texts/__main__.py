"""`python -m benchmarks.accuracy.texts [sladd.yaml]`: scores sladd's own span finder.

Without a configuration that of `data/samples` is used.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.texts import load, score
from benchmarks.accuracy.texts.report import lines

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "sladd.yaml"


def main(arguments: Sequence[str]) -> None:
    """Print the scores of the finder that this configuration makes."""
    from sladd.pipeline.bind import bind

    bound = bind(Path(arguments[0]) if arguments else SAMPLES)
    for model in bound.missing_models:
        print(f"not installed, so names were not looked for with it: {model}")

    def predict(texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        return [
            [(s.start, s.end, s.category or s.type) for s in found]
            for found in bound.find_spans(texts)
        ]

    print("\n".join(lines(score(load(), predict))))


if __name__ == "__main__":
    main(sys.argv[1:])
