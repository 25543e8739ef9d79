"""Serving the application: on the loopback unless the configuration names its hosts."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from sladd.config import Config
from sladd.errors import ConfigError, SourceError
from sladd.pipeline.bind import Bound

PORT = 8400

SWITCH_S = 0.001
"""How long one request may compute while another waits for its turn; Python's own is 0.005.

A page waits that long after every answer of the database while a report is made beside it: with
0.005 the inbox took 480 ms, with 0.001 350 ms, and the report of 20,000 fields 8 % longer
(medians on two shared cores).
"""


def listen(config: Config, host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        ConfigError: others could reach it, and no name is configured for that (SLADD-903).
        SourceError: the address cannot be used, perhaps as another program has it (SLADD-904).
    """
    if not is_loopback(host) and not config.review.hosts:
        raise ConfigError(
            "on that address others can reach the desk, and no name for it is configured",
            code=903,
            where=f"--host {host}",
            mend="review: {hosts: [sladd.example.no]} in sladd.yaml, and a proxy with https before it",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError):
        raise SourceError(
            "the desk cannot be opened there; another program may use the port",
            code=904,
            where=f"{host}, port {port}",
            mend=f"sladd review --port {port + 1 if 0 < port < 65_535 else PORT}",
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address(config: Config, host: str, port: int) -> str:
    """Where a browser finds the desk."""
    if config.review.hosts and not is_loopback(host):
        return f"https://{config.review.hosts[0]}"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(bound: Bound, listening: socket.socket, path: Path | None = None) -> None:
    """Answer until it is interrupted.

    Args:
        bound: the configuration.
        listening: where to answer.
        path: of the configuration's file, to follow its changes.

    No line is logged for a request: paths hold the tokens of first logins, and searches hold what
    people look for. What a proxy says of addresses is judged by `access.proxy`, not by uvicorn.
    """
    import uvicorn

    from sladd.review.app import make_app
    from sladd.review.warming import settle, warm

    app = make_app(bound, path)

    def make_ready() -> None:
        warm(app.state.desk)
        settle()

    sys.setswitchinterval(SWITCH_S)
    # Beside the first requests: the port is open already, and who comes at once need not wait.
    Thread(target=make_ready, name="warming", daemon=True).start()
    settings = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    with suppress(KeyboardInterrupt):  # how a server ends
        uvicorn.Server(settings).run(sockets=[listening])
