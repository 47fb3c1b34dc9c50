"""Chaja's searches on a large index, as `large_queries` asks for them."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

from index.schema import Field
from search.query.parser import parse
from search.results import Hit
from search.searcher import Searcher

from .large_queries import HITS
from .process import run

_QUERIES = 1_000


class Chaja:
    """An index open for reading.

    Words are made up: there is nothing to translate, and none is to be taken for a misspelling.
    """

    def __init__(self, directory: Path) -> None:
        self._searcher = Searcher.open(directory)

    def close(self) -> None:
        """Close the index."""
        self._searcher.close()

    def search(self, query: str) -> list[Hit]:
        """Return the ten best passages, as `chaja search --strict --no-bridge` does."""
        return self._searcher.search(query, limit=HITS, bridge=False, strict=True)

    def candidates(self, query: str) -> list[int]:
        """Return the passages that the first stage of such a search leaves to the second."""
        evaluator = self._searcher._pipeline
        parsed = parse(query)
        collected = evaluator.collect(parsed, translate=False)
        _, passages = evaluator.first_stage(parsed, collected, deep=HITS)
        return passages.tolist()

    def terms(self) -> list[str]:
        """Return all terms of the texts."""
        return [term.decode() for term in self._searcher._snapshot.terms(Field.BODY)]


def private_megabytes(directory: Path) -> float:
    """Return the memory of its own that a process has after 1,000 queries."""
    command = [sys.executable, "-m", "tests.benchmarks.large_engine", str(directory)]
    return float(run(command).output)


def _main(directory: Path) -> None:
    """Ask 1,000 queries of two terms of the index, and print the memory it took."""
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
