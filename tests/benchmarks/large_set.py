"""A large set of passages for benchmarks: real sentences drawn at random, and new rare words.

Passages are arrays of term numbers, written to files once and mapped into memory afterwards, so
that a million of them take some 230 MB of disk and no memory. The name of a term is made of its
number (w17x): every analyzer keeps it as one word, so the same set also serves to measure builds,
with the terms joined by spaces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SETS = ("lohelp-ko", "lohelp-en", "korquad-ko", "cranfield-en")
SEED = 20_240_611
TermDictionary = NDArray[np.uint32]
Offsets = NDArray[np.int64]

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
# Consecutive sentences of a page before the next page is drawn: about two passages, so that words
# of one subject occur together as they do in a text.
_FROM_ONE_PAGE = 8
# Lengths that Lucene's one-byte norm keeps exactly, so that engines that store lengths that way
# score as those that do not; their mean is about 55 terms, and none makes a text of more than 800
# characters, which Chaja would split.
_LENGTHS = np.array([16, 24, 32, 40, 44, 48, 52, 56, 60, 64, 72, 80, 88])
_LENGTH_WEIGHTS = np.array([2, 3, 5, 8, 9, 11, 13, 13, 11, 9, 7, 5, 4]) / 100
# The share of rare words; after n words they are drawn from n ** _GROWTH different ones (Heaps'
# law), the early ones more often.
_RARE_SHARE = 0.02
_GROWTH = 0.75
_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """Real text as term numbers, with the offsets of sentences and their first in pages."""

    terms: TermDictionary
    sentences: Offsets
    pages: Offsets
    vocabulary: int


@dataclass(frozen=True, slots=True)
class LargeSet:
    """Passages as slices of one array: passage i has the terms `offsets[i]:offsets[i + 1]`."""

    terms: TermDictionary
    offsets: Offsets

    @property
    def size(self) -> int:
        """The number of passages."""
        return len(self.offsets) - 1

    def passage(self, number: int) -> TermDictionary:
        """Return the terms of a passage, in order."""
        return self.terms[self.offsets[number] : self.offsets[number + 1]]

    def occurrences(self) -> NDArray[np.int64]:
        """Return the number of occurrences of each term, by its number."""
        counts = np.zeros(int(self.terms.max()) + 1, dtype=np.int64)
        for start in range(0, len(self.terms), 50 * _BLOCK):
            found = np.bincount(self.terms[start : start + 50 * _BLOCK])
            counts[: len(found)] += found
        return counts

    def texts(self) -> Iterator[str]:
        """Yield each passage as text: the names of its terms, separated by spaces."""
        names: dict[int, str] = {}
        for start in range(0, self.size, _BLOCK):
            bounds = self.offsets[start : start + _BLOCK + 1]
            terms = self.terms[bounds[0] : bounds[-1]].tolist()
            for number in set(terms).difference(names):
                names[number] = name(number)
            offsets = (bounds - bounds[0]).tolist()
            for low, high in pairwise(offsets):
                yield " ".join([names[term] for term in terms[low:high]])


def name(term: int) -> str:
    """Return the word of a term: letter, digits and letter, which no analyzer splits."""
    return f"w{term}x"


def large_set(evaluation: Path, folder: Path, *, passages: int) -> LargeSet:
    """Return the set of `passages` passages in `folder`, written there if missing."""
    files = (folder / f"terms-{passages}.npy", folder / f"offsets-{passages}.npy")
    if not all(file.exists() for file in files):
        folder.mkdir(parents=True, exist_ok=True)
        _write(_read(evaluation), *files, passages)
    terms, offsets = (np.load(file, mmap_mode="r") for file in files)
    return LargeSet(terms, offsets)


def _read(evaluation: Path) -> Source:
    numbers: dict[str, int] = {}
    terms: list[int] = []
    sentences, pages = [0], [0]
    for text in _texts(evaluation, SETS):
        for sentence in _SENTENCE_END.split(text):
            words = _WORD.findall(sentence.lower())
            if words:
                terms += [numbers.setdefault(word, len(numbers)) for word in words]
                sentences.append(len(terms))
        if len(sentences) - 1 > pages[-1]:
            pages.append(len(sentences) - 1)
    return Source(
        np.array(terms, dtype=np.uint32), np.array(sentences), np.array(pages), len(numbers)
    )


def _texts(evaluation: Path, names: Sequence[str]) -> Iterator[str]:
    for set_name in names:
        with (evaluation / set_name / "docs.jsonl").open(encoding="utf-8") as file:
            for row in map(json.loads, file):
                yield f"{row['title']}\n{row['text']}"


def _write(source: Source, terms_file: Path, offsets_file: Path, passages: int) -> None:
    random = np.random.default_rng(SEED)
    lengths = random.choice(_LENGTHS, passages, p=_LENGTH_WEIGHTS)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    terms = np.lib.format.open_memmap(
        terms_file, mode="w+", dtype=np.uint32, shape=(int(offsets[-1]),)
    )
    for low in range(0, passages, _BLOCK):
        start, end = offsets[low], offsets[min(low + _BLOCK, passages)]
        terms[start:end] = _with_rare_words(
            random, _stream(random, source, int(end - start)), int(start), source.vocabulary
        )
    terms.flush()
    np.save(offsets_file, offsets)


def _stream(random: np.random.Generator, source: Source, length: int) -> TermDictionary:
    """Return the terms of sentences drawn at random, some from one page, then from the next."""
    mean = len(source.terms) / (len(source.sentences) - 1)
    drawn = int(1.2 * length / mean / _FROM_ONE_PAGE) + 100
    counts = np.diff(source.pages)
    # A page is drawn as often as it has sentences, as a word drawn from all text would be.
    pages = random.choice(len(counts), drawn, p=counts / counts.sum())
    within = random.random((drawn, _FROM_ONE_PAGE)) * counts[pages][:, None]
    sentences = (source.pages[pages][:, None] + within.astype(np.int64)).ravel()
    starts, ends = source.sentences[sentences], source.sentences[sentences + 1]
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    positions = np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))
    if len(positions) < length:  # as unlikely as it is harmless: more sentences, then
        return np.concatenate(
            (source.terms[positions], _stream(random, source, length - len(positions)))
        )
    return source.terms[positions[:length]]


def _with_rare_words(
    random: np.random.Generator, terms: TermDictionary, before: int, known: int
) -> TermDictionary:
    """Replace some terms by rare ones; `before` is the number of terms of the set before these."""
    positions = np.flatnonzero(random.random(len(terms)) < _RARE_SHARE)
    ceilings = (before + positions + 1.0) ** _GROWTH
    terms[positions] = known + (ceilings * random.random(len(positions)) ** 2).astype(np.uint32)
    return terms
