"""Parts: what one worked partition leaves in staging, before the rows are put in order."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

# The end of an Arrow IPC stream (format specification, "IPC Streaming Format").
_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"


def write_part(path: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> tuple[int, int]:
    """Write one part atomically; a finished part is kept and `batches` is not touched.

    The form is an Arrow IPC stream, because it keeps dictionaries (a pseudonym stands once, not
    once a row) and each batch may bring its own. It is not compressed: LZ4 takes eight times as
    long as writing, to save a third of what is gone a minute later.

    Returns:
        Rows and bytes of the part.
    """
    kept = finished_rows(path)
    if kept is not None:
        return kept, path.stat().st_size
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Two workers may write one part at once, when one of them was only thought to be dead.
    temporary = path.with_suffix(f".{secrets.token_hex(4)}.tmp")
    rows = 0
    schema = schema.remove_metadata()
    try:
        with (
            pa.OSFile(str(temporary), "wb") as sink,
            pa.ipc.new_stream(sink, schema) as writer,
        ):
            for batch in batches:
                writer.write_batch(batch.cast(schema) if batch.schema != schema else batch)
                rows += batch.num_rows
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return rows, path.stat().st_size


def read_part(path: Path, *, mapped: bool = False) -> Iterator[pa.RecordBatch]:
    """Stream a part.

    Args:
        path: of the part.
        mapped: whether its pages may count as this process's memory until the batches are gone;
            saves copying what is held anyway.
    """
    opened = pa.memory_map(str(path)) if mapped else pa.OSFile(str(path))
    with opened as source, pa.ipc.open_stream(source) as reader:
        yield from reader


def finished_rows(path: Path) -> int | None:
    """Rows of a finished part; None when there is none, or a power cut left half of it."""
    try:
        with path.open("rb") as file:
            file.seek(-len(_END), os.SEEK_END)
            if file.read() != _END:
                return None
        return sum(int(batch.num_rows) for batch in read_part(path))
    except (OSError, pa.ArrowInvalid):
        return None
