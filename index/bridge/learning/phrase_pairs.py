"""Extracts phrase pairs: n-grams of words that are translated as one (Och and Ney 2004).

A Korean and an English n-gram are consistent if every link of the one ends in the other and the
reverse. The links of a line form groups, its connected components; so two n-grams are consistent
if both have whole groups, and the same ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ...arrays.array_types import Floats, Int64s, Mask, UInt64s
from ...arrays.ids import numbered
from ...arrays.ragged import before, changes, distinct, range_indices
from .model1 import Links
from .term_units import ContentTerms, TokenizedLines

_Number = TypeVar("_Number", bound=np.generic)

# A link counts if its posterior in either direction is this high.
_MIN_POSTERIOR = 0.4
_MAX_KOREAN, _MAX_ENGLISH = 3, 4  # tokens of a phrase
_MIN_PAIRS = 2
# Added to the frequencies of both phrases, as for single words.
_SMOOTHING = 1.0
# The increment and a multiplier of SplitMix64, which spread neighbouring numbers far apart.
_SCATTER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class PhrasePairs:
    """Phrases that translate each other, one of them longer than a word; same id, same text."""

    korean: Sequence[str]
    english: Sequence[str]
    korean_ids: Int64s
    english_ids: Int64s
    weights: Floats


def phrase_pairs(
    korean: TokenizedLines,
    english: TokenizedLines,
    terms: tuple[ContentTerms, ContentTerms],
    links: Links,
    *,
    least: float,
) -> PhrasePairs:
    """Return the consistent pairs that occur twice or more and weigh `least` or more."""
    groups = _link_groups(terms, links)
    # Korean nouns are written as their terms, inflected verbs are not.
    is_uninflected = korean.flags(token.text == token.term for token in korean.vocabulary)
    is_whole_word = english.flags(token.begins and token.ends for token in english.vocabulary)
    ours = _phrases(korean, terms[0].positions, groups[0], is_uninflected, _MAX_KOREAN)
    theirs = _phrases(english, terms[1].positions, groups[1], is_whole_word, _MAX_ENGLISH)
    base = max(len(theirs.counts), 1)
    first, second = _consistent(ours, theirs)
    keys, pairs = np.unique(first * base + second, return_counts=True)
    one, other = keys // base, keys % base
    frequencies = (ours.counts[one] + _SMOOTHING) * (theirs.counts[other] + _SMOOTHING)
    weights = pairs / np.sqrt(frequencies)
    kept = (one >= ours.single_words) | (other >= theirs.single_words)
    kept &= (pairs >= _MIN_PAIRS) & (weights >= least)
    one, other = one[kept], other[kept]
    return PhrasePairs(ours.texts(one), theirs.texts(other), one, other, weights[kept])


@dataclass(frozen=True, slots=True)
class _LinkGroups:
    """For each content term: whether it is linked, and the size and the hash of its group.

    Only the first term of a group on either side has the last two, so that their sum over an
    n-gram with the whole group counts the group once.
    """

    is_linked: Mask
    sizes: Int64s
    hashes: UInt64s


def _link_groups(
    terms: tuple[ContentTerms, ContentTerms], links: Links
) -> tuple[_LinkGroups, _LinkGroups]:
    strong = (links.of_korean >= _MIN_POSTERIOR) | (links.of_english >= _MIN_POSTERIOR)
    korean, english = links.korean[strong], links.english[strong]
    # Connected components: each takes the name of its first Korean term.
    ours = np.arange(len(terms[0].sets.terms))
    theirs = np.full(len(terms[1].sets.terms), len(ours))
    while True:
        np.minimum.at(theirs, english, ours[korean])
        previous = ours.copy()
        np.minimum.at(ours, korean, theirs[english])
        if (ours == previous).all():
            return _one_side(ours, korean), _one_side(theirs, english)


def _one_side(names: Int64s, linked_terms: Int64s) -> _LinkGroups:
    """Return the groups of the terms of one side, by the names of their components."""
    is_linked = np.zeros(len(names), np.bool_)
    is_linked[linked_terms] = True
    linked = np.flatnonzero(is_linked)
    groups = names[linked]
    counts = np.bincount(groups)
    first = np.full(len(counts), -1)
    first[groups[::-1]] = linked[::-1]  # numpy keeps the last of several assignments
    found = np.flatnonzero(counts)
    sizes = np.zeros(len(names), np.int64)
    sizes[first[found]] = counts[found]
    hashes = np.zeros(len(names), np.uint64)
    hashes[first[found]] = _hashed(found)
    return _LinkGroups(is_linked, sizes, hashes)


def _hashed(numbers: Int64s) -> UInt64s:
    """Return hashes of numbers, whose sums practically never collide."""
    mixed = (numbers.astype(np.uint64) + np.uint64(1)) * _SCATTER
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX
    hashes: UInt64s = mixed ^ (mixed >> np.uint64(27))
    return hashes


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The n-grams of a language that have whole groups, one row for each occurrence.

    `ids` are the n-grams by number, unigrams first; `counts` are the frequencies of all n-grams,
    with whole groups or not.
    """

    lines: TokenizedLines
    starts: Int64s
    sizes: Int64s
    ids: Int64s
    hashes: UInt64s
    counts: Int64s

    @property
    def single_words(self) -> int:
        """The number of unigrams."""
        return len(self.lines.names)

    def texts(self, ids: Int64s) -> list[str]:
        """Return the most frequent surface form of each of some n-grams."""
        forms: dict[int, Counter[str]] = {number: Counter() for number in ids.tolist()}
        rows = np.flatnonzero(np.isin(self.ids, ids))
        # An n-gram has few forms, each of which is put together once.
        _, first, counts = np.unique(self._form_ids(rows), return_index=True, return_counts=True)
        for row, count in zip(rows[first].tolist(), counts.tolist(), strict=True):
            forms[int(self.ids[row])][self._form(row)] += count
        best = {
            number: max(texts, key=lambda text: (texts[text], text))
            for number, texts in forms.items()
        }
        return [best[number] for number in ids.tolist()]

    def _form_ids(self, rows: Int64s) -> Int64s:
        """Return equal numbers for rows of the same tokens."""
        starts, sizes = self.starts[rows], self.sizes[rows]
        form_ids = sizes
        for offset in range(int(sizes.max(initial=0))):
            tokens = self.lines.tokens.take(starts + offset, mode="clip")
            keys = form_ids * len(self.lines.vocabulary) + np.where(offset < sizes, tokens, 0)
            _, form_ids = numbered(keys)
        return form_ids

    def _form(self, row: int) -> str:
        start = int(self.starts[row])
        numbers = self.lines.tokens[start : start + int(self.sizes[row])].tolist()
        tokens = [self.lines.vocabulary[number] for number in numbers]
        return "".join(
            " " * (token.begins and offset > 0) + token.text for offset, token in enumerate(tokens)
        )


