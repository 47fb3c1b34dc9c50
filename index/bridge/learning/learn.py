"""Learns entries from documents that stand in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis.analyzer import Analyzer
from ...arrays.array_types import Floats, Int64s, Mask
from ...arrays.ragged import distinct, places_of, unfolded
from ..entry import Entry, Source
from .line_pairs import LinePair, line_pairs
from .model1 import Cells, Links, Translations, Units, train
from .phrase_pairs import phrases
from .term_units import Placed, Running, carrying_units, running

# Line pairs that are learned from, and pairs of terms in them: an even sample of more.
_MOST_LINES = 200_000
_MOST_CELLS = 6_000_000
# What translations learned from half of them explain of the others: six times as much.
_LEAST_FIT = 0.1
# Where there is too little to put to that test, a line of a translation teaches one strong pair
# and more, one of another text a fifth. So many lines have to be there to tell.
_STRONG, _LEAST_STRONG, _FEWEST_LINES = 0.35, 0.3, 20
# The weakest that is kept of texts in doubt, and of so few that nothing was tested.
_LEAST_IN_DOUBT = 0.45
_LEAST_UNTESTED = 0.2
# Translations of one term of several words, and the weakest.
_MOST_PHRASES = 2
_LEAST_PHRASE = 0.25

# A pair of terms that is believed in.
_BELIEVED = 0.1
# Words that a translation is looked for, below which nothing can be said.
_LEAST_ASKED = 100


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, the strongest entries first, from how many documents and lines.

    `fit` is how far translations learned from half of the documents hold in the other half: above
    a half for close translations, near 0 for unrelated texts, None where there is too little to
    tell. Documents that do not look like translations of each other are `doubtful`.
    """

    entries: tuple[Entry, ...]
    pairs: int
    lines: int
    fit: float | None
    doubtful: bool


def learn(
    documents: Iterable[tuple[str, str]],
    analyzer: Analyzer,
    *,
    most_translations: int = 6,
    least_weight: float = 0.03,
) -> Learned:
    """Return what pairs of a Korean and an English text teach, at most so many for each term.

    Words that the analyser's lexicon does not know are left out. The same pairs in the same order
    always teach the same.
    """
    pairs = list(documents)
    lines = _lines(line_pairs(pairs), analyzer)
    translations, links, how_well = _trained(lines)
    doubtful = _is_doubtful(translations, len(lines.documents), how_well)
    untested = _LEAST_UNTESTED if how_well is None else 0.0
    least = max(least_weight, _LEAST_IN_DOUBT if doubtful else untested)
    kept = strongest(
        translations.korean,
        translations.english,
        translations.weights,
        most=most_translations,
        least=least,
    )
    entries = [
        *_words(translations, kept, lines),
        *_phrases(lines, links, least=max(least, _LEAST_PHRASE)),
    ]
    entries.sort(key=lambda entry: (-entry.weight, entry.korean, entry.english))
    return Learned(tuple(entries), len(pairs), len(lines.documents), how_well, doubtful)


def _trained(lines: _Lines) -> tuple[Translations, Links, float | None]:
    """Return what the lines teach, and how far that holds."""
    # Loads the logging of the standard library, which a command that only reads does without.
    from concurrent.futures import ThreadPoolExecutor

    cells = Cells.of(*(placed.units for placed in lines.units))
    # In most of these sums numpy leaves another thread its core: a third less to wait for.
    with ThreadPoolExecutor(1) as aside:
        fitting = aside.submit(fit, cells, lines.documents)
        translations, links = train(cells)
    return translations, links, fitting.result()


