"""One table of an incremental publish: which partitions are as they were, which files stay."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from sladd.model import Partition, Receipt
from sladd.pipeline.columns import TableWork, cast_part, columns_read
from sladd.pipeline.empties import Empties
from sladd.pipeline.incremental.digests import Cutting, digest_of
from sladd.pipeline.incremental.sealed import Broken, seal, unseal
from sladd.pipeline.incremental.state import FileState, PartState, TableState, link_or_copy
from sladd.targets.parquet import FinishedTable, bucket_of
from sladd.targets.parts import read_part

if TYPE_CHECKING:
    from sladd.sources.files.typing import LosslessCast


class TableReuse:
    """Holds keys: never printed."""

    def __init__(
        self,
        work: TableWork,
        by: str,
        fingerprint: str,
        former: TableState | None,
        former_folder: Path,
        new: Path,
        key: bytes,
        digest_key: bytes,
    ) -> None:
        self._work, self._by, self._fingerprint = work, by, fingerprint
        self._folder, self._new, self._key, self._digest_key = former_folder, new, key, digest_key
        self._cuts: list[int] = []
        self._names: dict[int, tuple[str, str]] = {}  # index → id and digest
        self._parts: dict[int, PartState] = {}
        self._kept: dict[int, PartState] = {}
        self._lock = threading.Lock()
        self._staged = Path()
        self.former = former
        self.partitions = self.kept = self.files = self.linked = 0

    def __repr__(self) -> str:
        return f"<TableReuse {self._work.plan.output}>"

    # ------------------------------------------------------------------ partitions

    def split(self, rows: int, staged: Path) -> tuple[list[Partition], list[Receipt]]:
        """The partitions that have to be read, and receipts of those that have not.

        Args:
            rows: of a partition.
            staged: folder into which rows of former partitions are unsealed.
        """
        work, snapshot = self._work, self._work.rows.snapshot
        self._staged = staged
        if isinstance(snapshot, Cutting):
            if self.former is not None:
                snapshot.cut_at(work.table, self.former.cuts, rows=rows)
            self._cuts = snapshot.cuts(work.table, rows=rows)
        partitions = list(snapshot.partitions(work.table, rows=rows))
        columns = columns_read(work)
        known = {(p.id, p.digest): p for p in self.former.parts} if self.former else {}
        todo, receipts = [], []
        for item in partitions:
            name = self._id(item)
            digest = digest_of(work, item, columns, self._by, self._digest_key)
            self._names[item.index] = (name, digest)
            part = known.get((name, digest))
            receipt = self._taken(item, part, staged) if part is not None else None
            if receipt is None:
                todo.append(item)
            else:
                receipts.append(receipt)
        self.partitions, self.kept = len(partitions), len(receipts)
        return todo, receipts

    def _id(self, item: Partition) -> str:
        if "cut" not in item.spec:
            return json.dumps(dict(item.spec), sort_keys=True)
        # Where it ends says nothing: the rows up to there are in the digest.
        return f"from {[None, *self._cuts][item.index]}"

    def _taken(self, item: Partition, part: PartState, staged: Path) -> Receipt | None:
        """The receipt of a former partition; None when its files cannot be read any more."""
        path = staged / f"{item.index:06d}.arrow"
        if part.file:
            try:
                self._unsealed(part.file, path)
                digests = io.BytesIO()
                unseal(self._folder / f"{part.file}.keys", digests, self._key)
            except (OSError, Broken):
                return None
            for tail in ("part", "keys"):
                name = f"{part.file}.{tail}"
                link_or_copy(self._folder / name, self._new / name)
            with self._lock:
                digests.seek(0)
                with np.load(digests, allow_pickle=False) as held:
                    self._work.counts.merge(part.keys, {n: held[n] for n in held.files})
        with self._lock:
            self._add(part)
        self._kept[item.index] = self._parts[item.index] = part
        return Receipt(
            table=self._work.plan.output,
            index=item.index,
            rows_in=part.rows_in,
            rows_out=part.rows_out,
            files=(str(path),) if part.file else (),
            counts=part.counts,
            snapshot=self._work.rows.snapshot.id,
        )

    def _add(self, part: PartState) -> None:
        from sladd.sources.files.typing import TypeGuess

        for column, counted in part.empties.items():
            self._work.empties.setdefault(column, Empties()).merge(counted)
        for column, dumped in part.guesses.items():
            known = self._work.guesses.get(column, TypeGuess())
            self._work.guesses[column] = known.merge(TypeGuess.restored(dumped))

    def own_work(self) -> TableWork:
        """The work with counts of its own, for one partition."""
        return replace(
            self._work,
            counts=self._work.counts.alike(),
            empties={},
            guesses={},
            lock=threading.Lock(),
        )

    def done(self, item: Partition, receipt: Receipt, own: TableWork) -> None:
        """Keep what a partition gave, sealed, and add its counts to those of the table."""
        names, digests = own.counts.dump()
        file = ""
        if receipt.files:
            file = secrets.token_hex(8)
            with Path(receipt.files[0]).open("rb") as rows:
                seal(rows, self._new / f"{file}.part", self._key)
            held = io.BytesIO()
            np.savez(held, allow_pickle=False, **digests)
            held.seek(0)
            seal(held, self._new / f"{file}.keys", self._key)
        name, digest = self._names[item.index]
        part = PartState(
            id=name,
            digest=digest,
            file=file,
            rows_in=receipt.rows_in,
            rows_out=receipt.rows_out,
            counts=dict(receipt.counts),
            guesses={c: guess.dump() for c, guess in own.guesses.items()},
            empties={c: list(counted.counts) for c, counted in own.empties.items()},
            keys=names,
        )
        with self._lock:
            self._work.counts.merge(names, digests)
            self._add(part)
            self._parts[item.index] = part

    def _typed(self, file: str, casts: Mapping[str, LosslessCast]) -> Path:
        """The rows of a former partition that is no more, with the types of today."""
        path = self._staged / f"gone-{file}.arrow"
        self._unsealed(file, path)
        return cast_part(path, casts) if casts else path

    def _unsealed(self, file: str, goal: Path) -> None:
        goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with goal.open("wb") as sink:
            unseal(self._folder / f"{file}.part", sink, self._key)

    # ------------------------------------------------------------------ files

    def same(self) -> bool:
        """Whether every partition is as it was, and none has gone."""
        return self.former is not None and len(self._kept) == self.partitions == len(
            self.former.parts
        )

    def touched(
        self,
        parts: Sequence[Path],
        casts: Mapping[str, LosslessCast],
        schema: pa.Schema,
        key: str,
        count: int,
    ) -> frozenset[int] | None:
        """Buckets in which a row came, went or changed; None when all have to be written.

        Args:
            parts: of all partitions, with types; their names begin with the number of theirs.
            casts: that gave them their types.
            schema: of the finished table.
            key: column that decides the bucket; "" without one.
            count: buckets of the table now.
        """
        former = self.former
        if former is None or former.buckets != count or former.schema != _spelled(schema):
            return None
        if self.same():
            return frozenset()
        if not key or count == 1:
            return None
        fresh = [path for path in parts if int(path.stem.partition("-")[0]) not in self._kept]
        taken = {part.file for part in self._kept.values()}
        gone = [part.file for part in former.parts if part.file and part.file not in taken]
        try:
            before = bucket_sums([self._typed(file, casts) for file in gone], key, count)
        except (OSError, Broken, ValueError):  # Arrow's own faults are OSError and ValueError
            return None
        after = bucket_sums(fresh, key, count)
        # What left one partition and came into another has not changed.
        return frozenset(b for b in before.keys() | after.keys() if before.get(b) != after.get(b))

    def untouched(self, touched: frozenset[int]) -> list[FileState]:
        """Files of the version that stands that are the same in the new one."""
        files = self.former.files if self.former else []
        return [file for file in files if _bucket(file.path) not in touched]

    def state(self, finished: FinishedTable, count: int) -> TableState:
        """What is to be remembered of the finished table."""
        files = [
            FileState(f.path, f.sha256, f.rows or 0, dict(finished.nulls_of.get(f.path, {})))
            for f in finished.files
        ]
        parts = [self._parts[index] for index in sorted(self._parts)]
        return TableState(
            self._fingerprint, self._cuts, count, _spelled(finished.schema), parts, files
        )


def intact(path: Path, sha256: str) -> bool:
    """Whether a file is what it was."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def restored_schema(spelled: str) -> pa.Schema:
    """The schema that a state holds."""
    return pa.ipc.read_schema(pa.py_buffer(bytes.fromhex(spelled)))


