"""Where limits leave too little memory, a command says so; it neither aborts nor waits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from command_line import clean_environment
from index_corpus import PlainKorean, built, put, seen

from index.analysis import korean
from index.analysis.memory_limit import MemoryLimit
from index.directory.location import FOLDER
from index.ingest import writable_analyzer

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]) * 10**6,) * 2)
from search.cli import main
sys.argv[:] = sys.argv[1:]
sys.exit(main())
"""
MORE_MEMORY = "  Free some memory, or raise its limit with ulimit, and try again.\n"
needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="needs limits that hold")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an index."""
    put(tmp_path, "a.txt", "river 강물이 흐른다")
    with patch.object(writable_analyzer, "KoreanProcess", PlainKorean):
        built(tmp_path)
    return tmp_path


def limited(folder: Path, megabytes: int, *arguments: str) -> tuple[int, str, str]:
    """Run a command with this address space; return exit code, output and standard error."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(megabytes), *arguments],
        cwd=folder,
        env=clean_environment(CHAJA_INDEX=str(folder / FOLDER)),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@needs_limits
@pytest.mark.parametrize("megabytes", [60, 90, 190])
@pytest.mark.parametrize("arguments", ["search river", "info", "verify", "complete ri", "build"])
def test_too_little_for_numpy_is_told(folder: Path, megabytes: int, arguments: str) -> None:
    code, out, err = limited(folder, megabytes, *arguments.split())
    assert (code, out) == (2, "")
    allowed = f"ulimit -v allows {megabytes}"
    assert err == f"chaja: this needs 200 MB of memory; {allowed}\n{MORE_MEMORY}"


@needs_limits
def test_what_needs_little_works_with_little(folder: Path) -> None:
    assert limited(folder, 60, "--help")[0] == 0
    for arguments in ("search river", "search 강물이", "info", "verify", "complete ri", "build"):
        assert limited(folder, 250, *arguments.split())[::2] == (0, "")


@needs_limits
def test_a_search_that_needs_kiwi_says_what_it_lacks(folder: Path) -> None:
    code, out, err = limited(folder, 400, "search", "은하수에서는")
    assert (code, out) == (2, "")
    assert err.startswith("chaja: the Korean analyzer needs 500 MB of memory, and ulimit -v leaves")
    assert err.endswith(f"\n{MORE_MEMORY}")


@needs_limits
def test_a_build_that_needs_kiwi_says_what_it_lacks_and_changes_nothing(folder: Path) -> None:
    before = seen(folder / FOLDER)
    put(folder, "b.txt", "은하수에서는 별이 보인다")
    code, out, err = limited(folder, 400, "build")
    assert (code, out) == (2, "")
    assert err.startswith("chaja: the Korean analyzer needs 500 MB of memory, and ulimit -v leaves")
    assert seen(folder / FOLDER) == before


@needs_limits
@pytest.mark.kiwi
def test_kiwi_does_without_the_memory_that_it_only_reserves(folder: Path) -> None:
    assert limited(folder, 1_300, "search", "은하수에서는")[0] == 1
    put(folder, "b.txt", "은하수에서는 별이 보인다")
    assert limited(folder, 1_300, "build")[::2] == (0, "")
    assert limited(folder, 400, "search", "은하수에서는")[::2] == (0, "")


def test_a_program_gets_an_error_before_kiwi_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = MemoryLimit("ulimit -d", 123_456_789)
    monkeypatch.setattr("index.analysis.memory_limit.tightest_limit", lambda: limit)
    monkeypatch.setattr(korean, "_load", korean._load.__wrapped__)  # as in a new process
    with pytest.raises(MemoryError, match="needs 500 MB of memory, and ulimit -d leaves 123"):
        korean.Korean().analyze(["은하수"])
