"""Commands with an index on a cluster: what differs from those with one in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import fake_engine
import pytest
from command_line import Run, process
from command_line import folder as folder
from command_line import run as run
from fake_cluster import ADDRESS, AT
from fake_cluster import cluster as cluster
from fake_cluster import password as password

from corpus.errors import ClusterError
from index.opensearch.access import Access


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
