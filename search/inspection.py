"""The explanation of a query and the facts of an index, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.language import LANGUAGES
from index.arrays.term_dictionary import text_of
from index.directory.directory_reader import DirectoryReader
from index.schema import Field, name_term
from index.snapshot import Snapshot

from .ranking.rerank import Ranking
from .results import Bridged, Hit, ReadAs

_DAYS_OF_A_YEAR = 10_000  # a day is numbered yyyymmdd


@dataclass(frozen=True, slots=True, kw_only=True)
class WordReading:
    """A word of a query, its terms, and how they were obtained.

    `field` is "" or "title"; `documents` counts the passages that contain the word.
    """

    word: str
    terms: tuple[str, ...]
    source: str
    field: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HitScore:
    """A hit and the components of its score, which add up to it."""

    hit: Hit
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a query was read and how its first hits were scored.

    `reading` is in the query language; `bridged` are translations, `read_as` corrections.
    """

    query: str
    reading: str
    words: tuple[WordReading, ...]
    hits: tuple[HitScore, ...]
    notes: tuple[str, ...]
    bridged: tuple[Bridged, ...] = ()
    read_as: tuple[ReadAs, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """The counts and settings of an index.

    `terms` are those of the text, `words` those of the lexicon, `bytes` the size of the directory.
    `languages` counts documents ("" for none), `fields` those with each field, most first,
    `bridge` entries by source, without those of the general glossary; `built` is ISO 8601.
    """

    directory: str
    format: int
    documents: int
    passages: int
    files: int
    terms: int
    words: int
    bytes: int
    languages: Mapping[str, int]
    bridge: Mapping[str, int]
    fields: Mapping[str, int]
    analyzer: str
    built: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What an index covers, at a glance; of documents that are not deleted.

    `languages`, `filetypes` and `folders` count documents ("" for none), the latter two most first;
    `years` are the first and last of their dates, None if none has a date.
    """

    passages: int
    documents: int
    languages: Mapping[str, int]
    filetypes: Mapping[str, int]
    folders: Mapping[str, int]
    years: tuple[int, int] | None


def coverage(snapshot: Snapshot) -> Coverage:
    """Return what an index covers, in a time that hardly grows with it."""
    columns, alive = snapshot.doc_values, snapshot.alive_documents
    dated = alive & (columns.first_day > 0)
    years = None
    if dated.any():
        first, last = columns.first_day[dated].min(), columns.last_day[dated].max()
        years = int(first) // _DAYS_OF_A_YEAR, int(last) // _DAYS_OF_A_YEAR
    return Coverage(
        passages=snapshot.passages,
        documents=snapshot.documents,
        languages=_languages(snapshot),
        filetypes=_by_label(snapshot, "filetype"),
        folders=_by_label(snapshot, "folder"),
        years=years,
    )


def _by_label(snapshot: Snapshot, label: str) -> Mapping[str, int]:
    names, numbers = snapshot.labels(label)
    counts = np.bincount(numbers[snapshot.alive_documents], minlength=len(names)).tolist()
    found = [(name, count) for name, count in zip(names, counts, strict=True) if count]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _languages(snapshot: Snapshot) -> Mapping[str, int]:
    numbers = snapshot.doc_values.language[snapshot.alive_documents]
    return {name: int((numbers == number).sum()) for number, name in enumerate((*LANGUAGES, ""))}


def hit_scores(
    hits: Sequence[Hit], passages: Sequence[int], ranking: Ranking
) -> Iterator[HitScore]:
    """Yield hits with the components of the scores that their passages have in a ranking."""
    rows = {passage: row for row, passage in enumerate(ranking.passages.tolist())}
    for hit, passage in zip(hits, passages, strict=True):
        row = rows[passage]
        yield HitScore(
            hit=hit, parts={name: float(part[row]) for name, part in ranking.parts.items()}
        )


def index_info(
    directory: Path, store: DirectoryReader, snapshot: Snapshot, *, words: int
) -> IndexInfo:
    """Return the counts and settings of the index in a directory with `words` in its lexicon."""
    catalogue = store.catalogue()
    return IndexInfo(
        directory=str(directory),
        format=store.about.format,
        documents=snapshot.documents,
        passages=snapshot.passages,
        files=len(catalogue.files),
        terms=sum(1 for _ in snapshot.terms(Field.BODY)),
        words=words,
        bytes=_size(directory),
        languages=_languages(snapshot),
        bridge=snapshot.bridge.counts() if snapshot.bridge else {},
        fields=_fields(snapshot),
        analyzer=store.about.analyzer_fingerprint,
        built=store.about.built,
        sources=catalogue.sources,
    )


def _fields(snapshot: Snapshot) -> Mapping[str, int]:
    """Return how many documents have each field, most first."""
    counts = {}
    for term in snapshot.terms(Field.FIELD, name_term("").encode()):
        if postings := snapshot.postings(Field.FIELD, term):
            counts[text_of(term)[1:]] = len(postings.passages)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _size(directory: Path) -> int:
    """Return the total size of the files in a directory, in bytes."""
    size = 0
    for path in directory.rglob("*"):
        with suppress(FileNotFoundError):  # a build may delete files meanwhile
            size += path.stat().st_size if path.is_file() else 0
    return size
