from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

import pytest

from corpus import changes
from corpus.changes import (
    CHANGED,
    UNKNOWN,
    UNTRUSTED,
    Changes,
    FileReading,
    Fingerprint,
    compare,
)
from corpus.document import Document, Problem
from corpus.readers import markdown
from corpus.text_file import open_regular
from corpus.walk import SourceFile, walk

LONG_AGO = 1_600_000_000_000_000_000


def write(path: Path, text: str, modified: int = LONG_AGO) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(modified, modified))


def files(folder: Path) -> list[SourceFile]:
    found = walk([folder], base=folder, suffixes={".md"})
    return [file for file in found if isinstance(file, SourceFile)]


def known(folder: Path) -> dict[str, Fingerprint]:
    return {file.name: fingerprint(file) for file in files(folder)}


def fingerprint(file: SourceFile) -> Fingerprint:
    reading = FileReading(file)
    assert list(reading)
    return reading.fingerprint


def names(changes: Changes) -> tuple[list[str], list[str], list[str], list[str], int]:
    return (
        [file.name for file in changes.added],
        [file.name for file in changes.updated],
        list(changes.touched),
        list(changes.removed),
        changes.unchanged,
    )


def test_digest_depends_only_on_the_content(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "같은 글")
    write(tmp_path / "b.md", "같은 글", LONG_AGO + 1)
    write(tmp_path / "c.md", "다른 글")
    a, b, c = (file.digest for file in known(tmp_path).values())
    assert a == b != c
    assert len(a) == 32


def test_files_are_sorted_into_added_updated_touched_removed_and_unchanged(tmp_path: Path) -> None:
    for name in ("same", "grown", "edited", "touched", "gone", "lost"):
        write(tmp_path / f"{name}.md", "text")
    before = known(tmp_path)
    write(tmp_path / "grown.md", "more text")
    write(tmp_path / "edited.md", "TEXT", LONG_AGO + 1)
    write(tmp_path / "touched.md", "text", LONG_AGO + 1)
    write(tmp_path / "new.md", "text")
    (tmp_path / "lost.md").unlink()
    (tmp_path / "gone.md").unlink()
    changes = compare(files(tmp_path), before)
    assert names(changes) == (
        ["new.md"],
        ["edited.md", "grown.md"],
        ["touched.md"],
        ["gone.md", "lost.md"],
        1,
    )


def test_a_touched_file_is_unchanged_once_its_new_fingerprint_is_known(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text")
    before = known(tmp_path)
    write(tmp_path / "a.md", "text", LONG_AGO + 1)
    before |= compare(files(tmp_path), before).touched
    assert compare(files(tmp_path), before).unchanged == 1


def test_an_unchanged_file_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text")
    before, found = known(tmp_path), files(tmp_path)
    (tmp_path / "a.md").unlink()
    assert compare(found, before).unchanged == 1


def test_an_edit_of_the_same_size_in_the_same_tick_is_noticed(tmp_path: Path) -> None:
    now = time.time_ns()
    write(tmp_path / "a.md", "first", now)
    before = known(tmp_path)
    write(tmp_path / "a.md", "other", now)
    assert names(compare(files(tmp_path), before)) == ([], ["a.md"], [], [], 0)


def test_modification_time_is_trusted_only_two_seconds_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time_ns()
    write(tmp_path / "a.md", "text", now)
    before = known(tmp_path)
    assert before["a.md"].modified == UNTRUSTED
    monkeypatch.setattr(time, "time_ns", lambda: now + 10_000_000_000)
    touched = compare(files(tmp_path), before).touched
    assert touched["a.md"].modified == (tmp_path / "a.md").stat().st_mtime_ns


def test_a_file_dated_in_the_future_is_never_trusted(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text", time.time_ns() + 86_400_000_000_000)
    assert known(tmp_path)["a.md"].modified == UNTRUSTED


def test_a_file_that_can_no_longer_be_read_counts_as_updated(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text")
    before = known(tmp_path)
    write(tmp_path / "a.md", "TEXT", LONG_AGO + 1)
    found = files(tmp_path)
    (tmp_path / "a.md").unlink()
    assert names(compare(found, before)) == ([], ["a.md"], [], [], 0)


def test_no_files_give_no_changes() -> None:
    assert names(compare([], {})) == ([], [], [], [], 0)


def first(folder: Path) -> SourceFile:
    (file,) = files(folder)
    return file


def test_a_file_that_is_replaced_meanwhile_has_the_fingerprint_of_what_was_read(
    tmp_path: Path,
) -> None:
    write(tmp_path / "a.md", "text")
    before = fingerprint(first(tmp_path))
    reading = FileReading(first(tmp_path))
    for found in reading:
        assert isinstance(found, Document)
        assert found.text == "text"
        write(tmp_path / "b.md", "TEXT")
        (tmp_path / "b.md").replace(tmp_path / "a.md")
    assert reading.fingerprint in (before, CHANGED)  # its last link is gone, which some disks show


def test_a_file_that_grows_while_it_is_read_is_due_again(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text")
    reading = FileReading(first(tmp_path))
    for _ in reading:
        with (tmp_path / "a.md").open("a") as file:
            file.write(" and more")
    assert reading.fingerprint == CHANGED
    assert names(compare(files(tmp_path), {"a.md": CHANGED})) == ([], ["a.md"], [], [], 0)


def test_a_file_that_grows_as_soon_as_it_is_open_is_due_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def opened_and_grown(path: Path) -> Iterator[BufferedReader]:
        with open_regular(path) as file:
            write(path, "text and more")
            yield file

    write(tmp_path / "a.md", "text")
    monkeypatch.setattr(changes, "open_regular", opened_and_grown)
    reading = FileReading(first(tmp_path))
    (document,) = reading
    assert isinstance(document, Document)
    assert document.text == "text"
    assert reading.fingerprint == CHANGED


@pytest.mark.parametrize("error", [OSError(5, "I/O error"), MemoryError(), RuntimeError("odd")])
def test_a_file_that_cannot_be_read_for_the_moment_is_due_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(file: object, *, name: str) -> Iterator[Document | Problem]:
        yield Document(id=name, path=name, title="", text="half", language="en")
        raise error

    write(tmp_path / "a.md", "text")
    monkeypatch.setattr(markdown, "read", fail)
    reading = FileReading(first(tmp_path))
    _, problem = reading
    assert isinstance(problem, Problem)
    assert problem.passing
    assert reading.fingerprint == UNKNOWN
    assert names(compare(files(tmp_path), {"a.md": UNKNOWN})) == ([], ["a.md"], [], [], 0)


def test_a_file_that_gives_no_document_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(1 << 40)
    os.utime(tmp_path / "a.md", ns=(LONG_AGO, LONG_AGO))
    reading = FileReading(first(tmp_path))
    (problem,) = reading
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.passing) == ("is not text: it contains NUL bytes", False)
    assert compare(files(tmp_path), {"a.md": reading.fingerprint}).unchanged == 1
    os.utime(tmp_path / "a.md")
    assert len(compare(files(tmp_path), {"a.md": reading.fingerprint}).updated) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text")
    file = first(tmp_path)
    file.path.unlink()
    os.mkfifo(file.path)
    reading = FileReading(file)
    (problem,) = reading
    assert isinstance(problem, Problem)
    assert problem.reason == "is not a regular file"
