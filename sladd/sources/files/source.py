"""The source of files: lists tables, samples them, opens a snapshot."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa

from sladd.errors import SladdError, SourceError
from sladd.model import NotScanned, Sample, Snapshot, Table
from sladd.sources.files.formats import READERS, inspect
from sladd.sources.files.listing import find_files
from sladd.sources.files.naming import judge_with, strong_shape
from sladd.sources.files.part import Drawn, Losses, Part, pick
from sladd.sources.files.snapshot import FilesSnapshot, align
from sladd.sources.files.tables import Dataset, datasets
from sladd.sources.nested import fields_of

# A table of this many stored bytes is read whole for a sample.
WHOLE_BYTES = 32 << 20
# A sample of a large dataset opens this many files, spread over all of them.
SAMPLE_FILES = 24


class FilesSource:
    """Implements `sladd.model.Source` over files matched by patterns.

    Args:
        name: name of the source.
        patterns: globs with `**` and `{a,b}`; local ones relative to `root`, others as URLs.
        root: folder of `sladd.yaml`.
        include: wildcards; a table is read when its name or a file's path matches one.
        exclude: wildcards; what matches one is left out.
        name_is_personal: says whether a name of a file, sheet, column or key is personal.
            E-mail addresses and long numbers count as personal whatever it says.
    """

    kind = "files"
    dialect = "files"

    def __init__(
        self,
        name: str,
        patterns: Sequence[str],
        *,
        root: Path,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        name_is_personal: Callable[[str], bool] = strong_shape,
    ) -> None:
        self.name = name
        self._patterns = tuple(patterns)
        self._root = root
        self._include = tuple(include)
        self._exclude = tuple(exclude)
        self._judge = judge_with(name_is_personal)
        self._found: dict[str, Dataset] | None = None
        self._failed: dict[NotScanned, None] = {}
        self._warned: dict[tuple[str, str], NotScanned] = {}

    def __repr__(self) -> str:
        return f"<FilesSource {self.name}>"

    def tables(self) -> Sequence[Table]:
        """List and inspect the files once; see `Source.tables`.

        Raises:
            SourceError: no pattern matches a file (SLADD-240).
        """
        return [dataset.table for dataset in self._datasets().values()]

    @property
    def not_scanned(self) -> Sequence[NotScanned]:
        """Files and patterns that could not be read so far."""
        return tuple(self._failed)

    @property
    def warnings(self) -> Sequence[NotScanned]:
        """What was left out of files that were read: rows, bytes and keys, with counts."""
        return tuple(self._warned.values())

    def sample(self, table: Table, *, rows: int, seed: int = 0) -> Sample:
        """Draw rows from all over the files of a table; see `Source.sample`.

        Raises:
            SourceError: no file of the table can be read.
        """
        dataset = self._dataset(table)
        if table.rows_exact and (table.rows or 0) <= 2 * rows:
            rows = 0  # reading the rest costs less than explaining a sample of more than half
        rng = random.Random(f"{seed}/{table.ref}")  # noqa: S311 - a sample, not a secret
        drawn, failed = self._draw_parts(dataset, rows, rng)
        tables = [d.data for d in drawn]
        data = _concatenated(tables) if tables else dataset.schema.empty_table()
        how = _how(drawn, whole=len(drawn) == len(dataset.parts) and not failed)
        if rows and data.num_rows > rows:
            first = how == "first_rows" and len(drawn) == 1
            data = data.slice(0, rows) if first else pick(data, rows, rng)
            how = "random_rows" if how == "all" else how
        total = data.num_rows if how == "all" else table.rows
        fields = fields_of(table.ref, dataset.schema)
        return Sample(table, data, fields, drawn=how, rows_total=total)

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open one view; leaving it checks that no file read has changed."""
        return FilesSnapshot(self.name, self._datasets(), self._say)

    def close(self) -> None:
        """Forget the listing; a file is open only while it is being read."""
        self._found = None

    # ----------------------------------------------------------------- listing

    def _datasets(self) -> dict[str, Dataset]:
        if self._found is None:
            files, failed = find_files(self.name, self._patterns, self._root, self._judge)
            self._failed = dict.fromkeys(failed)
            parts: list[Part] = []
            comments: dict[str, str] = {}
            for file in files:
                if _matches(self._exclude, file.relative):
                    continue
                losses = Losses()
                try:
                    found = inspect(file, self._judge, losses)
                except SladdError as error:
                    self._fail(error)
                    continue
                parts += found
                for part in found:
                    self._say(part, losses)
                    said = [line.reason for line in losses.warnings(part.where).values()]
                    if said:
                        comments[part.where] = " · ".join(said)
            every = datasets(self.name, parts, self._judge, comments)
            self._found = {d.table.ref.name: d for d in every if self._wanted(d)}
        return self._found

    def _wanted(self, dataset: Dataset) -> bool:
        names = [dataset.table.ref.name, *(part.file.relative for part in dataset.parts)]
        if _matches(self._exclude, names[0]):
            return False
        return not self._include or any(_matches(self._include, name) for name in names)

    def _dataset(self, table: Table) -> Dataset:
        try:
            return self._datasets()[table.ref.name]
        except KeyError:
            raise SourceError(
                "the table is not in the files any more",
                code=253,
                where=str(table.ref),
                mend=f"run sladd discover {self.name}",
            ) from None

    def _fail(self, error: SladdError) -> None:
        reason = f"{error.what} · {error.mend}" if error.mend else error.what
        where = (
            error.where if error.where.startswith(f"{self.name}/") else f"{self.name}/{error.where}"
        )
        self._failed[NotScanned(where, reason, error.code)] = None

    def _say(self, part: Part, losses: Losses) -> None:
        for kind, line in losses.warnings(f"{self.name}/{part.where}").items():
            # A full read knows more than a sample did, and comes later.
            self._warned[line.where, kind] = line

    # ----------------------------------------------------------------- sampling

    def _draw_parts(
        self, dataset: Dataset, rows: int, rng: random.Random
    ) -> tuple[list[Drawn], list[SladdError]]:
        parts = list(dataset.parts)
        weights = [max(1, part.rows or part.file.size // 100) for part in parts]
        small = sum(part.file.size for part in parts) <= WHOLE_BYTES
        if not small and rows and len(parts) > SAMPLE_FILES:
            step = len(parts) / SAMPLE_FILES
            chosen = [int((i + rng.random()) * step) for i in range(SAMPLE_FILES)]
            parts = [parts[i] for i in chosen]
            weights = [weights[i] for i in chosen]
        drawn: list[Drawn] = []
        failed: list[SladdError] = []
        for part, weight in zip(parts, weights, strict=True):
            # Half as many again: estimates of rows are off, and the surplus is thinned evenly.
            quota = -(-3 * rows * weight // (2 * sum(weights))) if len(parts) > 1 else rows
            losses = Losses()
            try:
                got = READERS[part.format].draw(part, losses, quota, rng)
                drawn.append(Drawn(_aligned(got.data, dataset.schema, part), got.how))
            except SladdError as error:
                failed.append(error)
                self._fail(error)
            self._say(part, losses)
        if failed and not drawn:
            raise failed[0]
        return drawn, failed


def _aligned(data: pa.Table, schema: pa.Schema, part: Part) -> pa.Table:
    """The columns in the order and types of the dataset; texts stay dictionaries."""
    texts = {
        field.name
        for field in data.schema
        if pa.types.is_dictionary(field.type)
        and field.name in schema.names
        and schema.field(field.name).type == field.type.value_type
    }
    own = [f.with_type(data.schema.field(f.name).type) if f.name in texts else f for f in schema]
    batches = [align(batch, schema, part, texts) for batch in data.to_batches()]
    return pa.Table.from_batches(batches, pa.schema(own))


def _concatenated(tables: Sequence[pa.Table]) -> pa.Table:
    """One table below another; a text that is a dictionary in one of them is one in all."""
    if len(tables) == 1:
        return tables[0]
    places = range(tables[0].num_columns)
    encoded = {
        place
        for place in places
        if any(pa.types.is_dictionary(table.schema.field(place).type) for table in tables)
    }
    for place in encoded:
        tables = [_with_dictionary(table, place) for table in tables]
    return pa.concat_tables(tables)


def _with_dictionary(table: pa.Table, place: int) -> pa.Table:
    field = table.schema.field(place)
    if pa.types.is_dictionary(field.type):
        return table
    column = table.column(place).dictionary_encode()
    return table.set_column(place, field.with_type(column.type), column)


def _how(drawn: Sequence[Drawn], *, whole: bool) -> str:
    """One honest word for draws from several files."""
    ways = {d.how for d in drawn}
    if "first_rows" in ways:
        return "first_rows"
    if whole and ways <= {"all"}:
        return "all"
    # Quotas follow the rows of each file, so that every row has about the same chance.
    return "random_rows" if whole and ways <= {"all", "random_rows"} else "block_sample"


def _matches(patterns: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
