"""The user's configuration, and the defaults beside an index."""

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

from index.bridge.entry import Entry, Source
from index.builder.build import build as build_index
from index.builder.given_documents import SourceDocument
from index.edit_glossary import add_entries


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a configuration file that is not there yet."""
    path = tmp_path / "own" / "config.toml"
    monkeypatch.setenv("CHAJA_CONFIG", str(path))
    return path


def written(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_settings_are_defaults_that_options_override(run: Run, file: Path) -> None:
    written(file, '[defaults]\nlang = "ko"\nlimit = 7\n[search]\nlimit = 3\nbridge = false\n')
    run("search", "x")
    call = called("search")
    assert (call["limit"], call["language"], call["bridge"]) == (3, "ko", False)
    run("search", "x", "-n", "5", "--bridge")
    call = called("search")
    assert (call["limit"], call["bridge"]) == (5, True)
    run("phrase", "x")
    assert called("phrase")["limit"] == 7


def test_a_profile_precedes_what_holds_without_it(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "[search]\nlimit = 3\n[profile.a.defaults]\nlimit = 4\n[profile.b.search]\nlimit = 5\n"
    written(file, text)
    for name, limit in (("a", 4), ("b", 5)):
        run("--profile", name, "search", "x")
        assert called("search")["limit"] == limit
    monkeypatch.setenv("CHAJA_PROFILE", "b")
    run("search", "x")
    assert called("search")["limit"] == 5


def test_the_commands_of_a_group_have_the_defaults_of_all(
    run: Run, file: Path, tmp_path: Path
) -> None:
    for name in ("zyx-one", "zyx-two"):
        directory = tmp_path / name / ".chaja"
        build_index(directory, documents=[SourceDocument(id="a", text="a")])
        add_entries(directory, [Entry("배", name, weight=1.0, source=Source.USER)])
    written(
        file,
        f'[defaults]\nindex = "{tmp_path}/zyx-one/.chaja"\ncolor = "never"\n'
        f'[profile.b.defaults]\nindex = "{tmp_path}/zyx-two/.chaja"\n',
    )
    assert run("glossary", "list", "zyx-one")[1] == "배\tzyx-one\t1\tuser\n"
    assert run("--profile", "b", "glossary", "list", "zyx-two")[1] == "배\tzyx-two\t1\tuser\n"
    given = ("--index", str(tmp_path / "zyx-two" / ".chaja"))
    assert run("glossary", "list", "zyx-two", *given)[0] == 0


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[search]\nlimit = "many"\n', 2, "limit: 'many' is not a valid integer range."),
        ("[search]\n\nlimit = \n", 3, "Invalid value"),
        ("[search]\nlimits = 3\n", 2, "search has no option --limits"),
        ('[search]\nbridge = "no"\n', 2, "bridge: 'no' is not true or false"),
        ("[search]\nlimit = true\n", 2, "limit: True is not a value"),
        ("search = 3\n", 1, "search is no table"),
        ('[keep]\nhistory = "yes"\n', 2, "keep.history is neither true nor false"),
        ("[search]\nlimit = 3", 0, ""),
    ],
)
def test_a_broken_line_is_named(run: Run, file: Path, text: str, line: int, message: str) -> None:
    written(file, text)
    code, out, err = run("search", "x")
    if line:
        assert (code, out) == (2, "")
        assert err.startswith(f"chaja: {file}:{line}: {message}\n  ")
    else:
        assert code == 0


def test_a_file_that_is_not_utf_8_is_named_with_its_line(run: Run, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"[search]\nlang = '\xb0\xa1'\n")
    code, _, err = run("search", "x")
    assert (code, err.splitlines()[0]) == (2, f"chaja: {file}:2: is not UTF-8")


def test_an_unknown_profile_is_refused_with_those_that_exist(run: Run, file: Path) -> None:
    assert run("--profile", "a", "search", "x")[0] == 2
    written(file, "[profile.b.search]\nlimit = 5\n")
    code, _, err = run("--profile", "a", "search", "x")
    assert code == 2
    assert err == f"chaja: there is no profile a\n  {file} has these profiles: b.\n"


def test_config_sets_shows_and_unsets_and_keeps_comments(run: Run, file: Path) -> None:
    assert run("config")[1] == f"{file}  (not there; chaja config set makes it)\n"
    written(file, "# mine\n[search]\nlimit = 3  # few\n")
    assert run("config", "set", "search.lang", "ko")[0] == 0
    assert run("config", "set", "keep.history", "true")[0] == 0
    assert run("config", "set", "profile.a.search.limit", "9")[0] == 0
    assert file.read_text(encoding="utf-8").startswith("# mine\n[search]\nlimit = 3  # few\n")
    settings = {
        "search.limit": 3,
        "search.lang": "ko",
        "keep.history": True,
        "profile.a.search.limit": 9,
    }
    assert json.loads(run("config", "--json")[1])["settings"] == settings
    assert '  search.lang = "ko"\n' in run("config")[1]
    assert run("config", "unset", "search.limit")[0] == 0
    assert "limit = 3" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [("search.limit", "few"), ("search.limits", "3"), ("limit", "3"), ("seek.limit", "3")],
)
def test_config_refuses_what_is_no_setting_and_changes_nothing(
    run: Run, file: Path, name: str, value: str
) -> None:
    code, _, err = run("config", "set", name, value)
    assert code == 2
    assert err.startswith("chaja: ")
    assert not file.exists()
    assert run("config", "unset", "search.limit")[0] == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_user_may_read_what_config_writes(run: Run, file: Path) -> None:
    run("config", "set", "search.limit", "3")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("is_there", [False, True])
def test_config_writes_where_a_link_leads(
    run: Run, file: Path, tmp_path: Path, is_there: bool
) -> None:
    own = tmp_path / "dotfiles" / "chaja.toml"
    if is_there:
        written(own, "# mine\n")
    file.parent.mkdir()
    file.symlink_to(own)
    assert run("config", "set", "search.limit", "3")[0] == 0
    assert file.is_symlink()
    assert own.read_text(encoding="utf-8").startswith("# mine\n" if is_there else "[search]")
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


def test_the_file_beside_an_index_has_defaults_of_searching_behind_those_of_the_user(
    run: Run, file: Path, folder: Path
) -> None:
    (folder / "chaja.toml").write_text('[search]\nlimit = 4\nlang = "en"\n', encoding="utf-8")
    run("search", "x")
    call = called("search")
    assert (call["limit"], call["language"]) == (4, "en")
    written(file, "[search]\nlimit = 6\n")
    run("search", "x")
    call = called("search")
    assert (call["limit"], call["language"]) == (6, "en")


HOSTILE = {
    "nest": ("x = " + "[" * 50_000, "a number or a nest of brackets is too long"),
    "header": (f"[{'.'.join('a' * 3_000)}]\nx = 1", "more than 8 tables stand in each other"),
    "key": (f"[search]\n{'.'.join('a' * 900)} = 1", "more than 8 tables stand in each other"),
    "digits": (f"[search]\nlimit = {'9' * 5_000}", "a number or a nest of brackets is too long"),
    "hex": (f"[search]\nlimit = 0x{'f' * 5_000}", "limit: Exceeds the limit"),
    "list": ("[search]\nlimit = [1, 2]", "limit: a list, a table or a date is not a value"),
    "choice": ('[search]\nlang = ["ko"]', "lang: a list, a table or a date is not a value"),
    "table": ("[search.limit]", "limit: a list, a table or a date is not a value"),
    "date": ("[search]\nlimit = 2024-05-06", "limit: a list, a table or a date is not a value"),
    "infinity": ("[search]\nlimit = inf", "limit: 'inf' is not a valid integer range."),
    "fraction": ("[search]\nlimit = 2.5", "limit: '2.5' is not a valid integer range."),
    "size": ("#" * 200_000, "is longer than 100,000 bytes"),
}


@pytest.mark.parametrize("of_the_user", [False, True])
@pytest.mark.parametrize("kind", HOSTILE)
def test_whatever_stands_in_a_file_is_refused_in_a_sentence_that_names_it(
    run: Run, file: Path, folder: Path, kind: str, of_the_user: bool
) -> None:
    text, sentence = HOSTILE[kind]
    path = file if of_the_user else folder / "chaja.toml"
    written(path, text)
    code, out, err = run("search", "x")
    assert (code, out) == (2, "")
    first, step = err.splitlines()
    assert first.startswith(f"chaja: {path}:")
    assert sentence in first
    assert step.startswith("  ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other names of homes")
def test_the_home_of_nobody_is_refused(run: Run, file: Path) -> None:
    written(file, '[defaults]\nindex = "~nobody-of-this-name/.chaja"\n')
    code, out, err = run("search", "x")
    assert (code, out) == (2, "")
    assert err.startswith(f"chaja: {file}:2: index: ")


@pytest.mark.parametrize("line", ['color = "never"', 'index = "/x"', 'synonyms = "/etc/passwd"'])
def test_the_file_beside_an_index_sets_nothing_else(run: Run, folder: Path, line: str) -> None:
    (folder / "chaja.toml").write_text(f"[search]\n{line}\n", encoding="utf-8")
    code, out, err = run("search", "x")
    assert (code, out) == (2, "")
    setting = line.partition(" ")[0]
    assert f"chaja.toml:2: a file beside an index cannot set search.{setting}\n" in err
