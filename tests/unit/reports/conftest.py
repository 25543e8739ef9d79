"""A small catalog that is always the same: what the report's tests and golden files show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sladd.catalog import Catalog, open_catalog
from sladd.config import Config, SourceConfig
from sladd.model import (
    Decision,
    Evidence,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    How,
    KeyRole,
    Link,
    NotScanned,
    Overlap,
    Rival,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from sladd.reports.discovery import gather
from sladd.reports.facts import Discovery
from sladd.taxonomy import Taxonomy, load

HOSTILE = '"><script>alert(1)</script>'
FORMULA = '=HYPERLINK("http://example.com","x")'

FNR = "user.government_id.national_identification_number"


def field(
    table: TableRef,
    name: str,
    how: How = How.NONE,
    category: str = "",
    *,
    type: str = "",  # noqa: A002 - the word of `Finding`
    storage: StorageType = StorageType.STRING,
    confidence: float = 0.97,
    evidence: tuple[Evidence, ...] = (),
    also: tuple[str, ...] = (),
    shapes: tuple[str, ...] = (),
    shown: str = "",
    distinct: int | None = 900,
    role: KeyRole = KeyRole.NONE,
    path: tuple[str, ...] = (),
    rivals: tuple[Rival, ...] = (),
) -> FieldScan:
    """One scanned field, in few words."""
    ref = FieldRef(table, name, path)
    return FieldScan(
        field=Field(ref, storage, role=role),
        finding=Finding(ref, how, type, category, confidence, evidence, also, shapes, rivals),
        rows=1000,
        nulls=0,
        distinct=distinct,
        name_shown=shown,
    )


def table(
    ref: TableRef,
    *fields: FieldScan,
    rows: int = 1000,
    total: int | None = 1000,
    drawn: str = "all",
    path: tuple[str, ...] = (),
) -> TableScan:
    """One scanned table."""
    return TableScan(
        table=Table(ref, tuple(f.field for f in fields), rows=total, rows_exact=True),
        fields=fields,
        rows=rows,
        drawn=drawn,
        person_path=path,
    )


def header(token: str, weight: float = 3.5) -> Evidence:
    """A known name."""
    return Evidence("header", weight, {"token": token})


def shop_tables() -> list[TableScan]:
    """Persons, orders that hang on them, sign-in, products."""
    kunder, ordrer = TableRef("shop", "kunder"), TableRef("shop", "ordrer")
    brukere, varer = TableRef("shop", "brukere"), TableRef("shop", "varer")
    return [
        table(
            kunder,
            field(
                kunder, "id", How.IS, "user.unique_id", role=KeyRole.PRIMARY, distinct=1000,
                storage=StorageType.INTEGER, confidence=0.88,
                evidence=(Evidence("key", 3.4, {"role": "primary", "table_kind": "person"}),),
            ),
            field(
                kunder, "fodselsnr", How.IS, FNR, type="NO_FODSELSNUMMER", confidence=0.9996,
                shapes=("99999999999",),
                evidence=(
                    Evidence(
                        "checksum", 6.0,
                        {"matched": 980, "distinct": 1000, "chance": 0.0005,
                         "subtype tenor": 960, "subtype tenor_d": 20},
                    ),
                    header("fodselsnr", 4.0),
                    Evidence("permutation", 0.0, {"permuted": 0.016}),
                ),
            ),
            field(kunder, "epost", How.IS, "user.contact.email", type="EMAIL_ADDRESS",
                  evidence=(header("epost"),)),
            field(kunder, "fagforening", How.IS, "user.demographic.trade_union",
                  confidence=0.83, evidence=(header("fagforening"),)),
            field(kunder, "opprettet", How.LINKED, "user", storage=StorageType.TIMESTAMP,
                  evidence=(Evidence("key", 2.2, {"by": "same_table", "table": "kunder"}),)),
            field(kunder, HOSTILE, How.IS, "user.name", type="PERSON", confidence=0.7,
                  evidence=(Evidence("neighbour", 1.0, {"category": "user.contact.email"}),),
                  rivals=(Rival("organization.name", 0.3149), Rival("user.account", 0.01))),
            field(kunder, FORMULA),
            path=("shop/kunder.id",),
        ),
        table(
            ordrer,
            field(ordrer, "kunde_id", How.IS, "user.unique_id", storage=StorageType.INTEGER,
                  evidence=(Evidence("key", 3.4, {"role": "foreign", "table_kind": "person"}),)),
            field(ordrer, "kommentar", How.CONTAINS, "user.content.private", type="FREE_TEXT",
                  also=("user.contact.email", FNR),
                  evidence=(
                      Evidence("text", 3.0, {"category": "user.contact.email", "texts": 41,
                                             "read": 200, "score": 1.0}),
                      Evidence("sequence", -1.0, {"step": 3}),
                  )),
            field(ordrer, "belop", How.LINKED, "user.behavior.purchase_history"),
            rows=10_000, total=250_000, drawn="random_rows",
            path=("shop/ordrer.kunde_id", "shop/kunder.id"),
        ),
        table(
            brukere,
            field(brukere, "passord", How.IS, "user.authorization.password",
                  type="PASSWORD_HASH", evidence=(header("passord"),)),
            field(brukere, "kari.nordmann@example.no", How.IS, "user.account.username",
                  shown="column#1a2b", evidence=(header("bruker"),)),
            rows=500, total=900, drawn="block_sample",
        ),
        table(
            varer,
            field(varer, "varenr"),
            field(varer, "leverandor", How.IS, "organization.name"),
            rows=0, total=0,
        ),
    ]  # fmt: skip


def measure(opened: Catalog) -> None:
    """A suggested key, a confirmed one, one to a hostile column, and an overlap."""
    kunder, ordrer = TableRef("shop", "kunder"), TableRef("shop", "ordrer")
    why = (
        Evidence("link_name", 4.0, {"by": "exact"}),
        Evidence("link_type", 0.4, {"type": "integer", "target": "integer"}),
        Evidence("link_unique", 1.0, {"declared": True, "distinct": 1000}),
        Evidence(
            "link_inclusion", 0.5,
            {"compared": 812, "found": 812, "chance": 1.0, "whole": True},
        ),
        Evidence("link_many", 0.4, {"rows": 10_000, "distinct": 812}),
    )  # fmt: skip
    opened.links.record(
        "shop",
        [
            Link(ordrer, ("kunde_id",), kunder, ("id",), confidence=0.96, evidence=why),
            Link(
                TableRef("shop", "brukere"), ("kari.nordmann@example.no",), kunder, ("epost",),
                confidence=0.81, evidence=why[:1],
            ),
            Link(ordrer, ("belop",), kunder, (HOSTILE,), confidence=0.62, evidence=why[3:4]),
        ],
        fingerprint="f1",
    )  # fmt: skip
    opened.links.decide(
        "shop/ordrer.kunde_id", "shop/kunder.id", confirmed=True, reason="nøkkelen er kjent",
        by="ombud",
    )  # fmt: skip
    opened.links.record_overlaps(
        [
            Overlap(
                "eksport/uten_overskrift.c2", "shop/kunder.epost", "user.contact.email",
                80, 1000, 50, 80, "all",
            )
        ]
    )  # fmt: skip


def export_tables() -> list[TableScan]:
    """A file without headers."""
    lone = TableRef("eksport", "uten_overskrift")
    return [
        table(
            lone,
            field(lone, "c1", How.IS, "user.name", type="PERSON"),
            field(lone, "c2", How.IS, "user.contact.phone_number", type="PHONE_NUMBER"),
            rows=80,
            total=80,
        )
    ]


class Clock:
    """A clock that steps a minute each time it is looked at."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def scan(catalog: Catalog, source: str, tables: list[TableScan], *missed: NotScanned) -> None:
    """Put a finished scan into the catalog."""
    number = catalog.scans.begin(source, ruleset="r1", by="planlagt")
    for each in tables:
        catalog.scans.record(number, each)
    catalog.scans.record_not_scanned(number, missed)
    catalog.scans.finish(number, seen_tables=[str(each.table.ref) for each in tables])


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """The taxonomy that ships."""
    return load()


