"""Makes one segment of several, without the passages deleted from them and without any text."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from ..fields import Field
from .content import NO_POSTINGS, FieldPostings, Measures, Numbers, Postings, SegmentContent
from .reader import SegmentReader

_GONE = -1
# A segment joins others of its size class once this many stand in it, so that the cost of an
# added passage grows with the logarithm of the index.
FAN_IN = 8
# A segment with this share of its passages deleted is written anew.
_MOSTLY_DELETED = 0.5


def due_for_merge(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Choose the segments to merge, by place; `sizes` has (passages, deleted ones) of each."""
    classes: dict[int, list[int]] = {}
    for place, (size, deleted) in enumerate(sizes):
        if deleted >= max(1, size * _MOSTLY_DELETED):
            classes.setdefault(0, []).append(place)
        classes.setdefault(1 + _size_class(size), []).append(place)
    crowded = [places for places in classes.values() if len(places) >= FAN_IN]
    emptied = classes.get(0, [])
    return sorted({place for places in (*crowded, emptied) for place in places})


def _size_class(size: int) -> int:
    return max(0, (size.bit_length() - 1) // (FAN_IN.bit_length() - 1))


def merged(readers: Sequence[SegmentReader]) -> SegmentContent:
    """Return the content of one segment that holds what is alive in `readers`, in their order."""
    renumbered = _renumbered(readers)
    return SegmentContent(
        passages=_passages(readers, renumbered),
        documents=_documents(readers, renumbered),
        measures=_measures(readers, renumbered),
        fields=((field, _field(readers, renumbered, field)) for field in Field),
    )


def _renumbered(readers: Sequence[SegmentReader]) -> list[Numbers]:
    """Return for each segment the new number of each of its passages, _GONE for deleted ones."""
    tables: list[Numbers] = []
    base = 0
    for reader in readers:
        alive = np.ones(reader.size, dtype=bool)
        alive[reader.deleted] = False
        tables.append(np.where(alive, base + np.cumsum(alive) - 1, _GONE))
        base += int(alive.sum())
    return tables


def _passages(
    readers: Sequence[SegmentReader], renumbered: Sequence[Numbers]
) -> Iterator[dict[str, Any]]:
    for reader, numbers in zip(readers, renumbered, strict=True):
        for passage in np.flatnonzero(numbers != _GONE).tolist():
            yield reader.stored(passage)


def _documents(
    readers: Sequence[SegmentReader], renumbered: Sequence[Numbers]
) -> Iterator[dict[str, Any]]:
    for reader, numbers in zip(readers, renumbered, strict=True):
        for document in np.unique(reader.measures.document[numbers != _GONE]).tolist():
            yield reader.stored_document(document)


def _measures(readers: Sequence[SegmentReader], renumbered: Sequence[Numbers]) -> Measures:
    """Return the measures of the passages and documents that are left, renumbered."""
    columns: dict[str, list[Numbers]] = {name: [] for name in Measures.__slots__}
    base = 0
    for reader, numbers in zip(readers, renumbered, strict=True):
        alive = numbers != _GONE
        measures = reader.measures
        documents, places = np.unique(measures.document[alive], return_inverse=True)
        columns["document"].append(base + places)
        base += len(documents)
        for name in ("body_length", "gram_length"):
            columns[name].append(getattr(measures, name)[alive])
        for name in ("title_length", "language", "first_day", "last_day"):
            columns[name].append(getattr(measures, name)[documents])
    return Measures(*(np.concatenate(columns[name]) for name in Measures.__slots__))


def _field(
    readers: Sequence[SegmentReader], renumbered: Sequence[Numbers], field: Field
) -> FieldPostings:
    """Join the posting lists of a field; terms that only deleted passages held are gone."""
    streams = [_placed(reader, field, place) for place, reader in enumerate(readers)]
    terms: list[bytes] = []
    lists: list[Postings] = []
    for term, found in groupby(heapq.merge(*streams), key=itemgetter(0)):
        joined = joined_postings(
            [_alive(readers[place].postings(field, term), renumbered[place]) for _, place in found]
        )
        if len(joined.passages):
            terms.append(term)
            lists.append(joined)
    everything = joined_postings(lists) if lists else NO_POSTINGS
    sizes = [len(postings.passages) for postings in lists]
    return FieldPostings(
        terms=terms,
        bounds=np.cumsum([0, *sizes]),
        passages=everything.passages,
        frequencies=everything.frequencies,
        positions=everything.positions,
    )


def _placed(reader: SegmentReader, field: Field, place: int) -> Iterator[tuple[bytes, int]]:
    # No generator expression in a loop: it would see the last place only.
    for term in reader.terms(field):
        yield term, place


def _alive(postings: Postings | None, numbers: Numbers) -> Postings:
    """Return a posting list without deleted passages, in the new numbers."""
    if postings is None:
        return NO_POSTINGS
    return kept_postings(postings, numbers[postings.passages])


def kept_postings(postings: Postings, numbers: Numbers) -> Postings:
    """Return the postings whose new number is not negative, under that number."""
    kept = numbers >= 0
    if kept.all():
        return Postings(numbers, postings.frequencies, postings.positions)
    positions = postings.positions
    if len(positions):
        positions = positions[np.repeat(kept, postings.frequencies)]
    return Postings(numbers[kept], postings.frequencies[kept], positions)


def joined_postings(lists: Sequence[Postings]) -> Postings:
    """Return posting lists of one term, of segments in their order, as one."""
    if len(lists) == 1:
        return lists[0]
    return Postings(
        np.concatenate([postings.passages for postings in lists]),
        np.concatenate([postings.frequencies for postings in lists]),
        np.concatenate([postings.positions for postings in lists]),
    )
