"""Small folders of English documents, and all that a user can see of their index."""

from __future__ import annotations

import itertools
import os
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from corpus.walk import SourceFile
from index.analysis.dictionary import Dictionary
from index.analysis.korean import Korean
from index.analysis.lexicon import Analysis
from index.analysis.word import Part, Role
from index.builder.build import build
from index.builder.build_report import BuildReport
from index.directory.directory_reader import DirectoryReader, read_index
from index.directory.location import FOLDER
from index.schema import MODIFIED
from index.snapshot import Snapshot
from search.searcher import Searcher

WORDS = (
    *("river", "bank", "treaty", "minister", "budget", "school", "harbour", "energy", "export"),
    *("vote", "quake", "storm", "policy", "court", "novel", "dialect", "railway", "forest"),
    *("glacier", "covid-19", "U.S.", "2024", "R&D", "the", "of"),
)
QUERIES = (
    "river",
    "river treaty",
    "the policy of the court",
    '"storm policy"',
    "title:harbour",
    "glac*",
    "covid-19 -vote",
    "+school budget path:a",
    "date:2024 energy",
)
_ALL = 10_000
# Files get distinct times, long past: a build always reads a file modified just now.
_times = itertools.count(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a user can see of an index, in an order that does not depend on how it was built."""

    documents: int
    passages: tuple[tuple[object, ...], ...]
    hits: tuple[tuple[str, tuple[tuple[object, ...], ...]], ...]


class PlainKorean(Korean):
    """Replaces Kiwi: a Korean word is one term; `asked` are all words it analyzed."""

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        super().__init__(dictionary)
        self.asked: list[str] = []

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        self.asked += keys
        return [((Part(key, Role.PRIMARY, 0, 0, len(key)),), 1) for key in keys]

    def is_word(self, text: str) -> bool:
        return False

    def is_entry(self, text: str) -> bool:
        return False


class NoKorean(Korean):
    """Replaces Kiwi where it must not be loaded."""

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        pytest.fail(f"Kiwi was asked for {keys}")

    def is_word(self, text: str) -> bool:
        pytest.fail(f"Kiwi was asked for {text}")


@pytest.fixture
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip fsync: no test turns off the power."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def put(folder: Path, name: str, text: str) -> Path:
    """Write a file with a time of its own, long past."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    seconds = next(_times)
    os.utime(path, (seconds, seconds))
    return path


def source(folder: Path, name: str, text: str) -> SourceFile:
    """Write a file, and return it as a walk finds it."""
    path = put(folder, name, text)
    status = path.stat()
    return SourceFile(path, name, status.st_size, status.st_mtime_ns)


def put_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write files; folder and files need not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        put(folder, name, text)


def some_text(rng: random.Random, *, paragraphs: int = 3) -> str:
    """Return a text of some words, with a title and now and then a date."""
    title = " ".join(rng.choices(WORDS, k=3))
    date = rng.choice(("", f"2024-0{rng.randint(1, 9)}-11"))
    bodies = [" ".join(rng.choices(WORDS, k=rng.randint(1, 60))) for _ in range(paragraphs)]
    return "\n\n".join((f"# {title}", date, *(f"{body}." for body in bodies))) + "\n"


def some_files(rng: random.Random, count: int) -> dict[str, str]:
    """Return texts by file name."""
    return {f"a{number}.md": some_text(rng) for number in range(count)}


def built(
    folder: Path, *, rebuild: bool = False, strict: bool = False, dictionary: Path | None = None
) -> BuildReport:
    """Bring the index in a folder up to date with the folder."""
    return build(folder / FOLDER, [folder], rebuild=rebuild, strict=strict, dictionary=dictionary)


def seen(index: Path, queries: Sequence[str] = QUERIES) -> Seen:
    """Return all that an index contains, and what `queries` find in it."""
    with Searcher.open(index) as searcher:
        hits = tuple((query, tuple(sorted(_hits(searcher, query)))) for query in queries)
        documents = searcher.info().documents
    with closing(read_index(index, DirectoryReader.snapshot)) as snapshot:
        passages = tuple(sorted(_passages(snapshot)))
    return Seen(documents, passages, hits)


def _hits(searcher: Searcher, query: str) -> Iterator[tuple[object, ...]]:
    for hit in searcher.search(query, limit=_ALL):
        yield -hit.score, hit.path, hit.start, hit.ordinal, len(hit.matches)


def _passages(snapshot: Snapshot) -> Iterator[tuple[object, ...]]:
    """Yield the stored fields and doc values of each passage, but not its number."""
    doc_values = snapshot.doc_values
    for number in np.flatnonzero(snapshot.alive).tolist():
        document = doc_values.document[number]
        of_document = dict(snapshot.stored_document(number))
        of_document.pop(MODIFIED, None)  # when it was read: a touched file is not read again
        named = of_document["path"], of_document["id"], snapshot.stored(number)["start"]
        of_passage = doc_values.body_length[number], doc_values.gram_length[number]
        days = doc_values.first_day[document], doc_values.last_day[document]
        lengths = doc_values.title_length[document], doc_values.language[document]
        stored = repr(snapshot.stored(number)), repr(of_document)
        yield (*named, *stored, *map(int, (*of_passage, *days, *lengths)))


def seen_afresh(folder: Path, *, queries: Sequence[str] = QUERIES) -> Seen:
    """Return what a user sees after a first build of a folder; delete its index."""
    index = folder / ".fresh"
    try:
        build(index, [folder])
        return seen(index, queries)
    finally:
        shutil.rmtree(index)


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    """Return how many files a build added, updated, removed and left as they were."""
    return report.added, report.updated, report.removed, report.unchanged


def paths(index: Path) -> list[str]:
    """Return the paths of all documents of an index."""
    return sorted({str(passage[0]) for passage in seen(index, ()).passages})
