"""Faults planted in a release: each is caught, and the answer names the column."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sladd.release import ReleaseFile

COMMENT = "orders.comment"


def said(shop, text: str, *, order: int = 3, person: int | None = None) -> str:
    """What the gate says when a comment holds `text` with somebody's values."""
    from leak_shop import CUSTOMERS, customer_of

    who = CUSTOMERS[customer_of(order) if person is None else person]
    shop.say(order, text.format_map(who))
    failed = shop.failed()
    assert set(failed) <= {COMMENT}
    return failed.get(COMMENT, "")


OTHER = 77  # a person who did not write order 3

SPELLINGS = {
    "an e-mail address in a comment": ("Faktura til {email} takk", OTHER, "e-mail"),
    "an e-mail address as it stands": ("{email}", OTHER, "e-mail"),
    "an e-mail address in angle brackets": ("Kari <{email}>;", OTHER, "e-mail"),
    "the own telephone number, bare": ("ring {phone}", None, "shop/customers.phone"),
    "a telephone number with its country code": ("ring {phone}", OTHER, "telephone"),
    "a national id": ("fnr {fnr} oppgitt", OTHER, "shop/customers.fnr"),
    "an IBAN": ("konto {iban}.", OTHER, "shop/customers.iban"),
    "a cookie id": ("sporing={cookie}", OTHER, "shop/customers.cookie"),
    "the own full name": ("Gave til {name}, hilsen oss", None, "full name"),
    "another customer's full name": ("Gave til {name}, hilsen oss", OTHER, "full name"),
    "a name, family name first": ("Gave til {last}, {first}", OTHER, "full name"),
    "an address": ("Leveres {street}, {postcode}", OTHER, "postal address"),
    "an IP address": ("fra {ip} i går", OTHER, "IP address"),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_an_original_in_a_comment_is_found(shop, kept, name):
    """In the row of its own person or of another."""
    text, person, word = SPELLINGS[name]
    assert word in said(shop, text, person=person)


def other(kept) -> dict:
    return kept.CUSTOMERS[OTHER]


def grouped(digits: str, *sizes: int, by: str = " ") -> str:
    parts, start = [], 0
    for size in sizes:
        parts.append(digits[start : start + size])
        start += size
    return by.join(parts)


CHANGED = {
    "in capitals": lambda p: p["email"].upper(),
    "percent-encoded": lambda p: f"/konto?e={quote(p['email'], safe='')}",
    "with every byte percent-encoded": lambda p: "".join(f"%{b:02X}" for b in p["email"].encode()),
    "with zero-width spaces": lambda p: "\u200b".join(p["email"]),
    "with soft hyphens in a name": lambda p: f"hilsen {p['name'].replace('a', chr(0xAD) + 'a')}",
    "in full-width letters": lambda p: "".join(
        chr(ord(c) + 0xFEE0) if 33 <= ord(c) < 127 else c for c in p["email"]
    ),
    "in full-width digits": lambda p: "".join(chr(ord(c) + 0xFEE0) for c in p["fnr"]),
    "base64-encoded": lambda p: f"ref {base64.b64encode(p['email'].encode()).decode()}",
    "base64url-encoded without padding": lambda p: base64.urlsafe_b64encode(
        f"fnr={p['fnr']};".encode()
    ).decode().rstrip("="),
    "hex-encoded": lambda p: p["email"].encode().hex(),
    "escaped for HTML": lambda p: p["email"].replace("@", "&#64;"),
    "escaped for JSON": lambda p: p["name"].replace("a", "\\u0061"),
    "quoted-printable": lambda p: p["name"].encode().decode().replace("ø", "=C3=B8") + " " + p["email"],
    "in JSON": lambda p: json.dumps({"kunde": {"epost": [p["email"]]}}),
    "decomposed": lambda p: __import__("unicodedata").normalize("NFD", p["name"]),
    "a national id with a blank": lambda p: grouped(p["fnr"], 6, 5),
    "a national id with dots": lambda p: grouped(p["fnr"], 2, 2, 2, 5, by="."),
    "a national id glued to a word": lambda p: f"fnr{p['fnr']}x",
    "an IBAN in groups": lambda p: grouped(p["iban"], 4, 4, 4, 3),
    "a telephone number with 00": lambda p: "0047 " + grouped(p["phone"][4:], 3, 2, 3),
    "a telephone number in pairs": lambda p: "(+47) " + grouped(p["phone"][4:], 2, 2, 2, 2),
    "a cookie id in capitals and groups": lambda p: p["cookie"].upper(),
    "with underscores for blanks": lambda p: f"foto_{p['name'].replace(' ', '_')}_2024",
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_an_original_in_another_spelling_is_found(shop, kept, name):
    """What a reader would recognise, the gate does."""
    assert said(shop, CHANGED[name](other(kept)).replace("{", "{{").replace("}", "}}"))


def test_the_own_telephone_number_without_a_country_code_is_found(shop, kept):
    """A bare run of eight digits counts in a row of the same person."""
    own = kept.CUSTOMERS[kept.customer_of(3)]
    shop.say(3, f"ring {own['phone'][4:]}")
    assert "same person" in shop.failed()[COMMENT]


def test_a_whole_column_of_bare_telephone_numbers_is_found(shop, kept):
    """Of other persons: far more of them meet than chance gives."""
    values = [
        int(kept.CUSTOMERS[(n * 11 + 5) % kept.PERSONS]["phone"][4:]) for n in range(kept.ORDERS)
    ]
    shop.put("orders.amount", values)
    assert "chance gives" in shop.failed()["orders.amount"]


def test_a_national_id_that_lost_its_zero_is_found(shop, kept):
    """Stored as a number."""
    who = next(c for c in kept.CUSTOMERS if c["fnr"].startswith("0"))
    shop.put("orders.amount", [n if n != 8 else int(who["fnr"]) for n in range(kept.ORDERS)])
    assert "shop/customers.fnr" in shop.failed()["orders.amount"]


def test_an_original_in_a_nested_list_is_found(shop, kept):
    """Lists come apart."""
    tags = [
        ["gave", f"til {other(kept)['email']}"] if n == 9 else ["gave"] for n in range(kept.ORDERS)
    ]
    shop.put("orders.tags", pa.array([[t] for t in tags], pa.list_(pa.list_(pa.string()))))
    assert "e-mail" in shop.failed()["orders.tags"]


def test_an_original_in_a_struct_is_found(shop, kept):
    """Structs come apart, too."""
    rows = [{"a": {"b": other(kept)["fnr"] if n == 9 else "x"}} for n in range(kept.ORDERS)]
    shop.put("orders.extra", pa.array(rows))
    assert "customers.fnr" in shop.failed()["orders.extra"]


def test_an_original_as_bytes_is_found(shop, kept):
    """A column of binary values is read as text."""
    rows = [other(kept)["email"].encode() if n == 9 else b"\x00\xff" for n in range(kept.ORDERS)]
    shop.put("orders.blob", pa.array(rows, pa.binary()))
    assert "e-mail" in shop.failed()["orders.blob"]


def test_weak_originals_left_in_their_own_column_are_found(shop, kept):
    """A postcode that should have become a region is still one."""
    values = [c["postcode"] for c in kept.CUSTOMERS]
    shop.put("customers.region", values, field="shop/customers.postcode", replaced=True)
    assert "the value itself" in shop.failed()["customers.region"]


def test_dates_of_birth_that_were_not_made_coarser_are_found(shop, kept):
    """The transform did nothing."""
    values = pa.array([c["born"] for c in kept.CUSTOMERS])
    shop.put("customers.region", values, field="shop/customers.born")
    assert "the value itself" in shop.failed()["customers.region"]


def test_names_kept_beside_names_replaced_are_found(shop, kept):
    """One column lets out by rule what another one replaces."""
    names = [kept.CUSTOMERS[kept.customer_of(n)]["name"] for n in range(kept.ORDERS)]
    shop.put("orders.contact", names, field="shop/orders.contact", kept=True)
    assert "full name" in shop.failed()["orders.contact"]


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("column", ["email", "phone", "fnr", "id", "born"])
def test_an_unsalted_hash_is_found(shop, kept, algorithm, column):
    """Whoever can guess the original can check the guess."""
    values = [str(kept.CUSTOMERS[kept.customer_of(n)][column]) for n in range(kept.ORDERS)]
    hashes = [getattr(hashlib, algorithm)(v.encode()).hexdigest() for v in values]
    shop.put("orders.ref", hashes)
    assert "unsalted hash" in shop.failed()["orders.ref"]


def test_an_unsalted_hash_of_the_canonical_spelling_in_base64_is_found(shop, kept):
    """Digits of the telephone number only, in a single comment."""
    digest = hashlib.sha256(other(kept)["phone"][4:].encode()).digest()
    shop.say(3, f"ref {base64.b64encode(digest).decode()}")
    assert "SHA256" in shop.failed()[COMMENT]


def test_row_numbers_are_found(shop, kept):
    """A number of its own for every row leads back to it, in whatever order."""
    shop.put("orders.nr", [(n * 7) % kept.ORDERS + 1_000 for n in range(kept.ORDERS)])
    assert "row numbers" in shop.failed()["orders.nr"]


def test_row_numbers_as_text_are_found(shop, kept):
    """Their type does not matter."""
    shop.put("orders.nr", [str(n + 1_000) for n in range(kept.ORDERS)])
    assert "row numbers" in shop.failed()["orders.nr"]


def rewritten(folder: Path, table: str, change) -> None:
    path = next((folder / table).glob("*.parquet"))
    rows = pq.read_table(path)
    change(rows, path)


def test_rows_in_the_order_of_the_source_are_found(shop, kept):
    """They are sorted by no column."""

    def unsorted(rows: pa.Table, path: Path) -> None:
        order = sorted(range(len(rows)), key=lambda n: hashlib.md5(str(n).encode()).digest())
        pq.write_table(rows.take(order), path, store_schema=False)

    shop.after = lambda folder: rewritten(folder, "orders", unsorted)
    assert "order of rows" in shop.failed()["orders"]


def test_source_timestamps_are_told_of_pseudonymised_releases(shop, kept):
    """They pass, and the number of rows that they link is said."""
    shop.put("customers.seen", [c["seen"] for c in kept.CUSTOMERS])
    notes = [c for c in shop.check() if c.name == "linkable moments"]
    assert [c.passed for c in notes] == [True]
    assert f"{kept.PERSONS} rows" in notes[0].detail


def test_source_timestamps_are_refused_in_anonymised_releases(shop, kept):
    """Whoever holds the source could join them."""
    shop.more = {"kind": "anonymised"}
    shop.put("customers.seen", [c["seen"] for c in kept.CUSTOMERS])
    assert "truncate_date" in shop.failed()["customers.seen"]


def test_a_parquet_statistic_of_the_source_is_found(shop, kept):
    """The footer says what the least value was before it was replaced."""

    def stale(rows: pa.Table, path: Path) -> None:
        secret = other(kept)["email"].encode()
        values = rows.column("comment").to_pylist()
        fake = "å" + "x" * (len(secret) - 2)
        assert len(fake.encode()) == len(secret)
        # Written with a place holder, which the rows lose and the footer keeps.
        rows = rows.set_column(3, "comment", pa.array([fake, *values[1:]]))
        pq.write_table(rows, path, store_schema=False, compression="none", use_dictionary=False)
        body = path.read_bytes()
        # Plain encoding: four bytes of length stand before the value.
        first = body.index(struct.pack("<I", len(secret)) + fake.encode()) + 4
        replaced = b"Leveres" + b" " * (len(secret) - 7)
        path.write_bytes(body[:first] + replaced + body[first + len(secret) :])

    shop.after = lambda folder: rewritten(folder, "orders", stale)
    assert "file statistics" in shop.failed()[COMMENT]


def test_an_original_in_the_dictionary_of_a_parquet_file_is_found(shop, kept):
    """A value that no row has any more, but the file."""

    def leftover(rows: pa.Table, path: Path) -> None:
        texts = rows.column("comment").to_pylist()
        words = [*dict.fromkeys(texts), other(kept)["email"]]
        indices = pa.array([words.index(t) for t in texts], pa.int32())
        column = pa.DictionaryArray.from_arrays(indices, pa.array(words))
        pq.write_table(rows.set_column(3, "comment", column), path, store_schema=False)

    shop.after = lambda folder: rewritten(folder, "orders", leftover)
    assert "e-mail" in shop.failed()[COMMENT]


def test_an_original_in_the_metadata_of_a_parquet_file_is_found(shop, kept):
    """Key-value metadata is where pandas and Arrow put what they know."""

    def noted(rows: pa.Table, path: Path) -> None:
        rows = rows.replace_schema_metadata({"source": f"mail to {other(kept)['email']}"})
        pq.write_table(rows, path)

    shop.after = lambda folder: rewritten(folder, "orders", noted)
    assert "e-mail" in shop.failed()["orders/part-00.parquet"]


def test_a_name_in_the_comment_of_a_column_is_found(shop, kept):
    """It reaches manifest, dictionary, report and database."""
    shop.documents = True
    shop.comments["orders.amount"] = f"beløp, spør {other(kept)['name']}"
    failed = shop.failed()
    assert {"manifest.json", "dictionary.csv", "analytics.duckdb"} <= failed.keys()


def test_an_address_in_the_comment_of_a_table_is_found(shop, kept):
    """E-mail addresses of a customer, too."""
    shop.documents = True
    shop.comments["orders"] = f"eksportert for {other(kept)['email']}"
    assert {"manifest.json", "REPORT.html", "analytics.duckdb"} & shop.failed().keys()


def test_an_original_in_the_purpose_is_found(shop, kept):
    """The manifest is searched as a text."""
    shop.documents = True
    shop.more = {"purpose": f"Sak om {other(kept)['fnr']}"}
    assert "manifest.json" in shop.failed()


def test_an_original_in_a_column_name_is_found(shop, kept):
    """As when the first row of a file was taken for its header."""
    shop.documents = True
    shop.put(f"orders.{other(kept)['email'].replace('.', '_')}", ["x"] * kept.ORDERS)
    assert "analytics.duckdb" in shop.failed()


def test_an_original_in_a_file_name_is_found(shop, kept):
    """A folder of texts named after persons."""

    def file(folder: Path) -> None:
        (folder / "texts").mkdir()
        (folder / "texts" / f"{other(kept)['name'].replace(' ', '_')}_cv.txt").write_text("x")

    shop.after = file
    assert "full name" in shop.failed()["file names"]


def test_an_original_in_a_comment_of_the_database_alone_is_found(shop, kept):
    """The database is asked for its own comments."""
    shop.documents = True

    def commented(folder: Path) -> None:
        with duckdb.connect(str(folder / "analytics.duckdb")) as opened:
            opened.execute(f"COMMENT ON COLUMN orders.amount IS 'sum {other(kept)['email']}'")

    shop.after = commented
    assert set(shop.failed()) == {"analytics.duckdb"}


def test_the_same_surrogate_in_two_releases_is_found(shop, kept, tmp_path):
    """Two domains whose pseudonyms meet were made with one key."""
    from sladd.gate.leaks.surrogates import Other
    from sladd.targets import Staging

    neighbour = kept.Shop()
    neighbour.more = {"domain": "markedsføring", "release": "marketing"}
    with Staging.begin(tmp_path / "m", "20261122T101112Z-ab13") as staging:
        manifest = neighbour._written(staging)
        shop.others = [Other("marketing", staging.path, manifest)]
        failed = shop.failed()
    assert {"customers.id", "orders.customer_id"} <= failed.keys()
    assert "marketing" in failed["customers.id"]


def test_rule_based_kinds_in_a_redacted_text_are_refused(shop, kept):
    """Whatever risk is stated, rules find e-mail addresses."""
    shop.say(3, f"svar til {other(kept)['email']}", field="shop/orders.comment", redacted=True, remaining={"user": 0.5})  # fmt: skip
    assert "drop shop/orders.comment" in shop.failed()[COMMENT]


def test_more_names_than_stated_in_a_redacted_text_are_refused(shop, kept):
    """Ten of twenty, where two of a hundred were stated."""
    for n in range(10):
        shop.say(n, f"hilsen {kept.CUSTOMERS[kept.customer_of(n)]['name']}")
    comments = shop.tables["orders"]["comment"]
    shop.put(COMMENT, comments, field="shop/orders.comment", redacted=True, remaining={"user.name": 0.02}, mentions=10)  # fmt: skip
    assert "states 2.0%" in shop.failed()[COMMENT]


def test_the_answer_names_the_change_that_would_pass_and_no_value(shop, kept):
    """Counts, columns and a transform."""
    secret = other(kept)
    answer = said(shop, "Faktura til {email}", person=OTHER)
    assert "give orders.comment redact_text, or drop it" in answer
    assert not any(str(v) in answer for k, v in secret.items() if k != "id")


def test_a_timestamp_of_the_source_is_no_text(kept):
    """The test's own moments have fractions."""
    assert all(isinstance(c["seen"], datetime) and c["seen"].microsecond for c in kept.CUSTOMERS)


def test_an_original_in_the_text_file_of_a_document_is_found(shop, kept):
    """Such files hold redacted texts: what rules find must be gone from them too."""
    text = f"Hei,\nsvar til {other(kept)['email']}\nhilsen {other(kept)['name']}\n"

    def file(folder: Path) -> None:
        (folder / "texts").mkdir()
        (folder / "texts" / "k3f.txt").write_text(text)

    shop.after = file
    digest = hashlib.sha256(text.encode()).hexdigest()
    shop.more = {"files": (ReleaseFile(path="texts/k3f.txt", sha256=digest),)}
    comments = shop.tables["orders"]["comment"]
    shop.put(COMMENT, comments, field="mail/mail.text", redacted=True, remaining={"user.name": 0.1})
    failed = shop.failed()
    assert set(failed) == {"texts/k3f.txt"}
    assert "e-mail" in failed["texts/k3f.txt"]
