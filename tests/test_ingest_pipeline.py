"""Files become segments, read here or in a process; a build that stops ends its processes."""

from __future__ import annotations

import gc
import random
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from index_corpus import PlainKorean, built, put, put_all, seen, some_files, source
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import analyzer, assert_same_content, unpacked, whole

from corpus import Problem
from corpus.document import State
from corpus.readers import ReadOptions
from corpus.walk import SourceFile
from index.analysis.analyzer import Analyzer
from index.analysis.lexicon import Analysis, Lexicon
from index.builder import batch_reader, reader_pool
from index.builder.batch_reader import Chunk
from index.builder.read_limits import ReadLimits
from index.builder.reader_pool import ReaderProcess, batches_of
from index.directory.catalogue import CataloguedFile
from index.directory.location import FOLDER
from index.ingest import ingest_pipeline, worker, writable_analyzer
from index.ingest.ingest_pipeline import IngestPipeline
from index.ingest.kiwi_process import KoreanProcess
from index.segment.content import SegmentContent

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


def some_sources(folder: Path, count: int) -> list[SourceFile]:
    """Return files of several kinds, one of them of many rows and one of problems only."""
    files = {**some_files(random.Random(count), count), "k.txt": "강물이 흐른다.\n\n바람이 분다."}
    files["rows.jsonl"] = "\n".join(f'{{"id": "{n}", "text": "river {n}"}}' for n in range(200))
    files["z.txt"] = ""
    return [source(folder, name, text) for name, text in files.items()]


def taken(files: Sequence[SourceFile]) -> tuple[list[CataloguedFile], list[SegmentContent]]:
    """Return the catalogued files and the segments of a pipeline."""
    kept: list[SegmentContent] = []
    knower = Analyzer(Lexicon(), PlainKorean())
    with closing(IngestPipeline(knower, lambda content: kept.append(whole(content)))) as pipeline:
        catalogued = take(pipeline, files)
        pipeline.finish()
        assert pipeline.passages == sum(len(list(content.passages)) for content in kept)
    return catalogued, kept


def take(pipeline: IngestPipeline, files: Sequence[SourceFile]) -> list[CataloguedFile]:
    """Add the batches of files; return the files as catalogued."""
    catalogued: list[CataloguedFile] = []
    with batches_of(files) as batches:
        for batch in batches:
            pipeline.add(batch)
            catalogued += batch.files
    return catalogued


def test_the_collector_is_as_it_was_when_the_reading_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    with batches_of([]):
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before
    monkeypatch.setattr(gc, "get_threshold", lambda: (0, 10, 10))  # somebody has turned it off
    set_to: list[tuple[int, ...]] = []
    monkeypatch.setattr(gc, "set_threshold", lambda *thresholds: set_to.append(thresholds))
    with batches_of([]):
        assert set_to == [(0, 10, 10)]


def test_a_file_gives_its_documents_and_its_problems(tmp_path: Path) -> None:
    rows = source(tmp_path, "rows.jsonl", '{"text": "river"}\n{broken\n{"text": "bank"}\n')
    kept: list[SegmentContent] = []
    with closing(IngestPipeline(analyzer(), kept.append)) as pipeline:
        (catalogued,) = take(pipeline, [rows])
        assert pipeline.passages == 2
        assert kept == []
        pipeline.finish()
    assert [problem.line for problem in catalogued.problems] == [2]
    assert (catalogued.fingerprint.size, catalogued.fingerprint.modified) == (
        rows.size,
        rows.modified,
    )
    assert [stored["text"] for stored in unpacked(kept[0].passages)] == ["river", "bank"]


def test_a_document_without_passages_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_reader, "split", lambda document: [])
    (catalogued,), kept = taken([source(tmp_path, "a.txt", "x")])
    problem = Problem(path="a.txt", reason="has no text", line=1, state=State.NO_TEXT)
    assert catalogued.problems == (problem,)
    assert kept == []


@pytest.mark.parametrize("segment", [4_000_000, 100])
def test_a_process_and_none_give_the_same_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, segment: int
) -> None:
    files = some_sources(tmp_path, 120)
    monkeypatch.setattr(ingest_pipeline, "_SEGMENT_WORDS", segment)
    here, one = taken(files)
    monkeypatch.setattr(reader_pool, "_WORTH_A_PROCESS", 0)
    there, other = taken(files)
    assert there == here
    assert [bool(file.problems) for file in here] == [file.name == "z.txt" for file in files]
    assert len(one) == len(other)
    assert (len(one) > 1) == (segment == 100)
    for mine, theirs in zip(one, other, strict=True):
        assert_same_content(mine, theirs)


