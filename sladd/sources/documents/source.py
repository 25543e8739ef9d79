"""The source of documents: lists them, reads them in child processes, opens a snapshot."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa

from sladd.errors import SladdError, SourceError, raise_all
from sladd.model import NotScanned, Sample, Snapshot, Table
from sladd.sources.documents.ahead import read_files
from sladd.sources.documents.draw import Draw
from sladd.sources.documents.formats import FORMATS
from sladd.sources.documents.pool import Pool, Row, is_local
from sladd.sources.documents.snapshot import DocumentsSnapshot, gone
from sladd.sources.documents.table import Collection, Rows, collection
from sladd.sources.documents.troubles import known_trouble, missed, missed_inside
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.listing import find_files
from sladd.sources.files.naming import judge_with, masked, strong_shape

READERS = 2
"""Child processes: reading goes on beside the search for personal data, which takes longer."""

_FORMATS = frozenset({"empty", *(name for name, _ in FORMATS)})
_NOTHING = re.compile(r"(?!)")  # no document is left out for its name
_WILD = re.compile(r"[*?\[{]")


@dataclass(slots=True)
class Document:
    """One file while it is read.

    Attributes:
        file: where it is.
        batches: its rows; take them all before looking at the rest.
        format: of the content, once the first batch was taken.
        trouble: why it was not read, or not to its end; "" when it was.
        unread: parts of it that could not be read.
    """

    file: FileEntry
    batches: Iterator[pa.RecordBatch]
    format: str = ""
    trouble: str = ""
    unread: int = 0
    rows: int = 0
    inside: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __repr__(self) -> str:
        return f"<Document {self.file.shown}>"


class DocumentsSource:
    """Implements `sladd.model.Source` over documents matched by patterns.

    Args:
        name: name of the source.
        patterns: globs with `**` and `{a,b}`; each is a table. Local ones are relative to `root`.
        root: folder of `sladd.yaml`.
        include: wildcards; a document is read when its path or table matches one.
        exclude: wildcards; what matches one is left out.
        name_is_personal: says whether the name of a file or folder is personal.
        pool: readers; of its own unless given.
    """

    kind = "documents"
    dialect = "documents"

    def __init__(
        self,
        name: str,
        patterns: Sequence[str],
        *,
        root: Path,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        name_is_personal: Callable[[str], bool] = strong_shape,
        pool: Pool | None = None,
    ) -> None:
        self.name = name
        self._patterns = tuple(patterns)
        self._root = root
        self._include = tuple(include)
        self._exclude = tuple(exclude)
        self.judge = judge_with(name_is_personal)
        self._pool = pool or Pool(READERS)
        self._found: dict[str, Collection] | None = None
        self._failed: dict[NotScanned, None] = {}
        self._inside: dict[str, dict[str, Counter[tuple[str, str]]]] = {}

    def __repr__(self) -> str:
        return f"<DocumentsSource {self.name}>"

    def tables(self) -> Sequence[Table]:
        """List the documents; none is opened. See `Source.tables`.

        Raises:
            SourceError: no pattern matches a file (SLADD-240).
        """
        return [each.table for each in self.collections().values()]

    @property
    def not_scanned(self) -> Sequence[NotScanned]:
        """Documents that could not be read so far, and parts of documents with their counts."""
        inside: list[NotScanned] = []
        for table, files in self._inside.items():
            total = Counter[tuple[str, str]]()
            for counts in files.values():
                total += counts
            inside += missed_inside(table, total)
        return (*self._failed, *inside)

    def sample(self, table: Table, *, rows: int, seed: int = 0) -> Sample:
        """Draw rows from all documents; each is read to its end. See `Source.sample`."""
        found = self.collection(table)
        draw = Draw(rows, seed=seed)
        for document in self.read(found, found.files):
            for batch in document.batches:
                draw.add(batch)
        how = "all" if draw.complete else "random_rows"
        return Sample(table, draw.table(), table.fields, drawn=how, rows_total=draw.rows)

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open one view; leaving it checks that no document read has changed."""
        return DocumentsSnapshot(self.name, self.collections(), self._stream)

    def close(self) -> None:
        """End the readers and forget the listing."""
        self._pool.close()
        self._found = None

    # ----------------------------------------------------------------- listing

    def collections(self) -> dict[str, Collection]:
        """Table name → its documents, listed once."""
        if self._found is None:
            self._failed, self._inside = {}, {}
            found: dict[str, Collection] = {}
            empty: list[SladdError] = []
            for pattern in self._patterns:
                try:
                    files, failed = find_files(
                        self.name, [pattern], self._root, self.judge, beside=_NOTHING
                    )
                except SourceError as error:
                    empty.append(error)
                    continue
                self._failed |= dict.fromkeys(failed)
                name = _unique(self._table_name(pattern), found)
                kept = [f for f in files if self._wanted(name, f) and self._within(pattern, f)]
                found[name] = collection(self.name, name, kept)
            if empty and not found:
                raise_all(empty)
            for fault in empty:
                place = NotScanned(fault.where, f"{fault.what} · {fault.mend}", fault.code)
                self._failed[place] = None
            self._found = found
        return self._found

    def collection(self, table: Table) -> Collection:
        """The documents of a table.

        Raises:
            SourceError: it is not there any more (SLADD-266).
        """
        try:
            return self.collections()[table.ref.name]
        except KeyError:
            raise gone(str(table.ref), "table", self.name) from None

    def _table_name(self, pattern: str) -> str:
        """The last folder in front of the first wildcard."""
        head = _WILD.split(pattern.partition("://")[2] or pattern, maxsplit=1)[0]
        folder = posixpath.basename(posixpath.dirname(head))
        if folder in {"", ".", ".."}:
            return self.name
        return masked(folder, "folder") if self.judge(folder) else folder

    def _wanted(self, table: str, file: FileEntry) -> bool:
        names = (table, file.relative)
        if any(fnmatchcase(name, p) for name in names for p in self._exclude):
            return False
        return not self._include or any(fnmatchcase(n, p) for n in names for p in self._include)

    def _within(self, pattern: str, file: FileEntry) -> bool:
        """Whether a local file really lies in the folder that the pattern names."""
        if not is_local(file):
            return True
        head = posixpath.dirname(_WILD.split(pattern, maxsplit=1)[0])
        base = os.path.realpath(self._root / Path(head).expanduser())
        if os.path.commonpath([base, os.path.realpath(file.path)]) == base:
            return True
        self._failed[missed("link", f"{self.name}/{file.shown}")] = None
        return False

    # ----------------------------------------------------------------- reading

    def read(self, found: Collection, files: Sequence[FileEntry]) -> Iterator[Document]:
        """Documents in their order, several being read at a time.

        What cannot be read goes to `not_scanned`, and the next one follows.
        """
        for file, rows in read_files(self._pool, files):
            document = Document(file, iter(()))
            document.batches = self._batches(document, rows)
            yield document
            for _ in document.batches:
                pass
            if document.inside:
                self._inside.setdefault(str(found.table.ref), {})[file.relative] = document.inside

    def _batches(self, document: Document, lots: Iterator[list[Row]]) -> Iterator[pa.RecordBatch]:
        file = document.file
        table = Rows(file)
        # The child is told the name only to tell formats apart; the document's own is ours.
        name = file.relative.rsplit("/", 1)[-1]
        first: list[Row] = [{"part": "file name", "file_name": name}]
        try:
            for lot in lots:
                kept = [row for row in lot if "part" in row]
                for row in lot:
                    if row.get("format") in _FORMATS:
                        document.format = str(row["format"])
                    elif "trouble" in row:
                        self._note(document, row)
                if kept:
                    if first and "file_name" not in kept[0] and not kept[0].get("unit"):
                        kept[0] |= {"file_name": name}
                        first = []
                    batch = table.batch([*first, *kept])
                    first = []
                    document.rows += batch.num_rows
                    yield batch
        except SladdError as error:
            document.trouble = error.what
            reason = f"{error.what} · {error.mend}" if error.mend else error.what
            where = f"{self.name}/{file.shown}"
            self._failed[NotScanned(where, reason, error.code)] = None
        if first:
            yield table.batch(first)

    def _note(self, document: Document, row: Row) -> None:
        what, detail = known_trouble(row["trouble"], row.get("detail", ""))
        if row.get("inside"):
            document.unread += 1
            document.inside[what, detail] += 1
        else:
            document.trouble = what
            self._failed[missed(what, f"{self.name}/{document.file.shown}", detail)] = None

    def _stream(self, found: Collection, files: Sequence[FileEntry]) -> Iterator[pa.RecordBatch]:
        for document in self.read(found, files):
            yield from document.batches


def _unique(name: str, taken: dict[str, Collection]) -> str:
    number = 2
    unique = name
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique
