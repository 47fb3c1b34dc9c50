"""What a build got of each file is told, also when a later build gets something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from index_corpus import built, counts, paths, put
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from pdf_writer import pdf

from corpus.document import State
from corpus.readers import ReadOptions, tesseract
from index.builder.build import build
from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from index.health import health
from search.output.health import health_lines, health_object
from search.output.text import View

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


@pytest.fixture(autouse=True)
def no_reason_against_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have OCR for documents without a page that needs it, with Tesseract and without."""
    monkeypatch.setattr(tesseract, "missing", lambda: "")


def changed_states(folder: Path) -> dict[str, tuple[State, State | None]]:
    return {file.path: (file.state, file.earlier) for file in health(folder / FOLDER).files}


def test_a_file_in_another_state_than_before_is_told_with_both_until_it_is_read_again(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "b.txt", "bank")
    built(tmp_path)
    put(tmp_path, "b.txt", "")
    report = built(tmp_path)
    assert [note for note in report.notes if note.startswith("b.txt: read by an earlier build")]
    assert paths(tmp_path / FOLDER) == ["a.txt"]
    for _ in range(2):
        assert changed_states(tmp_path) == {"b.txt": (State.NO_TEXT, State.READ)}
        assert not [note for note in built(tmp_path).notes if "b.txt" in note]
    put(tmp_path, "b.txt", "bank again")
    assert not built(tmp_path).notes
    assert changed_states(tmp_path) == {"b.txt": (State.READ, State.NO_TEXT)}
    put(tmp_path, "b.txt", "bank and more")
    built(tmp_path)
    assert changed_states(tmp_path) == {}


def test_the_earlier_state_is_shown_behind_the_problems(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    put(tmp_path, "a.txt", "")
    built(tmp_path)
    found = health(tmp_path / FOLDER)
    lines = list(health_lines(found, View()))
    assert lines[-2:] == ["  a.txt: is empty", "  a.txt: its state before: read"]
    (file,) = health_object(found)["files"]
    assert (file["state"], file["earlier"]) == ("without text", "read")


def test_a_file_that_cannot_be_read_now_keeps_its_documents_and_is_told(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    put(tmp_path, "a.txt", "river " * 99)
    for _ in range(2):
        build(tmp_path / FOLDER, [tmp_path], max_file_size=100)
        assert paths(tmp_path / FOLDER) == ["a.txt"]
        assert changed_states(tmp_path) == {"a.txt": (State.TOO_LARGE, State.READ)}


def test_options_are_remembered_and_one_more_reads_again_what_lacks_something(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "b.jsonl", '{"text": "bank"}\nno row\n')
    built(tmp_path)
    index = tmp_path / FOLDER
    assert counts(build(index, ocr=True)) == (0, 1, 0, 1)
    for rebuild in (False, True):
        build(index, rebuild=rebuild)
        assert DirectoryReader.open(index).catalogue().options == ReadOptions(ocr=True)
    assert counts(build(index)) == (0, 0, 0, 2)
    assert counts(build(index, ocr=False)) == (0, 0, 0, 2)
    assert DirectoryReader.open(index).catalogue().options == ReadOptions()


def test_an_option_that_one_root_turned_on_reads_again_what_other_roots_lack(
    tmp_path: Path,
) -> None:
    for folder in ("one", "two"):
        put(tmp_path, f"{folder}/b.jsonl", '{"text": "bank"}\nno row\n')
        put(tmp_path, f"{folder}/c.txt", "")
    index = tmp_path / FOLDER
    roots = [tmp_path / "one", tmp_path / "two"]
    build(index, roots)
    before = [(file.path, file.state) for file in health(index).files]
    assert counts(build(index, roots[:1], ocr=True)) == (0, 2, 0, 0)
    assert [(file.path, file.state) for file in health(index).files] == before
    assert not any(file.earlier for file in health(index).files)
    assert counts(build(index)) == (0, 2, 0, 2)
    assert counts(build(index)) == (0, 0, 0, 4)


def test_the_next_step_for_a_scan_is_ocr(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([[]], drawn=True))
    built(tmp_path)
    assert any("--ocr" in line for line in health_lines(health(tmp_path / FOLDER), View()))
