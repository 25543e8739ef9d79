"""The sample shop: the same every time, complete in its ground truth, and about nobody."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import phonenumbers
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stdnum import luhn
from stdnum.no import kontonr, orgnr

from data.samples.generator import generate
from data.samples.generator.__main__ import main
from data.samples.generator.seeds import load_seeds
from sladd import taxonomy
from sladd.config import load_config
from sladd.model import FieldRef, TableRef

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
HOWS = {"is", "contains", "linked", "none"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest shop."""
    out = tmp_path_factory.mktemp("shop")
    generate(out, 200, 7)
    return out


def query(shop: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(shop / "shop.db")) as database:
        return database.execute(sql).fetchall()


def tables(shop: Path) -> list[str]:
    found = query(shop, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in found]


def dump(shop: Path) -> str:
    with closing(sqlite3.connect(shop / "shop.db")) as database:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()


def labels(shop: Path) -> dict[str, tuple[str, str]]:
    with (shop / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {row["field"]: (row["how"], row["category"]) for row in rows}
    assert len(found) == len(rows), "a field is labelled twice"
    return found


def leaves(value: object, path: tuple[str, ...] = (), keyed: str = "") -> Iterator[tuple[str, ...]]:
    """Paths to the scalars of a JSON value; the object named `keyed` has data for keys."""
    if isinstance(value, dict):
        collapse = bool(path) and path[-1] == keyed
        for key, inner in value.items():
            yield from leaves(inner, (*path, "*" if collapse else key), keyed)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, (*path, "[]"), keyed)
    elif path:
        yield path


def address(source: str, table: str, column: str, path: tuple[str, ...] = ()) -> str:
    return str(FieldRef(TableRef(source, table), column, path))


def database_fields(shop: Path) -> set[str]:
    found = set()
    for table in tables(shop):
        for (column,) in query(shop, f"SELECT name FROM pragma_table_info('{table}')"):
            if (table, column) == ("carts", "payload"):
                for (payload,) in query(shop, "SELECT payload FROM carts"):
                    paths = leaves(json.loads(payload))
                    found |= {address("shop", table, column, path) for path in paths}
            elif (table, column) == ("customer_meta", "meta_value"):
                keys = query(shop, "SELECT DISTINCT meta_key FROM customer_meta")
                found |= {address("shop", table, column, key) for key in keys}
            else:
                found.add(address("shop", table, column))
    return found


def file_fields(folder: Path) -> set[str]:
    found = set()

    def add(table: str, columns: list[str]) -> None:
        found.update(address("exports", table, column) for column in columns)

    for path in folder.iterdir():
        name = re.sub(r"_\d{4}-\d\d-\d\d$", "", path.stem)
        if path.suffix == ".csv":
            encoding = "cp1252" if name == "kunder_eksport" else "utf-8"
            first = path.read_text(encoding=encoding).splitlines()[0]
            row = next(csv.reader([first], delimiter=";" if ";" in first else ","))
            headless = name == "uten_overskrift"
            add(name, [f"c{i + 1}" for i in range(len(row))] if headless else row)
        elif path.suffix == ".parquet":
            add(name, pq.read_schema(path).names)
        elif path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path, read_only=True):
                add(f"{name}:{sheet.title}", list(next(sheet.iter_rows(values_only=True))))
        else:
            for line in path.read_text(encoding="utf-8").splitlines():
                for at in leaves(json.loads(line), keyed="newsletter"):
                    if at != ("user",):  # null: nobody was logged in
                        found.add(address("exports", name, at[0], at[1:]))
    return found


def all_text(shop: Path) -> str:
    """Every cell of the shop, as text."""
    parts = []
    for table in tables(shop):
        parts += ["\n".join(map(str, row)) for row in query(shop, f'SELECT * FROM "{table}"')]
    for path in (shop / "files").iterdir():
        if path.suffix in {".csv", ".jsonl"}:
            encoding = "cp1252" if path.stem == "kunder_eksport" else "utf-8"
            parts.append(path.read_text(encoding=encoding))
        elif path.suffix == ".parquet":
            parts.append(str(pq.read_table(path).to_pylist()))
        else:
            for sheet in openpyxl.load_workbook(path, read_only=True):
                parts += [str(row) for row in sheet.iter_rows(values_only=True)]
    return "\n".join(parts)


@pytest.fixture(params=["committed", "small"])
def shop(request: pytest.FixtureRequest, small: Path) -> Path:
    """The committed shop and a fresh one of another size and seed."""
    return SAMPLES if request.param == "committed" else small


def test_labels_cover_every_field_and_no_other(shop: Path):
    """Ground truth that misses a field, or names one that is gone, measures nothing."""
    assert set(labels(shop)) == database_fields(shop) | file_fields(shop / "files")


def test_labels_speak_the_taxonomy(shop: Path):
    """A label is a known kind and a category of the taxonomy; only `none` has no category."""
    known = set(taxonomy.load().categories)
    for field, (how, category) in labels(shop).items():
        assert how in HOWS, field
        assert (category == "") if how == "none" else (category in known), field


