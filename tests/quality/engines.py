"""Whether both engines answer the same, on every evaluation set.

    python -m tests.quality.engines [--eval DIR] [--only SET]... [--queries N] [--judged N]
                                    [--nodes N] [--keep DIR]

Each set is indexed in a directory and on nodes of OpenSearch, which this starts. Of each, N queries
of all forms are searched for in both, with the bridge: a query is equal if its ten hits are the
same in the same order, with the same scores, and the total too. Then both engines rank documents
for N judged queries. Exits with 1 if fewer than 995 of 1,000 queries are equal, or if nDCG@10
differs by more than 0.001; with 0, loudly, if there is no folder of sets.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .sets import EvaluationSet, evaluation_folder, skip

if TYPE_CHECKING:
    from index.opensearch.address import ClusterAddress
    from search.results import Results
    from search.searcher import Searcher

LEAST_EQUAL = 0.995
MOST_APART = 0.001
_CLOSE = 1e-9
_MEASURE = "nDCG@10"
# Made of the words of a query, of which there are at least two.
FORMS = (
    *("{all}", "{all}", '"{one} {two}"', '"{one} {two}"~4', "+{one} {all}", "{one} AND {two}"),
    *("{one} OR {two}", "{all} -{two}", "title:{one} {two}", "{start}* {two}", "lang:ko {all}"),
    *("lang:en {all}", "({one} AND {two}) OR {last}", '{all} "{one} {two}"', "{one}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was found of one set; `different` are the queries that are not equal."""

    name: str
    queries: int
    different: Sequence[str]
    own: float
    cluster: float
    seconds: tuple[float, float]  # of all queries: in the directory, and on the cluster

    @property
    def holds(self) -> bool:
        return abs(self.own - self.cluster) <= MOST_APART

    def __str__(self) -> str:
        equal = self.queries - len(self.different)
        own, cluster = (1000 * each / max(self.queries, 1) for each in self.seconds)
        return (
            f"{self.name:<14}{self.queries:>8}{equal:>8}{self.own:>9.4f}{self.cluster:>9.4f}"
            f"{own:>9.1f}{cluster:>9.1f}{'' if self.holds else '  APART'}"
        )


HEAD = f"{'set':<14}{'queries':>8}{'equal':>8}{_MEASURE:>9}{'cluster':>9}{'ms':>9}{'cluster':>9}"


def queries_of(texts: Sequence[str], count: int) -> list[str]:
    """Return queries of all forms, made of some of the texts."""
    chance = random.Random(1)
    long = [text for text in texts if len(_words(text)) > 1]
    found = []
    for number in range(count if long else 0):
        words = _words(chance.choice(long))
        one, two, last = words[0], words[1], words[-1]
        start = one[: max(2, len(one) - 2)]
        parts = {"all": " ".join(words), "one": one, "two": two, "last": last, "start": start}
        found.append(FORMS[number % len(FORMS)].format(**parts))
    return found


def _words(text: str) -> list[str]:
    return [word for word in text.split() if word.isalnum()]


def is_same(own: Results, cluster: Results) -> bool:
    """Return whether two results have the same hits, scores and total."""
    if len(own) != len(cluster) or own.total != cluster.total:
        return False
    return all(
        (one.path, one.document, one.ordinal) == (other.path, other.document, other.ordinal)
        and abs(one.score - other.score) <= _CLOSE * max(1, abs(one.score))
        for one, other in zip(own, cluster, strict=True)
    )


def measure(
    texts: EvaluationSet, address: ClusterAddress, workplace: Path, *, queries: int, judged: int
) -> Row:
    """Index one set in both ways, and compare the answers."""
    # Imported here: a run that is skipped needs neither Whoosh nor numpy.
    from index.opensearch.build import build_in_cluster
    from search.evaluation import evaluate
    from search.searcher import Searcher

    directory = texts.index(workplace)
    with chdir(workplace):  # the paths of a cluster's index are relative to the current folder
        build_in_cluster(address, roots=[Path(texts.name)])
    lines = texts.queries.read_text(encoding="utf-8").splitlines(keepends=True)
    some = workplace / f"{texts.name}-some.tsv"
    chosen = random.Random(2).sample(lines, min(judged, len(lines)))
    some.write_text("".join(chosen), encoding="utf-8")
    asked = queries_of([line.partition("\t")[2] for line in lines], queries)
    with Searcher.open(directory) as own, Searcher.open(str(address)) as cluster:
        different, seconds = compare(own, cluster, asked)
        values = [evaluate(each, some, texts.qrels).measures[_MEASURE] for each in (own, cluster)]
    return Row(
        name=texts.name,
        queries=len(asked),
        different=different,
        own=values[0],
        cluster=values[1],
        seconds=seconds,
    )


def compare(
    own: Searcher, cluster: Searcher, queries: Sequence[str]
) -> tuple[list[str], tuple[float, float]]:
    """Return the queries that are not answered the same, and the time of each engine."""
    different, times = [], [0.0, 0.0]
    for query in queries:
        found = []
        for row, searcher in enumerate((own, cluster)):
            start = time.perf_counter()
            found.append(searcher.search(query))
            times[row] += time.perf_counter() - start
        if not is_same(*found):
            different.append(query)
    return different, (times[0], times[1])


def rows(options: argparse.Namespace, folder: Path, workplace: Path) -> Iterator[Row]:
    """Yield the row of each set, in order."""
    from index.opensearch.address import ClusterAddress
    from tests.cluster.nodes import Cluster

    every = sorted(path.parent.name for path in folder.glob("*/docs.jsonl"))
    with Cluster(nodes=options.nodes, heap="1g", quick=False) as nodes:
        # Of the small files of the cluster's indexes, not of what the nodes are started from.
        os.environ["XDG_CACHE_HOME"] = str(workplace / "cache")
        for name in options.only or every:
            yield measure(
                EvaluationSet(folder / name),
                ClusterAddress(nodes.urls, name),
                workplace,
                queries=options.queries,
                judged=options.judged,
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    options = _options(arguments)
    folder = evaluation_folder(options.eval)
    if not folder.is_dir():
        skip("the comparison of engines", folder)
        return 0
    found: list[Row] = []
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="chaja-engines-") as temporary:
        for row in rows(options, folder, options.keep or Path(temporary)):
            print(row, flush=True)
            found.append(row)
    for row in found:
        for query in row.different:
            print(f"DIFFERENT in {row.name}: {query}", file=sys.stderr)
    queries = sum(row.queries for row in found)
    equal = queries - sum(len(row.different) for row in found)
    print(f"{equal} of {queries} queries are equal")
    holds = all(row.holds for row in found) and equal >= LEAST_EQUAL * queries
    return 0 if holds else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.engines")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--only", action="append", metavar="SET", help="this set; repeatable")
    parser.add_argument("--queries", type=int, default=60, metavar="N", help="of each set")
    parser.add_argument("--judged", type=int, default=200, metavar="N", help="of each set")
    parser.add_argument("--nodes", type=int, default=1, metavar="N", help="nodes that are started")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes for next time")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
