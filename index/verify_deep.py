"""Compares a segment with its stored text, which must invert to the same arrays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from .analysis.analyzer import Analyzer
from .arrays.array_types import Int64s
from .arrays.ragged import concatenated
from .ingest.ingest_pipeline import SegmentBuffer
from .ingest.stored_text import batch_of, chunks
from .schema import Field
from .segment.content import DocValues, FieldPostings, SegmentContent
from .segment.impacts import impacts_of
from .segment.path_labels import LABELS, Labels
from .segment.postings_reader import FieldReader
from .segment.segment_reader import SegmentReader
from .segment.segment_writer import scoring_lengths

# Passages inverted at once, in whole documents, at some ten kilobytes of memory each. The postings
# are read once for each chunk.
_AT_ONCE = 100_000
_POSTINGS = 1_000_000  # read at once, at some 50 bytes each

_COLUMNS = ("bounds", "passages", "frequencies", "positions")


def differences(reader: SegmentReader, analyzer: Analyzer) -> Iterator[str]:
    """Yield a message for each difference between a segment and its stored text."""
    firsts = reader.column("first_passage").astype(np.int64)
    for documents in chunks(firsts, most=_AT_ONCE):
        yield from _compare(reader, documents, firsts, _invert(reader, documents, firsts, analyzer))
    yield from _check_totals(reader)
    doc_values = reader.doc_values
    for field in Field:
        if term := _wrong_impact(reader.field(field), scoring_lengths(field, doc_values)):
            yield f"{field.value}: the impacts of {term} do not match its postings"


def _invert(
    reader: SegmentReader, documents: range, firsts: Int64s, analyzer: Analyzer
) -> SegmentContent:
    batch, buffer = batch_of(reader, documents, firsts), SegmentBuffer(whole_fields=True)
    analyzer.learn(buffer.add(batch))
    return buffer.content(analyzer.words, analyzer.verdicts)


def _compare(
    reader: SegmentReader, documents: range, firsts: Int64s, expected: SegmentContent
) -> Iterator[str]:
    passages = range(int(firsts[documents.start]), int(firsts[documents.stop]))
    for name in DocValues.__slots__:
        rows = passages if name in ("document", "body_length", "gram_length") else documents
        stored = reader.column(name)[rows.start : rows.stop].astype(np.int64)
        base = documents.start if name == "document" else 0
        if not np.array_equal(stored - base, getattr(expected.doc_values, name)):
            yield f"{name} does not match the stored text"
    for field, postings in expected.fields:
        if term := _first_difference(_postings_in(reader.field(field), passages), postings):
            yield f"{field.value}: the postings of {term} do not match the stored text"


def _postings_in(field: FieldReader, passages: range) -> FieldPostings:
    """Return the postings of a field in `passages`, with passages counted from the first."""
    terms: list[bytes] = []
    parts: list[FieldPostings] = []
    for first, last in _term_ranges(field):
        part = _restrict(field.part(first, last), passages)
        sizes = np.diff(part.bounds).tolist()
        names = field.terms.some(range(first, last))
        terms += [name for name, size in zip(names, sizes, strict=True) if size]
        parts.append(part)
    sizes = concatenated(np.diff(part.bounds) for part in parts)
    return FieldPostings(
        terms,
        np.concatenate(([0], np.cumsum(sizes[sizes > 0]))),
        *(concatenated(getattr(part, name) for part in parts) for name in _COLUMNS[1:]),
    )


def _term_ranges(field: FieldReader) -> Iterator[tuple[int, int]]:
    """Split the terms into ranges of about _POSTINGS postings."""
    steps = np.cumsum(field.sizes) // _POSTINGS
    cuts = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), len(field.terms)]
    return ((low, high) for low, high in pairwise(cuts) if low < high)


def _restrict(part: FieldPostings, passages: range) -> FieldPostings:
    kept = (part.passages >= passages.start) & (part.passages < passages.stop)
    before = np.concatenate(([0], np.cumsum(kept)))
    positions = part.positions
    if len(positions):
        positions = positions[np.repeat(kept, part.frequencies)]
    rows = part.passages[kept] - passages.start
    return FieldPostings([], before[part.bounds], rows, part.frequencies[kept], positions)


def _first_difference(stored: FieldPostings, expected: FieldPostings) -> str:
    """Return the first term whose postings differ, or ""."""
    if stored.terms == expected.terms and all(
        np.array_equal(getattr(stored, name), getattr(expected, name)) for name in _COLUMNS
    ):
        return ""
    for one, other in zip(_lists(stored), _lists(expected), strict=False):
        if one != other:
            return min(one[0], other[0]).decode(errors="backslashreplace")
    return max(stored.terms, expected.terms, key=len)[-1].decode(errors="backslashreplace")


def _lists(field: FieldPostings) -> Iterator[tuple[bytes, list[int], list[int], list[int]]]:
    """Yield each term with its passages, frequencies and positions, if the field has them."""
    ends = np.concatenate(([0], np.cumsum(field.frequencies)))
    for number, term in enumerate(field.terms):
        start, end = field.bounds[number : number + 2].tolist()
        passages = field.passages[start:end].tolist()
        frequencies = field.frequencies[start:end].tolist()
        yield term, passages, frequencies, field.positions[ends[start] : ends[end]].tolist()


def _wrong_impact(field: FieldReader, lengths: Int64s) -> str:
    """Return the first term with a wrong impact, or "".

    Searches use impacts as upper bounds: one that is too low would hide a passage.
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


def _check_totals(reader: SegmentReader) -> Iterator[str]:
    """Yield a message for each number that does not follow from the doc values of passages."""
    firsts = np.searchsorted(reader.column("document"), np.arange(reader.documents + 1))
    if not np.array_equal(firsts, reader.column("first_passage")):
        yield "first_passage does not match its documents"
    for name in ("body_length", "gram_length"):
        sums = np.concatenate(([0], np.cumsum(reader.column(name), dtype=np.int64)))
        if not np.array_equal(np.diff(sums[firsts]), reader.column(f"document_{name}")):
            yield f"document_{name} does not match its passages"
    for name in LABELS:
        if not _are_same(reader.labels(name), reader.labels_of_paths(name)):
            yield f"{name} does not match the paths"
    for name, total in reader.sums.items():
        if total != int(reader.column(name).sum()):
            yield f"the sum of {name} is wrong"


def _are_same(stored: Labels, expected: Labels) -> bool:
    names = np.array(stored.names)[stored.numbers]
    return np.array_equal(names, np.array(expected.names)[expected.numbers])
