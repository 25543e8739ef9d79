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
    given = request.headers.get(proxy.secret_header, "").encode("latin-1", "replace")
    return hmac.compare_digest(given, proxy.secret) and peer in proxy.addresses


def vouched(request: Request, proxy: Proxy | None) -> Vouched | None:
    """Whom the proxy lets in with this request; None when it is not the proxy, or names nobody."""
    if proxy is None or not is_trusted(request, proxy):
        return None
    name = request.headers.get(proxy.user_header, "").strip()
    role = request.headers.get(proxy.role_header, "").strip().lower()
    if not name or not role:
        return None
    text = f"{len(name)}:{name}:{role}".encode("utf-8", "replace")
    mac = hmac.digest(proxy.secret, b"sladd review session " + text, hashlib.sha256)
    return Vouched(name, role, base64.urlsafe_b64encode(mac).decode())