def _phrases(
    lines: TokenizedLines, positions: Int64s, groups: _LinkGroups, is_allowed: Mask, longest: int
) -> _Phrases:
    # Prefix sums, so that the sum over any n-gram is one subtraction.
    linked = before(_per_token(groups.is_linked, positions))
    needed = before(_per_token(groups.sizes, positions))
    hashes = np.append(np.uint64(0), np.cumsum(_per_token(groups.hashes, positions), dtype="u8"))
    forbidden, breaks = before(~is_allowed), before(_is_break(lines))
    counts: list[Int64s] = []
    found: list[tuple[Int64s, Int64s, Int64s, UInt64s]] = []
    for size, ids in enumerate(_ngrams(lines, longest), start=1):
        starts = np.arange(len(ids))
        ends = starts + size
        whole = linked[ends] - linked[starts] == needed[ends] - needed[starts]
        whole &= (linked[ends] > linked[ends - 1]) & (linked[starts + 1] > linked[starts])
        whole &= (forbidden[ends] == forbidden[starts]) & (breaks[ends - 1] == breaks[starts])
        starts, numbers = starts[whole], ids[whole] + sum(map(len, counts))
        counts.append(np.bincount(ids, minlength=len(lines.names) if size == 1 else 0))
        sizes = np.full(len(starts), size)
        found.append((starts, sizes, numbers, hashes[starts + size] - hashes[starts]))
    starts, sizes, ids, signs = (np.concatenate(column) for column in zip(*found, strict=True))
    return _Phrases(lines, starts, sizes, ids, signs, np.concatenate(counts))


def _ngrams(lines: TokenizedLines, longest: int) -> Iterator[Int64s]:
    """Yield, for n from 1 to `longest`, the id of the n-gram of terms that starts at each token."""
    ids = lines.terms
    yield ids
    for size in range(2, longest + 1):
        _, ids = numbered(ids[:-1] * len(lines.names) + lines.terms[size - 1 :])
        yield ids


def _per_token(values: NDArray[_Number], positions: Int64s) -> NDArray[_Number]:
    """Return the value of each token's content term, or 0 where it has none."""
    found = np.zeros(len(positions), values.dtype)
    known = positions >= 0
    found[known] = values[positions[known]]
    return found


def _is_break(lines: TokenizedLines) -> Mask:
    """Return whether a phrase has to end at each token: an ending follows, or the line ends."""
    begins = lines.flags(token.begins for token in lines.vocabulary)
    ends = lines.flags(token.ends for token in lines.vocabulary)
    breaks = np.append(ends[:-1] != begins[1:], True)[: len(begins)]
    breaks[np.cumsum(lines.sizes[lines.sizes > 0]) - 1] = True
    return breaks


def _consistent(ours: _Phrases, theirs: _Phrases) -> tuple[Int64s, Int64s]:
    """Return the ids of the n-grams with the same groups, once for each set of groups."""
    hashes, ids = _distinct(ours)
    their_hashes, their_ids = _distinct(theirs)
    starts = np.searchsorted(their_hashes, hashes)
    sizes = np.searchsorted(their_hashes, hashes, side="right") - starts
    return np.repeat(ids, sizes), their_ids[range_indices(starts, sizes)]


def _distinct(phrases: _Phrases) -> tuple[UInt64s, Int64s]:
    """Return the distinct pairs of a hash and an id, by ascending hash."""
    order = np.argsort(phrases.hashes)
    hashes = phrases.hashes[order]
    first = changes(hashes)
    base = len(phrases.counts)
    kept = distinct((np.cumsum(first) - 1) * base + phrases.ids[order])
    return hashes[first][kept // base], kept % base
