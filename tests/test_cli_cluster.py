"""Commands with an index on a cluster: its address, the access to it, and what differs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import fake_cluster
import fake_engine
import pytest
from command_line import Run, commands_of, process
from command_line import folder as folder
from command_line import run as run
from fake_cluster import ADDRESS
from golden_hits import HITS

import index.opensearch
from corpus.errors import ClusterError
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress, parse_address
from search.cli.main import chaja
from search.index_location import index_option_for, is_address, parse_location

CANARY = "canary-0xc0ffee"
AT = parse_address(ADDRESS)
OFFLINE = ("config", "history", "saved")


@pytest.fixture(autouse=True)
def cluster(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fakes in place of what asks a cluster."""
    for name, module in fake_cluster.modules().items():
        monkeypatch.setitem(sys.modules, f"index.opensearch.{name}", module)
        monkeypatch.setattr(index.opensearch, name, module, raising=False)


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> Access:
    """Set a user and a password, and return them as the engine should get them."""
    monkeypatch.setenv("CHAJA_CLUSTER_USER", "reader")
    monkeypatch.setenv("CHAJA_CLUSTER_PASSWORD", CANARY)
    return Access(user="reader", password=CANARY)


def with_index() -> Iterator[Sequence[str]]:
    """Yield every command that takes --index, with values for what it requires."""
    for name in chaja.commands:
        for command in commands_of(name):
            options = [each for each in command.params if isinstance(each, click.Option)]
            if any("--index" in each.opts for each in options):
                path = [name] if command is chaja.commands[name] else [name, str(command.name)]
                needed = [each for each in command.params if each.required]
                given = [
                    [each.opts[0], "x"] if isinstance(each, click.Option) else ["x"]
                    for each in needed
                ]
                yield [*path, *(word for words in given for word in words)]


COMMANDS = [pytest.param(words, id=" ".join(words)) for words in with_index()]


def test_all_commands_but_those_on_files_of_the_user_take_an_index() -> None:
    assert {words[0] for words in with_index()} == {*chaja.commands} - {*OFFLINE}


# Addresses


@pytest.mark.parametrize(
    "text", [ADDRESS, "HTTPS://a:9200,b:9201/x", "ftp://a/x", "htps:///x", "me:secret@host:9200/x"]
)
def test_what_is_meant_for_an_address_is_told_from_a_folder(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text", [".chaja", "/a/b", r"C:\a\.chaja", "C://a", "https/x", "a:b", "docs/https://x", "me@x"]
)
def test_a_folder_is_no_address(text: str) -> None:
    assert parse_location(text) == Path(text)


def test_an_address_stays_whole(run: Run) -> None:
    nodes = "https://a.example:9200,https://b.example:9201"
    assert run("search", "x", "--index", f"{nodes}/reports")[0] == 0
    expected = ClusterAddress(tuple(nodes.split(",")), "reports")
    assert fake_engine.called("open") == {"directory": expected, "access": Access()}


def test_an_address_can_be_in_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAJA_INDEX", ADDRESS)
    assert run("search", "x")[0] == 0
    assert fake_engine.called("open")["directory"] == AT


def test_printed_commands_name_the_address() -> None:
    assert index_option_for(AT) == f" --index {ADDRESS}"


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("scheme", ["https://", "http://", ""])
def test_a_password_in_an_address_is_refused_and_not_shown(
    words: Sequence[str], scheme: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{scheme}me:{CANARY}@search.example:9200/reports"
    typed = run(*words, "--index", address)
    monkeypatch.setenv("CHAJA_INDEX", address)
    for code, out, err in (typed, run(*words)):
        assert (code, out) == (2, "")
        assert err.startswith("chaja: the address of a cluster has a user or password in it")
        assert len(err.splitlines()) == 2
        assert CANARY not in err
    monkeypatch.setenv("CHAJA_DEBUG", "1")
    assert CANARY not in run(*words)[2]


@pytest.mark.parametrize("words", COMMANDS)
def test_an_address_without_a_name_is_refused(words: Sequence[str], run: Run) -> None:
    assert run(*words, "--index", "https://search.example") == (
        2,
        "",
        "chaja: the address of a cluster has no name of an index\n"
        "  Add the name of the index: https://host:9200/NAME.\n",
    )


# Access


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize(
    "error", [ClusterError("no node answers", hint="Try."), RuntimeError("odd")]
)
@pytest.mark.parametrize("debug", ["", "1"])
def test_no_command_ever_shows_the_password(
    words: Sequence[str],
    error: Exception,
    debug: str,
    password: Access,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = ("open", "build", "verify", "reader", "entries_of", "strike_pair")
    fake_engine.FAILURES.update(dict.fromkeys(calls, error))
    monkeypatch.setenv("CHAJA_DEBUG", debug)
    code, out, err = run(*words, "--index", ADDRESS)
    assert code == 2
    assert CANARY not in out + err
    assert debug or "Traceback" not in err
    accesses = [options["access"] for _, options in fake_engine.CALLS if "access" in options]
    assert all(access == password for access in accesses)


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (["search", "x"], "open"),
        (["complete", "x"], "open"),
        (["build", "docs"], "build"),
        (["verify"], "verify"),
        (["glossary", "list"], "entries_of"),
        (["glossary", "strike", "동반자", "fellow"], "strike_pair"),
    ],
)
def test_the_user_is_who_the_environment_says(
    words: Sequence[str], call: str, password: Access, run: Run
) -> None:
    run(*words, "--index", ADDRESS)
    assert fake_engine.called(call)["access"] == password


