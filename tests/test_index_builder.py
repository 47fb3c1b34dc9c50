"""Builds bring an index to what a first build of the folder would give, and tell what they did."""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest
from index_corpus import (
    NoKorean,
    PlainKorean,
    built,
    put,
    put_all,
    seen,
    seen_afresh,
    some_files,
    some_text,
)
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus import Problem, changes
from corpus.errors import AnalyserMismatch, CorpusError
from index import builder, intake, reading, vocabulary
from index.bridge.keeper import content_of
from index.builder import BuildReport, Progress, build
from index.catalogue import Catalogue
from index.place import FOLDER
from index.store import Store
from index.writable_store import WritableStore
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


class Editor:
    """Changes a folder at random, and knows what a build should count."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self._folder = folder
        self._rng = rng
        self._built: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._named = 0

    def change(self) -> None:
        """Add, edit, delete or rename a file."""
        change = self._rng.choice((self._add, self._add, self._edit, self._delete, self._rename))
        change()

    def _write(self, name: str, text: str) -> None:
        put(self._folder, name, text)
        self._now[name] = text

    def _add(self) -> None:
        self._named += 1
        suffix = self._rng.choice(("txt", "md", "sub/x.md"))
        self._write(f"n{self._named}.{suffix}", some_text(self._rng))

    def _edit(self) -> None:
        if self._now:
            self._write(self._rng.choice(sorted(self._now)), some_text(self._rng, paragraphs=2))

    def _delete(self) -> str:
        if not self._now:
            return ""
        name = self._rng.choice(sorted(self._now))
        (self._folder / name).unlink()
        return self._now.pop(name)

    def _rename(self) -> None:
        if text := self._delete():
            self._named += 1
            self._write(f"renamed{self._named}.txt", text)

    def expected(self) -> tuple[int, int, int, int]:
        """Return what a build counts now, and take it for done."""
        before, now = self._built, self._now
        kept = before.keys() & now.keys()
        updated = sum(before[name] != now[name] for name in kept)
        added, removed = len(now.keys() - before.keys()), len(before.keys() - now.keys())
        self._built = dict(now)
        return added, updated, removed, len(kept) - updated


@pytest.mark.parametrize("seed", range(6))
def test_any_way_to_a_folder_gives_the_index_of_the_folder(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    editor = Editor(tmp_path, rng)
    put(tmp_path, "always.txt", "there is something to read")  # else a first build is refused
    built(tmp_path)
    for step in range(24):
        for _ in range(rng.randint(0, 4)):
            editor.change()
        added, updated, removed, unchanged = editor.expected()
        assert counts(built(tmp_path)) == (added, updated, removed, unchanged + 1)
        if step % 8 == 7:
            assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)


def forbid(patch: pytest.MonkeyPatch, module: object, name: str) -> None:
    def called(*arguments: object, **options: object) -> None:
        pytest.fail(f"{name} was called")

    patch.setattr(module, name, called)


def paths(index: Path) -> list[str]:
    return sorted({str(passage[0]) for passage in seen(index, ()).passages})


def test_files_that_have_not_changed_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(tmp_path, some_files(random.Random(1), 3))
    assert counts(built(tmp_path)) == (3, 0, 0, 0)
    before = sorted((tmp_path / FOLDER).glob("chaja-*"))
    forbid(monkeypatch, reading, "read")
    forbid(monkeypatch, changes, "digest")
    report = built(tmp_path)
    assert counts(report) == (0, 0, 0, 3)
    assert (report.documents, report.new_words, report.kiwi_seconds) == (3, 0, 0.0)
    assert sorted((tmp_path / FOLDER).glob("chaja-*")) == before


def test_a_file_with_a_new_time_and_the_old_text_is_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = some_text(random.Random(1))
    put(tmp_path, "a.txt", text)
    built(tmp_path)
    put(tmp_path, "a.txt", text)
    forbid(monkeypatch, reading, "read")
    assert counts(built(tmp_path)) == (0, 0, 0, 1)
    forbid(monkeypatch, changes, "digest")  # the new time was kept: its digest is not taken again
    assert counts(built(tmp_path)) == (0, 0, 0, 1)


def test_kiwi_is_asked_once_for_each_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    korean = PlainKorean()
    monkeypatch.setattr(vocabulary, "KoreanProcess", lambda dictionary: korean)
    put(tmp_path, "a.txt", "강물이 흐른다. 강물이 river 흐른다.")
    put(tmp_path, "b.txt", "바람이 흐른다.")
    report = built(tmp_path)
    assert sorted(korean.asked) == ["강물이", "바람이", "흐른다"]
    assert report.new_words == 3
    put(tmp_path, "c.txt", "바람이 잔다.")
    assert built(tmp_path).new_words == 1
    assert korean.asked[3:] == ["잔다"]


def test_a_rebuild_of_known_words_asks_kiwi_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "강물이 흐른다.\n\n바람이 분다.")
    monkeypatch.setattr(vocabulary, "KoreanProcess", PlainKorean)
    built(tmp_path)
    before = seen(tmp_path / FOLDER, ("강물이",))
    monkeypatch.setattr(vocabulary, "KoreanProcess", NoKorean)
    report = built(tmp_path, rebuild=True)
    assert (counts(report), report.new_words) == ((1, 0, 0, 0), 0)
    assert seen(tmp_path / FOLDER, ("강물이",)) == before
    assert len(before.hits[0][1]) == 1


def test_what_kiwi_did_for_a_build_that_was_stopped_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "강물이 흐른다.\n\n바람이 분다.")
    monkeypatch.setattr(vocabulary, "KoreanProcess", PlainKorean)

    def stopped(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(WritableStore, "commit", stopped)
        with pytest.raises(KeyboardInterrupt):
            built(tmp_path)
    assert not list((tmp_path / FOLDER).glob("chaja-*.json"))
    monkeypatch.setattr(vocabulary, "KoreanProcess", NoKorean)
    report = built(tmp_path)
    assert (counts(report), report.new_words) == ((1, 0, 0, 0), 0)


@pytest.mark.parametrize("batch", [1, 5])
def test_batches_and_segments_of_any_size_give_one_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(vocabulary, "KoreanProcess", PlainKorean)
    put_all(tmp_path, some_files(random.Random(2), 12))
    put(tmp_path, "k.txt", "강물이 흐른다.\n\n바람이 분다.")
    whole = seen_afresh(tmp_path)
    monkeypatch.setattr(reading, "_FIRST_BATCH", batch)
    monkeypatch.setattr(reading, "_BATCH_WORDS", batch)
    monkeypatch.setattr(intake, "_SEGMENT_WORDS", 150)
    built(tmp_path)
    assert len(list((tmp_path / FOLDER).glob("*.seg"))) > 1
    assert seen(tmp_path / FOLDER) == whole


def test_the_report_tells_what_the_index_holds(tmp_path: Path) -> None:
    put(tmp_path, "rows.csv", "id,title,text\n1,River,a bank\n2,Court,a policy\n")
    put(tmp_path, "photo.jpg", "no text")
    put(tmp_path, "empty.txt", "")
    report = built(tmp_path)
    assert counts(report) == (2, 0, 0, 0)
    assert (report.documents, report.passages, report.other_files) == (2, 2, 1)
    assert [problem.path for problem in report.problems] == ["empty.txt"]
    assert report.seconds > 0


def test_problems_of_unchanged_files_are_told_again_without_reading_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "empty.txt", "")
    put(tmp_path, "rows.jsonl", '{"text": "river"}\n{broken\n')
    put(tmp_path, "sound.txt", "bank")
    first = built(tmp_path)
    assert [(p.path, p.line) for p in first.problems] == [("empty.txt", 0), ("rows.jsonl", 2)]
    with monkeypatch.context() as patch:
        forbid(patch, reading, "read")
        forbid(patch, changes, "digest")
        assert built(tmp_path).problems == first.problems
    put(tmp_path, "empty.txt", "no longer")
    (tmp_path / "rows.jsonl").unlink()
    assert built(tmp_path).problems == ()


def test_a_strict_build_stops_at_a_problem_and_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path, "sound.txt", "river bank")
    built(tmp_path)
    before = seen(tmp_path / FOLDER)
    put(tmp_path, "rows.jsonl", "{broken\n")
    put(tmp_path, "sound.txt", "treaty")
    with pytest.raises(CorpusError, match=r"rows\.jsonl:1: .*") as caught:
        built(tmp_path, strict=True)
    assert "Nothing was built" in caught.value.hint
    assert seen(tmp_path / FOLDER) == before
    put(tmp_path, "empty.txt", "")
    with pytest.raises(CorpusError, match=r"empty\.txt: "):
        built(tmp_path, strict=True)
    assert counts(built(tmp_path)) == (2, 1, 0, 0)
    with pytest.raises(CorpusError):  # remembered problems count as well
        built(tmp_path, strict=True)


def test_a_strict_first_build_that_stops_leaves_no_index(tmp_path: Path) -> None:
    put(tmp_path, "empty.txt", "")
    with pytest.raises(CorpusError):
        built(tmp_path, strict=True)
    assert not list((tmp_path / FOLDER).glob("chaja-*"))
    assert counts(built(tmp_path)) == (1, 0, 0, 0)


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


def test_the_first_build_needs_a_root(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no folder was named") as caught:
        build(tmp_path / FOLDER)
    assert "chaja build FOLDER" in caught.value.hint


def test_an_index_that_knows_no_roots_asks_for_one(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    store = WritableStore.open(tmp_path / FOLDER)
    store.commit(store.segments, Catalogue(store.catalogue().files), built="now")
    with pytest.raises(CorpusError, match="no folder was named"):
        build(tmp_path / FOLDER)


def test_a_root_leaves_alone_what_stands_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "docs/a.txt", "river")
    put(tmp_path, "docs2/b.txt", "bank")
    index = tmp_path / FOLDER
    build(index, [tmp_path / "docs", tmp_path / "docs2"])
    (tmp_path / "docs2" / "b.txt").unlink()
    assert counts(build(index, [tmp_path / "docs"])) == (0, 0, 0, 1)
    assert paths(index) == ["docs/a.txt", "docs2/b.txt"]
    assert counts(build(index, [tmp_path / "docs2"])) == (0, 0, 1, 0)


def test_the_folder_of_the_index_leaves_alone_what_stands_outside(tmp_path: Path) -> None:
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
    said = "docs: no such file or folder" if named else "docs: was built earlier and is gone"
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


def test_a_file_that_vanishes_during_the_build_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(tmp_path, name, "river")
    built(tmp_path)
    for name in ("a.txt", "b.txt", "c.txt"):
        put(tmp_path, name, "river bank")
    taken = reading.fingerprint

    def vanishing(file: builder.SourceFile) -> builder.Fingerprint:
        if file.name == "a.txt":
            file.path.unlink()
        found = taken(file)
        if file.name == "b.txt":
            file.path.unlink()
        return found

    monkeypatch.setattr(reading, "fingerprint", vanishing)
    report = built(tmp_path)
    monkeypatch.undo()
    assert sorted(problem.path for problem in report.problems) == ["a.txt", "b.txt"]
    assert all(problem.reason for problem in report.problems)
    assert paths(tmp_path / FOLDER) == ["c.txt"]
    assert counts(built(tmp_path)) == (0, 0, 2, 1)
    assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)


def test_a_file_that_could_not_be_read_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "a.txt", "river")

    def unreadable(file: builder.SourceFile) -> builder.Fingerprint:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "fingerprint", unreadable)
        report = built(tmp_path)
    assert report.problems == (Problem(path="a.txt", reason="cannot be read: Permission denied"),)
    assert report.documents == 0
    path.touch()
    assert counts(built(tmp_path)) == (0, 1, 0, 0)
    assert paths(tmp_path / FOLDER) == ["a.txt"]


def test_a_file_that_cannot_be_opened_now_keeps_its_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    put(tmp_path, "a.txt", "river court")
    taken = reading.fingerprint

    def unreadable(file: builder.SourceFile) -> builder.Fingerprint:
        raise PermissionError(13, "Permission denied")

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(reading, "fingerprint", unreadable)
            report = built(tmp_path)
        assert [problem.path for problem in report.problems] == ["a.txt"]
        assert report.documents == 1
    assert reading.fingerprint is taken
    report = built(tmp_path)
    assert (counts(report), report.problems) == ((0, 1, 0, 0), ())
    assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)


def test_a_first_build_that_finds_nothing_is_refused_and_a_later_one_is_not(
    tmp_path: Path,
) -> None:
    put(tmp_path, "photo.jpg", "no text")
    with pytest.raises(CorpusError, match="no file that can be read") as caught:
        built(tmp_path)
    assert ".txt" in caught.value.hint
    assert not list((tmp_path / FOLDER).glob("chaja-*"))
    path = put(tmp_path, "a.txt", "river")
    built(tmp_path)
    path.unlink()
    assert counts(built(tmp_path)) == (0, 0, 1, 0)
    assert seen(tmp_path / FOLDER).documents == 0


def test_progress_counts_files_and_passages(tmp_path: Path) -> None:
    put_all(tmp_path, some_files(random.Random(3), 3))
    told: list[Progress] = []
    report = build(tmp_path / FOLDER, [tmp_path], progress=told.append)
    assert [(step.stage, step.files_done, step.files) for step in told] == [
        ("reading", 0, 3),
        ("reading", 1, 3),
        ("reading", 2, 3),
        ("writing", 3, 3),
    ]
    assert [step.passages for step in told] == sorted(step.passages for step in told)
    assert told[-1].passages == report.passages
    assert all(step.seconds >= 0 for step in told)


def test_a_dictionary_stays_with_its_index(tmp_path: Path) -> None:
    words = tmp_path / "words.tsv.dic"
    words.write_text("강물이\tNNP\t0\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path], dictionary=words)
    words.unlink()
    assert "dictionary of 1 words" in analyser_of(index)
    assert counts(build(index)) == (0, 0, 0, 1)
    build(index, rebuild=True)
    assert "dictionary of 1 words" in analyser_of(index)


def test_another_dictionary_needs_a_rebuild(tmp_path: Path) -> None:
    words = tmp_path / "words.tsv.dic"
    words.write_text("강물이\tNNP\t0\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path])
    with pytest.raises(AnalyserMismatch) as caught:
        build(index, dictionary=words)
    assert "no dictionary" in str(caught.value)
    assert "dictionary of 1 words" in str(caught.value)
    assert "chaja build --rebuild" in caught.value.hint
    build(index, dictionary=words, rebuild=True)
    assert "dictionary of 1 words" in analyser_of(index)


def analyser_of(index: Path) -> str:
    with Searcher.open(index) as searcher:
        return searcher.info().analyser


def test_the_package_gives_its_builder_and_nothing_else() -> None:
    import index

    assert index.build is build
    assert index.BuildReport is BuildReport
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        _ = index.missing


def test_what_a_stream_declares_is_found_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(tmp_path / "docs", {"a.txt": "honey", "sub/b.txt": "Bees."})
    monkeypatch.chdir(tmp_path / "docs" / "sub")
    told = io.BytesIO(b"../a.txt\tb.txt\n")
    report = build(tmp_path / "docs" / FOLDER, [tmp_path / "docs"], pairs=told)
    assert report.notes == ()
    bridge = content_of(Store.open(tmp_path / "docs" / FOLDER))
    assert bridge.declared == (("a.txt", "sub/b.txt"),)


def test_what_tells_of_words_and_pairs_is_noted_where_it_is_a_document_as_well(
    tmp_path: Path,
) -> None:
    files = {"a.txt": "honey", "b.txt": "bees", "pairs.tsv": "a.txt\tb.txt\n"}
    put_all(tmp_path / "docs", files)
    put_all(tmp_path, {"terms.tsv": "벌\tbee\n"})

    def notes() -> tuple[str, ...]:
        return build(
            tmp_path / "docs" / FOLDER,
            [tmp_path / "docs"],
            pairs=tmp_path / "docs" / "pairs.tsv",
            glossaries=[tmp_path / "terms.tsv"],
        ).notes

    [note] = notes()
    assert note.startswith("pairs.tsv is taken for a document as well")
    put(tmp_path / "docs", ".chajaignore", "pairs.tsv\n")
    assert notes() == ()
