"""Writes a segment as Whoosh's stock codec keeps it, without its posting-by-posting calls."""

from __future__ import annotations

from pickle import dumps
from typing import Any
from zlib import compress

import numpy as np
from whoosh.codec.whoosh3 import (
    WHOOSH3_HEADER_MAGIC,
    W3Codec,
    W3FieldWriter,
    W3PostingsWriter,
    W3TermInfo,
)

from ..fields import POSITIONS, Field
from .content import Measures, Postings, SegmentContent, TermPostings

MEASURES_SUFFIX = ".num"
# Fewer, larger blocks than Whoosh's 128: they are read whole here, never skipped through.
_BLOCK = 1024
# Compressing a block shorter than this costs more time than it saves room.
_WORTH_COMPRESSING = 256
_LEVEL = 3
# The pickle protocol of Whoosh's own blocks.
_PROTOCOL = 2


class BatchCodec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """The stock codec, taking whole posting lists. What it writes, the stock codec reads."""

    def field_writer(self, storage: Any, segment: Any) -> W3FieldWriter:  # noqa: ANN401 - Whoosh
        """Return a writer whose terms are given by `add_list`."""
        return _BatchFieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> W3PostingsWriter:  # noqa: ANN401, FBT001, FBT002 - Whoosh's signature
        """Return the writer of one field's posting lists."""
        return _ListWriter(dbfile, _BLOCK, byteids=byteids, compression=_LEVEL)


class _BatchFieldWriter(W3FieldWriter):  # type: ignore[misc]  # Whoosh has no types
    def add_list(self, entry: TermPostings, *, positions: bool) -> None:
        self.start_term(entry.term)
        self._postwriter.write_list(entry.postings, positions=positions)
        self.finish_term()


class _ListWriter(W3PostingsWriter):  # type: ignore[misc]  # Whoosh has no types
    def write_list(self, postings: Postings, *, positions: bool) -> None:
        """Write the blocks of a whole posting list and note its statistics."""
        info = self._terminfo
        ids = postings.passages.tolist()
        frequencies = postings.frequencies
        info._df, info._minid, info._maxid = len(ids), ids[0], ids[-1]
        info._weight = float(frequencies.sum())
        info._maxweight = float(frequencies.max())
        packed = postings.positions.astype("<u2").tobytes() if positions else b""
        self._postfile.write(WHOOSH3_HEADER_MAGIC)
        done = 0
        for start in range(0, len(ids), _BLOCK):
            some = frequencies[start : start + _BLOCK]
            block = ids[start : start + _BLOCK]
            size = 2 * int(some.sum())
            values = _cut(packed[done : done + size], some) if positions else None
            done += size
            self._write_whole_block(block, some, values, last=start + _BLOCK >= len(ids))

    def _write_whole_block(
        self, ids: list[int], frequencies: Any, values: Any, *, last: bool  # noqa: ANN401 - arrays
    ) -> None:
        most = int(frequencies.max())
        # As Whoosh writes them: the first number, then differences; no weights where all are 1.
        deltas = tuple(np.diff(ids, prepend=0).tolist()) if len(ids) > 1 else tuple(ids)
        weights = None if most == 1 else tuple(frequencies.astype(float).tolist())
        data = dumps((deltas, weights, values), _PROTOCOL)
        level = _LEVEL if len(data) > _WORTH_COMPRESSING else 0
        if level:
            data = compress(data, level)
        about = dumps((len(ids), ids[-1], float(most), level, 0, 0), _PROTOCOL)
        length = len(about) + len(data)
        self._postfile.write_int(-length if last else length)
        self._postfile.write(about)
        self._postfile.write(data)
        self._blockcount += 1

    def finish_postings(self) -> W3TermInfo:
        info = self._terminfo
        info.set_extent(self._startoffset, self._postfile.tell() - self._startoffset)
        self._terminfo = None
        return info


def _cut(packed: bytes, frequencies: Any) -> tuple[bytes, ...]:  # noqa: ANN401 - an array
    ends = (2 * np.cumsum(frequencies)).tolist()
    return tuple(
        packed[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)
    )


def write_segment(storage: Any, schema: Any, index_name: str, content: SegmentContent) -> Any:  # noqa: ANN401 - Whoosh
    """Write the files of a new segment and return Whoosh's record of it, not yet committed."""
    codec = BatchCodec()
    # Its record names the stock codec, which reads what this one writes.
    segment = W3Codec().new_segment(storage, index_name)
    per_passage = codec.per_document_writer(storage, segment)
    count = 0
    for stored in content.stored:
        per_passage.start_doc(count)
        per_passage.add_field("passage", schema["passage"], stored, 0)
        per_passage.finish_doc()
        count += 1
    per_passage.close()
    segment.set_doc_count(count)
    writer = codec.field_writer(storage, segment)
    for field, entries in content.fields.items():
        writer.start_field(field.value, schema[field.value])
        for entry in entries:
            writer.add_list(entry, positions=field in POSITIONS)
        writer.finish_field()
    writer.close()
    _write_measures(storage, segment, content.measures)
    return segment


def _write_measures(storage: Any, segment: Any, measures: Measures) -> None:  # noqa: ANN401 - Whoosh
    file = storage.create_file(segment.make_filename(MEASURES_SUFFIX))
    arrays = {name: getattr(measures, name).astype("<i4") for name in Measures.__slots__}
    np.savez(file, **arrays)
    file.close()
