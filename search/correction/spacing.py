"""Missing spaces within a word, and spaces within what is one word."""

from __future__ import annotations

from collections.abc import Sequence, Set
from math import log

from index.analysis.hangul_keys import is_hangul

from .vocabulary import Vocabulary

# Shorter pieces are in too many words by chance: 이 and 적, an and is.
_MIN_HANGUL = 2
_MIN_LATIN = 3
# Syllables that follow nouns so often that they count as words of their own.
_SUFFIXES = frozenset("적 간 별 국 청 장 법 권 론 성 화 력 식 급 형 용 측 들".split())  # noqa: SIM905 - a list of words reads as prose
# The cost of one more piece, beside its rarity: minus the logarithm of its share of the passages.
_PIECE_COST = 2.0
_MAX_PIECE = 24
_MAX_WORD = 64
_MAX_PIECES = 8


def split(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the fewest and most frequent words, two at least, that a word consists of, or none."""
    if len(word) > _MAX_WORD or not (is_hangul(word) or _is_latin(word)):
        return ()
    best: list[tuple[float, tuple[str, ...]] | None] = [(0.0, ()), *([None] * len(word))]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _MAX_PIECE), end):
            before = best[start]
            if before is None or (start, end) == (0, len(word)) or len(before[1]) >= _MAX_PIECES:
                continue
            piece = word[start:end]
            cost = _cost(piece, vocabulary, first=not start)
            known = best[end]
            if cost is not None and (known is None or before[0] + cost < known[0]):
                best[end] = before[0] + cost, (*before[1], piece)
    found = best[-1]
    return found[1] if found else ()


def _cost(piece: str, vocabulary: Vocabulary, *, first: bool) -> float | None:
    shortest = _MIN_LATIN if piece.isascii() else _MIN_HANGUL
    if len(piece) < shortest and (first or piece not in _SUFFIXES):
        return None
    passages = vocabulary.word_frequency(piece)
    if not passages:
        return None
    return _PIECE_COST + log(vocabulary.snapshot.size + 1) - log(passages + 1)


def joinable_runs(
    words: Sequence[str], vocabulary: Vocabulary, *, unmatched: Set[str]
) -> list[tuple[int, int]]:
    """Return the runs of neighbouring words that are one known word, as (start, end), in order.

    Runs do not overlap: longer ones are taken first, then earlier ones. A run has an unmatched
    word, and an unknown one unless all but one of it are single syllables.
    """
    found: list[tuple[int, int]] = []
    free = [True] * len(words)
    for size in range(min(len(words), _MAX_PIECES), 1, -1):
        for start in range(len(words) - size + 1):
            end = start + size
            run = words[start:end]
            if unmatched.isdisjoint(run) or not all(free[start:end]):
                continue
            word = "".join(run)
            if _may_be_one(run, vocabulary) and vocabulary.word_frequency(word):
                found.append((start, end))
                free[start:end] = [False] * size
    return sorted(found)


def _may_be_one(run: Sequence[str], vocabulary: Vocabulary) -> bool:
    is_korean = all(map(is_hangul, run))
    if is_korean and sum(len(piece) > 1 for piece in run) <= 1:
        return True
    is_one_script = is_korean or all(map(_is_latin, run))
    return is_one_script and not all(map(vocabulary.word_frequency, run))


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()
