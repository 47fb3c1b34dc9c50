"""A segment open for Whoosh: what its two readers, of terms and of documents, share."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays.array_types import AnyArray
from ..directory.damage import reported_damage
from ..fields import Field
from ..segment.content import Postings, Segment
from ..segment.segment_reader import SegmentReader

# Whoosh asks for a term's statistics, then for its postings: they are decoded once.
_KEPT_LISTS = 2


class OpenSegment:
    """The arrays of a segment; what is damaged in them raises IndexDamaged."""

    def __init__(self, directory: Path, segment: Segment) -> None:
        self._directory = directory
        with self.reported():
            self.reader = SegmentReader(directory, segment)
        self._kept = lru_cache(maxsize=_KEPT_LISTS)(self.reader.postings)

    def close(self) -> None:
        """Close the files."""
        self._kept.cache_clear()
        self.reader.close()

    def reported(self) -> AbstractContextManager[None]:
        """Return a context that turns what a damaged file leads to into IndexDamaged."""
        return reported_damage(self._directory)

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the whole posting list of a term, deleted passages included, or None."""
        with self.reported():
            return self._kept(field, term)

    @cached_property
    def lengths(self) -> dict[Field, AnyArray]:
        """The length of each field of each passage, in terms; 0 where there is none of it."""
        with self.reported():
            measure = self.reader.measure
            titles = measure("title_length")
            at_firsts = np.zeros(self.reader.size, titles.dtype)
            at_firsts[measure("first_passage")[:-1]] = titles
            none: AnyArray = np.broadcast_to(np.uint8(0), self.reader.size)
            return {
                Field.BODY: measure("body_length"),
                Field.BRIDGE: none,
                Field.GRAM: measure("gram_length"),
                Field.PATH: none,
                Field.TITLE: at_firsts,
            }

    def stored(self, passage: int) -> dict[str, Any]:
        """Return what is stored of a passage and of its document."""
        with self.reported():
            document = int(self.reader.measure("document")[passage])
            return {**self.reader.stored_document(document), **self.reader.stored(passage)}
