"""Entries of the bridge: a Korean and an English term, a weight and a source; and their keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from ..analysis.alphanumeric import atom_parts
from ..analysis.english import STOP_WORDS, stem
from ..analysis.normalize import named_form
from ..analysis.tokenizer import words
from ..analysis.word import Role
from ..value import NamedTuple

WEIGHT_DIGITS = 4

# Terms of the longest key looked up; the names of offices are among the longest.
LONGEST_KEY = 8
# Texts, and words, whose terms are cached: a query needs those of an entry several times, and a
# glossary repeats its words.
_CACHE_SIZE = 10_000

_CAPITALS = re.compile("[A-Z]{2,}")


class Source(StrEnum):
    """The source of an entry, the most trusted first."""

    USER = "user"
    PARALLEL = "parallel documents"
    GLOSS = "gloss"
    GENERAL = "glossary"
    NAME = "sound"
    SYNONYM = "synonym"


# What no build can learn again.
OF_THE_USER = frozenset({Source.USER, Source.SYNONYM})


class Entry(NamedTuple):
    """A Korean and an English term that translate each other, in their usual spelling.

    Those of a synonym are of one language, and no translation finds them. `weight` is above 0 and
    at most 1, the best; 0 removes the pair for good.
    """

    korean: str
    english: str
    weight: float
    source: Source


def heavier(known: Entry, other: Entry) -> Entry:
    """Return `known` with the higher weight of two entries; a user's entry keeps its weight."""
    if known.source in OF_THE_USER or known.weight >= other.weight:
        return known
    return known._replace(weight=other.weight)


def merge_entries(table: Sequence[Entry], general: Sequence[Entry]) -> list[Entry]:
    """Return the entries of an index merged with the general glossary, sorted by their terms."""
    found = _merged(general, {(entry.korean, entry.english): entry for entry in table})
    return [found[terms] for terms in sorted(found)]


def deduplicate(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one entry for each pair of terms, sorted by terms, with weights as a table has them.

    It is the first of the pair, with the weight of the heaviest unless the user gave it.
    """
    found = _merged(entries, {})
    return tuple(_rounded(found[terms]) for terms in sorted(found))


def _merged(
    entries: Iterable[Entry], found: dict[tuple[str, str], Entry]
) -> dict[tuple[str, str], Entry]:
    for entry in entries:
        terms = (entry.korean, entry.english)
        found[terms] = heavier(found[terms], entry) if terms in found else entry
    return found


def _rounded(entry: Entry) -> Entry:
    weight = round(entry.weight, WEIGHT_DIGITS)
    return entry if weight == entry.weight else entry._replace(weight=weight)


def korean_key(text: str) -> str:
    """Return the key of Korean words: their letters, without spaces."""
    return "".join(words(named_form(text)))


def english_key(text: str) -> str:
    """Return the key of English words: their terms, or their stems if all are stop words."""
    terms = " ".join(term for term, _ in english_terms(text))
    return terms or " ".join(map(stem, words(named_form(text))))


@lru_cache(maxsize=_CACHE_SIZE)
def english_terms(text: str) -> tuple[tuple[str, str], ...]:
    """Return the index terms of English words without stop words, each with its surface form.

    A word with hyphens gives several. US and WHO in capitals are names, not stop words.
    """
    names = set(_CAPITALS.findall(text))
    return tuple(
        term
        for word in words(named_form(text))
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
