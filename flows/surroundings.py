"""What every flow needs around it: quiet settings, secrets, and a border no value crosses.

Prefect stores parameters, run names, exception messages, logs and artifacts in clear
(docs/decisions/0003). So parameters are references, names come from addresses, and a fault
leaves a flow as one line without its cause.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sladd.errors import SladdError


def prepare() -> None:
    """Settings that must stand before Prefect is imported; what the user set wins."""
    for name, value in {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # The embedded server needs 15-20 s; Prefect gives up after 20.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
    }.items():
        os.environ.setdefault(name, value)


@contextmanager
def border() -> Iterator[None]:
    """Let no foreign exception out: its message could quote a value."""
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
    except ValueError:
        return None
    value = block.get()  # type: ignore[union-attr]
    return value if isinstance(value, str) else None
