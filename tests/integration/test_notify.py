"""Telling, from scan to mailbox: real mail server, real webhook, and a scan that nothing stops."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests import shop
from tests.commands import Project
from tests.services import free_port

PASSWORD = "k0rrekt-hest"


@dataclass
class Mailbox:
    """A mail server that wants STARTTLS and a login, and what it was given."""

    port: int
    ca_file: Path
    mails: list[email.message.EmailMessage] = field(default_factory=list)
    refuse: str = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        """Take every recipient but one."""
        if address == self.refuse:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        """Keep the mail."""
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own for localhost, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / "localhost.crt", folder / "localhost.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return crt, pem


def login(server, session, envelope, mechanism, given) -> AuthResult:
    right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)


@pytest.fixture(params=["starttls", "tls"])
def mailbox(request, tmp_path) -> Iterator[Mailbox]:
    crt, pem = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(crt, pem)
    one = Mailbox(free_port(), crt)
    starts = request.param == "starttls"

    class Server(Controller):
        def factory(self) -> SMTP:
            options = {"tls_context": context, "require_starttls": True} if starts else {}
            return SMTP(
                one,
                authenticator=login,
                auth_required=True,
                auth_require_tls=starts,
                hostname="localhost",
                **options,
            )

    server = Server(
        one, hostname="localhost", port=one.port, ssl_context=None if starts else context
    )
    server.start()
    one.security = request.param  # type: ignore[attr-defined]
    yield one
    server.stop()


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict]]]:
    got: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{web.server_port}/", got
        web.shutdown()
        thread.join()


def project(folder: Path, notify: str, name: str = "project") -> Project:
    one = shop.build(folder / name, wide=False)
    one.configure(f"{one.config}organisation: Eksempelbutikken\nnotify:\n  channels:\n{notify}")
    return one


def by_mail(box: Mailbox) -> str:
    return (
        f"    ombud:\n      mail: {{host: localhost, port: {box.port}, security: {box.security},"
        f" user: sladd, password_env: SLADD_TEST_MAIL, ca_file: {box.ca_file},"
        " from: sladd@example.no, to: [ombud@example.no, vara@example.no]}\n"
    )


def by_hook(url: str, more: str = "") -> str:
    return f"    vakt:\n      webhook: {{url: '{url}'}}\n{more}"


def parts(mail: email.message.EmailMessage) -> tuple[str, str]:
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_the_officer_gets_mail_of_a_first_scan_and_of_what_is_new(mailbox, tmp_path):
    """Over TLS and with a login; the password is nowhere but in the environment."""
    one = project(tmp_path, by_mail(mailbox))
    first = one.run("discover", SLADD_TEST_MAIL=PASSWORD)
    assert first.code == 0, first.err
    assert "told ombud: 2 notices" in first.out
    (mail,) = mailbox.mails
    assert mail["To"] == "ombud@example.no, vara@example.no"
    assert "er skannet for første gang" in mail["Subject"]
    assert one.run("discover", SLADD_TEST_MAIL=PASSWORD).code == 0
    assert len(mailbox.mails) == 1, "nothing is new, so nobody is told"
    one.sql("CREATE TABLE kontakter (kontakt_epost TEXT)")
    one.sql(
        "INSERT INTO kontakter VALUES "
        + ", ".join(f"('nils.hansen{i}@example.org')" for i in range(60))
    )
    again = one.run("discover", SLADD_TEST_MAIL=PASSWORD)
    assert "told ombud: 1 notice\n" in again.out
    text, html = parts(mailbox.mails[1])
    for said in (text, html):
        assert "shop/kontakter.kontakt_epost" in said
        assert "e-postadresse" in said
        assert "nils.hansen" not in said
    catalog = (one.folder / ".sladd" / "catalog.db").read_bytes()
    assert PASSWORD.encode() not in catalog + (first.out + first.err + again.out).encode()


def test_a_server_that_is_away_delays_the_news_and_stops_nothing(hook, tmp_path):
    """The scan is done, one line warns, and the next run tells it: once."""
    url, got = hook
    away = f"http://127.0.0.1:{free_port()}/"
    one = project(tmp_path, by_hook(away))
    first = one.run("discover", "--json")
    assert first.code == 0
    assert json.loads(first.out)[0]["source"] == "shop"
    (line,) = first.lines
    assert line.startswith("SLADD-947: the webhook does not answer")
    assert line.endswith("told at the next run")
    one.configure(one.config.replace(away, url))
    assert one.run("notify", "send").out == "told vakt: 2 notices\n"
    assert [n["topic"] for n in got[0]["notices"]] == ["first_scan", "first_scan"]
    assert one.run("notify", "send").out == "nothing waits to be told\n"
    assert len(got) == 1


def test_a_scan_that_died_before_telling_is_told_later(hook, tmp_path):
    """What a scan found is in the catalog; the message follows from it."""
    from sladd.pipeline.bind import bind
    from sladd.pipeline.discover import discover
    from sladd.pipeline.telling import begin

    url, got = hook
    one = project(tmp_path, by_hook(url))
    bound = bind(one / "sladd.yaml")
    begin(bound)
    discover(bound)  # and here the process ends
    assert got == []
    assert one.run("discover").code == 0
    assert [n["subject"] for n in got[0]["notices"]] == ["shop", "exports"]


def test_what_was_found_before_there_was_a_channel_is_no_news(hook, tmp_path):
    """A year of scans does not arrive on the first day."""
    url, got = hook
    one = project(tmp_path, by_hook(url))
    told = one.config
    one.configure(told.partition("organisation:")[0])
    assert one.run("discover").code == 0
    one.configure(told)
    assert one.run("discover").code == 0
    assert got == []


def test_a_reopened_verdict_and_a_changed_field_are_told(hook, tmp_path):
    """A column that begins to hold something else takes its decision with it."""
    url, got = hook
    one = project(tmp_path, by_hook(url))
    assert one.run("discover").code == 0
    assert one.run("decide", "shop/customers.registrert", "reject", "--reason", "dato").code in {
        0,
        2,
    }
    assert one.run("decide", "shop/customers.navn", "confirm", "--reason", "navn").code == 0
    one.sql("UPDATE customers SET navn = 'kunde' || id || '@example.no'")
    assert one.run("discover").code == 0
    topics = {n["topic"]: n for n in got[-1]["notices"]}
    (changed,) = topics["changed"]["facts"]["fields"]
    assert changed["field"] == "shop/customers.navn"
    assert changed["before"].startswith("user.name")
    assert changed["category"] == "user.contact.email"


def test_a_refused_publish_is_told_once_and_still_refused(hook, tmp_path):
    """The error is what it was, and the second night tells nobody anew."""
    url, got = hook
    one = project(tmp_path, by_hook(url))
    assert one.run("discover").code == 0
    one.sql("DROP TABLE no_key")
    refused = one.run("publish", "analytics")
    assert refused.code == 1, refused
    assert len(got) == 2
    (notice,) = got[1]["notices"]
    assert (notice["topic"], notice["subject"]) == ("refused", "analytics")
    assert notice["facts"]["reasons"] == refused.err.splitlines()[: notice["facts"]["count"]]
    assert one.run("publish", "analytics").code == 1
    assert len(got) == 2


def test_a_channel_hears_only_what_it_asked_for(hook, tmp_path):
    """The one on call wants refusals; the rest is the officer's."""
    url, got = hook
    one = project(tmp_path, by_hook(url, "      tell: [refused]\n"))
    assert one.run("discover").code == 0
    assert got == []


