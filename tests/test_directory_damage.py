"""A damaged index is reported or gives right results; a rebuild repairs it."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest
from index_corpus import NoKorean, PlainKorean, Seen, built, put, put_all, seen, some_files
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus.errors import AnalyzerMismatch, IndexDamaged, IndexMissing, IndexOutdated
from index import analyzers
from index.arrays.files import CorruptFile
from index.builder.build import build
from index.directory.damage import damaged, reported_damage
from index.directory.directory_reader import DirectoryReader, lexicon_path
from index.directory.directory_writer import DirectoryWriter
from index.directory.lexicon_files import LexiconFiles
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk", "plain_korean")

QUERIES = ("river treaty", "강물이", "glac*", '"storm policy"', "path:a")
DAMAGE = (IndexDamaged, IndexMissing, IndexOutdated, AnalyzerMismatch)
KINDS = ("json", "files", "seg", "txt", "del", "lexicon")


@pytest.fixture
def plain_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kiwi is not loaded for a word that a damaged lexicon has lost."""
    monkeypatch.setattr(analyzers, "Korean", PlainKorean)
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Seen]:
    """A folder with an index of two segments, with deletions, and what is seen of it."""
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyzers, "Korean", NoKorean)
        patch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
        put_all(folder, some_files(random.Random(9), 6))
        put(folder, "k.txt", "강물이 흐른다.\n\n바람이 분다 river.")
        built(folder)
        put(folder, "b.txt", "glacier storm")
        (folder / "a1.md").unlink()
        built(folder)
        (folder / FOLDER / "chaja-1.json").unlink()  # there is no commit before to fall back to
        DirectoryWriter.open(folder / FOLDER).clear()
        return folder, seen(folder / FOLDER, QUERIES)


def files_of(index: Path) -> list[Path]:
    return sorted(path for path in index.iterdir() if path.name != "lock")


def of_kind(index: Path, kind: str) -> Path:
    """Return the newest file of a kind."""
    return [p for p in files_of(index) if kind in (p.suffix[1:], p.name.split("-")[0])][-1]


def outcome(look: Callable[[], Seen]) -> Seen | None:
    """Return what was seen, or None if damage was reported; any other error fails the test."""
    try:
        return look()
    except DAMAGE:
        return None


