"""Flipped bits and truncated files are detected, never change results, and are mended.

    python -m tests.trust flipping [COUNT]

For each of 2,000 flips, and truncations at many offsets, over all files of an index: `verify` names
the file; opening and searching give the same results, those of the commit before with a note, or
an error that says `chaja repair`. One in eight is repaired: then all is as it was.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from corpus.errors import IndexDamaged, IndexOutdated
from index import analyzers
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from index.repair.repair import repair
from index.verify import verify
from search.searcher import Searcher
from tests.index_corpus import PlainKorean, built, put, put_all, seen, some_files

COUNT = 2_000
SEED = 42
# One in so many is repaired.
_REPAIRED = 8
_QUERIES = ("river treaty", '"storm policy"', "glac*", "path:a1", "강물이")


class Target:
    """An undamaged index of two commits, two segments, several pages and some deletions."""

    def __init__(self, folder: Path, *, documents: int) -> None:
        rng = random.Random(3)
        put_all(folder, some_files(rng, documents))
        built(folder)
        self.before = seen(folder / FOLDER, _QUERIES)
        put_all(folder, {f"b{number}.txt": "glacier storm " * 40 for number in range(4)})
        put(folder, "k.txt", "강물이 흐른다.\n\n바람이 분다 river.")
        (folder / "a1.md").unlink()
        built(folder)
        self.directory = folder / FOLDER
        # Names of segments are random: in the order of kind and size, a seed draws the same twice.
        self.files = {
            path.name: path.read_bytes()
            for path in sorted(
                self.directory.iterdir(), key=lambda path: (path.suffix, path.stat().st_size)
            )
            if path.name != "lock"
        }
        self.seen = seen(self.directory, _QUERIES)

        self._checks = 0

    def check(self, name: str, data: bytes) -> str:
        """Replace a file by `data`; return the outcome of opening and searching."""
        path = self.directory / name
        path.write_bytes(data)
        self._checks += 1
        try:
            found = verify(self.directory)
            damage = (*found.damage, *found.damage_before)
            if [file.file for file in damage] != [name]:
                raise AssertionError(f"{name} is not told, but {damage}")
            outcome = self._outcome()
            if self._checks % _REPAIRED == 0:
                self._repair()
            return outcome
        except IndexOutdated:
            if not name.endswith(".json"):  # the number of its format may be what changed
                raise
            return "told as another format"
        finally:
            path.write_bytes(self.files[name])

    def _outcome(self) -> str:
        try:
            with Searcher.open(self.directory) as searcher:
                notes = searcher.notes
            found = seen(self.directory, _QUERIES)
        except IndexDamaged as error:
            if "chaja repair" not in error.hint:
                raise AssertionError(f"{error.hint} does not help") from error
            return "told"
        if found != (self.before if notes else self.seen):
            raise AssertionError(f"the results are others, with the notes {notes}")
        return "read as before, with a note" if notes else "right"

    def _repair(self) -> None:
        """Repair the index, and then make it anew."""
        try:
            repair(self.directory)
            found = verify(self.directory, deep=True)
            if found.damage or found.damage_before or seen(self.directory, _QUERIES) != self.seen:
                raise AssertionError("the repaired index is not what it was")
        finally:
            shutil.rmtree(self.directory)
            self.directory.mkdir()
            for name, data in self.files.items():
                (self.directory / name).write_bytes(data)


def flips(target: Target, *, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Flip bits, one at a time; yield the kind of file, and the outcome."""
    sizes = [len(data) for data in target.files.values()]
    for number in range(seed, seed + count):
        rng = random.Random(number)
        # One half in proportion to the sizes of the files, the other half in every file alike.
        weights = sizes if number % 2 else None
        name = rng.choices(list(target.files), weights=weights)[0]
        data = bytearray(target.files[name])
        at = rng.randrange(8 * len(data))
        data[at // 8] ^= 1 << at % 8
        try:
            yield name[-4:], target.check(name, bytes(data))
        except BaseException as error:
            raise AssertionError(f"seed {number}: bit {at} of {name}: {error!r}") from error


def cuts(target: Target, *, offsets: int) -> Iterator[tuple[str, str]]:
    """Truncate every file at `offsets` offsets and some more; yield its kind, and the outcome."""
    for name, data in target.files.items():
        size = len(data)
        ends = {0, 1, 7, 8, 9, size - 1, size - 2, size - 8, size - 31, size - 32, size - 33}
        ends |= {size * number // offsets for number in range(offsets)}
        for end in sorted(ends & set(range(size))):
            try:
                yield name[-4:], target.check(name, data[:end])
            except BaseException as error:
                raise AssertionError(f"{name} cut to {end} bytes: {error!r}") from error


def run(folder: Path, *, count: int, offsets: int, documents: int) -> Counter[str]:
    """Try all; return the number of each outcome."""
    outcomes: Counter[str] = Counter()
    with (
        patch.object(analyzers, "Korean", PlainKorean),
        patch.object(writable_analyzer, "KoreanProcess", PlainKorean),
    ):
        target = Target(folder, documents=documents)
        for kind, outcome in flips(target, count=count, seed=SEED):
            outcomes[f"flip in {kind}: {outcome}"] += 1
        for kind, outcome in cuts(target, offsets=offsets):
            outcomes[f"cut of {kind}: {outcome}"] += 1
    return outcomes


def main() -> int:
    """Try all, and print the outcomes; return the exit code."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run(Path(folder), count=count, offsets=100, documents=150)
    for name, number in sorted(outcomes.items()):
        print(f"{number:6,} {name}")
    print(f"{outcomes.total():,} in all, from seed {SEED}: each told by the name of its file")
    return 0
