"""Results as a table for people: on the terminal, and in `benchmarks/README.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.result import Measure, Result

HEAD = ("benchmark", "what", "measured", "floor or peer", "ratio", "goal", "ok")
_TOP = """# Benchmarks

Written by `python -m benchmarks --write`; do not edit. Ratios and floors are from one run on one
machine; the goals are stated for 1,000,000 rows, and smaller runs have slack of two.

```
make bench ROWS=10000           # a quick look
python -m benchmarks discover --rows 200000
```
"""


def cells(result: Result, measure: Measure) -> tuple[str, ...]:
    """One line of the table."""
    floor, ratio = measure.floor, measure.ratio
    return (
        result.name,
        measure.what,
        f"{measure.value:.3g} {measure.unit}",
        "" if floor is None else f"{measure.floor_is}: {floor:.3g} {measure.unit}",
        "" if ratio is None else f"{ratio:.2f}×",
        measure.goal.text(result.rows, measure.unit) if measure.goal else "reported",
        "yes" if measure.ok(result.rows) else "NO",
    )


def terminal(results: Sequence[Result]) -> str:
    """The table in columns, then the notes."""
    rows = [HEAD, *(cells(r, m) for r in results for m in r.measures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]
    for result in results:
        for measure in result.measures:
            if measure.notes:
                lines += ["", f"{result.name} · {measure.what}"]
                lines += [f"  {note}" for note in measure.notes]
    return "\n".join(lines)


def markdown(runs: Sequence[tuple[Result, Mapping[str, str]]]) -> str:
    """The committed page: every result with the machine and the day it was measured on."""
    parts = [_TOP]
    for result, about in runs:
        parts.append(f"\n## {result.name}\n")
        parts.append(
            f"{result.rows:,} rows · {result.seconds:.0f} s · "
            f"{result.peak_bytes / 1e6:.0f} MB at the peak of the benchmark's process\n\n"
        )
        parts.append(_row(HEAD[1:]) + _row(["---"] * 6))
        parts += [_row(cells(result, measure)[1:]) for measure in result.measures]
        for measure in result.measures:
            if measure.notes:
                parts.append(f"\n{measure.what}:\n```\n" + "\n".join(measure.notes) + "\n```\n")
            if measure.goal and measure.goal.why:
                parts.append(f"\nFixed in smaller runs: {measure.goal.why}.\n")
        parts.append("\n" + " · ".join(f"{key} {value}" for key, value in about.items()) + "\n")
    return "".join(parts)


def _row(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
