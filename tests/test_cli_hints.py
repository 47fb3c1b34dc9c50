"""Hints beside the hits: files that have changed, a path typed as words, a wrong translation."""

from __future__ import annotations

import os
import shlex
import time
from pathlib import Path

import pytest
from command_line import Run
from command_line import run as run

from index.directory.directory_reader import current_about
from index.directory.location import FOLDER
from index.whoosh.writer import IndexWriter
from search.cli.hints import path_among_words
from search.cli.main import main
from search.cli.paths import PathMapper

NAMES = ("a.txt", "b.txt", "c.txt")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with an index of three files about a river."""
    for name in NAMES:
        (tmp_path / name).write_text(f"the river of {name} is wide\n", encoding="utf-8")
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(["build", ".", "--quiet"]) == 0
    return tmp_path


def change_later(name: str) -> None:
    """Give a file a time after any build until now."""
    later = time.time() + 60
    os.utime(name, (later, later))


def searched(run: Run, *arguments: str) -> list[str]:
    """Return what a search prints on standard error."""
    code, _, err = run(*(arguments or ("search", "river")))
    assert code == 0
    return err.splitlines()


@pytest.fixture
def fresh(folder: Path, run: Run) -> Run:
    assert searched(run) == []
    return run


def test_files_that_are_as_the_index_has_them_need_no_hint(fresh: Run, folder: Path) -> None:
    (folder / "new.txt").write_text("the river is not indexed yet\n", encoding="utf-8")
    assert searched(fresh) == []


@pytest.mark.parametrize("arguments", [("--json",), ("--format", "trec"), ("-n", "3")])
def test_a_changed_file_of_a_hit_is_named_with_the_next_step_until_it_is_built(
    fresh: Run, arguments: tuple[str, ...]
) -> None:
    change_later("b.txt")
    hint = "note: b.txt has changed since the last build; to update the index: chaja build"
    assert searched(fresh, "search", "river", *arguments) == [hint]
    assert searched(fresh, "phrase", "river") == [hint]
    assert searched(fresh, "show", "b.txt") == [hint]
    assert searched(fresh, "show", "a.txt") == []
    Path("b.txt").write_text("the river is wider\n", encoding="utf-8")
    assert fresh("build")[0] == 0
    assert searched(fresh) == []


def test_a_deleted_file_of_a_hit_is_named(fresh: Run, folder: Path) -> None:
    (folder / "c.txt").unlink()
    assert searched(fresh) == [
        "note: c.txt was deleted since the last build; to update the index: chaja build"
    ]
    assert searched(fresh, "search", "river", "path:a.txt") == []


def test_several_changes_are_one_hint_that_finds_the_index_from_elsewhere(
    fresh: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / "c.txt").unlink()
    change_later("a.txt")
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    index = folder / FOLDER
    [hint] = searched(fresh, "search", "river", "--index", str(index))
    assert "and 1 more of these files have changed or were deleted" in hint
    assert hint.endswith(f"to update the index: chaja build --index {index}")


def test_what_a_program_has_added_is_no_deleted_file(fresh: Run, folder: Path) -> None:
    before = current_about(folder / FOLDER).built
    with IndexWriter(folder / FOLDER) as writer:
        writer.add_document(path="notes/han", title="Han", body="the river Han")
    assert current_about(folder / FOLDER).built >= before
    assert searched(fresh) == []


def test_only_the_files_of_ten_hits_are_looked_at(
    fresh: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"river {number}\n", encoding="utf-8")
    assert fresh("build", "--quiet")[0] == 0
    asked: list[str] = []
    stat = os.stat

    def counted(path: str, **options: object) -> os.stat_result:
        asked.append(str(path))
        return stat(path, **options)  # type: ignore[arg-type]  # those of os.stat

    monkeypatch.setattr("search.cli.hints.os.stat", counted)
    fresh("search", "river", "-n", "30")
    assert len([path for path in asked if path.endswith(".txt")]) == 10


@pytest.mark.parametrize("typed", ["sub/", "sub/x.txt", "./sub", "sub y/"])
def test_a_path_behind_words_is_noted_with_a_filter_that_searches_there_only(
    fresh: Run, folder: Path, typed: str
) -> None:
    for name in ("sub", "sub y", "subway"):
        (folder / name).mkdir()
        (folder / name / "x.txt").write_text("the river of the sub\n", encoding="utf-8")
    assert fresh("build", "--quiet")[0] == 0
    [note] = [line for line in searched(fresh, "search", "river", typed) if "read as" in line]
    said, _, typed_next = note.partition("; to search only there: ")
    assert said == f"note: {typed} was read as words"
    code, out, err = fresh("search", "river", *shlex.split(typed_next))
    assert (code, err) == (0, "")
    places = [line for line in out.splitlines() if ".txt:" in line]
    assert len(places) == 1
    assert f"({os.path.normpath(typed).removesuffix('/x.txt')}/x.txt:1)" in places[0]


def test_here_is_no_place_to_search_in(folder: Path) -> None:
    paths = PathMapper(folder, folder)
    for typed in (".", "..", "./"):
        assert list(path_among_words(("river", typed), paths)) == [
            f"{typed} is no word; the index is searched as a whole"
        ]


@pytest.mark.parametrize(
    "words",
    [("a.txt",), ("river", "docs"), ("a.txt", "river"), ("river", "none/"), ("a", "x/\0"), ("a",)],
)
def test_words_that_name_no_path_at_the_end_need_no_note(
    folder: Path, words: tuple[str, ...]
) -> None:
    (folder / "docs").mkdir()
    assert list(path_among_words(words, PathMapper(folder, folder))) == []


@pytest.mark.parametrize(
    ("command", "struck"),
    [
        (("explain", "lighthouse"), ("등대", "lighthouse")),
        (("explain", "등대"), ("등대", "lighthouse")),
        (("glossary", "list", "climate change"), ("기후 변화", "climate change")),
    ],
)
def test_where_translations_are_listed_the_command_that_strikes_one_is_told(
    fresh: Run, folder: Path, command: tuple[str, ...], struck: tuple[str, str]
) -> None:
    (folder / "d.txt").write_text("a lighthouse on the cape\n", encoding="utf-8")
    (folder / "e.txt").write_text("등대가 보인다\n", encoding="utf-8")
    assert fresh("build", "--quiet")[0] == 0
    err = fresh(*command)[2].splitlines()
    start = "note: to strike out a wrong pair: chaja "
    [told] = [line.removeprefix(start) for line in err if line.startswith(start)]
    arguments = shlex.split(told)
    assert arguments == ["glossary", "strike", *struck]
    assert fresh(*arguments)[0] == 0
    assert f"{struck[0]}\t{struck[1]}\t0\tuser" in fresh("glossary", "list", struck[1])[1]


def test_nothing_is_said_of_striking_where_there_is_nothing_to_strike(fresh: Run) -> None:
    assert fresh("explain", "river", "--no-bridge")[2] == ""
    assert fresh("glossary", "list")[2] == ""
    assert fresh("glossary", "list", "lighthouse", "--json")[2] == ""


def test_show_prints_a_whole_document_unless_a_line_or_a_number_is_given(
    fresh: Run, folder: Path
) -> None:
    parts = [f"Part {number}. " + "A sentence of the long document. " * 40 for number in range(9)]
    (folder / "long.txt").write_text("\n\n".join(parts), encoding="utf-8")
    assert fresh("build", "--quiet")[0] == 0
    out = fresh("show", "long.txt")[1]
    assert all(f"Part {number}." in out for number in range(9))
    assert "Part 8." not in fresh("show", "long.txt", "-C", "1")[1]
    assert "Part 8." not in fresh("show", "long.txt:1")[1]


def test_show_says_so_if_a_file_has_more_documents_than_the_one_shown(
    fresh: Run, folder: Path
) -> None:
    rows = '{"id": "r1", "text": "first row"}\n{"id": "r2", "text": "second row"}\n'
    (folder / "rows.jsonl").write_text(rows, encoding="utf-8")
    assert fresh("build", "--quiet")[0] == 0
    code, out, err = fresh("show", "rows.jsonl")
    assert (code, "second" in out) == (0, False)
    assert err == (
        "note: this is the first document of the file; chaja show PATH:LINE prints others\n"
    )
    for shown in ("rows.jsonl:2", "a.txt"):
        assert fresh("show", shown)[2] == ""
