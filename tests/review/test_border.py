"""What comes in from outside: host names, proxies, large forms, faults inside."""

from __future__ import annotations

import logging

import pytest

from sladd.errors import SladdError
from sladd.pipeline.bind import bind
from sladd.review.app import make_app
from sladd.review.context import Role
from tests.review.conftest import Browser, form_of

SECRET = "5f" * 32
PROXY = """\
review:
  hosts: [sladd.example.no]
  proxy:
    addresses: [10.0.0.5, "2001:db8::5"]
    secret_file: proxy.secret
"""
VOUCHED = {
    "x-sladd-secret": SECRET,
    "x-forwarded-user": "Åse Ødegård".encode(),
    "x-forwarded-role": "dpo",
}


@pytest.fixture
def behind_proxy(project):
    """`open_from(address)`: a browser whose requests come from that address."""
    (project / "proxy.secret").write_text(f"{SECRET}\n")
    (project / "proxy.secret").chmod(0o600)
    config = project / "sladd.yaml"
    config.write_text(config.read_text("utf-8") + PROXY, encoding="utf-8")
    bound = bind(config)
    app = make_app(bound)
    yield lambda address: Browser(app, client=(address, 40_000), home="http://sladd.example.no")
    bound.catalog.close()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8400", "127.0.0.1.evil.example", "localhost.evil.example", "",
     "[::2]:8400", "169.254.169.254", "127.0.0.1@evil.example", "localhost\t.evil"],
)  # fmt: skip
def test_another_host_name_is_not_answered(host, client):
    """A page of another site whose name was turned to this machine (DNS rebinding) reads nothing."""
    answer = client(Role.DPO).get("/audit", headers={"host": host})
    assert answer.status_code == 421
    assert "kari" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8400", "localhost", "LOCALHOST:1", "[::1]:8400"])
