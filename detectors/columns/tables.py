"""What a table is about, by its name and its columns: persons, orders, products, places."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from detectors.columns.composition import cut
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
                    "base_url", "callbacks", "app_type", "allowed_origins", "public_client", "confidential", "allowed_scopes", "response_types")),
        ("lookup", ("is_published", "publish_up", "publish_down", "custom_html", "plain_text", "template",
                    "sent_count", "read_count", "variant_parent_id", "headers_html", "utm_tags", "from_name")),
        ("organisation", ("number_of_employees", "no_of_employees", "annual_revenue", "revenue", "industry",
                          "industry_code", "sic_code", "ticker_symbol", "website_url", "ownership", "nace_code",
                          "organisasjonsform", "næringskode1", "konkurs", "stiftelsesdato", "forretningsadresse",
                          "antall_ansatte", "omsetning", "bransje", "bransjekode", "næringskode", "stock_exchange")),
    )
)  # fmt: skip
# What each line of a log of requests has, whatever its file is called.
_REQUESTED = frozenset(
    map(folded, ("http_request_method", "request_method", "cs_method", "http_method", "http_response_status_code", "status_code",
                 "sc_status", "http_status", "http_request_referrer", "cs_referer", "referer", "referrer", "cs_uri_stem",
                 "cs_uri_query", "url_path", "url_query", "request_uri", "request_path", "request_url", "remote_addr",
                 "cs_user_agent", "http_user_agent", "user_agent_original", "bytes_sent", "body_bytes_sent", "sc_bytes",
                 "http_version", "time_taken", "x_forwarded_for", "client_ip", "c_ip", "http_referer"))
)  # fmt: skip
# Parts of whoever keeps the table, where they have a place or a number to call.
_UNITS = frozenset(
    map(folded, ("department", "departments", "avdeling", "avdelinger", "avdelingar", "location", "locations", "lokasjon", "lokasjoner",
                 "site", "sites", "unit", "units", "enhet", "enheter", "einingar", "plant", "plants", "abteilung", "abteilungen",
                 "standort", "standorte", "avdelning", "avdelningar", "afdeling", "afdelinger", "toimipiste", "toimipisteet",
                 "facility", "division", "divisions", "workplaces", "arbeidssteder"))
)  # fmt: skip
_REACHED = frozenset(
    map(folded, ("address", "adresse", "street", "gateadresse", "gate", "street_address", "address1", "address_1", "address_line1",
                 "besøksadresse", "postadresse", "zip", "zip_code", "postal_code", "postcode", "postnr", "postnummer", "phone",
                 "phone_number", "telefon", "telefonnummer", "tlf", "city", "poststed"))
)  # fmt: skip
# What a row is by the number that it begins with: of itself, and in the dictionary of SAP ERP.
_NUMBERED_BY = {"lifnr": "organisation", "werks": "organisation", "matnr": "product"}
_NUMBER_WORDS = frozenset(
    {"id", "nr", "no", "number", "nummer", "num", "code", "kode", "uid", "numero"}
)
_POINTERS = frozenset(
    map(
        folded,
        (
            "user_id",
            "userid",
            "uid",
            "customer_id",
            "kunde_id",
            "bruker_id",
            "member_id",
            "employee_id",
            "id_user",
            "id_users",
            "users_id",
            "id_customer",
        ),
    )
)
_ACCOUNTS = frozenset({"account", "accounts", "konto", "konti", "kontoer", "konten"})
_LOGGED_IN = frozenset(
    map(folded, ("username", "user_name", "login", "brukernavn", "brukarnamn", "handle", "nickname", "display_name",
                 "visningsnavn", "password", "password_hash", "encrypted_password", "passord", "last_login", "last_login_at",
                 "avatar", "avatar_url", "email", "epost"))
)  # fmt: skip
# What a server writes of each request (W3C extended log, Elastic Common Schema).
_LOGGED = frozenset(
    map(folded, ("user_agent", "user_agent.original", "http_user_agent", "useragent", "cs_user_agent", "http.request.method", "request_method",
                 "http.response.status_code", "status_code", "http_status", "referrer", "referer", "http.request.referrer", "cs_referer",
                 "request_uri", "url.path", "url.query", "url.original", "cs_uri_stem", "cs_uri_query", "client.ip", "client_ip",
                 "source.ip", "remote_addr", "c_ip", "http.version", "x_forwarded_for"))
)  # fmt: skip
_REQUEST = 3  # such headers
_POSTED = frozenset(
    map(folded, ("bilagsnr", "bilag", "bilagsdato", "debet", "kredit", "debit", "credit", "voucher_no", "verifikat",
                 "belegnummer", "posting_date", "bokføringsdato", "registreringsdato", "motkonto", "belegdatum"))
)  # fmt: skip
_ENOUGH = 2  # such headers
_GIVEN = frozenset(
    map(folded, ("fornavn", "førenamn", "fornamn", "first_name", "first", "given_name", "forename", "vorname", "förnamn", "fname", "etunimi",
                 "prenom", "voornaam"))
)  # fmt: skip
_FAMILY = frozenset(
    map(folded, ("etternavn", "etternamn", "last_name", "last", "surname", "family_name", "nachname", "efternamn", "efternavn", "lname", "sukunimi",
                 "achternaam"))
)  # fmt: skip
_SOLD = frozenset(
    map(folded, ("order_id", "order_no", "order_number", "ordre_id", "ordrenr", "ordrenummer", "order_date", "sku", "product_name",
                 "varenr", "antall", "quantity", "amount", "beløp", "total", "invoice_no", "fakturanr"))
)  # fmt: skip
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
    parts = _parts(name)
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
    parts = _parts(name)
    while len(parts) > 1 and parts[-1] in _ENTITY:
        parts.pop()
    return kind_of_name(parts[-1]) if parts else ""


def of_accounts(name: str) -> bool:
    """Whether a name ends with a word for accounts, be they a ledger's or those of users."""
    return words(name)[-1:] != [] and words(name)[-1] in _ACCOUNTS


