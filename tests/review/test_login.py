"""Logging in: the first time, with a passphrase, too often, and how a session ends."""

from __future__ import annotations

import datetime as dt

import pytest

from sladd.catalog import open_catalog
from sladd.catalog.accounts import AccountError
from sladd.review.access import passphrases
from sladd.review.access.tokens import form_token
from sladd.review.context import Role
from tests.review.conftest import form_of

PASSPHRASE = "riktig hest batteri stift"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock(bound) -> Clock:
    """The clock of the catalog that the application uses."""
    made = Clock()
    bound.catalog = open_catalog(bound.config.catalog, root=bound.config.root, clock=made)
    return made


@pytest.fixture
def accounts(clock, bound):
    """The accounts, with a clock to move."""
    return bound.catalog.accounts


@pytest.fixture(scope="module")
def stored() -> str:
    """The passphrase as the catalog keeps it; making that is slow on purpose."""
    return passphrases.hashed(PASSPHRASE)


@pytest.fixture
def kari(accounts, stored) -> str:
    """An account with a passphrase."""
    token = accounts.add("kari", "dpo", by="test")
    accounts.accept(token, stored)
    return "kari"


def post(browser, path, **fields):
    """Open a page and post its form, as a person does."""
    token = form_of(browser.get(path).text)
    origin = {"origin": str(browser.base_url)}
    return browser.post(path, data={"csrf": token, **fields}, headers=origin)


def log_in(browser, name="kari", passphrase=PASSPHRASE, **more):
    """Fill in the login form."""
    return post(browser, "/login", name=name, passphrase=passphrase, **more)


def test_the_link_of_a_first_login_sets_a_passphrase_once(client, accounts):
    """The link works once; afterwards the passphrase does."""
    token = accounts.add("kari", "dpo", by="test")
    browser = client()
    answer = post(browser, f"/first/{token}", passphrase=PASSPHRASE, again=PASSPHRASE)
    assert answer.status_code == 303
    assert "kari" in browser.get("/audit").text
    other = client()
    assert other.get(f"/first/{token}").status_code == 404
    assert log_in(other).headers["location"] == "/"


def test_looking_at_a_first_login_does_not_use_it_up(client, accounts):
    """Mail scanners follow links."""
    token = accounts.add("kari", "dpo", by="test")
    for _ in range(3):
        assert client().get(f"/first/{token}").status_code == 200


def test_a_first_login_ends_after_a_day(client, accounts, clock):
    """A link that lay about opens nothing."""
    token = accounts.add("kari", "dpo", by="test")
    clock.later(hours=24)
    assert client().get(f"/first/{token}").status_code == 404
    assert accounts.accept(token, "hash") is None


@pytest.mark.parametrize(
    ("passphrase", "again"),
    [
        ("elleve tegn", "elleve tegn"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"),
        (PASSPHRASE, "en annen enn den første"),
        ("å" * 600 + PASSPHRASE, "å" * 600 + PASSPHRASE),
    ],
    ids=["short", "one letter", "typed otherwise", "too long"],
)
def test_a_weak_passphrase_is_refused_and_the_link_stays(client, accounts, passphrase, again):
    """What was typed does not stand in the page."""
    token = accounts.add("kari", "dpo", by="test")
    browser = client()
    answer = post(browser, f"/first/{token}", passphrase=passphrase, again=again)
    assert answer.status_code == 400
    assert passphrase not in answer.text
    assert client().get(f"/first/{token}").status_code == 200


def test_the_database_holds_no_passphrase_and_no_token(client, kari, accounts, project):
    """Hashes alone: a copy of the catalog lets nobody in."""
    browser = client()
    log_in(browser)
    first = accounts.add("ola", "reader", by="test")
    session = browser.cookies["sladd_session"]
    raw = b"".join(path.read_bytes() for path in (project / ".sladd").glob("catalog.db*"))
    assert b"$argon2id$v=19$m=65536,t=3,p=4$" in raw
    for secret in (PASSPHRASE, session, first):
        assert secret.encode() not in raw


def test_the_token_is_another_after_the_login(client, kari, clock):
    """A token that was planted before the login is worth nothing after it."""
    browser = client()
    browser.cookies.set("sladd_session", "planted")
    log_in(browser)
    assert browser.cookies.get("sladd_session", domain="127.0.0.1") not in {None, "planted"}
    first = browser.cookies.get("sladd_session", domain="127.0.0.1")
    assert len(first) >= 43  # 256 bits in base64


def test_cookies_are_for_the_browser_alone(client, kari):
    """No script reads them, no other site sends them; over https they are only for this host."""
    answer = log_in(client())
    cookie = next(c for c in answer.headers.get_list("set-cookie") if "sladd_session" in c)
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "secure" not in cookie.lower()
    https = client()
    https.base_url = "https://127.0.0.1:8400"
    cookie = next(c for c in log_in(https).headers.get_list("set-cookie") if "sladd_session" in c)
    assert cookie.startswith("__Host-sladd_session=")
    assert "Secure" in cookie


def test_one_comes_back_to_the_page_that_was_asked_for(client, kari):
    """And never to another site."""
    assert log_in(client(), back="/audit?page=2").headers["location"] == "/audit?page=2"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"):
        assert log_in(client(), back=elsewhere).headers["location"] == "/"


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("kari", "feil passfrase her"),
        ("nobody", PASSPHRASE),
        ("kari", ""),
        ("", ""),
        ("k\0ri", "x"),
    ],
)
def test_a_wrong_login_says_the_same_whatever_is_wrong(client, kari, name, passphrase):
    """Nobody learns which names there are."""
    answer = log_in(client(), name, passphrase)
    assert answer.status_code == 403
    assert "The name or the passphrase is not right." in answer.text
    assert "sladd_session" not in answer.headers.get("set-cookie", "")


