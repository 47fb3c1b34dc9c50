"""Joins the words of joints in texts as word ids: the ids of 정상회, ⏎ and 담에서 become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from ..analysis.joint_verdicts import english_verdict, is_korean
from ..analysis.joints import (
    EVIDENT,
    HYPHEN,
    LINE_END,
    MARKS,
    Joint,
    Verdict,
    is_joint,
    joined,
    joint_of,
    whole,
    words_of,
)
from ..analysis.word_ids import Texts
from ..arrays.array_types import CInts, Indices, Int8s, Int64s
from ..arrays.ragged import among, before, distinct
from ..value import NamedTuple

Verdicts: TypeAlias = Callable[[Iterable[str]], Mapping[str, Verdict]]

_WORD = 32  # bits of a word id in the number of a pair
_LOW = (1 << _WORD) - 1


class _Word(NamedTuple):
    """A joint whose words may be joined, and the id of the word that they then are."""

    joint: Joint
    verdict: Verdict
    number: int


class JoinedWords:
    """The joints in some texts."""

    def __init__(self) -> None:
        # By the word ids of spaced joints; by that of a mark, and the words before and behind it.
        self._spaced: dict[int, str] = {}
        self._pairs: dict[int, tuple[str, dict[int, str]]] = {}

    def define(self, words: Sequence[str], start: int) -> None:
        """Note which of the next words, whose ids begin at `start`, are joints."""
        for number, word in enumerate(words, start):
            if word in MARKS:
                self._pairs[number] = (word, {})
            elif is_joint(word):
                self._spaced[number] = word

    def add(self, texts: Texts, words: Sequence[str]) -> list[str]:
        """Return the joints at line ends that no texts before had, and that may be one word."""
        new: list[str] = []
        for number, (mark, known) in self._pairs.items():
            places = _places(texts.numbers, number)
            for pair in _possible(mark, texts, places, words).tolist():
                if pair not in known:
                    known[pair] = joint_of(mark, _words_of(pair, words))
                    new.append(known[pair])
        return new

    def joining(
        self,
        verdicts: Verdicts,
        ids_of: Callable[[Sequence[str]], Sequence[int]],
    ) -> Callable[[Texts], Texts]:
        """Return a function that joins the words of texts; `ids_of` gives the ids of new words."""
        spaced = _words_with(self._spaced, verdicts, ids_of)
        pairs = {
            number: _words_with(known, verdicts, ids_of)
            for number, (_, known) in self._pairs.items()
        }
        line_end = next((n for n, (mark, _) in self._pairs.items() if mark == LINE_END), None)

        def joining(texts: Texts) -> Texts:
            found = sorted(_found(texts.numbers, spaced, pairs))
            return _joined(texts, line_end, found) if found else texts

        return joining


def _words_with(
    joints: Mapping[int, str],
    verdicts: Verdicts,
    ids_of: Callable[[Sequence[str]], Sequence[int]],
) -> dict[int, _Word]:
    """Return the words that joints are, or may be."""
    known = verdicts(joints.values())
    found = {
        key: (name, known.get(name, Verdict.APART))
        for key, name in joints.items()
        if name in known or name.startswith(HYPHEN)
    }
    numbers = ids_of([whole(name, verdict) for name, verdict in found.values()])
    return {
        key: _Word(Joint(name, 0, len(words_of(name)[1]) + 1), verdict, number)  # and its mark
        for (key, (name, verdict)), number in zip(found.items(), numbers, strict=True)
    }


def _joined(texts: Texts, line_end: int | None, found: Sequence[tuple[int, _Word]]) -> Texts:
    """Return texts with joined words: their first word is the whole, the others its mark."""
    numbers, ends = texts.numbers.copy(), before(texts.sizes)[1:]
    line_ends = np.bincount(_owners(np.flatnonzero(numbers == line_end), ends), minlength=len(ends))
    owners = _owners(np.array([place for place, _ in found], np.intp), ends).tolist()
    for owner, group in groupby(zip(owners, found, strict=True), key=itemgetter(0)):
        by_joint = {word.joint._replace(first=place - 1): word for _, (place, word) in group}
        verdicts = [(joint, word.verdict) for joint, word in by_joint.items()]
        for joint, _ in joined(verdicts, int(line_ends[owner])):
            numbers[joint.first + 2 : joint.first + joint.size] = numbers[joint.first + 1]
            numbers[joint.first] = by_joint[joint].number
    return Texts(numbers, texts.sizes)


def _found(
    numbers: CInts, spaced: Mapping[int, _Word], pairs: Mapping[int, Mapping[int, _Word]]
) -> Iterator[tuple[int, _Word]]:
    """Yield the places of joints, each with the word of the joint."""
    places = np.flatnonzero(among(numbers, np.array(sorted(spaced), np.intc)))
    for place, key in zip(places.tolist(), numbers[places].tolist(), strict=True):
        yield place, spaced[key]
    for mark, words in pairs.items():
        places = _places(numbers, mark)
        around = _pairs_at(numbers, places)
        known = among(around, np.array(sorted(words), np.int64))
        for place, key in zip(places[known].tolist(), around[known].tolist(), strict=True):
            yield place, words[key]


def _possible(mark: str, texts: Texts, places: Indices, words: Sequence[str]) -> Int64s:
    """Return the pairs of words around some places of a mark that may be one word, each once.

    Unknown words are left out where too little in their text may show that line ends part words.
    """
    around = _pairs_at(texts.numbers, places)
    pairs = distinct(around)
    if mark == HYPHEN:  # what is not one word keeps its hyphen
        return pairs
    verdicts = _verdicts_at_once(mark, pairs.tolist(), words)
    rows, owners = np.searchsorted(pairs, around), _owners(places, before(texts.sizes)[1:])
    likely = np.bincount(owners, weights=verdicts[rows] >= Verdict.EITHER)
    evident = likely >= np.bincount(owners) * EVIDENT
    least = np.full(len(pairs), Verdict.EITHER, np.int8)
    least[rows[evident[owners]]] = Verdict.UNKNOWN
    return pairs[verdicts >= least]


def _verdicts_at_once(mark: str, pairs: Iterable[int], words: Sequence[str]) -> Int8s:
    """Return the verdicts on pairs; words in Korean, which Kiwi decides on, are likely one."""
    names = (_words_of(pair, words) for pair in pairs)
    verdicts = (
        Verdict.EITHER if is_korean(left) else english_verdict(mark, left, right)
        for left, right in names
    )
    return np.fromiter(verdicts, np.int8)


def _words_of(pair: int, words: Sequence[str]) -> tuple[str, str]:
    return words[pair >> _WORD], words[pair & _LOW]


def _places(numbers: CInts, mark: int) -> Indices:
    """Return the places of a mark that has a word behind it, which a cut text may lack."""
    return np.flatnonzero(numbers[:-1] == mark)


def _pairs_at(numbers: CInts, places: Indices) -> Int64s:
    """Return the words before and behind some places, as numbers."""
    pairs = numbers[places - 1].astype(np.int64) << _WORD
    pairs |= numbers[places + 1]
    return pairs


def _owners(places: Indices, ends: Int64s) -> Indices:
    """Return the numbers of the texts, which have these ends, that some places are in."""
    return np.searchsorted(ends, places, side="right")
