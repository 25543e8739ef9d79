"""Account, IBAN and card numbers that no bank can have given out.

- Accounts begin with the register number 0000, which no bank has (the former postal giro wrote
  it before its seven digits), and their control digit is wrong by mod 11 of the whole and by
  Luhn of the last seven. Both were needed for a number to be accepted.
- An IBAN has the check digits 00. ISO 7064 gives 02 to 98, never 00. That of a Norwegian account
  holds the fake of the account.
- Cards begin with 400000, from which the numbers of test cards are taken, and their last digit is
  wrong by Luhn: no terminal accepts them.

Source: Finans Norge, *Kontonummer* (mod 11); ISO 13616-1 §6; ISO/IEC 7812-1, annex B.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from transforms.fakes.kind import Fakery, Kind
from transforms.fakes.spelling import columns, luhn, mod11, spelled
from transforms.fakes.vocabulary import Vocabulary

_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_NORWEGIAN = re.compile(r"NO\d{13}")
_SPACES = re.compile(r"[\s\u00a0\u202f.\-]+")


def _account(values: Sequence[str], fakery: Fakery) -> pa.Array:
    draws = fakery.draws("account", values, "account")
    body = np.hstack([np.zeros((len(values), 4), np.int64), columns(draws.digits(6), 6)])
    wrong = _neither(draws.below(10)[0], mod11(body, _WEIGHTS), luhn(body[:, 4:]))
    return spelled(np.hstack([body, wrong[:, None]]))


def _iban(values: Sequence[str], fakery: Fakery) -> pa.Array:
    compact = [_SPACES.sub("", value).upper() for value in values]
    inner = [value[4:] if _NORWEGIAN.fullmatch(value) else value for value in compact]
    return pc.binary_join_element_wise("NO00", _account(inner, fakery), "")


def _card(values: Sequence[str], fakery: Fakery) -> pa.Array:
    plain = [_SPACES.sub("", value) for value in values]
    draws = fakery.draws("card", plain)
    test = np.tile(np.array([4, 0, 0, 0, 0, 0], np.int64), (len(values), 1))
    body = np.hstack([test, columns(draws.digits(9), 9)])
    right = luhn(body)
    wrong = _neither(draws.below(10)[0], right, right)
    return spelled(np.hstack([body, wrong[:, None]]))


def _neither(
    drawn: npt.NDArray[np.int64], one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The first digit from the drawn one on that is neither of two."""
    for _ in range(2):
        drawn = np.where((drawn == one) | (drawn == other), (drawn + 1) % 10, drawn)
    return drawn


def _account_pattern(_words: Vocabulary) -> str:
    return "0000[0-9]{7}"


def _iban_pattern(_words: Vocabulary) -> str:
    return "NO000000[0-9]{7}"


def _card_pattern(_words: Vocabulary) -> str:
    return "400000[0-9]{10}"


KINDS = (
    Kind(
        "account",
        ("user.financial.bank_account", "organization.bank_account"),
        unique=False,
        make=_account,
        pattern=_account_pattern,
    ),
    Kind("iban", ("user.financial.iban",), unique=False, make=_iban, pattern=_iban_pattern),
    Kind("card", ("user.financial.credit_card",), unique=False, make=_card, pattern=_card_pattern),
)
