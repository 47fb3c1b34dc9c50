"""Chaja as an engine of `large_queries`."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

from index.schema import Field
from search.query.parser import parse
from search.results import Results
from search.searcher import Searcher

from .large_queries import HITS
from .process import run

_QUERIES = 1_000


class Chaja:
    """An index open for reading; its words are made up, so bridge and correction are off."""

    def __init__(self, directory: Path) -> None:
        self._searcher = Searcher.open(directory)

    def close(self) -> None:
        """Close the index."""
        self._searcher.close()

    def search(self, query: str) -> Results:
        """Return the ten best passages, as `chaja search --strict --no-bridge` does."""
        return self._searcher.search(query, limit=HITS, bridge=False, strict=True)

    def candidates(self, query: str) -> list[int]:
        """Return the passages that the first stage of such a search passes to the rerank."""
        pipeline = self._searcher._pipeline
        parsed = parse(query)
        collected = pipeline.collect(parsed, translate=False)
        _, passages = pipeline.first_stage(parsed, collected, depth=HITS)
        return passages.tolist()

    def terms(self) -> list[str]:
        """Return all terms of the texts."""
        return [term.decode() for term in self._searcher._engine.snapshot.terms(Field.BODY)]


def private_megabytes(directory: Path) -> float:
    """Return the private memory of a process after 1,000 queries, in MB."""
    command = [sys.executable, "-m", "tests.benchmarks.large_engine", str(directory)]
    return float(run(command).output)


def _main(directory: Path) -> None:
    """Run 1,000 queries of two terms of the index, and print the private memory in MB."""
    engine = Chaja(directory)
    terms = engine.terms()
    chance = random.Random(7)
    for _ in range(_QUERIES):
        engine.search(" ".join(chance.sample(terms, 2)))
    del terms
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    kilobytes = re.search(r"^Private_Dirty:\s+(\d+) kB", rollup, re.MULTILINE)
    print(int(kilobytes[1]) / 1e3 if kilobytes else "nan")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