def test_an_account_without_a_passphrase_cannot_log_in(client, accounts):
    """Invited is not yet logged in."""
    accounts.add("ola", "reader", by="test")
    assert log_in(client(), "ola", "").status_code == 403


def test_an_unknown_name_costs_the_same_work(accounts, kari):
    """The same hash is computed for a name that does not exist."""
    import time

    def took(kept: str | None) -> float:
        begun = time.process_time()  # of the hash alone, however busy the machine is
        assert not passphrases.fits("feil passfrase her", kept)
        return time.process_time() - begun

    kept = accounts.passphrase_hash(kari)
    took(None)
    known, unknown = min(took(kept) for _ in range(5)), min(took(None) for _ in range(5))
    assert 0.3 < unknown / known < 3  # the hash takes 30 ms and more; a shortcut microseconds


def test_too_many_failures_close_an_account_for_longer_and_longer(client, kari, clock):
    """Even the right passphrase has to wait; the page says for how long in one sentence."""
    for _ in range(3):
        assert log_in(client(), passphrase="feil passfrase her").status_code == 403
    closed = log_in(client())
    assert closed.status_code == 429
    assert "Too many attempts have failed. Try again in one minute." in closed.text
    clock.later(seconds=16)
    assert log_in(client(), passphrase="feil passfrase her").status_code == 403
    clock.later(seconds=16)
    assert log_in(client()).status_code == 429
    clock.later(seconds=15)
    assert log_in(client()).status_code == 303
    assert log_in(client(), passphrase="feil passfrase her").status_code == 403


def test_the_delay_never_grows_beyond_a_quarter_of_an_hour(accounts, clock):
    """Somebody who tries all night keeps the officer out for 15 minutes at most."""
    for _ in range(40):
        wait = accounts.attempt("kari", "192.0.2.1")
        if wait:
            assert wait <= dt.timedelta(minutes=15)
            clock.later(seconds=wait.total_seconds())


def test_an_address_that_tries_many_names_is_closed(accounts):
    """Each name once is still a search."""
    tried = [accounts.attempt(f"navn{n}", "192.0.2.1") for n in range(12)]
    assert tried[:10] == [None] * 10
    assert tried[11] is not None
    assert accounts.attempt("navn99", "192.0.2.2") is None


def test_logging_in_between_does_not_reopen_an_address(accounts):
    """Somebody with an account of their own cannot use it to go on searching."""
    refused = 0
    for n in range(15):
        refused += accounts.attempt(f"navn{n}", "192.0.2.1") is not None
        if accounts.attempt("egen", "192.0.2.1") is None:
            accounts.succeeded("egen", "192.0.2.1")
    assert refused >= 4


def test_a_name_is_closed_whoever_tries(accounts):
    """From many addresses against one name is a search, too."""
    tried = [accounts.attempt("kari", f"192.0.2.{n}") for n in range(5)]
    assert tried[:3] == [None] * 3
    assert tried[4] is not None


