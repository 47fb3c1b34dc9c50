"""A reader sees a whole index while builds replace it; the user's own files are left alone."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest
from index_corpus import built, put, seen
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import content_of, new_store, numbered_source

from corpus.changes import Fingerprint
from corpus.errors import AnalyzerMismatch, IndexDamaged, IndexOutdated
from index.arrays import files
from index.arrays.files import CorruptFile, sync
from index.builder.build import build
from index.directory import commit as commit_module
from index.directory import directory_reader
from index.directory.catalogue import Catalogue, CataloguedFile
from index.directory.commit import (
    FORMAT,
    About,
    Commit,
    commit_file_name,
    encoded,
    generations,
    is_index_file,
    latest,
    read_commit,
)
from index.directory.directory_reader import (
    DirectoryReader,
    current_about,
    current_commit,
    lexicon_path,
)
from index.directory.directory_writer import DirectoryWriter
from index.directory.lexicon_files import open_lexicon
from index.directory.location import FOLDER
from index.ingest.transaction import IndexTransaction
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")

FILES = {"a.txt": CataloguedFile(Fingerprint(1, 2, "3"))}


def test_what_an_index_says_of_itself_is_read_back(tmp_path: Path) -> None:
    about = About(FORMAT, "an analyzer", "", (("낱말", "NNP", 0.5),))
    DirectoryWriter.fresh(tmp_path, about).commit((), Catalogue(), built="today")
    assert current_about(tmp_path) == replace(about, built="today")


def test_the_words_of_a_lexicon_are_counted_and_never_fewer_than_before(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    assert "words" not in json.loads(encoded(Commit(1, made.about)))["commit"]["about"]
    for words, known in ((7, 7), (5, 7), (0, 7), (9, 9)):
        made.commit((), Catalogue(), built="now", words=words)
        assert current_about(tmp_path).words == known
    DirectoryWriter.fresh(tmp_path, About(FORMAT, "another", "")).commit((), Catalogue(), built="")
    assert current_about(tmp_path).words == 0


def test_a_commit_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    with IndexTransaction(made) as transaction:
        transaction.add(content_of([numbered_source(1, 2), numbered_source(2, 1)]))
        transaction.commit((), Catalogue(FILES, ("docs",)), built="then")
    with IndexTransaction(made) as transaction:
        transaction.commit(["2.txt"], Catalogue(FILES), built="now")
    opened = DirectoryReader.open(tmp_path)
    assert opened.about == made.about
    assert opened.about.built == "now"
    assert opened.segments == made.segments
    assert opened.catalogue() == Catalogue(FILES)
    (segment,) = opened.segments
    assert (segment.passages, segment.deleted) == (3, 1)


def test_the_last_commit_is_in_force_and_the_one_before_is_kept(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    for number in range(2, 13):
        made.commit((), Catalogue({}, (str(number),)), built=str(number))
        assert generations(tmp_path) == [number - 1, number]
        assert DirectoryReader.open(tmp_path).catalogue().sources == (str(number),)
    assert len(list(tmp_path.iterdir())) == 4  # of each a commit file, and a catalogue


def test_a_segment_goes_one_commit_after_the_last_that_needs_it(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    with IndexTransaction(made) as transaction:
        transaction.add(content_of([numbered_source(1, 2)]))
        transaction.commit((), Catalogue(FILES), built="then")
    (segment,) = made.segments
    made.commit((), Catalogue(), built="without it")
    assert all((tmp_path / file.name).is_file() for file in segment.files)
    made.commit((), Catalogue(), built="later")
    assert not any((tmp_path / file.name).exists() for file in segment.files)


def test_a_rebuild_goes_on_counting_where_the_old_index_ended(tmp_path: Path) -> None:
    old = new_store(tmp_path)
    with IndexTransaction(old) as transaction:
        transaction.add(content_of([numbered_source(1, 2)]))
        transaction.commit((), Catalogue(FILES), built="then")
    fresh = DirectoryWriter.fresh(tmp_path, About(FORMAT, "another", ""))
    assert fresh.catalogue() == Catalogue()
    fresh.commit((), Catalogue(), built="now")
    assert generations(tmp_path) == [2, 3]
    assert DirectoryReader.open(tmp_path).segments == ()
    fresh.commit((), Catalogue(), built="later")
    assert not [*tmp_path.glob("*.seg"), *tmp_path.glob("*.txt")]


def before(
    patch: pytest.MonkeyPatch, module: object, name: str, action: Callable[[], object]
) -> None:
    """Do something once, just before a function is called."""
    real = getattr(module, name)

    def acting(*arguments: object) -> object:
        patch.setattr(module, name, real)
        action()
        return real(*arguments)

    patch.setattr(module, name, acting)


@pytest.mark.parametrize(
    ("module", "moment"),
    [
        (directory_reader, "latest"),
        (commit_module, "current_generation"),
        (commit_module, "read_commit"),
        (directory_reader, "SegmentReader"),
        (directory_reader, "Snapshot"),
    ],
)
@pytest.mark.parametrize("rebuild", [True, False])
@pytest.mark.parametrize("builds", [1, 2])
def test_a_reader_that_meets_builds_sees_the_old_index_or_the_new(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    moment: str,
    rebuild: bool,
    builds: int,
) -> None:
    put(tmp_path, "a.txt", "river bank")
    built(tmp_path)
    done: list[str] = []

    def build_all() -> None:
        for number in range(builds):
            done.append(f"river river {number}")
            put(tmp_path, "a.txt", done[-1])
            built(tmp_path, rebuild=rebuild)

    before(monkeypatch, module, moment, build_all)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        found = searcher.search("river")
    # A commit is kept until the second one after it.
    is_old = moment == "Snapshot" or (builds == 1 and moment in ("read_commit", "SegmentReader"))
    assert [hit.text for hit in found] == ["river bank" if is_old else done[-1]]
    assert found.notes == ()
    assert len(done) == builds


def test_an_index_whose_commit_file_vanishes_again_and_again_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_store(tmp_path)
    looks: list[Path] = []

    def vanished(path: Path) -> None:
        looks.append(path)
        raise FileNotFoundError(errno.ENOENT, "gone")

    monkeypatch.setattr(commit_module, "read_commit", vanished)
    with pytest.raises(IndexDamaged):
        DirectoryReader.open(tmp_path)
    assert len(looks) == files._TRIES


def test_a_rebuild_with_another_analyzer_is_reported_to_a_reader_it_overtakes(
    tmp_path: Path,
) -> None:
    words = tmp_path / "words.dic"
    words.write_text("먹방\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    open_store = DirectoryReader.open(tmp_path / FOLDER)
    for _ in range(2):
        built(tmp_path, rebuild=True, dictionary=words)
    with pytest.raises(AnalyzerMismatch, match="just rebuilt") as caught:
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


def test_a_file_that_goes_while_an_index_is_measured_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)

    def vanishing(path: Path) -> bool:
        path.unlink()
        return True

    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert searcher.info().bytes > 0
        monkeypatch.setattr(Path, "is_file", vanishing)
        assert searcher.info().bytes == 0


def test_an_index_that_is_not_there_is_looked_for_no_longer_than_needed(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="commit file is missing"):
        DirectoryReader.open(tmp_path)
    opened = new_store(tmp_path)
    with closing(opened.snapshot()) as snapshot:
        assert snapshot.passages == 0
    with IndexTransaction(opened) as transaction:
        transaction.add(content_of([numbered_source(1, 1)]))
        transaction.commit((), Catalogue(), built="today")
    next(tmp_path.glob("*.seg")).unlink()
    with pytest.raises(IndexDamaged, match=r"\.seg"):
        opened.snapshot()


def test_an_index_of_format_1_names_the_command_that_rebuilds_it_and_is_then_cleared_away(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    old = {
        "current": "index-2\n",
        "index-2/about.json": '{"format": 1, "analyser": "", "built": "", "dictionary": []}',
        "index-2/files.db": "",
        "index-2/_chaja_3.toc": "",
        "index-1/about.json": "{}",
    }
    for name, text in old.items():
        put(index, name, text)
    put(index, "index-3/mine.txt", "of the user")
    for attempt in (lambda: Searcher.open(index), lambda: built(tmp_path)):
        with pytest.raises(IndexOutdated, match=r"an older version .*format is 1,") as caught:
            attempt()
        assert "chaja build --rebuild FOLDER" in caught.value.hint
    assert (index / "current").is_file()
    notes = built(tmp_path, rebuild=True).notes
    assert any("dictionary" in note and "--dictionary FILE" in note for note in notes)
    assert len(seen(index, ("river",)).hits[0][1]) == 1
    assert not [path for path in old if (index / path).exists()]
    assert not (index / "index-1").exists()
    assert (index / "index-3" / "mine.txt").is_file()


def test_files_of_the_users_beside_an_index_are_never_removed(tmp_path: Path) -> None:
    mine = (
        "chaja-notes.txt",
        "chaja-1.json.bak",
        "chaja-0123.seg.old",
        "notes.files",
        "CHAJA-1.del",
        "chaja-12.del",
        "chaja-2024.txt",
        "chaja-20241122.txt",
        "chaja-0123456789abcdef.md",
        "chaja-a.files",
    )
    for name in (*mine, "index-1/about.json", "chaja-1/x.json", "chaja-x.json"):
        put(tmp_path, name, "of the user")
    put(tmp_path, "a.txt", "river")
    before_build = {path for path in tmp_path.rglob("*") if path.is_file()}
    for rebuild in (False, True, False):
        put(tmp_path, "a.txt", f"river {rebuild}")
        build(tmp_path, [tmp_path / "a.txt"], rebuild=rebuild)  # in the folder of the documents
    assert before_build <= {path for path in tmp_path.rglob("*") if path.is_file()}
    assert not is_index_file("chaja-notes.txt")


def test_a_link_by_the_name_of_a_file_of_an_index_leads_to_no_harm(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    index, victim = tmp_path / FOLDER, put(tmp_path, "victim", "of the user")
    for name in ("chaja-2.files", "chaja-2.bridge", "chaja-2.json.new"):
        (index / name).symlink_to(victim)
    (index / commit_file_name(1)).write_text("{", encoding="utf-8")
    built(tmp_path, rebuild=True)
    assert victim.read_text(encoding="utf-8") == "of the user"
    assert not any(path.is_symlink() for path in index.iterdir())


def test_what_builds_that_were_stopped_have_left_is_cleared_away(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    with IndexTransaction(made) as transaction:
        transaction.add(content_of([numbered_source(1, 2)]))
        transaction.commit((), Catalogue(), built="today")
    made.commit(made.segments, Catalogue(), built="today")
    sound = {path.name for path in tmp_path.iterdir()}
    for name in (
        "chaja-0123456789abcdef.seg",
        "chaja-0123456789abcdef.txt",
        "chaja-0123456789abcdef-3.del",
        "chaja-1.json",
        "chaja-1.files",
        "chaja-4.files",
        "chaja-4.json.new",
    ):
        (tmp_path / name).touch()
    made.clear()
    assert {path.name for path in tmp_path.iterdir()} == sound


def test_the_lexicon_of_another_analyzer_goes_with_the_last_commit_that_needs_it(
    tmp_path: Path,
) -> None:
    def stems() -> set[str]:
        return {path.name.rpartition("-")[0] for path in tmp_path.glob("*.lex")}

    names = [lexicon_path(tmp_path, analyzer).name for analyzer in ("one", "two", "of no commit")]
    for name in names:
        open_lexicon(tmp_path / name).close()
    DirectoryWriter.fresh(tmp_path, About(FORMAT, "one", "")).commit((), Catalogue(), built="")
    assert stems() == {names[0]}
    open_lexicon(tmp_path / names[1]).close()
    rebuilt = DirectoryWriter.fresh(tmp_path, About(FORMAT, "two", ""))
    rebuilt.clear()  # as a build that is stopped does
    assert stems() == set(names[:2])
    rebuilt.commit((), Catalogue(), built="")
    assert stems() == set(names[:2])  # the commit before needs it
    rebuilt.commit((), Catalogue(), built="")
    assert stems() == {names[1]}


def test_nothing_is_cleared_away_while_nobody_can_tell_what_is_needed(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    (tmp_path / commit_file_name(2)).write_text("{}", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    made.clear()
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_cannot_be_removed_is_left_to_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = new_store(tmp_path)

    def refused(path: Path, **options: object) -> None:
        raise PermissionError(errno.EACCES, "held open")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        for built_at in ("before", "now"):
            made.commit((), Catalogue(), built=built_at)
    assert generations(tmp_path) == [1, 2, 3]
    assert DirectoryReader.open(tmp_path).about.built == "now"
    made.clear()
    assert generations(tmp_path) == [2, 3]


def changed(directory: Path, **facts: object) -> None:
    """Change the facts in a commit file, and its checksum."""
    path = directory / commit_file_name(generations(directory)[-1])
    contents = json.loads(path.read_bytes())
    contents["commit"] |= facts
    contents["checksum"] = crc32(json.dumps(contents["commit"], sort_keys=True).encode())
    path.write_text(json.dumps(contents), encoding="utf-8")


FILE = {"name": "chaja-1.files", "size": 1, "checksum": 1}
SEGMENT = {
    "name": "chaja-0123456789abcdef",
    "passages": 1,
    "postings": FILE | {"name": "chaja-0123456789abcdef.seg"},
    "text": FILE | {"name": "chaja-0123456789abcdef.txt"},
    "deleted": 0,
    "deletions": None,
}


@pytest.mark.parametrize(
    "facts",
    [
        {"catalogue": FILE | {"name": "../chaja-1.files"}},
        {"catalogue": FILE | {"name": "/etc/passwd"}},
        {"catalogue": FILE | {"name": "chaja-1.files\n"}},
        {"catalogue": FILE | {"size": -1}},
        {"catalogue": FILE | {"size": 1.5}},
        {"catalogue": FILE | {"checksum": None}},
        {"catalogue": 7},
        {"segments": [SEGMENT | {"name": "chaja-1"}]},
        {"segments": [SEGMENT | {"name": "../chaja-0123456789abcdef"}]},
        {"segments": [SEGMENT | {"text": None}]},
        {"segments": [SEGMENT | {"deletions": FILE | {"name": "chaja-x.del"}}]},
        {"segments": [SEGMENT | {"passages": "many"}]},
        {"segments": [7]},
        {"segments": None},
        {"about": []},
        {"about": {"analyser": "one", "built": "", "dictionary": [["a", "b"]]}},
        {"generation": -1},
    ],
)
def test_a_commit_file_that_cannot_be_is_damage(tmp_path: Path, facts: dict[str, object]) -> None:
    new_store(tmp_path)
    changed(tmp_path, **facts)
    with pytest.raises(IndexDamaged) as caught:
        current_commit(tmp_path)
    assert "chaja verify" in caught.value.hint


def test_any_bit_of_a_commit_file_that_is_changed_is_noticed(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    with IndexTransaction(made) as transaction:
        transaction.add(content_of([numbered_source(1, 1)]))
        transaction.commit((), Catalogue(FILES), built="today")
    path = tmp_path / commit_file_name(2)
    data, sound = path.read_bytes(), read_commit(path)
    for offset in range(len(data)):
        path.write_bytes(data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :])
        try:
            assert latest(tmp_path) == sound  # white space between the words says nothing
        except CorruptFile:
            continue
        assert data[offset : offset + 1].isspace()


def test_a_catalogue_that_is_not_what_was_written_is_damage(tmp_path: Path) -> None:
    made = new_store(tmp_path)
    path = tmp_path / "chaja-1.files"
    data = path.read_bytes()
    for change in (data[:-1], data + b" ", data.replace(b"[", b" ", 1), b""):
        path.write_bytes(change)
        with pytest.raises(IndexDamaged, match=r"chaja-1\.files"):
            made.catalogue()
    path.unlink()
    with pytest.raises(IndexDamaged, match=r"chaja-1\.files"):
        made.catalogue()


def test_the_catalogue_of_a_reader_that_was_overtaken_is_that_of_a_later_commit(
    tmp_path: Path,
) -> None:
    made = new_store(tmp_path)
    reader = DirectoryReader.open(tmp_path)
    made.commit((), Catalogue(FILES), built="now")
    made.commit((), Catalogue(FILES, ("docs",)), built="later")
    assert reader.catalogue() == Catalogue(FILES, ("docs",))
    (tmp_path / "chaja-3.files").unlink()
    with pytest.raises(IndexDamaged, match=r"chaja-3\.files"):
        reader.catalogue()


def test_a_commit_file_under_another_number_is_damage(tmp_path: Path) -> None:
    new_store(tmp_path)
    (tmp_path / commit_file_name(1)).rename(tmp_path / commit_file_name(7))
    with pytest.raises(IndexDamaged, match=r"chaja-7\.json: does not match its checksum"):
        DirectoryReader.open(tmp_path)


def test_a_folder_that_cannot_be_opened_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(files.os, "open", refused)
    sync(tmp_path)
