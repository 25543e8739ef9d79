"""Delivery: what waits in the outbox, to every channel. Nothing here fails its caller."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sladd.catalog import Catalog, Claim, Notice
from sladd.channels import ChannelConfig
from sladd.config import Config
from sladd.errors import NotifyError, SladdError
from sladd.notify.mail import letter, send_mail
from sladd.notify.message import compose
from sladd.notify.secrets import read_secret
from sladd.notify.webhook import body, post


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the notices of one channel.

    Attributes:
        channel: its name in sladd.yaml.
        notices: how many there were.
        fault: why they were not told; None when they were.
        refused: recipients of a mail that the server did not take, while it took others.
    """

    channel: str
    notices: int
    fault: SladdError | None = None
    refused: int = 0


def deliver(catalog: Catalog, config: Config, *, by: str) -> tuple[Delivery, ...]:
    """Tell every channel what waits for it; what fails waits for the next run.

    Args:
        catalog: its outbox is emptied, and its audit trail says who was told.
        config: the channels.
        by: who tells, for the audit trail.
    """
    done = []
    for name, channel in config.notify.channels.items():
        claim = catalog.outbox.take(name)
        if claim.notices:
            done.append(_one(catalog, config, channel, claim, by))
    return tuple(done)


def send_test(config: Config, name: str) -> None:
    """Send a test message through one channel.

    Raises:
        NotifyError: it failed (SLADD-941…949).
    """
    at = datetime.now(UTC)  # in its key, so that no mailbox takes it for the test before
    notice = Notice(f"test:{name}:{at.isoformat()}", "test", name, made=at)
    _send(config, name, config.notify.channels[name], (notice,))


def _one(
    catalog: Catalog, config: Config, channel: ChannelConfig, claim: Claim, by: str
) -> Delivery:
    refused, fault = 0, None
    try:
        refused = _send(config, claim.channel, channel, claim.notices)
    except SladdError as error:
        fault = error
    except Exception as error:
        # Whatever a library dies of, a scan goes on; its message could hold anything.
        fault = NotifyError(
            f"the message could not be sent ({type(error).__name__})",
            code=949,
            where=f"channel {claim.channel}",
            mend="sladd --debug notify test",
        )
    except BaseException:
        catalog.outbox.failed(claim, 949)  # interrupted: it waits, and nobody is told twice
        raise
    if fault is None:
        catalog.outbox.told(claim)
    else:
        catalog.outbox.failed(claim, fault.code)
    detail = {"notices": len(claim.notices), "code": fault.code if fault else 0}
    action = "notify" if fault is None else "notify.failed"
    catalog.audit.append(action, claim.channel, by, detail)
    return Delivery(claim.channel, len(claim.notices), fault, refused)


def _send(config: Config, name: str, channel: ChannelConfig, notices: Sequence[Notice]) -> int:
    lang = config.notify.language_of(name)
    where = f"channel {name}"
    message = compose(notices, lang, organisation=config.organisation, link=config.notify.link)
    delivery = delivery_id(name, notices)
    if channel.mail is not None:
        mail = channel.mail
        file = config.path(mail.password_file) if mail.password_file else None
        password = read_secret(file, mail.password_env, where=where)
        mail = mail.model_copy(update={"ca_file": _path(config, mail.ca_file)})
        return send_mail(
            letter(message, mail, delivery=delivery, language=lang), mail, password, where
        )
    hook = channel.webhook
    assert hook is not None  # noqa: S101 - a channel is one of the two
    file = config.path(hook.secret_file) if hook.secret_file else None
    secret = read_secret(file, hook.secret_env, where=where)
    data = body(notices, message, delivery=delivery, organisation=config.organisation)
    hook = hook.model_copy(update={"ca_file": _path(config, hook.ca_file)})
    post(data, hook, secret, delivery=delivery, where=where)
    return 0


def _path(config: Config, text: str | None) -> str | None:
    return None if text is None else str(config.path(text))


def delivery_id(channel: str, notices: Sequence[Notice]) -> str:
    """The same for the same notices to the same channel."""
    keys = "\n".join([channel, *sorted(notice.key for notice in notices)])
    return hashlib.sha256(keys.encode()).hexdigest()[:32]
