"""The sample shop published with fakes: columns, tables and texts tell of the same persons."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from sladd import gate
from sladd.errors import ManyErrors, SladdError
from sladd.model import Decision
from sladd.pipeline.bind import Bound, bind
from sladd.pipeline.planning import make_plan, notes
from sladd.pipeline.publish import Published, publish
from sladd.pipeline.verify import rescanner
from sladd.places import postcodes
from tests.sample_shop import SAMPLES, copied
from transforms import fake
from transforms.contract import Beside, Context
from transforms.fakes.vocabulary import towns

SAMPLE = SAMPLES / "shop.db"
FAKED = (
    "user.name",
    "user.contact",
    "user.account.username",
    "user.financial.bank_account",
    "user.device.ip_address",
    "organization",
)
PLANTED = "kari.nordmann@firma.no"


def _settings() -> dict[str, Any]:
    rules: list[dict[str, Any]] = [{"category": c, "transform": "fake"} for c in FAKED[2:]]
    rules += [
        {"category": c, "transform": "fake"}
        for c in (
            "user.name",
            "user.contact.email",
            "user.contact.phone_number",
            "user.contact.address.street",
            "user.contact.address.postal_code",
            "user.contact.address.city",
        )
    ]
    rules += [
        {"field": f"shop/{field}", "transform": "fake"}
        for field in ("employees.fnr", "payroll.fodselsnummer")
    ]
    rules += [
        {"field": "shop/orders.comment", "transform": "redact_text", "with": "fake"},
        {
            "field": "shop/reviews.tekst",
            "transform": "redact_text",
            "with": {"user.name": "fake"},
            "max_residual_risk": 0.04,
        },
    ]
    return {
        "keys": {"main": {"file": "../keys/main.key"}},
        "sources": {"shop": {"database": "sqlite:///shop.db"}},
        "releases": {"a": {"domain": "d", "from": ["shop"], "to": "out", "rules": rules}},
    }


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory, scanned_shop: Path) -> Bound:
    """The shop, scanned; fødselsnummer of employees may leave as fakes."""
    settings = yaml.safe_dump(_settings(), allow_unicode=True)
    project = copied(scanned_shop, tmp_path_factory.mktemp("fakes") / "p", settings)
    bound = bind(project / "sladd.yaml")
    for field in ("employees.fnr", "payroll.fodselsnummer"):
        bound.catalog.verdicts.decide(f"shop/{field}", Decision.CONFIRMED, reason="test", by="dpo")
    return bound


@pytest.fixture(scope="module")
def made(bound: Bound) -> Published:
    """The release with fakes; the gate has let it pass."""
    return publish(bound, "a")


@pytest.fixture(scope="module")
def rows(made: Published) -> Any:
    """Asks the release in SQL."""
    with duckdb.connect(str(made.path / "analytics.duckdb"), read_only=True) as opened:
        yield lambda sql: opened.execute(sql).fetchall()


def test_the_gate_holds_every_column_of_fakes_against_its_rule(made):
    """Names, numbers and texts: each is asked, and shows what it is."""
    asked = {check.column for check in made.result.checks if check.name == "fakes"}
    assert made.result.passed
    assert {
        "customers.navn",
        "customers.epost",
        "addresses.postnr",
        "payroll.kontonr",
        "payroll.fodselsnummer",
        "orders.comment",
    } <= asked


def test_columns_of_one_person_agree(rows):
    """The full name is the given name and the surname; postcode and place are a pair."""
    persons = rows("SELECT navn, fornavn, etternavn FROM customers WHERE navn NOT LIKE '% AS'")
    agreeing = [navn for navn, fornavn, etternavn in persons if navn == f"{fornavn} {etternavn}"]
    # Sole proprietors' firms stand among the names as well: `Olsen Design`.
    assert len(agreeing) > 0.85 * len(persons) > 200
    pairs = rows("SELECT DISTINCT postnr, poststed FROM addresses")
    assert len(pairs) > 50
    apart = [pair for pair in pairs if pair[0] not in towns()[pair[1]]]
    with contextlib.closing(sqlite3.connect(SAMPLE)) as shop:
        given = shop.execute("SELECT DISTINCT postnr, poststed FROM addresses").fetchall()
    # As many as the source itself spells unlike the register.
    assert len(apart) <= sum(postcodes()[code].place != place for code, place in given) < 5


def test_one_person_is_one_person_in_every_table(rows):
    """Fakes of one address or number are one; different ones stay apart."""
    counted = rows(
        "SELECT count(DISTINCT customers.epost) FROM customers"
        " JOIN newsletter_consents USING (epost)"
    )
    with contextlib.closing(sqlite3.connect(SAMPLE)) as shop:
        expected = shop.execute(
            "SELECT count(DISTINCT lower(trim(customers.epost))) FROM customers JOIN"
            " newsletter_consents ON lower(trim(customers.epost)) ="
            " lower(trim(newsletter_consents.epost))"
        ).fetchone()
        numbers = shop.execute("SELECT count(DISTINCT fnr) FROM employees").fetchone()
    assert counted == [expected]
    assert expected[0] > 10
    assert rows("SELECT count(DISTINCT fnr) FROM employees") == [numbers]
    joined = rows(
        "SELECT count(*) FROM payroll LEFT JOIN employees ON fodselsnummer = fnr WHERE fnr IS NULL"
    )
    assert joined == [(0,)]


def test_texts_tell_of_the_persons_of_their_rows(rows):
    """`Mvh` and the name: the one that the customer's row has."""
    told = rows(
        "SELECT comment, navn FROM orders JOIN customers ON customer_id = customers.id"
        " WHERE comment LIKE '%Mvh %' AND navn NOT LIKE '% AS'"
    )
    same = [comment for comment, navn in told if navn in comment]
    assert len(told) > 10
    assert len(same) >= 0.8 * len(told)  # colleagues sign, too