def test_every_foreign_key_leads_to_a_row(shop: Path):
    """All declared references hold, and there are many."""
    assert query(shop, "PRAGMA foreign_key_check") == []
    declared = [key for t in tables(shop) for key in query(shop, f"PRAGMA foreign_key_list('{t}')")]
    assert len(declared) >= 18


def check_digits_of_national_number(digits: str) -> bool:
    first = sum(int(d) * w for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), strict=False))
    second = sum(int(d) * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
    return first % 11 == 0 and second % 11 == 0


def test_national_numbers_are_in_the_synthetic_range(shop: Path):
    """Month plus 80, valid check digits: never issued to anyone."""
    stored = [f"{fnr:011d}" for (fnr,) in query(shop, "SELECT fnr FROM employees")]
    typed = [fnr for (fnr,) in query(shop, "SELECT DISTINCT fodselsnummer FROM payroll")]
    assert set(stored) == set(typed)
    for digits in typed:
        assert 81 <= int(digits[2:4]) <= 92
        assert check_digits_of_national_number(digits)
    assert any(
        str(f) != s
        for (f,), s in zip(query(shop, "SELECT fnr FROM employees"), stored, strict=True)
    )


def test_no_text_holds_a_national_number_outside_the_synthetic_range(shop: Path):
    """Any 11 digits anywhere that could be a birth number have a month above 80."""
    found = re.findall(r"(?<![\d.])(\d{6}) ?(\d{5})(?![\d.])", all_text(shop))
    synthetic = 0
    for digits in (first + last for first, last in found):
        if check_digits_of_national_number(digits):
            day, month = int(digits[:2]), int(digits[2:4])
            assert month > 80 or not (1 <= day % 40 <= 31 and 1 <= month % 40 <= 12 and day < 72)
            synthetic += 80 < month <= 92
    assert synthetic >= 30


def test_every_address_is_at_an_example_domain(shop: Path):
    """E-mail goes to `example.*` or nowhere."""
    found = re.findall(r"[^\s@\"',;:()«»]+@([\w.-]+\w)", all_text(shop))
    assert len(found) > 500
    assert {re.sub(r"^.*\.(?=example\.)", "", domain) for domain in found} <= {
        "example.no",
        "example.com",
        "example.org",
        "example.net",
    }


@pytest.mark.parametrize(
    ("sql", "valid"),
    [
        ("SELECT kontonr FROM payroll", lambda v: len(v) == 11 and kontonr.is_valid(v)),
        ("SELECT bankkonto FROM suppliers", lambda v: len(v) == 11 and kontonr.is_valid(v)),
        ("SELECT orgnr FROM suppliers", orgnr.is_valid),
        ("SELECT orgnr FROM customers WHERE orgnr IS NOT NULL", orgnr.is_valid),
        ("SELECT kid FROM invoices", luhn.is_valid),
        ("SELECT fdato FROM customers WHERE fdato IS NOT NULL", date.fromisoformat),
        (
            "SELECT mobil FROM customers WHERE mobil IS NOT NULL",
            lambda v: phonenumbers.is_valid_number(phonenumbers.parse(v, "NO")),
        ),
        (
            "SELECT order_no FROM orders",
            lambda v: phonenumbers.is_valid_number(phonenumbers.parse(str(v), "NO")),
        ),
        ("SELECT sku FROM products", re.compile(r"[A-Z]{2}[1-9]\d{4}$").match),
        ("SELECT passord_hash FROM users", re.compile(r"\$2y\$10\$[./A-Za-z0-9]{53}$").match),
        ("SELECT felt17 FROM customers WHERE felt17 IS NOT NULL", re.compile(r"\S+@\S+$").match),
        (
            "SELECT ip FROM web_sessions",
            re.compile(r"(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|2001:db8:").match,
        ),
    ],
)
def test_values_have_the_form_that_the_label_promises(shop: Path, sql: str, valid):
    """Check digits, ranges and shapes hold for every value."""
    values = [value for (value,) in query(shop, sql)]
    assert len(values) >= 10
    assert all(valid(value) for value in values)


def test_postcode_and_place_agree(shop: Path):
    """Each postcode has one place, kept as text with its leading zero."""
    pairs = query(shop, "SELECT DISTINCT postnr, poststed FROM addresses")
    assert len({code for code, _ in pairs}) == len(pairs)
    assert all(re.fullmatch(r"\d{4}", code) for code, _ in pairs)
    assert any(code.startswith("0") for code, _ in pairs)


def test_hard_cases_are_there(shop: Path):
    """An empty table, a column of NULL, a reference without a key, a dense range."""
    assert query(shop, "SELECT count(*) FROM gavekort_utkast") == [(0,)]
    assert query(shop, "SELECT count(felt18) FROM customers") == [(0,)]
    orphans = "SELECT count(*) FROM web_sessions WHERE kunde NOT IN (SELECT id FROM customers)"
    assert query(shop, orphans) == [(0,)]
    low, high, count = query(shop, "SELECT min(order_no), max(order_no), count(*) FROM orders")[0]
    assert high - low + 1 == count > 300
    assert query(shop, "SELECT count(*) FROM products_stats WHERE margin_ore < 0")[0][0] > 10


def test_names_follow_their_real_frequencies(shop: Path):
    """A few names are common, most are rare, and about one in six is of a smaller group."""
    people = query(shop, "SELECT fornavn, etternavn FROM customers")
    given = [first.split()[0] for first, _ in people]
    counts = sorted((given.count(name) for name in set(given)), reverse=True)
    assert len(counts) > len(given) * 0.4
    assert counts[0] >= 3
    assert any("-" in last for _, last in people)
    surnames = load_seeds().surnames
    rare = {
        surnames.names[i]
        for pool, (indices, _) in surnames.pools.items()
        if pool != "no"
        for i in indices
    }
    share = sum(last in rare for _, last in people) / len(people)
    assert 0.10 < share < 0.25


def test_excel_export_is_as_norwegian_excel_writes_it(shop: Path):
    """Windows-1252, semicolon, CRLF, decimal comma; not UTF-8."""
    raw = (shop / "files" / "kunder_eksport.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = list(csv.DictReader(raw.decode("cp1252").splitlines(), delimiter=";"))
    assert b"\r\n" in raw
    assert all(re.fullmatch(r"\d+,\d\d", row["Kjøp i år (kr)"]) for row in rows)


def test_same_seed_gives_the_same_shop(small: Path, tmp_path: Path):
    """Rows of the database are equal, and so is every export byte for byte."""
    generate(tmp_path, 200, 7)
    assert dump(tmp_path) == dump(small)
    for path in sorted((small / "files").iterdir()):
        assert (tmp_path / "files" / path.name).read_bytes() == path.read_bytes(), path.name
    assert (tmp_path / "labels.csv").read_bytes() == (small / "labels.csv").read_bytes()


def test_another_seed_gives_other_people(small: Path, tmp_path: Path):
    """The seed decides who the customers are."""
    generate(tmp_path, 200, 8, only_database=True)
    names = "SELECT navn, epost FROM customers"
    assert not set(query(tmp_path, names)) & set(query(small, names))


def test_committed_shop_is_what_the_generator_writes(tmp_path: Path):
    """The files in the repository were made by the code beside them."""
    generate(tmp_path, 400, 1)
    assert dump(tmp_path) == dump(SAMPLES)
    for path in (tmp_path / "files").iterdir():
        if path.suffix in {".csv", ".jsonl"}:
            assert path.read_bytes() == (SAMPLES / "files" / path.name).read_bytes(), path.name
    assert (tmp_path / "labels.csv").read_bytes() == (SAMPLES / "labels.csv").read_bytes()


def test_database_alone_has_labels_of_the_database_alone(tmp_path: Path):
    """For benchmarks: no exports, and the two big tables as Parquet with the same rows."""
    out = tmp_path / "bench"
    assert main(["--customers", "200", "--out", str(out), "--only-database", "--parquet"]) == 0
    assert not (out / "files").exists()
    assert set(labels(out)) == database_fields(out)
    for name in ("customers", "orders"):
        table = pq.read_table(out / f"{name}.parquet")
        rows = query(out, f"SELECT * FROM {name} ORDER BY id")
        assert [tuple(row.values()) for row in table.sort_by("id").to_pylist()] == rows
    assert pq.read_schema(out / "orders.parquet").field("order_no").type == pa.int64()


@pytest.mark.parametrize("customers", ["199", "1000001"])
def test_sizes_outside_the_range_are_refused(customers: str, tmp_path: Path):
    """Below 200 some tables would be empty; the arrays are made for a million."""
    with pytest.raises(SystemExit) as refused:
        main(["--customers", customers, "--out", str(tmp_path / "no")])
    assert refused.value.code == 2
    assert not (tmp_path / "no").exists()


def test_configuration_names_fields_that_exist():
    """`sladd.yaml` of the samples loads, and its fields are in the ground truth."""
    config = load_config(SAMPLES / "sladd.yaml")
    known = set(labels(SAMPLES))
    release = config.releases["analytics"]
    named = [field for fields in config.entities.values() for field in fields]
    named += [rule.field for rule in release.rules if rule.field]
    texts = [field for field in named if field.startswith("mail/")]
    assert set(texts) <= {"mail/mail.text", "mail/mail.subject"}  # documents have labels by count
    named = [field for field in named if field not in texts]
    named += [field for fields in release.leave_out_columns.values() for field in fields]
    for source, settings in config.sources.items():
        named += [f"{source}/{table}.{column}" for table, column in settings.person.items()]
    assert set(named) <= known
