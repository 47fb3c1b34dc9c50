"""Reads a segment: whole posting lists as arrays, stored passages one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from pickle import loads
from typing import Any
from zlib import decompress

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.reading import TermNotFound

from ..fields import POSITIONS, Field
from .content import Measures, Numbers, Postings
from .records import Records
from .writer import DOCUMENTS_SUFFIX, MEASURES_SUFFIX, PASSAGES_SUFFIX

_NO_POSITIONS = np.zeros(0, dtype=np.int64)


class SegmentReader:
    """One segment of an index; closed by whoever opened it."""

    def __init__(self, storage: Any, segment: Any, schema: Any) -> None:  # noqa: ANN401 - Whoosh
        codec = W3Codec()
        self.segment = segment
        self._schema = schema
        self._terms = codec.terms_reader(storage, segment)
        self._passages = Records(_path(storage, segment, PASSAGES_SUFFIX))
        self._documents = Records(_path(storage, segment, DOCUMENTS_SUFFIX))
        self.size: int = segment.doc_count_all()
        self.measures = _read_measures(storage, segment)
        self.deleted: Numbers = np.array(sorted(segment.deleted_docs()), dtype=np.int64)

    def close(self) -> None:
        """Close the files."""
        self._terms.close()
        self._passages.close()
        self._documents.close()

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the whole posting list of a term, deleted passages included, or None."""
        try:
            matcher = self._terms.matcher(field.value, term, self._schema[field.value].format)
        except TermNotFound:
            return None
        return _postings(matcher, positions=field in POSITIONS)

    def terms(self, field: Field, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field that start with `prefix`, in the order of their bytes."""
        for name, term in self._terms.terms_from(field.value, prefix):
            if name != field.value or not term.startswith(prefix):
                return
            yield term

    def stored(self, passage: int) -> dict[str, Any]:
        """Return what is stored of a passage."""
        return self._passages[passage]

    def stored_document(self, document: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        return self._documents[document]


def _postings(matcher: W3LeafMatcher, *, positions: bool) -> Postings:
    """Read all blocks of a posting list."""
    passages: list[Any] = []
    weights: list[Any] = []
    values: list[bytes] = []
    while True:
        deltas, of_block, places = _block(matcher)
        passages.append(np.cumsum(np.array(deltas, dtype=np.int64)))
        ones = np.ones(len(deltas), dtype=np.int64)
        weights.append(ones if of_block is None else np.array(of_block, dtype=np.int64))
        if positions:
            values.extend(places)
        if matcher._lastblock:
            break
        matcher._goto(matcher._nextoffset)
    packed = np.frombuffer(b"".join(values), dtype="<u2").astype(np.int64)
    return Postings(
        np.concatenate(passages), np.concatenate(weights), packed if positions else _NO_POSITIONS
    )


def _block(matcher: W3LeafMatcher) -> tuple[Any, Any, Any]:
    """Return the block a matcher stands at: differences of passages, frequencies, positions."""
    start, end = matcher._dataoffset, matcher._nextoffset
    data = matcher._postfile.get(start, end - start)
    if matcher._compression:
        data = decompress(data)
    deltas, weights, values = loads(data)
    return deltas, weights, values


def _path(storage: Any, segment: Any, suffix: str) -> Path:  # noqa: ANN401 - Whoosh
    name: str = segment.make_filename(suffix)
    return Path(storage.folder) / name


def _read_measures(storage: Any, segment: Any) -> Measures:  # noqa: ANN401 - Whoosh
    with (
        _path(storage, segment, MEASURES_SUFFIX).open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return Measures(*(arrays[name].astype(np.int64) for name in Measures.__slots__))
