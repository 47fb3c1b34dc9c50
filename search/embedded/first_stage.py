"""First stage: the best passages by BM25 of terms, syllable bigrams and title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Any

import numpy as np

from index.arrays.array_types import Floats, Int64s, Mask
from index.postings.posting_list import PostingList, frequencies_of, posting_list_of
from index.schema import Field
from index.snapshot import Snapshot
from index.value import NamedTuple

from ..weights import (
    BIGRAM_WEIGHT,
    META_WEIGHT,
    PASSAGE_B,
    PASSAGE_K1,
    TITLE_B,
    TITLE_K1,
    TRANSLATION_WEIGHT,
)
from .bm25 import PRESENCE, Bm25, SynonymGroups, combined_synonyms, idf
from .clauses import Clause, Frequencies, SumBuffers, scores_of
from .gathered import GatheredPostings, best_by_posting, is_short
from .max_score import best_of_any

_EMPTY: Mapping[Any, Any] = MappingProxyType({})


class WeightedTerms(NamedTuple):
    """The terms of a query with their weights; a repeated word counts again.

    `pairs` are neighbours in the query, `translations` the weights of the translations by term, and
    `guessed` those pairs of term and translation that no document of the index attests.
    `patterns` are the passages that match each pattern, which are scored by the idf of the pattern.
    A title of just these words has `length` terms.
    """

    terms: Mapping[str, float]
    title_terms: Mapping[str, float] = _EMPTY
    bigrams: Mapping[str, float] = _EMPTY
    pairs: tuple[tuple[str, str], ...] = ()
    translations: Mapping[str, Mapping[str, float]] = _EMPTY
    guessed: frozenset[tuple[str, str]] = frozenset()
    patterns: tuple[Int64s, ...] = ()
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
            terms=tuple(term.encode() for term in terms),
            weights=np.array(weights),
            idf_weights=np.array(idf_weights),
            guessed=np.array(guessed),
            starts=np.array(starts),
            counts=np.array([self.terms[term] for term in self.translations]),
        )


class FirstStage:
    """First-stage retrieval on a snapshot; thread-safe."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._buffers = SumBuffers(snapshot.size)

    def best(self, weighted: WeightedTerms, *, most: int, allowed: Mask | None) -> Int64s:
        """Return the best `most` of the `allowed` passages (None: all live ones), ascending.

        With a mask, passages without any of the terms fill up the number.
        """
        if allowed is not None and np.count_nonzero(allowed) <= most:
            return allowed.nonzero()[0]  # all become candidates, so their scores do not matter
        within = allowed
        if within is None and self._snapshot.has_deleted:
            within = self._snapshot.alive
        bigrams = self._bigrams(weighted, weight=BIGRAM_WEIGHT)
        terms, translated = self._terms(weighted), self._translated(weighted)
        of_documents = [*self._titles(weighted), *self._metadata(weighted)]
        clauses = [*terms, *bigrams, *of_documents, *translated]
        found = self._best_of_any(clauses, most, within)
        if allowed is not None and len(found) < most:
            others = allowed.copy()
            others[found] = False
            found = np.append(found, others.nonzero()[0][: most - len(found)])
        return np.sort(found)

    def _best_of_any(self, clauses: Sequence[Clause], k: int, allowed: Mask | None) -> Int64s:
        size = self._snapshot.size
        if is_short([clause.postings for clause in clauses], size):
            return best_by_posting(clauses, k=k, size=size, allowed=allowed).passages
        with self._buffers.borrow() as sums:
            return best_of_any(clauses, k=k, sums=sums, allowed=allowed).passages

    def gathered(self, weighted: WeightedTerms) -> GatheredPostings | None:
        """Return the postings of all lists that score candidates, None if there are too many."""
        others = chain.from_iterable(weighted.translations.values())
        terms = dict.fromkeys([*weighted.terms, *others])
        keys = [
            *((Field.BODY, term) for term in terms),
            *((Field.TITLE, term) for term in {**terms, **weighted.title_terms}),
            *((Field.BIGRAM, bigram) for bigram in weighted.bigrams),
            *((Field.META, term) for term in weighted.terms),
        ]
        found = (self._snapshot.posting_list(field, term.encode()) for field, term in keys)
        lists = [postings for postings in found if postings is not None]
        is_gathered = lists and is_short(lists, self._snapshot.size)
        return GatheredPostings(lists) if is_gathered else None

    def passage_scores(
        self, weighted: WeightedTerms, passages: Int64s, read: Frequencies = frequencies_of
    ) -> tuple[Floats, Floats]:
        """Return the scores of passages from their terms, and from their syllable bigrams.

        `read` returns the frequencies of lists in the passages, here and below.
        """
        terms = _scores(self._terms(weighted.untranslated), passages, read)
        terms += self._synonym_scores(Field.BODY, weighted, passages, read)
        return terms, _scores(self._bigrams(weighted), passages, read)

    def title_scores(
        self, weighted: WeightedTerms, passages: Int64s, read: Frequencies = frequencies_of
    ) -> Floats:
        """Return the title scores of documents by their first passages."""
        scores = _scores(self._titles(weighted.untranslated), passages, read)
        return scores + self._synonym_scores(Field.TITLE, weighted, passages, read)

    def metadata_scores(
        self, weighted: WeightedTerms, passages: Int64s, read: Frequencies = frequencies_of
    ) -> Floats:
        """Return the scores of documents from file names and fields, by their first passages."""
        return _scores(self._metadata(weighted), passages, read)

    def lists(self, weighted: WeightedTerms) -> list[PostingList]:
        """Return the posting lists whose passages match, those of titles with first passages."""
        of_documents = [*self._titles(weighted), *self._metadata(weighted)]
        clauses = [*self._terms(weighted), *of_documents, *self._translated(weighted)]
        return [clause.postings for clause in clauses]

    def matching(self, weighted: WeightedTerms) -> Mask:
        """Return a mask of the live passages with a term, or (first passages) with a title term."""
        return self._any_of(self.lists(weighted))

    def matching_bigrams(self, weighted: WeightedTerms) -> Mask:
        """Return a mask of the live passages with a syllable bigram."""
        return self._any_of(clause.postings for clause in self._bigrams(weighted))

    def _any_of(self, lists: Iterable[PostingList]) -> Mask:
        mask = np.zeros(self._snapshot.size, dtype=bool)
        for postings in lists:
            mask[postings.passages] = True
        if self._snapshot.has_deleted:
            mask &= self._snapshot.alive
        return mask

    def _terms(self, weighted: WeightedTerms) -> list[Clause]:
        clauses = [*self._clauses(Field.BODY, weighted.terms)]
        for passages in filter(len, weighted.patterns):
            weight = idf(len(passages), self._snapshot.passages)
            clauses.append(Clause(posting_list_of(passages), weight, PRESENCE))
        return clauses

    def _bigrams(self, weighted: WeightedTerms, *, weight: float = 1.0) -> list[Clause]:
        weights = {bigram: weight * count for bigram, count in weighted.bigrams.items()}
        return [*self._clauses(Field.BIGRAM, weights)]

    def _titles(self, weighted: WeightedTerms) -> list[Clause]:
        both = (weighted.terms, weighted.title_terms)
        return [clause for terms in both for clause in self._clauses(Field.TITLE, terms)]

    def _metadata(self, weighted: WeightedTerms) -> list[Clause]:
        """Return clauses for file names and fields, in which a word counts once."""
        weights = {term: META_WEIGHT * weight for term, weight in weighted.terms.items()}
        return [*self._clauses(Field.META, weights)]

    def _translated(self, weighted: WeightedTerms) -> list[Clause]:
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
        frequencies = np.zeros((len(synonyms.terms), len(passages)))
        lists = (self._snapshot.posting_list(field, term) for term in synonyms.terms)
        found = {row: postings for row, postings in enumerate(lists) if postings is not None}
        if found:
            frequencies[[*found]] = read([*found.values()], passages)
        passage_frequency, texts = self._snapshot.passage_frequency, self._texts(field)
        idfs = np.array([idf(passage_frequency(field, term), texts) for term in synonyms.terms])
        totals, weights = combined_synonyms(synonyms, frequencies, idfs)
        scores: Floats = (weights * self._bm25[field].saturation(totals, passages)).sum(axis=0)
        return scores

    def _texts(self, field: Field) -> int:
        is_of_documents = field in (Field.TITLE, Field.META)
        return self._snapshot.documents if is_of_documents else self._snapshot.passages

    def _clauses(self, field: Field, terms: Mapping[str, float]) -> Iterator[Clause]:
        texts, bm25 = self._texts(field), self._bm25[field]
        for term, weight in terms.items():
            postings = self._snapshot.posting_list(field, term.encode())
            if postings is not None:
                yield Clause(postings, weight * idf(postings.passage_frequency, texts), bm25)

    @cached_property
    def _bm25(self) -> Mapping[Field, Bm25]:
        snapshot, doc_values = self._snapshot, self._snapshot.doc_values
        titles = doc_values.title_length.take(doc_values.document)
        scorers: dict[Field, Bm25] = {
            Field.META: PRESENCE,
            Field.TITLE: Bm25(titles, average=snapshot.title_average, k1=TITLE_K1, b=TITLE_B),
        }
        for field, name in ((Field.BODY, "body_length"), (Field.BIGRAM, "gram_length")):
            average = snapshot.passage_average(name)
            lengths = getattr(doc_values, name)
            scorers[field] = Bm25(lengths, average=average, k1=PASSAGE_K1, b=PASSAGE_B)
        return scorers


def _scores(clauses: Sequence[Clause], passages: Int64s, read: Frequencies) -> Floats:
    return scores_of(clauses, passages, read=read) if clauses else np.zeros(len(passages))
