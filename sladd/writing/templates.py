"""The environment of every template: what it is handed is escaped, and what is missing is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sladd.writing.escaping import breakable, visible

if TYPE_CHECKING:
    from jinja2 import Environment


def templates(package: str, folder: str = "templates") -> Environment:
    """The templates that a package keeps.

    Compiling one takes longer than rendering it, so keep what comes of it.

    Args:
        package: such as `sladd.reports`.
        folder: within it; "." for its own.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["visible"] = visible
    made.filters["breakable"] = breakable
    return made