def fill(opened: Catalog) -> None:
    """Two sources scanned, one of them twice, with decisions and a table that failed."""
    first = shop_tables()
    scan(opened, "shop", first[:1] + first[2:])
    opened.verdicts.decide(
        "shop/kunder.epost", Decision.CONFIRMED, reason="i bruk til ordrebekreftelse", by="ombud"
    )
    opened.verdicts.decide(
        "shop/brukere.passord", Decision.REJECTED, reason="tomt felt", by="ombud"
    )
    refused = NotScanned("shop/lonn", "the user has no permission to read · grant SELECT", 207)
    scan(opened, "shop", shop_tables(), refused)
    scan(opened, "eksport", export_tables())
    measure(opened)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Clock]:
    """A filled catalog, and its clock when it was; copy both before changing anything."""
    root, clock = tmp_path_factory.mktemp("filled"), Clock()
    with open_catalog("sqlite:///catalog.db", root=root, clock=clock) as opened:
        fill(opened)
    return root / "catalog.db", clock


@pytest.fixture
def catalog(filled: tuple[Path, Clock], tmp_path: Path) -> Iterator[Catalog]:
    """A catalog that a test may change."""
    file, clock = filled
    shutil.copy(file, tmp_path)
    with open_catalog("sqlite:///catalog.db", root=tmp_path, clock=copy(clock)) as opened:
        yield opened


@pytest.fixture(scope="session")
def config() -> Config:
    """Three sources, the last of which nobody has scanned."""
    source = SourceConfig(files="x/*.csv")
    return Config(
        organisation="Eksempelbutikken AS",
        sources={"shop": source, "eksport": source, "arkiv": source},
    )


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory, taxonomy: Taxonomy, config: Config) -> Discovery:
    """What the report tells of them, under a version that never changes."""
    root = tmp_path_factory.mktemp("report")
    with open_catalog("sqlite:///catalog.db", root=root, clock=Clock()) as opened:
        fill(opened)
        return replace(gather(opened, taxonomy, config), version="1.0")
