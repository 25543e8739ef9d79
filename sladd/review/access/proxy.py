"""Somebody whom a trusted proxy vouches for: by its address *and* a secret that both know.

An address alone can be borrowed by any process on the same machine, and a secret alone can leak.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

from fastapi import Request

from sladd.config import Config
from sladd.errors import ConfigError

SHORTEST_SECRET = 32  # characters: 128 bits in hexadecimal


@dataclass(frozen=True)
class Proxy:
    """The proxy of the configuration."""

    addresses: frozenset[IPv4Address | IPv6Address]
    secret: bytes = field(repr=False)
    secret_header: str
    user_header: str
    role_header: str


@dataclass(frozen=True)
class Vouched:
    """Whom the proxy lets in, and the token of the session."""

    name: str
    role: str
    token: str = field(repr=False)


def read_proxy(config: Config) -> Proxy | None:
    """The proxy with its secret; None when the configuration names none.

    Raises:
        ConfigError: the secret cannot be read, or is too short (SLADD-906), or others may read it
            (907).
    """
    wanted = config.review.proxy
    if wanted is None:
        return None
    path = config.path(wanted.secret_file)
    where = "review.proxy.secret_file in sladd.yaml"
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "the secret of the proxy cannot be read",
            code=906,
            where=where,
            mend=f"openssl rand -hex 32 > {path.name}; chmod 600 {path.name}",
        ) from None
    if mode & 0o077:
        raise ConfigError(
            "others may read the secret of the proxy",
            code=907,
            where=where,
            mend=f"chmod 600 {path.name}",
        )
    if len(text) < SHORTEST_SECRET:
        raise ConfigError(
            f"the secret of the proxy is shorter than {SHORTEST_SECRET} characters",
            code=906,
            where=where,
            mend=f"openssl rand -hex 32 > {path.name}",
        )
    return Proxy(
        frozenset(wanted.addresses),
        text.encode(),
        wanted.secret_header,
        wanted.user_header,
        wanted.role_header,
    )


def is_trusted(request: Request, proxy: Proxy | None) -> bool:
    """Whether the request comes from the proxy itself."""
    if proxy is None or request.client is None:
        return False
    try:
        peer = ip_address(request.client.host)
    except ValueError:
        return False
    given = _only(request, proxy.secret_header).encode("utf-8")
    return hmac.compare_digest(given, proxy.secret) and peer in proxy.addresses


def came_over_https(request: Request) -> bool:
    """Whether the proxy says that the browser speaks https with it."""
    return _only(request, "X-Forwarded-Proto") == "https"


def vouched(request: Request, proxy: Proxy | None) -> Vouched | None:
    """Whom the proxy lets in with this request; None when it is not the proxy, or names nobody."""
    if proxy is None or not is_trusted(request, proxy):
        return None
    name = _only(request, proxy.user_header)
    role = _only(request, proxy.role_header).lower()
    if not name or not role:
        return None
    text = f"{len(name)}:{name}:{role}".encode()
    mac = hmac.digest(proxy.secret, b"sladd review session " + text, hashlib.sha256)
    return Vouched(name, role, base64.urlsafe_b64encode(mac).decode())


def _only(request: Request, header: str) -> str:
    """A header that stands once; "" for one that stands twice: one of them is not the proxy's."""
    given = request.headers.getlist(header)
    if len(given) != 1:
        return ""
    # Servers hand headers on as latin-1; what proxies write is UTF-8.
    raw = given[0].encode("latin-1", "replace")
    return raw.decode("utf-8", "replace").strip()
