"""The contract of sources, kept by documents.

A source of documents cannot hold the shop: its columns are its own. The contract is the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

from sladd.errors import SourceError
from sladd.model import Snapshot, Source, StorageType
from tests.conformance.shops import read_all

MAILS = 2_000


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """Mails in files, and many of them in one mailbox."""
    from sladd.sources.documents.source import DocumentsSource

    folder = tmp_path_factory.mktemp("mail")
    mails = [
        f"From: Ærlig Øst {i} <kunde{i}@example.no>\nTo: post@example.com\nSubject: Nr. {i}\n\n"
        f"50 % \"av\" 'alt' {i}\n"
        for i in range(MAILS)
    ]
    for number, mail in enumerate(mails[:50]):
        (folder / f"{number}.eml").write_text(mail)
    box = "".join(f"From a@example.no Thu Jan  1 00:00:00 2026\n{mail}\n" for mail in mails[50:])
    (folder / "resten.mbox").write_text(box)
    source = DocumentsSource("post", ["*.eml", "*.mbox"], root=folder)
    yield source
    source.close()


def test_documents_are_a_source(documents: Source) -> None:
    """The ports of the model are kept, and the columns are those of every documents table."""
    assert isinstance(documents, Source)
    with documents.snapshot() as snapshot:
        assert isinstance(snapshot, Snapshot)
    one, other = documents.tables()
    assert [f.ref.column for f in one.fields] == [f.ref.column for f in other.fields]
    assert one.column("date").type is StorageType.TIMESTAMP
    assert one.column("ordinal").type is StorageType.INTEGER
    assert documents.not_scanned == ()


def test_a_sample_of_documents_is_complete_or_random_and_repeats(documents: Source) -> None:
    """All of them, or as many as asked for, the same ones for a seed, from everywhere."""
    table = documents.tables()[1]
    whole = documents.sample(table, rows=0)
    assert (whole.drawn, whole.rows) == ("all", 2 * (MAILS - 50) + 1)  # and one for the mailbox
    drawn = [documents.sample(table, rows=300, seed=seed) for seed in (1, 1, 2)]
    assert [(s.drawn, s.rows) for s in drawn] == [("random_rows", 300)] * 3
    assert drawn[0].data.equals(drawn[1].data) and not drawn[0].data.equals(drawn[2].data)
    assert [field.ref.column for field in drawn[0].fields] == drawn[0].data.column_names
    asked = [int(text[4:]) for text in drawn[0].data["subject"].to_pylist() if text]
    assert min(asked) < MAILS * 0.1 and max(asked) > MAILS * 0.9


def test_partitions_of_documents_hold_every_row_once(documents: Source) -> None:
    """In the order of the documents, in batches of the size asked for; again in another view."""
    for table, mails in zip(documents.tables(), (50, MAILS - 50), strict=True):
        seen = []
        for _ in range(2):
            with documents.snapshot() as snapshot:
                parts = snapshot.partitions(table)
                batches = [b for p in parts for b in snapshot.batches(p, batch_rows=70)]
            assert all(batch.num_rows <= 70 for batch in batches)
            seen.append(pa.Table.from_batches(batches))
        assert seen[0].equals(seen[1])
        rows_wanted = 2 * mails + (mails > 50)  # the mailbox has a row for its own name
        assert seen[0].num_rows == rows_wanted
        keys = zip(seen[0]["document"].to_pylist(), seen[0]["ordinal"].to_pylist(), strict=True)
        assert len(set(keys)) == rows_wanted


def test_columns_and_conditions_of_documents(documents: Source) -> None:
    """Columns keep the order asked for; a condition selects; what is not there is one line."""
    table = documents.tables()[0]
    where = "\"from\" LIKE '%1@example.no' AND subject <> ':x'"
    with documents.snapshot() as snapshot:
        assert snapshot.count(table) == 100
        assert snapshot.count(table, where=where) == 5
        got = read_all(snapshot, table, columns=["text", "document"])
        assert got.column_names == ["text", "document"]
        assert got["text"].null_count == 50
        (part,) = snapshot.partitions(table)
        with pytest.raises(SourceError):
            list(snapshot.batches(part, columns=["nope"]))
        for bad in ("1=1) OR (1=1", "no_such_column = 1", ""):
            with pytest.raises(SourceError) as caught:
                snapshot.count(table, where=bad)
            assert "sladd.yaml" in str(caught.value) and "\n" not in str(caught.value)
