"""A process reads files into the same batches as this one, or reports an error and ends."""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from index_corpus import source

from corpus.walk import SourceFile
from index.builder import batch_reader, reader_pool
from index.builder.batch_reader import Chunk, batches, chunks
from index.builder.reader_pool import ReaderProcess, send_batches, serve
from index.ingest import worker
from index.ingest.batch import Batch


@pytest.fixture
def files(tmp_path: Path) -> list[SourceFile]:
    """Files of more batches than are queued."""
    text = "".join(f"river{n % 100} bank{n % 999} 강물이\n" for n in range(9_000))
    return [source(tmp_path, f"{n}.txt", text) for n in range(60)]


def reader(*chunks: Chunk, ahead: int = 64) -> ReaderProcess:
    """Return a process that reads some chunks."""
    given = [(chunk, not number) for number, chunk in enumerate(chunks)]
    return ReaderProcess(3, iter([*given, None]).__next__, ahead=ahead)


def requests(*chunks: Chunk) -> io.BytesIO:
    """Return the requests for chunks, pickled."""
    given = [(chunk, not number) for number, chunk in enumerate(chunks)]
    return io.BytesIO(b"".join(map(pickle.dumps, [*given, None])))


def parts(some: Iterator[Batch]) -> list[object]:
    """Return the comparable columns of batches."""
    return [
        (batch.starts_anew, batch.files, batch.words, batch.bodies.numbers.tolist(), batch.passages)
        for batch in some
    ]


def test_a_process_sends_what_is_read_here(files: list[SourceFile]) -> None:
    runs = chunks(files[:3])
    with closing(reader(*runs)) as process:
        sent = [batch for _ in runs for batch in process.batches()]
    assert parts(iter(sent)) == parts(batches(files[:3]))
    assert {batch.reader for batch in sent} == {3}


def test_chunks_are_sent_one_behind_the_other_and_words_go_on(files: list[SourceFile]) -> None:
    with closing(reader(files[:1], files[1:2])) as process:
        first, second = list(process.batches()), list(process.batches())
        assert process._child.wait() == 0
    assert [batch.starts_anew for batch in first + second] == [True] + [False] * len(
        first[1:] + second
    )
    assert [len(batch.files) for batch in second] == [1]
    assert [batch.words for batch in second] == [["1"]]  # its title is all that is new


def test_a_file_that_vanished_is_a_problem_there_too(files: list[SourceFile]) -> None:
    os.remove(files[1].path)
    with closing(reader(files[:3])) as process:
        problems = [file.problems for batch in process.batches() for file in batch.files]
    assert [[problem.reason for problem in some] for some in problems] == [
        [],
        ["was removed before it was read"],
        [],
    ]


def test_a_process_waits_while_nothing_is_taken_from_it(files: list[SourceFile]) -> None:
    with closing(reader(files, ahead=2)) as process:
        while not process._received.full():
            time.sleep(0.01)
        time.sleep(0.2)  # long enough for all files to be read, if nothing stopped them
        assert process._child.poll() is None
        assert process._received.qsize() == 2
        assert len(parts(process.batches())) > 5
        assert process._child.wait() == 0


@pytest.mark.parametrize("batches_taken", [0, 1])
def test_a_process_that_is_killed_is_an_error(files: list[SourceFile], batches_taken: int) -> None:
    with closing(reader(files, ahead=1)) as process:
        taken = process.batches()
        for _ in range(batches_taken):
            next(taken)
        process._child.kill()
        with pytest.raises(ChildProcessError, match="files was terminated"):
            list(taken)


def test_a_process_is_closed_in_the_midst_of_its_work(files: list[SourceFile]) -> None:
    process = reader(files, ahead=1)
    next(process.batches())
    process.close()
    process.close()
    assert process._child.poll() is not None
    assert not process._thread.is_alive()


@pytest.mark.skipif(not hasattr(os, "kill"), reason="needs signals")
def test_an_interrupt_is_left_to_the_parent(files: list[SourceFile]) -> None:
    with closing(reader(files)) as process:
        taken = process.batches()
        first = next(taken)
        process._child.send_signal(signal.SIGINT)
        assert sum(len(batch.files) for batch in taken) + len(first.files) == len(files)


def test_a_process_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.sys, "executable", "/no/such/python")
    with pytest.raises(OSError, match="No such file"):
        reader([])


def received(out: io.BytesIO) -> list[object]:
    out.seek(0)
    messages: list[object] = []
    while out.tell() < len(out.getvalue()):
        messages.append(pickle.load(out))
    return messages


def test_batches_are_sent_one_by_one_and_none_behind_each_chunk(files: list[SourceFile]) -> None:
    out = io.BytesIO()
    send_batches(requests(files[:4], files[4:5]), out)
    *sent, last = received(out)
    assert last is None
    first, second = sent[: sent.index(None)], sent[sent.index(None) + 1 :]
    assert len(first) > len(second) > 0
    assert all(isinstance(batch, Batch) for batch in first + second)


@pytest.mark.parametrize(
    ("error", "kind"),
    [(MemoryError("too much"), MemoryError), (LookupError("odd"), RuntimeError)],
)
def test_an_error_is_sent_in_place_of_a_batch(
    files: list[SourceFile],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    kind: type[Exception],
) -> None:
    def read(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(batch_reader, "read", read)
    out = io.BytesIO()
    send_batches(requests(files[:1]), out)
    (sent,) = received(out)
    assert isinstance(sent, kind)
    assert str(error) in str(sent)


FAILING = (
    "import pickle, sys; pickle.load(sys.stdin.buffer); "
    "pickle.dump(MemoryError('too much'), sys.stdout.buffer)"
)


def test_an_error_that_was_sent_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(work: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", FAILING]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(reader_pool, "start_process", failing)
    with closing(reader([])) as process, pytest.raises(MemoryError, match="too much"):
        list(process.batches())


def test_nobody_waiting_for_more_is_no_error(files: list[SourceFile]) -> None:
    class Closed(io.BytesIO):
        def write(self, data: object) -> int:
            raise BrokenPipeError

    send_batches(requests(files[:1]), Closed())


def test_what_is_printed_does_not_come_among_the_batches(
    files: list[SourceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored: list[object] = []
    monkeypatch.setattr(signal, "signal", lambda *rule: ignored.append(rule))
    question, sent, said = (tmp_path / name for name in ("question", "sent", "said"))
    question.write_bytes(requests(files[:1]).getvalue())
    with question.open() as stdin, sent.open("w") as stdout, said.open("w") as stderr:
        for name, file in (("stdin", stdin), ("stdout", stdout), ("stderr", stderr)):
            monkeypatch.setattr(sys, name, file)
        serve()
        print("aside", file=stdout, flush=True)
    assert ignored == [(signal.SIGINT, signal.SIG_IGN)]
    *_, last = received(io.BytesIO(sent.read_bytes()))
    assert last is None
    assert said.read_text() == "aside\n"
