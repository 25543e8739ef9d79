"""The manifest of a release that was just made: what it holds and how it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sladd
from sladd.model import FieldPlan, TablePlan
from sladd.pipeline.making import Making
from sladd.pipeline.nesting import type_at
from sladd.pipeline.reach import reach_risk
from sladd.pipeline.residual import residual_risk
from sladd.pipeline.utility.treated import treated_tables
from sladd.pipeline.vault import vault_record
from sladd.policy.names import path_name
from sladd.release import (
    Dropped,
    KeyIntegrity,
    LeftOut,
    Manifest,
    ReleaseColumn,
    ReleaseForeignKey,
    ReleaseSample,
    ReleaseTable,
    label,
)
from sladd.release.utility import Utility
from sladd.targets.parquet import FinishedTable
from transforms.contract import form_of

PLACES = "places"  # what a nested column went through as a whole; not a transform


def draft(made: Making, at: datetime) -> Manifest:
    """The manifest, complete but for the documents and the gate's answers."""
    return Manifest(
        release=made.plan.release,
        version=made.staging.version,
        kind=made.plan.kind,
        label=label(made.plan.kind, "en"),
        label_nb=label(made.plan.kind, "nb"),
        created=at.replace(microsecond=0),
        as_of=made.plan.as_of,
        expires=_expires(made, at),
        domain=made.plan.domain,
        purpose=made.release.purpose,
        recipients=tuple(made.release.recipients),
        policy_sha256=made.plan.policy_sha256,
        key_id=made.master.key_id,
        key_version=made.plan.key_version,
        vault=vault_record(made.vault),
        snapshot={name: snapshot.id for name, snapshot in made.snapshots.items()},
        consistency={n: snapshot.consistency for n, snapshot in made.snapshots.items()},
        tables=tuple(_table(made, planned) for planned in made.planned),
        foreign_keys=tuple(_foreign_keys(made)),
        integrity=tuple(_integrity(made)),
        left_out=tuple(_left_out(made)),
        dropped=tuple(
            Dropped(field=str(f.field), reason=f.reason, reason_text=f.reason_text)
            for table in made.plan.tables
            for top in table.fields
            for f in top.each()
            if not f.output
        ),
        counts=_tallies(made),
        sample=_sample(made),
        risk=_risk(made),
        sladd_version=sladd.__version__,
    )


def _sample(made: Making) -> ReleaseSample | None:
    drawn = made.plan.sample
    return ReleaseSample(share=drawn.share, persons=drawn.person) if drawn is not None else None


def _risk(made: Making) -> dict[str, Any]:
    """What the release still tells of persons, as far as it was measured."""
    counts: dict[str, Counter[str]] = {}
    for table, receipts in made.receipts.items():
        counts[table] = Counter()
        for receipt in receipts:
            counts[table].update(receipt.counts)
    texts = residual_risk(made.bound, made.plan, counts)
    risk: dict[str, Any] = {"free_text": texts} if texts else {}
    risk |= reach_risk(made.plan)
    if made.anonymity:
        risk = {"anonymity": made.anonymity, **risk}
    if made.measures is not None:
        risk |= made.measures.risk
    return {**risk, "utility": _utility(made)} if made.plan.kind == "pseudonymised" else risk


def _utility(made: Making) -> dict[str, Any]:
    """What each column lost; an anonymised release is measured from its rows instead."""
    tables = treated_tables(
        made.planned,
        {name: transform.SPEC for name, transform in made.bound.transforms.items()},
        rows={
            name: (sum(r.rows_in for r in receipts), made.finished[name].rows)
            for name, receipts in made.receipts.items()
        },
        unreadable=_values_lost(made),
    )
    return Utility(treated=tables).model_dump(mode="json")


def _expires(made: Making, at: datetime) -> datetime | None:
    days = made.release.expires_days
    return None if days is None else at.replace(microsecond=0) + timedelta(days=days)


def _table(made: Making, planned: TablePlan) -> ReleaseTable:
    done = made.finished[planned.output]
    source = made.tables[str(planned.table)]
    primary = _primary(made, planned)
    return ReleaseTable(
        name=planned.output,
        rows_in=sum(r.rows_in for r in made.receipts[planned.output]),
        rows_out=done.rows,
        files=done.files,
        columns=tuple(
            _column(made, f, done) if not f.within else _nested(made, planned, f.within, done)
            for f in {f.column: f for f in planned.fields if f.output}.values()
            if f.column in done.schema.names
        ),
        primary_key=primary,
        unique_keys=tuple(key for key in made.keys(planned) if key != primary),
        comment=source.comment or "",
    )


def _is_lost(count: str) -> bool:
    """Whether a count tells of lost values, and not of what was done to texts."""
    return ": " in count and not count.endswith((": redacted", ": withheld"))


