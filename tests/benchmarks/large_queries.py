"""Warm queries on the large set, ours and tantivy's in turn, with the same terms given to both.

python -m tests.benchmarks.large_queries EVAL FOLDER [--passages N]     tantivy by itself

Chaja reads the query string, the peer is given its terms. What is compared is the first stage of a
search, which leaves the best thousand passages to the second: the peer is asked for its best
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
# A word that stands this often, to the passage, is a stop word to both engines.
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
        """Return the query of some terms as it is typed."""
        words = " ".join(f"+{term}" if self.operator == "and" else term for term in terms)
        return f'"{words}"' if self.operator == "phrase" else words


KINDS = (
    *(Kind("or", terms) for terms in (1, 2, 3, 5, 8)),
    *(Kind("and", terms) for terms in (2, 3, 5)),
    *(Kind("phrase", terms) for terms in (2, 3)),
)


class Engine(Protocol):
    """What is measured; passages are numbered as in the set."""

    def search(self, query: str) -> object:
        """Return the ten best passages."""

    def candidates(self, query: str) -> list[int]:
        """Return the passages that the first stage of the search leaves to the second."""


@dataclass(slots=True)
class Times:
    """Seconds of each query of a row, and how many passages hold its terms together.

    `first` are those of a whole search that was asked before anything else, `whole` those of the
    same search later.
    """

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    postings: list[int] = field(default_factory=list)


class Tantivy:
    """The peer: the set in an index of its own, as many segments as its merging leaves."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self.segments: int = self._searcher.num_segments

    @staticmethod
    def build(texts: Iterable[str], folder: Path, *, stored: bool = False) -> None:
        """Index passages, split at spaces, with positions; their number is stored.

        So is the text itself where it is to be `stored`.
        """
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

    def holding(self, term: str) -> int:
        """Return how many passages hold a term."""
        count: int = self._searcher.doc_freq("body", term)
        return count

    def search(self, kind: Kind, terms: Sequence[str]) -> tantivy.SearchResult:
        """Return the best thousand; making the query is part of asking it, as ours is."""
        return self._searcher.search(self._query(kind, terms), CANDIDATES, count=False)

    def passages(self, kind: Kind, terms: Sequence[str]) -> list[int]:
        """Return the numbers of the best thousand."""
        hits = self.search(kind, terms).hits
        return [self._searcher.doc(at).get_first("number") for _, at in hits]

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
    """Tell of each term, by its number, whether it is too frequent to be asked for."""
    return source.occurrences() > STOP_SHARE * source.size


def draw(
    source: LargeSet, kind: Kind, left_out: NDArray[np.bool_], *, count: int = QUERIES
) -> list[tuple[str, ...]]:
    """Return queries whose terms stand in one passage, in a phrase side by side; no stop words.

    Terms are drawn as often as they occur.
    """
    random = np.random.default_rng([SEED, kind.terms, kind.operator == "phrase"])
    queries: list[tuple[str, ...]] = []
    while len(queries) < count:
        passage = source.passage(int(random.integers(source.size))).astype(np.int64)
        if kind.operator == "phrase":
            start = int(random.integers(max(1, len(passage) - kind.terms)))
            chosen = passage[start : start + kind.terms]
            chosen = chosen[~left_out[chosen]].tolist()
        else:
            shuffled = random.permutation(passage[~left_out[passage]]).tolist()
            chosen = list(dict.fromkeys(shuffled))[: kind.terms]
        if len(set(chosen)) == kind.terms:
            queries.append(tuple(map(name, chosen)))
    return queries


def measure(source: LargeSet, ours: Engine, peer: Tantivy) -> str:
    """Return the section on warm queries; ends the benchmark where answers differ."""
    left_out = stop_words(source)
    rows = [_row(kind, _times(draw(source, kind, left_out), kind, ours, peer)) for kind in KINDS]
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
        times.postings.append(sum(map(peer.holding, terms)))
    return times


def _seconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def check(ours: Sequence[int], theirs: Sequence[int], query: str) -> None:
    """Raise SystemExit unless as many passages were found, and the same where those are all."""
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
    left_out = stop_words(source)
    for kind in KINDS:
        queries = draw(source, kind, left_out)
        for terms in queries:
            peer.search(kind, terms)
        seconds = [_seconds(partial(peer.search, kind, terms)) for terms in queries]
        yield f"{kind}: {milliseconds(seconds)} ms"


def main() -> None:
    """Measure the peer by itself, building its index first where there is none."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.large_queries")
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=1_000_000)
    options = parser.parse_args()
    source = large_set(options.evaluation, options.folder, passages=options.passages)
    place = options.folder / f"tantivy-{options.passages}"
    if not place.exists():
        Tantivy.build(source.texts(), place)
    for line in _alone(source, Tantivy(place)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
