"""The searches that a user keeps: the history, and those with a name."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from command_line import Run
from command_line import folder as folder
from command_line import run as run
from fake_engine import called
from golden_hits import HITS

from search.cli import history


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's files, which is not there yet."""
    monkeypatch.setenv("CHAJA_CONFIG", str(tmp_path / "own" / "config.toml"))
    return tmp_path / "own"


def test_nothing_is_recorded_until_the_user_wants_it(run: Run, own: Path) -> None:
    run("search", "x")
    assert not own.exists()
    assert run("history")[0] == 1
    run("config", "set", "keep.history", "true")
    run("search", "작은", "도서관", "-n", "3")
    (row,) = map(json.loads, run("history", "--json")[1].splitlines())
    assert row["arguments"] == ["search", "작은", "도서관", "-n", "3"]
    assert row["hits"] > 0
    assert run("history")[1].endswith("  chaja search '작은' '도서관' -n 3\n")


def test_the_number_that_a_search_counted_is_recorded(run: Run, own: Path) -> None:
    run("config", "set", "keep.history", "true")
    counted = run("search", "x", "--count")[1]
    (row,) = map(json.loads, run("history", "--json")[1].splitlines())
    assert row["hits"] == int(counted) > 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_user_may_read_the_history(run: Run, own: Path) -> None:
    run("config", "set", "keep.history", "true")
    run("search", "x")
    assert stat.S_IMODE((own / history.FILE).stat().st_mode) == 0o600


def test_the_history_is_cleared_and_outlives_damage(run: Run, own: Path) -> None:
    run("config", "set", "keep.history", "true")
    run("search", "x")
    with (own / history.FILE).open("a", encoding="utf-8") as file:
        file.write('{"time": "half a li\n[]\n')
    run("search", "y")
    rows = map(json.loads, run("history", "--json")[1].splitlines())
    assert [row["arguments"][1] for row in rows] == ["x", "y"]
    assert run("history", "--clear")[0] == 0
    assert run("history")[0] == 1


def test_a_long_history_loses_its_older_half(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST", 10)
    for number in range(40):
        history.record(["search", str(number)], 0)
    kept = [int(search.arguments[1]) for search in history.searches()]
    assert kept == list(range(40 - len(kept), 40))
    assert 5 <= len(kept) <= 11


def test_a_search_that_cannot_be_recorded_succeeds_with_a_note(run: Run, own: Path) -> None:
    run("config", "set", "keep.history", "true")
    (own / history.FILE).mkdir()
    code, out, err = run("search", "x")
    assert code == 0
    assert out
    assert err.startswith("note: the search was not recorded: ")


def test_a_saved_search_runs_as_if_it_were_typed(run: Run, own: Path) -> None:
    assert run("saved", "list")[0] == 1
    assert run("saved", "add", "전략", "search", "작은 도서관", "--lang", "ko", "-n", "2")[0] == 0
    assert run("saved", "add", "other", "phrase", "x", "--exact")[0] == 0
    typed = run("search", "작은 도서관", "--lang", "ko", "-n", "2")
    assert run("saved", "run", "전략") == typed
    assert run("saved", "run")[1].startswith("# other: chaja phrase x --exact\n")
    assert (called("phrase")["exact"], called("search")["language"]) == (True, "ko")
    assert run("saved", "list")[1].splitlines()[1].startswith("전략  chaja search ")
    assert run("saved", "remove", "other")[0] == 0
    rows = map(json.loads, run("saved", "list", "--json")[1].splitlines())
    assert [row["name"] for row in rows] == ["전략"]


def test_a_saved_search_runs_in_the_profile_that_is_given(run: Run, own: Path) -> None:
    run("config", "set", "keep.history", "true")
    run("config", "set", "profile.thesis.search.limit", "3")
    run("saved", "add", "a", "search", "x")
    run("--profile", "thesis", "saved", "run", "a")
    assert called("search")["limit"] == 3
    (row,) = map(json.loads, run("history", "--json")[1].splitlines())
    assert row["arguments"] == ["--profile", "thesis", "search", "x"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a", "search", "x", "--nosuch"), "No such option '--nosuch'"),
        (("a", "search", "x", "--index"), "Option '--index' requires an argument"),
        (("a", "search", "x", "-n", "few"), "Invalid value for '-n'"),
        (("a", "phrase", "--exact"), "Missing argument 'WORDS...'"),
        (("", "search", "x"), "the name is empty"),
        ((" ", "search", "x"), "the name is empty"),
    ],
)
def test_what_a_command_does_not_take_is_not_saved(
    run: Run, own: Path, arguments: tuple[str, ...], message: str
) -> None:
    code, out, err = run("saved", "add", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"chaja: {message}")
    assert not own.exists()


def test_a_saved_search_that_fails_does_not_keep_the_others_from_running(
    run: Run, own: Path, folder: Path
) -> None:
    for name, command in (("a", "search"), ("b", "phrase"), ("c", "search")):
        run("saved", "add", name, command, "x", *["--index", "gone"] * (name == "a"))
    code, out, err = run("saved", "run")
    assert code == 2
    assert [line for line in out.splitlines() if line.startswith("# ")] == [
        "# a: chaja search x --index gone",
        "# b: chaja phrase x",
        "# c: chaja search x",
    ]
    assert out.count(HITS[0].title) == 2
    assert err == run("search", "x", "--index", "gone")[2]
    assert "Traceback" in run("--debug", "saved", "run", "a")[2]


def test_without_saved_searches_none_runs_and_a_sentence_says_so(run: Run, own: Path) -> None:
    code, out, err = run("saved", "run")
    assert (code, out, err.splitlines()[0]) == (1, "", "chaja: no searches are saved")


def test_an_unknown_saved_search_is_refused(run: Run, own: Path) -> None:
    for action in ("run", "remove"):
        code, _, err = run("saved", action, "a")
        assert (code, err.splitlines()[0]) == (2, "chaja: there is no saved search a")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"version": 2, "searches": {}}', "is of version 2; this Chaja reads 1"),
        ('{"version": 1, "searches": {"a"', "is damaged"),
        ("[]", "is damaged"),
        ('{"version": 1, "searches": {"a": "search x"}}', "is damaged"),
    ],
)
def test_saved_searches_of_another_version_or_damaged_are_refused_and_kept(
    run: Run, own: Path, content: str, reason: str
) -> None:
    own.mkdir()
    file = own / "saved.json"
    file.write_text(content, encoding="utf-8")
    for arguments in (["list"], ["add", "a", "search", "x"]):
        code, out, err = run("saved", *arguments)
        assert (code, out) == (2, "")
        assert err.startswith(f"chaja: {file}: {reason}")
    assert file.read_text(encoding="utf-8") == content
