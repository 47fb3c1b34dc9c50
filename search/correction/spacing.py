"""Spaces that are missing in a word, or that stand where none belongs."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from math import log

from .hangul_keys import is_hangul
from .vocabulary import Vocabulary

# A piece of fewer letters stands in too many words by chance: 이 and 적, an and is.
_SHORTEST_HANGUL = 2
_SHORTEST_LATIN = 3
# Syllables that stand behind nouns so often that they count as words of their own.
_SUFFIXES = frozenset("적 간 별 국 청 장 법 권 론 성 화 력 식 급 형 용 측 들".split())  # noqa: SIM905 - a list of words reads as prose
# What one more piece costs, beside how rare it is, as the logarithm of a share of all passages.
_PIECE = 2.0
_LONGEST_PIECE = 24
_LONGEST_WORD = 64
_MOST_PIECES = 8


@dataclass(frozen=True, slots=True)
class Joined:
    """Neighbours of a query, from `first` up to `behind`, that are one word: `word`."""

    first: int
    behind: int
    word: str


def split(word: str, vocabulary: Vocabulary, *, least: int = 1) -> tuple[str, ...]:
    """Return the fewest and most frequent known words that a word is made of; none if it is not.

    Each is in at least so many passages. One piece is not an answer.
    """
    if len(word) > _LONGEST_WORD or not (is_hangul(word) or _is_latin(word)):
        return ()
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ()), *([None] * len(word))]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_PIECE), end):
            before = best[start]
            if before is None or (start, end) == (0, len(word)) or len(before[1]) >= _MOST_PIECES:
                continue
            cost = _cost(word[start:end], vocabulary, least=least, first=not start)
            so_far = best[end]
            if cost is not None and (so_far is None or before[0] + cost < so_far[0]):
                best[end] = before[0] + cost, (*before[1], word[start:end])
    found = best[-1]
    return found[1] if found else ()


def _cost(piece: str, vocabulary: Vocabulary, *, least: int, first: bool) -> float | None:
    shortest = _SHORTEST_LATIN if piece.isascii() else _SHORTEST_HANGUL
    if len(piece) < shortest and (first or piece not in _SUFFIXES):
        return None
    passages = vocabulary.passages_of(piece)
    if passages < least:
        return None
    return _PIECE + log(vocabulary.snapshot.size + 1) - log(passages + 1)


def joined(
    words: Sequence[str], vocabulary: Vocabulary, *, lacking: Set[str], least: int = 1
) -> list[Joined]:
    """Return runs of neighbours each of which is one known word, in order; none share a piece.

    Longer runs come before shorter ones, of like length the first. One of the pieces at least is
    unknown, or all of them but one are single syllables; one at least is `lacking`.
    """
    found: dict[int, Joined] = {}
    free = [True] * len(words)
    for size in range(min(len(words), _MOST_PIECES), 1, -1):
        for first in range(len(words) - size + 1):
            behind = first + size
            run = words[first:behind]
            if lacking.isdisjoint(run) or not all(free[first:behind]):
                continue
            word = "".join(run)
            if _may_be_one(run, vocabulary) and vocabulary.passages_of(word) >= least:
                found[first] = Joined(first, behind, word)
                free[first:behind] = [False] * size
    return [found[first] for first in sorted(found)]


def _may_be_one(run: Sequence[str], vocabulary: Vocabulary) -> bool:
    is_one_script = all(map(is_hangul, run))
    if is_one_script and sum(len(piece) > 1 for piece in run) <= 1:
        return True
    is_one_script = is_one_script or all(map(_is_latin, run))
    return is_one_script and not all(map(vocabulary.passages_of, run))


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()
