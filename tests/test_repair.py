"""A damaged index is read at the commit before, and mended with what is sound."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_corpus import PlainKorean, built, put, put_all, seen, seen_afresh, some_files
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import content_of, new_store
from verified_index import plain_korean as plain_korean

from corpus import Document
from corpus.errors import IndexDamaged, IndexMissing
from corpus.passages import split
from corpus.text_file import PART
from index import analyzers
from index.arrays.files import CorruptFile
from index.bridge.entry import Entry, Source
from index.builder.build import build
from index.directory import directory_reader
from index.directory.catalogue import Catalogue
from index.directory.commit import Commit, generations, latest
from index.directory.directory_reader import DirectoryReader, bridge_content
from index.directory.location import FOLDER
from index.edit_glossary import add_entries
from index.ingest import writable_analyzer
from index.repair.repair import repair
from index.repair.stored_segment import StoredSegment
from index.segment.segment_reader import SegmentReader
from index.verify import verify
from index.whoosh.index import open_index
from search.cli.main import main
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk", "plain_korean")

QUERIES = ("river treaty", "glac*", '"storm policy"', "path:a")
OWN = Entry("양봉", "beekeeping", 0.5, Source.USER)
DICTIONARY = (("강물이", "NNP", 0.0),)
LATER = Entry("벌통", "beehive", 1.0, Source.USER)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of three segments, with deletions, a dictionary and a glossary."""
    folder = tmp_path_factory.mktemp("sound")
    words = put(tmp_path_factory.mktemp("words"), "words.dic", "강물이\tNNP\t0\n")
    with (
        patch.object(analyzers, "Korean", PlainKorean),
        patch.object(writable_analyzer, "KoreanProcess", PlainKorean),
    ):
        put_all(folder, some_files(random.Random(4), 8))
        put(folder, "k.txt", "강물이 흐른다.\n\n바람이 분다 river.")
        rows = [{"id": str(number), "text": f"river row {number}"} for number in range(5)]
        put(folder, "rows.jsonl", "\n".join(map(json.dumps, rows)))
        build(folder / FOLDER, [folder], dictionary=words)
        put_all(folder, {"b.txt": "glacier storm", "c.txt": "court novel"})
        (folder / "a1.md").unlink()
        built(folder)
        add_entries(folder / FOLDER, [OWN])
        put(folder, "d.txt", "railway forest")
        (folder / "a2.md").unlink()
        built(folder)
        add_entries(folder / FOLDER, [LATER])
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "copy")


def newest(folder: Path, suffix: str) -> Path:
    last = generations(folder / FOLDER)[-1]
    return folder / FOLDER / f"chaja-{last}{suffix}"


def flip(path: Path, at: int = 100) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 16
    path.write_bytes(data)


def is_whole(folder: Path) -> bool:
    found = verify(folder / FOLDER, deep=True)
    return not (found.damage or found.damage_before or found.unneeded)


def given_by_the_user(folder: Path) -> tuple[set[Entry], object]:
    store = DirectoryReader.open(folder / FOLDER)
    entries = {e for e in bridge_content(store).entries if e.source is Source.USER}
    return entries, store.about.dictionary


# ---- the commit before


@pytest.mark.parametrize("suffix", [".json", ".bridge"])
@pytest.mark.parametrize("change", [Path.unlink, flip, lambda path: path.write_bytes(b"")])
def test_a_damaged_newest_commit_is_read_as_before_with_a_note(
    folder: Path, suffix: str, change: Callable[[Path], object], capsys: pytest.CaptureFixture[str]
) -> None:
    index = folder / FOLDER
    before = seen(index, QUERIES)
    path = newest(folder, suffix)
    if suffix == ".bridge" and change is flip:
        flip(path, path.stat().st_size - 20)  # where opening looks
    else:
        change(path)
    with Searcher.open(index) as searcher:
        (note,) = searcher.search("river").notes
    assert path.name in note
    assert f"built {latest_built(folder)}" in note
    assert "chaja repair" in note
    assert seen(index, QUERIES) == before  # the last change was to the glossary
    commands = [["search", "river"], ["info"], ["show", "b.txt"]]
    if suffix == ".json":  # completing a word needs no bridge
        commands.append(["complete", "riv"])
    for command in commands:
        assert main([*command, "--index", str(index)]) == 0
        assert capsys.readouterr().err.count(path.name) == 1
    with pytest.raises(IndexDamaged) as refused:
        built(folder)
    assert "chaja repair" in refused.value.hint
    repair(index)
    assert is_whole(folder)
    assert Searcher.open(index).search("river").notes == ()


