"""The folder of exports: what people save from the shop in the formats of their programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .draws import stream
from .plan import FIRST_ORDER_NO, TODAY, Plan, customer_no, days, moments
from .web import AGENTS, analytics_cookie, ip_address, pixel_cookie
from .workbook import write_workbook

MOST_ROWS = 20_000  # exports are files that people mail to each other, whatever the shop's size


def write_exports(folder: Path, plan: Plan) -> None:
    """Write every export of a shop into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _customers(folder / "kunder_eksport.csv", plan)
    _daily_orders(folder, plan)
    _without_header(folder / "uten_overskrift.csv", plan)
    _newsletter(folder / "newsletter.csv", plan)
    _web_log(folder / "weblog.jsonl", plan)
    _deliveries(folder / "deliveries.parquet", plan)
    write_workbook(folder / "ansatte.xlsx", plan)


def _write_csv(
    path: Path, rows: Iterable[Sequence[object]], *, delimiter: str, encoding: str, end: str
) -> None:
    # Excel writes what Windows-1252 lacks (Sámi and Polish letters) as a question mark.
    with path.open("w", newline="", encoding=encoding, errors="replace") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)


def _some(plan: Plan, use: str, share: float) -> tuple[np.random.Generator, list[int]]:
    """A random stream and some customers in random order."""
    rng = stream(plan.seed, f"exports/{use}")
    count = len(plan.customers)
    return rng, rng.permutation(count)[: min(max(int(count * share), 60), MOST_ROWS)].tolist()


def _kroner(ore: int) -> str:
    """With a decimal comma and no thousands separator, as Norwegian Excel saves numbers."""
    return f"{ore // 100},{ore % 100:02d}"


def _customers(path: Path, plan: Plan) -> None:
    people = plan.customers
    rng, who = _some(plan, "kunder", 0.75)
    who.sort()
    bought = rng.integers(0, 2_500_000, len(who)).tolist()
    last = rng.integers(TODAY - 700 * 86_400, TODAY, len(who))
    rows: list[Sequence[object]] = [
        (
            "Kundenr",
            "Navn",
            "Født",
            "Kjønn",
            "E-post",
            "Mobiltelefon",
            "Gateadresse",
            "Postnr",
            "Poststed",
            "Kjøp i år (kr)",
            "Sist kjøpt",
            "Ønsker nyhetsbrev",
            "Merknad",
        )
    ]
    notes = plan.writer.write(rng, "comment", who, FIRST_ORDER_NO)
    for place, i in enumerate(who):
        born = people.birthday(i)
        day = _day(last[place])
        rows.append(
            (
                customer_no(i),
                people.name(i),
                f"{born:%d.%m.%Y}" if place % 3 else "",
                "Kvinne" if people.female[i] else "Mann",
                people.email(i),
                people.mobile(i),
                people.street_line(i),
                people.postal_code(i),
                people.city(i).title(),
                _kroner(bought[place]),
                f"{day:%d.%m.%Y}",
                "Ja" if bought[place] % 3 else "Nei",
                notes[place][1] if place % 6 == 0 else "",
            )
        )
    _write_csv(path, rows, delimiter=";", encoding="cp1252", end="\r\n")


def _day(seconds: int) -> date:
    return date(1970, 1, 1) + timedelta(seconds=int(seconds))


