"""The doc values of a segment in its file, without those that follow from others.

A column with one value for all, such as the title lengths of an indexed table, has one number.
Where every document has one passage, there is no column of the document of each passage, and none
of sums over the passages of a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray
from ..arrays.array_writer import ArrayWriter
from .content import OF_DOCUMENTS, OF_PASSAGES, DocValues

# The one column that is always whole: a file is at least as long as its number of passages.
_WHOLE = "body_length"
_SUMMED = ("body_length", "gram_length")
_OF_A_DOCUMENT = "document_"
# Columns with their sum over the segment in the facts of its file.
_TOTALS = ("body_length", "gram_length", "title_length")
_ORDINALS = ("document", "first_passage")
# A column that earlier versions did not write: it is 0 in their segments.
_ADDED = "modified"
_LARGEST = np.iinfo(np.uint32).max


def write_doc_values(writer: ArrayWriter, doc_values: DocValues) -> None:
    """Write the doc values and their sums."""
    documents, passages = len(doc_values.title_length), len(doc_values.document)
    for name in DocValues.__slots__:
        if name != "document":
            _write(writer, name, getattr(doc_values, name))
    if documents != passages:
        firsts = np.searchsorted(doc_values.document, np.arange(documents + 1))
        writer.put("document", doc_values.document)
        writer.put("first_passage", firsts)
        for name in _SUMMED:
            sums = np.concatenate(([0], np.cumsum(getattr(doc_values, name))))
            _write(writer, _OF_A_DOCUMENT + name, sums[firsts[1:]] - sums[firsts[:-1]])
    writer.facts["passages"] = passages
    writer.facts["documents"] = documents
    for name in _TOTALS:
        writer.facts[name] = int(getattr(doc_values, name).sum())


def _write(writer: ArrayWriter, name: str, numbers: AnyArray) -> None:
    same = name != _WHOLE and len(numbers) > 0 and bool((numbers == numbers[0]).all())
    writer.put(name, numbers[:1] if same else numbers)


class StoredDocValues:
    """The columns of doc values of a segment, by name.

    Besides those of DocValues: `first_passage` of each document, with the end of the last, and
    `document_body_length` and `document_gram_length`, the sums over the passages of a document.
    `sums` has the sums of lengths over the segment.
    """

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self.passages = file.count("passages")
        self.documents = file.count("documents")
        self.sums = {name: file.count(name) for name in _TOTALS}
        self._repeated: dict[str, AnyArray] = {}

    @property
    def has_valid_sizes(self) -> bool:
        """Whether each column has a number for each passage or document, or one for all."""
        file, documents = self._file, self.documents
        if len(file[_WHOLE]) != self.passages or not 0 <= documents <= self.passages:
            return False
        if not (self._fit("gram_length", self.passages) and self._all_fit(OF_DOCUMENTS)):
            return False
        return documents == self.passages or (
            len(file["document"]) == self.passages
            and len(file["first_passage"]) == documents + 1
            and self._all_fit(_OF_A_DOCUMENT + name for name in _SUMMED)
        )

    def _all_fit(self, names: Iterable[str]) -> bool:
        return all(self._fit(name, self.documents) for name in names)

    def _fit(self, name: str, count: int) -> bool:
        if name == _ADDED and name not in self._file:
            return True
        return len(self._file[name]) in (count, min(count, 1))

    def __getitem__(self, name: str) -> AnyArray:
        """Return a column: a view of the file, or an array made once."""
        if name in _ORDINALS:
            return self._ordinals[name]
        if self.documents == self.passages:
            name = name.removeprefix(_OF_A_DOCUMENT)
        is_stored = name != _ADDED or name in self._file
        numbers = self._file[name].all() if is_stored else np.zeros(1, np.uint8)
        count = self.passages if name in OF_PASSAGES else self.documents
        if len(numbers) != 1 or count == 1:
            return numbers
        if name not in self._repeated:
            self._repeated[name] = np.full(count, numbers[0])
        return self._repeated[name]

    @cached_property
    def _ordinals(self) -> Mapping[str, AnyArray]:
        """The document of each passage, and the first passage of each document."""
        if self.documents == self.passages:
            kind = np.uint32 if self.passages < _LARGEST else np.uint64
            numbers = np.arange(self.passages + 1, dtype=kind)
            return {"document": numbers[:-1], "first_passage": numbers}
        documents, firsts = (self._file[name].all() for name in _ORDINALS)
        starts = (documents[1:] != documents[:-1]).nonzero()[0] + 1
        # Searches go from one to the other and back, so the two must agree.
        if not (
            (firsts[0], firsts[-1]) == (0, self.passages)
            and np.array_equal(firsts[1:-1], starts)
            and np.array_equal(documents.take(firsts[:-1]), np.arange(self.documents))
        ):
            raise self._file.corrupt("the passages of its documents are not in a row")
        return {"document": documents, "first_passage": firsts}
