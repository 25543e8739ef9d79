"""What the README claims, as commands: `python -m benchmarks --rows 10000`."""

NAMES = (
    "accuracy",
    "ner",
    "discover",
    "peers",
    "texts",
    "publish",
    "pseudonyms",
    "anonymity",
    "ciphers",
    "cluster",
    "postgres",
    "vault",
    "memory",
    "growth",
    "leaks",
    "cli",
    "documents",
    "desk",
)
"""Every benchmark: a module of this package with `run(rows, folder) -> tuple[Measure, …]`."""
