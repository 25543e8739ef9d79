"""What pages sort, count and search by, and decisions taken back. Frozen."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and fill them from what the scans said."""
    of_tables: tuple[sa.Column[Any], ...] = (
        sa.Column("shown", sa.Text, nullable=False, server_default=""),
        sa.Column("persons", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("total", sa.BigInteger),
        sa.Column("role", sa.String(16), nullable=False, server_default=""),
    )
    for column in of_tables:
        op.add_column("sladd_table_states", column)
    of_fields: tuple[sa.Column[Any], ...] = (
        sa.Column("shown", sa.Text, nullable=False, server_default=""),
        sa.Column("folded", sa.Text, nullable=False, server_default=""),
        sa.Column("masked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("shape", sa.Text, nullable=False, server_default=""),
    )
    for column in of_fields:
        op.add_column("sladd_field_states", column)
    op.add_column("sladd_scans", sa.Column("found", sa.Integer))
    op.create_table(
        "sladd_undone",
        sa.Column(
            "verdict_id",
            sa.Integer,
            sa.ForeignKey("sladd_verdicts.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
    )
    _append_only("sladd_undone")
    distinct = _fields()
    _tables(distinct)
    _scans()


def _fields() -> dict[int, dict[str, tuple[int | None, int]]]:
    """Fill the states of fields; returns per table column → (distinct values, filled rows)."""
    bind = op.get_bind()
    state = sa.table(
        "sladd_field_states",
        *(sa.column(n) for n in ("id", "table_state_id", "payload")),
        *(sa.column(n) for n in ("shown", "folded", "masked", "shape", "address")),
    )
    kept: dict[int, dict[str, tuple[int | None, int]]] = {}
    rows = []
    for row in bind.execute(
        sa.select(state.c.id, state.c.table_state_id, state.c.address, state.c.payload)
    ):
        raw = json.loads(row.payload)
        _source, _schema, _name, column, path = raw["field"]["ref"]
        plain = ".".join((column, *path))
        shown = _clean(raw["name_shown"] or plain)
        shapes = raw["finding"]["shapes"]
        rows.append(
            {
                "k": row.id,
                "shown": shown,
                "folded": shown.casefold(),
                "masked": raw["name_shown"] not in {"", column, plain, row.address},
                "shape": _clean(shapes[0]) if shapes else "",
            }
        )
        filled = raw["rows"] - raw["nulls"]
        kept.setdefault(row.table_state_id, {})[row.address] = (raw["distinct"], filled)
    if rows:
        bind.execute(
            state.update()
            .where(state.c.id == sa.bindparam("k"))
            .values({n: sa.bindparam(n) for n in ("shown", "folded", "masked", "shape")}),
            rows,
        )
    return kept


def _tables(distinct: dict[int, dict[str, tuple[int | None, int]]]) -> None:
    bind = op.get_bind()
    names = ("id", "address", "payload", "shown", "persons", "total", "role")
    state = sa.table("sladd_table_states", *(sa.column(n) for n in names))
    rows = []
    for row in bind.execute(sa.select(state.c.id, state.c.address, state.c.payload)):
        raw = json.loads(row.payload)
        _source, schema, name = raw["table"]["ref"]
        path, total = raw["person_path"], raw["table"]["rows"]
        persons = raw["rows"] if total is None else total
        many, filled = distinct.get(row.id, {}).get(path[0], (None, 0)) if path else (None, 0)
        # A key that repeats counts its distinct values: the same rule as for new scans.
        if many is not None and filled and many < 0.99 * filled:
            persons = many
        own = len(path) == 1 and path[0].startswith(f"{row.address}.")
        rows.append(
            {
                "k": row.id,
                "shown": _clean(f"{schema}.{name}" if schema else name),
                "persons": int(persons),
                "total": None if total is None else int(total),
                "role": ("person" if own else "linked") if path else "",
            }
        )
    if rows:
        bind.execute(
            state.update()
            .where(state.c.id == sa.bindparam("k"))
            .values({n: sa.bindparam(n) for n in ("shown", "persons", "total", "role")}),
            rows,
        )


def _scans() -> None:
    """Findings after each scan: those of the scan before, and the difference."""
    bind = op.get_bind()
    scan = sa.table(
        "sladd_scans", *(sa.column(n) for n in ("id", "source", "ordinal", "drift", "found"))
    )
    so_far: dict[str, int] = {}
    finished = sa.select(scan).where(scan.c.ordinal.is_not(None)).order_by(scan.c.ordinal)
    for row in bind.execute(finished).all():
        drift = json.loads(row.drift)
        more = len(drift["new_findings"]) - len(drift["gone_findings"])
        so_far[row.source] = so_far.get(row.source, 0) + more
        bind.execute(scan.update().where(scan.c.id == row.id).values(found=so_far[row.source]))


def _clean(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _append_only(table: str) -> None:
    """Let the database itself refuse to alter or delete a row; the function is of 0001."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sladd_append_only()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
        )
