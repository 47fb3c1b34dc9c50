"""The address of an index on a cluster: which commands take it, and what it means for paths."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import fake_engine
import pytest
from command_line import Run, commands_with_index
from command_line import folder as folder
from command_line import run as run
from fake_cluster import ADDRESS, AT, CANARY
from fake_cluster import cluster as cluster
from golden_hits import HITS

from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from search.cli.main import chaja
from search.index_location import index_option_for, is_address, parse_location

OFFLINE = ("config", "history", "saved")


def test_all_commands_but_those_on_files_of_the_user_take_an_index() -> None:
    assert {words[0] for words in commands_with_index()} == {*chaja.commands} - {*OFFLINE}


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


@pytest.mark.parametrize("words", commands_with_index(), ids=" ".join)
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


@pytest.mark.parametrize("words", commands_with_index(), ids=" ".join)
def test_an_address_without_a_name_is_refused(words: Sequence[str], run: Run) -> None:
    assert run(*words, "--index", "https://search.example") == (
        2,
        "",
        "chaja: the address of a cluster has no name of an index\n"
        "  Add the name of the index: https://host:9200/NAME.\n",
    )


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
