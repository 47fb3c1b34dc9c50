"""A reader sees a whole index while builds replace it, and each file is written whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from index_corpus import built, put, seen
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import content_of, new_store, numbered_source

from corpus.errors import AnalyserMismatch, IndexDamaged
from index import durable, store, toc
from index.durable import replace_text, sync
from index.place import CURRENT, FOLDER
from index.revision import Revision
from index.store import About, Store, read_about, write_about
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


def test_what_an_index_says_of_itself_is_read_back(tmp_path: Path) -> None:
    about = About(store.FORMAT, "an analyser", "today", (("낱말", "NNP", 0.5),))
    write_about(tmp_path, about)
    assert read_about(tmp_path) == about


def test_an_index_folder_is_never_used_twice(tmp_path: Path) -> None:
    for name in ("index-3", "index-x", "index-²"):
        (tmp_path / name).mkdir()
    assert new_store(tmp_path).folder.name == "index-4"


def before(
    patch: pytest.MonkeyPatch, module: object, name: str, action: Callable[[], object]
) -> None:
    """Do something once, just before a function runs."""
    real = getattr(module, name)

    def acting(*arguments: object) -> object:
        patch.setattr(module, name, real)
        action()
        return real(*arguments)

    patch.setattr(module, name, acting)


@pytest.mark.parametrize("moment", ["read_about", "read_toc", "SegmentReader"])
@pytest.mark.parametrize("rebuild", [True, False])
def test_a_reader_that_meets_a_build_sees_the_new_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, rebuild: bool
) -> None:
    put(tmp_path, "a.txt", "river bank")
    built(tmp_path)
    put(tmp_path, "a.txt", "river river court")
    before(monkeypatch, store, moment, lambda: built(tmp_path, rebuild=rebuild))
    (_, hits), *_ = seen(tmp_path / FOLDER, ("court",)).hits
    assert len(hits) == 1


def test_a_rebuild_with_another_analyser_is_told_to_a_reader_it_overtakes(tmp_path: Path) -> None:
    words = tmp_path / "words.dic"
    words.write_text("먹방\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    open_store = Store.open(tmp_path / FOLDER)
    built(tmp_path, rebuild=True, dictionary=words)
    with pytest.raises(AnalyserMismatch, match="just built anew") as caught:
        open_store.snapshot()
    assert caught.value.hint == "Search again."


def test_an_open_reader_keeps_its_index(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "b.txt", "river bank")
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        (tmp_path / "a.txt").unlink()
        put(tmp_path, "b.txt", "court")
        built(tmp_path)
        built(tmp_path, rebuild=True)
        assert [hit.path for hit in searcher.search("river")] == ["a.txt", "b.txt"]


def test_an_index_that_is_not_there_is_looked_for_no_longer_than_needed(tmp_path: Path) -> None:
    (tmp_path / CURRENT).write_text("index-1\n", encoding="utf-8")
    with pytest.raises(IndexDamaged):
        Store.open(tmp_path)
    new_store(tmp_path)
    assert Store.open(tmp_path).snapshot().passages == 0
    opened = Store.open(tmp_path)
    with Revision(opened) as revision:
        revision.add(content_of([numbered_source(1, 1)]))
        revision.commit(())
    next(opened.folder.glob("*.num")).unlink()
    with pytest.raises(IndexDamaged):
        opened.snapshot()


def test_a_text_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "current"
    replace_text(path, "old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_text(path, "new")
    assert path.read_text(encoding="utf-8") == "old"


def test_a_folder_that_cannot_be_opened_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(durable.os, "open", refused)
    sync(tmp_path)


def test_a_table_of_contents_is_sealed(tmp_path: Path) -> None:
    folder = new_store(tmp_path).folder
    path = next(folder.glob("*.toc"))
    data = path.read_bytes()
    storage = toc.IndexStorage(str(folder))
    assert toc.read_toc(storage, store.schema()).generation == 0
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(ValueError, match="not what was written"):
            toc.read_toc(storage, store.schema())
