"""`notify:` in `sladd.yaml`: who is told of what, and how they are reached.

Passwords and secrets never stand in the file: they are named, as a file with mode 0600 or as a
variable of the environment, and read at the moment they are used.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Topic = Literal["first_scan", "new", "changed", "reopened", "refused", "lapsing", "digest"]
"""What can be told: a first scan, new and changed personal data, reopened verdicts, a refused
publish, an assessment that ends, and the weekly digest."""

TOPICS: tuple[Topic, ...] = get_args(Topic)

# One addr-spec of plain ASCII (RFC 5322 §3.4.1), without anything that could end a header.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("not an e-mail address: write name@example.no, without a display name")
    return text


Address = Annotated[str, AfterValidator(_address)]


class MailConfig(_Model):
    """A mail server, and whom it takes mail to."""

    host: str = Field(min_length=1)
    port: int | None = Field(None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = Field(None, min_length=1)
    password_file: str | None = None
    password_env: str | None = None
    ca_file: str | None = None
    from_: Annotated[Address, Field(alias="from")]
    to: Annotated[list[Address], Field(min_length=1)]
    timeout_s: int = Field(20, ge=1, le=300)

    @model_validator(mode="after")
    def _safe(self) -> MailConfig:
        given = [p for p in (self.password_file, self.password_env) if p is not None]
        if (self.user is None) != (not given) or len(given) > 1:
            raise ValueError("user comes with exactly one of password_file, password_env")
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError("security: none is for a mail server on this machine only")
        return self

    @property
    def reached_at(self) -> int:
        """The port: as given, or the usual one (RFC 8314: 465 and 587)."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security]


class WebhookConfig(_Model):
    """An address that is posted to."""

    url: str = Field(repr=False)  # the address itself is often the secret
    secret_file: str | None = None
    secret_env: str | None = None
    ca_file: str | None = None
    timeout_s: int = Field(10, ge=1, le=300)

    @model_validator(mode="after")
    def _safe(self) -> WebhookConfig:
        try:
            parts = urlsplit(self.url)
            host = parts.hostname or ""
            _ = parts.port
        except ValueError:
            raise ValueError("url is no address") from None
        if parts.username or parts.password:
            raise ValueError("url holds a user or password; sign with secret_file instead")
        if not host or any(not c.isprintable() or c.isspace() for c in self.url):
            raise ValueError("url is no address")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
            raise ValueError("url starts with https://; http:// is for this machine only")
        if self.secret_file is not None and self.secret_env is not None:
            raise ValueError("a webhook has at most one of secret_file, secret_env")
        return self


class ChannelConfig(_Model):
    """One channel: exactly one of mail and webhook."""

    mail: MailConfig | None = None
    webhook: WebhookConfig | None = None
    tell: list[Topic] = Field(default_factory=lambda: list(TOPICS), min_length=1)
    language: Literal["nb", "en"] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> ChannelConfig:
        if (self.mail is None) == (self.webhook is None):
            raise ValueError("a channel has exactly one of mail, webhook")
        return self


class NotifyConfig(_Model):
    """Who is told."""

    language: Literal["nb", "en"] = "nb"
    link: str = ""  # where the officer's desk is, put at the end of a message
    remind_days: int = Field(30, ge=1, le=366)
    channels: dict[Annotated[str, Field(pattern=r"^[a-zæøå0-9_-]{1,40}$")], ChannelConfig] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _link(self) -> NotifyConfig:
        if self.link and not re.fullmatch(r"https?://[^\s\"'<>]+", self.link):
            raise ValueError("link is the web address of the officer's desk, https://…")
        return self

    def language_of(self, channel: str) -> str:
        """The language a channel is written to in."""
        return self.channels[channel].language or self.language
