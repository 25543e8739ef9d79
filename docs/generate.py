"""Write `docs/reference/` from the code, or check that it is up to date.

    python -m docs.generate            write the pages
    python -m docs.generate --check    exit 1 when a page on disk differs from the code

`formats.md` in the same folder is written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from docs.pages import (
    categories,
    commands,
    configuration,
    errors,
    policy,
    recognizers,
    transforms,
)

REFERENCE = Path(__file__).resolve().parent / "reference"

PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands.page,
    "configuration.md": configuration.page,
    "categories.md": categories.page,
    "recognizers.md": recognizers.page,
    "transforms.md": transforms.page,
    "policy.md": policy.page,
    "errors.md": errors.page,
}


def stale(
    folder: Path = REFERENCE, pages: Mapping[str, Callable[[], str]] = PAGES
) -> list[str]:
    """Names of pages that are missing or differ from what the code says."""
    return [
        name
        for name, page in pages.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != page()
    ]


def write(
    folder: Path = REFERENCE, pages: Mapping[str, Callable[[], str]] = PAGES
) -> list[Path]:
    """Write every page; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (folder / name).write_text(page(), encoding="utf-8")
    return [folder / name for name in pages]


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0, or 1 when a checked page is stale."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m docs.generate [--check]\n")
        return 2
    if not arguments:
        for path in write():
            sys.stdout.write(f"wrote docs/reference/{path.name}\n")
        return 0
    behind = stale()
    for name in behind:
        sys.stderr.write(f"docs/reference/{name} differs from the code: python -m docs.generate\n")
    return 1 if behind else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
