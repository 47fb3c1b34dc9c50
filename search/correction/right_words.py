"""Which words that no passage has are right all the same, and so are never taken for others.

Whoever asks for 임차인 does not mean 임대인, the word that the documents have: a word of a
dictionary is what its writer meant.
"""

from __future__ import annotations

from index.analysis import english_words
from index.analysis.analyzer import Analyzer
from index.analysis.hangul_keys import is_hangul
from index.analysis.normalize import normal_form


def is_right_word(typed: str, analyzer: Analyzer) -> bool:
    """Return whether a word is of Korean or English; loads Kiwi for Korean ones."""
    word = normal_form(typed)
    return analyzer.korean.is_word(word) if is_hangul(word) else english_words.frequency(word) > 0


def is_name(typed: str) -> bool:
    """Return whether a word has the capital letter of a name: these stand in no dictionary."""
    return typed[:1].isupper()
