"""The index that the server has open follows the builds, and is closed after its last use."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from search_corpus import built, write_texts
from web_client import Page

from corpus.errors import IndexMissing
from index.directory.location import FOLDER
from search.searcher import Searcher
from search.web.open_index import OpenIndex
from search.web.refusals import without_places


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_texts(tmp_path, {"a.txt": "harbour"})
    built(tmp_path)
    return tmp_path


def grow(folder: Path, name: str) -> None:
    write_texts(folder, {f"{name}.txt": "harbour"})
    built(folder)


def test_the_next_request_after_a_build_reads_its_commit(folder: Path) -> None:
    page = Page(folder / FOLDER)
    before = page.get("info")
    assert len(page.get("search", q="harbour", fold_copies="0")["hits"]) == 1
    grow(folder, "b")
    assert len(page.get("search", q="harbour", fold_copies="0")["hits"]) == 2
    assert page.get("info")["commit"] > before["commit"]


def test_an_index_is_opened_once_for_a_commit(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    open_ = Searcher.open

    def noting(directory: Path) -> Searcher:
        opened.append(directory)
        return open_(directory)

    monkeypatch.setattr(Searcher, "open", noting)
    index = OpenIndex(folder / FOLDER)
    for _ in range(3):
        with index.commit() as (searcher, _), index.commit() as (other, _):
            assert searcher is other
    assert len(opened) == 1
    grow(folder, "b")
    with index.commit():
        assert len(opened) == 2


def test_a_request_keeps_its_commit_and_the_last_one_closes_it(folder: Path) -> None:
    index = OpenIndex(folder / FOLDER)
    with index.commit() as (old, number):
        grow(folder, "b")
        with index.commit() as (new, later):
            assert later > number
            assert len(new.search("harbour", fold_copies=False)) == 2
        assert len(old.search("harbour", fold_copies=False)) == 1
    with pytest.raises(ValueError, match="closed"):
        old.search("harbour")
    assert len(new.search("harbour", fold_copies=False)) == 2
    index.close()
    with pytest.raises(ValueError, match="closed"):
        new.search("harbour")


def test_threads_search_while_builds_commit(folder: Path) -> None:
    index = OpenIndex(folder / FOLDER)
    failures: list[BaseException] = []
    ended = threading.Event()

    def search() -> None:
        try:
            while not ended.is_set():
                with index.commit() as (searcher, _):
                    assert searcher.search("harbour", fold_copies=False)
        except BaseException as error:  # the thread would only print it
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(5):
        grow(folder, f"more{number}")
    ended.set()
    for thread in threads:
        thread.join()
    assert failures == []
    with index.commit() as (searcher, _):
        assert len(searcher.search("harbour", fold_copies=False)) == 6


def test_an_index_that_disappears_is_told_in_a_sentence_until_it_is_back(folder: Path) -> None:
    page = Page(folder / FOLDER)
    assert page.get("search", q="harbour")["hits"]
    shutil.move(folder / FOLDER, folder / "elsewhere")
    status, message, hint = page.refused("search", q="harbour")
    assert (status, message) == (503, "the index is no longer there")
    assert "chaja build" in hint
    with pytest.raises(IndexMissing), page.index.commit():
        pass
    shutil.move(folder / "elsewhere", folder / FOLDER)
    assert page.get("search", q="harbour")["hits"]


def test_an_index_that_was_deleted_and_built_again_is_another(folder: Path) -> None:
    page = Page(folder / FOLDER)
    assert page.get("search", q="harbour")["hits"]
    shutil.rmtree(folder / FOLDER)
    (folder / "a.txt").write_text("ferry", encoding="utf-8")
    built(folder)
    assert page.get("search", q="harbour")["hits"] == []
    assert page.get("search", q="ferry")["hits"]


def test_a_damaged_index_is_told_without_the_place_where_it_is(folder: Path) -> None:
    for file in (folder / FOLDER).glob("*.seg"):
        file.write_bytes(b"damaged")
    status, message, hint = Page(folder / FOLDER).refused("search", q="harbour")
    assert status == 503
    assert "the index is damaged" in message
    assert "chaja repair" in hint
    assert str(folder) not in message + hint


def test_the_notes_on_a_damaged_commit_do_not_tell_the_place_either(folder: Path) -> None:
    grow(folder, "b")
    newest = max((folder / FOLDER).glob("chaja-*.json"), key=lambda file: file.stat().st_mtime_ns)
    newest.write_text("{}", encoding="utf-8")
    page = Page(folder / FOLDER)
    answer = page.get("search", q="harbour")
    assert answer["hits"]
    assert any("damaged" in note for note in answer["notes"])
    assert str(folder) not in " ".join([*answer["notes"], *page.get("info")["notes"]])


def test_a_synonym_file_that_is_gone_is_told_without_the_place_where_it_was(folder: Path) -> None:
    synonyms = folder / "places" / "synonyms.txt"
    write_texts(synonyms.parent, {synonyms.name: "harbour, port"})
    page = Page(folder / FOLDER, synonyms=synonyms)
    assert page.get("search", q="port")["hits"]
    synonyms.unlink()
    grow(folder, "b")
    _, message, hint = page.refused("search", q="port")
    assert message.startswith("synonyms.txt")
    assert str(folder) not in message + hint


def test_the_notes_on_a_change_do_not_tell_the_place_either(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = [f"{folder / FOLDER}: an old file could not be deleted"]
    pair = {"korean": "동반자", "english": "partner"}
    assert Page(folder / FOLDER).change("strike", **pair).json()["notes"] == []
    monkeypatch.setattr("index.edit_glossary.strike_pair", lambda *_: ([], noted))
    monkeypatch.setattr("index.edit_glossary.add_entries", lambda *_: noted)
    for change in ("strike", "unstrike"):
        answer = Page(folder / FOLDER).change(change, **pair).json()
        assert answer["notes"] == [f"{FOLDER}: an old file could not be deleted"]


def test_an_index_of_the_current_folder_leaves_sentences_as_they_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / FOLDER)
    page = Page(Path())
    assert page.refused("search", q="x", date="soon") == (
        400,
        "soon: no such date",
        "date is 2024, 2024-11, 2024-11-14, or a range such as 2024..2025.",
    )
    assert page.get("info")["name"] == folder.name


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("/home/me/texts/.chaja: is damaged", ".chaja: is damaged"),
        ("in /home/me/texts/.chaja/a.seg, /home/me/texts", "in .chaja/a.seg, texts"),
        ("/home/me/texts2 and /srv/home/me/texts", "/home/me/texts2 and /srv/home/me/texts"),
    ],
)
def test_only_whole_paths_are_left_out(told: str, expected: str) -> None:
    assert without_places(told, (Path("/home/me/texts"), Path("/home/me/texts/.chaja"))) == expected


def test_kiwi_is_loaded_in_the_background(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warmed = threading.Event()
    monkeypatch.setattr(Searcher, "warm", lambda _: warmed.set())
    OpenIndex(folder / FOLDER).warm()
    assert warmed.wait(10)


def test_too_little_memory_for_kiwi_ends_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warm(_: Searcher) -> None:
        raise MemoryError

    monkeypatch.setattr(Searcher, "warm", warm)
    index = OpenIndex(folder / FOLDER)
    before = {*threading.enumerate()}
    index.warm()
    for thread in {*threading.enumerate()} - before:
        thread.join(60)
        assert not thread.is_alive()
    with index.commit() as (searcher, _):
        assert searcher.search("harbour")