def test_a_user_typed_takes_precedence_then_the_environment_then_the_configuration(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "ca.pem").write_text("certificate")
    (folder / "mine.toml").write_text(
        f'[defaults]\nindex = "{ADDRESS}"\n'
        'cluster-user = "all"\ncluster-ca = "ca.pem"\n'
        '[profile.other.defaults]\ncluster-user = "profile"\n'
    )
    monkeypatch.setenv("CHAJA_CONFIG", str(folder / "mine.toml"))
    monkeypatch.setenv("CHAJA_CLUSTER_PASSWORD", CANARY)
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")

    def asked(*options: str) -> object:
        assert run(*options, "search", "x")[0] == 0
        assert fake_engine.called("open")["directory"] == AT
        return fake_engine.called("open")["access"]

    ca = folder / "ca.pem"
    assert asked() == Access("all", CANARY, ca=ca)
    assert asked("--profile", "other") == Access("profile", CANARY, ca=ca)
    monkeypatch.setenv("CHAJA_CLUSTER_USER", "variable")
    assert asked() == Access("variable", CANARY, ca=ca)
    assert asked("--cluster-user", "typed") == Access("typed", CANARY, ca=ca)


def test_errors_name_what_was_given(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, err = run("--cluster-ca", "gone.pem", "search", "x", "--index", ADDRESS)
    assert err.startswith("chaja: --cluster-ca gone.pem: ")
    monkeypatch.setenv("CHAJA_CLUSTER_CA", "gone.pem")
    assert run("search", "x", "--index", ADDRESS)[2].startswith("chaja: CHAJA_CLUSTER_CA gone.pem")


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("option", ["--cluster-user", "--cluster-ca"])
def test_an_option_about_a_cluster_is_refused_for_a_folder(
    words: Sequence[str], option: str, run: Run
) -> None:
    assert run(option, "x", *words) == (
        2,
        "",
        f"chaja: {option} is for an index on a cluster, and this one is in a folder\n"
        "  Name the cluster too: --index https://host:9200/NAME\n",
    )


def test_what_the_environment_says_of_a_cluster_does_not_disturb_a_folder(
    run: Run, folder: Path, password: Access
) -> None:
    assert run("search", "x")[0] == 0
    assert fake_engine.called("open") == {"directory": folder / ".chaja"}


@pytest.mark.parametrize("option", ["--cluster-user", "--cluster-password"])
@pytest.mark.parametrize("command", ["search", "info", "build"])
def test_an_option_behind_the_command_is_told_where_it_stands(
    option: str, command: str, run: Run
) -> None:
    code, _, err = run(command, "x", option, CANARY, "--index", ADDRESS)
    assert code == 2
    assert "stand before the command" in err
    assert "CHAJA_CLUSTER_PASSWORD_FILE" in err
    assert CANARY not in err


def test_without_urllib3_the_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "urllib3", None)
    assert run("health", "--index", ADDRESS) == (
        2,
        "",
        "chaja: an index on a cluster needs urllib3, which is not installed\n"
        "  install it: pip install 'chaja[cluster]'\n",
    )


# What is kept


