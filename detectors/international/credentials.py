"""Tokens and keys that let a program in: JSON Web Tokens, API keys, long random hex.

Keys are known by the prefix their issuer gives them (WooCommerce `ck_`/`cs_`, Stripe `sk_live_`,
GitHub `ghp_`, Slack `xoxb-`, AWS `AKIA`, Google `AIza`, Shopify `shpat_`, private key blocks).
Hexadecimal strings of 32, 40 or 64 characters are checksums as often as tokens and need a
context word. A credential is never sampled and never published.

Source: RFC 7519; the issuers' documentation; Yelp/detect-secrets.

>>> subtype_of("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcDEF123_-abcDEF")
'jwt'
>>> is_valid("abc.def.ghi"), subtype_of("ck_" + "0a" * 20)
(False, 'api_key')
"""

from __future__ import annotations

import base64
import binascii

import regex

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import WEAK, DeclaredRecognizer

_JWT = r"eyJ[A-Za-z0-9_-]{6,4000}\.[A-Za-z0-9_-]{4,8000}\.[A-Za-z0-9_-]{8,2000}"
_KEYS = (
    r"c[ks]_[0-9a-f]{40}",
    r"(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,128}",
    r"gh[pousr]_[0-9A-Za-z]{36,255}",
    r"github_pat_[0-9A-Za-z_]{22,255}",
    r"glpat-[0-9A-Za-z_-]{20,64}",
    r"xox[abeoprs]-[0-9A-Za-z-]{10,255}",
    r"(?:AKIA|ASIA)[0-9A-Z]{16}",
    r"AIza[0-9A-Za-z_-]{35}",
    r"shp(?:at|ca|pa|ss)_[0-9a-f]{32}",
    r"SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{32,64}",
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----",
)
_HEX = r"(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})"
_KEY = "|".join(_KEYS)
_BEFORE, _AFTER = r"(?<![\p{L}\p{M}0-9_])", r"(?![\p{L}\p{M}0-9_])"
# Case matters in a key's prefix, and none of the hex in wide use is of mixed case.
_COMPILED = (
    ("jwt", regex.compile(_JWT)),
    ("api_key", regex.compile(_KEY)),
    ("hex", regex.compile(rf"{_HEX}|{_HEX.replace('a-f', 'A-F')}")),
)


def compact(token: str) -> str:
    """The token without blanks around it."""
    return fold(token).strip()


def _is_jwt(token: str) -> bool:
    """Whether the first part is a JSON object in base64url."""
    head = token.split(".", 1)[0]
    try:
        decoded = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
    except (binascii.Error, ValueError):
        return False
    return decoded[:1] == b"{" and decoded.rstrip()[-1:] == b"}"


def subtype_of(token: str) -> str:
    """`jwt`, `api_key`, `hex`, or ""."""
    text = compact(token)
    for name, form in _COMPILED:
        if form.fullmatch(text):
            return name if name != "jwt" or _is_jwt(text) else ""
    return ""


def validate(token: str) -> str:
    """The compact token.

    Raises:
        InvalidFormat: it is none of the known kinds.
    """
    if not subtype_of(token):
        raise InvalidFormat
    return compact(token)


def is_valid(token: str) -> bool:
    """Whether it is a token or key."""
    return passes(validate, token)


_SCREEN = (
    r"eyJ[A-Za-z0-9_-]{6}|c[ks]_[0-9a-f]{8}|_(?:live|test)_|gh[pousr]_|github_pat_|glpat-"
    r"|xox[abeoprs]-|A[KS]IA[0-9A-Z]{8}|AIza|shp(?:at|ca|pa|ss)_|SG\.|PRIVATE KEY|[0-9a-f]{32}"
)

DECLARATION = Declaration(
    entity="API_CREDENTIAL",
    category="user.authorization.credentials",
    subtypes=(
        Subtype("jwt", 0.0, stands_alone=True),
        Subtype("api_key", 0.0, stands_alone=True),
        Subtype("hex", 1.0),
    ),
    rank=12,
    checksum=False,
    screen=screened(_SCREEN),
    full=whole(rf"[^\s].*(?:{_SCREEN}).*|(?:{_SCREEN}).*"),
    needs_context=True,
    context=(
        "token", "nøkkel", "api-nøkkel", "apikey", "api_key", "secret", "hemmelighet", "bearer",
        "authorization", "key", "session", "access_token", "tilgangsnøkkel", "consumer",
    ),
    verify=each(r"(?s:.{10,16000})", is_valid),
    subtype_of=subtype_of,
)  # fmt: skip


class CredentialRecognizer(DeclaredRecognizer):
    """Finds tokens and keys in texts and logs."""

    DECLARATION = DECLARATION
    PATTERNS = (
        *(
            rf"(?-i:{_BEFORE}(?:{form}){_AFTER})"
            for form in (_JWT, *_KEYS[:-1], rf"{_HEX}|{_HEX.replace('a-f', 'A-F')}")
        ),
        _KEYS[-1],
    )

    def rate(self, match: str) -> float:
        """Certain by prefix or structure; hex by its context word."""
        match subtype_of(match):
            case "":
                return 0.0
            case "hex":
                return WEAK
            case _:
                return 0.95