def topic_of_name(name: str) -> str:
    """Which of the `TOPICS` a table is about, whosever it is: `salaries` of employees."""
    parts = _parts(name)
    tokens = dict(_kinds())
    said = {*parts, *(a + b for a, b in pairwise(parts))}
    return next((topic for topic in TOPICS if said & tokens[topic]), "")


TOPICS = ("pay", "search", "work", "consent", "health")
"""Kinds of tables in which names say more than elsewhere: `amount` among payslips."""

_DIGITS = "0123456789"
_LEAST_NOUN = 5  # letters of a noun whose number is looked for


@cache
def _tokens() -> frozenset[str]:
    """Every word that a kind is told by, and those beside them."""
    return frozenset(token for _, tokens in _kinds() for token in tokens) | _ENTITY


def _parts(name: str) -> list[str]:
    """The words of a table's name as the lists have them: `contactdetails` is two of them."""
    parts: list[str] = []
    for word in words(name.rsplit(".", 1)[-1]):
        plain = _known(folded(word).rstrip(_DIGITS) or word)
        pieces = () if plain in _tokens() else cut(plain, _written())
        parts += [_known(piece) for piece in pieces] or [plain]
    return parts


def _known(word: str) -> str:
    """A word in the number that the lists have it in: `transaction` is `transactions`."""
    if word in _tokens() or word in _ACCOUNTS or len(word) < _LEAST_NOUN:
        return word
    several = (f"{word}s", f"{word}es", f"{word[:-1]}ies", word.removesuffix("s"))
    return next((each for each in several if each in _tokens()), word)


@cache
def _written() -> frozenset[str]:
    """The words that a name in one word is cut at, in both numbers."""
    told = {token for token in _tokens() if len(token) >= _LEAST_NOUN}
    return frozenset(told | {token.removesuffix("s") for token in told} | _ENTITY)


_OTHERWISE = frozenset({"", "organisation", "product", "lookup"})
"""Kinds by name that lines of requests do not bear out: `nettbutikk.csv` may be a shop's log."""


def _is_unit(name: str, headers: frozenset[str] | set[str]) -> bool:
    """Whether a table lists departments or places of whoever keeps it, and how to reach them."""
    parts = words(name)
    someone = headers & (_GIVEN | _FAMILY | _POINTERS)
    return bool(parts and parts[-1] in _UNITS and headers & _REACHED and not someone)


def _numbered_by(columns: Sequence[str], headers: frozenset[str] | set[str]) -> str:
    """What a table lists whose name says nothing, by the number it begins with: `vendor_no`."""
    if not columns or headers & (_GIVEN | _FAMILY | _POINTERS | _LINKS):
        return ""
    first = words(columns[0])
    if len(first) == 1:
        return _NUMBERED_BY.get(first[0], "")
    if len(first) != _PAIR or first[-1] not in _NUMBER_WORDS or headers & _PERSON_HEADERS:
        return ""
    kind = kind_of_name(first[0])
    return kind if kind == "organisation" and headers & _REACHED else ""


_PAIR = 2  # words of a number's name: what it is of, and that it is one


def kind_of_table(name: str, columns: Sequence[str]) -> str:
    """What a table is about, by its name, else by the company its columns keep."""
    headers = {folded(column) for column in columns}
    if headers >= _PROPERTY_HEADERS & headers and len(headers & _PROPERTY_HEADERS) >= 2:
        return "property"
    surely = _ENOUGH + 1 if headers & _PERSON_HEADERS else _ENOUGH
    for told, telling in _TELLING:
        if len(headers & telling) >= surely:
            return told
    kind = kind_of_name(name)
    if kind in _OTHERWISE and len(headers & _REQUESTED) >= surely:
        return "web"
    if kind in {"lookup", "thing", ""} and _is_unit(name, headers):
        return "organisation"
    if not kind and (numbered := _numbered_by(columns, headers)):
        return numbered
    if kind == "lookup" and _ACCOUNTS & set(words(name)) and len(headers & _LOGGED_IN) >= _ENOUGH:
        return "person"  # accounts that are logged in to, and not those of a ledger
    if kind == "lookup" and len(headers & _PERSON_HEADERS) >= _PERSONS:
        return kind_of_name("_".join(words(name)[:-1]))  # a `customer_lookup` is one of persons
    if kind == "lookup" and headers & _POINTERS:
        # A list of codes leads to nobody: the `status` of users, and their `accounts`, do.
        parts = words(name)
        rest = kind_of_name("_".join(parts[:-1]))
        return ("person" if _ACCOUNTS & set(parts) else "") if rest in {"", "lookup"} else rest
    if kind == "lookup" and len(headers & _POSTED) >= _ENOUGH:
        return ""  # a ledger of postings, not its accounts
    if kind == "organisation" and len(headers & _LOGGED) >= _REQUEST:
        return "web"  # the log of a shop is not the shop
    if kind:
        return kind
    if headers & _GIVEN and headers & _FAMILY and not headers & _SOLD:
        return "person"  # whatever it is called, each row is somebody
    if headers & _PERSON_HEADERS:
        return ""
    if len(headers & _PRODUCT_HEADERS) >= 2 and not headers & _LINKS:
        return "product"
    return ""
