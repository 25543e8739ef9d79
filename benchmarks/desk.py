"""How fast the officer's pages answer over a catalog of 500 tables × 40 columns."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from httpx import Response
from starlette.testclient import TestClient

from benchmarks.result import FULL_ROWS, Goal, Measure
from sladd.catalog import Asked, Catalog, Chosen, Standing
from sladd.model import (
    Activity,
    Decision,
    Evidence,
    Field,
    FieldRef,
    FieldScan,
    Finding,
    ForeignKey,
    How,
    KeyRole,
    StorageType,
    Table,
    TableRef,
    TableScan,
)
from sladd.pipeline.bind import Bound, bind
from sladd.review.access.tokens import form_token
from sladd.review.app import make_app
from sladd.review.pages.rows import table_link
from sladd.review.warming import settle, warm

TABLES, COLUMNS, SOURCES = 500, 40, 5
GOAL_MS = 300.0
HOME = "http://127.0.0.1:8400"
ROUNDS = 20  # of each page; the 95th percentile of them counts
WARM = 2
ACTIVITIES = 12  # of the record; those of a shop are about as many

KINDS = (
    ("EMAIL_ADDRESS", "user.contact.email", "epost", "aaaa.aaaa@aaaa.aa"),
    ("PHONE_NUMBER", "user.contact.phone_number", "mobil", "### ## ###"),
    ("PERSON", "user.name", "navn", "Aaaa Aaaaaa"),
    ("NO_FODSELSNUMMER", "user.government_id.national_identification_number", "fnr", "###########"),
    ("NO_KONTONUMMER", "user.financial.bank_account", "konto", "####.##.#####"),
    ("DATE_OF_BIRTH", "user.date_of_birth", "fodselsdato", "####-##-##"),
    ("NO_ADDRESS", "user.contact.address.street", "gateadresse", "Aaaaaa ##"),
    ("POSTCODE", "user.contact.address.postal_code", "postnr", "####"),
    ("IP_ADDRESS", "user.device.ip_address", "ip", "###.###.#.##"),
    ("TEXT", "user.content", "merknad", ""),
)


def run(rows: int, folder: Path) -> tuple[Measure, ...]:
    """Milliseconds of processor time that pages and a decision take, at the 95th percentile.

    Args:
        rows: a full run has 500 tables, a smaller one fewer.
        folder: for the project.
    """
    tables = max(SOURCES * 10, min(TABLES, TABLES * rows // FULL_ROWS))
    return measured(folder, tables=tables, rounds=ROUNDS)


def measured(folder: Path, *, tables: int, rounds: int) -> tuple[Measure, ...]:
    """The measures over so many tables, each page asked for so many times."""
    bound = _project(folder)
    fill(bound.catalog, tables=tables)
    _fill_in(bound.catalog)
    bound.catalog.accounts.add("kari", "dpo", by="benchmark")
    token = bound.catalog.accounts.begin_session("kari")
    bound.catalog.close()
    # Another catalog than the one that was filled: it knows nothing yet, as after a start.
    bound = bind(folder / "sladd.yaml")
    app = make_app(bound)
    begun = time.process_time()
    warm(app.state.desk)
    settle()
    warming = Measure("warming, beside the first requests", time.process_time() - begun, "s")
    try:
        with TestClient(
            app, base_url=HOME, client=("127.0.0.1", 50_000), follow_redirects=False
        ) as browser:
            browser.cookies.set("sladd_session", token)
            first = _measured("the first page after a start", lambda: browser.get("/"), tables, 1)
            jobs = _jobs(bound.catalog, browser, token)
            measures = [_measured(name, job, tables, rounds) for name, job in jobs.items()]
    finally:
        gc.unfreeze()
    return (warming, first, *measures)


def _jobs(catalog: Catalog, browser: TestClient, token: str) -> dict[str, Callable[[], Response]]:
    """Page → what asks for it."""
    keys = [each.key for each in catalog.worklist.chosen(Chosen())]
    table = catalog.worklist.tables()[len(catalog.worklist.tables()) // 2]
    paths = {
        "overview": "/",
        "inbox": "/inbox",
        "inbox, far down": f"/inbox?at={keys[len(keys) // 2]}",
        "inbox, all of a category": "/inbox?state=all&category=user.contact",
        "similar columns": f"/inbox/alike/{keys[len(keys) // 3]}",
        "data map": "/map",
        "one table": table_link(table.address),
        "search": "/search?q=epost",
        "activities": "/activities",
        "an activity": "/activities/new",
        "gaps": "/gaps",
        "downloads": "/downloads",
        "the record as a workbook": "/downloads/record-nb.xlsx",
        "releases": "/releases",
        "audit": "/audit",
    }
    jobs: dict[str, Callable[[], Response]] = {
        name: lambda path=path: browser.get(path)  # type: ignore[misc]  # bound at once
        for name, path in paths.items()
    }
    waiting = iter(keys)

    def decided_before(path: str) -> Callable[[], Response]:
        """The page when nothing of it is kept: a decision was taken since it was last asked for."""

        def ask() -> Response:
            decide()
            return browser.get(path)

        return ask

    def decide() -> Response:
        one = catalog.worklist.standing([next(waiting)])[0]
        said = {"key": one.key, "verdict": one.verdict, "fingerprint": one.fingerprint}
        form = {"csrf": form_token(token), "decision": "confirm", **said}
        return browser.post("/inbox/decide", data=form, headers={"origin": HOME})

    jobs["a decision"] = decide
    jobs["a decision, then overview"] = decided_before("/")
    jobs["a decision, then activities"] = decided_before("/activities")
    jobs["a decision, then gaps"] = decided_before("/gaps")
    return jobs


def _measured(name: str, job: Callable[[], Response], tables: int, rounds: int) -> Measure:
    """One page. What is asked for once is asked for as it comes, cold."""
    by_clock, by_processor = [], []
    warm_up = min(WARM, rounds - 1)
    for turn in range(warm_up + rounds):
        began, busy = time.perf_counter(), time.process_time()
        answer = job()
        spent = (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000
        if answer.status_code not in {200, 303}:
            raise RuntimeError(f"{name} answered {answer.status_code}")
        if turn >= warm_up:
            by_clock.append(spent[0])
            by_processor.append(spent[1])
    return Measure(
        f"{name}, {tables * COLUMNS:,} findings",
        _late(by_processor),
        "ms",
        goal=Goal(GOAL_MS, on="value", exact=True),
        notes=(f"{name}: {_late(by_clock):.0f} ms by the clock, as busy as the machine was",),
    )


def _late(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _project(folder: Path) -> Bound:
    text = "catalog: sqlite:///.sladd/catalog.db\nsources:\n"
    for source in range(SOURCES):
        text += f"  kilde{source}:\n    files: data/{source}/*.csv\n"
    (folder / "sladd.yaml").write_text(text, encoding="utf-8")
    return bind(folder / "sladd.yaml")


def fill(catalog: Catalog, *, tables: int = TABLES, columns: int = COLUMNS, seed: int = 1) -> None:
    """Two scans of each source, a finding in every column, and decisions on a fifth of them.

    Args:
        catalog: an empty one.
        tables: how many, over five sources.
        columns: of each table.
        seed: of the numbers in the evidence.
    """
    drawn = random.Random(seed)
    for source in range(SOURCES):
        name = f"kilde{source}"
        made = [_table(name, number, columns, drawn) for number in range(tables // SOURCES)]
        for part in (made[: len(made) * 9 // 10], made):
            scan = catalog.scans.begin(name, ruleset="r", by="scan")
            for table in part:
                catalog.scans.record(scan, table)
            catalog.scans.finish(scan, seen_tables=[str(t.table.ref) for t in part])
    waiting = catalog.worklist.chosen(Chosen())
    part = min(5_000, len(waiting))  # in turns: one request takes at most 1,000 decisions
    for start in range(0, len(waiting), part):
        _decide(catalog, waiting[start : start + part // 5])


def _fill_in(catalog: Catalog) -> None:
    """Processing activities that use most tables, as a record has them when it is filled in."""
    addresses = [table.address for table in catalog.worklist.tables()]
    for number in range(ACTIVITIES):
        own = tuple(addresses[number :: ACTIVITIES + 3])
        activity = Activity(f"aktivitet-{number}", f"Aktivitet {number}", purpose="x", covers=own)
        catalog.activities.save(activity, version=0, by="kari")


def _decide(catalog: Catalog, fields: Sequence[Standing]) -> None:
    seen = [
        Asked(each.key, Decision.CONFIRMED, "", "som ventet", each.verdict, each.fingerprint)
        for each in fields
    ]
    catalog.verdicts.decide_seen(seen, by="kari")


def _table(source: str, number: int, columns: int, drawn: random.Random) -> TableScan:
    ref = TableRef(source, f"tabell_{number:03}", "public")
    root = TableRef(source, "tabell_000", "public")
    key = Field(FieldRef(ref, "kunde_id"), StorageType.INTEGER, role=KeyRole.FOREIGN)
    fields = [
        _field(ref, place, drawn) if place else FieldScan(
            key,
            Finding(key.ref, How.LINKED, "", "user.unique_id", 0.9, (Evidence("key", 2.0),)),
            rows=10_000, nulls=0, distinct=900,
        )
        for place in range(columns)
    ]  # fmt: skip
    rows = drawn.randrange(100, 1_000_000)
    own = f"{ref}.kunde_id"
    return TableScan(
        Table(
            ref,
            tuple(each.field for each in fields),
            rows=rows,
            foreign_keys=(ForeignKey(("kunde_id",), root, ("kunde_id",)),) if number else (),
            fingerprint="f",
        ),
        tuple(fields),
        rows=min(rows, 10_000),
        drawn="random_rows",
        entity=own,
        person_path=(own, f"{root}.kunde_id") if number else (own,),
    )


def _field(table: TableRef, place: int, drawn: random.Random) -> FieldScan:
    kind, category, header, shape = KINDS[place % len(KINDS)]
    ref = FieldRef(table, f"{header}_{place}")
    distinct = drawn.randrange(50, 9_000)
    evidence = (
        Evidence("pattern", 3.0, {"matched": distinct, "distinct": distinct, "chance": 0.01}),
        Evidence("permutation", 1.5, {"permuted": 0.02}),
        Evidence("header", 2.5, {"token": header}),
        Evidence("neighbour", 0.4, {"column": "kunde_id"}),
    )
    finding = Finding(
        ref,
        How.CONTAINS if kind == "TEXT" else How.IS,
        kind,
        category,
        round(drawn.uniform(0.6, 0.999), 4),
        evidence,
        shapes=(shape,) if shape else (),
    )
    field = Field(ref, StorageType.STRING, native_type="character varying(80)")
    return FieldScan(field, finding, rows=10_000, nulls=drawn.randrange(900), distinct=distinct)
