"""What a file is: by its first bytes, and by its extension where these leave a choice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sladd.errors import SourceError
from sladd.sources.files import columnar, delimited, json_records, workbook
from sladd.sources.files.dialect import empty, encoding_of
from sladd.sources.files.entry import FileEntry, unreadable
from sladd.sources.files.naming import NameJudge
from sladd.sources.files.part import Losses, Part, Reader
from sladd.sources.files.streams import compression_of, read_head

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "csv": delimited,
        "json": json_records,
        "parquet": columnar,
        "arrow": columnar,
        "xlsx": workbook,
    }
)

_BINARY = (
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"PK\x03\x04", "xlsx"),
    (b"PK\x05\x06", "xlsx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"),
)
_NEEDS_MAGIC = MappingProxyType(
    {
        "parquet": "Parquet", "pq": "Parquet", "arrow": "Arrow", "feather": "Arrow",
        "ipc": "Arrow", "xlsx": "XLSX", "xlsm": "XLSX",
    }
)  # fmt: skip
_FOREIGN = (
    (b"SQLite format 3\x00", "an SQLite database", "declare it as database: sqlite:///…"),
    (b"FEA1", "a Feather file of the first version", "save it as Feather 2 or Parquet"),
    (b"%PDF", "a PDF", "declare it under documents:"),
)
_HEAD_BYTES = 16 << 10


def inspect(file: FileEntry, judge: NameJudge, losses: Losses) -> Sequence[Part]:
    """Find the tables inside a file.

    Raises:
        SourceError: the file cannot be read; the message is one line without values.
    """
    try:
        return READERS[format_of(file)].inspect(file, judge, losses)
    except OSError as error:
        raise unreadable(file, error) from None


def format_of(file: FileEntry) -> str:
    """Key of the reader for a file.

    Raises:
        SourceError: it is empty (SLADD-255), damaged (243) or of another kind (248).
    """
    with file.open() as stream:
        stored = stream.read(_HEAD_BYTES)
    if not stored:
        raise empty(file.shown)
    for magic, name in _BINARY:
        if stored.startswith(magic):
            return name
    head, whole = (
        read_head(file, _HEAD_BYTES) if compression_of(stored) else (stored, len(stored) < 16384)
    )
    if not head or (whole and not head.removeprefix(b"\xef\xbb\xbf").strip()):
        raise empty(file.shown)
    extension = _extension(file)
    _refuse_foreign(file, head, packed=head is not stored, extension=extension)
    return _text_format(head, extension, whole=whole)


def _extension(file: FileEntry) -> str:
    parts = file.path.lower().rsplit("/", 1)[-1].split(".")[1:]
    kept = [part for part in parts if part not in {"gz", "gzip", "zst", "zstd"}]
    return kept[-1] if kept else ""


def _refuse_foreign(file: FileEntry, head: bytes, *, packed: bool, extension: str) -> None:
    for magic, what, mend in _FOREIGN:
        if head.startswith(magic):
            raise SourceError(f"is {what}", code=248, where=file.shown, mend=mend)
    if packed and any(head.startswith(magic) for magic, _ in _BINARY):
        raise SourceError(
            "is a compressed binary table", code=248, where=file.shown, mend="unpack it"
        )
    if extension in _NEEDS_MAGIC:
        raise SourceError(
            f"does not begin as {_NEEDS_MAGIC[extension]}; the file is cut off or damaged",
            code=243,
            where=file.shown,
            mend="export it again",
        )


def _text_format(head: bytes, extension: str, *, whole: bool) -> str:
    text = head.decode(encoding_of(head, whole=whole), "replace").lstrip("\ufeff \t\r\n")
    if extension in {"json", "jsonl", "ndjson", "geojson"}:
        return "json"
    if text.startswith(("{", "[")) and _begins_as_json(text):
        return "json"
    return "csv"


def _begins_as_json(text: str) -> bool:
    """A CSV may begin with a bracket too: `[id];[name]`."""
    try:
        json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return error.pos > len(text) - 64 or text[1:].lstrip()[:1] in {'"', "{", "["}
    except RecursionError:
        return True
    return True
