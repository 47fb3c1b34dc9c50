"""The terms that a translation is learned for, and the texts they are written as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...analysis.analyzer import Analyzer
from ...analysis.compose import hangul_keys
from ...analysis.english import STOP_WORDS
from ...analysis.word import Part, Role
from ...analysis.word_ids import Texts, WordIds
from ...arrays.array_types import Int64s, Mask
from ...arrays.ids import numbered
from ...arrays.ragged import sums, unfolded
from .model1 import Units

_HANGUL = re.compile("[가-힣]")
_LETTER = re.compile("[^\\W\\d_]")

# Distinct terms of one text that count.
_MOST_TERMS = 100


class Piece(NamedTuple):
    """A term of a word, as it is written there.

    `begins` and `ends` tell whether it reaches from the start of its word and to its end.
    """

    term: str
    text: str
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Running:
    """Texts of one language as the pieces of their words, all in a row.

    `pieces[i]` is the number of a piece in `known`, `terms[i]` that of its term in `names`;
    `sizes` are the pieces of each text.
    """

    known: Sequence[Piece]
    names: Sequence[str]
    pieces: Int64s
    terms: Int64s
    sizes: Int64s

    @property
    def texts(self) -> Int64s:
        """Return the number of the text that each piece stands in."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def every(self, step: int) -> Running:
        """Return every so manieth text."""
        texts = np.arange(0, len(self.sizes), step)
        places = unfolded(texts, self.sizes)
        sizes = self.sizes[texts]
        return Running(self.known, self.names, self.pieces[places], self.terms[places], sizes)

    def carrying(self, *, korean: bool) -> Mask:
        """Tell of each term whether it is a word of the language that means something."""
        return np.array([carries(name, korean=korean) for name in self.names], np.bool_)

    def surfaces(self) -> dict[int, str]:
        """Return for each term the word that is most often written for it."""
        counts = np.bincount(self.pieces, minlength=len(self.known)).tolist()
        best: dict[str, tuple[int, str]] = {}
        for piece, count in zip(self.known, counts, strict=True):
            if count and piece.begins and piece.ends:
                best[piece.term] = max(best.get(piece.term, (0, "")), (count, piece.text))
        return {number: best[name][1] for number, name in enumerate(self.names) if name in best}


def carries(term: str, *, korean: bool) -> bool:
    """Tell whether a translation may be learned for a term: a word of one language, not a number.

    Stop words carry none, nor does a word in another script.
    """
    if korean:
        return _HANGUL.search(term) is not None
    hangul = _HANGUL.search(term)
    return hangul is None and term not in STOP_WORDS and _LETTER.search(term) is not None


def running(texts: Sequence[str], analyzer: Analyzer) -> Running:
    """Return the pieces of some texts; a word that the lexicon does not know is left out."""
    numbering = WordIds()
    collector = numbering.collector()
    for text in texts:
        collector.add(text)
    numbered = collector.take()
    return _running(numbered, numbering.new_words(), analyzer)


def _running(texts: Texts, words: Sequence[str], analyzer: Analyzer) -> Running:
    pieces: list[Piece] = []
    counts: list[int] = []
    for word, parts in zip(words, _parts(words, analyzer), strict=True):
        pieces += [
            Piece(part.term, word[part.start : part.end], part.start == 0, part.end == len(word))
            for part in parts
        ]
        counts.append(len(parts))
    names: dict[str, int] = {}
    terms = np.array([names.setdefault(piece.term, len(names)) for piece in pieces], np.int64)
    widths = np.array(counts, np.int64)
    found = unfolded(texts.numbers, widths)
    return Running(
        pieces, list(names), found, terms[found], sums(widths[texts.numbers], texts.sizes)
    )


def _parts(words: Sequence[str], analyzer: Analyzer) -> list[list[Part]]:
    keys = {word: hangul_keys(word) for word in words}
    known = analyzer.lexicon.look_up({key for some in keys.values() for key in some})
    return [
        [part for part in analyzer.word(word).parts if part.role is Role.PRIMARY]
        if all(key in known for key in keys[word])
        else []
        for word in words
    ]


@dataclass(frozen=True, slots=True)
class Placed:
    """Units, and for each piece of the texts the place of its term in them, or -1."""

    units: Units
    places: Int64s


def carrying_units(korean: Running, english: Running) -> tuple[Placed, Placed]:
    """Return the terms that carry meaning, without those that both texts of a pair have.

    A Latin word in both is its own translation and explains itself.
    """
    shared = _shared(korean, english)
    carried = english.carrying(korean=False)[english.terms] & ~shared
    return (
        _placed(korean, korean.carrying(korean=True)[korean.terms]),
        _placed(english, carried),
    )


def _shared(korean: Running, english: Running) -> Mask:
    """Tell of each English piece whether the Korean text has the same term."""
    numbers = {name: number for number, name in enumerate(english.names)}
    same = np.array([numbers.get(name, -1) for name in korean.names], np.int64)[korean.terms]
    base = max(len(english.names), 1)
    found = same >= 0
    keys = korean.texts[found] * base + same[found]
    shared: Mask = np.isin(english.texts * base + english.terms, keys)
    return shared


def _placed(text: Running, carrying: Mask) -> Placed:
    base = max(len(text.names), 1)
    pieces = np.flatnonzero(carrying)
    keys = text.texts[pieces] * base + text.terms[pieces]
    distinct, numbers = numbered(keys)
    units = distinct // base
    kept = np.arange(len(units)) - np.searchsorted(units, units) < _MOST_TERMS
    places = np.full(len(text.pieces), -1)
    places[pieces] = np.where(kept, np.cumsum(kept) - 1, -1)[numbers]
    sizes = np.bincount(units[kept], minlength=len(text.sizes))
    return Placed(Units(distinct[kept] % base, sizes), places)
