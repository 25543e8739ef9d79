"""Identifiers that analytics, advertising and shop software keep in a browser.

| cookie | form |
|---|---|
| `_ga`, `_gid` | `GA1.<1-2>.<random 6-12>.<epoch seconds>` |
| `_ga_<stream>` | `GS1.<n>.<epoch>…`, `GS2.<n>.s<epoch>$o…` |
| `_fbp`, `_fbc` | `fb.<0-2>.<epoch ms>.<digits>` or a click id |
| `_gcl_au`, `_gcl_aw` | `1.1.<random>.<epoch>`, `GCL.<epoch>.<click id>` |
| `wordpress_logged_in_…` | `user|expiry|token|hmac`: holds the user name |

A property id (`UA-12345-6`, `G-ABC123`) is the shop's own and not found. Epochs are those of
1999-2033, which is what keeps version numbers out.

Source: Google Analytics, Meta and WordPress documentation of their cookies.

>>> subtype_of("GA1.2.230657868.1384941727"), subtype_of("fb.1.1596403881668.1116446470")
('google_analytics', 'meta')
>>> is_valid("UA-12345-6"), is_valid("GA2.2.230657868.1384941727")
(False, False)
"""

from __future__ import annotations

import regex

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import DeclaredRecognizer

_SECONDS = r"(?:9[0-9]{8}|1[0-9]{9})"
_TOKEN = r"[A-Za-z0-9_-]"  # noqa: S105  (a character class, not a secret)
_FORMS = (
    ("google_analytics", rf"GA1\.[0-9]{{1,2}}\.[0-9]{{6,12}}\.{_SECONDS}"),
    ("google_analytics", rf"GS1\.[0-9]{{1,2}}\.{_SECONDS}(?:\.[0-9]{{1,10}}){{1,8}}"),
    ("google_analytics", rf"GS2\.[0-9]{{1,2}}\.s{_SECONDS}[A-Za-z0-9$_-]{{0,120}}"),
    ("meta", rf"fb\.[0-2]\.1[0-9]{{12}}\.{_TOKEN}{{6,300}}"),
    ("google_ads", rf"1\.1\.[0-9]{{6,12}}\.{_SECONDS}"),
    ("google_ads", rf"GCL\.{_SECONDS}\.{_TOKEN}{{10,200}}"),
    ("wordpress", rf"[^\s|=;%]{{1,60}}(?:\||%7C){_SECONDS}(?:\||%7C){_TOKEN}{{43}}(?:\||%7C)[0-9a-f]{{64}}"),
    # The client id by itself, as it stands in a column `ga_client_id`.
    ("client_id", rf"[0-9]{{8,10}}\.{_SECONDS}"),
)  # fmt: skip
_COMPILED = tuple((name, regex.compile(form, regex.IGNORECASE)) for name, form in _FORMS)


def compact(cookie: str) -> str:
    """The value without blanks around it."""
    return fold(cookie).strip()


def subtype_of(cookie: str) -> str:
    """Whose cookie it is; "" for no one's."""
    text = compact(cookie)
    return next((name for name, form in _COMPILED if form.fullmatch(text)), "")


def validate(cookie: str) -> str:
    """The compact value.

    Raises:
        InvalidFormat: it is no known cookie's.
    """
    if not subtype_of(cookie):
        raise InvalidFormat
    return compact(cookie)


def is_valid(cookie: str) -> bool:
    """Whether it is a tracking or login cookie's value."""
    return passes(validate, cookie)


_ANY = "|".join(form for _, form in _FORMS)

DECLARATION = Declaration(
    entity="COOKIE_ID",
    category="user.device.cookie_id",
    subtypes=(
        Subtype("google_analytics", 0.0),
        Subtype("meta", 0.0),
        Subtype("google_ads", 0.0),
        Subtype("wordpress", 0.0),
        Subtype("client_id", 0.11),  # of `digits.digits`: epochs begin with 1, or 9 of nine
    ),
    rank=35,
    checksum=False,
    # Every form holds a point or bar, then an epoch; the rest is for the recogniser.
    screen=screened(rf"(?:\.s?|\||%7C){_SECONDS}"),
    full=whole(_ANY),
    needs_context=False,
    context=("cookie", "informasjonskapsel", "_ga", "_gid", "_fbp", "_fbc", "_gcl", "client id"),
    verify=each(_ANY, is_valid),
    subtype_of=subtype_of,
)


class CookieIdRecognizer(DeclaredRecognizer):
    """Finds cookie values in texts and logs."""

    DECLARATION = DECLARATION
    PATTERNS = tuple(
        rf"(?<![\p{{L}}0-9_.|-])(?:{form})(?![\p{{L}}0-9_|-]|\.[0-9])" for _, form in _FORMS
    )

    def rate(self, match: str) -> float:
        """High by its own prefix; the bare client id needs a context word."""
        match subtype_of(match):
            case "":
                return 0.0
            case "client_id":
                return 0.25
            case _:
                return 0.9