def test_files_are_read_here_where_no_process_can_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = some_sources(tmp_path, 3)
    here, _ = taken(files)
    monkeypatch.setattr(reader_pool, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(worker.sys, "executable", "/no/such/python")
    assert taken(files)[0] == here


def test_what_was_taken_in_twice_is_one_segment(tmp_path: Path) -> None:
    files = some_sources(tmp_path, 3)
    kept: list[SegmentContent] = []
    knower = Analyzer(Lexicon(), PlainKorean())
    with closing(IngestPipeline(knower, lambda one: kept.append(whole(one)))) as twice:
        for some in (files[:2], files[2:]):
            take(twice, some)
        twice.finish()
    (one,) = kept
    paths = [record["path"] for record in unpacked(one.documents)]
    assert list(dict.fromkeys(paths)) == [file.name for file in files if file.name != "z.txt"]


@pytest.mark.parametrize("limit", ["_SEGMENT_PASSAGES", "_SEGMENT_DISTINCT_WORDS"])
def test_many_passages_or_words_are_several_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    files = some_sources(tmp_path, 120)
    monkeypatch.setattr(batch_reader, "_FIRST_BATCH", 100)
    monkeypatch.setattr(batch_reader, "_BATCH_WORDS", 100)
    monkeypatch.setattr(ingest_pipeline, limit, 150)
    _, kept = taken(files)
    assert len(kept) > 1


def test_a_reading_process_that_is_killed_stops_the_build_and_leaves_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    before = seen(tmp_path / FOLDER)
    put_all(tmp_path, some_files(random.Random(1), 30))
    monkeypatch.setattr(reader_pool, "_WORTH_A_PROCESS", 0)
    killed = reader_pool.ReaderPool

    def killing(
        chunks: Sequence[Chunk], *, limits: ReadLimits, options: ReadOptions
    ) -> reader_pool.ReaderPool:
        readers = killed(chunks, limits=limits, options=options)
        readers.processes[0]._child.kill()
        return readers

    with monkeypatch.context() as patch:
        patch.setattr(reader_pool, "ReaderPool", killing)
        with pytest.raises(ChildProcessError, match="files was terminated"):
            built(tmp_path)
    assert seen(tmp_path / FOLDER) == before
    assert built(tmp_path).added == 30


def test_a_problem_stops_a_strict_build_and_the_process_that_reads_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes: list[ReaderProcess] = []

    class Watched(reader_pool.ReaderPool):
        def __init__(
            self, chunks: Sequence[Chunk], *, limits: ReadLimits, options: ReadOptions
        ) -> None:
            alone = [[file] for chunk in chunks for file in chunk]
            super().__init__(alone, most=3, limits=limits, options=options)
            processes.extend(self.processes)

    monkeypatch.setattr(reader_pool, "ReaderPool", Watched)
    monkeypatch.setattr(reader_pool, "_WORTH_A_PROCESS", 0)
    put_all(tmp_path, {"a.txt": "river", "b.txt": "", "c.txt": "bank"})
    with pytest.raises(Exception, match=r"b\.txt: is empty"):
        built(tmp_path, strict=True)
    assert len(processes) == 3
    for process in processes:
        assert process._child.poll() is not None
        assert not process._thread.is_alive()


class Failing(PlainKorean):
    """Kiwi that fails."""

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        raise RuntimeError("out of luck")


def test_an_error_of_kiwi_stops_the_build_and_leaves_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    before = seen(tmp_path / FOLDER)
    put(tmp_path, "a.txt", "강물이 흐른다.")
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", Failing)
    with pytest.raises(RuntimeError, match="out of luck"):
        built(tmp_path)
    assert seen(tmp_path / FOLDER) == before
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
    assert built(tmp_path).new_words == 2


@pytest.mark.kiwi
def test_an_interrupted_build_leaves_no_thread_and_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes: list[KoreanProcess] = []

    class Watched(KoreanProcess):
        def close(self) -> None:
            processes.append(self)
            assert self._child is not None
            super().close()

    monkeypatch.setattr(writable_analyzer, "KoreanProcess", Watched)
    monkeypatch.setattr(reader_pool, "_WORTH_A_PROCESS", 0)
    put(tmp_path, "a.txt", "강물이 흐른다.")
    put(tmp_path, "b.txt", "바람이 분다.")
    assert built(tmp_path).new_words == 6  # with 강물 and 바람
    put(tmp_path, "c.txt", "달빛이 비친다.")

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ingest_pipeline.SegmentBuffer, "content", interrupt)
    with pytest.raises(KeyboardInterrupt):
        built(tmp_path)
    assert len(processes) == 2
    assert all(process._child is None for process in processes)
    for thread in threading.enumerate():
        if thread.name.startswith("kiwi"):
            thread.join()
    assert not any(thread.name == "reader" for thread in threading.enumerate())
    monkeypatch.undo()
    report = built(tmp_path)
    assert (report.added, report.new_words) == (1, 0)  # what Kiwi had done was kept
