"""Several processes read files into the same batches, in the same order, as one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from index_corpus import source

from corpus.walk import SourceFile
from index.builder import reader_pool
from index.builder.batch_reader import batches, chunks
from index.builder.reader_pool import ReaderPool
from index.ingest import worker
from index.ingest.batch import Batch


@pytest.fixture
def files(tmp_path: Path) -> list[SourceFile]:
    """Files that are several chunks."""
    text = "".join(f"river{n % 100} bank{n % 999} 강물이\n" for n in range(4_000))
    return [source(tmp_path, f"{n}.txt", f"the{n}\n{text}") for n in range(30)]


def stored(some: list[Batch]) -> list[object]:
    return [(batch.files, batch.paths, batch.passages, batch.documents) for batch in some]


@pytest.mark.parametrize("most", [1, 2, 5])
def test_any_number_of_processes_gives_the_same_batches(files: list[SourceFile], most: int) -> None:
    runs = chunks(files)
    assert len(runs) > 5
    with closing(ReaderPool(runs, most=most)) as some:
        assert len(some.processes) == most
        read = list(some.batches())
    assert stored(read) == stored(list(batches(files)))
    assert [batch.starts_anew for batch in read].count(True) == most
    assert {batch.reader for batch in read} == set(range(most))


def test_there_are_no_more_processes_than_chunks(files: list[SourceFile]) -> None:
    with closing(ReaderPool([files[:1], files[1:2]], most=4)) as some:
        assert len(some.processes) == 2
        assert len(list(some.batches())) > 1


def test_there_are_no_more_processes_than_processors(
    files: list[SourceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    with closing(ReaderPool(chunks(files))) as some:
        assert len(some.processes) == 1
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert reader_pool._cores() == 1


def test_one_process_is_enough_where_no_other_can_be_started(
    files: list[SourceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: Callable[..., Any] = worker.start_process
    left = [None]

    def once(work: Callable[[], None]) -> Any:  # noqa: ANN401 - what `start_process` gives
        if not left:
            raise OSError("no more processes")
        left.pop()
        return started(work)

    monkeypatch.setattr("index.builder.reader_pool.start_process", once)
    with closing(ReaderPool(chunks(files), most=3)) as some:
        assert len(some.processes) == 1
        assert stored(list(some.batches())) == stored(list(batches(files)))
    with pytest.raises(OSError, match="no more"):
        ReaderPool(chunks(files), most=3)


def test_of_a_process_that_is_killed_only_the_file_it_read_is_missing(
    files: list[SourceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "_AHEAD", 2)
    with closing(ReaderPool([[file] for file in files], most=2)) as some:
        read = some.batches()
        taken = [next(read)]
        while any(process._received.empty() for process in some.processes):
            time.sleep(0.01)  # one that has not started would be an error
        for process in some.processes:
            process._child.kill()
        taken += read
    catalogued = [file for batch in taken for file in batch.files]
    assert len(catalogued) == len(files)
    assert 1 <= sum(not file.was_read for file in catalogued) <= 2
    assert not any(process._thread.is_alive() for process in some.processes)


def test_processes_are_closed_in_the_midst_of_their_work(
    files: list[SourceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "_AHEAD", 2)
    some = ReaderPool([[file] for file in files], most=2)
    next(some.batches())
    some.close()
    assert all(process._child.poll() is not None for process in some.processes)
    assert not any(process._thread.is_alive() for process in some.processes)


def test_processes_that_were_started_end_where_the_next_fails_otherwise(
    files: list[SourceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[reader_pool.ReaderProcess] = []

    class Failing(reader_pool.ReaderProcess):
        def __init__(self, *given: Any, **options: Any) -> None:  # noqa: ANN401 - as they are
            if begun:
                raise RuntimeError("can't start new thread")
            super().__init__(*given, **options)
            begun.append(self)

    monkeypatch.setattr(reader_pool, "ReaderProcess", Failing)
    with pytest.raises(RuntimeError, match="new thread"):
        ReaderPool([[file] for file in files], most=2)
    assert begun[0]._child.poll() is not None
