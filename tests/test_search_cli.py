import errno
import io
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import click
import fake_engine
import pytest
from fake_engine import called
from golden_hits import HITS
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QueryError
from search.cli import chaja, main
from search.progress import progress_bar

ROOT = Path(__file__).parents[1]
COMMANDS = tuple(chaja.commands)
ODD_ARGUMENTS = ["-", "--", "-n", "-d", "--lang", "--json", "-h", "--format=trec", "-북"]
HEAVY = {
    *("charset_normalizer", "corpus", "index", "json", "kiwipiepy", "numpy", "rich", "sqlite3"),
    *("trafilatura", "wcwidth", "whoosh"),
}
RUN = "import sys; from search.cli import main; sys.exit(main())"
RUN_FAKE = f"import sys, fake_engine; fake_engine.install(sys.modules); {RUN}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a folder with an index, and with the fake engine to answer."""
    fake_engine.CALLS.clear()
    fake_engine.FAILURES.clear()
    modules = dict(sys.modules)
    fake_engine.install(modules)
    for name in ("search.searcher", "index.builder"):
        monkeypatch.setitem(sys.modules, name, modules[name])
    for name in ("CHAJA_INDEX", "CHAJA_DEBUG", "NO_COLOR", "_CHAJA_COMPLETE"):
        monkeypatch.delenv(name, raising=False)
    fake_engine.index_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    fake_engine.FAILURES.clear()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> "Run":
    return Run(capfd)


