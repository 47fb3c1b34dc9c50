"""Builds give the same index as a first build of the folder, and report what they did."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from index_corpus import (
    NoKorean,
    PlainKorean,
    built,
    counts,
    put,
    put_all,
    seen,
    seen_afresh,
    some_files,
    some_text,
)
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus import changes
from corpus.errors import AnalyzerMismatch, CorpusError
from corpus.readers import SUFFIXES
from index.analysis.joints import Verdict, is_joint
from index.analysis.lexicon import Analysis
from index.builder import batch_reader
from index.builder.build import build
from index.builder.build_report import BuildReport, Progress
from index.directory.directory_reader import DirectoryReader, bridge_content
from index.directory.directory_writer import DirectoryWriter
from index.directory.location import FOLDER
from index.ingest import ingest_pipeline, writable_analyzer
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


class Editor:
    """Changes a folder at random, and counts the changes as a build should."""

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
        """Return what the next build should count, and start counting again."""
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


def test_files_that_have_not_changed_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(tmp_path, some_files(random.Random(1), 3))
    assert counts(built(tmp_path)) == (3, 0, 0, 0)
    before = sorted((tmp_path / FOLDER).glob("chaja-*"))
    forbid(monkeypatch, batch_reader, "FileReading")
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
    forbid(monkeypatch, batch_reader, "FileReading")
    assert counts(built(tmp_path)) == (0, 0, 0, 1)
    forbid(monkeypatch, changes, "digest")  # the new time was kept: its digest is not taken again
    assert counts(built(tmp_path)) == (0, 0, 0, 1)


def test_kiwi_is_asked_once_for_each_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    korean = PlainKorean()
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", lambda dictionary: korean)
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
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
    built(tmp_path)
    before = seen(tmp_path / FOLDER, ("강물이",))
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", NoKorean)
    report = built(tmp_path, rebuild=True)
    assert (counts(report), report.new_words) == ((1, 0, 0, 0), 0)
    assert seen(tmp_path / FOLDER, ("강물이",)) == before
    assert len(before.hits[0][1]) == 1


def test_line_ends_that_part_no_word_are_known_to_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Apart(PlainKorean):
        def analyze(self, keys: Sequence[str]) -> list[Analysis]:
            rows = zip(keys, super().analyze(keys), strict=True)
            return [((), int(Verdict.APART)) if is_joint(key) else found for key, found in rows]

    korean = Apart()
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", lambda dictionary: korean)
    put(tmp_path, "a.txt", "강물이 흐른다\n바람이 분다")
    built(tmp_path)
    assert "\n흐른다 바람이" in korean.asked
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", NoKorean)
    put(tmp_path, "a.txt", "강물이 흐른다\n바람이 분다\n\n강물이 분다")
    assert counts(built(tmp_path)) == (0, 1, 0, 0)


def test_what_kiwi_did_for_a_build_that_was_stopped_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "강물이 흐른다.\n\n바람이 분다.")
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)

    def stopped(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(DirectoryWriter, "commit", stopped)
        with pytest.raises(KeyboardInterrupt):
            built(tmp_path)
    assert not list((tmp_path / FOLDER).glob("chaja-*.json"))
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", NoKorean)
    report = built(tmp_path)
    assert (counts(report), report.new_words) == ((1, 0, 0, 0), 0)


@pytest.mark.parametrize("batch", [1, 5])
def test_batches_and_segments_of_any_size_give_one_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
    put_all(tmp_path, some_files(random.Random(2), 12))
    put(tmp_path, "k.txt", "강물이 흐른다.\n\n바람이 분다.")
    whole = seen_afresh(tmp_path)
    monkeypatch.setattr(batch_reader, "_FIRST_BATCH", batch)
    monkeypatch.setattr(batch_reader, "_BATCH_WORDS", batch)
    monkeypatch.setattr(ingest_pipeline, "_SEGMENT_WORDS", 600)
    built(tmp_path)
    assert len(list((tmp_path / FOLDER).glob("*.seg"))) > 1
    assert seen(tmp_path / FOLDER) == whole


def test_a_large_file_has_smaller_segments_than_many_files_of_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_reader, "_FIRST_BATCH", 20)
    monkeypatch.setattr(batch_reader, "_BATCH_WORDS", 20)
    monkeypatch.setattr(ingest_pipeline, "_SEGMENT_WORDS", 400)
    row = '{"text": "river bank court storm"}\n'
    put(tmp_path / "one", "a.jsonl", row * 90)
    put_all(tmp_path / "many", {f"{n}.jsonl": row * 10 for n in range(9)})
    built(tmp_path / "one")
    built(tmp_path / "many")
    segments = [len(list((tmp_path / name / FOLDER).glob("*.seg"))) for name in ("one", "many")]
    assert segments == [4, 1]


def test_the_report_counts_what_the_index_contains(tmp_path: Path) -> None:
    put(tmp_path, "rows.csv", "id,title,text\n1,River,a bank\n2,Court,a policy\n")
    put(tmp_path, "photo.jpg", "no text")
    put(tmp_path, "empty.txt", "")
    report = built(tmp_path)
    assert counts(report) == (2, 0, 0, 0)
    assert (report.documents, report.passages, dict(report.other_files)) == (2, 2, {".jpg": 1})
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
        forbid(patch, batch_reader, "FileReading")
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


def test_the_report_tells_how_many_files_could_not_be_read(tmp_path: Path) -> None:
    put(tmp_path, "empty.txt", "")
    (tmp_path / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    put(tmp_path, "rows.jsonl", '{"text": "river"}\n{broken\n')
    put(tmp_path, "sound.txt", "bank")
    put(tmp_path, ".chajaignore/rules", "a folder of that name cannot be read as a file")
    report = built(tmp_path)
    assert (counts(report), report.unreadable) == ((4, 0, 0, 0), 2)
    assert len(report.problems) == 4
    assert built(tmp_path).unreadable == 2
    put(tmp_path, "empty.txt", "no longer")
    assert built(tmp_path).unreadable == 1


def test_a_first_build_of_a_file_of_another_kind_is_refused_and_names_the_kinds_that_are_read(
    tmp_path: Path,
) -> None:
    put(tmp_path, "scan.png", "PNG")
    for roots in ([tmp_path / "scan.png"], [tmp_path / "scan.png", tmp_path / "other.exe"]):
        put(tmp_path, roots[-1].name, "PNG")
        with pytest.raises(CorpusError, match="files of this type are not supported: ") as caught:
            build(tmp_path / FOLDER, roots)
        supported = " ".join(sorted(SUFFIXES))
        assert caught.value.hint == f"Supported: {supported}; with --archives .zip"
        assert str(caught.value).endswith(" (1 more)") is (len(roots) == 2)
        assert not list((tmp_path / FOLDER).glob("chaja-*"))
    put(tmp_path, "a.txt", "river")
    assert build(tmp_path / FOLDER, [*roots, tmp_path / "a.txt"]).added == 1


def test_the_files_of_an_index_among_the_documents_are_no_documents(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, "chaja-2024.json", '["of the user"]')
    put(tmp_path, "other/chaja-0123456789abcdef.txt", "the text of another index")
    index = tmp_path / "idx"
    assert counts(build(index, [tmp_path])) == (2, 0, 0, 0)
    put(tmp_path, "b.txt", "bank")
    report = build(index, [tmp_path], strict=True)
    assert (counts(report), report.problems) == ((1, 0, 0, 2), ())
    assert len(list(index.glob("chaja-*.txt"))) == 2


def test_advice_to_build_names_the_index_unless_it_is_found_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "words.tsv.dic"
    words.write_text("강물이\tNNP\t0\n", encoding="utf-8")
    put(tmp_path, "docs/sub/a.txt", "river")
    monkeypatch.chdir(tmp_path / "docs" / "sub")
    for index, named in ((tmp_path / "docs" / FOLDER, ""), (Path("../../i"), " --index ../../i")):
        build(index, [tmp_path / "docs"])
        with pytest.raises(AnalyzerMismatch) as mismatch:
            build(index, dictionary=words)
        assert mismatch.value.hint.endswith(f": chaja build --rebuild{named} --dictionary {words}")


def test_advice_on_folders_names_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "docs/a.txt", "river")
    monkeypatch.chdir(tmp_path)
    for index, named in ((Path(FOLDER), ""), (Path("i"), " --index i")):
        with pytest.raises(CorpusError, match="no folder was given") as caught:
            build(index)
        assert caught.value.hint.endswith(f": chaja build{named} FOLDER")
    build(Path("i"), [Path("docs")])
    (tmp_path / "docs").rename(tmp_path / "moved")
    with pytest.raises(
        CorpusError, match="was indexed by an earlier build and no longer exists"
    ) as caught:
        build(Path("i"))
    assert caught.value.hint.endswith(": chaja build --rebuild --index i FOLDER")


def test_progress_counts_files_and_passages(tmp_path: Path) -> None:
    put_all(tmp_path, some_files(random.Random(3), 3))
    steps: list[Progress] = []
    report = build(tmp_path / FOLDER, [tmp_path], progress=steps.append)
    assert [(step.stage, step.files_done, step.files) for step in steps] == [
        ("reading", 0, 3),
        ("reading", 1, 3),
        ("reading", 2, 3),
        ("writing", 3, 3),
    ]
    assert [step.passages for step in steps] == sorted(step.passages for step in steps)
    assert steps[-1].passages == report.passages
    assert all(step.seconds >= 0 for step in steps)


def test_a_dictionary_stays_with_its_index(tmp_path: Path) -> None:
    words = tmp_path / "words.tsv.dic"
    words.write_text("강물이\tNNP\t0\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path], dictionary=words)
    words.unlink()
    assert "dictionary of 1 words" in analyzer_of(index)
    assert counts(build(index)) == (0, 0, 0, 1)
    build(index, rebuild=True)
    assert "dictionary of 1 words" in analyzer_of(index)


def test_another_dictionary_needs_a_rebuild(tmp_path: Path) -> None:
    words = tmp_path / "words.tsv.dic"
    words.write_text("강물이\tNNP\t0\n", encoding="utf-8")
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path])
    with pytest.raises(AnalyzerMismatch) as caught:
        build(index, dictionary=words)
    assert "no dictionary" in str(caught.value)
    assert "dictionary of 1 words" in str(caught.value)
    assert "chaja build --rebuild" in caught.value.hint
    build(index, dictionary=words, rebuild=True)
    assert "dictionary of 1 words" in analyzer_of(index)


def analyzer_of(index: Path) -> str:
    with Searcher.open(index) as searcher:
        return searcher.info().analyzer


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
    pipe = io.BytesIO(b"../a.txt\tb.txt\n")
    report = build(tmp_path / "docs" / FOLDER, [tmp_path / "docs"], pairs=pipe)
    assert report.notes == ()
    bridge = bridge_content(DirectoryReader.open(tmp_path / "docs" / FOLDER))
    assert bridge.declared == (("a.txt", "sub/b.txt"),)


def test_what_a_pipe_declares_is_found_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(tmp_path / "docs", {"a.txt": "honey", "sub/b.txt": "Bees."})
    monkeypatch.chdir(tmp_path / "docs" / "sub")
    batch_reader, writing = os.pipe()
    try:
        with open(writing, "wb") as pipe:
            pipe.write(b"../a.txt\tb.txt\n")
        pipe = Path(f"/dev/fd/{batch_reader}")
        build(tmp_path / "docs" / FOLDER, [tmp_path / "docs"], pairs=pipe)
    finally:
        os.close(batch_reader)
    bridge = bridge_content(DirectoryReader.open(tmp_path / "docs" / FOLDER))
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
    assert note.startswith("pairs.tsv is indexed as a document too")
    put(tmp_path / "docs", ".chajaignore", "pairs.tsv\n")
    assert notes() == ()
