"""Building from the command line: options, problems, progress, what is given by a pipe."""

from __future__ import annotations

import io
import math
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import fake_engine
import pytest
from command_line import Run
from command_line import folder as folder
from command_line import run as run
from fake_engine import called

from corpus.errors import CorpusError
from index.bridge.entry import Entry
from index.builder.read_limits import ReadLimits
from search.cli.commands.build import progress_bar


def test_a_build_prints_its_summary_and_its_problems(run: Run, folder: Path) -> None:
    code, out, err = run("build", "docs", "a.txt")
    assert (code, out) == (
        0,
        "1 added, 0 updated, 0 removed, 0 unchanged in 0.5 s\n1 file, 3 passages\n",
    )
    assert err == "a.csv:4: not a row\n"
    assert called("build") == {
        "directory": folder / ".chaja",
        "roots": (Path("docs"), Path("a.txt")),
        "dictionary": None,
        "glossaries": (),
        "pairs": None,
        "rebuild": False,
        "wait": None,
        "strict": False,
        "max_file_size": 2_000_000_000,
        "read_limits": ReadLimits(seconds=60, memory=500_000_000),
        "archives": None,
        "ocr": None,
        "shared": None,
    }


def test_the_options_of_a_build_reach_the_builder(run: Run, folder: Path) -> None:
    given = ("--strict", "--dictionary", "words.txt", "--index", "here", "--archives", "--no-ocr")
    run("build", "--rebuild", *given)
    options = called("build")
    assert options["directory"] == Path("here")
    assert options["roots"] == ()
    assert options["dictionary"] == Path("words.txt")
    assert (options["rebuild"], options["strict"]) == (True, True)
    assert (options["archives"], options["ocr"]) == (True, False)


@pytest.mark.parametrize(
    ("size", "number"),
    [("0", 0), ("1500", 1_500), ("500MB", 500_000_000), ("1.5g", 1_500_000_000), ("8 KiB", 8_192)],
)
def test_a_size_has_a_unit_or_is_in_bytes(run: Run, size: str, number: int) -> None:
    assert run("build", "--max-file-size", size)[0] == 0
    assert called("build")["max_file_size"] == number


@pytest.mark.parametrize("size", ["", "much", "-1", "5 XB", "1e3", "9" * 99])
def test_what_is_no_size_is_refused(run: Run, size: str) -> None:
    code, _, err = run("build", f"--max-file-size={size}")
    assert code == 2
    assert "is not a size such as 500MB" in err


def test_a_build_takes_glossaries_and_pairs_and_passes_its_notes_on(run: Run) -> None:
    code, _, err = run("build", "--glossary", "a.tsv", "--glossary", "b.tsv", "--pairs", "p.tsv")
    assert code == 0
    options = called("build")
    assert options["glossaries"] == (Path("a.tsv"), Path("b.tsv"))
    assert options["pairs"] == Path("p.tsv")
    assert err.splitlines()[-1] == "note: these files are no translations"


def test_a_build_reads_a_glossary_or_pairs_from_standard_input(run: Run) -> None:
    assert run("build", "--glossary", "a.tsv", "--glossary", "-")[0] == 0
    assert called("build")["glossaries"] == (Path("a.tsv"), sys.stdin.buffer)
    assert run("build", "--pairs", "-")[0] == 0
    assert called("build")["pairs"] is sys.stdin.buffer


@pytest.mark.parametrize(
    ("arguments", "seconds"),
    [
        (["--wait", "docs"], math.inf),
        (["docs", "--wait"], math.inf),
        (["--wait", "--strict"], math.inf),
        (["--wait", "2.5", "docs"], 2.5),
        (["--wait=30"], 30),
    ],
)
def test_wait_may_have_a_number(run: Run, arguments: Sequence[str], seconds: float) -> None:
    assert run("build", *arguments)[0] == 0
    assert called("build")["wait"] == seconds


def test_a_number_that_is_none_is_refused(run: Run) -> None:
    assert run("build", "--wait=soon")[0] == 2
    assert run("build", "--wait=-1")[0] == 2


def test_a_quiet_build_prints_problems_only_and_a_verbose_one_more(run: Run) -> None:
    assert run("build", "-q") == (0, "", "a.csv:4: not a row\n")
    assert "2 new words" in run("build", "-v")[1]


