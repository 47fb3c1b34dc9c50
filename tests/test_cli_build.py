"""Building from the command line: options, problems, progress, what is given by a pipe."""

from __future__ import annotations

import io
import math
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import fake_engine
import pytest
from command_line import Run
from command_line import folder as folder
from command_line import run as run
from fake_engine import called

from search.progress import progress_bar


def test_a_build_prints_its_summary_and_its_problems(run: Run, folder: Path) -> None:
    code, out, err = run("build", "docs", "a.txt")
    assert (code, out) == (
        0,
        "1 added, 0 updated, 0 removed, 0 unchanged: 1 file, 3 passages in 0.5 s\n",
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
    }


def test_the_options_of_a_build_reach_the_builder(run: Run, folder: Path) -> None:
    run("build", "--rebuild", "--strict", "--dictionary", "words.txt", "--index", "here")
    options = called("build")
    assert options["directory"] == Path("here")
    assert options["roots"] == ()
    assert options["dictionary"] == Path("words.txt")
    assert (options["rebuild"], options["strict"]) == (True, True)


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
    assert run("build", "docs") == (130, "", "chaja: stopped; the index is as it was before\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def step(seconds: float, *, files: int = 3) -> SimpleNamespace:
    return SimpleNamespace(
        stage="reading", files_done=1, files=files, passages=1000, seconds=seconds
    )


def test_progress_is_for_terminals_only() -> None:
    with progress_bar(io.StringIO()) as progress:
        assert progress is None
    with progress_bar(Terminal(), wanted=False) as progress:
        assert progress is None


def test_a_short_build_shows_no_bar() -> None:
    stream = Terminal()
    with progress_bar(stream, patience=60) as progress:
        assert progress is not None
        progress(step(0.1))
    assert stream.getvalue() == ""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def test_a_long_build_shows_its_stage_and_how_far_it_is(terminal: Terminal) -> None:
    with progress_bar(terminal, patience=0) as progress:
        assert progress is not None
        wait_until(lambda: "starting" in terminal.getvalue())
        progress(step(0.0, files=0))
        progress(step(2.0))
    assert "reading" in terminal.getvalue()
    assert "1/3" in terminal.getvalue()
    assert "500 passages/s" in terminal.getvalue()


def test_a_bar_that_comes_late_shows_what_was_told_before(terminal: Terminal) -> None:
    with progress_bar(terminal, patience=0.01) as progress:
        assert progress is not None
        progress(step(2.0))
        wait_until(lambda: "1/3" in terminal.getvalue())


def test_a_bar_that_comes_too_late_stays_away(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, appeared = threading.Event(), threading.Event()

    def slow_bar(stream: io.StringIO) -> object:
        ended.wait(30)
        threading.Timer(0.1, appeared.set).start()
        return SimpleNamespace(start=lambda: stream.write("too late"))

    monkeypatch.setattr("search.progress._new_bar", slow_bar)
    with progress_bar(terminal, patience=0):
        time.sleep(0.05)
    ended.set()
    assert appeared.wait(30)
    assert terminal.getvalue() == ""


# Glossaries from a pipe


def imported(
    monkeypatch: pytest.MonkeyPatch, text: str, run: Run, *files: str
) -> tuple[tuple[int, str, str], list[tuple[str, str]]]:
    """Import files with a text at standard input; return the outcome, and what the index is given.

    The editing of the index is left out: the fake engine has none.
    """
    from index.bridge import editing

    given: list[tuple[str, str]] = []
    monkeypatch.setattr(editing, "new_among", lambda _, entries: entries)
    monkeypatch.setattr(
        editing, "give", lambda _, new: given.extend((entry.korean, entry.english) for entry in new)
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    return run("glossary", "import", *files), given


def test_a_glossary_is_imported_from_standard_input_among_files(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.tsv").write_text("가\ta\n", encoding="utf-8")
    (code, out, _), given = imported(monkeypatch, "한국어\tKorean\n", run, "a.tsv", "-")
    assert (code, out) == (0, "2 entries taken, 0 were there already\n")
    assert given == [("가", "a"), ("한국어", "Korean")]


def test_an_empty_standard_input_is_no_glossary(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (code, out, err), given = imported(monkeypatch, "", run, "-")
    assert (code, out, given) == (2, "", [])
    assert err.splitlines()[0] == "chaja: standard input is empty"
