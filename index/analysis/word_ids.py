"""Encodes texts as word ids, from which the inverted index is built.

A text is split at ASCII white space first, and each chunk is looked up whole: only a new chunk is
tokenized, so that repeated ones cost no regular expression. Behind the first word of a joint stands
the joint, as a word of no text: its mark at the end of a line, the whole joint for a spaced word.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.array_types import CInts, Indices
from ..arrays.ids import Distinct
from ..arrays.ragged import among, before, row_indices, sums
from .chunk_ids import Chunked, ChunkIds, chunked
from .joints import (
    AT_LINE_END,
    HYPHEN,
    LINE_END,
    SPACED,
    Side,
    end_side,
    is_run,
    joint_of,
    start_side,
)
from .normalize import marked_form, may_have_names
from .tokenizer import MAX_WORD_LENGTH, words

# A chunk that is one word, and whose normal form differs in case only.
_PLAIN = re.compile(rf"[A-Za-z0-9가-힣]{{1,{MAX_WORD_LENGTH}}}")
_WORD_LENGTH = 6  # average, in characters, with the space behind it
# Limits of the cached chunks, of some 200 bytes each, and of their characters: text without ASCII
# blanks is a single chunk. Beyond them, the cache is cleared.
_MAX_CHUNKS = 1 << 19
_MAX_CHARACTERS = 1 << 25
# The first bit of what a chunk may be to the next, and the sides of one that were not needed yet.
_END = 8
_UNKNOWN = 1 << _END - 1


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as word ids: those of all texts concatenated, and the number of words of each."""

    numbers: CInts
    sizes: CInts

    def cut(self, longest: int) -> Texts:
        """Return the texts, each truncated to its first `longest` words."""
        if self.sizes.max(initial=0) <= longest:
            return self
        firsts = np.cumsum(self.sizes) - self.sizes
        within = np.arange(len(self.numbers)) - np.repeat(firsts, self.sizes)
        return Texts(self.numbers[within < longest], np.minimum(self.sizes, np.intc(longest)))


NO_TEXTS = Texts(np.zeros(0, np.intc), np.zeros(0, np.intc))


