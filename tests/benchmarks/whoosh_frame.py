"""Whoosh's searcher compared with the library: the same ten passages, and the time of each.

    python -m tests.benchmarks.whoosh_frame [--eval DIR] [--only SET]... [--keep DIR]

Both run the words of 500 queries of a set, in turn, in one process; the library with
`bridge=False, strict=True`, Whoosh with `words_query`: an Or of the words' terms, to which Korean
adds its syllable bigrams by AndMaybe. Neither fetches stored text.
Exits with 1 if a list differs, or if Whoosh's median is more than 1.5 times the library's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from whoosh.searching import Searcher as WhooshSearcher

from search.fetch import ranked_passages
from search.query.parser import parse
from search.query.tree import Query, Term
from search.searcher import Searcher
from search.whoosh import RankedIndex, open_index
from tests.quality.sets import EvaluationSet, evaluation_folder, skip

QUERIES = 500
DEPTH = 10
MAX_RATIO = 1.5
SETS = ("lohelp-kw-ko", "lohelp-kw-en")

Hits = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Result:
    """Queries whose hits differ, and the median seconds of both."""

    queries: int
    differing: tuple[str, ...]
    library: float
    whoosh: float

    @property
    def passes(self) -> bool:
        return not self.differing and self.whoosh <= MAX_RATIO * self.library


def measure(texts: EvaluationSet, workplace: Path) -> Result:
    """Run plain queries, spread over the whole set, in both; each twice, timing the second."""
    directory = texts.index(workplace)
    lines = texts.queries.read_text(encoding="utf-8").splitlines()
    plain = list(filter(_is_plain, (parse(line.partition("\t")[2]) for line in lines)))
    queries = plain[:: max(1, len(plain) // QUERIES)][:QUERIES]
    times: list[tuple[float, float]] = []
    differing: list[str] = []
    index = open_index(directory)
    with Searcher.open(directory) as library, index.searcher() as whoosh:
        for query in queries:
            for _ in range(2):
                start = perf_counter()
                expected = _of_library(library, query)
                between = perf_counter()
                found = _of_whoosh(index, whoosh, query)
                end = perf_counter()
            times.append((between - start, end - between))
            if found != expected:
                differing.append(str(query))
    of_library, of_whoosh = map(median, zip(*times, strict=True))
    return Result(len(queries), tuple(differing), of_library, of_whoosh)


def _is_plain(query: Query) -> bool:
    root = query.root
    leaves = all(isinstance(node, Term) and not node.field for node in root.may)
    return bool(root.may) and leaves and not (root.must or root.never)


def _words(query: Query) -> Iterator[str]:
    return (node.text for node in query.root.may if isinstance(node, Term))


def _of_library(searcher: Searcher, query: Query) -> Hits:
    collected = searcher._pipeline.collect(query, translate=False)
    ranking = searcher._pipeline.rank(query, collected, depth=DEPTH)
    found = ranked_passages(searcher._engine, ranking, most=DEPTH)
    return [(hit.passage, hit.score) for hit in found]


def _of_whoosh(index: RankedIndex, searcher: WhooshSearcher, query: Query) -> Hits:
    words = index.words_query(" ".join(_words(query)))
    return list(searcher.search(words, limit=DEPTH).items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sets and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--eval", type=Path, help="the folder of evaluation sets")
    parser.add_argument("--only", action="append", help="this set (may be given again)")
    parser.add_argument("--keep", type=Path, help="build the indexes here, and leave them")
    options = parser.parse_args(arguments)
    folder = evaluation_folder(options.eval)
    if not folder.is_dir():
        skip("Whoosh's searcher against the library", folder)
        return 0
    folder_context = (
        tempfile.TemporaryDirectory() if options.keep is None else nullcontext(options.keep)
    )
    with folder_context as workplace:
        results = [
            _reported(name, measure(EvaluationSet(folder / name), Path(workplace)))
            for name in options.only or SETS
        ]
    return 0 if all(result.passes for result in results) else 1


def _reported(name: str, result: Result) -> Result:
    print(
        f"{name}: {result.queries} queries, {len(result.differing)} differ, median "
        f"{1000 * result.library:.2f} ms in the library, {1000 * result.whoosh:.2f} ms in Whoosh "
        f"({result.whoosh / result.library:.2f} times)",
        *result.differing,
        sep="\n  ",
    )
    return result


if __name__ == "__main__":
    sys.exit(main())
