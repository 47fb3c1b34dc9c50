"""Whether texts that are taken for translations of each other are."""

from __future__ import annotations

import numpy as np

from ..analysis.rows import Numbers, unfolded
from .model1 import Units, train

# A pair of terms that is believed in.
_BELIEVED = 0.1
# Words that a translation is looked for, below which nothing can be said.
_LEAST_ASKED = 100


def fit(korean: Units, english: Units, documents: Numbers) -> float | None:
    """Return how far translations learned from half of the documents hold in the other half.

    It is the share of Korean words with a known translation whose unit has it, less the share
    that finds one in any other unit: about 0 for texts that have nothing to do with each other.
    None where there is too little to tell. `documents` are those of the units.
    """
    # By no rule that an order of documents could follow.
    learned = (documents * 40503 >> 7) % 2 == 0
    if learned.all() or not learned.any():
        learned = np.arange(len(documents)) % 2 == 0
    believed, _ = train(taken(korean, learned), taken(english, learned))
    korean, english = taken(korean, ~learned), taken(english, ~learned)
    known = believed.weights >= _BELIEVED
    asked = int(np.isin(korean.terms, believed.korean[known]).sum())
    if asked < _LEAST_ASKED:
        return None
    keys = _keys(believed.korean[known], believed.english[known])
    found = _found(keys, korean, english) - _found(keys, korean, _rolled(english))
    return max(0.0, found / asked)


def taken(units: Units, which: Numbers) -> Units:
    """Return some of the units: by their places, or by a flag for each."""
    rows = np.arange(len(units.sizes))[which]
    return Units(units.terms[unfolded(rows, units.sizes)], units.sizes[rows])


def _rolled(units: Units) -> Units:
    """Return the units, each in the place of one far from it."""
    return taken(units, np.roll(np.arange(len(units.sizes)), len(units.sizes) // 2))


def _keys(korean: Numbers, english: Numbers) -> Numbers:
    keys: Numbers = (korean << 32) + english
    return keys


def _found(believed: Numbers, korean: Units, english: Units) -> int:
    """Count the Korean terms with a believed translation in their unit."""
    pairs, places = korean.pairs(english)
    hits = np.isin(_keys(korean.terms[pairs], english.terms[places]), believed)
    return len(np.unique(pairs[hits]))
