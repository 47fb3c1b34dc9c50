"""The explanation of a query and the facts of an index, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .ranking.rerank import Ranking
from .results import Bridged, Hit, ReadAs

if TYPE_CHECKING:
    from index.directory.catalogue import Catalogue
    from index.directory.commit import About

    from .engine import Engine


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

    `terms` are those of the text, `words` those of the lexicon, `bytes` the size on disk; the
    `directory` of one in a cluster is its address.
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


def coverage(engine: Engine) -> Coverage:
    """Return what an index covers, in a time that hardly grows with it."""
    return Coverage(
        passages=engine.passages,
        documents=engine.documents,
        languages=engine.documents_by("language"),
        filetypes=engine.documents_by("filetype"),
        folders=engine.documents_by("folder"),
        years=engine.years(),
    )


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
    engine: Engine, *, location: str, about: About, catalogue: Catalogue, words: int, size: int
) -> IndexInfo:
    """Return the counts and settings of an index with `words` in its lexicon, of `size` bytes."""
    return IndexInfo(
        directory=location,
        format=about.format,
        documents=engine.documents,
        passages=engine.passages,
        files=len(catalogue.files),
        terms=engine.terms(),
        words=words,
        bytes=size,
        languages=engine.documents_by("language"),
        bridge=engine.bridge.counts() if engine.bridge else {},
        fields=engine.fields(),
        analyzer=about.analyzer_fingerprint,
        built=about.built,
        sources=catalogue.sources,
    )
