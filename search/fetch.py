"""The fetch stage: ranked passages as hits, with their stored fields and matches."""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from corpus.page_labels import label_of
from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Int64s
from index.arrays.ragged import among, distinct
from index.schema import LABELS, LINE, MODIFIED, OCR, ON_DISK, PLACES, UNIT, field_text
from index.value import NamedTuple

from .correction.rewrite import AbsentWord
from .engine import Engine, StoredPassage
from .highlight import HighlightQuery, highlight, highlight_titled
from .ranking.rerank import Ranking
from .results import NO_COPIES, Copies, Hit, Match, ReadAs, path_inside
from .translation import TermTranslation, matched_entries

# Of a text that thousands of documents have, a hit names so many.
_MOST_COPIES = 100


def fetch_hits(
    engine: Engine,
    analyzer: Analyzer,
    ranked: Sequence[RankedPassage],
    query: HighlightQuery,
    translations: Sequence[TermTranslation] = (),
    *,
    offset: int = 0,
    read_as: tuple[ReadAs, ...] = (),
    absent: Sequence[AbsentWord] = (),
) -> list[Hit]:
    """Return ranked passages as hits, in order; the first has rank `offset` + 1.

    `absent` are words of the query that no passage has.
    """
    text_keys = {row.text_key for row in ranked if row.text_key is not None}
    stored = engine.fetch([row.passage for row in ranked], text_keys=text_keys)
    documents = [each.of_document for each in stored]
    texts = [str(each.passage["text"]) for each in stored]
    titles = [str(fields["title"]) for fields in documents]
    highlights = highlight_titled(analyzer, texts, titles, query)
    known = [bool(in_text or in_title) for in_text, in_title in zip(*highlights, strict=True)]
    in_fields = _matches_in_fields(analyzer, documents, query, known)
    rows = map(_Row, ranked, stored, *highlights, in_fields)
    return [
        _hit(engine, row, rank, translations, read_as, absent)
        for rank, row in enumerate(rows, offset + 1)
    ]


class _Row(NamedTuple):
    """A ranked passage, as it is stored, and its matches."""

    found: RankedPassage
    stored: StoredPassage
    in_text: tuple[Match, ...]
    in_title: tuple[Match, ...]
    in_fields: tuple[Match, ...]


def _hit(
    engine: Engine,
    row: _Row,
    rank: int,
    translations: Sequence[TermTranslation],
    read_as: tuple[ReadAs, ...],
    absent: Sequence[AbsentWord],
) -> Hit:
    passage, document = row.stored.passage, row.stored.of_document
    text, start = str(passage["text"]), int(passage["start"])
    line = line_at(passage, row.in_text[0].start if row.in_text else None)
    matches = (*row.in_title, *row.in_text, *row.in_fields)
    why = _why(matches)
    return Hit(
        rank=rank,
        score=row.found.score,
        document=str(document["id"]),
        path=file_path(document),
        title=str(document["title"]),
        language=str(document["language"]),
        date=str(document["date"]),
        text=text,
        line=line,
        label=label_of(document.get(LABELS, ()), line),
        ocr=any(first <= line <= last for first, last in document.get(OCR, ())),
        unit=unit_of(document),
        start=start,
        end=start + len(text),
        ordinal=row.stored.ordinal,
        heading=str(passage["heading"]),
        matches=row.in_text,
        why=why,
        bridged=matched_entries(translations, {match.term for match in matches}),
        read_as=read_as,
        partial=tuple(word.typed for word in absent if word.is_partly_in(why)),
        copies=_copies(engine, row.found),
        metadata=dict(document["metadata"]),
        modified=_time(int(document.get(MODIFIED, 0))),
    )


def _copies(engine: Engine, found: RankedPassage) -> Copies:
    if found.text_key is None:
        return NO_COPIES
    same = engine.same_text(found.text_key, most=_MOST_COPIES + 1)
    documents = zip(same.documents, same.stored, strict=True)
    others = [stored for number, stored in documents if number != found.document]
    paths = (
        path_inside(file_path(each), str(each["id"]), unit_of(each))
        for each in others[:_MOST_COPIES]
    )
    return Copies(same.number - 1, tuple(dict.fromkeys(paths)))


