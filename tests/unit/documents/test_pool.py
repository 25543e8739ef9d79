"""The children: a document that ends, hangs or floods its reader costs nothing but itself."""

from __future__ import annotations

import gzip
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from data.samples.generator.pages import pdf
from sladd.errors import SourceError
from sladd.sources.documents.ahead import read_files
from sladd.sources.documents.pool import Child, Gone, Pool
from sladd.sources.files.entry import FileEntry
from sladd.sources.files.listing import find_files


def entries(folder: Path) -> dict[str, FileEntry]:
    files, _ = find_files("x", [str(folder / "**/*")], folder, lambda _: False)
    return {file.path.rsplit("/", 1)[-1]: file for file in files}


def read(pool: Pool, file: FileEntry) -> list[dict]:
    return [row for rows in pool.read(file) for row in rows]


@pytest.fixture
def pool():
    with Pool(1, stall_s=20) as made:
        yield made


def test_one_child_reads_many_documents(pool, tmp_path):
    """It is started once."""
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text(f"Øy {number}")
    for name, file in entries(tmp_path).items():
        assert read(pool, file)[1]["text"] == f"Øy {name.removesuffix('.txt')}"
    assert len(pool._all) == 1


def test_the_child_has_no_environment_and_writes_no_file(tmp_path):
    """Passwords stand in the environment; files would be left behind."""
    os.environ["SLADD_TEST_SECRET"] = "passord-7731"
    child = Child(stall_s=20)
    try:
        (tmp_path / "a.txt").write_text("x")
        with (tmp_path / "a.txt").open("rb") as stream:
            list(child.read(stream, "a.txt", 1))
        place = Path(f"/proc/{child.pid}")
        assert b"passord" not in (place / "environ").read_bytes()
        limits = (place / "limits").read_text()
        assert "Max file size             0" in limits
        assert "Max core file size        0" in limits
        assert (place / "cwd").resolve() == Path("/")
    finally:
        del os.environ["SLADD_TEST_SECRET"]
        child.kill()


def test_a_child_that_dies_is_replaced(pool, tmp_path):
    """The document is told, the next one is read by another child."""
    (tmp_path / "big.txt").write_text("Kari\n" * 3_000_000)
    (tmp_path / "next.txt").write_text("etter")
    files = entries(tmp_path)
    found = []
    for rows in pool.read(files["big.txt"]):
        found += rows
        for child in pool._all:
            child._process.send_signal(signal.SIGKILL)
    assert found[-1] == {"trouble": "killed"}
    assert read(pool, files["next.txt"])[1]["text"] == "etter"


def test_a_child_that_hangs_is_ended(tmp_path):
    """It says nothing for as long as it may, and then it is ended."""
    (tmp_path / "a.txt").write_text("x")
    child = Child(stall_s=0.5)
    os.kill(child.pid, signal.SIGSTOP)
    began = time.monotonic()
    with (tmp_path / "a.txt").open("rb") as stream, pytest.raises(Gone) as gone:
        list(child.read(stream, "a.txt", 1))
    assert gone.value.what == "slow"
    assert time.monotonic() - began < 60
    assert child._process.poll() is not None


def test_processor_time_is_bounded(pool, tmp_path, monkeypatch):
    """A page that nests a hundred thousand deep takes minutes; it gets a second."""
    code = (
        f"import sys; sys.path[:] = {[p for p in sys.path if p]!r}\n"
        "from sladd.sources.documents import limits; limits.MAX_CPU_S = 1\n"
        "from sladd.sources.documents.child import main; main(int(sys.argv[2]))"
    )
    monkeypatch.setattr("sladd.sources.documents.pool._START", code)
    (tmp_path / "deep.html").write_text("<html><body>" + "<div>" * 200_000)
    (tmp_path / "next.txt").write_text("etter")
    files = entries(tmp_path)
    began = time.monotonic()
    assert read(pool, files["deep.html"])[-1] == {"trouble": "slow"}
    assert time.monotonic() - began < 60
    assert read(pool, files["next.txt"])[1]["text"] == "etter"


def test_memory_is_bounded(pool, tmp_path):
    """A PDF that unpacks a page to 640 megabytes is told; the next document is read."""
    import zlib

    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b" " * (64 << 20)) for _ in range(10)) + packer.flush()
    page = pdf([["x"]])
    old = page[page.index(b"<<  /Length") : page.index(b"endstream", page.index(b"<<  /Length"))]
    new = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(data) + data + b"\n"
    (tmp_path / "a.pdf").write_bytes(page.replace(old, new))
    (tmp_path / "b.txt").write_text("etter")
    files = entries(tmp_path)
    told = {row["trouble"] for row in read(pool, files["a.pdf"]) if "trouble" in row}
    assert told & {"memory", "killed", "page", "slow", "damaged"}
    assert read(pool, files["b.txt"])[1]["text"] == "etter"


def test_bombs_through_a_child(pool, tmp_path):
    """A gzip of spaces is stopped, and what was read of it is little."""
    (tmp_path / "a.gz").write_bytes(gzip.compress(b" " * (200 << 20), 9))
    assert read(pool, entries(tmp_path)["a.gz"])[-1]["trouble"] == "unpacks"


def test_a_reader_that_stops_half_way_leaves_nothing_for_the_next(pool, tmp_path):
    """What the child still had to say of the first document is not said of the second."""
    (tmp_path / "big.txt").write_text("Kari\n" * 2_000_000)
    (tmp_path / "next.txt").write_text("etter")
    files = entries(tmp_path)
    stream = pool.read(files["big.txt"])
    next(stream)
    stream.close()
    assert [row.get("text") for row in read(pool, files["next.txt"])] == [None, "etter"]


def test_files_that_cannot_be_opened_raise(pool, tmp_path):
    """Gone, or no file at all: a pipe is not waited for."""
    (tmp_path / "a.txt").write_text("x")
    os.mkfifo(tmp_path / "b.txt")
    files = entries(tmp_path)
    with pytest.raises(SourceError) as fault:
        read(pool, files["b.txt"])
    assert fault.value.code == 264
    (tmp_path / "a.txt").unlink()
    with pytest.raises(SourceError) as fault:
        read(pool, files["a.txt"])
    assert fault.value.code == 242


def test_several_are_read_at_a_time_and_come_in_order(tmp_path):
    """Large ones and small ones, in the order asked for; stopping early ends the threads."""
    for number in range(20):
        (tmp_path / f"{number:02}.txt").write_text(
            f"{number}\n" * (200_000 if number % 5 == 0 else 1)
        )
    files = list(entries(tmp_path).values())
    with Pool(2) as pool:
        seen = []
        for file, lots in read_files(pool, files):
            text = [row["text"] for rows in lots for row in rows if "text" in row]
            seen.append((file.relative, {line for part in text for line in part.split("\n")}))
        assert seen == [(f"{n:02}.txt", {str(n)}) for n in range(20)]
        stream = read_files(pool, files)
        _, lots = next(stream)
        next(lots)
        stream.close()


def test_files_from_elsewhere_leave_no_copy(pool, tmp_path, monkeypatch):
    """A document of an object store is copied without a name, and the copy is gone."""
    import fsspec

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store = fsspec.filesystem("memory")
    store.pipe("/mail/a.txt", "Øy".encode())
    files, _ = find_files("x", ["memory://mail/*.txt"], tmp_path, lambda _: False)
    assert read(pool, files[0])[1]["text"] == "Øy"
    assert list(tmp_path.iterdir()) == []
