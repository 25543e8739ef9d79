"""Check a published release from its files alone, with the recognisers over its columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from sladd.model import Field, FieldRef, GateResult, How, Sample, StorageType, Table, TableRef


def verify(path: Path | str) -> GateResult:
    """Re-check a release: hashes, signature, schema, counts, joins, and a re-scan.

    Args:
        path: folder, or URL of an object store.

    Raises:
        GateError: the folder is no release (6xx).
        SourceError: the object store cannot be used (SLADD-291).
    """
    from sladd import gate
    from sladd.release import at_hand

    with at_hand(path) as folder:
        return gate.files(folder, rescan=rescanner())


class _Rescan:
    """Judges the columns of an output table as those of any source."""

    def __init__(self) -> None:
        from detectors import registry
        from detectors.columns import ScanOptions

        # The defaults, not the project's configuration: a release is checked from its files
        # alone, by whoever holds it.
        self._detectors = registry.build(("nb", "nn", "en"), countries=("NO",))
        self._options = ScanOptions(languages=("nb", "nn", "en"))

    def __call__(self, data: pa.Table, name: str) -> Sequence[tuple[str, str, str, float]]:
        from detectors.columns import scan_table

        ref = TableRef("release", name)
        fields = tuple(
            Field(FieldRef(ref, column.name), storage_of(column.type)) for column in data.schema
        )
        table = Table(ref, fields, rows=data.num_rows)
        sample = Sample(table, data, fields, drawn="block_sample", rows_total=data.num_rows)
        scan = scan_table(sample, detectors=self._detectors, options=self._options)
        found = [f.finding for f in scan.fields if f.finding.how in {How.IS, How.CONTAINS}]
        return [
            *((f.field.column, f.category, f.how.value, f.confidence) for f in found),
            *((f.field.column, also, "also", f.confidence) for f in found for also in f.also),
        ]


def rescanner() -> _Rescan:
    """Recognisers over an output table: (column, category, how, confidence) of what they find.

    `also` as the how of a category that a text holds beside its own.
    """
    return _Rescan()


def storage_of(kind: pa.DataType) -> StorageType:
    """The coarse type of an Arrow type."""
    if pa.types.is_dictionary(kind):
        return storage_of(kind.value_type)
    table = (
        (pa.types.is_boolean, StorageType.BOOLEAN),
        (pa.types.is_integer, StorageType.INTEGER),
        (pa.types.is_decimal, StorageType.DECIMAL),
        (pa.types.is_floating, StorageType.FLOAT),
        (pa.types.is_date, StorageType.DATE),
        (pa.types.is_timestamp, StorageType.TIMESTAMP),
        (pa.types.is_time, StorageType.TIME),
        (pa.types.is_string, StorageType.STRING),
        (pa.types.is_large_string, StorageType.STRING),
        (pa.types.is_binary, StorageType.BINARY),
        (pa.types.is_list, StorageType.LIST),
    )
    return next((storage for test, storage in table if test(kind)), StorageType.OTHER)
