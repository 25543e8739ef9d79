"""The tables of a release, read, transformed and put in order, in a staging folder."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sladd.errors import PlanError, raise_all
from sladd.model import (
    Needs,
    Partition,
    Plan,
    Progress,
    Receipt,
    Snapshot,
    StorageType,
    Table,
    TablePlan,
    TransformSpec,
)
from sladd.pipeline.bind import Bound
from sladd.pipeline.columns import (
    Giver,
    PartsGiver,
    TableWork,
    appliers,
    cast_part,
    each_giver,
    take_counts,
    work_partition,
)
from sladd.pipeline.elsewhere import PartDone, PartOrder, Run
from sladd.pipeline.empties import Empties
from sladd.pipeline.exclusions import Exclusions, exclusions
from sladd.pipeline.incremental.files import fetched, joined
from sladd.pipeline.incremental.table import restored_schema
from sladd.pipeline.integrity import KeyCounts, joins
from sladd.pipeline.leaving import LeavingRows, sampled, whole_column
from sladd.pipeline.nesting import nested_columns
from sladd.pipeline.persons import Known, known_persons
from sladd.pipeline.subjects import Subjects
from sladd.pipeline.texts import Remembered
from sladd.pipeline.tokens import RowKeys, Tokens, row_key
from sladd.sources.nested import column_name
from sladd.targets.columns import canonical_schema
from sladd.targets.parquet import bucket_count
from transforms.contract import is_number

if TYPE_CHECKING:
    from sladd.config import ReleaseConfig
    from sladd.keyring import MasterKey
    from sladd.pipeline.assurance import AnonymisedTable, Measures
    from sladd.pipeline.incremental import Reuse
    from sladd.pipeline.incremental.state import FileState
    from sladd.pipeline.incremental.table import TableReuse
    from sladd.pipeline.leaks import LeakTest
    from sladd.release import ReleaseFile
    from sladd.targets.directory import Staging
    from sladd.targets.parquet import FinishedTable
    from sladd.vault import Tokens as VaultTokens

PARTITION_ROWS = 200_000


class PartWork:
    """The work on the partitions of one table: in this process, or by order in another."""

    def __init__(self, making: Making, work: TableWork, again: TableReuse | None = None) -> None:
        self._making, self._work, self._again = making, work, again

    def __repr__(self) -> str:
        return f"<PartWork {self._work.plan.output}>"

    def __call__(self, item: Partition) -> Receipt:
        """Work a partition here."""
        try:
            if self._again is None:
                return work_partition(self._work, item, self._path(item))
            own = self._again.own_work()
            receipt = work_partition(own, item, self._path(item))
            self._again.done(item, receipt, own)
            return receipt
        finally:
            # Arrow keeps what its arrays took; over many partitions that adds up.
            pa.default_memory_pool().release_unused()

    @property
    def elsewhere(self) -> bool:
        """Whether another process sees the same: files do not change, a transaction is here.

        Nor can it give tokens of a vault, or what is drawn anew for each version, or know whose
        row it is without reading other tables.
        """
        config = self._making.bound.config
        alone = not self._work.givers and self._work.rows.sample is None
        same = all(
            (used := self._work.transforms[f.transform]).SPEC.deterministic
            and not hasattr(used, "fit")
            for f in self._work.plan.fields
            if f.output
        )
        files = all(config.sources[n].files is not None for n in self._making.release.from_)
        return files and alone and same and self._making.vault is None and self._again is None

    def order(self, item: Partition) -> PartOrder:
        """References to a partition, for another process."""
        return PartOrder(
            self._making.run(), self._work.plan.output, item, str(self._path(item).absolute())
        )

    def take(self, item: Partition, done: PartDone) -> Receipt:
        """Take back the counts of a partition that another process has worked."""
        take_counts(self._work, item, done)
        return done.receipt

    def _path(self, item: Partition) -> Path:
        return self._making.staging.part_path(self._work.plan.output, item.index)


Mapper = Callable[[PartWork, Sequence[Partition]], Iterator[Receipt]]


class Making:
    """One release between opening the sources and the switch. Holds keys of rows."""

    def __init__(
        self,
        bound: Bound,
        made: Plan,
        release: ReleaseConfig,
        master: MasterKey,
        staging: Staging | None,
        tables: Sequence[Table],
        snapshots: Mapping[str, Snapshot],
        reuse: Reuse | None = None,
        standing: str | None = None,
        at: datetime | None = None,
    ) -> None:
        self.bound, self.plan, self.release = bound, made, release
        self.master, self._staging, self.snapshots = master, staging, snapshots
        self.at = at or datetime.now(UTC)
        self.tables = {str(table.ref): table for table in tables}
        self.planned = [t for t in made.tables if t.output and any(f.output for f in t.fields)]
        # Anonymised tables are not linked: none has a key.
        self.joins = joins(tables, self.planned) if made.kind != "anonymised" else []
        self.reuse, self._standing = reuse, standing
        self.at = at or datetime.now(UTC)
        self.counts = KeyCounts(reuse.digest_key[:16] if reuse else None)
        self.fresh = secrets.token_bytes(32)
        self.subjects = Subjects(made, self.tables, snapshots, master, bound.person_links())
        self.finished: dict[str, FinishedTable] = {}
        self.receipts: dict[str, list[Receipt]] = {}
        self.empties: dict[str, dict[str, Empties]] = {}  # table → column
        self.vault: VaultTokens | None = None
        self.leaks: LeakTest | None = None
        self.anonymity: Mapping[str, Any] = {}  # what the search found, for the manifest
        self.searched: list[AnonymisedTable] = []
        self.measures: Measures | None = None  # of an anonymised release as a whole

    def __repr__(self) -> str:
        return f"<Making {self.plan.release}>"

    @property
    def staging(self) -> Staging:
        """Where the release is made; a process that works single partitions has none."""
        assert self._staging is not None  # noqa: S101
        return self._staging

    def run(self) -> Run:
        """This publish by reference."""
        return Run(
            config=str(self.bound.config.file.absolute()),
            release=self.plan.release,
            at=self.at,
            policy_sha256=self.plan.policy_sha256,
            key_id=self.master.key_id,
            snapshots=tuple(
                (name, snapshot.id)
                for name, snapshot in sorted(self.snapshots.items())
                if self.bound.config.sources[name].files is not None
            ),
        )

    def left_out(self) -> Exclusions:
        """Rows that stay out of the release."""
        return exclusions(
            self.plan,
            list(self.tables.values()),
            self.snapshots,
            {
                k: v
                for k, v in self.release.leave_out_columns.items()
                if k in self.release.leave_out
            },
        )

    def transform(self, tell: Progress, mapper: Mapper) -> None:
        """Read, transform, write and put in order every table."""
        left_out = self.left_out()
        if self.plan.kind == "anonymised":
            from sladd.pipeline.anonymity import make_tables

            self.anonymity = make_tables(self, left_out, tell)
            return
        if self.reuse is not None:
            self.reuse.start(self._standing, left_out, self.at)
        for number, planned in enumerate(self.planned):
            tell(planned.output, number, len(self.planned))
            work = self.work(planned, left_out)
            by = self.release.incremental.get(str(planned.table))
            again = self.reuse.table(work, by.by if by else "") if self.reuse else None
            kept: list[Receipt] = []
            partitions: Sequence[Partition]
            if again is None:
                partitions = work.rows.snapshot.partitions(work.table, rows=PARTITION_ROWS)
            else:
                folder = self.staging.part_path(planned.output, 0).parent
                partitions, kept = again.split(PARTITION_ROWS, folder)
            # Partitions come back in any order; the order of a release does not depend on it.
            receipts = [*kept, *mapper(PartWork(self, work, again), partitions)]
            self.receipts[planned.output] = receipts
            self._finish(work, receipts, again)
            # What a large table took goes back before the next one takes its own.
            pa.default_memory_pool().release_unused()
        tell("sorted", len(self.planned), len(self.planned))

    def work(self, planned: TablePlan, left_out: Exclusions) -> TableWork:
        """All that the partitions of one table have in common."""
        table = self.tables[str(planned.table)]
        rows = LeavingRows(
            planned,
            self.snapshots[planned.table.source],
            left_out,
            sampled(self.plan, planned, self.subjects, self.master),
            self.leaks.watch(planned) if self.leaks else None,
        )
        givers = self._givers(planned, table)
        texts = any(isinstance(giver, Known) for giver in each_giver(givers.values()))
        finders = self.bound.text_finders if texts else None
        work = TableWork(
            table=table,
            plan=planned,
            rows=rows,
            apply=appliers(
                self.plan,
                planned,
                master=self.master,
                vault=self.vault,
                find_spans=Remembered(finders.everything) if finders else None,
                find_known=finders.known if finders else None,
                transforms=self.bound.transforms,
                language="nb",
                labels={c.key: c.label_nb for c in self.bound.taxonomy},
                missed=finders.missed if finders else None,
                fresh=self.fresh,
                chunks=partial(whole_column, rows, table, givers),
            ),
            counted=tuple(dict.fromkeys(self._counted(planned))),
            numbers=frozenset(
                f.output
                for f in planned.fields
                if f.output and f.transform != "keep" and is_number(f.key_type, self.plan)
            ),
            empties=self.empties.setdefault(planned.output, {}),
            counts=self.counts,
            transforms=self.bound.transforms,
            guessed=_typed(planned, self.bound),
            givers=givers,
            nested=nested_columns(
                planned.fields,
                frozenset(column_name(f.ref.column, f.ref.path) for f in table.fields),
            ),
        )
        return self.leaks.follow(work) if self.leaks else work

    def _givers(self, planned: TablePlan, table: Table) -> dict[str, Giver]:
        """What the transforms of a table need beside their columns, by output column.

        Raises:
            PlanError: one needs the key of the row, and the table has none (SLADD-334).
        """
        specs = {
            f.output: self.bound.transforms[f.transform].SPEC for f in planned.fields if f.output
        }
        givers: dict[str, Giver] = {}
        inside = {
            f.output: {self.bound.transforms[p.transform].SPEC.needs for p in f.parts if p.output}
            for f in planned.fields
            if f.output and f.parts
        }
        needed = {spec.needs for spec in specs.values()}.union(*inside.values())
        known = Needs.ROW in needed and known_persons(
            planned, self.plan, self.tables, self.snapshots
        )
        subject = Needs.PERSON in needed and self.subjects.of(planned)
        keys = Needs.KEY in needed and self._row_keys(planned, table, specs)
        ready = {Needs.ROW: known, Needs.PERSON: subject, Needs.KEY: keys}
        for output, spec in specs.items():
            own = {n: giver for n in inside.get(output, ()) if (giver := ready.get(n))}
            if own:
                givers[output] = PartsGiver(own)
            elif giver := ready.get(spec.needs):
                givers[output] = giver
        return givers

    def _row_keys(
        self, planned: TablePlan, table: Table, specs: Mapping[str, TransformSpec]
    ) -> RowKeys:
        own = planned.person_path[0] if len(planned.person_path) == 1 else ""
        key = row_key(table, next((f.ref.column for f in table.fields if str(f.ref) == own), ""))
        if not key:
            using = next(o for o, spec in specs.items() if spec.needs is Needs.KEY)
            raise PlanError(
                f"the transform {specs[using].name} needs a key of the rows, and the table has none",
                code=334,
                where=f"{planned.table}.{using}",
                mend="give the field another rule, or the table a primary key",
            )
        named = [
            str(f.parameters[p.name])
            for f in planned.fields
            if f.output
            for p in specs[f.output].parameters
            if p.kind == "column" and p.name in f.parameters
        ]
        tokens = Tokens(
            self.master.derive(self.plan.domain, f"row {planned.table}", self.plan.key_version)
        )
        return RowKeys(table, key, named, tokens)

    def texts(self) -> tuple[ReleaseFile, ...]:
        """A text file for each document, where the release asks for them."""
        from sladd.targets.documents import write_texts

        if self.release.documents != "text":
            return ()
        return tuple(
            file
            for planned in self.planned
            if self.tables[str(planned.table)].kind == "documents"
            for file in write_texts(
                self.staging.path,
                self.finished[planned.output],
                {f.field.column: f.output for f in planned.fields if f.output},
            )
        )

    def _counted(self, planned: TablePlan) -> Iterator[tuple[str, ...]]:
        """Keys of which distinct values are counted before and after."""
        for join in self.joins:
            if join.table == planned.output:
                yield join.columns
            if join.target == planned.output:
                yield join.target_columns
        # Keys of one column are asked of the files; what holds together is counted here.
        yield from (key for key in self.keys(planned) if len(key) > 1)

    def keys(self, planned: TablePlan) -> Iterator[tuple[str, ...]]:
        """Keys that the source promises to be unique and that come along, the primary one first."""
        if self.plan.kind == "anonymised":
            return
        table = self.tables[str(planned.table)]
        outputs = {
            f.field.column: f.output
            for f in planned.fields
            if f.output
            and not f.field.path
            and self.bound.transforms[f.transform].SPEC.keeps_apart(f.parameters)
        }
        alone = ((f.ref.column,) for f in table.fields if f.unique)
        for key in dict.fromkeys((table.primary_key, *table.unique_keys, *alone)):
            if key and all(column in outputs for column in key):
                yield tuple(outputs[column] for column in key)

    def keeping(self) -> Iterator[tuple[str, Empties]]:
        """Columns whose transform leaves NULL and the empty text as they are, and their counts."""
        for planned in self.planned:
            for field in planned.fields:
                if not field.output:
                    continue
                spec = self.bound.transforms[field.transform].SPEC
                counted = self.empties.get(planned.output, {}).get(field.output)
                if counted is not None and (spec.joinable or spec.name == "keep"):
                    yield f"{planned.output}.{field.output}", counted

    def _finish(
        self, work: TableWork, receipts: Sequence[Receipt], again: TableReuse | None
    ) -> None:
        name = work.plan.output
        folder = self.staging.part_path(name, 0).parent
        held = folder.parent / ".held"
        if self.reuse is not None and again is not None and again.same() and again.former:
            files = again.former.files
            if fetched(self.reuse.fetch, files, held):
                self.finished[name] = joined(
                    name,
                    files,
                    held=held,
                    release=self.staging.path,
                    schema=restored_schema(again.former.schema),
                    written=None,
                )
                self._remember(again, name, taken=len(files), count=again.former.buckets)
                shutil.rmtree(folder, ignore_errors=True)
                return
        parts = [Path(file) for receipt in receipts for file in receipt.files]
        casts = {c: cast for c, guess in work.guesses.items() if (cast := guess.cast())}
        self._all_typed(work, casts)
        # A text within an object stays one: its type is that of the file.
        alone = {f.output for f in work.plan.fields if not f.within}
        casts = {c: cast for c, cast in casts.items() if c in alone}
        if casts:
            parts = [cast_part(part, casts) for part in parts]
        schema = self._schema(work, parts)
        keys = [
            f.output
            for f in work.plan.fields
            if (spec := self.bound.transforms[f.transform].SPEC).keyed
            and spec.joinable
            and f.output in schema.names
            and not pa.types.is_nested(schema.field(f.output).type)
        ]
        rows = sum(receipt.rows_out for receipt in receipts)
        count = (self.release.buckets or bucket_count(rows)) if keys else 1
        only: frozenset[int] | None = None
        taken: list[FileState] = []
        if self.reuse is not None and again is not None:
            target = canonical_schema(schema, {})
            only = again.touched(parts, casts, target, keys[0] if keys else "", count)
            taken = again.untouched(only) if only is not None else []
            if not taken or not fetched(self.reuse.fetch, taken, held):
                only, taken = None, []
        written = None
        if only is None or only:
            written = self.staging.finish_table(
                name,
                parts,
                schema,
                key_columns=keys[:1],
                buckets=self.release.buckets if only is None else count,
                only=only,
            )
        self.finished[name] = (
            written
            if written and not taken
            else joined(
                name,
                taken,
                held=held,
                release=self.staging.path,
                schema=canonical_schema(schema, {}),
                written=written,
            )
        )
        shutil.rmtree(folder, ignore_errors=True)
        if again is not None:
            self._remember(again, name, taken=len(taken), count=count)

    def _remember(self, again: TableReuse, name: str, *, taken: int, count: int) -> None:
        """Keep what the next incremental publish needs to know, and count what was taken over."""
        finished = self.finished[name]
        again.files, again.linked = len(finished.files), taken
        if self.reuse is not None:
            self.reuse.remember(name, again.state(finished, count))

    def _all_typed(self, work: TableWork, casts: Mapping[str, object]) -> None:
        """Stop when a column that had to be numbers or dates has another value by now.

        Raises:
            PlanError: it has (SLADD-332).
        """
        raise_all(
            [
                PlanError(
                    "the column was only numbers or dates when it was scanned, and no longer is",
                    code=332,
                    where=f"{work.plan.table}.{column}",
                    mend=f"sladd discover {work.plan.table.source} --full",
                )
                for column, must in work.guessed.items()
                if must
                and column not in casts
                and column in work.guesses
                and work.guesses[column].rows
            ]
        )

    def _schema(self, work: TableWork, parts: Sequence[Path]) -> pa.Schema:
        """Columns of the parts; for a table without rows, those of the plan as text."""
        from sladd.targets.parts import read_part

        for part in parts:
            for batch in read_part(part):
                return batch.schema
        return pa.schema([pa.field(f.output, pa.string()) for f in work.plan.fields if f.output])


def _typed(planned: TablePlan, bound: Bound) -> dict[str, bool]:
    """Columns of text that get types → whether they must.

    Those of text files may: analysts want numbers. Those that the policy lets out *because*
    every value was a number or a date must: a value that is none could be anything.
    """
    files = bound.config.sources[planned.table.source].files is not None
    return {
        f.output: f.reason == "typed"
        for f in planned.fields
        if f.output
        and f.transform == "keep"
        and f.type is StorageType.STRING
        and (files or f.reason == "typed")
    }