def _is_doubtful(translations: Translations, lines: int, how_well: float | None) -> bool:
    """Tell whether too little was learned for texts that translate each other."""
    if how_well is not None:
        return how_well < _LEAST_FIT
    strong = int(np.count_nonzero(translations.weights >= _STRONG))
    # Forms and tables say the same few words in many lines.
    terms = min(len(distinct(translations.korean)), len(distinct(translations.english)))
    return lines >= _FEWEST_LINES and strong < _LEAST_STRONG * min(lines, terms)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Line pairs as terms, with the number of the documents that each is from."""

    documents: Int64s
    korean: Running
    english: Running
    units: tuple[Placed, Placed]


def _lines(pairs: Sequence[LinePair], analyzer: Analyzer) -> _Lines:
    """Return line pairs as terms; of too many, every second or third and so on."""
    pairs = pairs[:: _step(len(pairs), _MOST_LINES)]
    documents = np.array([pair.document for pair in pairs], np.int64)
    korean = running([pair.korean for pair in pairs], analyzer)
    english = running([pair.english for pair in pairs], analyzer)
    units = carrying_units(korean, english)
    step = _step(int(units[0].units.sizes @ units[1].units.sizes), _MOST_CELLS)
    if step > 1:
        documents, korean, english = documents[::step], korean.every(step), english.every(step)
        units = carrying_units(korean, english)
    return _Lines(documents, korean, english, units)


def _step(size: int, most: int) -> int:
    return max(1, -(-size // most))


def strongest(
    korean: Int64s, english: Int64s, weights: Floats, *, most: int, least: float
) -> Int64s:
    """Return the places of the strongest pairs, those of each term on either side at most `most`.

    None of them is weaker than `least`.
    """
    strong = np.flatnonzero(weights >= least)
    order = strong[np.lexsort((english[strong], korean[strong], -weights[strong]))]
    within = (_ranks(korean[order]) < most) & (_ranks(english[order]) < most)
    kept: Int64s = order[within]
    return kept


def _ranks(terms: Int64s) -> Int64s:
    """Return how many times each term came before."""
    order = np.argsort(terms, kind="stable")
    ordered = terms[order]
    starts = np.searchsorted(ordered, ordered)
    ranks = np.empty(len(terms), np.int64)
    ranks[order] = np.arange(len(terms)) - starts
    return ranks


def _words(translations: Translations, kept: Int64s, lines: _Lines) -> Iterator[Entry]:
    surfaces = lines.english.surfaces()
    for place in kept.tolist():
        written = surfaces.get(int(translations.english[place]))
        if written is not None:
            term = lines.korean.names[int(translations.korean[place])]
            yield _entry(term, written, float(translations.weights[place]))


def _phrases(lines: _Lines, links: Links, *, least: float) -> Iterator[Entry]:
    found = phrases(lines.korean, lines.english, lines.units, links, least=least)
    kept = strongest(
        found.korean_runs, found.english_runs, found.weights, most=_MOST_PHRASES, least=least
    )
    for place in kept.tolist():
        yield _entry(found.korean[place], found.english[place], float(found.weights[place]))


def _entry(korean: str, english: str, weight: float) -> Entry:
    return Entry(korean, english, round(weight, 4), Source.PARALLEL)


def fit(cells: Cells, documents: Int64s) -> float | None:
    """Return how far translations learned from half of the documents hold in the other half.

    It is the share of Korean words with a known translation whose unit has it, less the share
    that finds one in any other unit: about 0 for texts that have nothing to do with each other.
    None where there is too little to tell. `documents` are those of the units.
    """
    # By no rule that an order of documents could follow.
    learned = (documents * 40503 >> 7) % 2 == 0
    if learned.all() or not learned.any():
        learned = np.arange(len(documents)) % 2 == 0
    believed, _ = train(cells.of_units(learned))
    known = believed.weights >= _BELIEVED
    terms = believed.korean[known], believed.english[known]
    korean, english = (taken(units, ~learned) for units in cells.units)
    asked = int(np.isin(korean.terms, terms[0]).sum())
    if asked < _LEAST_ASKED:
        return None
    found = _found(*terms, korean, english) - _found(*terms, korean, _rolled(english))
    return max(0.0, found / asked)


def taken(units: Units, which: Int64s | Mask) -> Units:
    """Return some of the units: by their places, or by a flag for each."""
    rows = np.arange(len(units.sizes))[which]
    return Units(units.terms[unfolded(rows, units.sizes)], units.sizes[rows])


def _rolled(units: Units) -> Units:
    """Return the units, each in the place of one far from it."""
    return taken(units, np.roll(np.arange(len(units.sizes)), len(units.sizes) // 2))


def _found(terms: Int64s, translations: Int64s, korean: Units, english: Units) -> int:
    """Count the Korean terms with a translation in their unit; `terms` ascend."""
    starts = np.searchsorted(terms, korean.terms)
    sizes = np.searchsorted(terms, korean.terms, side="right") - starts
    places = np.repeat(np.arange(len(korean.terms)), sizes)
    base = int(max(translations.max(initial=0), english.terms.max(initial=0))) + 1
    wanted = korean.numbers[places] * base + translations[places_of(starts, sizes)]
    # Ascending, as the terms of a unit are.
    there = np.append(english.numbers * base + english.terms, -1)
    hits = there[np.searchsorted(there[:-1], wanted)] == wanted
    return len(distinct(places[hits]))