def test_tries_at_once_are_all_counted(accounts):
    """A failure is counted before the passphrase is looked at, so parallel tries gain nothing."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        tried = list(pool.map(lambda n: accounts.attempt("kari", f"192.0.2.{n}"), range(20)))
    assert sum(wait is None for wait in tried) == 3


@pytest.mark.parametrize("after", [{"minutes": 30}, {"hours": 12}])
def test_a_session_ends_by_itself(client, kari, clock, after):
    """Idle for half an hour, or after twelve hours of work."""
    browser = client()
    log_in(browser)
    if "hours" in after:
        for _ in range(35):
            clock.later(minutes=20)
            assert browser.get("/audit").status_code == 200
        clock.later(minutes=20)
    else:
        clock.later(minutes=29)
        assert browser.get("/audit").status_code == 200
        clock.later(**after)
    assert browser.get("/audit").status_code == 303


def test_a_clock_that_is_set_back_ends_sessions_and_opens_accounts(client, kari, accounts, clock):
    """What was begun tomorrow cannot be told how old it is; nobody is kept out until then."""
    browser = client()
    log_in(browser)
    for _ in range(4):
        accounts.attempt("kari", "192.0.2.1")
    clock.later(minutes=-4)
    assert browser.get("/audit").status_code == 200
    clock.later(days=-400)
    assert browser.get("/audit").status_code == 303
    assert accounts.attempt("kari", "192.0.2.1") is None


@pytest.mark.parametrize("how", ["logout", "role", "remove", "reset"])
def test_a_session_ends_when_its_ground_does(client, kari, accounts, how):
    """The old token opens nothing afterwards."""
    browser = client(Role.DPO)
    assert browser.get("/audit").status_code == 200
    if how == "logout":
        assert browser.fill("/logout", follow=False).headers["location"] == "/login"
        browser.cookies.set("sladd_session", browser.token)
    elif how == "role":
        accounts.change_role("kari", "reader", by="test")
    elif how == "remove":
        accounts.remove("kari", by="test")
    else:
        accounts.reset("kari", by="test")
    assert browser.get("/audit").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' OR 1=1 --", "å", "a" * 10_000])
def test_a_forged_session_is_none(client, token):
    """What the server did not give out opens nothing."""
    answer = client().get("/audit", headers={"cookie": f"sladd_session={token}".encode()})
    assert answer.status_code == 303


def test_nobody_rises_by_asking_for_it(client, accounts):
    """A role in a form, a cookie, a header or the query is read by nobody."""
    browser = client(Role.READER)
    browser.cookies.set("role", "dpo")
    claims = {"x-forwarded-role": "dpo", "x-forwarded-user": "kari", "x-role": "dpo"}
    page = browser.get("/audit?role=dpo", headers=claims)
    assert '<span class="soft">reader</span>' in page.text
    browser.fill("/language", language="en", role="dpo")
    assert {each.name: each.role for each in accounts.all()} == {"reader": "reader"}


def test_accounts_and_logins_are_audited_without_what_was_typed(client, accounts, kari, bound):
    """Who may do what, and who tried; a name nobody has may be a passphrase, so it is not kept."""
    log_in(client())
    log_in(client(), passphrase="feil passfrase her")
    log_in(client(), name="en passfrase i feil felt")
    accounts.change_role("kari", "reader", by="test")
    accounts.remove("kari", by="test")
    trail = [(e.action, e.subject) for e in bound.catalog.audit.entries() if e.number > 4]
    assert trail == [
        ("account.add", "kari"), ("account.first", "kari"), ("login", "kari"),
        ("login.failed", "kari"), ("login.failed", "unknown account"), ("account.role", "kari"),
        ("account.remove", "kari"),
    ]  # fmt: skip
    assert bound.catalog.audit.verify() == []


@pytest.mark.parametrize(
    ("name", "role"),
    [("", "dpo"), ("a\nb", "dpo"), (" a", "dpo"), ("a" * 65, "dpo"), ("a", "root")],
)
def test_an_account_needs_a_name_on_one_line_and_a_role(accounts, name, role):
    """Neither can be anything else."""
    with pytest.raises(AccountError, match="SLADD-900"):
        accounts.add(name, role, by="test")


def test_one_name_is_one_account_however_it_is_written(accounts, kari, client):
    """`Kari` and `kari` are the same person."""
    with pytest.raises(AccountError, match="SLADD-901"):
        accounts.add("KARI", "reader", by="test")
    assert log_in(client(), name="Kari").status_code == 303


def test_a_form_from_before_the_login_is_no_form_after_it(client, kari):
    """The token of the login form is bound to the visitor, that of the pages to the session."""
    browser = client()
    before = form_of(browser.get("/login").text)
    log_in(browser)
    answer = browser.post(
        "/logout", data={"csrf": before}, headers={"origin": str(browser.base_url)}
    )
    assert answer.status_code == 403
    session = browser.cookies.get("sladd_session", domain="127.0.0.1")
    assert form_of(browser.get("/audit").text) == form_token(session)
