"""User names that are two words and a tag, and pages of such users at example.com (RFC 2606)."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.fakes.emails import DOMAIN, SHAPE, handle
from transforms.fakes.kind import Fakery, Kind
from transforms.fakes.vocabulary import Vocabulary

_ADDRESS = f"https://{DOMAIN}/"


def _user(values: Sequence[str], fakery: Fakery) -> pa.Array:
    return handle(fakery.draws("username", values, "username"), fakery.words)


def _page(values: Sequence[str], fakery: Fakery) -> pa.Array:
    return pc.binary_join_element_wise(
        _ADDRESS, handle(fakery.draws("url", values), fakery.words), ""
    )


def _user_pattern(_words: Vocabulary) -> str:
    return SHAPE


def _page_pattern(_words: Vocabulary) -> str:
    return _ADDRESS.replace(".", r"\.") + SHAPE


KINDS = (
    Kind("username", ("user.account.username",), unique=True, make=_user, pattern=_user_pattern),
    Kind("url", ("user.contact.url",), unique=True, make=_page, pattern=_page_pattern),
)
