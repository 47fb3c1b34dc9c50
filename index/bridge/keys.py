"""The keys by which Korean and English terms are found in the bridge."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..analysis.alphanumeric import atom_parts
from ..analysis.english import STOP_WORDS, stem
from ..analysis.normalize import normal_form
from ..analysis.tokenizer import words
from ..analysis.word import Role

# Terms of the longest key that is looked up; names of offices are longer than most.
LONGEST_KEY = 8
# Texts, and words, whose terms are remembered: a query asks for those of an entry several times,
# and the words of a glossary are few beside its entries.
_MOST_KNOWN = 10_000

_CAPITALS = re.compile("[A-Z]{2,}")


def korean_key(text: str) -> str:
    """Return what Korean words are found by."""
    return "".join(words(normal_form(text)))


def english_key(text: str) -> str:
    """Return what English words are found by."""
    found = [term for term, _ in english_terms(text)]
    return " ".join(found) or joined_stems(words(normal_form(text)))


@lru_cache(maxsize=_MOST_KNOWN)
def english_terms(text: str) -> tuple[tuple[str, str], ...]:
    """Return the terms of English words that carry a subject, each with what it is written as.

    They are those of the index: a word with hyphens is several; US and WHO in capitals are names.
    """
    names = set(_CAPITALS.findall(text))
    return tuple(
        term
        for word in words(normal_form(text))
        if word not in STOP_WORDS or word.upper() in names
        for term in _terms_of(word)
    )


@lru_cache(maxsize=_MOST_KNOWN)
def _terms_of(word: str) -> tuple[tuple[str, str], ...]:
    parts, _ = atom_parts(word)
    found = tuple(
        (part.term, word[part.start : part.end]) for part in parts if part.role is Role.PRIMARY
    )
    return found or ((stem(word), word),)


def joined_stems(found: Iterable[str]) -> str:
    """Return the key of some words, one after the other."""
    return " ".join(map(stem, found))
