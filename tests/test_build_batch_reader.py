"""Files become batches whose bounds depend on the files only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from index_corpus import put, source
from index_documents import unpacked

from corpus.walk import SourceFile
from index.builder import batch_reader
from index.builder.batch_reader import batches, chunks
from index.directory.catalogue import UNKNOWN
from index.ingest import batch as batch_module
from index.ingest.batch import Batch


def rows(folder: Path, name: str, count: int) -> SourceFile:
    return source(folder, name, "".join(f'{{"text": "{name} row {n}"}}\n' for n in range(count)))


def texts_of(some: list[Batch]) -> list[str]:
    """Return the texts of batches, joined from their words."""
    names: list[str] = []
    texts: list[str] = []
    for batch in some:
        names = batch.words if batch.starts_anew else names + batch.words
        numbers = iter(batch.bodies.numbers.tolist())
        for size in batch.bodies.sizes.tolist():
            texts.append(" ".join(names[next(numbers)] for _ in range(size)))
    return texts


def test_a_batch_has_all_of_its_documents(tmp_path: Path) -> None:
    text = "Storm policy\n\n2024-05-01\n\nThe river, the bank.\n"
    (batch,) = batches([source(tmp_path, "a.txt", text), source(tmp_path, "b.txt", "강물")])
    assert texts_of([batch]) == ["storm policy 2024-05-01 the river the bank", "강물"]
    assert batch.titles.sizes.tolist() == [2, 1]
    assert (batch.paths, batch.passage_counts) == (["a.txt", "b.txt"], [1, 1])
    assert batch.days == [(20240501, 20240501), (0, 0)]
    assert [record["title"] for record in unpacked(batch.documents)] == ["Storm policy", "b"]
    assert [record["line"] for record in unpacked(batch.passages)] == [1, 1]
    assert [file.problems for file in batch.files] == [(), ()]


def test_batches_begin_small_and_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_reader, "_FIRST_BATCH", 10)
    monkeypatch.setattr(batch_reader, "_BATCH_WORDS", 40)
    files = [source(tmp_path, f"{n}.txt", "river bank " * 5) for n in range(15)]
    assert [len(batch.files) for batch in batches(files)] == [1, 1, 2, 4, 4, 3]


def test_a_file_of_many_rows_is_several_batches_and_ends_in_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_reader, "_FIRST_BATCH", 10)
    monkeypatch.setattr(batch_reader, "_BATCH_WORDS", 10)
    some = list(batches([rows(tmp_path, "a.jsonl", 9), rows(tmp_path, "b.jsonl", 1)]))
    assert [len(batch.paths) for batch in some] == [4, 4, 2]
    assert [len(batch.files) for batch in some] == [0, 0, 2]
    assert len(texts_of(some)) == 10


def test_files_without_words_are_reported_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_reader, "_BATCH_FILES", 2)
    some = list(batches([source(tmp_path, f"{n}.txt", "") for n in range(5)]))
    assert [len(batch.files) for batch in some] == [2, 2, 1]
    assert all(file.problems[0].reason == "is empty" for batch in some for file in batch.files)


def test_numbers_start_anew_when_there_are_many_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_reader, "_FIRST_BATCH", 3)
    monkeypatch.setattr(batch_reader, "_BATCH_WORDS", 3)
    monkeypatch.setattr(batch_module, "_MOST_WORDS", 5)
    some = list(batches([rows(tmp_path, "a.jsonl", 6)]))
    starts = [batch.starts_anew for batch in some]
    assert starts[:2] == [True, False]
    assert True in starts[2:]
    assert texts_of(some) == [f"a.jsonl row {n}" for n in range(6)]


def test_a_file_that_is_gone_or_cannot_be_opened_is_due_again(
    tmp_path: Path,
) -> None:
    gone, folder = source(tmp_path, "a.txt", "river"), source(tmp_path, "b.txt", "bank")
    os.remove(gone.path)
    os.remove(folder.path)
    folder.path.mkdir()
    (batch,) = batches([gone, folder])
    assert [file.fingerprint for file in batch.files] == [UNKNOWN, UNKNOWN]
    assert [file.problems[0].reason for file in batch.files] == [
        "was removed before it was read",
        "is a folder, not a file",
    ]


def test_chunks_are_runs_of_files_that_take_as_long_to_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "river")
    sizes = [100_000] * 40 + [9_000_000, 0, 0] + [100_000] * 3
    files = [SourceFile(path, f"{number}.txt", size, 0) for number, size in enumerate(sizes)]
    cut = chunks(files)
    assert [file for chunk in cut for file in chunk] == files
    assert [len(chunk) for chunk in cut] == [8, 8, 8, 8, 8, 1, 5]
    assert [len(chunk) for chunk in chunks(files[:5])] == [2, 2, 1]
    assert chunks([]) == [[]]


def test_batches_of_several_chunks_are_those_of_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [rows(tmp_path, f"{n}.jsonl", 5) for n in range(4)]
    in_one = texts_of(list(batches(files)))
    monkeypatch.setattr(batch_reader, "_LEAST", 1)
    monkeypatch.setattr(batch_reader, "_MOST", 1)
    some = list(batches(files))
    assert len(some) == 4
    assert texts_of(some) == in_one
