"""The token that a form carries: bound to the session, so that no other site can know it."""

from __future__ import annotations

import base64
import hashlib
import hmac


def form_token(session: str) -> str:
    """The token of a session's forms."""
    mac = hmac.digest(session.encode(), b"sladd review form", hashlib.sha256)
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def belongs(given: str, session: str) -> bool:
    """Whether a form's token is that of the session; as slow for a wrong one as for a right one."""
    return hmac.compare_digest(given.encode(), form_token(session).encode())
