"""Whatever stops a build, the index is then the old one or the new one, and can be built on."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from index_corpus import Seen, built, put, seen, some_files, some_text
from index_faults import FAULTS, Killed, failing

from corpus.errors import IndexMissing
from index.place import FOLDER
from index.store import Store
from search.failures import failure_lines

SEGMENT_FILES = ("trm", "pst", "psg", "doc", "num")
QUERIES = ("river treaty", '"storm policy"')


@dataclass(frozen=True)
class Scenario:
    """A folder with an index (or none yet) that a build is to bring from `before` to `after`."""

    folder: Path
    rebuild: bool
    before: Seen | None
    after: Seen
    steps: int
    skipped: int = 0

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
    for name, text in some_files(rng, 4).items():
        put(first, name, text)
    shutil.copytree(first, update)
    built(update)
    for name in ("b1.txt", "b2.txt"):
        put(update, name, some_text(rng))
    built(update)
    put(update, "b1.txt", some_text(rng))  # half its segment is gone, which is then merged
    put(update, "c.txt", some_text(rng))
    (update / "a3.md").unlink()
    rebuild = shutil.copytree(update, base / "rebuild")
    cases = {
        "first": scenario(first, rebuild=False),
        "update": scenario(update, rebuild=False),
        "rebuild": scenario(rebuild, rebuild=True),
    }
    # Until it is put in force, an index made anew is made as a first one is.
    skipped = cases["first"].steps - 20
    return {**cases, "rebuild": replace(cases["rebuild"], skipped=skipped)}


def interrupted(folder: Path, *, rebuild: bool, fault: str, at: int) -> bool:
    """Build on a disk that fails; return whether the fault came, and reached the caller."""
    with failing(FAULTS[fault], at) as disk, suppress(KeyboardInterrupt, Killed, OSError):
        built(folder, rebuild=rebuild)
    return disk.failed


def segment_names(index: Path) -> list[str]:
    readers = Store.open(index).readers()
    for reader in readers:
        reader.close()
    return [reader.segment.segment_id() for reader in readers]


def assert_nothing_is_left_over(index: Path) -> None:
    folders = [path for path in index.iterdir() if path.is_dir()]
    files = {path.name.partition("-")[0] for path in index.iterdir() if path.is_file()}
    assert len(folders) == 1
    assert files == {"current", "lock", "lexicon"}
    segments = segment_names(index)
    held = {path.name for path in folders[0].iterdir() if path.name.startswith("chaja_")}
    assert held == {f"{name}.{kind}" for name in segments for kind in SEGMENT_FILES}
    others = {path.name for path in folders[0].iterdir()} - held
    assert {name.partition("_chaja_")[0] for name in others} == {"about.json", "files.db", ""}
    assert len(others) == 3


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["first", "update", "rebuild"])
def test_a_build_that_fails_leaves_the_old_index_or_the_new(
    scenarios: dict[str, Scenario], tmp_path: Path, name: str, fault: str
) -> None:
    case = scenarios[name]
    # Each step fails in two of the four ways: the other two are much alike, and time is short.
    first = case.skipped + 1 + list(FAULTS).index(fault) % 2
    failures = 0
    for at in range(first, case.steps + 1, 2):
        folder = case.copy(tmp_path / str(at))
        failures += interrupted(folder, rebuild=case.rebuild, fault=fault, at=at)
        assert look(folder) in (case.before, case.after), f"step {at} of {case.steps}"
        if at % 3 == 0 or at > case.steps - 25:
            built(folder)
            assert look(folder) == case.after, f"step {at} of {case.steps}"
            assert_nothing_is_left_over(folder / FOLDER)
        shutil.rmtree(folder)
    assert failures > 5


@pytest.mark.parametrize("fault", ["the process is killed", "the user interrupts"])
def test_what_a_stopped_build_added_goes_with_its_file(
    scenarios: dict[str, Scenario], tmp_path: Path, fault: str
) -> None:
    case = scenarios["update"]
    whole = case.copy(tmp_path / "whole")
    (whole / "c.txt").unlink()
    built(whole)
    expected = look(whole)
    assert expected not in (case.before, case.after)
    for at in range(case.steps - 35, case.steps + 1, 2):
        folder = case.copy(tmp_path / str(at))
        assert interrupted(folder, rebuild=False, fault=fault, at=at)
        (folder / "c.txt").unlink()
        built(folder)
        assert look(folder) == expected, f"step {at} of {case.steps}"
        shutil.rmtree(folder)


@pytest.mark.parametrize("at", range(4, 60, 8))
def test_a_full_disk_is_called_a_full_disk(
    scenarios: dict[str, Scenario], tmp_path: Path, at: int
) -> None:
    folder = scenarios["first"].copy(tmp_path / "copy")
    with failing(FAULTS["the disk is full"], at), pytest.raises(OSError, match=r".") as caught:
        built(folder)
    assert next(failure_lines(caught.value)).startswith("chaja: the disk is full")
