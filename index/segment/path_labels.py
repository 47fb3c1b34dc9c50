"""The folder and the type of each document's file, numbered beside the doc values.

They follow from the field PATH, so nothing passes them on: whatever writes a segment makes them of
its paths, and a segment without them, as earlier versions wrote, has them made when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from posixpath import dirname, splitext
from typing import NamedTuple

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray, Int64s
from ..arrays.array_writer import ArrayWriter
from ..arrays.term_dictionary import TermDictionary, TermDictionaryWriter, text_of
from .content import FieldPostings


def _filetype(path: bytes) -> bytes:
    """Return the ending of a file's name, in lower case as far as it is ASCII, without its dot."""
    return splitext(path)[1][1:].lower()


# By the name of the column; a folder is written as in the path, "" for that of the index.
LABELS: Mapping[str, Callable[[bytes], bytes]] = {"folder": dirname, "filetype": _filetype}


class Labels(NamedTuple):
    """A label of each document, by its number in `names`, of which some may be of none."""

    names: list[str]
    numbers: AnyArray


class PathLabels:
    """Collects the labels of documents from the postings of their paths.

    `document` is the ordinal of the document of each passage.
    """

    def __init__(self, document: AnyArray) -> None:
        self._document = document
        documents = int(document[-1]) + 1 if len(document) else 0
        # The first name is that of a document without a path.
        self._names: dict[str, dict[bytes, int]] = {name: {b"": 0} for name in LABELS}
        self._numbers = {name: np.zeros(documents, np.int64) for name in LABELS}

    def add(self, part: FieldPostings) -> None:
        """Add a part of the field PATH."""
        documents = self._document[part.passages]
        sizes = np.diff(part.bounds)
        for name, label_of in LABELS.items():
            names = self._names[name]
            own = [names.setdefault(label_of(path), len(names)) for path in part.terms]
            self._numbers[name][documents] = np.repeat(np.array(own, np.int64), sizes)

    def labels(self, name: str) -> Labels:
        """Return the labels of one kind."""
        return Labels([*map(text_of, self._names[name])], self._numbers[name])

    def write(self, writer: ArrayWriter) -> None:
        """Write all labels."""
        for name, names in self._names.items():
            TermDictionaryWriter(writer, name).add(names)
            writer.put(name, _shortened(self._numbers[name]))


def united(parts: Sequence[Labels]) -> Labels:
    """Return the labels of several segments, one after the other."""
    if len(parts) == 1:
        return parts[0]
    names: dict[str, int] = {}
    numbers = [np.zeros(0, np.int64)]
    for part in parts:
        own = [names.setdefault(name, len(names)) for name in part.names]
        numbers.append(np.array(own, np.int64)[part.numbers])
    return Labels([*names], np.concatenate(numbers))


def _shortened(numbers: Int64s) -> Int64s:
    """Return the numbers, or one for all if they are equal."""
    is_same = len(numbers) > 0 and bool((numbers == numbers[0]).all())
    return numbers[:1] if is_same else numbers


def stored_labels(file: ArrayFile, name: str, documents: int) -> Labels | None:
    """Return the labels of one kind in a segment's file; None if it has none of any kind."""
    if name not in file:
        return None
    names = [*map(text_of, TermDictionary(file, name))]
    numbers = file[name].all()
    if len(numbers) == 1:
        numbers = np.repeat(numbers, documents)
    if len(numbers) != documents or (documents and int(numbers.max()) >= len(names)):
        raise file.corrupt(f"a document has no {name}")
    return Labels(names, numbers)
