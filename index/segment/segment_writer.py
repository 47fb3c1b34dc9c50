"""Writes the two files of a segment: postings with doc values, and stored fields."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from ..arrays.array_types import AnyArray, Int64s, UInt8s, UInt16s
from ..arrays.array_writer import ArrayWriter
from ..arrays.files import WrittenFile
from ..arrays.term_dictionary import TermDictionaryWriter
from ..schema import POSITIONS, Field
from .content import BLOCK, COUNTED, FAR, DocValues, FieldPostings, SegmentContent
from .doc_store import write_doc_store
from .doc_values import write_doc_values
from .impacts import MANY, impacts_of
from .passage_ids import SPARSE, with_bitmaps
from .path_labels import PathLabels

POSTINGS_SUFFIX = ".seg"
TEXT_SUFFIX = ".txt"
# Postings whose impacts are computed at once, at some 40 bytes each.
_POSTINGS_AT_ONCE = 1 << 19


def write_segment(
    folder: Path, name: str, content: SegmentContent
) -> tuple[WrittenFile, WrittenFile]:
    """Write the files of a segment, not yet committed, and return them: postings, stored fields."""
    with ExitStack() as undo:
        paths = [folder / (name + suffix) for suffix in (POSTINGS_SUFFIX, TEXT_SUFFIX)]
        for path in paths:
            undo.callback(path.unlink, missing_ok=True)
        with ArrayWriter(paths[1]) as text:
            write_doc_store(text, "passages", content.passages)
            write_doc_store(text, "documents", content.documents)
        with ArrayWriter(paths[0]) as postings:
            write_doc_values(postings, content.doc_values)
            _write_fields(postings, content)
        undo.pop_all()
    return (
        WrittenFile(paths[0].name, postings.size, postings.footer_checksum),
        WrittenFile(paths[1].name, text.size, text.footer_checksum),
    )


def _write_fields(writer: ArrayWriter, content: SegmentContent) -> None:
    empty = set(Field)
    labels = PathLabels(content.doc_values.document)
    for field, parts in groupby(content.fields, key=itemgetter(0)):
        empty.discard(field)
        file = _FieldFile(writer, field, scoring_lengths(field, content.doc_values))
        for _, part in parts:
            file.add(part)
            if field is Field.PATH:
                labels.add(part)
    for field in sorted(empty):
        _FieldFile(writer, field, scoring_lengths(field, content.doc_values))
    labels.write(writer)


def scoring_lengths(field: Field, doc_values: DocValues) -> Int64s:
    """Return the length of each passage, in terms, that BM25 uses for a field."""
    match field:
        case Field.BODY:
            return doc_values.body_length
        case Field.BIGRAM:
            return doc_values.gram_length
        case Field.TITLE:
            return doc_values.title_length[doc_values.document]
        case Field.PATH | Field.BRIDGE | Field.META | Field.FIELD:
            return np.zeros_like(doc_values.document)


class _FieldFile:
    """Writes the columns of one field."""

    def __init__(self, writer: ArrayWriter, field: Field, lengths: Int64s) -> None:
        self._writer = writer
        self._name = field.value
        self._terms = TermDictionaryWriter(writer, field.value)
        self._lengths = lengths
        self._blocks = blocks = len(lengths) > BLOCK
        self._positions = field in POSITIONS
        self._postings = self._occurrences = self._runs = 0
        for name in ("bounds", *["run_bounds"] * blocks):
            self._keep(name, np.zeros(1, np.int64))
        for name in _exceptions(positions=self._positions, blocks=blocks):
            self._keep(name, np.zeros(0, np.int64))
        for name in ("passages", "impacts", *(("positions",) if self._positions else ())):
            self._write(name, np.zeros(0, np.int64), _KINDS[name])

    def _keep(self, name: str, numbers: Int64s) -> None:
        """Write to a column whose type is not known yet: of a number for each term, or for few."""
        self._writer.put(f"{self._name}.{name}", numbers)

    def _write(self, name: str, numbers: AnyArray, kind: str) -> None:
        self._writer.add(f"{self._name}.{name}", numbers, kind)

    def add(self, part: FieldPostings) -> None:
        self._terms.add(part.terms)
        impacts = self._impacts(part)
        self._write("impacts", impacts, _KINDS["impacts"])
        self._keep("bounds", part.bounds[1:] - part.bounds[0] + self._postings)
        many = np.flatnonzero(impacts == MANY)
        self._keep("many", many + self._postings)
        self._keep("many_frequencies", part.frequencies[many])
        low = (part.passages & (BLOCK - 1)).astype(_KINDS["passages"])
        if self._blocks:
            self._add_runs(part, low)
        else:
            self._write("passages", low, _KINDS["passages"])
        if self._positions:
            self._add_positions(part)
        self._postings += len(part.passages)

    def _impacts(self, part: FieldPostings) -> UInt8s:
        """Return the impact of each posting; some at once, as a term may have millions."""
        impacts = np.empty(len(part.passages), np.uint8)
        for start in range(0, len(impacts), _POSTINGS_AT_ONCE):
            rows = slice(start, start + _POSTINGS_AT_ONCE)
            lengths = self._lengths[part.passages[rows]]
            impacts[rows] = impacts_of(part.frequencies[rows], lengths)
        return impacts

    def _add_runs(self, part: FieldPostings, low: UInt16s) -> None:
        """Write the passages, and the runs of each term: one for each block it is in."""
        blocks = part.passages // BLOCK
        bounds = part.bounds - part.bounds[0]
        starts = np.diff(blocks, prepend=-1) != 0
        starts[bounds[:-1]] = True
        rows = np.flatnonzero(starts)
        self._keep("run_blocks", blocks[rows])
        sizes = np.diff(rows, append=len(low))
        self._keep("run_sizes", sizes - 1)
        self._keep("run_bounds", np.searchsorted(rows, bounds[1:]) + self._runs)
        self._runs += len(rows)
        dense = sizes > BLOCK // SPARSE
        self._keep("bitmaps", rows[dense] + self._postings)
        self._keep("bitmap_sizes", sizes[dense] - 1)
        for numbers in with_bitmaps(low, rows[dense], sizes[dense], block=BLOCK):
            self._write("passages", numbers, _KINDS["passages"])

    def _add_positions(self, part: FieldPostings) -> None:
        self._write("positions", part.positions % FAR, _KINDS["positions"])
        far = np.flatnonzero(part.positions >= FAR)
        self._keep("far", far + self._occurrences)
        self._keep("far_positions", part.positions[far] // FAR)
        before = np.cumsum(part.frequencies) - part.frequencies
        self._keep("occurrences", before[-self._postings % COUNTED :: COUNTED] + self._occurrences)
        self._occurrences += len(part.positions)


def _exceptions(*, positions: bool, blocks: bool) -> list[str]:
    """Return the names of the columns with a number for some postings."""
    runs = ["run_blocks", "run_sizes", "bitmaps", "bitmap_sizes"]
    far = ["far", "far_positions", "occurrences"]
    return ["many", "many_frequencies", *far * positions, *runs * blocks]


_KINDS = {"passages": "<u2", "impacts": "<u1", "positions": "<u1"}