class WordIds:
    """Assigns ids to words, from 0 in the order of their first occurrences."""

    def __init__(self) -> None:
        self._ids: Distinct[str] = Distinct()
        self._clear_chunks()

    def __len__(self) -> int:
        return len(self._ids)

    def collector(self) -> Collector:
        """Return a collector of texts, which shares the ids with all others."""
        return Collector(self)

    def new_words(self) -> list[str]:
        """Return the words that got an id since the last call, in the order of their ids."""
        if len(self._chunks) > _MAX_CHUNKS or self._characters > _MAX_CHARACTERS:
            self._clear_chunks()
        return self._ids.new()

    def encode(self, texts: Sequence[str]) -> Texts:
        """Return texts as word ids."""
        # No word contains white space, and white space does not change its neighbours.
        cut = chunked(texts)
        chunks, counts = self._chunks.numbers(cut), cut.counts
        self._define_chunks()
        joints = dict(self._joints(cut, chunks))
        if joints:
            self._define_chunks()
            at = np.array(sorted(joints)) + 1
            counts += np.diff(np.searchsorted(at, before(counts))).astype(np.intc)
            chunks = np.insert(chunks, at, [joints[number - 1] for number in at.tolist()])
        ids, sizes = np.array(self._word_ids, np.intc), np.array(self._sizes, np.intc)
        return Texts(ids[row_indices(chunks, sizes)], sums(sizes[chunks], counts).astype(np.intc))

    def _define_chunks(self) -> None:
        """Find the words of new chunks; only what may be a syllable has known sides so far."""
        for chunk in self._chunks.new():
            found = _words_of(chunk)
            self._word_ids.extend(map(self._ids.__getitem__, found))
            self._sizes.append(len(found))
            is_syllable = found and (len(found[0]) == 1 or len(found[-1]) == 1)
            self._sides.append(_sides(chunk) if is_syllable else _UNKNOWN)
            self._characters += len(chunk)

    def _joints(self, texts: Chunked, chunks: CInts) -> Iterator[tuple[int, int]]:
        """Yield the chunks that a joint follows, each with the id of the joint."""
        broken, full = texts.line_ends()
        full = full[texts.have_next()[full]]
        self._find_sides(texts, chunks, np.concatenate((full, full + 1)))
        own = np.array(self._sides, np.int16)[chunks]
        sides = np.zeros(len(chunks), np.int16)
        sides[:-1] = own[:-1] >> _END & own[1:]
        sides[~texts.have_next()] = 0
        for mark, kinds in ((LINE_END, AT_LINE_END), (HYPHEN, Side.HYPHENATED)):
            found = full[(sides[full] & kinds) > 0]
            if len(found):
                yield from dict.fromkeys(found.tolist(), self._chunks.special(mark)).items()
        spaced = np.flatnonzero(sides & Side.SYLLABLE)
        yield from self._spaced(texts, chunks, spaced[~among(spaced, broken)].tolist())

    def _find_sides(self, texts: Chunked, chunks: CInts, places: Indices) -> None:
        """Find the sides of the chunks at some places, which line ends are beside."""
        ids = chunks[places]
        unknown = np.array(self._sides, np.int16)[ids] == _UNKNOWN
        for place, number in zip(places[unknown].tolist(), ids[unknown].tolist(), strict=True):
            if self._sides[number] == _UNKNOWN:
                self._sides[number] = _sides(texts.text(place))

    def _spaced(
        self, texts: Chunked, chunks: CInts, first: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Yield the joints of chunks that begin with a syllable that others follow."""
        runs: list[list[int]] = []
        for chunk in first:
            if runs and runs[-1][-1] == chunk - 1 and self._sizes[chunks[chunk]] == 1:
                runs[-1].append(chunk)
            else:
                runs.append([chunk])
        for run in runs:
            blanks = int(texts.starts[run[0] + 1] - texts.ends[run[0]])
            if is_run(len(run) + 1, blanks):
                last = words(marked_form(texts.text(run[0])))[-1]
                rest = [words(marked_form(texts.text(chunk + 1)))[0] for chunk in run]
                yield run[0], self._chunks.special(joint_of(SPACED, [last, *rest]))

    def _clear_chunks(self) -> None:
        self._chunks = ChunkIds()
        # The word ids of all chunks, concatenated, and the number of words of each.
        self._word_ids, self._sizes = array("i"), array("i")
        # What each chunk may be to the one before it, and to the next, as `_sides` returns it.
        self._sides = array("h")
        self._characters = 0


def _words_of(chunk: str) -> Sequence[str]:
    if " " in chunk or "\n" in chunk:  # a joint
        return (chunk,)
    word = chunk.lower()
    is_plain = _PLAIN.fullmatch(chunk) and (word[1:] == chunk[1:] or chunk.isupper())
    if is_plain and (word == chunk or not may_have_names(chunk)):
        return (word,)
    return words(marked_form(chunk))


def _sides(chunk: str) -> int:
    """Return the side of the first word of a chunk, and from the bit `_END` on that of the last."""
    if _PLAIN.fullmatch(chunk):
        (word,) = _words_of(chunk)
        return start_side(word) + (end_side(word, "") << _END)
    normal = marked_form(chunk)
    found = words(normal)
    if not found:
        return 0
    rest = normal[normal.rindex(found[-1]) + len(found[-1]) :]
    start = start_side(found[0]) if normal.startswith(found[0]) else 0
    return start + (end_side(found[-1], rest) << _END)


class Collector:
    """Collects texts, to encode them together."""

    def __init__(self, ids: WordIds) -> None:
        self._ids = ids
        self._texts: list[str] = []
        self._count = 0

    def __len__(self) -> int:
        """Return the approximate number of collected words, from their characters."""
        return self._count

    def add(self, text: str) -> None:
        """Add a text."""
        self._texts.append(text)
        self._count += len(text) // _WORD_LENGTH + 1

    def take(self) -> Texts:
        """Return the texts that were added since the last call."""
        texts, self._texts, self._count = self._texts, [], 0
        return self._ids.encode(texts) if texts else NO_TEXTS