def test_the_digest_is_sent_once_a_week(hook, tmp_path):
    """However often the schedule fires; what it says can be seen before."""
    url, got = hook
    one = project(tmp_path, by_hook(url, "      tell: [digest]\n"))
    assert one.run("discover").code == 0
    shown = one.run("notify", "digest", "--dry-run")
    assert shown.code == 0
    assert "Ukesoversikt" in shown.out
    assert got == []
    assert one.run("notify", "digest").out == "told vakt: 1 notice\n"
    assert one.run("notify", "digest").out.startswith("this week's digest has been sent")
    (notice,) = got[0]["notices"]
    assert {s["source"] for s in notice["facts"]["sources"]} == {"shop", "exports"}
    assert one.run("notify", "digest", "--again").out == "told vakt: 1 notice\n"
    assert len(got) == 2


def test_the_test_message_says_what_is_wrong(mailbox, hook, tmp_path):
    """A wrong password, a wrong name, a refused recipient: one line each, and no password in it."""
    url, got = hook
    one = project(tmp_path, by_mail(mailbox) + by_hook(url))
    done = one.run("notify", "test", SLADD_TEST_MAIL=PASSWORD)
    assert done.out == "sent a test message to ombud\nsent a test message to vakt\n"
    assert got[0]["subject"] == "sladd: prøvemelding"
    wrong = one.run("notify", "test", "ombud", SLADD_TEST_MAIL="feil-passord")
    assert "feil-passord" not in wrong.one_line(3, 944)
    one.run("notify", "test", "ombod").one_line(2, 950, "did you mean 'ombud'")
    one.run("notify", "test", "ombud").one_line(3, 942, "SLADD_TEST_MAIL")
    mailbox.refuse = "vara@example.no"
    assert one.run("notify", "test", "ombud", SLADD_TEST_MAIL=PASSWORD).code == 0
    one.configure(one.config.replace("ombud@example.no, vara@example.no", "vara@example.no"))
    one.run("notify", "test", "ombud", SLADD_TEST_MAIL=PASSWORD).one_line(3, 946)


def test_a_certificate_that_nobody_knows_is_not_trusted(mailbox, tmp_path):
    """The password is not handed to whoever answers."""
    one = project(tmp_path, by_mail(mailbox).replace(f" ca_file: {mailbox.ca_file},", ""))
    one.run("notify", "test", SLADD_TEST_MAIL=PASSWORD).one_line(3, 945)
    assert mailbox.mails == []


def test_without_a_channel_the_command_says_how_to_add_one(tmp_path):
    """And a scan says nothing of it."""
    one = shop.build(tmp_path / "project", wide=False)
    for words in (("test",), ("digest",), ("send",)):
        one.run("notify", *words).one_line(2, 940)
