"""What stands around every request: its host and size are checked, its answer gets the headers.

It is the outermost layer of our own, so that errors too leave with the headers, and say nothing of
the inside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sladd.review.access.cookies import YEAR_S
from sladd.review.access.proxy import Proxy, came_over_https, is_trusted

MOST_BYTES = 1_000_000  # of a request: the longest form is a processing activity, some kilobytes
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` would make browsers send `Origin: null` with our own forms (Fetch §3.1), and
    # their origin is checked; other sites are sent nothing either way.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

log = logging.getLogger(__name__)


class Guard:
    """Checks each request before anything reads it, and dresses each answer.

    Args:
        app: what is guarded.
        hosts: names by which the application may be reached, besides the loopback ones.
        proxy: the trusted proxy, which says whether the browser came over https.
        error_page: (request, status, key) → a page that says so.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str],
        proxy: Proxy | None,
        error_page: Callable[[Request, int, str], Response],
    ) -> None:
        self._app = app
        self._hosts = LOOPBACK | {host.lower() for host in hosts}
        self._proxy = proxy
        self._error_page = error_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if is_trusted(request, self._proxy) and came_over_https(request):
            scope["scheme"] = "https"
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _dress(MutableHeaders(scope=message), scope)
            await send(message)

        refused = self._refused(request)
        if refused is not None:
            await self._error_page(request, *refused)(scope, receive, dressed)
            return
        try:
            await self._app(scope, _bounded(receive), dressed)
        except _TooLarge:
            if not started:
                await self._error_page(request, 413, "error.large")(scope, receive, dressed)
        except Exception as fault:
            # The message of a foreign exception may hold anything; its kind does not.
            log.error("SLADD-999: a fault in sladd itself (%s)", type(fault).__name__)  # noqa: TRY400
            if not started:
                await self._error_page(request, 500, "error.inside")(scope, receive, dressed)

    def _refused(self, request: Request) -> tuple[int, str] | None:
        if host_of(request.headers.get("host", "")) not in self._hosts:
            return 421, "error.host"
        length = request.headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:12]) > MOST_BYTES:
            return 413, "error.large"
        return None


class _TooLarge(Exception):
    """A body without a length went on and on."""


def host_of(header: str) -> str:
    """The host in a `Host` header, without its port.

    >>> host_of("Localhost:8400"), host_of("[::1]:8400")
    ('localhost', '[::1]')
    """
    name = header.strip().lower()
    if name.startswith("["):
        return name.partition("]")[0] + "]"
    return name.partition(":")[0]


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise _TooLarge
        return message

    return bounded


def _dress(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    # Style and script are the same for everyone: the browser asks whether they have changed.
    static = scope["path"].startswith("/static/")
    headers["Cache-Control"] = "no-cache" if static else "no-store"
    if scope.get("scheme") == "https":
        headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
