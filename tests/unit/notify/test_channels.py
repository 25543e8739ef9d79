"""`notify:` in sladd.yaml: what is refused before anything is sent, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from sladd.config import load_config
from sladd.errors import ConfigError, NotifyError
from sladd.notify.secrets import read_secret

MAIL = "host: smtp.example.no, from: sladd@example.no, to: [ombud@example.no]"


def load(folder: Path, channel: str):
    (folder / "sladd.yaml").write_text(f"notify:\n  channels:\n    ombud: {{{channel}}}\n", "utf-8")
    return load_config(folder / "sladd.yaml").notify.channels["ombud"]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (f"mail: {{{MAIL}}}, webhook: {{url: https://example.no/}}", "exactly one of mail"),
        ("webhook: {url: http://example.no/}", "https://"),
        ("webhook: {url: ftp://localhost/}", "https://"),
        ("webhook: {url: 'https://user:secret@example.no/'}", "user or password"),
        ("webhook: {url: 'https://'}", "no address"),
        (f"mail: {{{MAIL}, security: none}}", "this machine only"),
        (f"mail: {{{MAIL}, user: sladd}}", "exactly one of password_file"),
        ("mail: {host: h, from: sladd@example.no, to: ['Liv <liv@example.no>']}", "e-mail address"),
        (r'mail: {host: h, from: "a@example.no\nBcc: b@example.no", to: [c@example.no]}', "address"),
        (f"mail: {{{MAIL}}}, tell: [everything]", "first_scan"),
        (f"mail: {{{MAIL}, pasword_env: X}}", "did you mean 'password_env'"),
    ],
)  # fmt: skip
def test_what_is_unsafe_or_misspelt_is_refused_with_its_line(tmp_path, channel, words):
    """The error says where and what, and quotes no password."""
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, channel)
    assert words in str(refused.value)
    assert "sladd.yaml, line 3" in str(refused.value)
    assert "secret" not in str(refused.value).replace("secret_file", "")


def test_plain_http_is_for_this_machine(tmp_path):
    """A receiver behind the same loopback needs no certificate."""
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert load(tmp_path, f"webhook: {{url: 'http://{host}:8080/'}}").webhook is not None


def test_an_address_with_a_token_in_it_is_not_shown(tmp_path):
    """The address of a chat's webhook is its password."""
    channel = load(tmp_path, "webhook: {url: https://chat.example.no/hooks/t0ken}")
    assert "t0ken" not in repr(channel)


def test_a_secret_is_read_from_a_closed_file_alone(tmp_path, monkeypatch):
    """Others on the machine may not read it; the error says how to close it."""
    file = tmp_path / "secret"
    file.write_text("hunter2\nsecond line\n", "utf-8")
    file.chmod(0o644)
    with pytest.raises(NotifyError) as refused:
        read_secret(file, None, where="channel ombud")
    assert (refused.value.code, refused.value.mend) == (941, f"chmod 600 {file}")
    file.chmod(0o600)
    found = read_secret(file, None, where="channel ombud")
    assert found is not None
    assert found.reveal() == "hunter2"
    assert "hunter2" not in repr(found) + str(found)
    monkeypatch.setenv("SLADD_TEST_SECRET", "swordfish")
    named = read_secret(None, "SLADD_TEST_SECRET", where="channel ombud")
    assert named is not None
    assert named.reveal() == "swordfish"


def test_a_missing_or_empty_secret_is_one_line(tmp_path):
    """A mail without its password would be refused by the server with a riddle."""
    empty = tmp_path / "empty"
    empty.touch(0o600)
    for file, variable, code in (
        (tmp_path / "none", None, 941),
        (empty, None, 941),
        (None, "SLADD_TEST_NO_SUCH", 942),
    ):
        with pytest.raises(NotifyError) as refused:
            read_secret(file, variable, where="channel ombud")
        assert refused.value.code == code
