"""Hints on words that hardly any passage has: a writer may have mistyped what the query mistypes.

The word is searched for as it is. On a clean text nearly all rare words are right, and most of
them, names above all, resemble some common word; so a hint is given for long words only, and for
a word of the dictionary that is very much commoner.
"""

from __future__ import annotations

from collections.abc import Callable

from index.analysis.hangul_keys import is_hangul

from .spelling import similar_words
from .vocabulary import Vocabulary

_SHORTEST_ENGLISH = 5  # letters: fewer are often a name in a program
# The word meant is in at least so many times as many passages.
_COMMONER = 20


def commoner_word(
    word: str, passages: int, vocabulary: Vocabulary, *, is_right: Callable[[str], bool]
) -> str:
    """Return what a word in so few passages may be a misspelling of, or "".

    `is_right` tells whether a word is of Korean or English; it is asked last, since it may load
    Kiwi.
    """
    is_korean = is_hangul(word)
    if not is_korean and len(word) < _SHORTEST_ENGLISH:
        return ""
    for similar in similar_words(word, vocabulary, edits=1):
        # As a term: 마지막과 is no word, and stands for 마지막.
        found = vocabulary.term_frequency(similar.word) if is_korean else similar.passages
        if found >= _COMMONER * passages:
            return similar.word if not is_right(word) and is_right(similar.word) else ""
    return ""
