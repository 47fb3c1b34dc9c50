"""Terms of several words: runs of words that are translated as one, wherever they stand.

A run of Korean words and one of English words belong together where every link of the one ends in
the other and the reverse (Och and Ney 2004). The links of a line fall into groups, each with all
that hangs together; so both runs have to hold whole groups, and the same.
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
from ...arrays.ragged import before, changes, distinct, places_of
from .model1 import Links
from .term_units import Placed, Running

_Kind = TypeVar("_Kind", bound=np.generic)

# A link counts where one side believes in it this much.
_LINKED = 0.4
_LONGEST_KOREAN, _LONGEST_ENGLISH = 3, 4
_LEAST_TOGETHER = 2
# The same doubt that single words meet.
_DOUBT = 1.0
# An odd number far from any pattern: multiplied by it, neighbouring numbers are far apart.
_SCATTER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Korean and English runs of words that translate each other, one of them longer than a word.

    `korean_runs` and `english_runs` are numbers: pairs with the same one have the same text.
    """

    korean: Sequence[str]
    english: Sequence[str]
    korean_runs: Int64s
    english_runs: Int64s
    weights: Floats


def phrases(
    korean: Running, english: Running, units: tuple[Placed, Placed], links: Links, *, least: float
) -> Phrases:
    """Return what is translated as one more than once and is no weaker than `least`."""
    groups = _groups(units, links)
    ours = _spans(korean, units[0].places, groups[0], _as_written(korean), _LONGEST_KOREAN)
    theirs = _spans(english, units[1].places, groups[1], _whole_words(english), _LONGEST_ENGLISH)
    first, second = _joined(ours, theirs)
    base = max(len(theirs.counts), 1)
    keys, together = np.unique(first * base + second, return_counts=True)
    one, other = keys // base, keys % base
    weights = together / np.sqrt((ours.counts[one] + _DOUBT) * (theirs.counts[other] + _DOUBT))
    kept = (one >= ours.single) | (other >= theirs.single)
    kept &= (together >= _LEAST_TOGETHER) & (weights >= least)
    one, other = one[kept], other[kept]
    return Phrases(ours.texts(one), theirs.texts(other), one, other, weights[kept])


@dataclass(frozen=True, slots=True)
class _Groups:
    """For each term of the units: whether it is linked, and its group's size and sign.

    Only the first term of a group on either side has them, so that the sum over a run that holds
    the whole group has them once.
    """

    linked: Mask
    sizes: Int64s
    signs: UInt64s


def _groups(units: tuple[Placed, Placed], links: Links) -> tuple[_Groups, _Groups]:
    strong = (links.of_korean >= _LINKED) | (links.of_english >= _LINKED)
    korean, english = links.korean[strong], links.english[strong]
    names = np.arange(len(units[0].units.terms))
    others = np.full(len(units[1].units.terms), len(names))
    while True:
        np.minimum.at(others, english, names[korean])
        known = names.copy()
        np.minimum.at(names, korean, others[english])
        if (names == known).all():
            break
    return _one_side(names, korean), _one_side(others, english)


def _one_side(names: Int64s, places: Int64s) -> _Groups:
    """Return the groups that the terms at some places are in, each as often as it is linked."""
    flags = np.zeros(len(names), np.bool_)
    flags[places] = True
    linked = np.flatnonzero(flags)
    groups = names[linked]
    counts = np.bincount(groups)
    first = np.full(len(counts), -1)
    first[groups[::-1]] = linked[::-1]  # of several for one place, the last stays
    found = np.flatnonzero(counts)
    sizes = np.zeros(len(names), np.int64)
    sizes[first[found]] = counts[found]
    signs = np.zeros(len(names), np.uint64)
    signs[first[found]] = _scattered(found)
    return _Groups(flags, sizes, signs)


def _scattered(numbers: Int64s) -> UInt64s:
    """Return numbers whose sums are as good as never equal by chance."""
    mixed = (numbers.astype(np.uint64) + np.uint64(1)) * _SCATTER
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX
    signs: UInt64s = mixed ^ (mixed >> np.uint64(27))
    return signs


