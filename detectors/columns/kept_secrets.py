"""Secrets told by where they stand: the value of an API key, the code that confirms an account.

`value` or `hash` alone says nothing; in a table of keys and tokens, holding long random strings,
it is what lets somebody in. So is a random string called after the act that it confirms, and the
address of a web hook that ends with one.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.judgement import Judged
from detectors.columns.numbers import UUID
from detectors.columns.spelling import folded, words
from detectors.columns.weighing import Candidate
from sladd.model import StorageType

_KIND = "user.authorization.credentials"
_TABLES = (
    "apikey", "apikeys", "token", "tokens", "credential", "credentials", "secret", "secrets", "userkeys", "accesskeys", "passwordreset",
    "passwordresets", "rememberme", "invitecodes", "apinokler",
)  # fmt: skip
_VALUES = frozenset(
    ("value", "key", "hash", "token", "secret", "series", "code", "selector", "validator", "digest", "verdi", "nokkel", "hashed")
)  # fmt: skip
# Acts that a random string confirms; the number of a confirmed booking is another matter.
_ACTS = frozenset(
    ("activation", "unsubscribe", "aktivering", "aktiverings", "vahvistusavain", "vahvistuskoodi", "activationkey", "confirmationkey",
     "optinkey")
)  # fmt: skip
_HOOKS = frozenset({"webhook", "webhooks", "hook"})
_HOOK = r"^\s*https://\S+/[A-Za-z0-9_-]{16,}/?\s*$"
_RANDOM = r"^\s*(?:[a-z0-9]{2,10}[$:])?[A-Za-z0-9_+/=.~-]{16,}\s*$"
_MIXED = r"[0-9][A-Za-z0-9_+/=.~-]*[A-Za-z]|[A-Za-z][A-Za-z0-9_+/=.~-]*[0-9]"
_MOSTLY = 0.8  # share of the values
_OWN = 0.85  # different values among the cells
_FEWEST = 5  # different values
_NAMED, _FORM, _STANDS = 2.0, 2.5, 1.0  # log-odds of the word, of the form, and of the table


def add_secrets(columns: Sequence[Judged], table: str) -> None:
    """Let random strings be secrets where a table or a name says what they let in.

    Args:
        columns: of one table, judged; only those that nothing explains gain by it.
        table: its name.
    """
    kept = folded(table).endswith(_TABLES)
    for judged in columns:
        column, said = judged.profile, words(judged.field.ref.column)
        if judged.accepted or not said or column.type is not StorageType.STRING:
            continue
        if (_HOOKS & set(said) and column.share(_HOOK) >= _MOSTLY) or (
            ((kept and said[-1] in _VALUES) or said[-1] in _ACTS) and _random(judged)
        ):
            _tell(judged, said[-1])


def _random(judged: Judged) -> bool:
    column = judged.profile
    filled = column.rows - column.nulls
    return (
        len(column.values) >= _FEWEST and column.distinct >= _OWN * filled and column.share(_MIXED) >= _MOSTLY
        and column.share(_RANDOM) >= _MOSTLY and column.share(UUID) < _MOSTLY
    )  # fmt: skip


def _tell(judged: Judged, word: str) -> None:
    secret = Candidate(_KIND, "")
    secret.add("header", _NAMED, token=word)
    secret.add("pattern", _FORM, distinct=len(judged.profile.values))
    secret.add("context", _STANDS)
    judged.candidates.append(secret)