def _daily_orders(folder: Path, plan: Plan) -> None:
    """Orders that the database does not have yet, a file a day; together one table."""
    people = plan.customers
    rng, _ = _some(plan, "orders", 0)
    per_day = min(max(len(people) // 10, 25), MOST_ROWS // 5)
    order = FIRST_ORDER_NO + len(plan.buyer)
    for day in range(5):
        rows: list[Sequence[object]] = [
            ("order_no", "customer_no", "created_at", "recipient", "postcode", "amount", "status")
        ]
        who = rng.integers(0, len(people), per_day).tolist()
        seconds = np.sort(TODAY + day * 86_400 + rng.integers(0, 86_400, per_day))
        amounts = rng.integers(4_900, 900_000, per_day).tolist()
        for i, moment, amount in zip(who, moments(seconds), amounts, strict=True):
            code, status = people.postal_code(i), ("new", "paid", "sent")[amount % 3]
            cells = (order, customer_no(i), moment, people.name(i), code)
            rows.append((*cells, f"{amount / 100:.2f}", status))
            order += 1
        path = folder / f"orders_2026-01-{day + 1:02d}.csv"
        _write_csv(path, rows, delimiter=",", encoding="utf-8", end="\n")


def _without_header(path: Path, plan: Plan) -> None:
    people = plan.customers
    rng, who = _some(plan, "uten_overskrift", 0.2)
    prices = rng.integers(100, 90_000, len(who)).tolist()
    rows = [
        (
            people.name(i),
            people.email(i),
            people.mobile(i, 0),
            people.postal_code(i),
            people.city(i),
            _kroner(price),
        )
        for i, price in zip(who, prices, strict=True)
    ]
    _write_csv(path, rows, delimiter=";", encoding="utf-8", end="\n")


def _newsletter(path: Path, plan: Plan) -> None:
    people = plan.customers
    rng, who = _some(plan, "newsletter", 0.5)
    signed = days(rng.integers(TODAY - 1200 * 86_400, TODAY - 400 * 86_400, len(who)))
    gone = days(rng.integers(TODAY - 400 * 86_400, TODAY, len(who)))
    rows: list[Sequence[object]] = [
        ("email", "first_name", "accepts_marketing", "subscribed_at", "source", "unsubscribed_at")
    ]
    for place, i in enumerate(who):
        left = place % 7 == 0
        source = ("checkout", "popup", "event")[place % 3]
        rows.append(
            (
                people.email(i),
                people.called(i),
                "no" if left else "yes",
                signed[place],
                source,
                gone[place] if left else "",
            )
        )
    _write_csv(path, rows, delimiter=",", encoding="utf-8", end="\n")


def _web_log(path: Path, plan: Plan) -> None:
    people = plan.customers
    rng, who = _some(plan, "weblog", 1.0)
    draws = rng.integers(0, 2**45, len(who)).tolist()
    seconds = np.sort(rng.integers(TODAY, TODAY + 5 * 86_400, len(who)))
    picks = rng.integers(0, len(plan.products), (len(who), 2)).tolist()
    others = rng.integers(0, len(people), len(who)).tolist()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for place, moment in enumerate(moments(seconds)):
            i, draw, stamp = who[place], draws[place], int(seconds[place])
            items = [
                {"sku": plan.products[item].sku, "qty": 1 + draw % 4}
                for item in picks[place][: draw % 3]
            ]
            line: dict[str, Any] = {
                "ts": f"{moment.replace(' ', 'T')}Z",
                "request": {
                    "method": "POST" if items else "GET",
                    "path": ("/", "/kasse", "/min-side", "/produkter/bergans")[draw % 4],
                    "status": 200 if draw % 13 else 404,
                    "ms": 8 + draw % 900,
                },
                "client": {"ip": ip_address(draw // 3), "user_agent": AGENTS[draw % len(AGENTS)]},
                "user": {"id": customer_no(i), "email": people.email(i)} if draw % 5 < 3 else None,
                "cookies": {
                    "_ga": analytics_cookie(draw, stamp),
                    "_fbp": pixel_cookie(draw, stamp),
                },
                "items": items,
            }
            if draw % 6 == 0:  # an object whose keys are data
                seen = {people.email(j): {"opened": 1 + draw % 9} for j in (i, others[place])}
                line["newsletter"] = seen
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _deliveries(path: Path, plan: Plan) -> None:
    people = plan.customers
    rng = stream(plan.seed, "exports/deliveries")
    count = min(len(plan.buyer), MOST_ROWS)
    first = len(plan.buyer) - count
    who: list[int] = plan.buyer[first:].tolist()
    notes = plan.writer.write(rng, "delivery", who, FIRST_ORDER_NO)
    rolls = rng.integers(0, 100, count).tolist()
    arrived = (plan.ordered[first:] + rng.integers(86_400, 9 * 86_400, count)).tolist()
    table = pa.table(
        {
            "delivery_id": pa.array(range(1, count + 1), pa.int64()),
            "order_no": pa.array(range(FIRST_ORDER_NO + first, FIRST_ORDER_NO + first + count)),
            "mottaker": [people.name(i) for i in who],
            "mobil": [
                people.mobile(i, 99) if r < 85 else None for i, r in zip(who, rolls, strict=True)
            ],
            "adresse": [people.street_line(i) for i in who],
            "postnr": [people.postal_code(i) for i in who],
            "poststed": [people.city(i) for i in who],
            "vekt_kg": [round(0.2 + roll * 0.13, 2) for roll in rolls],
            "levert": pa.array(arrived, pa.timestamp("s")),
            "instruks": [
                text if roll < 35 else None for (_, text), roll in zip(notes, rolls, strict=True)
            ],
        }
    )
    pq.write_table(table, path, compression="zstd", store_schema=False)
