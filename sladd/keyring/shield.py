"""Faults that arise beside a key, without the frames in which it lay.

A trace that is logged with its local variables would show the text of a key file.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def shielded(work: Callable[P, T]) -> Callable[P, T]:
    """The same function; what it raises carries no frame of its own, and no cause."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except Exception as error:
            fault = error.with_traceback(None)
        fault.__cause__ = fault.__context__ = None
        raise fault

    return run
