"""What every flow needs around it: quiet settings, secrets, and a border no value crosses.

Prefect stores parameters, run names, exception messages, logs and artifacts in clear
(docs/decisions/0003). So parameters are references, names come from addresses, and a fault
leaves a flow as one line without its cause.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sladd.errors import SladdError

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


def prepare() -> None:
    """Settings that must stand before Prefect is imported; what the user set wins.

    In a worker Prefect is there first, so what concerns logs holds for the command line only.
    """
    for name, value in {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # The embedded server needs 15-20 s; Prefect gives up after 20.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        # A failing flow is told by its error, once; Prefect would print its trace before.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    }.items():
        os.environ.setdefault(name, value)


@contextmanager
def border() -> Iterator[None]:
    """Let no foreign exception out: its message could quote a value.

    Raises:
        SladdError: in place of any other exception, with the name of its type (SLADD-999).
    """
    try:
        yield
    except SladdError as fault:
        raise fault from None
    except Exception as fault:
        raise SladdError(
            f"a fault in sladd itself ({type(fault).__name__})",
            code=999,
            mend="run the same with the command line and --debug",
        ) from None


def secret(name: str) -> str | None:
    """A secret block of Prefect for `${NAME}`: SHOP_PASSWORD is the block `shop-password`."""
    from prefect.blocks.system import Secret

    try:
        block = Secret.load(name.lower().replace("_", "-"))
    except ValueError:  # there is none: the environment is asked next
        return None
    value = block.get()  # type: ignore[union-attr]
    return value if isinstance(value, str) else None


def artifact_key(kind: str, name: str) -> str:
    """A key as Prefect wants it: a-z, 0-9 and dashes. Names that differ keep different keys."""
    plain = _NOT_IN_KEYS.sub("-", name.lower()).strip("-")
    if plain != name:
        plain = f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".strip("-")
    return f"sladd-{kind}-{plain}"
