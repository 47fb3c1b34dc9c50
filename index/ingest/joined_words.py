"""Joins the words of joints in texts as word ids: the ids of 정상회, ⏎ and 담에서 become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import numpy as np

from ..analysis.joints import (
    HYPHEN,
    LINE_END,
    MARKS,
    Joint,
    Verdict,
    is_joint,
    joined,
    joint_of,
    whole,
)
from ..analysis.word_ids import Texts
from ..arrays.array_types import CInts, Indices
from ..arrays.ragged import among

# Word ids: of the mark with the words before and behind it, or of the joint that a spaced word is.
_Key: TypeAlias = tuple[int, ...]
Verdicts: TypeAlias = Callable[[Iterable[str]], Mapping[str, Verdict]]

_WORD = 32  # bits of a word id in the number of a pair
_LOW = (1 << _WORD) - 1
_NONE = -1


class _Word(NamedTuple):
    """A joint whose words may be joined, and the id of the word that they then are."""

    joint: Joint
    verdict: Verdict
    number: int


class JoinedWords:
    """The joints in some texts."""

    def __init__(self) -> None:
        self._marks: dict[int, str] = {}
        self._joints: dict[_Key, str] = {}

    def define(self, words: Sequence[str], start: int) -> None:
        """Note which of the next words, whose ids begin at `start`, are joints."""
        for number, word in enumerate(words, start):
            if is_joint(word):
                if word in MARKS:
                    self._marks[number] = word
                else:
                    self._joints[number,] = word

    def add(self, texts: Texts, words: Sequence[str]) -> list[str]:
        """Return the joints at line ends that no texts before had."""
        new: dict[_Key, str] = {}
        for mark, name in self._marks.items():
            places = np.flatnonzero(texts.numbers[:-1] == mark)
            for pair in _distinct_pairs(texts, places[places > 0]):
                left, right = pair >> _WORD, pair & _LOW
                key = (mark, left, right)
                if key not in self._joints:
                    new[key] = joint_of(name, (words[left], words[right]))
        self._joints |= new
        return list(new.values())

    def joining(
        self,
        verdicts: Verdicts,
        ids_of: Callable[[Sequence[str]], Sequence[int]],
    ) -> Callable[[Texts], Texts]:
        """Return a function that joins the words of texts; `ids_of` gives the ids of new words."""
        known = verdicts(self._joints.values())
        found = {
            key: (name, known.get(name, Verdict.APART))
            for key, name in self._joints.items()
            if name in known or name.startswith(HYPHEN)
        }
        numbers = ids_of([whole(name, verdict) for name, verdict in found.values()])
        words = {
            key: _Word(Joint(name, 0, name.count(" ") + 2 - (len(key) == 1)), verdict, number)
            for (key, (name, verdict)), number in zip(found.items(), numbers, strict=True)
        }
        marks = np.array(sorted({key[0] for key in words}), np.intc)
        line_end = next((n for n, mark in self._marks.items() if mark == LINE_END), _NONE)
        return lambda texts: _joined(texts, marks, line_end, words) if words else texts


def _joined(texts: Texts, marks: CInts, line_end: int, words: Mapping[_Key, _Word]) -> Texts:
    """Return texts with joined words: their first word is the whole, the others its mark."""
    numbers = texts.numbers.copy()
    places = np.flatnonzero(among(numbers, marks))
    owners = np.searchsorted(np.cumsum(texts.sizes), places, side="right")
    line_ends = np.bincount(owners[numbers[places] == line_end], minlength=len(texts.sizes))
    found = list(_found(texts.numbers, places, owners, words))
    for owner, group in groupby(found, key=itemgetter(0)):
        by_joint = {word.joint: word for _, word in group}
        verdicts = [(joint, word.verdict) for joint, word in by_joint.items()]
        for joint, _ in joined(verdicts, int(line_ends[owner])):
            numbers[joint.first + 2 : joint.first + joint.size] = numbers[joint.first + 1]
            numbers[joint.first] = by_joint[joint].number
    return Texts(numbers, texts.sizes)


def _found(
    numbers: CInts, places: Indices, owners: Indices, words: Mapping[_Key, _Word]
) -> Iterator[tuple[int, _Word]]:
    """Yield the words of the joints at some places, each with the number of its text."""
    around = (places, places - 1, np.minimum(places + 1, len(numbers) - 1))
    keys = zip(*(numbers[place].tolist() for place in around), strict=True)
    for place, owner, key in zip(places.tolist(), owners.tolist(), keys, strict=True):
        word = words.get(key) or words.get(key[:1])
        if word is not None:
            yield owner, word._replace(joint=word.joint._replace(first=place - 1))


def _distinct_pairs(texts: Texts, places: Indices) -> list[int]:
    """Return the pairs of the words before and behind some places, as numbers."""
    pairs = texts.numbers[places - 1].astype(np.int64) << _WORD
    pairs |= texts.numbers[places + 1]
    return sorted(set(pairs.tolist()))
