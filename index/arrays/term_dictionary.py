"""A sorted dictionary of terms on disk, searched by bisection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from .array_file import ArrayFile
from .array_writer import ArrayWriter
from .files import CorruptFile

_AT_ONCE = 4096  # terms decoded at once by an iteration
# Bytes of a term that are compared as one number: over two syllables, or eight letters.
_HEAD = 8


class TermDictionary:
    """Terms by ordinal, from 0 in the order of their bytes.

    The columns of the file are `text`, the concatenated terms, and `ends`, the end of each in it.
    """

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.ends = file[f"{name}.ends"]
        self.text = file[f"{name}.text"]

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> bytes:
        """Return a term by its ordinal."""
        return self.text.text(*self.ends.span(number))

    def find(self, term: bytes) -> int | None:
        """Return the ordinal of a term, or None."""
        number = self.first_from(term)
        return number if number < len(self) and self[number] == term else None

    def first_from(self, term: bytes) -> int:
        """Return the ordinal of the first term that is equal to `term` or after it."""
        return self.text.first_from(term, self.ends)

    def starting_with(self, prefix: bytes) -> range:
        """Return the ordinals of the terms that start with `prefix`."""
        first = self.first_from(prefix)
        kept = prefix.rstrip(b"\xff")
        if not kept:
            return range(first, len(self))
        return range(first, self.first_from(kept[:-1] + bytes([kept[-1] + 1])))

    def some(self, numbers: range) -> Iterator[bytes]:
        """Yield the terms of a range of ordinals."""
        firsts = range(numbers.start, numbers.stop, _AT_ONCE)
        parts = (self._part(first, min(first + _AT_ONCE, numbers.stop)) for first in firsts)
        return chain.from_iterable(parts)

    def _part(self, first: int, last: int) -> list[bytes]:
        start = self.ends.at(first - 1) if first else 0
        ends = (self.ends.read(first, last).astype(np.int64) - start).tolist()
        text = self.text.text(start, start + ends[-1])
        return [text[low:high] for low, high in zip([0, *ends], ends, strict=False)]

    def __iter__(self) -> Iterator[bytes]:
        return self.some(range(len(self)))


def text_of(term: bytes) -> str:
    """Decode a term. Raises CorruptFile if it is not UTF-8."""
    try:
        return term.decode()
    except UnicodeDecodeError as error:
        raise CorruptFile(f"a term is not valid UTF-8: {error}") from error


class TermDictionaryWriter:
    """Writes a dictionary of terms, which are added in the order of their bytes."""

    def __init__(self, writer: ArrayWriter, name: str) -> None:
        self._writer = writer
        self._name = name
        self._end = 0
        self.add(())

    def add(self, terms: Iterable[bytes]) -> None:
        """Append terms, in order."""
        terms = list(terms)
        text = np.frombuffer(b"".join(terms), np.uint8)
        ends = self._end + np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)))
        self._writer.add(f"{self._name}.text", text, "<u1")
        self._writer.put(f"{self._name}.ends", ends)
        self._end += len(text)


class WordHeads:
    """The first bytes of all words of a dictionary, as ascending numbers, to find words faster."""

    def __init__(self, words: TermDictionary) -> None:
        self._words = words
        ends = words.ends.validated_ends(words.text)
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))[: len(ends)]
        offsets = starts[:, None] + np.arange(_HEAD)
        heads = np.append(words.text.all(), np.zeros(_HEAD, np.uint8)).take(offsets)
        heads[offsets >= ends[:, None]] = 0
        self._heads = heads.view(">u8").ravel().astype(np.uint64)

    def find(self, words: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
        """Yield those of `words` that are in the dictionary, with their ordinals."""
        heads = b"".join(word[:_HEAD].ljust(_HEAD, b"\0") for word in words)
        numbers = np.frombuffer(heads, ">u8").astype(np.uint64)
        firsts = self._heads.searchsorted(numbers)
        lasts = self._heads.searchsorted(numbers, side="right")
        for row in (firsts < lasts).nonzero()[0].tolist():
            word, number, last = words[row], int(firsts[row]), int(lasts[row])
            if last - number > 1:  # several words have this head
                number = bisect_left(self._words, word, number, last)
            if number < last and self._words[number] == word:
                yield word, number
