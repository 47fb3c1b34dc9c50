"""Missing spaces within a word, and spaces within what is one word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import chain
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
    if not _may_be_split(word):
        return ()
    vocabulary.expect_words(pieces(word))
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


def pieces(word: str) -> Iterator[str]:
    """Yield what `split` may ask the frequency of."""
    if _may_be_split(word):
        for start in range(len(word)):
            for end in range(start + 1, min(len(word), start + _MAX_PIECE) + 1):
                if _may_be_piece(word[start:end], first=not start):
                    yield word[start:end]


def _may_be_split(word: str) -> bool:
    return len(word) <= _MAX_WORD and (is_hangul(word) or _is_latin(word))


def _may_be_piece(piece: str, *, first: bool) -> bool:
    shortest = _MIN_LATIN if piece.isascii() else _MIN_HANGUL
    return len(piece) >= shortest or (not first and piece in _SUFFIXES)


def _cost(piece: str, vocabulary: Vocabulary, *, first: bool) -> float | None:
    if not _may_be_piece(piece, first=first):
        return None
    passages = vocabulary.word_frequency(piece)
    if not passages:
        return None
    return _PIECE_COST + log(vocabulary.size + 1) - log(passages + 1)


def joinable_runs(
    words: Sequence[str], vocabulary: Vocabulary, *, unmatched: Set[str]
) -> list[tuple[int, int]]:
    """Return the runs of neighbouring words that are one known word, as (start, end), in order.

    Runs do not overlap: longer ones are taken first, then earlier ones. A run has an unmatched
    word, and an unknown one unless all but one of it are single syllables.
    """
    runs = [
        (start, start + size)
        for size in range(min(len(words), _MAX_PIECES), 1, -1)
        for start in range(len(words) - size + 1)
        if not unmatched.isdisjoint(words[start : start + size])
    ]
    joined = ("".join(words[start:end]) for start, end in runs)
    vocabulary.expect_words(chain(words, joined))
    found: list[tuple[int, int]] = []
    free = [True] * len(words)
    for start, end in runs:
        run = words[start:end]
        if not all(free[start:end]):
            continue
        if _may_be_one(run, vocabulary) and vocabulary.word_frequency("".join(run)):
            found.append((start, end))
            free[start:end] = [False] * len(run)
    return sorted(found)


def _may_be_one(run: Sequence[str], vocabulary: Vocabulary) -> bool:
    is_korean = all(map(is_hangul, run))
    if is_korean and sum(len(piece) > 1 for piece in run) <= 1:
        return True
    is_one_script = is_korean or all(map(_is_latin, run))
    return is_one_script and not all(map(vocabulary.word_frequency, run))


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha()
