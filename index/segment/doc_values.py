"""The measures of a segment as they lie in its file: what follows from something else is left out.

A measure that is the same for all, as the length of the title is where a table is indexed, is one
number. Where every document is one passage, nothing tells them apart: no array says which passage
is of which document, and the sums over the passages of a document are the measures themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray
from ..arrays.array_writer import ArrayWriter
from .content import OF_DOCUMENTS, OF_PASSAGES, DocValues

# The one measure that is always whole: a file is at least as long as it says it has passages.
_WHOLE = "body_length"
_SUMMED = ("body_length", "gram_length")
_OF_A_DOCUMENT = "document_"
# What they add up to over the segment is a fact of its file.
_ADDED_UP = ("body_length", "gram_length", "title_length")
_PLACES = ("document", "first_passage")
_LARGEST = np.iinfo(np.uint32).max


def write_doc_values(writer: ArrayWriter, measures: DocValues) -> None:
    """Write the measures and what is added up of them."""
    documents, passages = len(measures.title_length), len(measures.document)
    for name in DocValues.__slots__:
        if name != "document":
            _write(writer, name, getattr(measures, name))
    if documents != passages:
        firsts = np.searchsorted(measures.document, np.arange(documents + 1))
        writer.put("document", measures.document)
        writer.put("first_passage", firsts)
        for name in _SUMMED:
            sums = np.concatenate(([0], np.cumsum(getattr(measures, name))))
            _write(writer, _OF_A_DOCUMENT + name, sums[firsts[1:]] - sums[firsts[:-1]])
    writer.facts["passages"] = passages
    writer.facts["documents"] = documents
    for name in _ADDED_UP:
        writer.facts[name] = int(getattr(measures, name).sum())


def _write(writer: ArrayWriter, name: str, numbers: AnyArray) -> None:
    same = name != _WHOLE and len(numbers) > 0 and bool((numbers == numbers[0]).all())
    writer.put(name, numbers[:1] if same else numbers)


class StoredDocValues:
    """The measures of a segment by name, whole.

    Besides those of Measures there are `first_passage`, of each document and behind the last, and
    `document_body_length` and `document_gram_length`, the sums over the passages of a document.
    `sums` are those of lengths over the segment.
    """

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self.passages = file.count("passages")
        self.documents = file.count("documents")
        self.sums = {name: file.count(name) for name in _ADDED_UP}
        self._made: dict[str, AnyArray] = {}

    @property
    def are_of_one_size(self) -> bool:
        """Tell whether each array has as many numbers as there are passages or documents."""
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
        return len(self._file[name]) in (count, min(count, 1))

    def __getitem__(self, name: str) -> AnyArray:
        """Return a measure: a view of the file, or numbers made once of what is there."""
        if name in _PLACES:
            return self._places[name]
        if self.documents == self.passages:
            name = name.removeprefix(_OF_A_DOCUMENT)
        numbers = self._file[name].all()
        count = self.passages if name in OF_PASSAGES else self.documents
        if len(numbers) == 1 < count:
            return self._repeated(name, numbers, count)
        return numbers

    @cached_property
    def _places(self) -> Mapping[str, AnyArray]:
        """The document of each passage, and the first passage of each document."""
        if self.documents == self.passages:
            kind = np.uint32 if self.passages < _LARGEST else np.uint64
            numbers = np.arange(self.passages + 1, dtype=kind)
            return {"document": numbers[:-1], "first_passage": numbers}
        documents, firsts = (self._file[name].all() for name in _PLACES)
        starts = (documents[1:] != documents[:-1]).nonzero()[0] + 1
        # All who search go from one to the other and back, so the two must agree.
        if not (
            (firsts[0], firsts[-1]) == (0, self.passages)
            and np.array_equal(firsts[1:-1], starts)
            and np.array_equal(documents.take(firsts[:-1]), np.arange(self.documents))
        ):
            raise self._file.corrupt("the passages of its documents are not in a row")
        return {"document": documents, "first_passage": firsts}

    def _repeated(self, name: str, numbers: AnyArray, count: int) -> AnyArray:
        if name not in self._made:
            self._made[name] = np.full(count, numbers[0])
        return self._made[name]
