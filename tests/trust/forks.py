"""Forked processes search as their parent does, whatever its threads were doing, and they end.

    python -m tests.trust forks [ROUNDS]

The parent forks before, while and after it loads Kiwi, in a thread, again in a child, and in 40
rounds while four threads search; child or parent close the searcher. Each process looks for words
that only Kiwi can analyze.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from shutil import copytree

from index.directory.location import FOLDER
from search.searcher import Searcher
from search.whoosh import open_index
from tests.index_corpus import built

from .forking import look

ROUNDS = 40
WORKERS = 3
_REPOSITORY = Path(__file__).parent.parent.parent


def run(folder: Path, *, workers: int = WORKERS, rounds: int = ROUNDS) -> Counter[str]:
    """Fork, and return how many processes ended in each case.

    Raises AssertionError if one finds something else than this process, or does not end well.
    """
    copytree(_REPOSITORY / "sample", folder / "sample")
    built(folder)
    # Python 3.12 warns of each fork of a process with threads, which is what is tried here.
    quiet = ["-W", "ignore:This process:DeprecationWarning"]
    command = [sys.executable, *quiet, "-m", "tests.trust.forking", str(folder / FOLDER)]
    done = subprocess.run(
        [*command, str(workers), str(rounds)],
        cwd=_REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or done.stderr:
        raise AssertionError(f"the parent ended with {done.returncode}: {done.stderr}")
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    _check_looks([line[1:] for line in lines if line[0] == "saw"], folder / FOLDER)
    ends = [(case, code) for kind, case, code in (line for line in lines if line[0] == "end")]
    if bad := Counter((case, code) for case, code in ends if code != "0"):
        raise AssertionError(f"processes that did not end with 0: {dict(bad)}")
    return Counter(case for case, _ in ends)


def _check_looks(looks: list[list[str]], directory: Path) -> None:
    with Searcher.open(directory) as searcher:
        index = open_index(directory)
        for case, number, digest in looks:
            if digest != look(searcher, index, int(number)):
                raise AssertionError(f"{case}: a process found something else")
        index.close()


def main() -> int:
    """Run at full length, and print the number of processes; return the exit code."""
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        ended = run(Path(folder), rounds=rounds)
    for case, number in ended.items():
        print(f"{case}: {number} processes")
    print(f"{ended.total()} processes found what their parent finds, and ended")
    return 0
