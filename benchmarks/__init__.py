"""What the README claims, as commands: `python -m benchmarks --rows 10000`."""

NAMES = ("accuracy", "discover", "peers", "publish", "pseudonyms", "memory", "cli")
"""Every benchmark: a module of this package with `run(rows, folder) -> tuple[Measure, …]`."""
