"""`chaja kwic`, `chaja terms` and `chaja open`, on a real index."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from command_line import Run, clean_environment
from command_line import run as run
from pdf_writer import pdf
from search_corpus import write_rows, write_texts

from corpus.errors import NotOpened
from index.builder.build import build
from index.builder.given_documents import SourceDocument
from index.directory.location import FOLDER
from search.cli.commands import kwic, terms
from search.cli.programs import Place, Program, program_for
from search.concordance import concordance
from search.output.terminal import display_width
from search.selection import FACETS

SHIPS = {
    f"{kind}/{n}.txt": f"Report {n}\nA {kind} with {part} came in, number {n}."
    for kind, part in (("ship", "masts"), ("house", "roofs"))
    for n in range(12)
}
EDITOR = f"""#!{sys.executable}
import json, sys
with open(sys.argv[0] + ".log", "w") as log:
    json.dump(sys.argv[1:], log)
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a folder with an index, without editors and viewers."""
    folder = tmp_path / "docs"
    write_texts(folder, SHIPS)
    write_rows(folder / "dated.jsonl", [{"id": "d", "date": "2024-05", "text": "A dated kiln."}])
    with zipfile.ZipFile(folder / "box.zip", "w") as box:
        box.writestr("inside.txt", "A porcelain cup.")
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    build(folder / FOLDER, [folder], archives=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("VISUAL", "EDITOR", "CHAJA_INDEX", "CHAJA_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


def program(folder: Path, name: str) -> Path:
    """Put a program on the path that writes down its arguments; return the file it writes."""
    path = folder.parent / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(EDITOR, encoding="utf-8")
    path.chmod(0o755)
    return Path(f"{path}.log")


def test_the_choices_of_the_options_are_those_of_the_library() -> None:
    assert set(kwic._SORTS) == set(concordance.SORTS)
    assert set(terms._FACETS) == set(FACETS)


# ---- kwic


def test_kwic_prints_the_matches_in_a_column(run: Run) -> None:
    code, out, err = run("kwic", "--phrase", "masts came in", "--path", "ship/1")
    assert code == 0
    shown = out.splitlines()
    assert [text.split()[0] for text in shown] == ["ship/1.txt:1", "ship/10.txt:1", "ship/11.txt:1"]
    assert len({text.index("masts came in") for text in shown}) == 1
    assert all(display_width(text) <= 80 for text in shown)
    assert err == ""


def test_kwic_says_how_many_lines_are_not_shown(run: Run) -> None:
    code, out, err = run("kwic", "masts", "-n", "2", "--offset", "1", "--sort", "right")
    assert (code, len(out.splitlines())) == (0, 2)
    assert err == "note: lines 2 to 3 of 12, in 12 passages (-n, --offset)\n"


def test_kwic_gives_the_same_lines_in_every_format(run: Run) -> None:
    objects = [json.loads(text) for text in run("kwic", "roofs", "--json")[1].splitlines()]
    rows = list(csv.DictReader(io.StringIO(run("kwic", "roofs", "--format", "csv")[1])))
    tabs = [text.split("\t") for text in run("kwic", "roofs", "--format", "tsv")[1].splitlines()]
    assert len(objects) == len(rows) == len(tabs) - 1 == 12
    for value, row, cells in zip(objects, rows, tabs[1:], strict=True):
        assert list(row.values()) == cells
        assert value["format"] == 1
        for name in ("left", "match", "right", "path"):
            assert row[name] == value[name]
    assert run("kwic", "roofs", "--width", "6", "--json", "-n", "1")[1].count("with") == 1


@pytest.mark.parametrize(
    ("setting", "arguments"),
    [
        ("kwic.json", ("kwic", "roofs", "--format", "csv")),
        ("terms.by", ("terms", "roofs", "--versus", "masts")),
    ],
)
def test_an_option_given_overrules_a_default_that_contradicts_it(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, setting: str, arguments: tuple[str, ...]
) -> None:
    expected = run(*arguments)
    assert expected[0] == 0
    monkeypatch.setenv("CHAJA_CONFIG", str(here.parent / "config.toml"))
    value = "year" if setting == "terms.by" else "true"
    assert run("config", "set", setting, value)[0] == 0
    assert run(*arguments) == expected


def test_kwic_without_a_match_is_not_an_error(run: Run) -> None:
    code, out, err = run("kwic", "zzzz", "--strict")
    assert (code, out) == (1, "")
    assert "chaja: nothing found for zzzz\n" in err
    assert run("kwic", "zzzz", "--strict", "--json")[:2] == (1, "")
    assert "no lines after the first 99" in run("kwic", "masts", "--offset", "99")[2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("kwic", "masts", "--date", "2024-99"), "2024-99: no such date"),
        (("kwic", "masts", "--json", "--format", "csv"), "contradict each other"),
        (("kwic", "masts", "--sort", "middle"), "'middle' is not one of"),
        (("kwic", ""), "the query is empty"),
        (("kwic", "masts", "--width", "9999"), "the width is at most 1,000"),
        (("terms", "masts", "--by", "year", "--versus", "roofs"), "contradict each other"),
        (("terms", "masts", "--by", "year", "-n", "3"), "--limit counts words: leave out one"),
        (("terms", "masts", "--versus", " "), "the query of --versus is empty"),
        (("terms", "--by", "year", "masts", ""), "the query is empty"),
        (("open", "a.txt", "b.txt"), "open takes one PATH:LINE"),
        (("open", "ship/1.txt", "--date", "2024"), "open takes one PATH:LINE"),
        (("open", "none.txt:3"), "none.txt: no such file in the index"),
        (("open", "ship/1.txt:99"), "has no line 99"),
    ],
)
def test_bad_arguments_are_one_sentence(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("chaja: ")
    assert sentence in err
    assert len(err.splitlines()) <= 2


def test_the_place_of_a_line_is_its_page(here: Path, run: Run) -> None:
    (here / "b.pdf").write_bytes(pdf([["the river is wide"], ["a fjord", "is deep"]]))
    build(here / FOLDER)
    assert run("kwic", "fjord")[1].startswith("b.pdf:p2  ")
    (value,) = map(json.loads, run("kwic", "fjord", "--json")[1].splitlines())
    assert (value["line"], value["unit"]) == (2, "page")
    assert "river is wide a fjord is deep" in value["left"] + value["match"] + value["right"]


# ---- terms


def test_terms_print_what_tells_a_result(run: Run) -> None:
    code, out, err = run("terms", "ship")
    assert (code, err) == (0, "")
    head, row = out.splitlines()
    assert head.split() == ["word", "here", "rest", "G²"]
    assert row.split()[:3] == ["masts", "100%", "0%"]
    value = json.loads(run("terms", "ship", "--json")[1])
    assert [word["word"] for word in value["words"]] == ["masts"]


def test_terms_compare_two_results(run: Run) -> None:
    out = run("terms", "ship", "--versus", "house")[1]
    assert [text.split()[0] for text in out.splitlines() if text] == [
        *("ship", "word", "masts"),
        *("house", "word", "roofs"),
    ]


def test_terms_by_year_count_documents(run: Run) -> None:
    code, out, _ = run("terms", "--by", "year", "kiln", "masts")
    assert code == 0
    assert [text.split()[:3] for text in out.splitlines()[1:]] == [
        ["2024", "kiln", "1"],
        ["masts", "0", "0%"],
        ["none", "kiln", "0"],
        ["masts", "12", "48%"],
    ]
    value = json.loads(run("terms", "--by", "folder", "masts", "--json")[1])
    (course,) = value["courses"]
    assert {each["period"]: each["documents"] for each in course["counts"]} == {
        "ship": 12,
        "house": 0,
        "": 0,
    }


def test_terms_by_folder_name_the_top_folder(run: Run) -> None:
    rows = [line.split() for line in run("terms", "--by", "folder", "kiln")[1].splitlines()]
    assert [row[0] for row in rows] == ["folder", "house", "ship", "."]


def test_terms_by_year_read_a_query_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kiln\n"))
    assert run("terms", "--by", "year", "-") == run("terms", "--by", "year", "kiln")
    monkeypatch.setattr("sys.stdin", io.StringIO("kiln\n"))
    assert run("terms", "--by", "year", "masts", "-") == run(
        "terms", "--by", "year", "masts", "kiln"
    )


def test_terms_of_nothing_have_exit_code_1(run: Run) -> None:
    for arguments in (("zzzz", "--strict"), ("--by", "year", "zzzz", "--strict")):
        code, out, err = run("terms", *arguments)
        assert (code, out) == (1, "")
        assert "nothing found for zzzz" in err
        code, out, told = run("terms", *arguments, "--json")
        value = json.loads(out)
        assert (code, told) == (1, err)
        assert not value.get("words")
        assert not any(
            count["documents"] for each in value.get("courses", ()) for count in each["counts"]
        )
    assert run("terms", "kiln")[2] == "chaja: no word tells the passages of kiln from the others\n"


# ---- open


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vim", ["+2", "{file}"]),
        ("nano", ["+2", "{file}"]),
        ("kak", ["+2", "{file}"]),
        ("hx", ["{file}:2"]),
        ("zed", ["{file}:2"]),
        ("code", ["--goto", "{file}:2"]),
        ("kate", ["-l", "2", "{file}"]),
        ("unheard", ["{file}"]),
    ],
)
def test_an_editor_is_told_the_line_as_it_likes(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, expected: list[str]
) -> None:
    log = program(here, name)
    monkeypatch.setenv("EDITOR", f"{name} --wait")
    assert run("open", "ship/3.txt:2") == (0, "", "")
    file = str(here / "ship/3.txt")
    assert json.loads(log.read_text()) == ["--wait", *(part.format(file=file) for part in expected)]


def test_without_a_line_the_editor_gets_the_file(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = program(here, "vim")
    monkeypatch.setenv("VISUAL", "vim")
    monkeypatch.setenv("EDITOR", "none")
    assert run("open", "ship/3.txt")[0] == 0
    assert json.loads(log.read_text()) == [str(here / "ship/3.txt")]


def test_a_hit_of_a_search_opens(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    log = program(here, "vim")
    monkeypatch.setenv("EDITOR", "vim")
    assert run("open", "--hit", "1", "number", "7", "--path", "house")[0] == 0
    assert json.loads(log.read_text()) == ["+1", str(here / "house/7.txt")]
    code, _, err = run("open", "--hit", "9", "kiln")
    assert (code, err) == (1, "chaja: the search has no hit 9\n")


def test_a_default_of_a_filter_is_for_a_search_only(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = program(here, "vim")
    monkeypatch.setenv("EDITOR", "vim")
    monkeypatch.setenv("CHAJA_CONFIG", str(here.parent / "config.toml"))
    assert run("config", "set", "defaults.path", "house")[0] == 0
    assert run("open", "ship/1.txt:1")[0] == 0
    assert json.loads(log.read_text()) == ["+1", str(here / "ship/1.txt")]
    assert run("open", "--hit", "1", "number", "7")[0] == 0
    assert json.loads(log.read_text()) == ["+1", str(here / "house/7.txt")]
    for option in ("--path", "--since"):
        code, _, err = run("open", "ship/1.txt:1", option, "2024")
        assert (code, err.splitlines()[0]) == (2, "chaja: open takes one PATH:LINE")


def test_a_file_name_is_no_option_and_no_command(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "-x $(touch pwned); `touch pwned`.txt"
    write_texts(here, {name: "An odd name."})
    build(here / FOLDER)
    log = program(here, "vim")
    monkeypatch.setenv("EDITOR", "vim")
    assert run("open", "--", name)[0] == 0
    assert json.loads(log.read_text()) == [str(here / name)]
    assert not (here / "pwned").exists()


def test_an_id_that_is_no_path_is_never_given_to_an_editor(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "+!touch PWNED|q://x"
    write_texts(here, {name: "A file where the id would lead."})
    build(here / FOLDER, documents=[SourceDocument(id=name, text="An obsidian bowl.")])
    log = program(here, "vim")
    monkeypatch.setenv("EDITOR", "vim")
    code, out, err = run("open", "--hit", "1", "obsidian")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        f"chaja: {name}: a document that a program gave has no file to open",
        f"  Show its text with: chaja show '{name}'",
    ]
    assert not log.exists()


def test_a_file_name_that_begins_with_a_minus_sign_opens(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_texts(here, {"-2019.md": "An odd name."})
    build(here / FOLDER)
    log = program(here, "vim")
    monkeypatch.setenv("EDITOR", "vim")
    assert run("open", "-2019.md:1")[0] == 0
    assert json.loads(log.read_text()) == ["+1", str(here / "-2019.md")]
    assert run("open", "-2020.md:1")[2].startswith("chaja: -2020.md")


def test_what_cannot_be_opened_is_said(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(*arguments: str) -> list[str]:
        code, out, err = run("open", *arguments)
        assert (code, out) == (2, "")
        return err.splitlines()

    assert refusal("ship/1.txt")[0].endswith("ship/1.txt: no editor is set")
    assert refusal("ship/1.txt")[1] == "  Set one, as in: export EDITOR=nano"
    monkeypatch.setenv("EDITOR", "emacs -nw")
    assert refusal("ship/1.txt")[0] == "chaja: the editor of $EDITOR is not installed: emacs -nw"
    monkeypatch.setenv("EDITOR", "vim '")
    assert refusal("ship/1.txt")[0] == "chaja: $EDITOR is no command: vim '"
    assert refusal("box.zip › inside.txt") == [
        "chaja: box.zip › inside.txt: a document inside a file has no file to open",
        "  Show its text with: chaja show 'box.zip › inside.txt'",
    ]
    (here / "ship/2.txt").unlink()
    assert refusal("ship/2.txt")[0] == "chaja: ship/2.txt: the file is gone"
    program(here, "vim").with_suffix("").write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    monkeypatch.setenv("EDITOR", "vim")
    assert refusal("ship/1.txt") == ["chaja: vim ended with exit code 3"]


# ---- viewers


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        ("evince", ["--page-index=12", "/a.pdf"]),
        ("okular", ["-p", "12", "/a.pdf"]),
        ("zathura", ["-P", "12", "/a.pdf"]),
        ("xdg-open", ["/a.pdf"]),
    ],
)
@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="its desktop has another program")
def test_a_viewer_is_told_the_page(here: Path, viewer: str, expected: list[str]) -> None:
    path = str(program(here, viewer).with_suffix(""))
    found = program_for(Place("/a.pdf", "page", 12), os.environ)
    assert found == Program((path, *expected), waits=False)
    slides = Place("/a.pptx", "slide", 12)
    if viewer == "xdg-open":
        assert program_for(slides, os.environ).command == (path, "/a.pptx")


@pytest.mark.parametrize("name", ["a.desktop", "a.pdf.exe", "a"])
@pytest.mark.parametrize("unit", ["page", "slide"])
def test_what_is_no_document_is_given_to_no_viewer(here: Path, name: str, unit: str) -> None:
    for viewer in ("evince", "xdg-open", "open", "explorer"):
        program(here, viewer)
    with pytest.raises(NotOpened, match="is no document of a kind that Chaja reads"):
        program_for(Place(str(here / name), unit, 1), os.environ)


def test_a_viewer_runs_beside(here: Path) -> None:
    log = program(here, "okular")
    command = (str(log.with_suffix("")), "-p")
    lines = f"from search.cli.programs import *; run(Program({command!r}, waits=False))"
    done = subprocess.run(
        [sys.executable, "-c", lines], env=clean_environment(), check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
    ends = time.monotonic() + 30
    while not (log.exists() and log.read_text()) and time.monotonic() < ends:
        time.sleep(0.02)
    assert json.loads(log.read_text()) == ["-p"]


def test_without_a_viewer_the_next_step_is_said() -> None:
    with pytest.raises(NotOpened, match=r"/a\.pdf: no viewer was found") as caught:
        program_for(Place("/a.pdf", "page", 1), {"PATH": ""})
    assert caught.value.hint.startswith("Install evince or okular or zathura or ")
