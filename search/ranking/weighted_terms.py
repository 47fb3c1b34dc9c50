"""The terms of a query with their weights, as both stages of ranking take them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from index.value import NamedTuple

from ..weights import TRANSLATION_WEIGHT
from .bm25 import SynonymGroups

_EMPTY: Mapping[Any, Any] = MappingProxyType({})


class WeightedTerms(NamedTuple):
    """The terms of a query with their weights; a repeated word counts again.

    `pairs` are neighbours in the query, `translations` the weights of the translations by term, and
    `guessed` those pairs of term and translation that no document of the index attests.
    `patterns` are scored by the idf of each, as if it was a term: what they are, the engine knows.
    A title of just these words has `length` terms.
    """

    terms: Mapping[str, float]
    title_terms: Mapping[str, float] = _EMPTY
    bigrams: Mapping[str, float] = _EMPTY
    pairs: tuple[tuple[str, str], ...] = ()
    translations: Mapping[str, Mapping[str, float]] = _EMPTY
    guessed: frozenset[tuple[str, str]] = frozenset()
    patterns: tuple[Hashable, ...] = ()
    length: int = 0

    @property
    def untranslated(self) -> WeightedTerms:
        """The terms without those that have translations."""
        kept = {
            term: weight for term, weight in self.terms.items() if term not in self.translations
        }
        return self._replace(terms=kept)

    def synonym_groups(self) -> SynonymGroups | None:
        """Return the terms that have translations, with these, or None."""
        if not self.translations:
            return None
        rows: list[tuple[str, float, float, bool]] = []
        starts = []
        for term, others in self.translations.items():
            starts.append(len(rows))
            rows.append((term, 1.0, 1.0, False))
            rows += [
                (other, weight, TRANSLATION_WEIGHT, (term, other) in self.guessed)
                for other, weight in others.items()
            ]
        terms, weights, idf_weights, guessed = zip(*rows, strict=True)
        return SynonymGroups(
            terms=terms,
            weights=np.array(weights),
            idf_weights=np.array(idf_weights),
            guessed=np.array(guessed),
            starts=np.array(starts),
            counts=np.array([self.terms[term] for term in self.translations]),
        )
