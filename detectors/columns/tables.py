"""What a table is about, by its name and its columns: persons, orders, products, places."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from detectors.columns.spelling import folded, words

IMPERSONAL = frozenset({"product", "lookup", "property"})
"""Kinds of tables that are not about persons, whatever their columns are called.

Those of kind `thing` (courses, meetings, documents) are not either, but name persons."""

BEHAVIOUR = frozenset({"order", "cart", "web", "search", "review", "support", "consent"})
"""Kinds of tables whose rows are what a person did."""

_PRODUCT_HEADERS = frozenset(
    map(folded, ("sku", "ean", "gtin", "strekkode", "varenr", "artnr", "artikkelnr", "veilpris",
                 "utsalgspris", "innkjøpspris", "lagerstatus", "beholdning", "varegruppe", "stock"))
)  # fmt: skip
_PERSON_HEADERS = frozenset(
    map(folded, ("epost", "email", "fornavn", "etternavn", "first_name", "last_name", "firstname",
                 "lastname", "fødselsdato", "fødselsnr", "mobil", "fornamn", "etternamn"))
)  # fmt: skip
_PERSONS = 2  # such headers that no list of codes has
_LINKS = frozenset(
    map(folded, ("ordre_id", "order_id", "ordrenr", "antall", "quantity", "kunde_id"))
)
# Columns that only these tables have: applications that may ask for a token, letters that are
# sent to many, and companies as a CRM keeps them.
_TELLING: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (kind, frozenset(map(folded, headers)))
    for kind, headers in (
        ("lookup", ("redirect_uri", "redirect_uris", "grant_types", "web_origins", "client_secret", "root_url",
                    "base_url", "public_client", "confidential", "allowed_scopes", "response_types")),
        ("lookup", ("is_published", "publish_up", "publish_down", "custom_html", "plain_text", "template",
                    "sent_count", "read_count", "variant_parent_id", "headers_html", "utm_tags", "from_name")),
        ("organisation", ("number_of_employees", "no_of_employees", "annual_revenue", "revenue", "industry",
                          "industry_code", "sic_code", "ticker_symbol", "website_url", "ownership", "nace_code",
                          "antall_ansatte", "omsetning", "bransje", "bransjekode", "næringskode", "stock_exchange")),
    )
)  # fmt: skip
_ENOUGH = 2  # such headers
_PROPERTY_HEADERS = frozenset(map(folded, ("gnr", "bnr", "gardsnr", "bruksnr")))


@cache
def _kinds() -> tuple[tuple[str, frozenset[str]], ...]:
    with files("detectors.lexicon").joinpath("tables.csv").open(encoding="utf-8") as file:
        return tuple(
            (row["kind"], frozenset(map(folded, row["tokens"].split())))
            for row in csv.DictReader(file)
        )


@cache
def kind_of_name(name: str) -> str:
    """What a name says its table is about; "" when it says nothing.

    Kinds are tried in the order of `tables.csv`, so `product_reviews` are reviews. The last
    word outranks the rest: `customer_groups` is a list of groups.
    """
    parts = [_plain(word) for word in words(name.rsplit(".", 1)[-1])]
    if not parts:
        return ""
    kinds = _kinds()
    ending = dict(kinds)
    # Two words may be one: a `ledger_entry` is no ledger.
    pairs = {a + b for a, b in pairwise(parts)}
    for kind, tokens in kinds:
        if pairs & tokens:
            return kind
    for kind in _ENDING:
        if parts[-1] in ending[kind] and len(parts) > 1:
            return kind
    for kind, tokens in kinds:
        if kind != "thing" and any(part in tokens for part in parts):
            return kind
        if (parts[-1] if kind == "thing" else "".join(parts)) in tokens:
            return kind
    # Compounds in one word end with their head: `kundeordrer`, `webbutikkunder`.
    for kind, tokens in kinds:
        if any(part.endswith(token) for part in parts for token in tokens if len(token) >= 5):
            return kind
    return ""


_ENDING = ("lookup", "thing")  # kinds that the last word alone tells
_ENTITY = frozenset(
    ("entity", "tbl", "table", "tabell", "master", "data", "grid", "flat", "header", "headers", "hode",
     "export", "eksport", "import", "uttrekk", "dump", "backup", "csv", "list", "liste", "lister", "register",
     "registry", "oversikt", "details", "detail", "profile", "profil", "info", "information", "record",
     "records", "main", "basic", "core", "full", "all", "alle", "view", "file", "fil", "directory")
)  # fmt: skip


def head_of_name(name: str) -> str:
    """The kind of the noun that a name ends with: a `customer_address` is an address."""
    parts = [_plain(word) for word in words(name.rsplit(".", 1)[-1])]
    while len(parts) > 1 and parts[-1] in _ENTITY:
        parts.pop()
    return kind_of_name(parts[-1]) if parts else ""


def topic_of_name(name: str) -> str:
    """Which of the `TOPICS` a table is about, whosever it is: `salaries` of employees."""
    parts = [_plain(word) for word in words(name.rsplit(".", 1)[-1])]
    tokens = dict(_kinds())
    said = {*parts, *(a + b for a, b in pairwise(parts))}
    return next((topic for topic in TOPICS if said & tokens[topic]), "")


TOPICS = ("pay", "search")
"""Kinds of tables in which names say more than elsewhere: `amount` among payslips."""


def _plain(word: str) -> str:
    return folded(word).rstrip("0123456789") or word


def kind_of_table(name: str, columns: Sequence[str]) -> str:
    """What a table is about, by its name, else by the company its columns keep."""
    headers = {folded(column) for column in columns}
    if headers >= _PROPERTY_HEADERS & headers and len(headers & _PROPERTY_HEADERS) >= 2:
        return "property"
    if not headers & _PERSON_HEADERS:
        for told, telling in _TELLING:
            if len(headers & telling) >= _ENOUGH:
                return told
    kind = kind_of_name(name)
    if kind == "lookup" and len(headers & _PERSON_HEADERS) >= _PERSONS:
        return kind_of_name("_".join(words(name)[:-1]))  # a `customer_lookup` is one of persons
    if kind:
        return kind
    if headers & _PERSON_HEADERS:
        return ""
    if len(headers & _PRODUCT_HEADERS) >= 2 and not headers & _LINKS:
        return "product"
    return ""
