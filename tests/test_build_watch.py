"""An index that follows its files: `build --watch`, and `search --fresh`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import RUN, clean_environment
from index_corpus import FOLDER, put

from index.builder.build import build
from index.builder.watch import changes, watched_roots
from search.cli.main import main
from search.searcher import Searcher

SECONDS = 60


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A build that watches a folder with one file, after its first update."""
    put(tmp_path, "a.txt", "river")
    command = [sys.executable, "-c", RUN, "build", str(tmp_path), "--watch"]
    environment = clean_environment(CHAJA_INDEX=str(tmp_path / FOLDER))
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        yield process
        process.kill()


def eventually(is_true: Callable[[], bool]) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.1)
    return False


def watch(index: Path) -> Iterator[int]:
    return changes(watched_roots(index), index=str(index), own=index)


def finds(folder: Path, word: str) -> bool:
    if not (folder / FOLDER).exists():
        return False
    with Searcher.open(folder / FOLDER) as searcher:
        return bool(searcher.search(word, strict=True))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_watched_folder_is_updated_after_each_change_until_ctrl_c(
    tmp_path: Path, watching: subprocess.Popen[str]
) -> None:
    assert watching.stderr is not None
    assert eventually(lambda: (tmp_path / FOLDER / "chaja-1.json").exists())
    put(tmp_path, "b.txt", "bank")  # perhaps before the watch begins
    assert eventually(lambda: finds(tmp_path, "bank"))
    put(tmp_path, "c.txt", "spring")
    assert eventually(lambda: finds(tmp_path, "spring"))
    (tmp_path / "a.txt").unlink()
    assert eventually(lambda: not finds(tmp_path, "river"))
    watching.send_signal(signal.SIGINT)
    out, err = watching.communicate(timeout=SECONDS)
    assert watching.returncode == 0, err
    assert "Ctrl-C ends" in err
    assert "1 removed" in out


def test_a_file_beside_the_index_with_its_name_for_a_beginning_counts(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    put(tmp_path, f"{FOLDER}ignore", "b.txt")
    build(tmp_path / FOLDER, [tmp_path])
    watched = watch(tmp_path / FOLDER)
    next(watched)
    (tmp_path / f"{FOLDER}ignore").unlink()
    (tmp_path / "a.txt").unlink()
    assert next(watched) == 2


@pytest.mark.parametrize("is_linked", [False, True])
def test_files_of_the_index_do_not_count_whichever_way_they_are_reached(
    tmp_path: Path, is_linked: bool
) -> None:
    put(tmp_path / "docs", "a.txt", "river")
    index = tmp_path / "docs" / "own" / FOLDER
    if is_linked:
        (tmp_path / "link").symlink_to(tmp_path / "docs", target_is_directory=True)
        index = tmp_path / "link" / "own" / FOLDER
    build(index, [tmp_path / "docs"])  # its root is .. for the index
    watched = watch(index)
    next(watched)
    for name in ("b", "c", "d"):
        (index / name).write_bytes(b"")
    (tmp_path / "docs" / "a.txt").unlink()
    assert next(watched) == 1


def test_without_the_library_the_index_is_built_and_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    assert main(["build", str(tmp_path), "--index", str(index), "--watch", "--quiet"]) == 2
    assert capfd.readouterr().err == (
        "chaja: watching needs watchfiles, which is not installed\n"
        "  install it: pip install 'chaja[watch]'\n"
    )
    assert finds(tmp_path, "river")


def test_a_fresh_search_finds_what_changed_since_the_build(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [tmp_path])
    put(tmp_path, "b.txt", "bank")
    search = ["search", "bank", "--strict", "--index", str(index)]
    assert main(search) == 1
    capfd.readouterr()
    assert main([*search, "--fresh"]) == 0
    assert capfd.readouterr().err == "note: the index was updated: 1 added\n"
    assert main([*search, "--fresh"]) == 0
    assert capfd.readouterr().err == ""


def test_a_search_goes_on_with_the_index_as_it_is_if_it_cannot_be_updated(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "texts"
    put(folder, "a.txt", "river")
    index = tmp_path / FOLDER
    build(index, [folder])
    folder.rename(tmp_path / "moved")
    assert main(["search", "river", "--fresh", "--index", str(index)]) == 0
    out, err = capfd.readouterr()
    assert "river" in out
    assert err.startswith("note: the index was not updated: ")