@dataclass(frozen=True, slots=True)
class _Spans:
    """The runs of a language that hold whole groups, a row for each time one occurs.

    `runs` are the numbers of the runs, below `single` for one word; `counts` tells how often each
    run occurs, whether it holds whole groups there or not.
    """

    text: Running
    starts: Int64s
    sizes: Int64s
    runs: Int64s
    signs: UInt64s
    counts: Int64s

    @property
    def single(self) -> int:
        """The number of runs of one word."""
        return len(self.text.names)

    def texts(self, runs: Int64s) -> list[str]:
        """Return for each of some runs what is most often written for it."""
        written: dict[int, Counter[str]] = {run: Counter() for run in runs.tolist()}
        places = np.flatnonzero(np.isin(self.runs, runs))
        # A run is written in few ways, and each is put together once.
        _, first, counts = np.unique(self._ways(places), return_index=True, return_counts=True)
        for place, count in zip(places[first].tolist(), counts.tolist(), strict=True):
            written[int(self.runs[place])][self._written(place)] += count
        best = {
            run: max(texts, key=lambda text: (texts[text], text)) for run, texts in written.items()
        }
        return [best[run] for run in runs.tolist()]

    def _ways(self, places: Int64s) -> Int64s:
        """Return numbers, the same for runs of the same pieces."""
        starts, sizes = self.starts[places], self.sizes[places]
        ways = sizes
        for count in range(int(sizes.max(initial=0))):
            pieces = self.text.pieces.take(starts + count, mode="clip")
            keys = ways * len(self.text.known) + np.where(count < sizes, pieces, 0)
            _, ways = numbered(keys)
        return ways

    def _written(self, place: int) -> str:
        start = int(self.starts[place])
        numbers = self.text.pieces[start : start + int(self.sizes[place])].tolist()
        pieces = [self.text.known[number] for number in numbers]
        return "".join(
            " " * (piece.begins and count > 0) + piece.text for count, piece in enumerate(pieces)
        )


def _spans(text: Running, places: Int64s, groups: _Groups, fits: Mask, longest: int) -> _Spans:
    held = before(_spread(groups.linked, places))
    needed = before(_spread(groups.sizes, places))
    signs = np.append(np.uint64(0), np.cumsum(_spread(groups.signs, places), dtype=np.uint64))
    unfit, breaks = before(~fits), before(_breaks(text))
    counts: list[Int64s] = []
    found: list[tuple[Int64s, Int64s, Int64s, UInt64s]] = []
    for size, runs in enumerate(_runs(text, longest), start=1):
        starts = np.arange(len(runs))
        ends = starts + size
        whole = held[ends] - held[starts] == needed[ends] - needed[starts]
        whole &= (held[ends] > held[ends - 1]) & (held[starts + 1] > held[starts])
        whole &= (unfit[ends] == unfit[starts]) & (breaks[ends - 1] == breaks[starts])
        starts, numbers = starts[whole], runs[whole] + sum(map(len, counts))
        counts.append(np.bincount(runs, minlength=_least(text, size)))
        sizes = np.full(len(starts), size)
        found.append((starts, sizes, numbers, signs[starts + size] - signs[starts]))
    starts, sizes, runs, signs = (np.concatenate(column) for column in zip(*found, strict=True))
    return _Spans(text, starts, sizes, runs, signs, np.concatenate(counts))


def _least(text: Running, size: int) -> int:
    return len(text.names) if size == 1 else 0


def _runs(text: Running, longest: int) -> Iterator[Int64s]:
    """Yield for one word, two and so on the number of the run that starts at each piece."""
    runs = text.terms
    yield runs
    for size in range(2, longest + 1):
        keys = runs[:-1] * len(text.names) + text.terms[size - 1 :]
        _, runs = numbered(keys)
        yield runs


def _spread(values: NDArray[_Kind], places: Int64s) -> NDArray[_Kind]:
    """Return for each piece the value of its term in the units, or 0 where it has none."""
    found = np.zeros(len(places), values.dtype)
    known = places >= 0
    found[known] = values[places[known]]
    return found


def _breaks(text: Running) -> Mask:
    """Tell where a run cannot go on behind a piece: an ending follows it, or the text ends."""
    begins = np.array([piece.begins for piece in text.known], np.bool_)[text.pieces]
    ends = np.array([piece.ends for piece in text.known], np.bool_)[text.pieces]
    breaks = np.append(ends[:-1] != begins[1:], True)[: len(begins)]
    filled = text.sizes[text.sizes > 0]
    breaks[np.cumsum(filled) - 1] = True
    return breaks


def _as_written(text: Running) -> Mask:
    """Tell which pieces are written as their term is: Korean nouns, not verbs."""
    return np.array([piece.text == piece.term for piece in text.known], np.bool_)[text.pieces]


def _whole_words(text: Running) -> Mask:
    """Tell which pieces are a word each."""
    whole = [piece.begins and piece.ends for piece in text.known]
    return np.array(whole, np.bool_)[text.pieces]


def _joined(ours: _Spans, theirs: _Spans) -> tuple[Int64s, Int64s]:
    """Return the runs that hold the same groups, once for each time they do."""
    signs, runs = _distinct(ours)
    others, other_runs = _distinct(theirs)
    starts = np.searchsorted(others, signs)
    sizes = np.searchsorted(others, signs, side="right") - starts
    return np.repeat(runs, sizes), other_runs[places_of(starts, sizes)]


def _distinct(spans: _Spans) -> tuple[UInt64s, Int64s]:
    """Return the signs in ascending order with their runs; a text repeats what it says."""
    order = np.argsort(spans.signs)
    signs = spans.signs[order]
    first = changes(signs)
    keys = (np.cumsum(first) - 1) * len(spans.counts) + spans.runs[order]
    kept = distinct(keys)
    return signs[first][kept // len(spans.counts)], kept % len(spans.counts)