def _spelled(schema: pa.Schema) -> str:
    return str(schema.serialize().to_pybytes().hex())


def _bucket(path: str) -> int:
    return int(path.rpartition("part-")[2].removesuffix(".parquet"))


def bucket_sums(parts: Sequence[Path], key: str, count: int) -> dict[int, tuple[int, int]]:
    """For each bucket the number of its rows and the sum of their hashes, whatever their order.

    Args:
        parts: of `write_part`.
        key: column that decides the bucket.
        count: buckets.
    """
    import duckdb

    sums: dict[int, tuple[int, int]] = {}
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        for part in parts:
            for batch in read_part(part):
                place = batch.schema.get_field_index(key)
                buckets = pa.array(bucket_of(batch.column(place), count).astype(np.uint16))
                names = [f"c{n}" for n in range(batch.num_columns)]
                rows = pa.table([*batch.columns, buckets], names=[*names, "bucket"])
                connection.register("rows", rows)
                # 64 bits summed in 128: 2^63 rows fit, and a doubled row shows.
                found = connection.execute(
                    f"SELECT bucket, count(*), sum(hash({', '.join(names)})::HUGEINT)"
                    " FROM rows GROUP BY bucket"
                ).fetchall()
                for bucket, number, total in found:
                    known = sums.get(bucket, (0, 0))
                    sums[bucket] = (known[0] + number, known[1] + int(total))
    return sums