def latest_built(folder: Path) -> str:
    path = folder / FOLDER / f"chaja-{generations(folder / FOLDER)[0]}.json"
    facts = json.loads(path.read_bytes())
    built_at: str = facts["commit"]["about"]["built"]
    return built_at


def test_a_lost_second_commit_is_noticed_and_a_build_that_was_stopped_is_not_taken_for_it(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    index = tmp_path / FOLDER
    for name in ("chaja-2.files", "chaja-2.json.new"):
        (index / name).touch()
    with Searcher.open(index) as searcher:
        assert searcher.notes == ()
    put(tmp_path, "b.txt", "bank")
    built(tmp_path)
    (index / "chaja-2.json").unlink()
    with Searcher.open(index) as searcher:
        assert "chaja-2.json" in searcher.notes[0]


def test_a_reader_whose_commit_is_replaced_while_it_opens_is_not_told_of_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = folder / FOLDER
    flip(newest(folder, ".json"))
    current_commit = directory_reader.current_commit

    def repaired(directory: Path) -> Commit:
        monkeypatch.setattr(directory_reader, "current_commit", current_commit)
        try:
            return current_commit(directory)
        finally:
            repair(directory)

    monkeypatch.setattr(directory_reader, "current_commit", repaired)
    with Searcher.open(index) as searcher:
        assert searcher.notes == ()


def test_an_index_that_is_moved_while_it_is_open_is_not_called_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Searcher.open(folder / FOLDER) as searcher:
        (folder / FOLDER).rename(folder / "elsewhere")
        assert searcher.search("river")
        with pytest.raises(IndexMissing, match="moved or removed"):
            searcher.info()


@pytest.mark.parametrize("suffix", [".json", ".files", ".bridge"])
def test_a_link_to_itself_in_place_of_a_file_is_damage_and_is_mended(
    folder: Path, suffix: str
) -> None:
    path = newest(folder, suffix)
    path.unlink()
    path.symlink_to(path)
    assert [damage.file for damage in verify(folder / FOLDER).damage] == [path.name]
    with pytest.raises(IndexDamaged, match=r"symbolic links"):
        built(folder)
    repair(folder / FOLDER)
    assert is_whole(folder)


# ---- lost commits


def test_a_folder_that_lost_its_commits_is_damaged_and_no_index_above_it_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    below = folder / "below"
    put(below, "e.txt", "quake")
    built(below)
    (below / FOLDER / "chaja-1.json").unlink()
    monkeypatch.chdir(below)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    for command in (["search", "river"], ["verify"], ["info"]):
        assert main(command) == 2
        printed = capsys.readouterr().err
        assert "its commit file is missing" in printed
        assert "chaja repair" in printed
    assert main(["repair"]) == 0
    assert main(["search", "quake"]) == 0


def test_a_first_build_that_was_killed_is_simply_run_again(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river 강물이")
    built(tmp_path)
    index = tmp_path / FOLDER
    whole = seen(index, QUERIES)
    for names in (("*.json", "*.files", "*.bridge"), ("*.json", "*.files"), ("*.json", "chaja-*")):
        for path in {path for name in names for path in index.glob(name)}:
            path.unlink()
        next(index.glob("*.lex")).write_bytes(b"half")  # a power cut
        built(tmp_path)
        assert seen(index, QUERIES) == whole
        assert verify(index, deep=True).sound


def test_a_build_over_lost_commits_keeps_the_translations_of_the_user(folder: Path) -> None:
    for path in (folder / FOLDER).glob("chaja-*.json"):
        path.unlink()
    report = build(folder / FOLDER)  # the folders are those of the catalogue
    assert given_by_the_user(folder)[0] == {OWN, LATER}
    assert any("--dictionary FILE" in note for note in report.notes)


def test_nothing_is_removed_before_a_build_over_lost_commits_is_in_force(folder: Path) -> None:
    index = folder / FOLDER
    for path in index.glob("chaja-*.json"):
        path.unlink()
    left = {path.name: path.read_bytes() for path in index.glob("chaja-*")}
    with (
        patch.object(DirectoryReader, "open_segments", side_effect=OSError(5, "broken")),
        pytest.raises(OSError, match="broken"),
    ):
        build(index, [folder])
    assert {path.name: path.read_bytes() for path in index.glob("chaja-*")} == left


def test_a_rebuild_without_a_folder_takes_those_of_a_damaged_index(folder: Path) -> None:
    flip(newest(folder, ".json"))
    expected = seen_afresh(folder, queries=QUERIES)
    build(folder / FOLDER, rebuild=True)
    assert seen(folder / FOLDER, QUERIES) == expected
    assert given_by_the_user(folder) == ({OWN, LATER}, DICTIONARY)


# ---- repair


def test_a_sound_index_is_left_as_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (folder / FOLDER).iterdir()}
    put(folder, "new.txt", "harbour")
    assert main(["repair", "--index", str(folder / FOLDER)]) == 0
    assert "nothing is damaged" in capsys.readouterr().out
    after = {path.name: path.stat().st_mtime_ns for path in (folder / FOLDER).iterdir()}
    assert {name: after[name] for name in after if name != "lock"} == {
        name: before[name] for name in before if name != "lock"
    }


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_whatever_files_are_damaged_a_repair_makes_the_index_of_a_fresh_build(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = shutil.copytree(sound, tmp_path_factory.mktemp("damaged") / "copy")
    index = folder / FOLDER
    names = sorted(path.name for path in index.iterdir() if path.name != "lock")
    damaged = data.draw(st.sets(st.sampled_from(names), min_size=1, max_size=4))
    gone: set[str] = set()
    for name in damaged:
        path = index / name
        match data.draw(st.sampled_from(("gone", "cut", "flip"))):
            case "gone":
                path.unlink()
                gone.add(name)
            case "cut":
                path.write_bytes(path.read_bytes()[: data.draw(st.integers(0, 400))])
            case _:
                flip(path, data.draw(st.integers(0, 10_000)))
    commits = [name for name in names if name.endswith(".json")]
    first, last = (name for name in names if name.endswith(".bridge"))
    if damaged.issuperset(name for name in names if name.endswith(".files")):
        return  # nothing tells which folders it was built from
    report = repair(index)
    # To lose the commit file before is no damage: its other files are then unneeded.
    assert is_whole(folder) or not report.damage
    assert verify(index, deep=True).sound
    assert seen(index, QUERIES) == seen_afresh(folder, queries=QUERIES)
    entries, dictionary = given_by_the_user(folder)
    assert dictionary == DICTIONARY or damaged.issuperset(commits)
    # Without both of these nothing tells that there was a later commit.
    is_forgotten = gone >= {commits[-1], commits[-1].replace(".json", ".files")}
    assert last in damaged or is_forgotten or entries == {OWN, LATER}
    assert first in damaged or entries >= {OWN}


def test_documents_of_a_program_survive_damaged_postings(folder: Path) -> None:
    index = folder / FOLDER
    with open_index(index).writer() as writer:
        writer.add_document(path="notes/1", title="Note", body="harbour quake " * 300)
        writer.add_document(path="notes/2", title="Note", body="harbour budget")
    whole = seen(index, QUERIES)
    damaged = list(index.glob("*.seg"))
    for path in damaged:
        flip(path)
    report = repair(index)
    assert report.inverted == len(damaged) > 2
    assert (report.dropped, report.due, report.lost) == (0, 0, ())
    assert seen(index, QUERIES) == whole
    assert is_whole(folder)


def test_documents_of_a_program_whose_text_is_lost_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = folder / FOLDER
    expected = seen(index, QUERIES)
    with open_index(index).writer() as writer:
        writer.add_document(path="notes/1", title="Note", body="harbour quake")
    commit = latest(index)
    assert commit is not None
    flip(index / commit.segments[-1].text.name)
    assert main(["repair", "--index", str(index)]) == 0
    assert "not kept, and in no file: notes/1" in capsys.readouterr().out
    assert seen(index, QUERIES) == expected
    assert is_whole(folder)


def test_of_a_segment_that_is_gone_the_files_are_read_again_and_no_others(folder: Path) -> None:
    index = folder / FOLDER
    expected = seen(index, QUERIES)
    commit = latest(index)
    assert commit is not None
    for file in commit.segments[-1].files:
        (index / file.name).unlink()
    report = repair(index)
    assert report.build is not None
    # rows.jsonl has several documents, so it might have had one more in the lost segment.
    assert report.build.updated == report.due == 2
    assert any("the text of a segment is lost" in note for note in report.notes)
    assert seen(index, QUERIES) == expected


def test_a_file_of_which_a_segment_may_have_another_part_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ingest.ingest_pipeline._SEGMENT_WORDS", 1_000)
    put(tmp_path, "a.txt", "river bank\n\n" * (PART // 12 + 1) + "harbour")
    put(tmp_path, "b.txt", "quake")
    index = tmp_path / FOLDER
    built(tmp_path)
    expected = seen(index, QUERIES)
    commit = latest(index)
    assert commit is not None
    assert len(commit.segments) > 1
    for file in commit.segments[-1].files:
        (index / file.name).unlink()
    repair(index)
    assert seen(index, QUERIES) == expected


def test_words_of_a_lost_lexicon_are_learned_again_and_no_document_is_read(folder: Path) -> None:
    index = folder / FOLDER
    expected = seen(index, QUERIES)
    for path in index.glob("*.lex"):
        path.unlink()
    report = repair(index)
    assert report.build is not None
    assert report.build.updated == 0
    assert seen(index, QUERIES) == expected
    assert is_whole(folder)


def test_what_could_be_kept_is_committed_even_if_a_folder_is_gone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = put(folder.parent / "other", "o.txt", "vote harbour").parent
    index = folder / FOLDER
    build(index, [other])
    for path in index.glob("*.seg"):
        flip(path)
    shutil.rmtree(other)
    assert main(["repair", "--index", str(index)]) == 2
    assert "other: was indexed by an earlier build and no longer exists" in capsys.readouterr().err
    assert verify(index, deep=True).sound
    with Searcher.open(index) as searcher:
        assert len(searcher.search("harbour path:other")) == 1
        assert searcher.notes == ()


def test_without_a_list_of_files_the_command_to_build_again_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = folder / FOLDER
    for path in index.glob("chaja-*.files"):
        path.write_bytes(b"")
    left = sorted(path.name for path in index.iterdir())
    assert main(["repair", "--index", str(index)]) == 2
    assert f"chaja build --rebuild FOLDER --index {index}" in capsys.readouterr().err
    assert sorted(path.name for path in index.iterdir()) == left
    built(folder, rebuild=True)
    assert given_by_the_user(folder) == ({OWN, LATER}, DICTIONARY)


padded_texts = st.lists(st.sampled_from(("river bank. " * 90, "court", "\n\n", " " * 9))).map(
    "".join
)


@given(st.lists(padded_texts, max_size=6))
@settings(max_examples=40, deadline=None)
def test_documents_are_told_apart_by_their_stored_text_alone(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    documents = [
        Document(id=str(number), path=f"{number}.txt", title="", text=text, language="en")
        for number, text in enumerate(texts)
    ]
    whole = [(document, found) for document in documents if (found := split(document))]
    if not whole:
        return
    directory = tmp_path_factory.mktemp("segment")
    store = new_store(directory)
    segment = store.write(content_of(whole))
    store.commit([segment], Catalogue(), built="now")
    with closing(SegmentReader(directory, segment)) as reader:
        firsts = reader.column("first_passage").tolist()
    (directory / segment.postings.name).unlink()
    try:
        stored = StoredSegment(directory, segment)
    except CorruptFile:
        return  # it says that it cannot tell
    with closing(stored):
        assert stored._firsts.tolist() == firsts
