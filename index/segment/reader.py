"""Reads a segment: whole posting lists as arrays, stored passages one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pickle import loads
from typing import Any
from zlib import decompress

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.reading import TermNotFound

from ..fields import POSITIONS, Field
from .content import Measures, Numbers, Postings
from .writer import MEASURES_SUFFIX

_NO_POSITIONS = np.zeros(0, dtype=np.int64)


class SegmentReader:
    """One segment of an index; closed by whoever opened it."""

    def __init__(self, storage: Any, segment: Any, schema: Any) -> None:  # noqa: ANN401 - Whoosh
        codec = W3Codec()
        self.segment = segment
        self._schema = schema
        self._terms = codec.terms_reader(storage, segment)
        self._stored = codec.per_document_reader(storage, segment)
        self.size: int = segment.doc_count_all()
        self.measures = _read_measures(storage, segment)
        self.deleted: Numbers = np.array(sorted(segment.deleted_docs()), dtype=np.int64)

    def close(self) -> None:
        """Close the files."""
        self._terms.close()
        self._stored.close()

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the whole posting list of a term, deleted passages included, or None."""
        try:
            matcher = self._terms.matcher(field.value, term, self._schema[field.value].format)
        except TermNotFound:
            return None
        return _Blocks.of(matcher).read(positions=field in POSITIONS)

    def terms(self, field: Field, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field that start with `prefix`, in the order of their bytes."""
        for name, term in self._terms.terms_from(field.value, prefix):
            if name != field.value or not term.startswith(prefix):
                return
            yield term

    def stored(self, passage: int) -> dict[str, Any]:
        """Return what is stored of a passage."""
        fields: dict[str, Any] = self._stored.stored_fields(passage)["passage"]
        return fields


class _Blocks:
    """The blocks of one posting list."""

    def __init__(self, matcher: W3LeafMatcher) -> None:
        self._matcher = matcher

    @classmethod
    def of(cls, matcher: W3LeafMatcher) -> _Blocks:
        return cls(matcher)

    def read(self, *, positions: bool) -> Postings:
        ids: list[Any] = []
        weights: list[Any] = []
        values: list[bytes] = []
        matcher = self._matcher
        while True:
            deltas, block_weights, block_values = self._block()
            ids.append(np.cumsum(np.array(deltas, dtype=np.int64)))
            weights.append(
                np.ones(len(deltas), dtype=np.int64)
                if block_weights is None
                else np.array(block_weights, dtype=np.int64)
            )
            if positions:
                values.extend(block_values)
            if matcher._lastblock:
                break
            matcher._goto(matcher._nextoffset)
        packed = np.frombuffer(b"".join(values), dtype="<u2").astype(np.int64)
        return Postings(
            np.concatenate(ids), np.concatenate(weights), packed if positions else _NO_POSITIONS
        )

    def _block(self) -> tuple[Any, Any, Any]:
        matcher = self._matcher
        data = matcher._postfile.get(matcher._dataoffset, matcher._nextoffset - matcher._dataoffset)
        deltas, weights, values = loads(decompress(data) if matcher._compression else data)  # noqa: S301 - Whoosh's format
        return deltas, weights, values


def _read_measures(storage: Any, segment: Any) -> Measures:  # noqa: ANN401 - Whoosh
    with (
        open(storage._fpath(segment.make_filename(MEASURES_SUFFIX)), "rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return Measures(*(arrays[name].astype(np.int64) for name in Measures.__slots__))
