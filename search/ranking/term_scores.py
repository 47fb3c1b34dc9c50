"""BM25 scores of passages and titles, from the terms of a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.arrays.array_types import Floats, Int64s
from index.schema import Field

from ..weights import BIGRAM_WEIGHT, META_WEIGHT, TRANSLATION_WEIGHT
from .bm25 import PRESENCE, combined_synonyms, idf
from .clauses import Clause, scores_of
from .weighted_terms import WeightedTerms

if TYPE_CHECKING:
    from .collection import Collection, Frequencies


class TermScores:
    """Scores by the terms of an index."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def passage_scores(
        self, weighted: WeightedTerms, passages: Int64s, read: Frequencies
    ) -> tuple[Floats, Floats]:
        """Return the scores of passages from their terms, and from their syllable bigrams.

        `read` returns the frequencies of lists in the passages, here and below.
        """
        terms = _scores(self.terms(weighted.untranslated), passages, read)
        terms += self._synonym_scores(Field.BODY, weighted, passages, read)
        return terms, _scores(self.bigrams(weighted), passages, read)

    def title_scores(self, weighted: WeightedTerms, passages: Int64s, read: Frequencies) -> Floats:
        """Return the title scores of documents by their first passages."""
        scores = _scores(self.titles(weighted.untranslated), passages, read)
        return scores + self._synonym_scores(Field.TITLE, weighted, passages, read)

    def metadata_scores(
        self, weighted: WeightedTerms, passages: Int64s, read: Frequencies
    ) -> Floats:
        """Return the scores of documents from file names and fields, by their first passages."""
        return _scores(self.metadata(weighted), passages, read)

    def first_stage(self, weighted: WeightedTerms) -> list[Clause]:
        """Return all clauses of the first stage: those of texts, and of titles and metadata."""
        return [
            *self.terms(weighted),
            *self.bigrams(weighted, weight=BIGRAM_WEIGHT),
            *self.titles(weighted),
            *self.metadata(weighted),
            *self.translated(weighted),
        ]

    def terms(self, weighted: WeightedTerms) -> list[Clause]:
        """Return clauses for the terms of the text, and for patterns."""
        clauses = [*self._clauses(Field.BODY, weighted.terms)]
        for pattern in weighted.patterns:
            postings = self._collection.postings_of_pattern(pattern)
            if postings is not None:
                weight = idf(postings.passage_frequency, self._collection.passages)
                clauses.append(Clause(postings, weight, PRESENCE))
        return clauses

    def bigrams(self, weighted: WeightedTerms, *, weight: float = 1.0) -> list[Clause]:
        """Return clauses for syllable bigrams."""
        weights = {bigram: weight * count for bigram, count in weighted.bigrams.items()}
        return [*self._clauses(Field.BIGRAM, weights)]

    def titles(self, weighted: WeightedTerms) -> list[Clause]:
        """Return clauses for titles."""
        both = (weighted.terms, weighted.title_terms)
        return [clause for terms in both for clause in self._clauses(Field.TITLE, terms)]

    def metadata(self, weighted: WeightedTerms) -> list[Clause]:
        """Return clauses for file names and fields, in which a word counts once."""
        weights = {term: META_WEIGHT * weight for term, weight in weighted.terms.items()}
        return [*self._clauses(Field.META, weights)]

    def translated(self, weighted: WeightedTerms) -> list[Clause]:
        """Return clauses for the translations, each as if it was a query term."""
        weights = {
            other: TRANSLATION_WEIGHT * weight * weighted.terms[term]
            for term, others in weighted.translations.items()
            for other, weight in others.items()
        }
        fields = (Field.BODY, Field.TITLE)
        return [clause for field in fields for clause in self._clauses(field, weights)]

    def _synonym_scores(
        self, field: Field, weighted: WeightedTerms, passages: Int64s, read: Frequencies
    ) -> Floats:
        """Return the scores from terms with translations."""
        synonyms = weighted.synonym_groups()
        if synonyms is None:
            return np.zeros(len(passages))
        collection = self._collection
        frequencies = np.zeros((len(synonyms.terms), len(passages)))
        lists = (collection.postings_of(field, term) for term in synonyms.terms)
        found = {row: postings for row, postings in enumerate(lists) if postings is not None}
        if found:
            frequencies[[*found]] = read([*found.values()], passages)
        texts = self._texts(field)
        idfs = np.array([idf(collection.frequency(field, term), texts) for term in synonyms.terms])
        totals, weights = combined_synonyms(synonyms, frequencies, idfs)
        bm25 = collection.bm25[field]
        scores: Floats = (weights * bm25.saturation(totals, passages)).sum(axis=0)
        return scores

    def _texts(self, field: Field) -> int:
        is_of_documents = field in (Field.TITLE, Field.META)
        return self._collection.documents if is_of_documents else self._collection.passages

    def _clauses(self, field: Field, terms: Mapping[str, float]) -> Iterator[Clause]:
        texts, bm25 = self._texts(field), self._collection.bm25[field]
        postings_of = self._collection.postings_of
        for term, weight in terms.items():
            postings = postings_of(field, term)
            if postings is not None:
                yield Clause(postings, weight * idf(postings.passage_frequency, texts), bm25)


def _scores(clauses: Sequence[Clause], passages: Int64s, read: Frequencies) -> Floats:
    return scores_of(clauses, passages, read=read) if clauses else np.zeros(len(passages))
