"""What a searcher tells of a query, and of its index: data, like a hit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .hit import Bridged, Hit, ReadAs


@dataclass(frozen=True, slots=True, kw_only=True)
class WordReading:
    """A word of a query: the terms it asks for, where they came from, and who holds it.

    `field` is "" or "title"; `documents` counts the passages that hold the word.
    """

    word: str
    terms: tuple[str, ...]
    source: str
    field: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HitScore:
    """A hit, and the parts that add up to its score."""

    hit: Hit
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a query was read: in the query language, word by word, and in its first hits.

    `bridged` is what stands for its words in the other language, `read_as` those of them that were
    understood otherwise than they were typed.
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
    """What an index holds.

    `terms` are distinct terms of the text, `words` those of the lexicon, `bytes` the size of the
    directory; `languages` counts documents ("" for those without letters), `bridge` pairs of words
    by their source, those of the general glossary left out; `built` is ISO 8601.
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
    analyser: str
    built: str
    sources: tuple[str, ...]
