"""Access to a cluster: whose it is, and the password, which is neither shown nor kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import fake_engine
import pytest
from command_line import Run, commands_with_index
from command_line import folder as folder
from command_line import run as run
from fake_cluster import ADDRESS, AT, CANARY
from fake_cluster import cluster as cluster
from fake_cluster import password as password

from corpus.errors import ClusterError
from index.opensearch.access import Access


@pytest.mark.parametrize("words", commands_with_index(), ids=" ".join)
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


@pytest.mark.parametrize("words", commands_with_index(), ids=" ".join)
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
