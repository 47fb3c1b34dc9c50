"""Which folders and files a build reads, and what it does when some cannot be read."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pytest
from index_corpus import (
    built,
    counts,
    paths,
    put,
    seen,
    seen_afresh,
)
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus import Document, Problem, changes
from corpus.document import State
from corpus.errors import CorpusError
from corpus.readers import json as json_reader
from corpus.text_file import open_regular
from index.builder import batch_reader
from index.builder.build import build
from index.directory.catalogue import Catalogue
from index.directory.directory_writer import DirectoryWriter
from index.directory.location import FOLDER
from index.health import health
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


def test_a_build_without_roots_reads_those_of_earlier_builds(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    put(one, "a.txt", "river")
    put(two, "b.txt", "bank")
    index = tmp_path / FOLDER
    assert counts(build(index, [one])) == (1, 0, 0, 0)
    assert counts(build(index, [two])) == (1, 0, 0, 0)
    put(one, "c.txt", "court")
    (two / "b.txt").unlink()
    assert counts(build(index)) == (1, 0, 1, 1)
    assert paths(index) == ["one/a.txt", "one/c.txt"]
    assert counts(build(index, rebuild=True)) == (2, 0, 0, 0)


def test_the_first_build_needs_a_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CorpusError, match="no folder was given") as caught:
        build(tmp_path / FOLDER)
    assert "chaja build FOLDER" in caught.value.hint


def test_an_index_that_knows_no_roots_asks_for_one(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    store = DirectoryWriter.open(tmp_path / FOLDER)
    store.commit(store.segments, Catalogue(store.catalogue().files), built="now")
    with pytest.raises(CorpusError, match="no folder was given"):
        build(tmp_path / FOLDER)


def test_a_root_leaves_alone_files_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "docs/a.txt", "river")
    put(tmp_path, "docs2/b.txt", "bank")
    index = tmp_path / FOLDER
    build(index, [tmp_path / "docs", tmp_path / "docs2"])
    (tmp_path / "docs2" / "b.txt").unlink()
    assert counts(build(index, [tmp_path / "docs"])) == (0, 0, 0, 1)
    assert paths(index) == ["docs/a.txt", "docs2/b.txt"]
    assert counts(build(index, [tmp_path / "docs2"])) == (0, 0, 1, 0)


def test_the_folder_of_the_index_leaves_alone_files_outside(tmp_path: Path) -> None:
    put(tmp_path, "far/a.txt", "river")
    put(tmp_path, "near/b.txt", "bank")
    index = tmp_path / "near" / FOLDER
    build(index, [tmp_path / "far"])
    assert counts(build(index, [tmp_path / "near"])) == (1, 0, 0, 0)
    assert paths(index) == ["../far/a.txt", "b.txt"]


def test_an_index_may_stand_below_its_documents(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "sub/b.txt", "bank")
    put(tmp_path, "other/c.txt", "court")
    index = tmp_path / "sub" / FOLDER
    build(index, [tmp_path])
    assert counts(build(index, [tmp_path])) == (0, 0, 0, 3)
    (tmp_path / "sub" / "b.txt").unlink()
    (tmp_path / "other" / "c.txt").unlink()
    assert counts(build(index)) == (0, 0, 2, 1)
    assert paths(index) == ["../a.txt"]


def test_a_file_may_be_a_root(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "b.txt", "bank")
    index = tmp_path / FOLDER
    build(index, [tmp_path / "a.txt"])
    put(tmp_path, "a.txt", "court")
    assert counts(build(index)) == (0, 1, 0, 0)
    assert paths(index) == ["a.txt"]


@pytest.mark.parametrize("named", [True, False])
def test_a_root_that_has_vanished_stops_the_build_and_removes_nothing(
    tmp_path: Path, named: bool
) -> None:
    put(tmp_path, "docs/a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path / "docs"])
    (tmp_path / "docs").rename(tmp_path / "gone")
    said = (
        "docs: no such file or folder"
        if named
        else "docs: was indexed by an earlier build and no longer exists"
    )
    with pytest.raises(CorpusError, match=said):
        build(index, [tmp_path / "docs"] if named else ())
    assert paths(index) == ["docs/a.txt"]


def test_a_missing_root_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        build(tmp_path / FOLDER, [tmp_path / "missing"])
    assert not (tmp_path / FOLDER).exists()


def test_documents_of_a_folder_that_cannot_be_read_now_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "locked/b.txt", "bank")
    put(tmp_path, "locked2/c.txt", "court")
    built(tmp_path)
    (tmp_path / "locked2" / "c.txt").unlink()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    report = built(tmp_path)
    assert counts(report) == (0, 0, 1, 1)
    assert [problem.path for problem in report.problems] == ["locked"]
    assert paths(tmp_path / FOLDER) == ["a.txt", "locked/b.txt"]


def test_a_file_that_is_too_large_is_not_read_and_its_documents_stay(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "b.txt", "bank")
    built(tmp_path)
    put(tmp_path, "a.txt", "river " * 99)
    put(tmp_path, "c.txt", "storm " * 99)
    for _ in range(2):
        report = build(tmp_path / FOLDER, [tmp_path], max_file_size=100)
        assert (counts(report), report.unreadable) == ((0, 0, 0, 1), 2)
        assert sorted(problem.path for problem in report.problems) == ["a.txt", "c.txt"]
        assert "100 bytes (--max-file-size)" in report.problems[0].reason
        assert paths(tmp_path / FOLDER) == ["a.txt", "b.txt"]
    assert {(file.path, file.state) for file in health(tmp_path / FOLDER).files} == {
        ("a.txt", State.TOO_LARGE),
        ("c.txt", State.TOO_LARGE),
    }
    assert counts(built(tmp_path)) == (0, 2, 0, 1)
    assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)


@pytest.mark.parametrize("folder", ["", "sub/"])
def test_documents_stay_while_an_ignore_file_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    put(tmp_path, f"{folder}a.txt", "river")
    put(tmp_path, f"{folder}secret.txt", "bank")
    put(tmp_path, f"{folder}.chajaignore", "secret.txt")
    put(tmp_path, "other/b.txt", "storm")
    built(tmp_path)
    before = paths(tmp_path / FOLDER)
    opened = os.open

    def failing(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith(".chajaignore") and os.path.exists(path):
            raise OSError(errno.EIO, "Input/output error")
        return opened(path, flags, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", failing)
        report = built(tmp_path)
    assert (counts(report)[2], report.postponed) == (0, 1)
    assert paths(tmp_path / FOLDER) == before == sorted([f"{folder}a.txt", "other/b.txt"])


def hits(index: Path, word: str) -> int:
    """Return the number of passages that have a word."""
    with Searcher.open(index) as searcher:
        return len(searcher.search(f"+{word}", limit=99))


def failing(monkeypatch: pytest.MonkeyPatch, names: Collection[str], error: Exception) -> None:
    """Make the opening of some files fail."""

    def opened(path: Path) -> object:
        if path.name in names:
            raise error
        return open_regular(path)

    monkeypatch.setattr(changes, "open_regular", opened)


@pytest.mark.parametrize("code", ["ENOENT", "EIO", "EMFILE", "ENOMEM", "ESTALE", "EACCES"])
def test_a_file_that_cannot_be_opened_now_keeps_its_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "c.txt", "storm")
    built(tmp_path)
    put(tmp_path, "a.txt", "river court")
    put(tmp_path, "b.txt", "bank")
    number = getattr(errno, code)
    for _ in range(2):
        with monkeypatch.context() as patch:
            failing(patch, ("a.txt", "b.txt"), OSError(number, os.strerror(number)))
            report = built(tmp_path)
        assert sorted(problem.path for problem in report.problems) == ["a.txt", "b.txt"]
        assert all(problem.passing for problem in report.problems)
        assert (report.documents, report.postponed) == (2, 2)
        assert paths(tmp_path / FOLDER) == ["a.txt", "c.txt"]
    report = built(tmp_path)
    assert (counts(report), report.problems, report.postponed) == ((0, 2, 0, 1), (), 0)
    assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)


def test_a_file_that_vanishes_during_the_build_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        put(tmp_path, name, "river")
    built(tmp_path)
    for name in ("a.txt", "b.txt"):
        put(tmp_path, name, "river bank")

    def vanishing(path: Path) -> object:
        if path.name == "a.txt":
            path.unlink()
        return open_regular(path)

    with monkeypatch.context() as patch:
        patch.setattr(changes, "open_regular", vanishing)
        report = built(tmp_path)
    assert [problem.path for problem in report.problems] == ["a.txt"]
    assert paths(tmp_path / FOLDER) == ["a.txt", "b.txt"]
    assert counts(built(tmp_path)) == (0, 0, 1, 1)
    assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)


@pytest.mark.parametrize("error", [OSError(5, "I/O error"), MemoryError(), RuntimeError("odd")])
def test_of_a_file_that_fails_in_the_midst_nothing_is_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    put(tmp_path, "a.jsonl", "".join(f'{{"text": "river {n}"}}\n' for n in range(9)))
    built(tmp_path)
    put(tmp_path, "a.jsonl", "".join(f'{{"text": "storm {n}"}}\n' for n in range(9)))
    put(tmp_path, "b.jsonl", "".join(f'{{"text": "bank {n}"}}\n' for n in range(9)))
    monkeypatch.setattr(batch_reader, "_FIRST_BATCH", 4)
    monkeypatch.setattr(batch_reader, "_BATCH_WORDS", 4)
    whole = json_reader.read

    def half(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
        yield from islice(whole(file, name=name), 6)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(json_reader, "read", half)
        report = built(tmp_path)
    assert (report.documents, report.postponed) == (9, 2)
    assert hits(tmp_path / FOLDER, "river") == 9
    assert hits(tmp_path / FOLDER, "storm") == hits(tmp_path / FOLDER, "bank") == 0
    built(tmp_path)
    assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)


def test_a_first_build_that_finds_nothing_is_refused_and_a_later_one_is_not(
    tmp_path: Path,
) -> None:
    put(tmp_path, "photo.jpg", "no text")
    with pytest.raises(CorpusError, match="no file of a supported type") as caught:
        built(tmp_path)
    assert ".txt" in caught.value.hint
    assert not list((tmp_path / FOLDER).glob("chaja-*"))
    path = put(tmp_path, "a.txt", "river")
    built(tmp_path)
    path.unlink()
    assert counts(built(tmp_path)) == (0, 0, 1, 0)
    assert seen(tmp_path / FOLDER).documents == 0