def _column(made: Making, planned: FieldPlan, done: FinishedTable) -> ReleaseColumn:
    counted = made.empties.get(done.name, {}).get(planned.output)
    column = _described(made, planned, str(done.schema.field(planned.output).type))
    parts = tuple(_described(made, p, str(p.type)) for p in planned.parts if p.output)
    return column.model_copy(
        update={
            "nulls": done.nulls.get(planned.output),
            "nulls_before": counted.nulls_before if counted else None,
            "empty": counted.empty_after if counted else None,
            "empty_before": counted.empty_before if counted else None,
            "parts": parts or None,
        }
    )


def _nested(made: Making, planned: TablePlan, name: str, done: FinishedTable) -> ReleaseColumn:
    """A column of objects or lists, with what each place in it went through."""
    places = [f for f in planned.fields if f.within == name and f.output]
    kind = done.schema.field(name).type
    return ReleaseColumn(
        name=name,
        type=str(kind),
        transform=PLACES,
        nulls=done.nulls.get(name),
        parts=tuple(
            _described(made, f, str(type_at(kind, f.field.path))).model_copy(
                update={"name": path_name(f.field.path)}
            )
            for f in places
        ),
    )


def _described(made: Making, planned: FieldPlan, type_: str) -> ReleaseColumn:
    transform = made.bound.transforms[planned.transform]
    spec = transform.SPEC
    form = form_of(transform, planned.parameters, made.plan.key_version)
    return ReleaseColumn(
        name=planned.output,
        type=type_,
        category=planned.category,
        transform=planned.transform,
        parameters=dict(planned.parameters),
        comment=planned.reason_text,
        emits=form.emits or ((planned.category or None) if spec.keeps_category else spec.emits),
        # What is keyed for a column or a person alone joins nothing.
        key_type=planned.key_type if spec.joinable else "",
        alphabet=form.alphabet,
        prefix=form.prefix,
        length=form.length,
        pattern=form.pattern,
        pieces=form.pieces,
        role=planned.role,
    )


def _foreign_keys(made: Making) -> Iterator[ReleaseForeignKey]:
    for join in made.joins:
        yield ReleaseForeignKey(
            table=join.table,
            columns=join.columns,
            target=join.target,
            target_columns=join.target_columns,
        )


def _integrity(made: Making) -> Iterator[KeyIntegrity]:
    """What was counted in the source; the gate counts the same in the files."""
    for planned in made.planned:
        primary = _primary(made, planned)
        for key in dict.fromkeys((primary, *made.keys(planned))):
            if key:
                kind = "primary" if key == primary else "unique"
                yield _counted(made, planned.output, key, kind=kind)
    for join in made.joins:
        orphans = made.counts.orphans(join)[0] if made.counts.has(join) else None
        yield _counted(
            made,
            join.table,
            join.columns,
            kind="foreign",
            target=join.target,
            target_columns=join.target_columns,
            orphans_before=orphans,
        )


def _counted(made: Making, table: str, columns: tuple[str, ...], **more: Any) -> KeyIntegrity:
    rows, distinct = made.counts.before(table, columns) or (None, None)
    nulls = made.empties.get(table, {}).get(columns[0]) if len(columns) == 1 else None
    if rows is None and nulls is not None:
        rows = made.finished[table].rows - nulls.nulls_before
    return KeyIntegrity(
        table=table, columns=columns, rows_before=rows, distinct_before=distinct, **more
    )


def _primary(made: Making, planned: TablePlan) -> tuple[str, ...]:
    """The primary key, where all of it came along and still tells rows apart."""
    if made.plan.kind == "anonymised":
        return ()  # a number of rows stands where the key was
    source = made.tables[str(planned.table)]
    outputs = {f.field.column: f.output for f in planned.fields if f.output and not f.field.path}
    primary = tuple(outputs.get(key, "") for key in source.primary_key)
    return primary if all(primary) and _all_joinable(made, planned, primary) else ()


def _left_out(made: Making) -> Iterator[LeftOut]:
    for table, receipts in made.receipts.items():
        for count, reason in (
            ("left_out", "persons or rows that stay out"),
            ("not_in_sample", "persons outside the sample"),
            ("without_person", "rows of which nobody knows the person"),
        ):
            rows = sum(r.counts.get(count, 0) for r in receipts)
            if rows:
                yield LeftOut(table=table, reason=reason, rows=rows)


def _tallies(made: Making) -> dict[str, int]:
    return {
        "rows_in": sum(r.rows_in for rs in made.receipts.values() for r in rs),
        "rows_out": sum(t.rows for t in made.finished.values()),
        "fields": sum(len(t.fields) for t in made.plan.tables),
        "fields_dropped": sum(not f.output for t in made.plan.tables for f in t.fields),
        **_values_lost(made),
    }


def _values_lost(made: Making) -> dict[str, int]:
    """Values that became null, as nobody could read them or knows the person: `table.column: why`."""
    found = Counter[str]()
    for table, receipts in made.receipts.items():
        for receipt in receipts:
            found.update({f"{table}.{k}": n for k, n in receipt.counts.items() if _is_lost(k)})
    return dict(found)


def _all_joinable(made: Making, planned: TablePlan, columns: Sequence[str]) -> bool:
    by_output = {f.output: made.bound.transforms[f.transform].SPEC for f in planned.fields}
    return all(by_output[c].joinable for c in columns)
