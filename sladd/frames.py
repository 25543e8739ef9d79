"""The pandas surface: scan a frame, pseudonymise a frame, open a release.

For notebooks and spreadsheets; databases and files go through `sladd discover` and
`sladd publish`, which never hold a table in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from sladd.errors import ConfigError, GateError
from sladd.model import Field, FieldRef, How, Sample, Table, TableRef
from sladd.pipeline.verify import storage_of

if TYPE_CHECKING:
    from sladd.release import Manifest, Papers

LANGUAGES = ("nb", "nn", "en")


def scan(
    frame: pd.DataFrame, *, name: str = "frame", languages: Sequence[str] = LANGUAGES
) -> pd.DataFrame:
    """Judge every column of a frame.

    Args:
        frame: shape (rows, columns); not altered.
        name: what the table is called; it is evidence too (`produkter` holds no persons).
        languages: of headers and texts.

    Returns:
        One row a column: `column, how, type, category, confidence, evidence`. Never values.

    Example:
        >>> import pandas as pd
        >>> found = scan(pd.DataFrame({"epost": [f"kari{i}@example.no" for i in range(20)]}))
        >>> found.loc[0, "category"]
        'user.contact.email'
    """
    from detectors import engine, registry
    from detectors.columns import ScanOptions, scan_table
    from sladd.reports.words import evidence_text

    detectors = registry.build(languages, countries=("NO",))
    analyzer = engine.analyzer(detectors, languages, {})
    options = ScanOptions(
        languages=tuple(languages),
        text_spans=lambda texts: engine.spans(analyzer, texts, languages[0]),
    )
    sample = _sample(frame, name)
    found = scan_table(sample, detectors=detectors, options=options)
    rows = [
        {
            "column": ".".join((each.field.ref.column, *each.field.ref.path)),
            "how": each.finding.how.value,
            "type": each.finding.type,
            "category": each.finding.category,
            "confidence": each.finding.confidence if each.finding.how != How.NONE else 0.0,
            "evidence": "; ".join(evidence_text(e, "en") for e in each.finding.evidence),
        }
        for each in found.fields
    ]
    return pd.DataFrame(rows)


def pseudonymise(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | Sequence[str],
    *,
    key: str | Path,
    domain: str,
) -> pd.DataFrame:
    """A copy of a frame in which the named columns hold keyed pseudonyms.

    Equal to what `sladd publish` writes with the same key and domain, so that a
    spreadsheet joins a release.

    Args:
        frame: shape (rows, columns); not altered.
        columns: names, or name → category or entity (the key type). Names alone are judged
            by `scan` first.
        key: path of a key file (0600).
        domain: pseudonymisation domain, as in `sladd.yaml`.

    Returns:
        The same shape, index and order; null exactly where the frame is null.

    Raises:
        ConfigError: the frame has no such column (SLADD-150).
        KeyringError: the key cannot be used (4xx).
    """
    import transforms
    from sladd import canonical
    from sladd.config import KeyConfig
    from sladd.keyring import Keyring
    from transforms.contract import Context

    missing = [str(c) for c in columns if c not in frame.columns]
    if missing:
        raise ConfigError(
            f"the frame has no column {', '.join(missing)}", code=150, mend="see frame.columns"
        )
    if isinstance(columns, Mapping):
        kinds = {str(k): v for k, v in columns.items()}
    else:
        judged = scan(frame[list(columns)]).set_index("column")["category"].to_dict()
        kinds = {str(c): str(judged.get(str(c), "")) for c in columns}
    master = Keyring({"frame": KeyConfig(file=str(key))}, root=Path()).master("frame")
    transform = transforms.registry()["pseudonym"]
    out = frame.copy()
    for column, kind in kinds.items():
        # A category has rules of spelling; an entity's key is canonicalised by type only.
        category = not kind or kind.startswith(("user.", "organization."))
        values = pa.chunked_array([pa.array(frame[column], from_pandas=True)]).combine_chunks()
        context = Context(
            parameters={},
            storage=storage_of(values.type),
            as_of=date.today(),
            key=master.derive(domain, canonical.key_type_of(kind) if category else kind),
            canonical=canonical.type_of(kind) if category else "row_key",
        )
        made = transform.apply(values, context)
        out[column] = pd.Series(made, index=frame.index, dtype=pd.ArrowDtype(pa.string()))
    return out


class ReleaseFrames(Mapping[str, pd.DataFrame]):
    """The tables of a release as frames with Arrow types, read when asked for.

    Comments of columns stand in `frame.attrs["columns"]`, the label in `frame.attrs["label"]`.
    """

    def __init__(
        self, opened: Callable[[str], IO[bytes]], manifest: Manifest, papers: Papers
    ) -> None:
        self._open = opened
        self._papers = papers
        self.manifest = manifest

    @property
    def label(self) -> str:
        """What the release may be called today: an assessment ends at its review date."""
        from sladd.release import current_label

        return current_label(self._papers, datetime.now(UTC).date()).en

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = next((t for t in self.manifest.tables if t.name == name), None)
        if table is None:
            # A mapping's error, so that `in` and `get` work; it tells what there is.
            raise KeyError(f"the release has no table {name!r}; it has {', '.join(self)}")
        try:
            parts = [self._read(file.path) for file in table.files]
        except FileNotFoundError:
            raise GateError(
                "this version was replaced and is deleted",
                code=614,
                where=self.manifest.version,
                mend="open_release(…) opens the newest",
            ) from None
        frame: pd.DataFrame = pa.concat_tables(parts).to_pandas(types_mapper=pd.ArrowDtype)
        frame.attrs["label"] = self.label
        frame.attrs["columns"] = {
            column.name: {
                "category": column.category,
                "transform": column.transform,
                "parameters": dict(column.parameters),
            }
            for column in table.columns
        }
        return frame

    def _read(self, path: str) -> pa.Table:
        import pyarrow.parquet

        with self._open(path) as file:
            return pyarrow.parquet.read_table(file)

    def __iter__(self) -> Iterator[str]:
        return (table.name for table in self.manifest.tables)

    def __len__(self) -> int:
        return len(self.manifest.tables)

    def __repr__(self) -> str:
        return f"<release {self.manifest.release} {self.manifest.version}: {', '.join(self)}>"


def open_release(path: str | Path) -> ReleaseFrames:
    """Open a release: `open_release("releases/analytics")["orders"]`.

    Args:
        path: its folder, or the URL of an object store such as `s3://bucket/analytics`; from
            there a table is read when it is asked for.

    Raises:
        GateError: there is no release (6xx).
        SourceError: the object store cannot be used (SLADD-291).
    """
    from sladd.release import Papers, Store, is_url, papers_of, read_manifest, resolve

    if is_url(path):
        store = Store(str(path))
        version = store.version()
        return ReleaseFrames(
            lambda name: store.open(f"{version}/{name}".lstrip("/")),
            store.manifest(version),
            papers_of(path),
        )
    folder = resolve(path)
    return ReleaseFrames(
        lambda name: (folder / name).open("rb"), read_manifest(folder), Papers.of(folder)
    )


def _sample(frame: pd.DataFrame, name: str) -> Sample:
    data = pa.Table.from_pandas(
        frame.rename(columns=str).convert_dtypes(dtype_backend="pyarrow"), preserve_index=False
    )
    ref = TableRef("frame", name)
    fields = tuple(Field(FieldRef(ref, c.name), storage_of(c.type)) for c in data.schema)
    table = Table(ref, fields, rows=data.num_rows, rows_exact=True)
    return Sample(table, data, fields, drawn="all", rows_total=data.num_rows)
