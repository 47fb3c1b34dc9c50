"""A process reads files into the same batches as this one, or reports an error and ends."""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from io import BufferedReader
from pathlib import Path
from zipfile import ZipFile

import pytest
from index_corpus import source

from corpus import Document, Problem, changes
from corpus.readers import PLAINLY, ReadOptions
from corpus.readers.embedded import Begun
from corpus.walk import SourceFile
from index.builder import batch_reader, reader_pool
from index.builder.batch_reader import ALL, Chunk, batches, chunks
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
    given = [(chunk, not number, None, PLAINLY, ALL) for number, chunk in enumerate(chunks)]
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


DEADLY = "kills its reader"


def reading_until_killed() -> None:
    """Serve as the reader process does, but die of files with a certain text."""
    whole = changes.read_in_steps

    def read(
        file: BufferedReader,
        *,
        name: str,
        suffix: str,
        options: ReadOptions,
        refused: Mapping[str, str],
    ) -> Iterator[Document | Problem | Begun]:
        steps = whole(file, name=name, suffix=suffix, options=options, refused=refused)
        for number, found in enumerate(steps):
            if isinstance(found, Document) and DEADLY in found.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if isinstance(found, Document) and "raises" in found.text:
                raise LookupError("odd")
            if isinstance(found, Document) and "#" in name:
                found = found._replace(id=f"{found.id}-{number}")
            yield found

    changes.read_in_steps = read
    serve()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_a_file_that_kills_its_reader_is_a_problem_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "serve", reading_until_killed)
    texts = ["river", DEADLY, "bank", "storm", DEADLY, DEADLY, "court"]
    files = [source(tmp_path, f"{n}.txt", text) for n, text in enumerate(texts)]
    with closing(reader(files[:5], files[5:])) as process:
        batches = [batch for _ in range(2) for batch in process.batches()]
    catalogued = [file for batch in batches for file in batch.files]
    assert [file.was_read for file in catalogued] == [text != DEADLY for text in texts]
    assert [path for batch in batches for path in batch.paths] == [
        file.name for file, text in zip(files, texts, strict=True) if text != DEADLY
    ]
    assert [file.problems[0].passing for file in catalogued if file.problems] == [True] * 3
    assert "memory may have run out" in catalogued[1].problems[0].reason


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_a_file_that_kills_its_reader_in_its_midst_is_not_read_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "serve", reading_until_killed)
    words = " ".join(f"word{n}" for n in range(3_000))
    lines = "".join(json.dumps({"text": text}) + "\n" for text in (words, words, words, DEADLY))
    files = [source(tmp_path, "a.jsonl", lines), source(tmp_path, "b.txt", "bank")]
    with closing(reader(files)) as process:
        batches = list(process.batches())
    assert [path for batch in batches for path in batch.paths] == ["a.jsonl", "a.jsonl", "b.txt"]
    assert [file.was_read for batch in batches for file in batch.files] == [False, True]


LONG = " ".join(f"word{n}" for n in range(3_000))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
@pytest.mark.parametrize(
    "texts",
    [
        ["river", DEADLY, "bank"],
        [DEADLY],
        [LONG, LONG, LONG, DEADLY, LONG, "bank", DEADLY, DEADLY, LONG],
        ["river", [LONG, LONG, LONG, DEADLY, LONG], "bank", LONG, DEADLY, "court"],
    ],
    ids=["short", "deadly only", "sent in parts", "several documents in one"],
)
def test_a_file_inside_an_archive_that_kills_its_reader_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: Sequence[str | list[str]]
) -> None:
    monkeypatch.setattr(reader_pool, "serve", reading_until_killed)
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as archive:
        for number, text in enumerate(texts):
            rows = [text] if isinstance(text, str) else text
            lines = "".join(json.dumps({"id": f"{number}", "text": row}) + "\n" for row in rows)
            archive.writestr(f"{number}.jsonl", lines)
    size = path.stat().st_size
    files = [source(tmp_path, "b.txt", "storm"), SourceFile(path, "a.zip", size, 0)]
    files.append(source(tmp_path, "c.txt", "shore"))
    looking = ReadOptions(archives=True)
    more = iter([(files, True), None]).__next__
    with closing(ReaderProcess(0, more, ahead=64, options=looking)) as process:
        batches = list(process.batches())
    _, catalogued, _ = (file for batch in batches for file in batch.files)
    assert catalogued.was_read
    deadly = [f"{n}.jsonl" for n, text in enumerate(texts) if DEADLY in text]
    reasons = [problem.reason for problem in catalogued.problems]
    assert [reason.split()[2] for reason in reasons] == deadly
    assert all("ended the process that read it" in reason for reason in reasons)
    # A row that was read before another one killed the process may have been sent, or not.
    alive = sum(isinstance(text, str) and text != DEADLY for text in texts)
    paths = [path for batch in batches for path in batch.paths]
    assert (paths[0], paths[-1]) == ("b.txt", "c.txt")
    inner = [text for text in texts if isinstance(text, list)]
    assert alive <= paths.count("a.zip") <= alive + sum(row.index(DEADLY) for row in inner)


def test_an_error_outside_of_the_readers_is_the_problem_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "serve", reading_until_killed)
    texts = ["river", "raises", "bank"]
    files = [source(tmp_path, f"{n}.txt", text) for n, text in enumerate(texts)]
    with closing(reader(files)) as process:
        catalogued = [file for batch in process.batches() for file in batch.files]
    assert [file.was_read for file in catalogued] == [True, False, True]
    assert catalogued[1].problems[0].reason == "cannot be read: LookupError: odd"


def dying_at_once() -> None:
    """End before the process can read."""


def test_a_process_that_ends_before_it_reads_is_an_error(
    files: list[SourceFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "serve", dying_at_once)
    with (
        closing(reader(files)) as process,
        pytest.raises(ChildProcessError, match="files was terminated"),
    ):
        list(process.batches())


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
    ready, *sent, last = received(out)
    assert ready is last is None
    first, second = sent[: sent.index(None)], sent[sent.index(None) + 1 :]
    assert len(first) > len(second) > 0
    assert all(isinstance(batch, Batch) for batch in first + second)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError("too much"), "is too large for the available memory"),
        (LookupError("odd"), "cannot be read: LookupError: odd"),
    ],
)
def test_the_reason_is_sent_in_place_of_a_batch(
    files: list[SourceFile], monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(batch_reader, "split", fail)
    out = io.BytesIO()
    send_batches(requests(files[:1]), out)
    assert received(out) == [None, reason]


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
