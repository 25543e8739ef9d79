"""The benchmark's table: orders of a shop with 14 columns, in any number of rows.

People, addresses and numbers come from the generator of `data/samples`: nobody is real.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.samples.generator.draws import stream
from data.samples.generator.numbers import national_number
from data.samples.generator.people import People, draw_people
from data.samples.generator.seeds import load_seeds

SEED = 11
ROWS_PER_PERSON = 50  # a million rows of 20,000 persons
PERSONAL = ("customer_id", "name", "email", "phone", "fnr", "street")
"""The six columns that the publish benchmark pseudonymises."""
TRUTH = {
    "customer_id": "user.unique_id",
    "name": "user.name",
    "email": "user.contact.email",
    "phone": "user.contact.phone_number",
    "fnr": "user.government_id.national_identification_number",
    "street": "user.contact.address.street",
    "postcode": "user.contact.address.postal_code",
    "city": "user.contact.address.city",
    "ip": "user.device.ip_address",
    "comment": "user.content.private",
}
"""What a scan has to find; the other four columns are attributes of an order."""

_COMMENTS = (
    "Leveres på døra", "Ring {phone} før levering", "Sett pakken ved inngangen", "Gave til {name}",
    "Faktura til {email}", "Takk for rask levering!", "Feil størrelse sist, bytt til XL",
    "Kan dere trykke logoen større?", "Please deliver before noon", "Ikkje ring på kveldstid",
)  # fmt: skip
_STATUS = ("betalt", "sendt", "levert", "returnert", "kreditert")
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")  # RFC 5737: documentation only


def persons_for(rows: int) -> int:
    """How many persons so many rows are about."""
    return max(200, rows // ROWS_PER_PERSON)


def table(rows: int, *, telling: bool = True) -> pa.Table:
    """Rows in no order; equal for equal arguments.

    Args:
        rows: how many.
        telling: whether comments name persons; a release that keeps such comments is refused.
    """
    people = draw_people(load_seeds(), SEED, "benchmark", persons_for(rows))
    rng = stream(SEED, "benchmark/rows")
    person = pa.array(rng.integers(0, len(people), rows))
    columns = {name: values.take(person) for name, values in _of_persons(people).items()}
    said = pa.array(np.where(rng.random(rows) < 0.15, person.to_numpy(), -1))
    comments = pa.array(_comments(people, telling=telling)).take(
        pc.if_else(pc.less(said, 0), None, said)
    )
    return pa.table(
        {
            **columns,
            "comment": comments,
            "sku": pa.array([f"SL-{n:05d}" for n in range(3_000)]).take(
                pa.array(rng.integers(0, 3_000, rows))
            ),
            "order_total": np.round(rng.gamma(2.0, 450.0, rows), 2),
            "status": pa.array(_STATUS).take(pa.array(rng.integers(0, len(_STATUS), rows))),
            "created_at": pa.array(
                np.datetime64("2024-01-01", "s") + rng.integers(0, 730 * 86_400, rows)
            ),
        }
    )


def write(folder: Path, rows: int, *, telling: bool = True) -> Path:
    """Write the table as `orders.parquet`, in the row groups that most writers make."""
    path = folder / "orders.parquet"
    pq.write_table(table(rows, telling=telling), path, row_group_size=122_880)
    return path


def _of_persons(people: People) -> dict[str, pa.Array]:
    every = range(len(people))
    return {
        "customer_id": pa.array([100_000 + i for i in every]),
        "name": pa.array([people.name(i) for i in every]),
        "email": pa.array([people.email(i) for i in every]),
        "phone": pa.array([people.mobile(i) for i in every]),
        "fnr": pa.array(
            [
                national_number(people.birthday(i), i * 7 % 500, female=bool(people.female[i]))
                for i in every
            ]
        ),
        "street": pa.array([people.street_line(i) for i in every]),
        "postcode": pa.array([people.postal_code(i) for i in every]),
        "city": pa.array([people.city(i) for i in every]),
        "ip": pa.array([f"{_NETWORKS[i % 3]}.{i // 3 % 254 + 1}" for i in every]),
    }


def _comments(people: People, *, telling: bool) -> list[str]:
    """One comment a person; without what tells of them, as many different ones."""
    return [
        _COMMENTS[i % len(_COMMENTS)].format_map(
            people.slots(i) if telling else dict.fromkeys(("phone", "name", "email"), f"SL-{i:05d}")
        )
        for i in range(len(people))
    ]