def line_at(passage: Mapping[str, Any], start: int | None) -> int:
    """Return the line where a passage starts; in a file without lines, the place at `start`."""
    line = int(passage["line"])
    for offset, number in passage.get(PLACES, ()):
        if start is not None and offset <= start:
            line = int(number)
    return line


def _time(seconds: int) -> str:
    """Return a time in ISO 8601, as it is here, or "" for 0."""
    return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(seconds)) if seconds else ""


def unit_of(document: Mapping[str, Any]) -> str:
    """Return the kind of the places of a stored document."""
    return str(document.get(UNIT, LINE))


def file_path(document: Mapping[str, Any]) -> str:
    """Return the path of the file of a stored document, as the disk has it."""
    return str(document.get(ON_DISK) or document["path"])


def _matches_in_fields(
    analyzer: Analyzer,
    documents: Sequence[Mapping[str, Any]],
    query: HighlightQuery,
    is_known: Sequence[bool],
) -> list[tuple[Match, ...]]:
    """Return the matches in file name and fields of each document without another match."""
    rows = zip(is_known, documents, strict=True)
    texts = ["" if known else field_text(document) for known, document in rows]
    return highlight(analyzer, texts, query) if any(texts) else [()] * len(texts)


def _why(matches: Iterable[Match]) -> Mapping[str, tuple[str, ...]]:
    why: dict[str, dict[str, None]] = {}
    for match in matches:
        why.setdefault(match.word, {})[match.term] = None
    return {word: tuple(terms) for word, terms in why.items()}


class RankedPassage(NamedTuple):
    """The numbers of a passage and its document, with the score.

    `text_key` is that of the document if the ranking has others with the same text, else None.
    """

    passage: int
    score: float
    document: int
    text_key: int | None = None


def ranked_passages(
    engine: Engine,
    ranking: Ranking,
    *,
    most: int,
    per_document: int | None = None,
    excluded: Container[int] = (),
    fold_copies: bool = False,
) -> list[RankedPassage]:
    """Return up to `most` passages of a ranking, best first.

    At most `per_document` of each document, without those `excluded`. `fold_copies` keeps
    only the best of the documents with the same text.
    """
    documents = engine.documents_of(ranking.passages)
    copied = _copied(engine, documents) if fold_copies else {}
    columns = (ranking.passages.tolist(), ranking.scores.tolist(), documents.tolist())
    rows: Iterable[RankedPassage] = map(RankedPassage, *columns)
    if excluded:
        rows = (row for row in rows if row.passage not in excluded)
    if copied:
        rows = _folded(rows, copied)
    if per_document is not None:
        rows = _limited(rows, per_document)
    return list(islice(rows, most))


def _copied(engine: Engine, documents: Int64s) -> Mapping[int, int]:
    """Return the text keys of those of the documents that have the same text as another."""
    documents = distinct(documents)
    keys = engine.text_keys(documents)
    ascending = np.sort(keys)
    repeated = ascending[1:][ascending[1:] == ascending[:-1]]
    if not len(repeated):
        return {}
    rows = among(keys, repeated)
    return dict(zip(documents[rows].tolist(), keys[rows].tolist(), strict=True))


def _folded(rows: Iterable[RankedPassage], copied: Mapping[int, int]) -> Iterator[RankedPassage]:
    """Yield passages without those of documents that are copies of one before."""
    shown: dict[int, int] = {}
    for row in rows:
        key = copied.get(row.document)
        if key is None:
            yield row
        elif shown.setdefault(key, row.document) == row.document:
            yield row._replace(text_key=key)


def _limited(rows: Iterable[RankedPassage], per_document: int) -> Iterator[RankedPassage]:
    seen: dict[int, int] = {}
    for row in rows:
        seen[row.document] = seen.get(row.document, 0) + 1
        if seen[row.document] <= per_document:
            yield row