class Run:
    """Runs the command line; gives exit code, standard output and standard error."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = self._capture.readouterr()
        return code, out, err


def commands_of(name: str) -> list[click.Command]:
    """Return a command, and those below it."""
    command = chaja.commands[name]
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [command, *below]


def process(
    *arguments: str, program: str = RUN_FAKE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=clean_environment(**environment),
        capture_output=True,
        check=False,
    )


def clean_environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return {**os.environ, "PYTHONPATH": path, **more}


# Help


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS)])
def test_help_loads_nothing_heavy(arguments: Sequence[str]) -> None:
    program = (
        f"import sys; from search.cli import main; main({[*arguments, '--help']!r});"
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    done = process(program=program)
    assert done.returncode == 0
    assert not set(done.stderr.decode().split()) & HEAVY


def test_a_command_imports_no_other() -> None:
    program = (
        "import sys; from search.cli import main; main(['search', '--help']);"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    loaded = set(process(program=program).stderr.decode().split())
    assert "search.commands.search" in loaded
    assert loaded.isdisjoint({"search.commands.build", "search.commands.evaluate"})


def test_only_the_process_itself_gets_settings_of_its_own() -> None:
    name = "OPENBLAS_NUM_THREADS"
    program = (
        "import gc, os, sys; from search.cli import main;"
        "settings = lambda: (gc.get_threshold(), gc.get_freeze_count() > 0, os.environ[NAME]);"
        "before = settings(); main(['--help']); assert settings() == before;"
        "main(); after = settings(); assert after[1] and after[:2] != before[:2]; print(after[2])"
    ).replace("NAME", repr(name))
    done = process("--help", program=program, **{name: "7"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().endswith("7\n")  # what the user sets is left alone


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example_of_it(name: str, run: Run) -> None:
    code, out, _ = run(name, "-h")
    assert code == 0
    assert out.rstrip().splitlines()[-1].startswith(f"    chaja {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    parameters = [item for command in commands_of(name) for item in command.params]
    options = [item for item in parameters if isinstance(item, click.Option)]
    assert all(option.help for option in options)


def test_without_arguments_the_help_is_printed(run: Run) -> None:
    assert run() == run("--help")


def test_the_version_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.2.3")
    assert run("--version") == (0, "chaja 1.2.3\n", "")


def test_a_version_that_is_not_installed_is_no_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.metadata import PackageNotFoundError

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert run("--version")[:2] == (0, "chaja (not installed)\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CHAJA_COMPLETE", f"{shell}_source")
    code, out, _ = run()
    assert code == 0
    assert "_CHAJA_COMPLETE" in out


def test_completion_knows_the_commands(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CHAJA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "chaja se")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert run() == (0, "plain,search\n", "")


# Search and phrase


def test_a_search_prints_hits_and_ends_with_0(run: Run) -> None:
    code, out, err = run("search", "작은", "도서관")
    assert (code, err) == (0, "")
    assert out.startswith("1.  작은 도서관을 지역마다 두기로  (news/2024/library.txt:12)")
    assert called("search") == {
        "query": "작은 도서관",
        "limit": 10,
        "offset": 0,
        "language": "",
        "per_document": None,
        "bridge": True,
        "strict": False,
    }


def test_the_options_of_a_search_reach_the_searcher(run: Run) -> None:
    run(
        *[
            "search",
            "x",
            "-n",
            "3",
            "--offset",
            "20",
            "--lang",
            "ko",
            "-d",
            "2",
            "--no-bridge",
            "--strict",
        ]
    )
    assert called("search") == {
        "query": "x",
        "limit": 3,
        "offset": 20,
        "language": "ko",
        "per_document": 2,
        "bridge": False,
        "strict": True,
    }
    assert called("notes") == {"query": "x", "bridge": False, "strict": True}


def test_the_options_of_a_phrase_reach_the_searcher(run: Run) -> None:
    run("phrase", "한국의", "외교", "--exact", "--slop", "2")
    options = called("phrase")
    assert (options["query"], options["exact"], options["slop"]) == ("한국의 외교", True, 2)
    assert (options["bridge"], options["strict"]) == (True, False)
    run("phrase", "한국의", "외교", "--no-bridge", "--strict")
    options = called("phrase")
    assert (options["bridge"], options["strict"]) == (False, True)
    assert called("notes")["phrase"] is True


def test_a_hit_that_the_bridge_found_says_so(run: Run) -> None:
    _, out, _ = run("search", "도서관", "-n", "2")
    assert out.splitlines()[-1].split("; ")[0].strip() == "도서관 → library, glossary"


def test_nothing_found_ends_with_1_and_says_so_on_standard_error(run: Run) -> None:
    code, out, err = run("search", "nothing")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "chaja: nothing found for nothing",
        "  chaja explain QUERY shows how the query was read",
    ]
    assert "try without --lang" in run("search", "nothing", "--lang", "en")[2]
    assert run("search", "nothing", "--offset", "10")[2] == (
        "chaja: nothing beyond hit 10 for nothing\n"
    )


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"], ["--json", "--format=json"]])
def test_json_is_one_object_a_line(run: Run, option: Sequence[str]) -> None:
    _, out, _ = run("search", "x", *option)
    ranks = [json.loads(line)["rank"] for line in out.splitlines()]
    assert ranks == [hit.rank for hit in HITS]


def test_a_trec_run_asks_for_one_passage_of_each_document(run: Run) -> None:
    _, out, _ = run("phrase", "x", "--format", "trec", "--query-id", "q7")
    assert out.splitlines()[0] == "q7 Q0 news/2024/library.txt 1 12.345679 chaja"
    assert called("phrase")["per_document"] == 1
    run("search", "x", "--format", "trec", "-d", "3")
    assert called("search")["per_document"] == 3


def test_contradicting_formats_are_refused(run: Run) -> None:
    code, _, err = run("search", "x", "--json", "--format", "trec")
    assert (code, err.splitlines()[0]) == (
        2,
        "chaja: --json and --format trec contradict each other",
    )


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["전략 -북한"], "전략 -북한"),
        (["전략", "-북한"], "전략 -북한"),
        (["-북한", "전략", "-n", "3"], "-북한 전략"),
        (["-2019", '-"a b"', "-(x)"], '-2019 -"a b" -(x)'),
        (["--", "+must", "-not"], "+must -not"),
        (["-n", "3", "--", "-not", "--", "-북"], "-not -- -북"),
        (["  한국\n외교 "], "한국 외교"),
    ],
)
def test_words_that_begin_with_minus_belong_to_the_query(
    run: Run, arguments: Sequence[str], query: str
) -> None:
    assert run("search", *arguments)[0] == 0
    assert called("search")["query"] == query


def test_the_value_of_an_option_may_begin_with_minus(run: Run) -> None:
    assert run("search", "x", "--format", "trec", "--query-id", "-북")[1].startswith("-북 Q0 ")
    code, _, err = run("search", "x", "-n", "-5")
    assert (code, "-5" in err, "\0" in err) == (2, True, False)


@given(st.lists(st.one_of(st.text(max_size=6), st.sampled_from(ODD_ARGUMENTS)), max_size=5))
def test_no_arguments_are_an_internal_error(arguments: list[str]) -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO("typed"))
        code = main(["search", *arguments])
    assert code in (0, 2)
    assert bool(out.getvalue()) == (code == 0)
    assert "internal error" not in err.getvalue()


@pytest.mark.parametrize("word", ["-not", "-xyz"])
def test_a_word_that_looks_like_options_is_refused_with_advice(run: Run, word: str) -> None:
    code, _, err = run("search", "a", word)
    assert code == 2
    assert err.splitlines()[1] == (
        "  for words that begin with - put -- first: chaja search -- -WORD"
    )


def test_a_mistyped_option_is_no_word(run: Run) -> None:
    code, _, err = run("search", "a", "--limt", "3")
    assert code == 2
    assert "--limt" in err
    assert err.splitlines()[1] == "  chaja search --help tells more"


def test_a_query_can_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.BytesIO("한국\n외교\n".encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(typed, encoding="latin-1"))
    run("search", "-")
    assert called("search")["query"] == "한국 외교"


@pytest.mark.parametrize("arguments", [[], [""], [" ", "\n"]])
def test_an_empty_query_is_refused(run: Run, arguments: Sequence[str]) -> None:
    code, out, err = run("search", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("chaja: ")


def test_colour_can_be_asked_for(run: Run) -> None:
    assert "\x1b[1;31m" in run("search", "x", "--color", "always")[1]
    assert "\x1b" not in run("search", "x")[1]


def test_what_the_writer_of_a_query_should_know_is_told_on_standard_error(run: Run) -> None:
    code, out, err = run("search", "colour:red", "--json")
    assert (code, err) == (0, "note: there is no field colour\n")
    assert len(out.splitlines()) == len(HITS)


# Where the index is


def test_the_nearest_index_above_is_used_and_paths_are_shown_from_here(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "news").mkdir()
    monkeypatch.chdir(folder / "news")
    _, out, _ = run("search", "x")
    assert called("open") == {"directory": folder / ".chaja"}
    assert "(2024/library.txt:12)" in out


def test_an_index_can_be_named_by_option_or_environment(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    directory = fake_engine.index_in(elsewhere)
    run("search", "x", "--index", str(directory))
    assert called("open") == {"directory": directory}
    fake_engine.CALLS.clear()
    monkeypatch.setenv("CHAJA_INDEX", str(directory))
    run("search", "x")
    assert called("open") == {"directory": directory}


def test_a_missing_index_is_one_sentence_with_a_next_step(run: Run, folder: Path) -> None:
    code, out, err = run("search", "x", "--index", str(folder / "none"))
    assert (code, out) == (2, "")
    assert err.startswith(f"chaja: {folder / 'none'}")
    assert "\n  " in err


# The other commands


def test_show_prints_the_passage_of_a_place(run: Run) -> None:
    code, out, _ = run("show", "news/2024/library.txt:13", "-C", "2")
    assert code == 0
    assert called("passages") == {"path": HITS[0].path, "line": 13, "around": 2}
    assert out.splitlines()[1].startswith("> 12  정부는")


def test_show_takes_a_path_as_it_is_seen_from_here(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "news").mkdir()
    monkeypatch.chdir(folder / "news")
    for path in ("2024/library.txt", "news/2024/library.txt", f"{folder}/news/2024/library.txt"):
        assert run("show", path)[0] == 0, path
        assert called("passages")["line"] is None


def test_show_refuses_a_path_that_is_not_in_the_index(run: Run) -> None:
    code, _, err = run("show", "other.txt")
    assert code == 2
    assert err.splitlines() == [
        "chaja: other.txt is not in the index",
        "  did you mean news/2024/library.txt?",
    ]


def test_similar_asks_for_a_place_and_prints_hits(run: Run) -> None:
    options = ("-n", "1", "--offset", "3", "--lang", "en", "-d", "2", "--no-bridge")
    code, out, _ = run("similar", "news/2024/library.txt:13", *options)
    assert code == 0
    assert called("similar") == {
        "path": HITS[0].path,
        "line": 13,
        "limit": 1,
        "offset": 3,
        "language": "en",
        "per_document": 2,
        "bridge": False,
    }
    assert HITS[1].title in out


def test_similar_refuses_a_path_that_is_not_in_the_index(run: Run) -> None:
    code, out, err = run("similar", "other.txt")
    assert (code, out) == (2, "")
    assert err.splitlines()[0] == "chaja: other.txt is not in the index"


def test_an_explanation_tells_what_words_are_in_the_other_language(run: Run) -> None:
    out = run("explain", "도서관", "-n", "0")[1]
    assert [line.split() for line in out.splitlines() if "→" in line] == [
        ["도서관", "→", "library", "0.90", "glossary"],
        ["작은", "도서관", "→", "branch", "0.25", "parallel", "documents"],
    ]
    run("explain", "도서관", "--no-bridge", "--strict")
    options = called("explain")
    assert (options["bridge"], options["strict"]) == (False, True)


def test_show_explain_and_info_speak_json(run: Run) -> None:
    assert json.loads(run("show", HITS[0].path, "--json")[1])["line"] == 12
    assert json.loads(run("info", "--json")[1])["sources"] == ["news"]
    explained = json.loads(run("explain", "학교", "--json", "-n", "1")[1])
    assert explained["words"][0]["terms"] == ["말"]
    assert [score["parts"] for score in explained["hits"]] == [{"bm25": 1.0}]


def test_info_and_explain_print_facts_to_read(run: Run) -> None:
    assert "documents  2 (Korean 2)" in run("info")[1]
    assert run("explain", "학교", "-북한")[1].startswith("reading  학교 -북한\n")


@pytest.fixture
def judged(folder: Path) -> list[str]:
    (folder / "q.tsv").write_text("1\t도서관\n2\tnothing\n", encoding="utf-8")
    (folder / "qrels.txt").write_text("1 0 handbook-7 1\n2 0 x 1\n", encoding="utf-8")
    return ["evaluate", "--queries", "q.tsv", "--qrels", "qrels.txt"]


def test_evaluate_prints_measures_and_writes_a_run(
    run: Run, folder: Path, judged: list[str]
) -> None:
    code, out, _ = run(*judged, "--run", "chaja.run")
    assert code == 0
    lines = dict(line.rsplit(maxsplit=1) for line in out.splitlines())
    assert lines["MRR@10"] == "0.2500"
    assert (lines["queries"], lines["without hits"]) == ("2", "1")
    assert (folder / "chaja.run").read_text(encoding="utf-8").count(" Q0 ") == 2


def test_evaluate_speaks_json(run: Run, judged: list[str]) -> None:
    value = json.loads(run(*judged, "--json")[1])
    assert (value["measures"]["R@10"], value["without_hits"]) == (0.5, 1)


def test_a_part_of_the_index_can_be_measured_without_the_bridge(
    run: Run, judged: list[str]
) -> None:
    assert run(*judged)[0] == 0
    options = called("rank_documents")
    assert (options["path"], options["bridge"]) == ("", True)
    assert run(*judged, "--path", "help/en/", "--no-bridge")[0] == 0
    options = called("rank_documents")
    assert (options["path"], options["bridge"]) == ("help/en/", False)


# Build


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


# When things go wrong


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (QueryError("bad\nfield", hint="use x"), ["chaja: bad field", "  use x"]),
        (
            OSError(errno.ENOSPC, "full", "/data/x"),
            ["chaja: the disk is full: /data/x", "  free some space and try again"],
        ),
        (PermissionError(errno.EACCES, "no", "/data/x"), ["chaja: permission denied: /data/x"]),
        (OSError(errno.EIO, "no"), ["chaja: input/output error"]),
        (OSError("unplugged"), ["chaja: unplugged"]),
        (MemoryError(), ["chaja: there is not enough memory"]),
        (click.ClickException("odd"), ["chaja: odd"]),
        (
            ZeroDivisionError("by zero"),
            [
                "chaja: internal error: ZeroDivisionError: by zero; "
                "run with CHAJA_DEBUG=1 for the trace"
            ],
        ),
        (
            AssertionError(),
            ["chaja: internal error: AssertionError; run with CHAJA_DEBUG=1 for the trace"],
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_a_sentence_and_exit_code_2(
    run: Run, error: Exception, lines: list[str]
) -> None:
    fake_engine.FAILURES["search"] = error
    code, out, err = run("search", "x")
    assert (code, out) == (2, "")
    assert err.splitlines() == lines


def test_the_trace_is_there_for_who_asks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAJA_DEBUG", "1")
    fake_engine.FAILURES["search"] = ZeroDivisionError("by zero")
    err = run("search", "x")[2]
    assert err.startswith("Traceback")
    assert err.splitlines()[-1].startswith("chaja: internal error")


def test_a_usage_error_outside_a_command_points_to_the_help(run: Run) -> None:
    code, _, err = run("frobnicate")
    assert code == 2
    assert err.splitlines()[1] == "  chaja --help tells more"


def test_an_interrupt_ends_with_130(run: Run) -> None:
    fake_engine.FAILURES["search"] = KeyboardInterrupt()
    assert run("search", "x") == (130, "", "chaja: stopped\n")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    searching = subprocess.Popen(
        [sys.executable, "-c", RUN_FAKE, "search", "x", "-n", "20000"],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert searching.stdout is not None
    assert searching.stderr is not None
    with searching.stdout as stdout, searching.stderr as stderr:
        assert stdout.readline().startswith(b"1.  ")
        stdout.close()
        assert stderr.read() == b""
    assert searching.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_an_error() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", RUN_FAKE, "search", "x"],
            env=clean_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"chaja: the disk is full")
    assert done.stderr.count(b"\n") == 2


def test_output_is_utf_8_whatever_the_locale() -> None:
    done = process("search", "x", LC_ALL="C", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "도서관" in done.stdout.decode("utf-8")


class ClosedPipe(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "closed", text)


class FullDisk(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "full")


def test_a_closed_pipe_ends_a_command_with_0(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", ClosedPipe())
    assert main(["search", "x"]) == 0
    assert capfd.readouterr().err == ""


def test_a_full_disk_shows_when_output_is_flushed(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", FullDisk())
    assert main(["search", "x"]) == 2
    assert capfd.readouterr().err.startswith("chaja: the disk is full\n")


def test_what_is_told_on_standard_error_holds_no_control_characters(run: Run) -> None:
    assert "\x1b" not in run("search", "nothing\x1b[2J")[2]
    fake_engine.FAILURES["search"] = QueryError("odd \x1b[2J")
    assert "\x1b" not in run("search", "x")[2]


def test_a_name_that_no_utf_8_can_hold_is_an_escape() -> None:
    name = os.fsdecode(b"\xff.txt")
    program = f"from search.cli import _speak_utf8; _speak_utf8(); print({name!a})"
    assert process(program=program).stdout.decode() == "\\udcff.txt\n"


# The documents about it


@pytest.mark.parametrize("name", COMMANDS)
def test_docs_cli_has_a_section_for_every_command_and_every_option(name: str) -> None:
    sections = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").split("\n## ")
    section = next(section for section in sections if section.startswith(f"`chaja {name}`"))
    for command in commands_of(name):
        for item in command.params:
            for option in item.opts if isinstance(item, click.Option) else ():
                assert f"`{option}" in section, option


@pytest.mark.parametrize("name", [name for name in COMMANDS if len(commands_of(name)) > 1])
def test_docs_cli_shows_every_command_of_a_group(name: str) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for command in commands_of(name)[1:]:
        assert f"    chaja {name} {command.name}" in text


def test_docs_json_names_every_key(run: Run, judged: list[str]) -> None:
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    asked = (["search", "x"], ["explain", "x"], ["info"], judged)
    for arguments in asked:
        value = json.loads(run(*arguments, "--json")[1].splitlines()[0])
        assert [key for key in value if f"`{key}`" not in text] == []


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
