"""The first look: the best passages by their own terms, syllables and title, on arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from index.arrays.array_types import Floats, Int64s, Mask
from index.postings.posting_list import counts_of, listed
from index.schema import Field
from index.snapshot import Snapshot

from ..weights import BIGRAM_WEIGHT, PASSAGE_B, PASSAGE_K1, TITLE_B, TITLE_K1, TRANSLATION_WEIGHT
from .bm25 import PRESENCE, Bm25, SynonymGroups, combined_synonyms, idf
from .clauses import Clause, Workspaces, scores_of
from .max_score import best_of_any

_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class WeightedTerms(NamedTuple):
    """What ranking asks for, with weights: a word said twice counts twice.

    `patterns` are passages that hold a word with a star, each worth the idf of being among them.
    """

    terms: Mapping[str, float]
    title_terms: Mapping[str, float] = _NOTHING
    bigrams: Mapping[str, float] = _NOTHING
    pairs: tuple[tuple[str, str], ...] = ()
    bridged: Mapping[str, Mapping[str, float]] = _NOTHING
    patterns: tuple[Int64s, ...] = ()

    @property
    def alone(self) -> WeightedTerms:
        """What is asked for, less the terms that others may stand for."""
        terms = {term: count for term, count in self.terms.items() if term not in self.bridged}
        return self._replace(terms=terms)

    def alternatives(self) -> SynonymGroups | None:
        """Return the terms that others may stand for, with these."""
        if not self.bridged:
            return None
        sizes = [1 + len(others) for others in self.bridged.values()]
        rows = [
            row
            for term, others in self.bridged.items()
            for row in (
                (term, 1.0, 1.0),
                *((name, w, TRANSLATION_WEIGHT) for name, w in others.items()),
            )
        ]
        terms, weights, worth = zip(*rows, strict=True)
        return SynonymGroups(
            terms=tuple(term.encode() for term in terms),
            weights=np.array(weights),
            worth=np.array(worth),
            starts=np.cumsum([0, *sizes[:-1]]),
            counts=np.array([self.terms[term] for term in self.bridged]),
        )


class Parts(NamedTuple):
    """Scores of some passages, by what gave them: terms, and pairs of syllables."""

    terms: Floats
    bigrams: Floats


class FirstStage:
    """Looks at a snapshot; threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._workspaces = Workspaces(snapshot.size)

    def best(self, asked: WeightedTerms, *, most: int, allowed: Mask | None) -> Int64s:
        """Return the best `most` of the passages `allowed` (all that are alive), ascending.

        Without a mask, only what holds something asked for; with one, others fill up the number.
        """
        if allowed is not None and np.count_nonzero(allowed) <= most:
            return allowed.nonzero()[0]  # all of them are looked at again, whatever they score
        within = allowed
        if within is None and self._snapshot.has_deleted:
            within = self._snapshot.alive
        bigrams = self._bigrams(asked, weight=BIGRAM_WEIGHT)
        clauses = (*self._terms(asked), *bigrams, *self._titles(asked), *self._bridged(asked))
        with self._workspaces.one() as workspace:
            found = best_of_any(clauses, k=most, workspace=workspace, allowed=within).passages
        if allowed is not None and len(found) < most:
            others = allowed.copy()
            others[found] = False
            found = np.append(found, others.nonzero()[0][: most - len(found)])
        return np.sort(found)

    def parts(self, asked: WeightedTerms, passages: Int64s) -> Parts:
        """Return what each passage has from terms and from syllables."""
        return Parts(
            terms=_scores(self._terms(asked.alone), passages)
            + self._as_one(Field.BODY, asked, self._body, passages),
            bigrams=_scores(self._bigrams(asked), passages),
        )

    def titles(self, asked: WeightedTerms, passages: Int64s) -> Floats:
        """Return what the title has, which stands at the first passage of a document."""
        return _scores(self._titles(asked.alone), passages) + self._as_one(
            Field.TITLE, asked, self._title, passages
        )

    def matching(self, asked: WeightedTerms) -> Mask:
        """Return the passages alive that hold a term, or whose title does where it stands."""
        return self._holding((*self._terms(asked), *self._titles(asked), *self._bridged(asked)))

    def matching_bigrams(self, asked: WeightedTerms) -> Mask:
        """Return the passages alive that hold a pair of syllables."""
        return self._holding(self._bigrams(asked))

    def _holding(self, clauses: Iterable[Clause]) -> Mask:
        held = np.zeros(self._snapshot.size, dtype=bool)
        for clause in clauses:
            held[clause.postings.passages] = True
        if self._snapshot.has_deleted:
            held &= self._snapshot.alive
        return held

    def _terms(self, asked: WeightedTerms) -> list[Clause]:
        found = [*self._clauses(Field.BODY, asked.terms, self._body)]
        for passages in filter(len, asked.patterns):
            weight = idf(len(passages), self._snapshot.passages)
            found.append(Clause(listed(passages), weight, PRESENCE))
        return found

    def _bigrams(self, asked: WeightedTerms, *, weight: float = 1.0) -> list[Clause]:
        weights = {bigram: weight * count for bigram, count in asked.bigrams.items()}
        return [*self._clauses(Field.GRAM, weights, self._bigram)]

    def _titles(self, asked: WeightedTerms) -> list[Clause]:
        both = (asked.terms, asked.title_terms)
        return [clause for some in both for clause in self._clauses(Field.TITLE, some, self._title)]

    def _bridged(self, asked: WeightedTerms) -> list[Clause]:
        """Return the terms of the other language, each as if it was asked for alone."""
        weights = {
            other: TRANSLATION_WEIGHT * weight * asked.terms[term]
            for term, others in asked.bridged.items()
            for other, weight in others.items()
        }
        fields = ((Field.BODY, self._body), (Field.TITLE, self._title)) if weights else ()
        return [clause for name, bm25 in fields for clause in self._clauses(name, weights, bm25)]

    def _as_one(self, field: Field, asked: WeightedTerms, bm25: Bm25, passages: Int64s) -> Floats:
        """Return what terms give that others may stand for."""
        alternatives = asked.alternatives()
        if alternatives is None:
            return np.zeros(len(passages))
        frequencies = np.zeros((len(alternatives.terms), len(passages)))
        lists = (self._snapshot.posting_list(field, term) for term in alternatives.terms)
        found = {row: postings for row, postings in enumerate(lists) if postings is not None}
        if found:
            frequencies[[*found]] = counts_of([*found.values()], passages)
        idfs = np.array([self._idf(field, term) for term in alternatives.terms])
        totals, weights = combined_synonyms(alternatives, frequencies, idfs)
        scores: Floats = (weights * bm25.saturation(totals, passages)).sum(axis=0)
        return scores

    def _idf(self, field: Field, key: bytes) -> float:
        return idf(self._snapshot.passage_frequency(field, key), self._texts(field))

    def _texts(self, field: Field) -> int:
        return self._snapshot.documents if field is Field.TITLE else self._snapshot.passages

    def _clauses(self, field: Field, asked: Mapping[str, float], bm25: Bm25) -> Iterator[Clause]:
        texts = self._texts(field)
        for term, count in asked.items():
            postings = self._snapshot.posting_list(field, term.encode())
            if postings is not None:
                yield Clause(postings, count * idf(postings.passage_frequency, texts), bm25)

    @cached_property
    def _body(self) -> Bm25:
        return self._of_passages("body_length")

    @cached_property
    def _bigram(self) -> Bm25:
        return self._of_passages("gram_length")

    def _of_passages(self, measure: str) -> Bm25:
        lengths = getattr(self._snapshot.measures, measure)
        average = self._snapshot.passage_average(measure)
        return Bm25(lengths, average=average, k1=PASSAGE_K1, b=PASSAGE_B)

    @cached_property
    def _title(self) -> Bm25:
        snapshot = self._snapshot
        measures = snapshot.measures
        lengths = measures.title_length.take(measures.document)
        return Bm25(lengths, average=snapshot.title_average, k1=TITLE_K1, b=TITLE_B)


def _scores(clauses: Sequence[Clause], passages: Int64s) -> Floats:
    return scores_of(clauses, passages) if clauses else np.zeros(len(passages))
