"""Writes a segment as Whoosh's stock codec keeps it, without its posting-by-posting calls."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
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

from ..fields import Field
from .content import FieldPostings, Measures, SegmentContent
from .records import write_records

MEASURES_SUFFIX = ".num"
PASSAGES_SUFFIX = ".psg"
DOCUMENTS_SUFFIX = ".doc"
# Fewer, larger blocks than Whoosh's 128: they are read whole here, never skipped through.
_BLOCK = 1024
# Compressing a block shorter than this costs more time than it saves room.
_WORTH_COMPRESSING = 512
_LEVEL = 1
# Whoosh writes protocol 2, which has no bytes and spells them as text; it reads any protocol.
_PROTOCOL = 4


class _ListWriter(W3PostingsWriter):  # type: ignore[misc]  # Whoosh has no types
    """Writes whole posting lists; what it writes, the stock codec reads."""

    def write_list(self, columns: _Columns, start: int, end: int) -> None:
        """Write the postings `start:end` of a field."""
        info: Any = self._terminfo
        info._df = end - start
        info._minid, info._maxid = columns.passages[start], columns.passages[end - 1]
        self._postfile.write(WHOOSH3_HEADER_MAGIC)
        for low in range(start, end, _BLOCK):
            high = min(low + _BLOCK, end)
            frequencies = columns.frequencies[low:high]
            most = max(frequencies)
            info._weight += sum(frequencies)
            info._maxweight = max(info._maxweight, most)
            self._write_list_block(columns, low, high, most, last=high == end)

    def _write_list_block(
        self, columns: _Columns, low: int, high: int, most: float, *, last: bool
    ) -> None:
        # As Whoosh writes them: the first number, then differences; no weights where all are 1.
        deltas = (columns.passages[low], *columns.deltas[low + 1 : high])
        weights = None if most == 1.0 else tuple(columns.frequencies[low:high])
        values = tuple(columns.values[low:high]) if columns.values else None
        data = dumps((deltas, weights, values), _PROTOCOL)
        level = _LEVEL if len(data) > _WORTH_COMPRESSING else 0
        if level:
            data = compress(data, level)
        about = dumps((high - low, columns.passages[high - 1], most, level, 0, 0), _PROTOCOL)
        length = len(about) + len(data)
        self._postfile.write_int(-length if last else length)
        self._postfile.write(about + data)

    def finish_postings(self) -> W3TermInfo:
        """Return what the term index keeps of the list."""
        info: Any = self._terminfo
        info.set_extent(self._startoffset, self._postfile.tell() - self._startoffset)
        self._terminfo: Any = None
        return info


class _ListCodec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """The stock codec, but for the writer of its posting lists."""

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> W3PostingsWriter:  # noqa: ANN401 - Whoosh's signature
        """Return the writer of one field's posting lists."""
        return _ListWriter(dbfile, _BLOCK, byteids=byteids, compression=_LEVEL)


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]  # Whoosh has no types
    """The stock writer of terms, whose files are closed by whoever holds `files`."""

    def __init__(self, storage: Any, segment: Any, files: ExitStack) -> None:  # noqa: ANN401 - Whoosh
        self._files = files
        super().__init__(_ListCodec(), storage, segment)

    def _create_file(self, suffix: str) -> Any:  # noqa: ANN401 - Whoosh
        file = super()._create_file(suffix)
        self._files.callback(_close, file)
        return file


def _close(file: Any) -> None:  # noqa: ANN401 - Whoosh
    if not file.is_closed:  # else Whoosh raises
        file.close()


@dataclass(frozen=True, slots=True)
class _Columns:
    """The postings of a field as Python lists, which cost less to take one by one than arrays."""

    passages: list[int]
    deltas: list[int]
    frequencies: list[float]
    values: list[bytes]

    @classmethod
    def of(cls, postings: FieldPostings) -> _Columns:
        packed = postings.positions.astype("<u2").tobytes()
        ends = 2 * np.cumsum(postings.frequencies)
        starts = ends - 2 * postings.frequencies
        return cls(
            passages=postings.passages.tolist(),
            deltas=np.diff(postings.passages, prepend=0).tolist(),
            frequencies=postings.frequencies.astype(float).tolist(),
            values=[
                packed[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            ]
            if packed
            else [],
        )


def write_segment(storage: Any, schema: Any, index_name: str, content: SegmentContent) -> Any:  # noqa: ANN401 - Whoosh
    """Write the files of a new segment and return Whoosh's record of it, not yet committed."""
    # The record names the stock codec, which reads what this one writes.
    segment = W3Codec().new_segment(storage, index_name)
    with ExitStack() as files:
        writer = _FieldWriter(storage, segment, files)
        for field, postings in content.fields:
            _write_field(writer, field, schema[field.value], postings)
        writer.close()
    with storage.create_file(segment.make_filename(PASSAGES_SUFFIX)) as file:
        segment.set_doc_count(write_records(file, content.passages))
    with storage.create_file(segment.make_filename(DOCUMENTS_SUFFIX)) as file:
        write_records(file, content.documents)
    with storage.create_file(segment.make_filename(MEASURES_SUFFIX)) as file:
        columns = {name: getattr(content.measures, name) for name in Measures.__slots__}
        np.savez(file, **{name: column.astype("<i4") for name, column in columns.items()})
    return segment


def _write_field(writer: Any, field: Field, kind: Any, postings: FieldPostings) -> None:  # noqa: ANN401 - Whoosh
    writer.start_field(field.value, kind)
    columns = _Columns.of(postings)
    bounds = postings.bounds.tolist()
    for term, start, end in zip(postings.terms, bounds, bounds[1:], strict=False):
        writer.start_term(term)
        writer._postwriter.write_list(columns, start, end)
        writer.finish_term()
    writer.finish_field()
