"""Whatever stops a build, the index is then the old one or the new one, and can be built on."""

from __future__ import annotations

import errno
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from index_corpus import Seen, built, put, seen, some_files, some_text
from index_faults import FAULTS, Killed, failing

from corpus.errors import IndexMissing
from index.place import FOLDER

QUERIES = ("river", '"storm policy"', "path:a")


@dataclass(frozen=True)
class Scenario:
    """A folder with an index (or none yet) that a build is to bring from `before` to `after`."""

    folder: Path
    rebuild: bool
    before: Seen | None
    after: Seen
    steps: int

    def copy(self, target: Path) -> Path:
        return shutil.copytree(self.folder, target)


def look(folder: Path) -> Seen | None:
    try:
        return seen(folder / FOLDER, QUERIES)
    except IndexMissing:
        return None


def scenario(folder: Path, *, rebuild: bool) -> Scenario:
    trial = shutil.copytree(folder, folder.with_name("trial-" + folder.name))
    with failing(FAULTS["the disk is full"]) as disk:
        built(trial, rebuild=rebuild)
    after = look(trial)
    assert after is not None
    return Scenario(folder, rebuild, look(folder), after, disk.steps)


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scenario]:
    """A first build; one that adds, edits, deletes and merges; one that starts anew."""
    rng = random.Random(5)
    base = tmp_path_factory.mktemp("faults")
    first, update = base / "first", base / "update"
    for name, text in some_files(rng, 5).items():
        put(first, name, text)
    shutil.copytree(first, update)
    for number in range(7):
        put(update, f"b{number}.txt", some_text(rng))
        built(update)
    put(update, "a1.md", some_text(rng))
    put(update, "c.txt", some_text(rng))
    (update / "b3.txt").unlink()
    rebuild = shutil.copytree(update, base / "rebuild")
    return {
        "first": scenario(first, rebuild=False),
        "update": scenario(update, rebuild=False),
        "rebuild": scenario(rebuild, rebuild=True),
    }


def interrupted(folder: Path, *, rebuild: bool, fault: str, at: int) -> bool:
    """Build on a disk that fails; return whether the fault came, and reached the caller."""
    with failing(FAULTS[fault], at) as disk:
        try:
            built(folder, rebuild=rebuild)
        except (KeyboardInterrupt, Killed):
            pass
        except OSError as error:
            assert error.errno in (errno.ENOSPC, errno.EIO)
    return disk.failed


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["first", "update", "rebuild"])
def test_a_build_that_fails_leaves_the_old_index_or_the_new(
    scenarios: dict[str, Scenario], tmp_path: Path, name: str, fault: str
) -> None:
    case = scenarios[name]
    for at in range(1, case.steps + 1):
        folder = case.copy(tmp_path / str(at))
        interrupted(folder, rebuild=case.rebuild, fault=fault, at=at)
        assert look(folder) in (case.before, case.after), f"step {at} of {case.steps}"
        built(folder)
        assert look(folder) == case.after, f"step {at} of {case.steps}"
        shutil.rmtree(folder)
