"""`verify` reads every byte, and says of each file what is wrong with it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from index_corpus import PlainKorean, built, put, put_all, some_files
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import KNOWN

from corpus.errors import AnalyserMismatch, IndexDamaged, IndexOutdated
from index import analyser, compare, vocabulary
from index import verify as module
from index.analysis.lexicon import Lexicon
from index.analysis.lexicon_files import LexiconFiles
from index.commit import latest, write_commit
from index.fields import Field
from index.place import FOLDER
from index.segment import writer
from index.segment.content import FieldPostings, SegmentContent
from index.segment.impacts import FREQUENCIES, impacts_of
from index.segment.merge import merged
from index.store import Store, lexicon_path
from index.verify import Verification, verify
from index.writable_store import WritableStore
from search.cli import main

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk", "plain_korean")


@pytest.fixture
def plain_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here waits for Kiwi."""
    monkeypatch.setattr(analyser, "Korean", PlainKorean)
    monkeypatch.setattr(vocabulary, "KoreanProcess", PlainKorean)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of two segments, with deletions and texts in two languages."""
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "KoreanProcess", PlainKorean)
        put_all(folder, some_files(Random(3), 12))
        put(folder, "k.md", "# 강물 정상회의\n\n강물이 흐른다 강물은.\n\n바람이 분다 river.")
        put(folder, "often.txt", "river treaty " * 180)
        built(folder)
        (folder / "a1.md").unlink()
        put(folder, "b.txt", "glacier storm policy")
        built(folder)
    return folder


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "copy") / FOLDER


def told(found: Verification) -> list[tuple[str, str]]:
    return [(damage.file, damage.reason) for damage in found.damage]


def only(index: Path, pattern: str) -> Path:
    return sorted(index.glob(pattern), key=lambda path: path.stat().st_size)[-1]


@pytest.mark.parametrize("share", [1, 7, 100_000])
@pytest.mark.parametrize("postings", [1, 300, 1_000_000])
def test_a_sound_index_is_found_sound_in_shares_of_any_size(
    index: Path, monkeypatch: pytest.MonkeyPatch, share: int, postings: int
) -> None:
    monkeypatch.setattr(compare, "_AT_ONCE", share)
    monkeypatch.setattr(compare, "_POSTINGS", postings)
    found = verify(index, deep=True)
    assert told(found) == []
    assert found.sound
    files = [path for path in index.iterdir() if path.name != "lock"]
    assert found.files == len(files)
    assert found.bytes == sum(path.stat().st_size for path in files)
    assert found.unneeded == ()
    held = [segment.passages for segment in Store.open(index).segments]
    assert len(held) == 2
    assert found.compared == sum(held)
    assert verify(index).compared == 0


def test_an_index_without_a_document_is_sound(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "river")
    built(tmp_path)
    path.unlink()
    built(tmp_path)
    assert verify(tmp_path / FOLDER, deep=True).sound


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("chaja-*.files", "no such file or directory"),
        ("*.seg", "no such file or directory"),
        ("*.txt", "no such file or directory"),
        ("*.del", "no such file or directory"),
    ],
)
def test_a_file_that_is_missing_is_named(index: Path, pattern: str, reason: str) -> None:
    path = only(index, pattern)
    path.unlink()
    assert told(verify(index)) == [(path.name, reason)]
    assert not verify(index).sound


def test_a_lexicon_without_a_file_is_named(index: Path) -> None:
    lexicon = lexicon_path(index, Store.open(index).about.analyser)
    for path in index.glob("*.lex"):
        path.unlink()
    assert told(verify(index, deep=True)) == [(lexicon.name, "the lexicon is missing")]


def test_an_index_without_its_table_of_contents_is_damaged(index: Path) -> None:
    only(index, "chaja-*.json").unlink()
    with pytest.raises(IndexDamaged, match="no table of contents"):
        verify(index)


def test_all_that_is_damaged_is_named_at_once(index: Path) -> None:
    paths = [only(index, pattern) for pattern in ("*.seg", "*.txt", "*.files")]
    for path in paths:
        data = bytearray(path.read_bytes())
        data[100] ^= 4
        path.write_bytes(data)
    found = verify(index, deep=True)
    assert sorted(name for name, _ in told(found)) == sorted(path.name for path in paths)
    assert all(reason.endswith("is not what was written") for _, reason in told(found))
    assert 0 < found.compared < 10  # the other segment is compared all the same


def test_white_space_in_the_table_of_contents_counts(index: Path) -> None:
    path = only(index, "chaja-*.json")
    path.write_bytes(path.read_bytes()[:-1])
    assert told(verify(index)) == [(path.name, "is not what was written")]


@pytest.mark.parametrize("number", [2, 3, 5])
def test_an_index_of_another_format_is_outdated(
    index: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = only(index, "chaja-*.json")
    path.write_bytes(path.read_bytes().replace(b'"format": 4', f'"format": {number}'.encode()))
    with pytest.raises(IndexOutdated, match="another version"):
        verify(index)
    assert main(["verify", "--index", str(index)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "another version of Chaja" in printed.err


def test_nobody_knows_what_a_damaged_table_of_contents_needs(index: Path) -> None:
    path = only(index, "chaja-*.json")
    for data, reason in ((b"{}", "lacks format"), (b"", "JSONDecodeError: Expecting value")):
        path.write_bytes(data)
        found = verify(index)
        assert found.unneeded == ()
        ((name, said),) = told(found)
        assert name == path.name
        assert said.startswith(reason)


def test_an_index_of_format_1_is_outdated(tmp_path: Path) -> None:
    put(tmp_path, "current", "index-1\n")
    with pytest.raises(IndexOutdated, match="another version"):
        verify(tmp_path)


def test_a_file_of_another_index_is_told(index: Path, tmp_path: Path) -> None:
    put(tmp_path / "other", "a.txt", "river")
    built(tmp_path / "other")
    other = only(tmp_path / "other" / FOLDER, "*.seg")
    path = only(index, "*.seg")
    shutil.copy(other, path)
    assert told(verify(index)) == [(path.name, "is not what was committed")]


def test_files_that_no_commit_needs_are_told_and_are_no_damage(index: Path) -> None:
    names = [
        "chaja-0123456789abcdef.seg",
        "chaja-1.files",
        "chaja-9.json.new",
        "lexicon-0-1.lex",
    ]
    for name in (*names, "notes.txt", "lock"):
        (index / name).touch()
    found = verify(index)
    assert found.sound
    assert found.unneeded == tuple(names)


def test_a_lexicon_that_cannot_be_read_is_told(index: Path) -> None:
    lexicon = LexiconFiles(
        index, lexicon_path(index, Store.open(index).about.analyser).name, writable=True
    )
    lexicon.add({"강물이".encode(): b"[1,[["}, ())
    lexicon.close()
    path = max(index.glob("*.lex"), key=lambda path: path.stat().st_mtime_ns)
    ((name, reason),) = told(verify(index, deep=True))
    assert name == path.name
    assert "JSON" in reason
    path.write_bytes(b"no lexicon" * 1_000)
    assert told(verify(index, deep=True)) == [(path.name, "is cut short, or no file of Chaja's")]


def test_a_commit_that_comes_meanwhile_is_read_instead(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = module._Reading._contents

    def overtaken(reading: module._Reading) -> object:
        commit = contents(reading)
        monkeypatch.setattr(module._Reading, "_contents", contents)
        put(index.parent, "b.txt", "another")
        built(index.parent)
        return commit

    monkeypatch.setattr(module._Reading, "_contents", overtaken)
    assert verify(index).sound


def rewritten(index: Path, change: Callable[[SegmentContent], SegmentContent]) -> str:
    """Replace the largest segment by a changed one, and commit that; return its name."""
    store = WritableStore.open(index)
    (place,) = [n for n, segment in enumerate(store.segments) if segment.passages > 10]
    readers = store.readers()
    content = merged([readers[place]])
    content = replace(
        content,
        passages=list(content.passages),
        documents=list(content.documents),
        fields=list(content.fields),
    )
    for reader in readers:
        reader.close()
    segments = list(store.segments)
    segments[place] = store.write(change(content))
    store.commit(segments, store.catalogue(), built="now")
    return segments[place].postings.name


def with_field(
    content: SegmentContent, field: Field, change: Callable[[FieldPostings], FieldPostings]
) -> SegmentContent:
    fields = [(name, change(part) if name is field else part) for name, part in content.fields]
    return replace(content, fields=fields)


def swapped(numbers: np.ndarray, first: int, second: int) -> np.ndarray:
    numbers = numbers.copy()
    numbers[[first, second]] = numbers[[second, first]]
    return numbers


def test_postings_that_are_not_those_of_the_text_are_told_by_their_term(index: Path) -> None:
    assert verify(index, deep=True).sound

    def renamed(postings: FieldPostings) -> FieldPostings:
        return replace(postings, terms=[*postings.terms[:-1], b"zzz"])

    name = rewritten(index, lambda content: with_field(content, Field.BODY, renamed))
    assert verify(index).sound
    ((file, reason),) = told(verify(index, deep=True))
    assert file == name
    assert reason.startswith("body: the postings of ")


@pytest.mark.parametrize("column", ["passages", "frequencies", "positions"])
def test_any_number_of_a_posting_counts(index: Path, column: str) -> None:
    def moved(postings: FieldPostings) -> FieldPostings:
        numbers = getattr(postings, column).copy()
        place = int(np.flatnonzero(np.diff(numbers))[-1])
        return replace(postings, **{column: swapped(numbers, place, place + 1)})

    name = rewritten(index, lambda content: with_field(content, Field.BODY, moved))
    found = told(verify(index, deep=True))
    assert [file for file, _ in found] == [name]
    assert found[0][1].startswith("body: the postings of ")


def test_a_term_that_is_left_out_or_too_many_is_told(index: Path) -> None:
    def shortened(postings: FieldPostings) -> FieldPostings:
        bounds, last = postings.bounds, int(postings.bounds[-2])
        occurrences = int(postings.frequencies[:last].sum())
        return FieldPostings(
            postings.terms[:-1],
            bounds[:-1],
            postings.passages[:last],
            postings.frequencies[:last],
            postings.positions[:occurrences],
        )

    def lengthened(postings: FieldPostings) -> FieldPostings:
        return FieldPostings(
            [*postings.terms, b"\xff"],
            np.append(postings.bounds, postings.bounds[-1] + 1),
            np.append(postings.passages, 0),
            np.append(postings.frequencies, 1),
            postings.positions,
        )

    rewritten(index, lambda content: with_field(content, Field.TITLE, shortened))
    ((_, reason),) = told(verify(index, deep=True))
    assert reason.startswith("title: the postings of ")
    rewritten(index, lambda content: with_field(content, Field.PATH, lengthened))
    reasons = [reason for _, reason in told(verify(index, deep=True))]
    assert reasons[0] == "path: the postings of \\xff are not those of the stored text"


@pytest.mark.parametrize("name", ["body_length", "gram_length", "title_length", "first_day"])
def test_measures_that_are_not_those_of_the_text_are_told(index: Path, name: str) -> None:
    def changed(content: SegmentContent) -> SegmentContent:
        numbers = getattr(content.measures, name) + 1
        return replace(content, measures=replace(content.measures, **{name: numbers}))

    rewritten(index, changed)
    reasons = [reason for _, reason in told(verify(index, deep=True))]
    assert reasons == [f"{name} is not that of the stored text"]


def test_a_record_that_is_none_is_told(index: Path) -> None:
    def without_text(content: SegmentContent) -> SegmentContent:
        return replace(content, passages=[{"line": 1}] * len(content.measures.document))

    name = rewritten(index, without_text)
    ((file, reason),) = told(verify(index, deep=True))
    assert file == name.replace(".seg", ".txt")
    assert reason == "lacks text"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("first_passage", "first_passage is not that of its documents"),
        ("document_body_length", "document_body_length is not that of its passages"),
    ],
)
def test_numbers_that_do_not_follow_from_others_are_told(
    index: Path, monkeypatch: pytest.MonkeyPatch, fact: str, said: str
) -> None:
    from index.segment.reader import SegmentReader

    measure = SegmentReader.measure
    asked: list[str] = []

    def other(reader: SegmentReader, name: str) -> np.ndarray:
        asked.append(name)
        # The first time it is asked for, it tells where the documents are.
        wrong = name == fact and asked.count(name) % 2 == (fact != "first_passage")
        return measure(reader, name) + (1 if wrong else 0)

    monkeypatch.setattr(SegmentReader, "measure", other)
    assert said in [reason for _, reason in told(verify(index, deep=True))]


def test_sums_that_are_wrong_are_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.segment import writer

    real = writer.write_measures

    def wrong(file: object, measures: object) -> None:
        real(file, measures)
        file.facts["title_length"] += 1

    monkeypatch.setattr(writer, "write_measures", wrong)
    rewritten(index, lambda content: content)
    assert [reason for _, reason in told(verify(index, deep=True))] == [
        "the sum of title_length is wrong"
    ]


@pytest.mark.parametrize("postings", [1, 1_000_000])
def test_impacts_that_are_not_those_of_the_text_are_told_by_their_term(
    index: Path, monkeypatch: pytest.MonkeyPatch, postings: int
) -> None:
    lowest = int(np.flatnonzero(FREQUENCIES == 1)[0])

    def lowered(frequencies: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        impacts = impacts_of(frequencies, lengths)
        once = np.flatnonzero(frequencies == 1)
        impacts[once[len(once) // 2 :]] = lowest
        return impacts

    monkeypatch.setattr(compare, "_POSTINGS", postings)
    monkeypatch.setattr(writer, "impacts_of", lowered)
    name = rewritten(index, lambda content: content)
    assert verify(index).sound
    found = told(verify(index, deep=True))
    assert {file for file, _ in found} == {name}
    pattern = re.compile(r"(\w+): the impacts of (\S+) are not those of its postings")
    terms = dict(pattern.fullmatch(reason).groups() for _, reason in found)
    assert {"body", "title", "path"} <= terms.keys()
    with closing(Store.open(index).snapshot()) as snapshot:
        for field, term in terms.items():
            assert term.encode() in set(snapshot.terms(Field(field)))


def without_words(index: Path) -> None:
    """Make an index as it was written before anybody counted the words of its lexicon."""
    commit = latest(index)
    assert commit is not None
    write_commit(index, commit._replace(about=replace(commit.about, words=0)))


def larger_lexicon(index: Path) -> tuple[str, int]:
    """Add a file to the lexicon, and commit; return its stem, and how many words it has."""
    path = lexicon_path(index, Store.open(index).about.analyser)
    with closing(Lexicon(path)) as lexicon:
        lexicon.add({f"낱말{number}": KNOWN["강물"] for number in range(1_200)})
        words = len(lexicon)
    store = WritableStore.open(index)
    store.commit(store.segments, store.catalogue(), built="now", words=words)
    return path.name, words


def test_a_build_keeps_how_many_words_its_lexicon_has(index: Path) -> None:
    about = Store.open(index).about
    with closing(Lexicon(lexicon_path(index, about.analyser), writable=False)) as lexicon:
        assert about.words == len(lexicon) > 0


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("foreign", [False, True])
def test_a_file_of_the_lexicon_that_is_missing_or_foreign_is_told(
    index: Path, tmp_path: Path, deep: bool, foreign: bool
) -> None:
    stem, words = larger_lexicon(index)
    assert verify(index, deep=deep).sound
    path = only(index, "*.lex")
    path.unlink()
    if foreign:
        Lexicon(tmp_path / "other").close()
        shutil.move(tmp_path / "other-1.lex", path)
    left = words - 1_200
    reason = f"holds {left} of the {words:,} words that the index was built with"
    assert told(verify(index, deep=deep)) == [(stem, reason)]
    built(index.parent)  # which has nothing to do
    assert told(verify(index)) == [(stem, reason)]
    built(index.parent, rebuild=True)
    assert verify(index, deep=True).sound


def test_a_lexicon_that_is_merged_while_it_is_counted_is_told_or_counted(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file", "x.lex")

    monkeypatch.setattr(module, "LexiconFiles", gone)
    stem = lexicon_path(index, Store.open(index).about.analyser).name
    assert told(verify(index)) == [(stem, "no such file: x.lex")]


def test_a_word_that_the_lexicon_has_lost_is_asked_of_kiwi(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    korean = PlainKorean()
    monkeypatch.setattr(analyser, "Korean", lambda dictionary: korean)
    verify(index, deep=True)
    assert korean.asked == []
    without_words(index)
    path = lexicon_path(index, Store.open(index).about.analyser)
    for file in index.glob("*.lex"):
        file.unlink()
    Lexicon(path).close()
    assert verify(index, deep=True).sound
    assert "강물이" in korean.asked
    assert "강물은" in korean.asked


def test_terms_of_another_analysis_are_told(index: Path) -> None:
    path = lexicon_path(index, Store.open(index).about.analyser)
    lexicon = Lexicon(path)
    lexicon.add({"강물이": KNOWN["강물"]})
    lexicon.close()
    assert verify(index).sound
    reasons = [reason for _, reason in told(verify(index, deep=True))]
    assert "body: the postings of 강물 are not those of the stored text" in reasons


def test_another_analyser_cannot_compare(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.analysis.dictionary import Dictionary, Entry

    class Other(PlainKorean):
        def __init__(self, dictionary: Dictionary | None = None) -> None:
            super().__init__(Dictionary((Entry("먹방", "NNP", 0.0),)))

    monkeypatch.setattr(analyser, "Korean", Other)
    assert verify(index).sound
    with pytest.raises(AnalyserMismatch):
        verify(index, deep=True)


def test_the_command_says_that_all_is_sound(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(index.parent)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    (index / "chaja-1.files").touch()
    assert main(["verify", "--deep"]) == 0
    sound, unneeded = capsys.readouterr().out.splitlines()
    assert f"{index}: sound (" in sound
    assert "passages compared with their text)" in sound
    assert unneeded.startswith("  chaja-1.files: is not needed")


@pytest.mark.parametrize("explicit", [True, False])
def test_the_command_names_what_is_damaged_and_what_mends_it(
    index: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    explicit: bool,
) -> None:
    monkeypatch.chdir(index.parent)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    path = only(index, "*.seg")
    path.write_bytes(path.read_bytes()[:-9])
    assert main(["verify", *(["--index", str(index)] if explicit else [])]) == 2
    damaged, file, mend = capsys.readouterr().out.splitlines()
    assert "damaged" in damaged
    assert file == f"  {path.name}: is cut short, or its parts do not fill it"
    named = f" --index {index}" if explicit else ""
    assert mend.endswith(f": chaja build --rebuild{named} FOLDER")


def test_the_command_needs_an_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    assert main(["verify"]) == 2
    assert "there is no index" in capsys.readouterr().err
