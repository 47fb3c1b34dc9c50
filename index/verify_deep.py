"""Compares a segment with its own stored text: inverted anew, it must give the same arrays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from corpus import Document, Passage

from .analysis.analyzer import Analyzer
from .arrays.array_types import Int64s
from .arrays.ragged import concatenated
from .ingest.batch import Batcher
from .ingest.segment_buffer import SegmentBuffer
from .schema import Field
from .segment.content import DocValues, FieldPostings, SegmentContent
from .segment.impacts import impacts_of
from .segment.postings_reader import FieldReader
from .segment.segment_reader import SegmentReader
from .segment.segment_writer import lengths_weighed

# Passages inverted at once, whole documents at a time: this bounds the memory, at some ten
# kilobytes each. The postings are read once for each share.
_AT_ONCE = 100_000
# Postings read at once, at some 50 bytes each.
_POSTINGS = 1_000_000

_COLUMNS = ("bounds", "passages", "frequencies", "positions")


def differences(reader: SegmentReader, analyzer: Analyzer) -> Iterator[str]:
    """Yield what of a segment is not what its stored text gives, in a few words each."""
    firsts = reader.measure("first_passage").astype(np.int64)
    documents = 0
    while documents < reader.documents:
        first = int(firsts[documents])
        until = int(np.searchsorted(firsts, first + _AT_ONCE, side="right")) - 1
        until = min(max(until, documents + 1), reader.documents)
        share = range(documents, until)
        yield from _of_share(reader, share, firsts, _inverted(reader, share, firsts, analyzer))
        documents = until
    yield from _facts(reader)
    measures = reader.measures
    for field in Field:
        if term := _first_misjudged(reader.field(field), lengths_weighed(field, measures)):
            yield f"{field.value}: the impacts of {term} do not match its postings"


def _inverted(
    reader: SegmentReader, share: range, firsts: Int64s, analyzer: Analyzer
) -> SegmentContent:
    """Invert the stored text of some documents."""
    batcher, inverter = Batcher(), SegmentBuffer(whole_fields=True)
    for number in share:
        passages = range(int(firsts[number]), int(firsts[number + 1]))
        texts = [_passage(reader.stored(place)) for place in passages]
        batcher.add(_document(reader.stored_document(number)), texts)
    batch = batcher.take()
    inverter.add(batch)
    analyzer.learn(batch.words)
    return inverter.content(analyzer.words)


def _passage(record: dict[str, Any]) -> Passage:
    text = str(record["text"])
    start = int(record["start"])
    return Passage(ordinal=0, text=text, start=start, end=start + len(text), line=record["line"])


def _document(record: dict[str, Any]) -> Document:
    return Document(
        id=str(record["id"]),
        path=str(record["path"]),
        title=str(record["title"]),
        text="",
        language=str(record["language"]),
        date=str(record["date"]),
        metadata=record["metadata"],
        translations=tuple(record.get("translations", ())),
    )


def _of_share(
    reader: SegmentReader, share: range, firsts: Int64s, expected: SegmentContent
) -> Iterator[str]:
    passages = range(int(firsts[share.start]), int(firsts[share.stop]))
    for name in DocValues.__slots__:
        places = passages if name in ("document", "body_length", "gram_length") else share
        held = reader.measure(name)[places.start : places.stop].astype(np.int64)
        base = share.start if name == "document" else 0
        if not np.array_equal(held - base, getattr(expected.measures, name)):
            yield f"{name} does not match the stored text"
    for field, postings in expected.fields:
        held_field = _shared(reader.field(field), passages)
        if term := _first_difference(held_field, postings):
            yield f"{field.value}: the postings of {term} do not match the stored text"


def _shared(field: FieldReader, passages: range) -> FieldPostings:
    """Return the postings of a field that stand in `passages`, counted from the first of them."""
    terms: list[bytes] = []
    parts: list[FieldPostings] = []
    for first, last in _term_ranges(field):
        names = list(field.terms.some(range(first, last)))
        part = _kept(field.part(first, last), passages)
        sizes = np.diff(part.bounds)
        terms += [name for name, size in zip(names, sizes.tolist(), strict=True) if size]
        parts.append(part)
    sizes = np.concatenate([np.zeros(0, np.int64), *(np.diff(part.bounds) for part in parts)])
    return FieldPostings(
        terms,
        np.concatenate(([0], np.cumsum(sizes[sizes > 0]))),
        *(concatenated(getattr(part, name) for part in parts) for name in _COLUMNS[1:]),
    )


def _term_ranges(field: FieldReader) -> Iterator[tuple[int, int]]:
    """Cut the terms where about _POSTINGS postings are full."""
    steps = np.cumsum(field.sizes) // _POSTINGS
    cuts = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), len(field.terms)]
    return ((low, high) for low, high in pairwise(cuts) if low < high)


def _kept(part: FieldPostings, passages: range) -> FieldPostings:
    kept = (part.passages >= passages.start) & (part.passages < passages.stop)
    before = np.concatenate(([0], np.cumsum(kept)))
    positions = part.positions
    if len(positions):
        positions = positions[np.repeat(kept, part.frequencies)]
    return FieldPostings(
        [],
        before[part.bounds],
        part.passages[kept] - passages.start,
        part.frequencies[kept],
        positions,
    )


def _first_difference(held: FieldPostings, expected: FieldPostings) -> str:
    """Return the first term that two fields disagree in, or nothing."""
    if held.terms == expected.terms and all(
        np.array_equal(getattr(held, name), getattr(expected, name)) for name in _COLUMNS
    ):
        return ""
    for mine, theirs in zip(_lists(held), _lists(expected), strict=False):
        if mine != theirs:
            return min(mine[0], theirs[0]).decode(errors="backslashreplace")
    return max(held.terms, expected.terms, key=len)[-1].decode(errors="backslashreplace")


def _lists(field: FieldPostings) -> Iterator[tuple[bytes, list[int], list[int], list[int]]]:
    """Yield each term with its passages, frequencies and positions."""
    ends = np.concatenate(([0], np.cumsum(field.frequencies)))
    held = bool(len(field.positions))
    for number, term in enumerate(field.terms):
        start, end = field.bounds[number : number + 2].tolist()
        positions = field.positions[ends[start] : ends[end]] if held else field.positions
        yield (
            term,
            field.passages[start:end].tolist(),
            field.frequencies[start:end].tolist(),
            positions.tolist(),
        )


def _first_misjudged(field: FieldReader, lengths: Int64s) -> str:
    """Return the first term that has a posting whose impact is another, or nothing.

    A search trusts impacts as bounds: one too low would hide a passage that it should find.
    """
    for first, last in _term_ranges(field):
        part = field.part(first, last)
        expected = impacts_of(part.frequencies, lengths[part.passages])
        start, end = field.bounds.at(first), field.bounds.at(last)
        wrong = np.flatnonzero(field.impacts.read(start, end) != expected)
        if len(wrong):
            number = first + int(np.searchsorted(part.bounds, wrong[0], side="right")) - 1
            return field.terms[number].decode(errors="backslashreplace")
    return ""


def _facts(reader: SegmentReader) -> Iterator[str]:
    """Yield the numbers that do not follow from the measures as they should."""
    firsts = np.searchsorted(reader.measure("document"), np.arange(reader.documents + 1))
    if not np.array_equal(firsts, reader.measure("first_passage")):
        yield "first_passage does not match its documents"
    for name in ("body_length", "gram_length"):
        sums = np.concatenate(([0], np.cumsum(reader.measure(name), dtype=np.int64)))
        if not np.array_equal(np.diff(sums[firsts]), reader.measure(f"document_{name}")):
            yield f"document_{name} does not match its passages"
    for name, total in reader.sums.items():
        if total != int(reader.measure(name).sum()):
            yield f"the sum of {name} is wrong"
