"""Whether texts that are taken for translations of each other are."""

from __future__ import annotations

import numpy as np

from ..analysis.rows import distinct, places_of, unfolded
from ..array_types import Int64s, Mask
from .model1 import Cells, Units, train

# A pair of terms that is believed in.
_BELIEVED = 0.1
# Words that a translation is looked for, below which nothing can be said.
_LEAST_ASKED = 100


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
