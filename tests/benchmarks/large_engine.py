"""Chaja's evaluation of terms on a large index, as `large_queries` asks for it."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from index.fields import Field
from index.snapshot import Snapshot
from index.store import Store
from search.scoring import idf
from search.topk.bm25 import Bm25
from search.topk.conjunction import best_of_all
from search.topk.disjunction import best_of_any
from search.topk.lists import Clause, Workspace
from search.topk.phrase import best_of_phrase
from search.topk.selection import Hits

from .large_queries import HITS, Answer, Kind
from .process import run

_QUERIES = 1_000
# What tantivy has, and cannot be told otherwise.
K1, B = 1.2, 0.75


class Chaja:
    """An index open for reading, as a Searcher has it."""

    def __init__(self, directory: Path) -> None:
        self.snapshot: Snapshot = Store.open(directory).snapshot()
        self._workspace = Workspace(self.snapshot.size)
        self._bm25 = Bm25(
            self.snapshot.measures.body_length,
            average=self.snapshot.passage_average("body_length"),
            k1=K1,
            b=B,
        )

    def prepare(self, kind: Kind, terms: Sequence[str]) -> object:
        """Return the terms: looking them up is part of asking."""
        return kind, terms

    def search(self, query: object) -> object:
        """Return the best passages."""
        kind, terms = query  # type: ignore[misc]  # what `prepare` returned
        snapshot = self.snapshot
        clauses = []
        for term in terms:
            key = term.encode()
            postings = snapshot.posting_list(Field.BODY, key)
            if postings is not None:
                weight = idf(postings.holding, snapshot.passages)
                clauses.append(Clause(postings, weight, self._bm25))
        if kind.operator == "or":
            return best_of_any(clauses, k=HITS, workspace=self._workspace)
        return (best_of_all if kind.operator == "and" else best_of_phrase)(clauses, k=HITS)

    def answer(self, found: object) -> Answer:
        """Return scores and passages, best first."""
        assert isinstance(found, Hits)
        return list(zip(found.scores.tolist(), found.passages.tolist(), strict=True))


def private_megabytes(directory: Path) -> float:
    """Return the memory of its own that a process has after 1,000 queries."""
    command = [sys.executable, "-m", "tests.benchmarks.large_engine", str(directory)]
    return float(run(command).output)


def _main(directory: Path) -> None:
    """Ask 1,000 queries of two terms of the index, and print the memory it took."""
    engine = Chaja(directory)
    terms = [term.decode() for term in engine.snapshot.terms(Field.BODY)]
    chance = random.Random(7)
    for _ in range(_QUERIES):
        engine.search((Kind("or", 2), chance.sample(terms, 2)))
    del terms
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    kilobytes = re.search(r"^Private_Dirty:\s+(\d+) kB", rollup, re.MULTILINE)
    print(int(kilobytes[1]) / 1e3 if kilobytes else "nan")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
