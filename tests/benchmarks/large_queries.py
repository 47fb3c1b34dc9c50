"""Warm queries on the large set, in Chaja and tantivy in turn, with the same terms.

python -m tests.benchmarks.large_queries EVAL FOLDER [--passages N]     tantivy by itself

Chaja parses the query string, the peer is given its terms. The first stage of a search, which
passes 400 candidates to the rerank, is compared with a search of the peer for its best
thousand. The whole search, with the texts of the ten best, is timed beside it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import tantivy
from numpy.typing import NDArray

from search.pipeline import candidates

from .figures import milliseconds
from .large_set import LargeSet, large_set, name
from .report import section, table

HITS = 10
CANDIDATES = candidates(HITS)
QUERIES = 200
SEED = 20_240_612
# Words that occur more often than this, per passage, are stop words in both engines.
STOP_SHARE = 0.12
WRITER_THREADS = 2
WRITER_BYTES = 256_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table: any or all of some terms, or a phrase of them."""

    operator: str
    terms: int

    def __str__(self) -> str:
        names = {"or": "any of", "and": "all of", "phrase": "phrase of"}
        return f"{names[self.operator]} {self.terms}"

    def written(self, terms: Sequence[str]) -> str:
        """Return the query string of some terms."""
        words = " ".join(f"+{term}" if self.operator == "and" else term for term in terms)
        return f'"{words}"' if self.operator == "phrase" else words


KINDS = (
    *(Kind("or", terms) for terms in (1, 2, 3, 5, 8)),
    *(Kind("and", terms) for terms in (2, 3, 5)),
    *(Kind("phrase", terms) for terms in (2, 3)),
)


class Engine(Protocol):
    """An engine to measure; passages are numbered as in the set."""

    def search(self, query: str) -> object:
        """Return the ten best passages."""

    def candidates(self, query: str) -> list[int]:
        """Return the passages that the first stage of the search passes to the rerank."""


@dataclass(slots=True)
class Times:
    """Seconds of each query of a row, and the sum of the document frequencies of its terms.

    `first` is of the first run of a whole search, `whole` of the same search later.
    """

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    postings: list[int] = field(default_factory=list)