def rebuilt(folder: Path) -> Seen:
    built(folder, rebuild=True)
    return seen(folder / FOLDER, QUERIES)


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", [bytes, cut, None], ids=["emptied", "cut", "removed"])
def test_a_file_that_is_lost_is_told_or_not_missed_and_a_rebuild_mends_it(
    sound: tuple[Path, Seen], tmp_path: Path, kind: str, change: Callable[[bytes], bytes] | None
) -> None:
    folder = shutil.copytree(sound[0], tmp_path / "copy")
    path = of_kind(folder / FOLDER, kind)
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()) if change is cut else b"")
    assert outcome(lambda: seen(folder / FOLDER, QUERIES)) in (None, sound[1])
    put(folder, "new.txt", "novel")  # a build has something to commit, and takes it back
    first = outcome(lambda: built(folder) and seen(folder / FOLDER, QUERIES))
    (folder / "new.txt").unlink()
    second = outcome(lambda: built(folder) and seen(folder / FOLDER, QUERIES))
    assert second in (None, sound[1])
    assert (first is None) == (second is None)
    assert rebuilt(folder) == sound[1]


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bits_are_told_or_do_no_harm(
    sound: tuple[Path, Seen], tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    for number in range(40):
        folder = shutil.copytree(sound[0], tmp_path / str(number))
        path = rng.choice(files_of(folder / FOLDER))
        data = bytearray(path.read_bytes())
        for _ in range(rng.choice((1, 2, 8))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(data))
        found = outcome(lambda folder=folder: seen(folder / FOLDER, QUERIES))
        assert found in (None, sound[1])
        put(folder, "new.txt", "novel")
        outcome(lambda folder=folder: built(folder) and None)
        (folder / "new.txt").unlink()
        if number % 5 == 0:
            assert rebuilt(folder) == sound[1]
        shutil.rmtree(folder)


def change_commit_file(index: Path, *, format: object = None, **about: object) -> None:  # noqa: A002 - as it is called there
    """Change the metadata of an index, as another version might have written it."""
    path = of_kind(index, "json")
    facts = json.loads(path.read_bytes())
    facts["format"] = format or facts["format"]
    facts["commit"]["about"] |= about
    facts["checksum"] = crc32(json.dumps(facts["commit"], sort_keys=True).encode())
    path.write_text(json.dumps(facts), encoding="utf-8")


@pytest.mark.parametrize("number", [999, 2, 1, "3", None, []])
def test_an_index_of_another_format_is_outdated(
    sound: tuple[Path, Seen], tmp_path: Path, number: object
) -> None:
    folder = shutil.copytree(sound[0], tmp_path / "copy")
    change_commit_file(folder / FOLDER, format=number or "none")
    age, hint = (
        ("a newer", "Update Chaja") if number == 999 else ("an older", "chaja build --rebuild")
    )
    for attempt in (lambda: Searcher.open(folder / FOLDER), lambda: built(folder)):
        with pytest.raises(IndexOutdated, match=f"{age} version of Chaja") as caught:
            attempt()
        assert hint in caught.value.hint
        assert "FOLDER" not in caught.value.hint
        assert ("--rebuild" in caught.value.hint) == (number != 999)
    assert rebuilt(folder) == sound[1]


def test_terms_of_another_analyzer_are_reported(sound: tuple[Path, Seen], tmp_path: Path) -> None:
    folder = shutil.copytree(sound[0], tmp_path / "copy")
    change_commit_file(folder / FOLDER, analyser="kiwi 0.1, long ago")
    for attempt in (lambda: Searcher.open(folder / FOLDER), lambda: built(folder)):
        with pytest.raises(AnalyzerMismatch, match=r"kiwi 0\.1, long ago.*kiwi 0\.2") as caught:
            attempt()
        assert "chaja build --rebuild" in caught.value.hint
    build(folder / FOLDER, rebuild=True)  # as the hint says, without the folder
    assert seen(folder / FOLDER, QUERIES) == sound[1]


def test_a_lost_list_of_files_does_not_keep_documents_that_are_gone(
    sound: tuple[Path, Seen], tmp_path: Path
) -> None:
    folder = shutil.copytree(sound[0], tmp_path / "copy")
    of_kind(folder / FOLDER, "files").write_bytes(b"")
    (folder / "b.txt").unlink()
    with pytest.raises(IndexDamaged):
        built(folder)


def test_a_rebuild_mends_a_lexicon_that_cannot_be_read(
    sound: tuple[Path, Seen], tmp_path: Path
) -> None:
    folder = shutil.copytree(sound[0], tmp_path / "copy")
    stem = lexicon_path(
        folder / FOLDER, DirectoryReader.open(folder / FOLDER).about.analyzer_fingerprint
    ).name
    files = LexiconFiles(folder / FOLDER, stem, writable=True)
    files.add({"강물이".encode(): b"[1,[["}, ())
    files.close()
    put(folder, "new.txt", "강물이")
    for attempt in (lambda: seen(folder / FOLDER, QUERIES), lambda: built(folder)):
        with pytest.raises(IndexDamaged):
            attempt()
    (folder / "new.txt").unlink()
    assert rebuilt(folder) == sound[1]


def test_a_rebuild_of_a_damaged_index_keeps_its_dictionary(tmp_path: Path) -> None:
    words = tmp_path / "words.dic"
    words.write_text("강물이\tNNP\t0\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path], dictionary=words)
    of_kind(index, "seg").write_bytes(b"")
    built(tmp_path, rebuild=True)
    assert "dictionary of 1 words" in DirectoryReader.open(index).about.analyzer_fingerprint


@pytest.mark.parametrize("number", [2, 99])
def test_a_rebuild_of_an_index_of_another_format_keeps_its_dictionary(
    tmp_path: Path, number: int
) -> None:
    words = tmp_path / "words.dic"
    words.write_text("강물이\tNNP\t0\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path], dictionary=words)
    change_commit_file(index, format=number)
    with pytest.raises(IndexOutdated):
        DirectoryReader.open(index)
    built(tmp_path, rebuild=True)
    assert "dictionary of 1 words" in DirectoryReader.open(index).about.analyzer_fingerprint


def test_errors_that_are_no_damage_pass_through(tmp_path: Path) -> None:
    for error in (
        *(KeyError("x"), ValueError(), TypeError(), IndexError(), MemoryError(), RecursionError()),
        PermissionError(13, "no"),
        FileNotFoundError(2, "no"),
        KeyboardInterrupt(),
    ):
        with pytest.raises(type(error)), reported_damage(tmp_path):
            raise error
    with pytest.raises(IndexDamaged), reported_damage(tmp_path, missing=True):
        raise FileNotFoundError(2, "no")
    with pytest.raises(IndexDamaged), reported_damage(tmp_path):
        raise CorruptFile("a.seg: is empty")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CorruptFile("a.seg: page 3 does not match its checksum"), "(a.seg: page 3 does not match"),
        (FileNotFoundError(2, "No such file", "/x/a.seg"), "(no such file: a.seg)"),
    ],
)
def test_damage_is_told_in_few_words_with_what_to_do(
    tmp_path: Path, error: Exception, said: str
) -> None:
    raised = damaged(tmp_path, error)
    assert said in str(raised)
    assert "chaja verify" in raised.hint
    assert "chaja repair" in raised.hint


def test_a_lexicon_that_is_gone_as_a_whole_is_damage(
    sound: tuple[Path, Seen], tmp_path: Path
) -> None:
    folder = shutil.copytree(sound[0], tmp_path / "copy")
    for path in (folder / FOLDER).glob("*.lex"):
        path.unlink()
    with pytest.raises(IndexDamaged, match="lexicon is missing") as caught:
        Searcher.open(folder / FOLDER)
    assert "chaja verify" in caught.value.hint
    assert rebuilt(folder) == sound[1]