def test_the_loopback_names_are_answered(host, client):
    """By any port: rebinding needs another name."""
    assert client(Role.DPO).get("/audit", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.5", "2001:db8::5", "2001:0db8:0:0::5"])
def test_a_listed_proxy_with_the_secret_vouches_for_a_person(behind_proxy, address):
    """No passphrase is asked for: the organisation's own login stands before."""
    page = behind_proxy(address).get("/audit", headers=VOUCHED)
    assert page.status_code == 200
    assert "Åse Ødegård" in page.text
    assert "the organisation&#39;s login" in page.text


@pytest.mark.parametrize(
    ("address", "change"),
    [
        pytest.param("10.0.0.6", {}, id="from another address"),
        pytest.param("127.0.0.1", {}, id="from this machine"),
        pytest.param("testclient", {}, id="from no address"),
        pytest.param("10.0.0.5", {"x-sladd-secret": ""}, id="without the secret"),
        pytest.param("10.0.0.5", {"x-sladd-secret": SECRET[:-1] + "0"}, id="with another secret"),
        pytest.param("10.0.0.5", {"x-sladd-secret": "å".encode()}, id="with no ASCII"),
        pytest.param("10.0.0.5", {"x-forwarded-user": ""}, id="without a name"),
        pytest.param("10.0.0.5", {"x-forwarded-role": ""}, id="without a role"),
    ],
)
def test_nobody_else_vouches_for_anyone(behind_proxy, address, change):
    """Address and secret, both; and a forwarded address counts for nothing."""
    given = {**VOUCHED, "x-forwarded-for": "10.0.0.5", "x-real-ip": "10.0.0.5", **change}
    answer = behind_proxy(address).get("/audit", headers=given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?back=%2Faudit")


@pytest.mark.parametrize("header", ["x-forwarded-user", "x-forwarded-role", "x-sladd-secret"])
def test_a_header_that_stands_twice_is_not_the_proxys(behind_proxy, header):
    """A browser that sends the header itself gains nothing where the proxy only adds its own."""
    twice = [*VOUCHED.items(), (header, "dpo")]
    assert behind_proxy("10.0.0.5").get("/audit", headers=twice).status_code == 303


def test_a_role_that_is_none_is_refused(behind_proxy):
    """Rather than taken for the least."""
    answer = behind_proxy("10.0.0.5").get(
        "/audit", headers={**VOUCHED, "x-forwarded-role": "admin"}
    )
    assert answer.status_code == 403


def test_forms_behind_a_proxy_are_bound_to_the_person(behind_proxy):
    """One person's form is not another's."""
    browser = behind_proxy("10.0.0.5")
    token = form_of(browser.get("/audit", headers=VOUCHED).text)
    origin = {"origin": "http://sladd.example.no"}
    data = {"csrf": token, "language": "nb"}
    other = {**VOUCHED, **origin, "x-forwarded-user": "ola"}
    assert browser.post("/language", data=data, headers=other).status_code == 403
    assert browser.post("/language", data=data, headers={**VOUCHED, **origin}).status_code == 303


def test_https_before_the_proxy_makes_cookies_secure(behind_proxy):
    """Only the proxy itself may say that the browser came over https."""
    said = {"x-forwarded-proto": "https", "x-sladd-secret": SECRET}
    answer = behind_proxy("10.0.0.5").get("/login", headers=said)
    assert answer.headers["set-cookie"].startswith("__Host-sladd_door=")
    assert "max-age" in answer.headers["strict-transport-security"]
    assert (
        "strict-transport-security"
        not in behind_proxy("10.0.0.6").get("/login", headers=said).headers
    )


@pytest.mark.parametrize(
    ("content", "mode", "code"), [(SECRET, 0o644, 907), ("short", 0o600, 906), (None, 0, 906)]
)
def test_a_secret_that_is_none_stops_the_start(project, content, mode, code):
    """Missing, short, or read by others."""
    if content is not None:
        (project / "proxy.secret").write_text(content)
        (project / "proxy.secret").chmod(mode)
    config = project / "sladd.yaml"
    config.write_text(config.read_text("utf-8") + PROXY, encoding="utf-8")
    bound = bind(config)
    with pytest.raises(SladdError, match=f"SLADD-{code}") as fault:
        make_app(bound)
    assert SECRET not in str(fault.value)
    bound.catalog.close()


def test_a_form_without_end_is_cut_off(client):
    """With its length announced, or without."""
    browser = client(Role.DPO)
    origin = {"origin": str(browser.base_url), "content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/logout", content=b"a" * 1_000_001, headers=origin).status_code == 413
    endless = (b"a" * 100_000 for _ in range(12))
    assert browser.post("/logout", content=endless, headers=origin).status_code == 413
    assert browser.get("/audit").status_code == 200


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "9" * 40, "٣"])
def test_a_length_that_is_none_is_refused(client, length):
    """Whatever a server in front lets through."""
    answer = client().get("/login", headers={"content-length": length.encode()})
    assert answer.status_code == 413


def test_a_file_in_a_form_is_refused(client):
    """No page takes files."""
    browser = client(Role.DPO)
    answer = browser.post(
        "/logout", files={"csrf": b"x"}, headers={"origin": str(browser.base_url)}
    )
    assert 400 <= answer.status_code < 500


def test_a_fault_inside_says_nothing_of_the_inside(app, bound, client, caplog):
    """Neither the page nor the log holds the message of a foreign exception."""
    browser = client(Role.DPO)

    @app.get("/broken")
    def broken() -> None:
        raise ValueError("SELECT secret FROM shop /home/kari")

    with caplog.at_level(logging.DEBUG):
        answer = browser.get("/broken")
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers
    for told in (answer.text, caplog.text):
        assert "secret" not in told
        assert "/home/kari" not in told
    assert "SLADD-999: a fault in sladd itself (ValueError)" in caplog.text


def test_a_catalog_that_is_gone_is_told_in_one_line(client, project):
    """With its code, so that an engineer can look it up."""
    browser = client(Role.DPO)
    for path in (project / ".sladd").glob("catalog.db*"):
        path.write_bytes(b"no database at all" * 100)
    answer = browser.get("/audit")
    assert answer.status_code == 503
    assert "SLADD-50" in answer.text
    assert str(project) not in answer.text
