"""Reads a segment: whole posting lists as arrays, stored passages one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from pickle import loads
from typing import Any
from zlib import decompress

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3TermsReader
from whoosh.reading import TermNotFound

from ..fields import POSITIONS, Field
from .content import Measures, Numbers, Postings
from .records import Records
from .writer import DOCUMENTS_SUFFIX, MEASURES_SUFFIX, PASSAGES_SUFFIX

_NO_POSITIONS = np.zeros(0, dtype=np.int64)


class SegmentReader:
    """One segment of an index; closed by whoever opened it."""

    def __init__(self, storage: Any, segment: Any, schema: Any) -> None:  # noqa: ANN401 - Whoosh
        self.segment = segment
        self.size: int = segment.doc_count_all()
        self.deleted: Numbers = np.array(sorted(segment.deleted_docs()), dtype=np.int64)
        self.measures = _read_measures(storage, segment)
        self._schema = schema
        with ExitStack() as files:
            self._passages = _opened(files, storage, segment, PASSAGES_SUFFIX)
            self._documents = _opened(files, storage, segment, DOCUMENTS_SUFFIX)
            self._check_sizes()
            self._terms = _opened_terms(files, storage, segment)
            self._files = files.pop_all()

    def _check_sizes(self) -> None:
        """Raise ValueError where the files of the segment contradict each other."""
        documents = self.measures.document
        sizes = (self._passages.count, len(documents), len(self.measures.body_length))
        last = int(documents[-1]) if len(documents) else -1
        if any(size != self.size for size in sizes) or last + 1 != self._documents.count:
            raise ValueError(f"the files of {self.segment} are not of one size")

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the whole posting list of a term, deleted passages included, or None."""
        try:
            matcher = self._terms.matcher(field.value, term, self._schema[field.value].format)
        except TermNotFound:
            return None
        found = _postings(matcher, positions=field in POSITIONS)
        _check(found, self.size, positions=field in POSITIONS)
        return found

    def terms(self, field: Field, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field that start with `prefix`, in the order of their bytes."""
        before = b""
        for name, term in self._terms.terms_from(field.value, prefix):
            if name != field.value or not term.startswith(prefix):
                return
            if term <= before:  # Whoosh would follow damaged lengths in a circle
                raise ValueError("terms are out of order")
            before = term
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


def _check(postings: Postings, size: int, *, positions: bool) -> None:
    """Raise ValueError for a posting list that no segment of `size` passages can have."""
    passages, frequencies = postings.passages, postings.frequencies
    if passages[0] < 0 or passages[-1] >= size or not (passages[1:] > passages[:-1]).all():
        raise ValueError("passages are out of order")
    if len(frequencies) != len(passages) or frequencies.min() < 1:
        raise ValueError("a passage has no frequency")
    if positions and len(postings.positions) != frequencies.sum():
        raise ValueError("positions are missing")


def _block(matcher: W3LeafMatcher) -> tuple[Any, Any, Any]:
    """Return the block a matcher stands at: differences of passages, frequencies, positions."""
    start, end = matcher._dataoffset, matcher._nextoffset
    data = matcher._postfile.get(start, end - start)
    if matcher._compression:
        data = decompress(data)
    deltas, weights, values = loads(data)
    return deltas, weights, values


def _opened(files: ExitStack, storage: Any, segment: Any, suffix: str) -> Records:  # noqa: ANN401 - Whoosh
    records = Records(_path(storage, segment, suffix))
    files.callback(records.close)
    return records


def _opened_terms(files: ExitStack, storage: Any, segment: Any) -> Any:  # noqa: ANN401 - Whoosh
    """Open terms and postings as `W3Codec.terms_reader` does, but close both if one is damaged."""
    name = segment.make_filename(W3Codec.TERMS_EXT)
    terms = files.enter_context(storage.open_file(name))
    postings = files.enter_context(segment.open_file(storage, W3Codec.POSTS_EXT))
    return W3TermsReader(W3Codec(), terms, storage.file_length(name), postings)


def _path(storage: Any, segment: Any, suffix: str) -> Path:  # noqa: ANN401 - Whoosh
    name: str = segment.make_filename(suffix)
    return Path(storage.folder) / name


def _read_measures(storage: Any, segment: Any) -> Measures:  # noqa: ANN401 - Whoosh
    with (
        _path(storage, segment, MEASURES_SUFFIX).open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        return Measures(*(arrays[name].astype(np.int64) for name in Measures.__slots__))
