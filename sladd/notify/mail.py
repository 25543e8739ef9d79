"""Mail: SMTP with TLS from the start or by STARTTLS; text and HTML.

Source: RFC 5321, RFC 8314 (TLS), RFC 3834 (`Auto-Submitted`).
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sladd.channels import MailConfig
from sladd.errors import NotifyError
from sladd.notify.message import Message
from sladd.notify.secrets import Secret


def letter(message: Message, config: MailConfig, *, delivery: str, language: str) -> EmailMessage:
    """The message as mail. `EmailMessage` refuses a header with a line break in it.

    Args:
        message: what is said.
        config: from whom, to whom.
        delivery: the same for the same notices, so that a mailbox can tell a repetition.
        language: of the message.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = config.from_
    mail["To"] = ", ".join(config.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{delivery}@{config.from_.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = language
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def send_mail(mail: EmailMessage, config: MailConfig, password: Secret | None, where: str) -> int:
    """Hand a mail to the server; how many of the recipients it refused.

    Args:
        mail: from `letter`.
        config: the server.
        password: of the user; None where there is no login.
        where: the channel, for errors.

    Raises:
        NotifyError: the server cannot be reached, has no valid TLS, or refuses the login or every
            recipient (SLADD-943…946).
    """
    try:
        return _sent(mail, config, password)
    except smtplib.SMTPAuthenticationError:
        raise _fault(944, "the mail server refuses the user or the password", where) from None
    except (smtplib.SMTPNotSupportedError, ssl.SSLError):
        raise _fault(945, "the mail server offers no valid TLS, or no login", where) from None
    except smtplib.SMTPRecipientsRefused:
        raise _fault(946, "the mail server refuses every recipient", where) from None
    except smtplib.SMTPResponseException as fault:
        # The server's words could be anything; its number cannot.
        raise _fault(
            946, f"the mail server refuses the mail (code {int(fault.smtp_code)})", where
        ) from None
    except (smtplib.SMTPException, OSError) as fault:
        raise _fault(
            943, f"the mail server does not answer ({type(fault).__name__})", where
        ) from None


def _fault(code: int, what: str, where: str) -> NotifyError:
    return NotifyError(what, code=code, where=where, mend="check it with: sladd notify test")


def _sent(mail: EmailMessage, config: MailConfig, password: Secret | None) -> int:
    trust = ssl.create_default_context(cafile=config.ca_file)
    place = (config.host, config.reached_at)
    with (
        smtplib.SMTP_SSL(*place, timeout=config.timeout_s, context=trust)
        if config.security == "tls"
        else smtplib.SMTP(*place, timeout=config.timeout_s)
    ) as server:
        if config.security == "starttls":
            server.starttls(context=trust)
        if config.user is not None and password is not None:
            server.login(config.user, password.reveal())
        return len(server.send_message(mail))
