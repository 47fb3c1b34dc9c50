"""Keys of Korean and English terms, under which the bridge finds them."""

from __future__ import annotations

import re
from functools import lru_cache

from ..analysis.alphanumeric import atom_parts
from ..analysis.english import STOP_WORDS, stem
from ..analysis.normalize import normal_form
from ..analysis.tokenizer import words
from ..analysis.word import Role

# Terms of the longest key looked up; the names of offices are among the longest.
LONGEST_KEY = 8
# Texts, and words, whose terms are cached: a query needs those of an entry several times, and a
# glossary repeats its words.
_CACHE_SIZE = 10_000

_CAPITALS = re.compile("[A-Z]{2,}")


def korean_key(text: str) -> str:
    """Return the key of Korean words: their letters, without spaces."""
    return "".join(words(normal_form(text)))


def english_key(text: str) -> str:
    """Return the key of English words: their terms, or their stems if all are stop words."""
    terms = " ".join(term for term, _ in english_terms(text))
    return terms or " ".join(map(stem, words(normal_form(text))))


@lru_cache(maxsize=_CACHE_SIZE)
def english_terms(text: str) -> tuple[tuple[str, str], ...]:
    """Return the index terms of English words without stop words, each with its surface form.

    A word with hyphens gives several. US and WHO in capitals are names, not stop words.
    """
    names = set(_CAPITALS.findall(text))
    return tuple(
        term
        for word in words(normal_form(text))
        if word not in STOP_WORDS or word.upper() in names
        for term in _terms_of(word)
    )


@lru_cache(maxsize=_CACHE_SIZE)
def _terms_of(word: str) -> tuple[tuple[str, str], ...]:
    parts, _ = atom_parts(word)
    primary = [part for part in parts if part.role is Role.PRIMARY]
    return tuple((part.term, word[part.start : part.end]) for part in primary) or (
        (stem(word), word),
    )
