"""Reading ahead changes when batches are read, and nothing else."""

from __future__ import annotations

import threading
from contextlib import closing

import pyarrow as pa
import pytest

from sladd.sources.database.ahead import read_ahead
from sladd.sources.database.columnar import with_dictionaries

WAIT_S = 10  # far longer than anything here takes


class Numbers:
    """A source that notes how far it was read, and where it was opened and closed."""

    def __init__(self, count: int, error: BaseException | None = None) -> None:
        self.count, self.error = count, error
        self.given = 0
        self.reached: dict[int, threading.Event] = {n: threading.Event() for n in range(count + 1)}
        self.opened: int | None = None
        self.closed: int | None = None

    def __call__(self):
        self.opened = threading.get_ident()
        try:
            for number in range(self.count):
                self.given += 1
                self.reached[number].set()
                yield number
            if self.error is not None:
                raise self.error
        finally:
            self.closed = threading.get_ident()


def alive() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "read-ahead" in thread.name]


@pytest.mark.parametrize("count", [0, 1, 2, 50])
@pytest.mark.parametrize("depth", [1, 2, 7])
def test_everything_comes_in_order(count, depth):
    """Batches are neither lost nor doubled nor exchanged, and the thread is gone afterwards."""
    source = Numbers(count)
    assert list(read_ahead(source, depth)) == list(range(count))
    assert source.opened == source.closed != threading.get_ident()
    assert not alive()


def test_the_next_batches_are_read_while_one_is_worked_on():
    """Two wait, and no third: memory stays bounded."""
    source = Numbers(50)
    with closing(read_ahead(source, 2)) as batches:
        assert next(batches) == 0
        assert source.reached[2].wait(WAIT_S)
        assert not source.reached[3].wait(0.05)
        assert next(batches) == 1
        assert source.reached[3].wait(WAIT_S)


def test_small_batches_wait_in_greater_number():
    """As long as all of them together are smaller than what is spared for them."""
    read: list[int] = []
    third, sixth = threading.Event(), threading.Event()

    def batches():
        for number in range(50):
            read.append(number)
            (third if number == 3 else sixth if number == 5 else threading.Event()).set()
            yield pa.record_batch({"n": pa.array(range(100), pa.int64())})

    with closing(read_ahead(batches, 1, spare=2_401)) as ahead:  # 800 bytes each
        next(ahead)
        # One is handed over, and four wait: before the fourth came there was room.
        assert third.wait(WAIT_S)
        assert not sixth.wait(0.05)
        assert read == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("error", [ValueError("a"), KeyboardInterrupt(), StopIteration()])
def test_an_error_comes_where_the_batch_would_have_come(error):
    """What was read before it is handed over first; a stop inside the source is an error too."""
    found = []
    with pytest.raises(RuntimeError if isinstance(error, StopIteration) else type(error)):
        found.extend(number for number in read_ahead(Numbers(3, error)))
    source = read_ahead(Numbers(3, error))
    assert [next(source) for _ in range(3)] == [0, 1, 2]
    source.close()
    assert not alive()


@pytest.mark.parametrize("taken", [1, 2, 5])
def test_closing_early_closes_the_source_in_its_own_thread(taken):
    """A connection is free again as soon as nobody wants the rest."""
    source = Numbers(50)
    batches = read_ahead(source, 2)
    for _ in range(taken):
        next(batches)
    batches.close()
    assert source.closed == source.opened
    assert source.given <= taken + 2
    assert not alive()


def test_an_interrupt_in_the_work_leaves_nothing_behind():
    """Ctrl-C while a batch is worked on neither hangs nor leaves the source open."""
    source = Numbers(50)

    def work() -> None:
        for _ in read_ahead(source):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    assert source.closed == source.opened
    assert not alive()


def test_a_source_that_cannot_be_opened_is_told():
    """The reason arrives with the first batch that was asked for."""

    def opened():
        raise OSError("closed")

    with pytest.raises(OSError, match="closed"):
        list(read_ahead(opened))
    assert not alive()


def test_texts_that_repeat_become_dictionaries_by_the_first_batch():
    """Of the columns that were asked for, and all batches alike."""

    def batches():
        for n in range(2):
            city = pa.array(["Oslo", "Oslo", None, "Bergen"] if n == 0 else list("abcd"))
            yield pa.record_batch(
                {"city": city, "name": pa.array(list("wxyz")), "other": city, "n": [1, 1, 1, 1]}
            )

    read = list(with_dictionaries(batches(), frozenset({"city", "name", "n"})))
    assert [str(f.type)[:10] for f in read[0].schema] == ["dictionary", "string", "string", "int64"]
    assert read[0].schema == read[1].schema
    assert [b.column("city").to_pylist() for b in read] == [
        ["Oslo", "Oslo", None, "Bergen"], list("abcd")
    ]  # fmt: skip
