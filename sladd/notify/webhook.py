"""Webhook: JSON posted over HTTPS, signed with HMAC-SHA-256, tried three times.

The signature covers the time and the body, so that a copy of a request is worthless later:
`Sladd-Signature: t=<unix seconds>,v1=<hex of HMAC-SHA-256(secret, t + "." + body)>`.
Source: RFC 2104.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from sladd.catalog import Notice
from sladd.channels import WebhookConfig, is_loopback
from sladd.errors import NotifyError
from sladd.notify.message import Message
from sladd.notify.secrets import Secret

PAUSES_S: tuple[float, ...] = (1.0, 4.0)
"""Seconds before the second and the third try."""
_LATER = {408, 425, 429, 500, 502, 503, 504}
"""Answers that another try may change (RFC 9110 §15, RFC 6585 §4, RFC 8470 §5.2)."""


def body(notices: Sequence[Notice], message: Message, *, delivery: str, organisation: str) -> bytes:
    """What is posted: the notices as data, and the message as text for chats that show `text`."""
    told = {
        "format": 1,
        "delivery": delivery,
        "sent": datetime.now(UTC).isoformat(timespec="seconds"),
        "organisation": organisation,
        "subject": message.subject,
        "text": message.text,
        "notices": [
            {
                "topic": notice.topic,
                "subject": notice.subject,
                "made": notice.made.isoformat() if notice.made else None,
                "facts": dict(notice.facts),
            }
            for notice in notices
        ],
    }
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def signature(secret: Secret, at: int, data: bytes) -> str:
    """The header's value for a body that is sent at a time."""
    mac = hmac.new(secret.reveal().encode(), b"%d." % at + data, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def post(
    data: bytes,
    config: WebhookConfig,
    secret: Secret | None,
    *,
    delivery: str,
    where: str,
    pauses_s: Sequence[float] = PAUSES_S,
) -> None:
    """Post until it is taken, three times at most.

    Args:
        data: from `body`.
        config: the address.
        secret: signs; None for no signature.
        delivery: the same at each try, so that the receiver can tell a repetition.
        where: the channel, for errors. The address itself may be a secret, and is in none.
        pauses_s: seconds before each further try.

    Raises:
        NotifyError: nobody answers (SLADD-947), or the answer is no (SLADD-948).
    """
    opener = _opener(config)
    fault: NotifyError | None = None
    for pause in (0.0, *pauses_s):
        time.sleep(pause)
        at = int(time.time())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "sladd",
            "Sladd-Delivery": delivery,
        }
        if secret is not None:
            headers["Sladd-Signature"] = signature(secret, at, data)
        # The scheme was checked when sladd.yaml was read: https, or http to this machine.
        request = urllib.request.Request(config.url, data, headers, method="POST")  # noqa: S310
        try:
            with opener.open(request, timeout=config.timeout_s):
                return
        except urllib.error.HTTPError as answer:
            fault = _refused(answer.code, where)
            answer.close()
            if answer.code not in _LATER:
                raise fault from None
        except (OSError, HTTPException, ValueError) as broken:
            why = type(getattr(broken, "reason", None) or broken).__name__
            fault = NotifyError(
                f"the webhook does not answer ({why})",
                code=947,
                where=where,
                mend="check it with: sladd notify test",
            )
    assert fault is not None  # noqa: S101 - each try returned or left one
    raise fault


def _refused(status: int, where: str) -> NotifyError:
    moved = 300 <= status < 400
    return NotifyError(
        "the webhook sends us on to another address, and is not followed"
        if moved
        else f"the webhook answers with {status}",
        code=948,
        where=where,
        mend="write the final address into sladd.yaml" if moved else "look at the receiver's log",
    )


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: another host would be handed what was meant for this one."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Nowhere."""


def _opener(config: WebhookConfig) -> urllib.request.OpenerDirector:
    own = is_loopback(urlsplit(config.url).hostname or "")
    none: Mapping[str, str] = {}
    return urllib.request.build_opener(
        _Stay,
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=config.ca_file)),
        # This machine is not asked for through a proxy.
        *((urllib.request.ProxyHandler(dict(none)),) if own else ()),
    )
