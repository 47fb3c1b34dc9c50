"""How the words of a query were read, for its results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .pipeline import QueryTerms
from .query.words import QueryWord
from .results import Bridged, ReadAs, ReadWord


def words_read(query_terms: QueryTerms, read_as: Iterable[ReadAs]) -> tuple[ReadWord, ...]:
    """Return how each word of a query was read, in order, each once; patterns are left out.

    Words that were corrected together are one. The heaviest translations come first.
    """
    corrections = {word: read for read in read_as for word in read.understood.split()}
    translations: dict[str, dict[Bridged, None]] = {}
    for each in sorted(query_terms.translations, key=lambda each: -each.through.weight):
        translations.setdefault(each.term, {})[each.through] = None
    by_reading: dict[tuple[str, str], list[QueryWord]] = {}
    for word in query_terms.all_words:
        read = corrections.get(word.typed)
        reading = (read.typed, read.understood) if read else (word.typed, word.typed)
        by_reading.setdefault(reading, []).append(word)
    return tuple(_read_word(*reading, words, translations) for reading, words in by_reading.items())


def _read_word(
    typed: str,
    understood: str,
    words: Iterable[QueryWord],
    translations: Mapping[str, Mapping[Bridged, None]],
) -> ReadWord:
    terms = dict.fromkeys(term for word in words if word.asked for term in word.terms)
    bridged = dict.fromkeys(each for term in terms for each in translations.get(term, ()))
    return ReadWord(typed, understood, tuple(terms), tuple(bridged))
