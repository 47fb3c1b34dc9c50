"""Whatever stops a build, the index is then the old one or the new one, and can be built on.

`python -m tests.trust stopping` tries every step in every way; here some of each.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.arrays import files
from index.directory.commit import generations
from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from search.cli.failures import failure_lines
from search.cli.main import main
from tests.index_corpus import built, put, put_all
from tests.index_faults import DEADLY_FAULTS, FAULTS, failing
from tests.trust import stopping
from tests.trust.stopping import Killer, Scenario, look, spilling, try_point

# Every n-th step is tried with one kind of failure, the next one with another.
STRIDE = 3
WAYS = (*FAULTS, *DEADLY_FAULTS)


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scenario]:
    return stopping.scenarios(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    with stopping.killing() as kill:
        yield kill


@pytest.mark.parametrize("name", ["first", "update", "rebuild", "merge"])
def test_a_build_that_fails_leaves_the_old_index_or_the_new(
    scenarios: dict[str, Scenario], tmp_path: Path, name: str, killer: Killer
) -> None:
    case = scenarios[name]
    points = [(at, WAYS[at % len(WAYS)]) for at in range(1, case.steps + 1, STRIDE)]
    # The commit comes last: each of its steps is tried.
    points += [(at, WAYS[(at + 1) % len(WAYS)]) for at in range(case.steps - 16, case.steps + 1)]
    for at, way in points:
        try_point(case, tmp_path / "trial", way, at, killer)
    assert len({way for _, way in points}) == len(WAYS)
    assert len(points) > 60


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_stopped_build_added_goes_with_its_file(
    scenarios: dict[str, Scenario], tmp_path: Path, fault: str
) -> None:
    case = scenarios["update"]
    whole = case.copy(tmp_path / "whole")
    (whole / "c.txt").unlink()
    built(whole)
    expected = look(whole)
    assert expected not in (case.before, case.after)
    for at in range(case.steps - 40, case.steps + 1, 5):
        folder = case.copy(tmp_path / str(at))
        stopping._stop(case, folder, fault, at)
        (folder / "c.txt").unlink()
        built(folder)
        assert look(folder) == expected, f"step {at} of {case.steps}"
        shutil.rmtree(folder)


@pytest.mark.parametrize("at", range(4, 60, 8))
def test_a_full_disk_is_called_a_full_disk(
    scenarios: dict[str, Scenario], tmp_path: Path, at: int
) -> None:
    folder = scenarios["first"].copy(tmp_path / "copy")
    with (
        spilling(),
        failing(FAULTS["the disk is full"], at),
        pytest.raises(OSError, match=r".") as caught,
    ):
        built(folder)
    assert next(failure_lines(caught.value)).startswith("chaja: the disk is full")


def test_all_that_a_commit_names_is_on_the_disk_before_it_is_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    synced: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    def in_force(path: Path, target: Path) -> Path:
        before = set(synced)
        moved = replace(path, target)
        if target.suffix != ".json":
            return moved
        commit = DirectoryReader.open(tmp_path / FOLDER)._commit
        needed = {str(tmp_path / FOLDER / file.name) for file in commit.files}
        assert needed | {str(path), str(path.parent)} <= before
        return moved

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc")
    monkeypatch.setattr(files.os, "fsync", noted)
    monkeypatch.setattr(Path, "replace", in_force)
    for text in ("bank", "court"):
        put(tmp_path, "a.txt", text)
        built(tmp_path)
        assert synced[-1] == str(tmp_path / FOLDER)


def test_what_fails_after_a_commit_is_in_force_is_told_and_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "a.txt", "river")
    index = tmp_path / FOLDER
    build = ["build", str(tmp_path), "--index", str(index)]
    glossary = ["glossary", "import", str(put(tmp_path, "g.tsv", "양봉\tbeekeeping\n"))]
    for command in (build, [*glossary, "--index", str(index)]):
        before = max(generations(index), default=0)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", _then(patch, OSError(errno.EIO, "broken")))
            assert main(command) == 0
        assert max(generations(index)) == before + 1
        printed = capsys.readouterr().err
        assert "note: the change is committed; syncing its folder failed (" in printed
        assert "a power cut now may undo it" in printed


def test_an_interrupt_after_the_commit_is_not_called_one_that_changed_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "a.txt", "river")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", _then(patch, KeyboardInterrupt()))
        assert main(["build", str(tmp_path), "--index", str(tmp_path / FOLDER)]) == 130
    assert "stopped; after the build was committed" in capsys.readouterr().err
    assert generations(tmp_path / FOLDER) == [1]


def _then(patch: pytest.MonkeyPatch, error: BaseException) -> Callable[[Path, Path], Path]:
    """Return a function that renames a file, and lets syncing fail after a commit file."""
    replace = Path.replace

    def fail(descriptor: int) -> None:
        raise error

    def failing_after(path: Path, target: Path) -> Path:
        moved = replace(path, target)
        if target.suffix == ".json":
            patch.setattr(os, "fsync", fail)
        return moved

    return failing_after


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs limits of Unix")
@pytest.mark.parametrize("limit", [8, 12, 14, 16, 20])
def test_with_too_few_open_files_exit_code_and_index_say_the_same(
    tmp_path: Path, limit: int
) -> None:
    put_all(tmp_path, {"a.txt": "river", "b.txt": "bank"})
    built(tmp_path)
    put(tmp_path, "c.txt", "court")
    script = (
        "import resource, sys; from search.cli.main import main; import index.builder.build;"
        "import search.output.report, search.cli.commands.build, search.cli.paths;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}));"
        "sys.exit(main(['build', '--index', sys.argv[1]]))"
    )
    index = tmp_path / FOLDER
    done = subprocess.run(
        [sys.executable, "-c", script, str(index)],
        cwd=stopping.REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert generations(index)[-1] == (2 if done.returncode == 0 else 1), done.stderr
    assert done.returncode in (0, 2)
    assert len(look(tmp_path).passages) == (3 if done.returncode == 0 else 2)
