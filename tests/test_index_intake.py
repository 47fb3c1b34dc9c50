"""Files become segments; a build that stops lets go of its thread and of Kiwi."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from index_corpus import PlainKorean, built, put, seen
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import analyzer

from corpus import Document, Problem
from corpus.folder import SourceFile
from index import intake, vocabulary
from index.analysis.kiwi_process import KoreanProcess
from index.analysis.lexicon import Analysis
from index.intake import Intake
from index.place import FOLDER
from index.segment.content import SegmentContent

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


def source(folder: Path, name: str, text: str) -> SourceFile:
    path = put(folder, name, text)
    status = path.stat()
    return SourceFile(path, name, status.st_size, status.st_mtime_ns)


def test_a_file_gives_its_documents_and_its_problems(tmp_path: Path) -> None:
    rows = source(tmp_path, "rows.jsonl", '{"text": "river"}\n{broken\n{"text": "bank"}\n')
    kept: list[SegmentContent] = []
    with Intake(analyzer(), kept.append) as files:
        catalogued = files.take(rows)
        assert files.passages == 2
        assert kept == []
        files.finish()
    assert [problem.line for problem in catalogued.problems] == [2]
    assert (catalogued.fingerprint.size, catalogued.fingerprint.modified) == (
        rows.size,
        rows.modified,
    )
    assert [stored["text"] for stored in kept[0].passages] == ["river", "bank"]


def test_a_document_without_passages_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, *, name: str) -> list[Document]:
        return [Document(id="1", path=name, title="river", text="  ", language="", line=7)]

    monkeypatch.setattr(intake, "read", read)
    kept: list[SegmentContent] = []
    with Intake(analyzer(), kept.append) as files:
        catalogued = files.take(source(tmp_path, "a.txt", "x"))
        files.finish()
    assert catalogued.problems == (Problem(path="a.txt", reason="has no text", line=7),)
    assert kept == []


class Failing(PlainKorean):
    """Kiwi that fails."""

    def analyse(self, keys: Sequence[str]) -> list[Analysis]:
        raise RuntimeError("out of luck")


def test_an_error_of_kiwi_stops_the_build_and_leaves_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    before = seen(tmp_path / FOLDER)
    put(tmp_path, "a.txt", "강물이 흐른다.")
    monkeypatch.setattr(vocabulary, "KoreanProcess", Failing)
    with pytest.raises(RuntimeError, match="out of luck"):
        built(tmp_path)
    assert seen(tmp_path / FOLDER) == before
    monkeypatch.setattr(vocabulary, "KoreanProcess", PlainKorean)
    assert built(tmp_path).new_words == 2


@pytest.mark.kiwi
def test_an_interrupted_build_leaves_no_thread_and_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes: list[KoreanProcess] = []

    class Watched(KoreanProcess):
        def analyse(self, keys: Sequence[str]) -> list[Analysis]:
            processes.append(self)
            return super().analyse(keys)

    monkeypatch.setattr(vocabulary, "KoreanProcess", Watched)
    put(tmp_path, "a.txt", "강물이 흐른다.")
    put(tmp_path, "b.txt", "바람이 분다.")
    assert built(tmp_path).new_words == 4
    put(tmp_path, "c.txt", "달빛이 비친다.")

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(intake.Inverter, "content", interrupt)
    with pytest.raises(KeyboardInterrupt):
        built(tmp_path)
    assert len(processes) == 2
    assert all(process._child is None for process in processes)
    for thread in threading.enumerate():
        if thread.name.startswith("kiwi"):
            thread.join()
    monkeypatch.undo()
    report = built(tmp_path)
    assert (report.added, report.new_words) == (1, 0)  # what Kiwi had done was kept