def test_a_configuration_keeps_no_password(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "mine.toml"
    monkeypatch.setenv("CHAJA_CONFIG", str(file))
    for name, value in (
        ("defaults.index", f"https://me:{CANARY}@search.example/reports"),
        ("defaults.cluster-password", CANARY),
    ):
        code, out, err = run("config", "set", name, value)
        assert (code, out) == (2, "")
        assert CANARY not in err
        assert not file.exists()
    file.write_text(f'[search]\nindex = "https://me:{CANARY}@search.example/reports"\n')
    for words in (["config"], ["search", "x"]):
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert err.startswith(f"chaja: {file}:2: index: the address of a cluster has a user")
        assert CANARY not in err


def test_the_configuration_takes_the_options_about_a_cluster(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAJA_CONFIG", str(folder / "mine.toml"))
    assert run("config", "set", "defaults.cluster-user", "reader") == (0, "", "")
    assert run("config", "set", "profile.office.defaults.index", ADDRESS) == (0, "", "")
    code, out, _ = run("config")
    assert code == 0
    assert 'defaults.cluster-user = "reader"' in out
    assert f'profile.office.defaults.index = "{ADDRESS}"' in out
    code, _, err = run("config", "set", "search.cluster-user", "reader")
    assert code == 2
    assert "search has no option --cluster-user" in err


def test_a_history_has_the_address_and_no_password(
    run: Run, folder: Path, password: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "config.toml").write_text("[keep]\nhistory = true\n")
    monkeypatch.setenv("CHAJA_CONFIG", str(folder / "config.toml"))
    run("search", "x", "--index", ADDRESS)
    kept = (folder / "history.jsonl").read_text()
    assert ADDRESS in kept
    assert CANARY not in kept


def test_a_saved_search_keeps_its_address_and_runs_as_the_user_typed(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAJA_CONFIG", str(folder / "config.toml"))
    monkeypatch.setenv("CHAJA_CLUSTER_PASSWORD", CANARY)
    assert run("saved", "add", "one", "search", "x", "--index", ADDRESS)[0] == 0
    assert run("--cluster-user", "typed", "saved", "run", "one")[0] == 0
    assert fake_engine.called("open") == {"directory": AT, "access": Access("typed", CANARY)}
    bad = f"https://me:{CANARY}@search.example/reports"
    code, _, err = run("saved", "add", "two", "search", "x", "--index", bad)
    assert code == 2
    assert CANARY not in err + (folder / "saved.json").read_text()


# Paths and files


def test_paths_are_relative_to_the_current_folder(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    path = HITS[0].path
    assert run("search", "x", "--files", "-n", "1")[1] == f"../{path}\n"
    assert run("search", "x", "--index", ADDRESS, "--files", "-n", "1") == (0, f"{path}\n", "")


def test_files_that_are_not_here_need_no_note_and_changed_ones_do(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake_engine.Searcher, "has_file", lambda *_: True)
    assert "were deleted" in run("search", "x")[2]
    assert run("search", "x", "--index", ADDRESS)[2] == ""
    file = folder / HITS[0].path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("new")
    os.utime(file, (time.time(),) * 2)
    assert (
        f"has changed since the last build; to update the index: chaja build --index {ADDRESS}"
        in (run("search", "x", "--index", ADDRESS)[2])
    )


def test_defaults_beside_an_index_are_not_those_of_the_current_folder(
    run: Run, folder: Path
) -> None:
    (folder / "chaja.toml").write_text("[search]\nlimit = 1\n")
    run("search", "x", "--index", ADDRESS)
    assert fake_engine.called("search")["limit"] == 10


# Commands


def test_a_build_is_told_where_what_and_how(run: Run, password: Access) -> None:
    code, out, err = run(
        *("build", "docs", "--index", ADDRESS, "--shards", "3", "--replicas", "0", "--rebuild")
    )
    assert code == 0
    assert "1 added" in out
    assert f"note: the index is {ADDRESS}\n" in err
    called = fake_engine.called("build")
    assert (called["directory"], called["access"]) == (AT, password)
    assert called["roots"] == (Path("docs"),)
    assert (called["shards"], called["replicas"], called["rebuild"]) == (3, 0, True)
    assert "shared" not in called
    run("build", "--index", ADDRESS)
    assert fake_engine.called("build").keys().isdisjoint({"shards", "replicas"})


def test_a_build_that_is_stopped_says_what_becomes_of_it(run: Run) -> None:
    fake_engine.FAILURES["build"] = KeyboardInterrupt()
    assert run("build", "docs", "--index", ADDRESS) == (
        130,
        "",
        "chaja: stopped; the next build completes what this one has sent to the cluster, or "
        "deletes it\n",
    )


@pytest.mark.parametrize("option", ["--shared", "--private"])
def test_who_may_use_an_index_on_a_cluster_is_no_option(option: str, run: Run) -> None:
    code, _, err = run("build", "docs", "--index", ADDRESS, option)
    assert code == 2
    assert err == (
        f"chaja: {option} is for an index in a folder\n"
        "  Leave it out: the roles of the cluster say who may use the index.\n"
    )


@pytest.mark.parametrize("option", ["--shards", "--replicas"])
def test_a_folder_has_neither_shards_nor_replicas(option: str, run: Run) -> None:
    code, _, err = run("build", "docs", option, "1")
    assert code == 2
    assert err.startswith(f"chaja: {option} is for an index on a cluster")
    assert not [call for call, _ in fake_engine.CALLS if call == "build"]


def test_a_fresh_search_builds_first(run: Run) -> None:
    _, _, err = run("search", "x", "--index", ADDRESS, "--fresh")
    assert "note: the index was updated: 1 added" in err
    assert fake_engine.called("build")["directory"] == AT


def test_watching_an_index_on_a_cluster_watches_its_folders_here(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched: list[Sequence[Path]] = []

    def changes(roots: Sequence[Path], *, index: str, own: Path | None) -> Iterator[int]:
        assert (index, own) == (ADDRESS, None)
        watched.append(roots)
        yield 1
        raise KeyboardInterrupt

    monkeypatch.setattr("search.cli.watching.changes", changes)
    (folder / "docs").mkdir()
    assert run("build", "--index", ADDRESS, "--watch")[0] == 0
    assert watched == [[folder / "docs"]]
    assert fake_engine.called("build")["wait"] == 60.0


def test_damage_of_an_index_on_a_cluster_is_mended_by_a_rebuild(run: Run) -> None:
    assert run("verify", "--index", ADDRESS) == (0, f"{ADDRESS}: sound (2 files, 30 bytes)\n", "")
    code, out, _ = run("verify", "--deep", "--index", ADDRESS)
    assert code == 2
    assert out.splitlines() == [
        f"{ADDRESS}: damaged (2 files, 30 bytes)",
        "  bridge: has another checksum",
        f"Mend it with: chaja build --rebuild --index {ADDRESS}",
    ]
    code, _, err = run("repair", "--index", ADDRESS)
    assert code == 2
    assert err == (
        f"chaja: {ADDRESS}: a cluster mends its indexes itself, from their replicas\n"
        f"  What it cannot mend is made again by: chaja build --rebuild --index {ADDRESS}\n"
    )


def test_the_health_is_that_of_the_catalogue(run: Run) -> None:
    code, out, _ = run("health", "--index", ADDRESS, "--json")
    assert code == 0
    assert out == f'{{"format": 1, "directory": "{ADDRESS}", "states": {{}}, "files": []}}\n'


def test_the_glossary_is_listed_and_edited(run: Run, folder: Path) -> None:
    code, out, err = run("glossary", "list", "동반자", "--index", ADDRESS)
    assert (code, out) == (0, "동반자\tfellow\t0.5\tgloss\n")
    assert f"chaja glossary strike 동반자 fellow --index {ADDRESS}" in err
    assert run("glossary", "strike", "동반자", "fellow", "--index", ADDRESS)[0] == 0
    assert fake_engine.called("strike_pair")["pair"] == ("동반자", "fellow")
    assert run("glossary", "export", "all.tsv", "--index", ADDRESS)[0] == 0
    assert run("glossary", "import", "all.tsv", "--index", ADDRESS) == (
        0,
        "1 entries imported, 0 unchanged\n",
        f"note: {ADDRESS}: a note\n",
    )


def test_words_are_completed_for_the_command_and_the_shell(
    run: Run, password: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("complete", "동바", "--index", ADDRESS) == (0, "동바자\n", "")
    monkeypatch.setenv("_CHAJA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"chaja search --index {ADDRESS} 동바")
    monkeypatch.setenv("COMP_CWORD", "4")
    assert run()[1] == "plain,동바자\n"
    assert fake_engine.called("open") == {"directory": AT, "access": password}
    fake_engine.FAILURES["open"] = ClusterError("no node answers")
    assert run()[:2] == (0, "\n")


def test_an_explanation_has_the_command_for_this_index(run: Run) -> None:
    _, _, err = run("explain", "동반자", "--index", ADDRESS)
    assert f"--index {ADDRESS}" in err


@pytest.mark.parametrize("words", [["search", "x"], ["info"], ["build", "docs"]])
def test_an_index_in_a_folder_loads_nothing_of_a_cluster(
    words: Sequence[str], folder: Path
) -> None:
    program = (
        "import sys, fake_engine; fake_engine.install(sys.modules); from search.cli import main;"
        f"code = main({[*words]!r}); sys.stderr.write(' '.join(sys.modules)); sys.exit(code)"
    )
    done = process(program=program, CHAJA_CLUSTER_USER="reader")
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.decode().split()
    assert [name for name in loaded if name.startswith(("urllib3", "index.opensearch"))] == []
