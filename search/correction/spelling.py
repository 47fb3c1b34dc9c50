"""Words of the index that a mistyped word may have been meant for, the likeliest first.

Korean is compared key by key, with the terms of the index and the words of its lexicon. English
terms are stems: a typed word is compared with a stem and every ending that English words have, and
the best of these are written out as words, each of which has that very stem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from math import log

from index.arrays.array_types import Int16s, Int64s

from .edit_distance import LONGEST, distances, head_distances, tail_costs
from .hangul_keys import is_hangul, keys_of
from .term_scan import TermScan
from .vocabulary import Vocabulary
from .word_forms import ENDINGS, INFLECTIONS, LONGEST_ENDING, word_forms, written_forms

# A shorter word is too near to too many.
_SHORTEST_KEYS = 3
# Words of so many keys may have two slips.
_TWO_SLIPS = 7
# The farthest that a word may be, by how many slips are allowed.
_MOST = {1: 10, 2: 18}
# So far behind the nearest may what is looked at closely be, and so many words of each kind are.
_MARGIN = 10
_LOOKED_AT = 40
# The same for stems, of which a slip may touch stem and ending.
_OF_HEADS = 12
# English words of the first few stems are looked for in the documents; one that only the rules of
# English make counts as so much farther.
_CONFIRMED = 6
_UNSEEN = 5
_UNSEEN_INFLECTED = 2
_FAR = 10_000
# A distance of so much outweighs a word that stands in e times (2.7) as many passages.
_PER_E = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """A word near to what was typed: how far, and how many passages hold it."""

    word: str
    distance: int
    passages: int

    @property
    def rank(self) -> float:
        """What the nearest and most frequent word has least of."""
        return self.distance / _PER_E - log(self.passages + 1)


def near_words(
    typed: str, vocabulary: Vocabulary, *, least: int = 1, slips: int | None = None
) -> list[Near]:
    """Return the words in at least so many passages that are near to a typed word, best first.

    One slip of a key is tried before two. Empty for what is no word of one script, or too long.
    """
    keys = keys_of(typed)
    hangul = is_hangul(typed)
    if not _SHORTEST_KEYS <= len(keys) <= LONGEST or not (keys.isascii() and keys.isalpha()):
        return []
    if not hangul and not typed.isascii():
        return []
    search = _korean if hangul else _english
    for count in range(1, (slips or _slips(keys)) + 1):
        near_by = search(keys, vocabulary, count)
        found = [near for near in near_by if near.passages >= least and near.word != typed]
        if found:
            return sorted(found, key=lambda near: near.rank)
    return []


def _slips(keys: str) -> int:
    return 2 if len(keys) >= _TWO_SLIPS else 1


def _korean(keys: str, vocabulary: Vocabulary, slips: int) -> Iterator[Near]:
    shelves = (*vocabulary.term_scans, *vocabulary.words)
    sizes = _sizes((shelf, shelf.hangul.near(keys, slips=slips)) for shelf in shelves)
    far = distances(keys, list(map(keys_of, sizes)))
    for word, distance in _nearest(sizes, far, _MOST[slips], _MARGIN):
        passages = vocabulary.passages_of(word)
        if passages:
            yield Near(word, distance, passages)


def _english(keys: str, vocabulary: Vocabulary, slips: int) -> Iterator[Near]:
    typed = keys.lower()
    sizes = _sizes(
        (shelf, shelf.latin.heads(typed, slips=slips, longest_tail=LONGEST_ENDING))
        for shelf in vocabulary.term_scans
    )
    far = head_distances(typed, list(sizes), tail_costs(typed, ENDINGS))
    stems = [word for word, _ in _nearest(sizes, far, _MOST[slips] + _OF_HEADS, _OF_HEADS)]
    best = _best_forms(typed, stems, vocabulary, slips)
    for place, (stem, near) in enumerate(best.items()):
        is_first = place < _CONFIRMED
        yield _confirmed(typed, stem, near, vocabulary) if is_first else _doubted(near, stem)


def _best_forms(
    typed: str, stems: Iterable[str], vocabulary: Vocabulary, slips: int
) -> dict[str, Near]:
    """Return for each stem the word of it that is nearest, the likeliest stem first."""
    forms = {
        form: stem for stem in stems for form in word_forms(stem, length=len(typed), slack=slips)
    }
    found = [
        (Near(form, far, vocabulary.passages(stem)), stem)
        for (form, stem), far in zip(
            forms.items(), distances(typed, list(forms)).tolist(), strict=True
        )
        if far <= _MOST[slips]
    ]
    best: dict[str, Near] = {}
    for near, stem in sorted(found, key=lambda pair: pair[0].rank):
        best.setdefault(stem, near)
    return best


def _confirmed(typed: str, term: str, near: Near, vocabulary: Vocabulary) -> Near:
    """Return the nearest of the words that passages write for a term, or a word of the rules'."""
    written = list(written_forms(vocabulary.snapshot, term))
    far = distances(typed, written).tolist() if written else []
    nearest, form = min(zip(far, written, strict=True), default=(_FAR, ""))
    if nearest <= near.distance + _UNSEEN:
        return Near(form, nearest, near.passages)
    return _doubted(near, term)


def _doubted(near: Near, term: str) -> Near:
    """Return a word that no document was seen to have as so much farther."""
    is_inflected = near.word.removeprefix(term) in INFLECTIONS
    farther = _UNSEEN_INFLECTED if is_inflected else _UNSEEN
    return Near(near.word, near.distance + farther, near.passages)


def _sizes(found: Iterable[tuple[TermScan, Int64s]]) -> dict[str, int]:
    """Return words of several dictionaries with how many passages hold each, roughly."""
    sizes: dict[str, int] = {}
    for shelf, numbers in found:
        for word, size in zip(shelf.words(numbers), shelf.sizes(numbers).tolist(), strict=True):
            sizes[word] = sizes.get(word, 0) + size
    return sizes


def _nearest(
    sizes: Mapping[str, int], far: Int16s, most: int, margin: int
) -> list[tuple[str, int]]:
    """Return the words that are near enough to be looked at, with how far each is."""
    nearest = int(far.min(initial=_FAR))
    close = [
        (distance / _PER_E - log(size + 1), word, distance)
        for (word, size), distance in zip(sizes.items(), far.tolist(), strict=True)
        if distance <= min(most, nearest + margin)
    ]
    return [(word, distance) for _, word, distance in nsmallest(_LOOKED_AT, close)]
