"""Many readers and one writer: no errors, and every result is that of some commit.

    python -m tests.trust crowd [COMMITS]

Eight threads of one process and four more processes search during 200 commits, merges included; a
searcher opened before the first keeps its results to the end. Then two writers contend.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from search.searcher import Searcher
from tests.index_corpus import built, put, put_all, seen, seen_afresh, some_files, some_text

from .reading import QUERIES, look

COMMITS = 200
SEED = 17
THREADS = (8, 1, 1, 1, 1)
_REPOSITORY = Path(__file__).parent.parent.parent
_CONTENDER = """
import sys
from pathlib import Path
from corpus.errors import IndexLocked
from tests.index_corpus import built
built_, refused = 0, 0
for _ in range(int(sys.argv[2])):
    try:
        built(Path(sys.argv[1]))
        built_ += 1
    except IndexLocked:
        refused += 1
print(built_, refused)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The numbers of commits, merges, reads and commits read, and the errors of readers."""

    commits: int
    merges: int
    looks: int
    commits_seen: int
    errors: tuple[str, ...]


def run(folder: Path, *, commits: int, threads: tuple[int, ...] = THREADS) -> Outcome:
    """Commit while others read. Raises AssertionError for results that are of no commit."""
    documents, stop = folder / "documents", folder / "stop"
    put_all(documents, some_files(random.Random(SEED), 20))
    built(documents)
    index = documents / FOLDER
    with ExitStack() as stack:
        oldest = stack.enter_context(Searcher.open(index))
        before = look(oldest)
        readers = [stack.enter_context(_reader(index, number, stop)) for number in threads]
        try:
            states, merges = _committed(documents, commits)
        finally:
            stop.touch()
        reports = [json.loads(reader.communicate()[0] or "{}") for reader in readers]
        if look(oldest) != before:
            raise AssertionError("a searcher that was open before sees something else now")
    states.add(before)
    all_seen = {digest for report in reports for digest in report["seen"]}
    if not all_seen <= states:
        raise AssertionError(f"seed {SEED}: {len(all_seen - states)} lists are of no commit")
    return Outcome(
        commits=commits,
        merges=merges,
        looks=sum(sum(report["seen"].values()) for report in reports),
        commits_seen=len(all_seen),
        errors=tuple(error for report in reports for error in report["errors"]),
    )


def _reader(index: Path, threads: int, stop: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.trust.reading", str(index), str(threads), str(stop)],
        cwd=_REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )


def _committed(documents: Path, commits: int) -> tuple[set[str], int]:
    """Change files and commit, repeatedly; return the digest of each commit, and the merges."""
    rng = random.Random(SEED)
    states: set[str] = set()
    merges = segments = 0
    for number in range(commits):
        put(documents, f"s{number}.txt", some_text(rng, paragraphs=1) + "river treaty\n")
        if number % 3 == 0:
            put(documents, f"a{rng.randrange(20)}.md", some_text(rng))
        if number % 7 == 6:
            (documents / f"s{number - 3}.txt").unlink()
        built(documents, rebuild=number % 50 == 49)
        with Searcher.open(documents / FOLDER) as searcher:
            states.add(look(searcher))
        before, segments = segments, len(DirectoryReader.open(documents / FOLDER).segments)
        merges += segments <= before
    return states, merges


def contend(folder: Path, *, builds: int) -> tuple[int, int]:
    """Let two processes build one folder; return how many builds succeeded and were refused."""
    put_all(folder, some_files(random.Random(SEED), 20))
    built(folder)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", _CONTENDER, str(folder), str(builds)],
                    cwd=_REPOSITORY,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(2)
        ]
        for number in range(builds):
            put(folder, f"n{number}.txt", "river treaty")
        reports = [writer.communicate()[0].split() for writer in writers]
    built(folder)
    if seen(folder / FOLDER) != seen_afresh(folder):
        raise AssertionError("two writers have made an index of their own")
    return sum(int(done) for done, _ in reports), sum(int(refused) for _, refused in reports)


def main() -> int:
    """Run at full length, and print the outcome; return the exit code."""
    commits = int(sys.argv[2]) if len(sys.argv) > 2 else COMMITS
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder) / "readers", commits=commits)
        built_, refused = contend(Path(folder) / "writers", builds=40)
    print(
        f"{outcome.commits} commits, {outcome.merges} of them with a merge; "
        f"{outcome.looks:,} looks of {len(QUERIES)} queries, at {outcome.commits_seen} commits; "
        f"{len(outcome.errors)} errors"
    )
    print(f"two writers: {built_} builds, {refused} refused")
    print(*outcome.errors[:3], sep="\n")
    return bool(outcome.errors)
