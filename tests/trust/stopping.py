"""Builds that fail at each disk operation leave the old index or the new one.

    python -m tests.trust stopping

Every write, open, close, fsync, rename, removal and truncation of a first build, an update, a
rebuild and a merge of eight segments fails once in each of five ways.
"""

from __future__ import annotations

import itertools
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from corpus.errors import ChajaError, IndexDamaged, IndexMissing
from index.arrays import array_writer
from index.directory.commit import generations, referenced_files, sound_commits
from index.directory.location import FOLDER
from index.segment.merge import FAN_IN
from search.cli.failures import failure_lines
from tests.index_corpus import Seen, built, put, put_all, seen, some_files, some_text
from tests.index_faults import DEADLY_FAULTS, FAULTS, failing

REPOSITORY = Path(__file__).parent.parent.parent
QUERIES = ("river treaty", '"storm policy"')
# Small enough that columns spill to files, which can fail as well.
_SMALL = 256
Killer = Callable[[Path, bool, str, int], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A folder whose build changes its results from `before` (None without an index) to `after`."""

    folder: Path
    rebuild: bool
    before: Seen | None
    after: Seen
    steps: int

    def copy(self, target: Path) -> Path:
        """Return a copy of the folder."""
        return shutil.copytree(self.folder, target)


def scenarios(base: Path) -> dict[str, Scenario]:
    """Return a first build; one that adds, edits, deletes and merges; a rebuild; a large merge."""
    rng = random.Random(5)
    first, update, merge = base / "first", base / "update", base / "merge"
    put_all(first, some_files(rng, 4))
    shutil.copytree(first, update)
    built(update)
    put_all(update, {name: some_text(rng) for name in ("b1.txt", "b2.txt")})
    built(update)
    put(update, "b1.txt", some_text(rng))  # half its segment is gone, which is then merged
    put(update, "c.txt", some_text(rng))
    (update / "a3.md").unlink()
    rebuild = shutil.copytree(update, base / "rebuild")
    for number in range(FAN_IN):
        if number:
            built(merge)
        put_all(merge, {f"{number}.txt": some_text(rng, paragraphs=1)})
    return {
        "first": _scenario(first),
        "update": _scenario(update),
        "rebuild": _scenario(rebuild, rebuild=True),
        "merge": _scenario(merge),
    }


def _scenario(folder: Path, *, rebuild: bool = False) -> Scenario:
    trial = shutil.copytree(folder, folder.with_name("trial-" + folder.name))
    with spilling(), failing(FAULTS["the disk fails once"]) as disk:
        built(trial, rebuild=rebuild)
    after = look(trial)
    if after is None:
        raise AssertionError("a build has left no index")
    return Scenario(folder, rebuild, look(folder), after, disk.steps)


def spilling() -> patch:
    """Let columns spill to files."""
    return patch.object(array_writer, "_IN_MEMORY", _SMALL)


def look(folder: Path) -> Seen | None:
    """Return the results of the index in a folder, or None if there is none."""
    try:
        return seen(folder / FOLDER, QUERIES)
    except IndexMissing:
        return None
    except IndexDamaged:
        if generations(folder / FOLDER):
            raise
        return None  # what a first build has left


def try_point(case: Scenario, folder: Path, fault: str, at: int, killer: Killer) -> None:
    """Stop a build at one step. Raises AssertionError if the index is neither old nor new."""
    case.copy(folder)
    if fault in DEADLY_FAULTS:
        killer(folder, case.rebuild, fault, at)
    else:
        _stop(case, folder, fault, at)
    where = f"{case.folder.name}: {fault} at step {at} of {case.steps}"
    if look(folder) not in (case.before, case.after):
        raise AssertionError(f"{where}: the index is neither the old nor the new one")
    if at % 4 == 0 or at > case.steps - 25:
        built(folder)
        if look(folder) != case.after:
            raise AssertionError(f"{where}: the next build does not repair it")
        check_nothing_is_left_over(folder / FOLDER)
    shutil.rmtree(folder)


def _stop(case: Scenario, folder: Path, fault: str, at: int) -> None:
    try:
        with spilling(), failing(FAULTS[fault], at) as disk:
            built(folder, rebuild=case.rebuild)
    except KeyboardInterrupt:
        return
    except (OSError, ChajaError) as error:
        if not disk.failed:
            raise  # not by the injected fault
        sentence, *hint = failure_lines(error)
        if len(hint) > 1 or "\n" in sentence or "internal" in sentence:
            raise AssertionError(f"{fault} at {at}: {sentence} {hint}") from error
    if disk.steps < at:
        raise AssertionError(f"there is no step {at}")


def check_nothing_is_left_over(index: Path) -> None:
    """Raise AssertionError if the folder of an index has files that it does not need."""
    commits = list(sound_commits(index))
    names = {path.name for path in index.iterdir()} - {"lock"}
    names -= {name for name in names if name.startswith("lexicon-") and name.endswith(".lex")}
    if names != referenced_files(commits) or len(commits) > 2:
        raise AssertionError(f"{sorted(names)} are not the files of two commits")


@contextmanager
def killing() -> Iterator[Killer]:
    """Yield a function that builds in a process of its own, which is killed at a step."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.trust.dying"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        orders, answers = process.stdin, process.stdout

        def kill(folder: Path, rebuild: bool, fault: str, at: int) -> None:
            orders.write(f"{folder}\t{rebuild:d}\t{fault}\t{at}\n")
            orders.flush()
            answer = answers.readline()
            if answer != "-9\n":
                raise AssertionError(f"{fault} at step {at}: the build ended with {answer}")

        yield kill
        process.stdin.close()
        process.wait()


def main() -> int:
    """Try every fault at every step; return the exit code."""
    tried: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, killing() as killer:
        base = Path(folder)
        for name, case in scenarios(base).items():
            for at, fault in itertools.product(range(1, case.steps + 1), (*FAULTS, *DEADLY_FAULTS)):
                try_point(case, base / "trial", fault, at, killer)
                tried[name] += 1
            print(f"{name}: {case.steps} steps, {tried[name]} points", flush=True)
    print(f"{tried.total()} points, no index between the old and the new")
    return 0
