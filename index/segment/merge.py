"""Makes one segment of several, without the passages deleted from them and without any text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from ..array_types import Int64s, Mask
from ..fields import Field
from .content import OF_DOCUMENTS, Measures, SegmentContent
from .merge_field import merged_field
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
    kept = [numbers != _GONE for numbers in renumbered]
    return SegmentContent(
        passages=chain.from_iterable(
            reader.stored_passages(alive) for reader, alive in zip(readers, kept, strict=True)
        ),
        documents=chain.from_iterable(
            reader.stored_documents(_documents_of(reader, alive))
            for reader, alive in zip(readers, kept, strict=True)
        ),
        measures=_measures(readers, renumbered),
        fields=(
            (field, part) for field in Field for part in merged_field(readers, renumbered, field)
        ),
    )


def _renumbered(readers: Sequence[SegmentReader]) -> list[Int64s]:
    """Return for each segment the new number of each of its passages, _GONE for deleted ones."""
    tables: list[Int64s] = []
    base = 0
    for reader in readers:
        alive = np.ones(reader.size, dtype=bool)
        alive[reader.deleted] = False
        tables.append(np.where(alive, base + np.cumsum(alive) - 1, _GONE))
        base += int(alive.sum())
    return tables


def _documents_of(reader: SegmentReader, kept: Mask) -> Mask:
    """Return which documents have a passage that is kept."""
    documents = np.zeros(reader.documents, dtype=bool)
    documents[reader.measure("document")[kept]] = True
    return documents


def _measures(readers: Sequence[SegmentReader], renumbered: Sequence[Int64s]) -> Measures:
    """Return the measures of the passages and documents that are left, renumbered."""
    columns: dict[str, list[Int64s]] = {name: [] for name in Measures.__slots__}
    base = 0
    for reader, numbers in zip(readers, renumbered, strict=True):
        alive = numbers != _GONE
        documents, places = np.unique(reader.measure("document")[alive], return_inverse=True)
        columns["document"].append(base + places)
        base += len(documents)
        for name in ("body_length", "gram_length"):
            columns[name].append(reader.measure(name)[alive].astype(np.int64))
        for name in OF_DOCUMENTS:
            columns[name].append(reader.measure(name)[documents].astype(np.int64))
    return Measures(*(np.concatenate(columns[name]) for name in Measures.__slots__))
