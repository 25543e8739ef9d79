"""Stored passwords: bcrypt, argon2, phpass (WordPress), scrypt, PBKDF2, crypt and LDAP hashes.

A hash without a pepper can be guessed offline, so it is treated like the password.

Source: PHC string format; OpenBSD bcrypt; Openwall phpass; RFC 2307 (`{SSHA}…`), as SAP writes it (`{x-issha, 1024}…`); WordPress 6.8 (`$wp$2y$…`); Django.

>>> is_valid("$2y$10$" + "abcdefghijklmnopqrstuv" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ01234")
True
>>> subtype_of("$P$B" + "x" * 30), is_valid("$100.00")
('phpass', False)
"""

from __future__ import annotations

import regex

from detectors.cells import each
from detectors.checks import InvalidFormat, passes
from detectors.declaration import Declaration, Subtype
from detectors.folding import fold, screened, whole
from detectors.recognizer import DeclaredRecognizer

_CRYPT64 = r"[./A-Za-z0-9]"
_FORMS = (
    ("bcrypt", rf"(?:\$wp)?\$2[abxy]\$[0-9]{{2}}\${_CRYPT64}{{53}}"),
    ("argon2", r"\$argon2(?:id|i|d)\$(?:v=[0-9]+\$)?m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]+={0,2}\$[A-Za-z0-9+/]+={0,2}"),
    ("phpass", rf"\$[PHS]\${_CRYPT64}{{31,52}}"),
    ("scrypt", r"\$?scrypt[$:][A-Za-z0-9$:,=+/.]{20,300}"),
    ("pbkdf2", r"\$?pbkdf2[_:-]sha[0-9]{1,3}[$:][A-Za-z0-9$:,=+/.]{20,300}"),
    ("crypt", rf"\$[156]\$(?:rounds=[0-9]+\$)?[^$\s]{{1,16}}\${_CRYPT64}{{22,86}}"),
    ("ldap", r"\{(?:S?SHA(?:-?(?:1|224|256|384|512))?|S?MD5|x-is[a-z0-9-]{3,12}, ?[0-9]{1,7})\}[A-Za-z0-9+/]{16,200}={0,2}"),
    ("named", r"(?:sha-?(?:1|256|384|512)|sha3-?(?:224|256|384|512)|md5)\$[^$\s]{1,64}\$[A-Za-z0-9+/.=]{20,200}"),
    ("magento", r"[0-9a-f]{64}:[A-Za-z0-9]{8,128}:[0-9_]{1,24}"),
)  # fmt: skip
_COMPILED = tuple((name, regex.compile(form, regex.IGNORECASE)) for name, form in _FORMS)
_ANY = "|".join(form for _, form in _FORMS)


def compact(text: str) -> str:
    """The hash without blanks around it."""
    return fold(text).strip()


def subtype_of(text: str) -> str:
    """The scheme; "" when it is no password hash."""
    return next((name for name, form in _COMPILED if form.fullmatch(compact(text))), "")


def validate(text: str) -> str:
    """The compact hash.

    Raises:
        InvalidFormat: it is none.
    """
    if not subtype_of(text):
        raise InvalidFormat
    return compact(text)


def is_valid(text: str) -> bool:
    """Whether it is a password hash."""
    return passes(validate, text)


DECLARATION = Declaration(
    entity="PASSWORD_HASH",
    category="user.authorization.password",
    subtypes=tuple(Subtype(name, 0.0) for name, _ in _FORMS),
    rank=11,
    checksum=False,
    screen=screened(
        r"\$(?:2[abxy]|argon2|[PHS156])|scrypt[$:]|pbkdf2|[0-9a-f]{64}:|\{(?:S?SHA|S?MD5|x-is)|(?:sha[0-9-]{1,6}|md5)\$"
    ),
    full=whole(_ANY),
    needs_context=False,
    context=("passord", "password", "passordhash", "hash", "user_pass"),
    verify=each(_ANY, is_valid),
    subtype_of=subtype_of,
)


class PasswordHashRecognizer(DeclaredRecognizer):
    """Finds password hashes in texts."""

    DECLARATION = DECLARATION
    PATTERNS = tuple(rf"(?<![A-Za-z0-9$])(?:{form})(?![A-Za-z0-9])" for _, form in _FORMS)

    def rate(self, match: str) -> float:
        """Certain by the scheme it names."""
        return 0.95 if is_valid(match) else 0.0