def test_a_build_says_where_the_index_is_unless_it_is_in_the_current_folder(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "docs").mkdir()
    monkeypatch.chdir(folder / "docs")
    assert "note:" not in run("build", "--index", "here")[2]
    assert run("build")[2].endswith(f"\nnote: the index is {folder / '.chaja'}\n")
    assert run("build", "--index", "../here")[2].endswith("\nnote: the index is ../here\n")
    assert "note:" not in run("build", "--quiet")[2]


def test_a_build_that_is_stopped_says_that_the_index_is_unharmed(run: Run) -> None:
    fake_engine.FAILURES["build"] = KeyboardInterrupt()
    assert run("build", "docs") == (130, "", "chaja: stopped; the index is unchanged\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def step(seconds: float, *, done: int, files: int = 3, stage: str = "reading") -> SimpleNamespace:
    return SimpleNamespace(
        stage=stage, files_done=done, files=files, passages=1000, seconds=seconds
    )


def test_progress_is_for_terminals_only() -> None:
    with progress_bar(io.StringIO()) as progress:
        assert progress is None
    with progress_bar(Terminal(), wanted=False) as progress:
        assert progress is None


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("COLUMNS", "70")
    return Terminal()


def lines_of(terminal: Terminal) -> list[str]:
    """Return what the line of the bar showed, one drawing after the other."""
    drawn = re.sub(r"\x1b\[(\?25[lh]|K)", "", terminal.getvalue())
    return [line.rstrip() for line in drawn.split("\r") if line.strip()]


def test_a_build_shows_its_stage_how_far_it_is_and_how_fast(terminal: Terminal) -> None:
    with progress_bar(terminal) as progress:
        assert progress is not None
        progress(step(0.0, done=0))
        progress(step(2.0, done=1))
        progress(step(2.0, done=3, stage="writing"))
    first, second, third = lines_of(terminal)
    assert re.fullmatch(r"reading, 0 passages/s  \[-+\]  0/3", first)
    assert re.fullmatch(r"reading, 500 passages/s  \[#+-+\]  1/3", second)
    assert re.fullmatch(r"writing, 500 passages/s  \[#+\]  3/3", third)
    assert {len(first), len(second), len(third)} == {70}


def test_a_build_that_takes_longer_shows_how_long_it_will_take(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress_bar(terminal) as progress:
        assert progress is not None
        now = time.time()
        monkeypatch.setattr("time.time", lambda: now + 10)
        progress(step(10.0, done=1))
    assert re.search(r"  1/3  00:00:2\d$", lines_of(terminal)[0])


def test_files_done_in_the_same_moment_are_drawn_once(terminal: Terminal) -> None:
    with progress_bar(terminal) as progress:
        assert progress is not None
        for done in range(100):
            progress(step(1.0 + done / 1000, done=done, files=100))
    assert len(lines_of(terminal)) == 1


def fail_at_once(terminal: Terminal) -> None:
    with progress_bar(terminal):
        raise CorpusError("no")


def test_the_bar_of_a_build_that_fails_is_taken_away(terminal: Terminal) -> None:
    with pytest.raises(CorpusError):
        fail_at_once(terminal)
    erased, cursor_shown = "\r\x1b[K", "\x1b[?25h"
    assert terminal.getvalue().endswith(erased + cursor_shown)


# Glossaries from a pipe


def imported(
    monkeypatch: pytest.MonkeyPatch, text: str, run: Run, *files: str
) -> tuple[tuple[int, str, str], list[tuple[str, str]]]:
    """Import files with a text at standard input; return the outcome, and what the index is given.

    The editing of the index is left out: the fake engine has none.
    """
    from index import edit_glossary

    given: list[tuple[str, str]] = []
    monkeypatch.setattr(edit_glossary, "new_entries", lambda _, entries: entries)

    def add_entries(_: object, new: Sequence[Entry]) -> Sequence[str]:
        given.extend((entry.korean, entry.english) for entry in new)
        return ()

    monkeypatch.setattr(edit_glossary, "add_entries", add_entries)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    return run("glossary", "import", *files), given


def test_a_glossary_is_imported_from_standard_input_among_files(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.tsv").write_text("가\ta\n", encoding="utf-8")
    (code, out, _), given = imported(monkeypatch, "한국어\tKorean\n", run, "a.tsv", "-")
    assert (code, out) == (0, "2 entries imported, 0 unchanged\n")
    assert given == [("가", "a"), ("한국어", "Korean")]


def test_an_empty_standard_input_is_no_glossary(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (code, out, err), given = imported(monkeypatch, "", run, "-")
    assert (code, out, given) == (2, "", [])
    assert err.splitlines()[0] == "chaja: standard input is empty"
