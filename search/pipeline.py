"""A query over a snapshot: which passages match, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Int64s, Mask
from index.bridge.general import general_table
from index.bridge.lookup import Lookup
from index.bridge.table import Table
from index.snapshot import Snapshot

from .correction.rewrite import CorrectedQuery, QueryCorrector
from .matching.matcher import Matcher
from .matching.passage_set import PassageSet
from .query.tree import Group, Node, Pattern, Phrase, Query, Term, is_condition, is_plain
from .query.words import QueryWord, read_words
from .ranking.first_stage import FirstStage, WeightedTerms
from .ranking.rerank import Ranking, rerank
from .translation import QueryTranslator, TermTranslation, by_term
from .weights import CANDIDATES, CANDIDATES_PER_HIT


def candidates(deep: int) -> int:
    """Return how many passages get the second look, for a list of `deep` hits."""
    return max(CANDIDATES, CANDIDATES_PER_HIT * deep)


class QueryTerms:
    """The leaves of a query that ranking and highlighting use.

    `translations` are where its words led in the other language, unless `translate` forbids it.
    """

    __slots__ = ("pairs", "patterns", "title_words", "translate", "translations", "words")

    def __init__(self, *, translate: bool = True) -> None:
        self.words: list[QueryWord] = []
        self.title_words: list[QueryWord] = []
        self.patterns: list[Pattern] = []
        self.pairs: list[tuple[str, str]] = []
        self.translate = translate
        self.translations: list[TermTranslation] = []

    def ask_all(self) -> None:
        """Ask for every word, whether it has a subject or not."""
        self.words = [word._replace(asked=True) for word in self.words]

    @property
    def all_words(self) -> list[QueryWord]:
        """The words of text and title."""
        return self.words + self.title_words


class QueryPipeline:
    """Reads queries against one snapshot."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, table: Table | None = None) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self.matcher = Matcher(snapshot, analyzer)
        self._first_stage = FirstStage(snapshot)
        self._bridge: QueryTranslator | None = None
        if table is not None:
            self._bridge = QueryTranslator(snapshot, analyzer, Lookup(table, general_table()))
        self._corrector = QueryCorrector(
            snapshot,
            analyzer,
            passage_frequency=lambda word: self.passage_frequency(word, ""),
            crossed=self._translated_words,
        )

    def corrected(self, query: Query, *, translate: bool) -> CorrectedQuery:
        """Return a query with the words that find nothing as they were most likely meant."""
        return self._corrector.corrected(query, translate=translate)

    def _translated_words(self, words: Sequence[QueryWord]) -> set[str]:
        """Return which of some words, as typed, lead somewhere in the other language."""
        if self._bridge is None:
            return set()
        terms = {translation.term for translation in self._bridge.translations(words)}
        return {word.typed for word in words if not terms.isdisjoint(word.terms)}

    def collect(self, query: Query, *, translate: bool = True) -> QueryTerms:
        """Return the leaves of a query, those it forbids left out."""
        collected = QueryTerms(translate=translate)
        for run, in_title in _leaves(query.root):
            if isinstance(run, Pattern):
                collected.patterns.append(run)
                continue
            words = read_words(self._analyzer, run)
            (collected.title_words if in_title else collected.words).extend(words)
            terms = [term for word in words if word.asked for term, _ in word.readings]
            collected.pairs += pairwise(terms)
        return collected

    def rank(self, query: Query, collected: QueryTerms, *, deep: int) -> Ranking:
        """Return the best passages, at least the first `deep` where so many match."""
        asked, chosen = self.first_stage(query, collected, deep=deep)
        return rerank(self._snapshot, asked, self._first_stage, chosen)

    def first_stage(
        self, query: Query, collected: QueryTerms, *, deep: int
    ) -> tuple[WeightedTerms, Int64s]:
        """Return what ranking is asked for, and the passages to look at again, ascending."""
        asked = self._asked(collected)
        allowed = self._allowed(self._crossed(query.root, collected), asked)
        chosen = self._first_stage.best(asked, most=candidates(deep), allowed=allowed)
        if not len(chosen) and not all(word.asked for word in collected.words):
            # The words with a subject stand nowhere: the others are better than nothing, and
            # from now on highlights and explanations are of them as well.
            collected.ask_all()
            return self.first_stage(query, collected, deep=deep)
        return asked, chosen

    def _asked(self, collected: QueryTerms) -> WeightedTerms:
        patterns = (self.matcher.find(pattern).numbers for pattern in collected.patterns)
        asked = _untranslated(collected)._replace(patterns=tuple(patterns))
        if self._bridge is None or not collected.translate:
            return asked
        words = [word for word in collected.words if word.asked]
        collected.translations = self._bridge.translations(words)
        return asked._replace(bridged=by_term(collected.translations))

    def _crossed(self, root: Group, collected: QueryTerms) -> Group:
        """Return a query that lets its phrases stand in the other language as well."""
        if self._bridge is None or not collected.translate:
            return root
        return self._bridge.with_phrases(root)

    def _allowed(self, root: Group, asked: WeightedTerms) -> Mask | None:
        """Return the passages that a query lets through, None for all with a term of it."""
        if not (root.must or root.never) and all(map(is_plain, root.may)) and not asked.bigrams:
            return None
        if root == Group():
            return np.zeros(self._snapshot.size, dtype=bool)
        allowed = self.matcher.all_of(root.must)
        if root.may and all(map(is_condition, root.must)):
            allowed &= self._any_of(root.may, asked)
        return self.matcher.without(allowed, root.never).mask

    def _any_of(self, nodes: tuple[Node, ...], asked: WeightedTerms) -> PassageSet:
        """Return the passages that hold a term of a plain word, or that another node matches.

        Where there is none, those that share syllables with the words.
        """
        words = tuple(filter(is_plain, nodes))
        others = [node for node in nodes if not is_plain(node)]
        if others:  # `asked` has their terms as well, wherever they stand
            plain = _untranslated(self.collect(Query(Group(may=words))))
            bridged = {term: asked.bridged[term] for term in plain.terms if term in asked.bridged}
            asked = plain._replace(bridged=bridged)
        some = PassageSet(self._snapshot.size, mask=self._first_stage.matching(asked))
        some |= self.matcher.any_of(others)
        return (
            some if some else PassageSet(some.size, mask=self._first_stage.matching_bigrams(asked))
        )

    def passage_frequency(self, word: QueryWord, field_: str) -> int:
        """Return how many passages hold a word of the query."""
        return len(self.matcher.find(Term(word.typed, field_)))


def _leaves(node: Node) -> Iterator[tuple[str, bool] | tuple[Pattern, bool]]:
    """Yield runs of words that stand side by side in the query, and its patterns."""
    match node:
        case Term(text, name) | Phrase(text, name):
            yield text, bool(name)
        case Pattern(_, name):
            yield node, bool(name)
        case Group(must, may, _):
            side_by_side: list[str] = []
            for child in (*must, *may):
                if is_plain(child):
                    side_by_side.append(child.text)
                    continue
                if side_by_side:
                    yield " ".join(side_by_side), False
                    side_by_side = []
                yield from _leaves(child)
            if side_by_side:
                yield " ".join(side_by_side), False
        case _:
            return


def _untranslated(collected: QueryTerms) -> WeightedTerms:
    terms: dict[str, float] = {}
    title_terms: dict[str, float] = {}
    for words, weights in ((collected.words, terms), (collected.title_words, title_terms)):
        for word in words:
            for term, weight in word.weights.items() if word.asked else ():
                weights[term] = weights.get(term, 0) + weight
    bigrams = Counter(
        bigram for word in collected.words if word.asked for bigram in word.word.bigrams
    )
    return WeightedTerms(terms, title_terms, dict(bigrams), tuple(collected.pairs))
