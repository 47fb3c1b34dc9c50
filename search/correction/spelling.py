"""Words of the index that are similar to a mistyped word, the likeliest first.

Korean is compared key by key with the terms of the index and the words of its lexicon. English
terms are stems: the typed word is compared with a stem and every ending of English, and the best
stems are expanded to words, each of which has that very stem. Only words of documents are returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from itertools import islice
from math import log

from index.analysis import english_words
from index.analysis.hangul_keys import is_hangul, keys_of
from index.arrays.array_types import Int16s
from index.value import NamedTuple

from .edit_distance import MAX_KEYS, distances, ending_costs, stem_distances
from .vocabulary import Vocabulary
from .word_forms import ENDINGS, LONGEST_ENDING, word_forms, written_forms

# A shorter word is similar to too many.
_MIN_KEYS = 3
# Words of so many keys may have two mistyped keys.
_TWO_EDITS_KEYS = 7
# The greatest distance of a word, by the number of edits.
_MAX_DISTANCE = {1: 10, 2: 18}
# Candidates that are examined: those at most this much farther than the nearest, at most so many.
_MARGIN = 10
_MAX_CANDIDATES = 40
# The same for stems, which may differ in stem and ending.
_STEM_MARGIN = 12
# For so many stems, the likeliest, so many passages are read for the words they write.
_READ_STEMS = 6
_READ_PASSAGES = 4
# A form of a stem that was meant and that no passage read has is this much farther.
_UNSEEN = 2
_INFINITE = 10_000


class SimilarWord(NamedTuple):
    """A word of the index, its edit distance from the typed word, and its passage frequency."""

    word: str
    distance: int
    passages: int

    @property
    def rank(self) -> float:
        """The sort key: a distance of 1 outweighs e (2.7) times as many passages."""
        return self.distance - log(self.passages + 1)


def similar_words(
    typed: str, vocabulary: Vocabulary, *, edits: int | None = None
) -> list[SimilarWord]:
    """Return the words of the documents that are similar, the best first.

    Words at one edit are tried before those at two, which only longer words may have unless
    `edits` says so. Empty for a word of mixed or other scripts, and for one that is too long.
    """
    keys = keys_of(typed)
    is_korean = is_hangul(typed)
    is_word = keys.isascii() and keys.isalpha() and (is_korean or typed.isascii())
    if not is_word or not is_comparable(keys):
        return []
    search = _korean if is_korean else _english
    for count in range(1, (edits or 1 + (len(keys) >= _TWO_EDITS_KEYS)) + 1):
        similar = search(keys, vocabulary, count)
        found = [word for word in similar if word.word != typed]
        if found:
            return sorted(found, key=lambda word: word.rank)
    return []


def is_comparable(keys: str) -> bool:
    """Return whether a word is compared with others, given its keys: neither short nor long."""
    return _MIN_KEYS <= len(keys) <= MAX_KEYS


def _korean(keys: str, vocabulary: Vocabulary, edits: int) -> Iterator[SimilarWord]:
    frequencies = vocabulary.similar_hangul(keys, edits=edits)
    found = distances(keys, list(map(keys_of, frequencies)))
    near = _nearest(frequencies, found, _MAX_DISTANCE[edits], _MARGIN)
    vocabulary.expect_words(word for word, _ in near)
    for word, distance in near:
        passages = vocabulary.word_frequency(word)
        if passages:
            yield SimilarWord(word, distance, passages)


def _english(keys: str, vocabulary: Vocabulary, edits: int) -> Iterator[SimilarWord]:
    typed = keys.lower()
    frequencies = vocabulary.similar_stems(typed, edits=edits, longest_ending=LONGEST_ENDING)
    found = stem_distances(typed, list(frequencies), ending_costs(typed, ENDINGS))
    most = _MAX_DISTANCE[edits] + _STEM_MARGIN
    stems = [word for word, _ in _nearest(frequencies, found, most, _STEM_MARGIN)]
    best = dict(islice(_best_forms(typed, stems, vocabulary, edits).items(), _READ_STEMS))
    texts = vocabulary.texts_with(list(best), most=_READ_PASSAGES)
    for (stem, word), own in zip(best.items(), texts, strict=True):
        written = _as_written(typed, word, written_forms(stem, own))
        if written is not None and written.distance <= _MAX_DISTANCE[edits]:
            yield written


def _best_forms(
    typed: str, stems: Iterable[str], vocabulary: Vocabulary, edits: int
) -> dict[str, SimilarWord]:
    """Return the most similar word of each stem, the likeliest stem first."""
    forms = {
        form: stem for stem in stems for form in word_forms(stem, length=len(typed), slack=edits)
    }
    compared = zip(forms, distances(typed, list(forms)).tolist(), strict=True)
    near = [(form, distance) for form, distance in compared if distance <= _MAX_DISTANCE[edits]]
    vocabulary.expect(forms[form] for form, _ in near)
    found = [
        (SimilarWord(form, distance, vocabulary.term_frequency(forms[form])), forms[form])
        for form, distance in near
    ]
    best: dict[str, SimilarWord] = {}
    for word, stem in sorted(found, key=lambda pair: pair[0].rank):
        best.setdefault(stem, word)
    return best


def _as_written(typed: str, likeliest: SimilarWord, words: Iterable[str]) -> SimilarWord | None:
    """Return the nearest of the words that passages write for a stem, None if they write none.

    If its `likeliest` form is nearer and a word, that distance counts: stratgeies means strategies
    where only strategy is written, but nobody means hanoiness.
    """
    written = list(words)
    found = zip(distances(typed, written).tolist(), written, strict=True)
    distance, form = min(found, default=(_INFINITE, ""))
    if not form:
        return None
    if likeliest.distance + _UNSEEN < distance and english_words.frequency(likeliest.word):
        distance = likeliest.distance + _UNSEEN
    return SimilarWord(form, distance, likeliest.passages)


def _nearest(
    frequencies: Mapping[str, int], found: Int16s, most: int, margin: int
) -> list[tuple[str, int]]:
    """Return the words that are near enough to be examined, with their distances."""
    limit = min(most, int(found.min(initial=_INFINITE)) + margin)
    near = [
        (distance - log(frequency + 1), word, distance)
        for (word, frequency), distance in zip(frequencies.items(), found.tolist(), strict=True)
        if distance <= limit
    ]
    return [(word, distance) for _, word, distance in nsmallest(_MAX_CANDIDATES, near)]
