"""Searches by several threads, whose answers are compared with those known to be right."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, TypeAlias

from index_corpus import WORDS, put_all

from index.builder.build_report import BuildReport
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.build import build_in_cluster
from index.opensearch.verify import ClusterVerification, verify_cluster
from search.results import Results
from search.searcher import Searcher

from .nodes import Cluster

QUERIES = (
    "river",
    "river treaty",
    "the policy of the court",
    '"storm policy"',
    "title:harbour",
    "glac*",
    "covid-19 -vote",
    "+school budget path:1",
    "reiver bank",
    "강 다리",
)
# All that a user sees of an answer.
Answer: TypeAlias = tuple[object, ...]
Answers: TypeAlias = Mapping[str, Answer]


@dataclass(frozen=True)
class Corpus:
    """A folder of random texts, which the tests run in, and its index on a cluster."""

    address: ClusterAddress
    folder: Path

    @classmethod
    def on(cls, cluster: Cluster, name: str, folder: Path) -> Corpus:
        return cls(cluster.new_address(name), folder)

    def write(self, version: int, files: int = 60) -> None:
        """Write all files, with texts that those of other versions are not."""
        chance = random.Random(version)

        def text(number: int) -> str:
            parts = (" ".join(chance.choices(WORDS, k=50)) for _ in range(2))
            lines = "\n\n".join(f"{part} 강 다리 of version {version}." for part in parts)
            return f"# The {chance.choice(WORDS)} {number}\n\n{lines}\n"

        put_all(self.folder, {f"{number}.md": text(number) for number in range(files)})

    def build(self, **options: Any) -> BuildReport:  # noqa: ANN401 - those of build_in_cluster
        return build_in_cluster(self.address, Access(), [Path()], **options)

    def open(self) -> Searcher:
        return Searcher.open(self.address, access=Access())

    def verify(self) -> ClusterVerification:
        return verify_cluster(self.address, Access(), deep=True)

    def answers(self) -> Answers:
        """Return what a new searcher answers to each query."""
        with self.open() as searcher:
            return {query: seen(searcher.search(query, facets=["folder"])) for query in QUERIES}


def seen(results: Results) -> Answer:
    """Return what a user sees of an answer."""
    hits = tuple((hit.path, hit.text, round(hit.score, 6), hit.matches) for hit in results)
    facets = tuple((name, tuple(counts)) for name, counts in results.facets.items())
    return hits, results.total, facets, results.notes


@dataclass
class Searches:
    """What threads have searched until now."""

    made: int = 0
    slowest: float = 0.0
    failed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    versions: set[int] = field(default_factory=set)

    def __str__(self) -> str:
        return (
            f"{self.made} searches, {len(self.failed)} failed, {len(self.wrong)} wrong, "
            f"slowest {self.slowest:.2f} s {self.failed[:2]} {self.wrong[:2]}"
        )

    @property
    def all_right(self) -> bool:
        return self.made > 0 and not self.failed and not self.wrong


@contextmanager
def searching(
    corpus: Corpus,
    right: Sequence[Answers],
    *,
    threads: int = 4,
    each: int = 4,
    pause: float = 0,
) -> Iterator[Searches]:
    """Search by threads until the context is left: half share one searcher.

    The others open one for `each` few searches. Each answer is to be one of those that are `right`.
    Each thread pauses for some seconds after a search.
    """
    found = Searches()
    ended = Event()
    with corpus.open() as shared, ThreadPoolExecutor(threads) as pool:
        asked = [
            pool.submit(_search, number, corpus, shared, right, each, pause, found, ended)
            for number in range(threads)
        ]
        try:
            yield found
        finally:
            ended.set()
            for future in asked:
                future.result()


def _search(
    number: int,
    corpus: Corpus,
    shared: Searcher,
    right: Sequence[Answers],
    each: int,
    pause: float,
    found: Searches,
    ended: Event,
) -> None:
    chance = random.Random(number)

    def ask(searcher: Searcher) -> None:
        query = chance.choice(QUERIES)
        begun = time.monotonic()
        try:
            answer = seen(searcher.search(query, facets=["folder"]))
        except Exception as error:  # whatever fails is counted
            found.failed.append(f"{query}: {error!r} {traceback.format_exc()[-900:]}")
        else:
            versions = {n for n, answers in enumerate(right) if answers[query] == answer}
            found.versions |= versions if len(versions) == 1 else set()
            if not versions:
                found.wrong.append(f"{query}: {answer}")
        found.made += 1
        found.slowest = max(found.slowest, time.monotonic() - begun)
        time.sleep(pause)

    while not ended.is_set():
        if number % 2:
            ask(shared)
            continue
        try:
            with corpus.open() as own:
                for _ in range(each):
                    ask(own)
        except Exception as error:  # as above
            found.failed.append(f"to open: {error!r}")


def becomes(condition: Callable[[], bool], *, seconds: float = 120) -> bool:
    """Return whether a condition becomes true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
