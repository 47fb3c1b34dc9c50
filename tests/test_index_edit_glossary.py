"""The bridge of an index can be listed and edited without a build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

import pytest
from bridge_corpus import built, entries, translations
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean

from corpus.errors import CorpusError, IndexDamaged, IndexLocked
from index.arrays.files import CorruptFile
from index.bridge.entry import Entry, Source, english_key
from index.bridge.table import Table
from index.directory.directory_reader import DirectoryReader
from index.directory.directory_writer import DirectoryWriter
from index.directory.location import FOLDER
from index.directory.lock import writer_lock
from index.edit_glossary import add_entries, entries_of, entries_of_pair
from index.verify import verify
from search.cli.main import main
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("plain_korean", "no_general_glossary")

GLOSSARY = "양봉\tbeekeeping\n꿀벌 양봉\tbee keeping\t0.5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an index that has two entries."""
    built(tmp_path / "docs", {"a.txt": "꿀벌 beekeeping"}, glossary=GLOSSARY)
    return tmp_path / "docs"


class Run:
    """Runs `chaja glossary` on an index; gives exit code, standard output and standard error."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self._index = str(folder / FOLDER)
        self._capture = capture

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = main(["glossary", *arguments, "--index", self._index])
        out, err = self._capture.readouterr()
        return code, out, err


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(folder, capfd)


def words(found: Sequence[Entry]) -> list[tuple[str, str]]:
    return [(entry.korean, entry.english) for entry in found]


def test_all_entries_or_those_of_a_word_of_either_language_are_read(folder: Path) -> None:
    directory = folder / FOLDER
    both = [("꿀벌 양봉", "bee keeping"), ("양봉", "beekeeping")]
    assert words(entries_of(directory)) == both
    assert words(entries_of(directory, "꿀벌양봉")) == both[:1]
    assert words(entries_of(directory, "Bees keeping")) == both[:1]
    assert entries_of(directory, "양봉장") == []


def test_the_entries_of_a_word_are_found_without_reading_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_entries(folder / FOLDER, [Entry("양봉", "beekeeping", 0.0, Source.USER)])
    monkeypatch.delattr(Table, "content")
    assert [entry.weight for entry in entries_of(folder / FOLDER, "beekeeping")] == [0]
    assert [entry.weight for entry in entries_of_pair(folder / FOLDER, "양봉", "beekeeping")] == [0]


def test_what_is_given_finds_out_the_keys_of_nothing_but_what_is_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def key(text: str) -> str:
        calls.append(text)
        return english_key(text)

    monkeypatch.setattr("index.bridge.table.english_key", key)
    add_entries(folder / FOLDER, [Entry("벌통", "beehive", 1.0, Source.USER)])
    assert calls == ["beehive"]


def test_what_is_given_wins_and_all_else_stays(folder: Path) -> None:
    built(folder, translations(range(12)))
    before = entries(folder)
    weight = before["양봉", "beekeeping"].weight
    assert weight == 1
    corrected = Entry("양봉", "beekeeping", 0.25, Source.USER)
    new = Entry("벌통", "beehive", 1.0, Source.USER)
    add_entries(folder / FOLDER, [corrected, new])
    after = entries(folder)
    assert after == before | {("양봉", "beekeeping"): corrected, ("벌통", "beehive"): new}
    built(folder, {"b.txt": "beehive"})
    assert entries(folder) == after


def test_giving_changes_nothing_but_the_bridge(folder: Path) -> None:
    before = DirectoryReader.open(folder / FOLDER)
    add_entries(folder / FOLDER, [Entry("벌통", "beehive", 1.0, Source.USER)])
    after = DirectoryReader.open(folder / FOLDER)
    assert after.segments == before.segments
    assert after.catalogue() == before.catalogue()
    assert after.about == before.about
    assert verify(folder / FOLDER).sound
    assert len(list((folder / FOLDER).glob("*.bridge"))) == 2  # with that of the commit before
    assert built(folder).unchanged == 1


def test_a_reader_keeps_the_bridge_it_was_opened_with(folder: Path) -> None:
    with Searcher.open(folder / FOLDER) as before:
        add_entries(folder / FOLDER, [Entry("양봉", "beekeeping", 0.0, Source.USER)])
        assert before.search("양봉")
    with Searcher.open(folder / FOLDER) as after:
        assert not after.search("양봉")


def test_giving_waits_for_no_build_unless_asked(folder: Path) -> None:
    with writer_lock(folder / FOLDER / "lock", wait=None), pytest.raises(IndexLocked):
        add_entries(folder / FOLDER, [])


def test_a_pair_is_known_in_any_spelling_of_its_letters(folder: Path) -> None:
    assert words(entries_of_pair(folder / FOLDER, "양봉", "Beekeeping")) == [("양봉", "beekeeping")]
    with pytest.raises(CorpusError, match="no such pair"):
        entries_of_pair(folder / FOLDER, "양봉", "honey")


@pytest.mark.parametrize("kept", [None, 0, 100])
def test_a_bridge_that_is_missing_or_cut_off_is_told_with_what_finds_out_more(
    folder: Path, kept: int | None
) -> None:
    [path] = (folder / FOLDER).glob("*.bridge")
    if kept is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:kept])
    for read in (entries_of, Searcher.open, lambda index: add_entries(index, [])):
        with pytest.raises(IndexDamaged, match=r"\.bridge") as raised:
            read(folder / FOLDER)
        assert "chaja verify" in raised.value.hint


def test_what_words_are_found_by_is_found_out_again_where_that_is_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(table: Table) -> dict[str, str]:
        raise CorruptFile(table.written.name)

    monkeypatch.setattr(Table, "english_keys", damaged)
    add_entries(folder / FOLDER, [Entry("벌통", "beehive", 1.0, Source.USER)])
    assert words(entries_of(folder / FOLDER, "beekeeping")) == [("양봉", "beekeeping")]


@pytest.mark.parametrize("position", [0.0, 0.5, 0.99])
def test_a_flipped_bit_of_the_bridge_is_named_by_verify(folder: Path, position: float) -> None:
    [path] = (folder / FOLDER).glob("*.bridge")
    damaged = bytearray(path.read_bytes())
    damaged[int(position * len(damaged))] ^= 1
    path.write_bytes(damaged)
    found = verify(folder / FOLDER)
    assert [damage.file for damage in found.damage] == [path.name]


def test_an_index_without_a_bridge_is_read_as_one_without_entries(folder: Path) -> None:
    before = DirectoryReader.open(folder / FOLDER)
    store = DirectoryWriter.fresh(folder / FOLDER, before.about)
    store.commit(before.segments, before.catalogue(), built="then")
    assert entries_of(folder / FOLDER) == []
    with Searcher.open(folder / FOLDER) as searcher:
        assert searcher.search("beekeeping")
        assert not searcher.search("양봉")
    add_entries(folder / FOLDER, [Entry("양봉", "beekeeping", 1.0, Source.USER)])
    with Searcher.open(folder / FOLDER) as searcher:
        assert searcher.search("양봉")


# The commands.


def test_the_command_lists_entries_with_weight_and_source(run: Run) -> None:
    assert run("list") == (
        0,
        "꿀벌 양봉\tbee keeping\t0.5\tuser\n양봉\tbeekeeping\t1\tuser\n",
        "",
    )
    assert run("list", "꿀벌", "양봉")[1] == "꿀벌 양봉\tbee keeping\t0.5\tuser\n"
    assert run("list", "양봉", "--json")[1] == (
        '{"format": 1, "korean": "양봉", "english": "beekeeping", "weight": 1.0, '
        '"source": "user"}\n'
    )


def test_the_command_says_where_there_is_no_entry(run: Run) -> None:
    assert run("list", "벌통") == (1, "", "chaja: no entry for 벌통\n")


def test_a_pair_that_is_struck_out_stays_in_the_list_and_crosses_no_more(
    run: Run, folder: Path
) -> None:
    assert run("strike", "양봉", "beekeeping") == (0, "양봉 → beekeeping: struck out\n", "")
    assert run("list", "양봉")[1] == "양봉\tbeekeeping\t0\tuser\n"
    with Searcher.open(folder / FOLDER) as searcher:
        assert not searcher.search("양봉")


def test_a_pair_is_struck_out_in_every_spelling_of_its_letters(run: Run, folder: Path) -> None:
    apart = normalize("NFD", "양봉 산업")
    spellings = [
        ("양봉 산업", "beekeeping industry"),
        ("양봉 산업", "Beekeeping Industry"),
        (apart, "BEEKEEPING industry"),
    ]
    add_entries(folder / FOLDER, [Entry(*pair, 1.0, Source.USER) for pair in spellings])
    with Searcher.open(folder / FOLDER) as searcher:
        assert searcher.explain("양봉 산업").bridged
    code, out, err = run("strike", apart, "beekeeping Industry")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(spellings)
    kept = entries(folder)
    assert [kept[pair].weight for pair in spellings] == [0, 0, 0]
    assert kept["양봉", "beekeeping"].weight == 1


def test_striking_what_there_is_not_is_refused_with_advice(run: Run) -> None:
    code, out, err = run("strike", "양봉", "honey")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "chaja: 양봉, honey: no such pair in the glossary of this index",
        "  See its entries with: chaja glossary list 양봉",
    ]


def test_what_is_exported_can_be_imported(run: Run, folder: Path, tmp_path: Path) -> None:
    run("strike", "양봉", "beekeeping")
    before = entries(folder)
    assert run("export", str(tmp_path / "all.tsv"))[0] == 0
    assert run("export", "-")[1] == (tmp_path / "all.tsv").read_text(encoding="utf-8")
    add_entries(folder / FOLDER, [Entry("양봉", "beekeeping", 1.0, Source.USER)])
    taken = "1 entries imported, 1 unchanged\n"
    assert run("import", str(tmp_path / "all.tsv")) == (0, taken, "")
    assert entries(folder) == before


def test_a_bad_glossary_changes_nothing(run: Run, folder: Path, tmp_path: Path) -> None:
    before = entries(folder)
    (tmp_path / "bad.tsv").write_text("벌통\tbeehive\n벌통\t\n", encoding="utf-8")
    code, _, err = run("import", str(tmp_path / "bad.tsv"))
    assert code == 2
    assert "bad.tsv, line 2" in err
    assert entries(folder) == before


def test_synonyms_are_listed_exported_and_struck_out_in_either_order(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "own.tsv").write_text("해충\t벌레\nbug\tinsect\n", encoding="utf-8")
    assert run("import", str(tmp_path / "own.tsv"))[1] == "2 entries imported, 0 unchanged\n"
    assert run("import", str(tmp_path / "own.tsv"))[1] == "0 entries imported, 2 unchanged\n"
    for word in ("해충", "벌레"):
        assert run("list", word)[1] == "벌레\t해충\t1\tsynonym\n"
    assert run("list", "insect")[1] == "bug\tinsect\t1\tsynonym\n"
    assert run("export", str(tmp_path / "all.tsv"))[0] == 0
    assert run("import", str(tmp_path / "all.tsv"))[1] == "0 entries imported, 4 unchanged\n"
    assert run("strike", "해충", "벌레")[1] == "벌레 → 해충: struck out\n"
    with Searcher.open(folder / FOLDER) as searcher:
        assert searcher.info().bridge == {"user": 3, "synonym": 1}


def test_the_command_needs_an_index(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["glossary", "list", "--index", str(tmp_path / "none")]) == 2
    assert capfd.readouterr().err.startswith(f"chaja: {tmp_path / 'none'}")