class Tantivy:
    """The peer: the set in an index of its own, with the segments that its merges leave."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self.segments: int = self._searcher.num_segments

    @staticmethod
    def build(texts: Iterable[str], folder: Path, *, stored: bool = False) -> None:
        """Index passages, split at spaces, with positions; store their number, and maybe text."""
        folder.mkdir(parents=True, exist_ok=True)
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("number", stored=True)
        schema.add_text_field(
            "body", stored=stored, tokenizer_name="whitespace", index_option="position"
        )
        writer = tantivy.Index(schema.build(), path=str(folder)).writer(
            WRITER_BYTES, WRITER_THREADS
        )
        for number, text in enumerate(texts):
            document = tantivy.Document()
            document.add_unsigned("number", number)
            document.add_text("body", text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def doc_freq(self, term: str) -> int:
        """Return the number of passages with a term."""
        count: int = self._searcher.doc_freq("body", term)
        return count

    def search(self, kind: Kind, terms: Sequence[str]) -> tantivy.SearchResult:
        """Return the best thousand; building the query counts, as parsing does in Chaja."""
        return self._searcher.search(self._query(kind, terms), CANDIDATES, count=False)

    def passages(self, kind: Kind, terms: Sequence[str]) -> list[int]:
        """Return the numbers of the best thousand."""
        hits = self.search(kind, terms).hits
        return [self._searcher.doc(address).get_first("number") for _, address in hits]

    def _query(self, kind: Kind, terms: Sequence[str]) -> tantivy.Query:
        schema = self._index.schema
        if kind.operator == "phrase":
            return tantivy.Query.phrase_query(schema, "body", list(terms))
        queries = [tantivy.Query.term_query(schema, "body", term) for term in terms]
        if len(queries) == 1:
            return queries[0]
        occur = tantivy.Occur.Should if kind.operator == "or" else tantivy.Occur.Must
        return tantivy.Query.boolean_query([(occur, query) for query in queries])


def stop_words(source: LargeSet) -> NDArray[np.bool_]:
    """Return, for each term by its number, whether it is too frequent for queries."""
    return source.occurrences() > STOP_SHARE * source.size


def draw(
    source: LargeSet, kind: Kind, excluded: NDArray[np.bool_], *, count: int = QUERIES
) -> list[tuple[str, ...]]:
    """Return queries of terms of one passage, for phrases consecutive ones, without stop words.

    Terms are drawn in proportion to their occurrences.
    """
    random = np.random.default_rng([SEED, kind.terms, kind.operator == "phrase"])
    queries: list[tuple[str, ...]] = []
    while len(queries) < count:
        passage = source.passage(int(random.integers(source.size))).astype(np.int64)
        if kind.operator == "phrase":
            start = int(random.integers(max(1, len(passage) - kind.terms)))
            chosen = passage[start : start + kind.terms]
            chosen = chosen[~excluded[chosen]].tolist()
        else:
            shuffled = random.permutation(passage[~excluded[passage]]).tolist()
            chosen = list(dict.fromkeys(shuffled))[: kind.terms]
        if len(set(chosen)) == kind.terms:
            queries.append(tuple(map(name, chosen)))
    return queries


def measure(source: LargeSet, ours: Engine, peer: Tantivy) -> str:
    """Return the section on warm queries. Raises SystemExit if results differ."""
    excluded = stop_words(source)
    rows = [_row(kind, _times(draw(source, kind, excluded), kind, ours, peer)) for kind in KINDS]
    return section(
        f"A warm query in {source.size:,} passages",
        f"{QUERIES} queries per row, the terms of each from one passage, without words that occur "
        f"more often than {STOP_SHARE:.0%} of the number of passages; times in milliseconds. "
        f'`a b`, `+a +b` and `"a b"` are run as `chaja search --strict --no-bridge` runs them. '
        f"The first stage parses the query and retrieves the best {CANDIDATES:,} passages, which "
        f"are then reranked; tantivy, with {peer.segments} segments, is given the terms and "
        f"retrieves its best {CANDIDATES:,}. Where fewer match, both find the same passages. "
        f"`search` is the whole search, with the texts of the {HITS} best hits and their matches; "
        "`first` is its time when the query is run for the first time, which decodes the posting "
        "lists and reads pages from disk. Chaja caches decoded lists, up to 64 MB.",
        table(
            (
                *("query", "passages with a term", "first", "search", "p95"),
                *("first stage", "tantivy", "ratio", "p95", "p95", "ratio"),
            ),
            rows,
        ),
    )


def _times(queries: Iterable[tuple[str, ...]], kind: Kind, ours: Engine, peer: Tantivy) -> Times:
    times = Times()
    for terms in queries:
        query = kind.written(terms)
        times.first.append(_seconds(partial(ours.search, query)))
        check(ours.candidates(query), peer.passages(kind, terms), query)
        times.whole.append(_seconds(partial(ours.search, query)))
        times.ours.append(_seconds(partial(ours.candidates, query)))
        times.theirs.append(_seconds(partial(peer.search, kind, terms)))
        times.postings.append(sum(map(peer.doc_freq, terms)))
    return times


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def check(ours: Sequence[int], theirs: Sequence[int], query: str) -> None:
    """Raise SystemExit unless both found as many passages, and the same if those are all."""
    if len(ours) != len(theirs) or (len(ours) < CANDIDATES and set(ours) != set(theirs)):
        raise SystemExit(f"{query}: {sorted(ours)} is not {sorted(theirs)}")


def _row(kind: Kind, times: Times) -> tuple[str, ...]:
    (our_median, our_high), (their_median, their_high) = map(
        milliseconds, (times.ours, times.theirs)
    )
    return (
        str(kind),
        f"{statistics.median(times.postings):,.0f}",
        milliseconds(times.first)[0],
        *milliseconds(times.whole),
        *(our_median, their_median, f"{float(our_median) / float(their_median):.2f}"),
        *(our_high, their_high, f"{float(our_high) / float(their_high):.2f}"),
    )


def _alone(source: LargeSet, peer: Tantivy) -> Iterator[str]:
    excluded = stop_words(source)
    for kind in KINDS:
        queries = draw(source, kind, excluded)
        for terms in queries:
            peer.search(kind, terms)
        seconds = [_seconds(partial(peer.search, kind, terms)) for terms in queries]
        yield f"{kind}: {milliseconds(seconds)} ms"


def main() -> None:
    """Measure the peer by itself, building its index if there is none."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.large_queries")
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=1_000_000)
    options = parser.parse_args()
    source = large_set(options.evaluation, options.folder, passages=options.passages)
    index = options.folder / f"tantivy-{options.passages}"
    if not index.exists():
        Tantivy.build(source.texts(), index)
    for line in _alone(source, Tantivy(index)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