def test_the_plan_and_the_release_say_what_is_left_out_whole(bound, made, rows):
    """The limit and what it means before; how many texts after."""
    (note,) = [line for line in notes(bound, make_plan(bound, "a")) if "free text" in line]
    assert "above 4 % (with one name found in it, it stays)" in note
    risk = json.loads((made.path / "manifest.json").read_text("utf-8"))["risk"]["free_text"]
    assert risk["limits"] == {"shop/reviews.tekst": 0.04}
    counted = rows("SELECT count(*) FROM reviews WHERE tekst = '<UTELATT>'")[0][0]
    assert risk["withheld"] == {"shop/reviews.tekst": counted}
    assert counted > 0
    assert f"{counted} tekster i shop/reviews.tekst er utelatt hele" in risk["statement"]["nb"]
    assert "er utelatt hele" in (made.path / "REPORT.html").read_text("utf-8")


def _with(path: Path, table: str, column: str, value: str) -> Path:
    """The release with one value put into a column, behind its hashes."""
    (file,) = (path / table).glob("*.parquet")
    rows = pq.read_table(file)
    values = [value, *rows.column(column).to_pylist()[1:]]
    place = rows.schema.get_field_index(column)
    rows = rows.set_column(place, column, pa.array(values, rows.schema.field(column).type))
    pq.write_table(rows, file, store_schema=False)
    return path


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("epost", PLANTED, "fakes"),
        ("epost", "kari@example.com", "fakes"),
        ("navn", "Kari Nordmann", "fakes"),
        ("mobil", "+47 912 34 567", "fakes"),
    ],
)
def test_a_real_value_in_a_column_of_fakes_fails_the_gate(made, tmp_path, column, value, check):
    """One among all rows; the gate says which column, not which value."""
    copy = Path(shutil.copytree(made.path, tmp_path / "copy"))
    result = gate.files(_with(copy, "customers", column, value), rescan=None)
    found = {c.column: c.detail for c in result.checks if c.name == check and not c.passed}
    assert list(found) == [f"customers.{column}"]
    assert value not in str(result)


def test_a_real_address_in_a_text_of_fakes_fails_the_gate(made, tmp_path):
    """The invented addresses are taken out first, so that they hide no real one."""
    copy = Path(shutil.copytree(made.path, tmp_path / "copy"))
    _with(copy, "orders", "comment", f"Skriv til {PLANTED} eller ola@firma.no")
    clean = gate.files(made.path, rescan=rescanner())
    assert not [c for c in clean.checks if c.name == "re-scan" and not c.passed]
    result = gate.files(copy, rescan=rescanner())
    failed = [c.column for c in result.checks if c.name == "re-scan" and not c.passed]
    assert failed == ["orders.comment"]


class Leaking:
    """A `fake` with a fault: the first value of a batch passes as it is."""

    SPEC = fake.SPEC
    form = staticmethod(fake.form)

    @staticmethod
    def apply(values: pa.Array, context: Context, *_: Sequence[Beside]) -> pa.Array:
        """Fakes but for one."""
        made = fake.apply(values, context)
        return pa.concat_arrays([values.slice(0, 1).cast(made.type), made.slice(1)])


def test_a_faulty_transform_publishes_nothing(bound, made):
    """A value that it let through stops the switch; the old version stands."""
    latest = (made.path.parent / "latest").resolve()
    faulty = bind(bound.config.path("sladd.yaml"))
    faulty.__dict__["transforms"] = {**faulty.transforms, "fake": Leaking}
    with pytest.raises(SladdError) as caught:
        publish(faulty, "a")
    errors = caught.value.errors if isinstance(caught.value, ManyErrors) else [caught.value]
    assert {error.code for error in errors} == {650}
    assert any("do not show that they are invented" in str(error) for error in errors)
    assert (made.path.parent / "latest").resolve() == latest
