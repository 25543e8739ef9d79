"""A small release, built by the directory target as the pipeline builds one."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sladd.release import (
    Dropped,
    GateRecord,
    Manifest,
    ReleaseColumn,
    ReleaseForeignKey,
    ReleaseTable,
    label,
)
from sladd.targets import Staging

NOW = datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC)
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def pseudonym(number: int) -> str:
    return "".join(random.Random(number).choices(LETTERS, k=26))


def customers(rows: int = 40) -> pa.Table:
    return pa.table(
        {
            "id": [pseudonym(i) for i in range(rows)],
            "region": [("Vestlandet", "Østlandet", None)[i % 3] for i in range(rows)],
            "since": pa.array([date(2020, 1, 1 + i % 28) for i in range(rows)]),
        }
    )


def orders(rows: int = 100) -> pa.Table:
    return pa.table(
        {
            "id": [pseudonym(1000 + i) for i in range(rows)],
            "customer_id": [pseudonym(i % 40) for i in range(rows)],
            "amount": pa.array([i * 3 % 17 for i in range(rows)], pa.int64()),
        }
    )


def column(name: str, type_: str, **more) -> ReleaseColumn:
    return ReleaseColumn(name=name, type=type_, **{"transform": "keep", **more})


def draft(staging: Staging, *, release: str = "analytics", **more) -> Manifest:
    """Finish the two tables in staging and describe them."""
    key = {"transform": "pseudonym", "key_type": "customer", "alphabet": "base32", "length": 26}
    described = {
        "customers": (customers(), {"id": key, "region": {"comment": "landsdel"}}),
        "orders": (orders(), {"id": {**key, "key_type": "order"}, "customer_id": key}),
    }
    tables = []
    for name, (rows, columns) in described.items():
        path = staging.part_path(name, 0)
        staging.write_part(path, iter(rows.to_batches()), rows.schema)
        done = staging.finish_table(name, [path], rows.schema, key_columns=["id"])
        tables.append(
            ReleaseTable(
                name=name,
                rows_in=rows.num_rows,
                rows_out=done.rows,
                files=done.files,
                columns=tuple(
                    column(f.name, str(f.type), nulls=done.nulls[f.name], **columns.get(f.name, {}))
                    for f in done.schema
                ),
                primary_key=("id",),
            )
        )
    fields = {
        "release": release,
        "version": staging.version,
        "kind": "pseudonymised",
        "label": label("pseudonymised"),
        "label_nb": label("pseudonymised", "nb"),
        "created": NOW,
        "as_of": NOW.date(),
        "domain": "produktanalyse",
        "purpose": "Produktanalyse",
        "recipients": ("analytics-team",),
        "policy_sha256": "0" * 64,
        "key_id": "main-1",
        "tables": tuple(tables),
        "foreign_keys": (
            ReleaseForeignKey(
                table="orders",
                columns=("customer_id",),
                target="customers",
                target_columns=("id",),
            ),
        ),
        "dropped": (Dropped(field="shop/customers.email", reason="rule", reason_text="Dropped."),),
        "gate": GateRecord(passed=True),
    }
    return Manifest(**{**fields, **more})


KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def publish(to: Path, version: str = "20261122T101112Z-ab12", **more) -> Path:
    """Publish the small release; returns the folder of the version."""
    keep, step = more.pop("keep_versions", 2), more.pop("step", lambda _: None)
    with Staging.begin(to, version) as staging:
        manifest = staging.write_documents(draft(staging, **more))
        return staging.publish(manifest, key=KEY, keep_versions=keep, step=step)
