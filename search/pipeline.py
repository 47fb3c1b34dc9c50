"""Query pipeline on a snapshot: correction, translation, matching and ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby, pairwise

import numpy as np

from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Int64s, Mask
from index.bridge.general import general_table
from index.bridge.table import Lookup, Table
from index.fork_locks import import_before_fork
from index.snapshot import Snapshot

from .correction.rewrite import CorrectedQuery, QueryCorrector
from .highlight import HighlightQuery, PhraseWords, highlight_query
from .matching.matcher import Matcher
from .matching.passage_set import PassageSet
from .query.tree import Group, Node, Pattern, Phrase, Query, Term, is_condition, is_plain
from .query.words import QueryWord, read_words
from .ranking.first_stage import FirstStage, WeightedTerms
from .ranking.rerank import Ranking, rerank
from .results import Bridged
from .synonyms import Groups, SynonymExpander, with_pairs
from .translation import QueryTranslator, TermTranslation, by_term, guessed
from .weights import CANDIDATES, CANDIDATES_PER_HIT

# Not all searches need these.
import_before_fork(
    *("datetime", "difflib", "unicodedata", "index.directory.catalogue", "search.inspection"),
    *("search.correction.right_words", "search.correction.suggest"),
    *("search.correction.rare_words", "search.correction.vocabulary"),
    *("search.facets", "search.sorting"),
)

# Where a rerank leaves too few passages, the next one takes this many times as many.
_DEEPER = 8


def candidates(depth: int) -> int:
    """Return the number of passages to rerank for a list of `depth` hits."""
    return max(CANDIDATES, CANDIDATES_PER_HIT * depth)


class QueryTerms:
    """The words, patterns and pairs of a query.

    The first stage adds the translations, the weighted terms, and the mask of the passages that the
    query matches, None for all with one of the terms.
    """

    __slots__ = (
        *("allowed", "pairs", "patterns", "title_words", "translate", "translations"),
        *("weighted", "words"),
    )

    def __init__(self, *, translate: bool = True) -> None:
        self.words: list[QueryWord] = []
        self.title_words: list[QueryWord] = []
        self.patterns: list[Pattern] = []
        self.pairs: list[tuple[str, str]] = []
        self.translate = translate
        self.translations: list[TermTranslation] = []
        self.weighted = WeightedTerms({})
        self.allowed: Mask | None = None

    @property
    def all_words(self) -> list[QueryWord]:
        """The words for the text and those for the title."""
        return self.words + self.title_words


class QueryPipeline:
    """Runs queries on one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        analyzer: Analyzer,
        table: Table | None = None,
        *,
        synonyms: Groups | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self.matcher = Matcher(snapshot, analyzer)
        self._first_stage = FirstStage(snapshot)
        lookup = None if table is None else Lookup(table, general_table())
        self._bridge = None if lookup is None else QueryTranslator(snapshot, analyzer, lookup)
        own = () if table is None else table.synonyms()
        self._synonyms = SynonymExpander(analyzer, with_pairs(synonyms or {}, own))
        self._corrector = QueryCorrector(
            snapshot,
            analyzer,
            passage_frequency=self._spelling_frequency,
            translated_words=self._translated_words,
            in_glossary=self._in_glossary,
        )

    def corrected(self, query: Query, *, translate: bool) -> CorrectedQuery:
        """Return a query with corrections for its unmatched words, and with synonyms."""
        corrected = self._corrector.corrected(query, translate=translate)
        return corrected._replace(query=self._synonyms.expanded(corrected.query, strict=False))

    def as_typed(self, query: Query, *, translate: bool) -> CorrectedQuery:
        """Return a query with synonyms of the user, and otherwise unchanged."""
        typed = self._corrector.as_typed(query, translate=translate)
        return typed._replace(query=self._synonyms.expanded(query, strict=True))

    def _in_glossary(self, word: QueryWord) -> bool:
        """Return whether a word has a translation or a synonym."""
        has_translation = self._bridge is not None and self._bridge.has_word(word)
        return has_translation or bool(self._synonyms.of_word(word))

    def _spelling_frequency(self, word: QueryWord) -> int:
        """Return how many passages have a word, or else one of its synonyms."""
        return self.passage_frequency(word, "") or sum(
            len(self.matcher.find(Phrase(other))) for other in self._synonyms.of_word(word)
        )

    def _translated_words(self, words: Sequence[QueryWord]) -> Mapping[str, bool]:
        """Return the words, as typed, that have a translation in the index, and if as a whole."""
        if self._bridge is None:
            return {}
        by_entry: dict[Bridged, set[str]] = {}
        for translation in self._bridge.translations(words):
            by_entry.setdefault(translation.through, set()).add(translation.term)
        return {
            word.typed: any(terms.issuperset(term for term, _ in word.readings) for terms in found)
            for word in words
            if (found := [own for own in by_entry.values() if not own.isdisjoint(word.terms)])
        }

    def collect(self, query: Query, *, translate: bool = True) -> QueryTerms:
        """Return the words, patterns and pairs of a query, without those it excludes."""
        query_terms = QueryTerms(translate=translate)
        for leaf, in_title in _leaves(query.root):
            if isinstance(leaf, Pattern):
                query_terms.patterns.append(leaf)
                continue
            words = read_words(self._analyzer, leaf)
            (query_terms.title_words if in_title else query_terms.words).extend(words)
            terms = [term for word in words if word.asked for term, _ in word.readings]
            query_terms.pairs += pairwise(terms)
        return query_terms

    def rank(self, query: Query, query_terms: QueryTerms, *, depth: int) -> Ranking:
        """Return the reranked candidates, at least `depth` if so many passages match."""
        weighted, chosen = self.first_stage(query, query_terms, depth=depth)
        return rerank(self._snapshot, weighted, self._first_stage, chosen)

    def rankings(self, query: Query, query_terms: QueryTerms, *, depth: int) -> Iterator[Ranking]:
        """Yield rankings of ever more candidates, the last one of all passages that match."""
        while True:
            ranking = self.rank(query, query_terms, depth=depth)
            yield ranking
            if len(ranking.passages) < candidates(depth):
                return
            depth = _DEEPER * len(ranking.passages)

    def scores(self, query_terms: QueryTerms, passages: Int64s) -> Ranking:
        """Return the ranking of some passages, ascending, that a query was found to match."""
        return rerank(self._snapshot, query_terms.weighted, self._first_stage, passages)

    def first_stage(
        self, query: Query, query_terms: QueryTerms, *, depth: int
    ) -> tuple[WeightedTerms, Int64s]:
        """Return the weighted terms of a query, and the candidates, ascending."""
        weighted, allowed = self._match(query, query_terms)
        chosen = self._first_stage.best(weighted, most=candidates(depth), allowed=allowed)
        if not len(chosen) and _ask_for_stop_words(query_terms):
            return self.first_stage(query, query_terms, depth=depth)
        return weighted, chosen

    def find(self, query: Query, query_terms: QueryTerms) -> PassageSet:
        """Return all passages that a query matches, unranked."""
        self._match(query, query_terms)
        found = self.matching(query_terms)
        if not found and _ask_for_stop_words(query_terms):
            return self.find(query, query_terms)
        return found

    def matching(self, query_terms: QueryTerms, *, enough: int | None = None) -> PassageSet:
        """Return all passages that a query matches, after its first stage.

        Where one term has more than `enough`, only so many and one of them are returned: the long
        lists of common words are then not decoded.
        """
        if query_terms.allowed is not None:
            return PassageSet(self._snapshot.size, mask=query_terms.allowed)
        lists = self._first_stage.lists(query_terms.weighted)
        if enough is not None and lists:
            longest = max(lists, key=lambda postings: postings.passage_frequency)
            if longest.passage_frequency > enough:
                if not self._snapshot.has_deleted:
                    some = longest.passages_at(np.arange(enough + 1))
                    return PassageSet(self._snapshot.size, numbers=some)
                lists = [longest]
        return self.matcher.union(postings.passages for postings in lists)

    def _match(self, query: Query, query_terms: QueryTerms) -> tuple[WeightedTerms, Mask | None]:
        """Return the weighted terms and the mask of a query, and keep them in its terms."""
        weighted = query_terms.weighted = self._weighted(query_terms)
        root = query.root
        if self._bridge is not None and query_terms.translate:
            root = self._bridge.with_phrases(root)
        allowed = query_terms.allowed = self._allowed(root, weighted)
        return weighted, allowed

    def _weighted(self, query_terms: QueryTerms) -> WeightedTerms:
        patterns = (self.matcher.find(pattern).numbers for pattern in query_terms.patterns)
        weighted = _untranslated(query_terms)._replace(patterns=tuple(patterns))
        if self._bridge is None or not query_terms.translate:
            return weighted
        words = [word for word in query_terms.words if word.asked]
        # The stop words of state-of-the-art have translations, and are not ranked by.
        found = self._bridge.translations(words)
        translations = query_terms.translations = [t for t in found if t.term in weighted.terms]
        return weighted._replace(translations=by_term(translations), guessed=guessed(translations))

    def _allowed(self, root: Group, weighted: WeightedTerms) -> Mask | None:
        """Return the passages that a query matches, None for all that have a term of it."""
        is_plain_query = not (root.must or root.never) and all(map(is_plain, root.may))
        if is_plain_query and not weighted.bigrams:
            return None
        if root == Group():
            return np.zeros(self._snapshot.size, dtype=bool)
        allowed = self.matcher.all_of(root.must)
        if root.may and all(map(is_condition, root.must)):
            allowed &= self._any_of(root.may, weighted)
        return self.matcher.without(allowed, root.never).mask

    def _any_of(self, nodes: tuple[Node, ...], weighted: WeightedTerms) -> PassageSet:
        """Return the passages with a term of a plain word, or that another node matches.

        If there are none, those with a syllable bigram of the words.
        """
        others = [node for node in nodes if not is_plain(node)]
        if others:  # `weighted` includes their terms
            words = Group(may=tuple(filter(is_plain, nodes)))
            plain = _untranslated(self.collect(Query(words)))
            known = weighted.translations
            translations = {term: known[term] for term in plain.terms if term in known}
            weighted = plain._replace(translations=translations, guessed=weighted.guessed)
        found = PassageSet(self._snapshot.size, mask=self._first_stage.matching(weighted))
        found |= self.matcher.any_of(others)
        if found:
            return found
        return PassageSet(found.size, mask=self._first_stage.matching_bigrams(weighted))

    def highlight_query(self, query: Query, query_terms: QueryTerms) -> HighlightQuery:
        """Return what to highlight in the passages that a query was found to match."""
        patterns = {
            term: pattern.text
            for pattern in query_terms.patterns
            for term in self.matcher.expand(pattern)
        }
        lightest_first = sorted(query_terms.translations, key=lambda each: each.weight)
        translations = {each.other: each.through.asked for each in lightest_first}
        highlighted = highlight_query(query_terms.all_words, patterns, translations)
        phrases = [*_phrases(query.root)]
        if not phrases:
            return highlighted
        translator = self._bridge if query_terms.translate else None
        every = (
            option
            for phrase in phrases
            for option in (translator.options(phrase) if translator else (phrase,))
        )
        words = (
            PhraseWords(read_words(self._analyzer, each.text), each.slop)
            for each in every
            if isinstance(each, Phrase)
        )
        root = query.root
        alone = len(root.may) == 1 and all(map(is_condition, root.must))
        return highlighted._replace(
            phrases=tuple(words), only_phrases=alone and isinstance(root.may[0], Phrase)
        )

    def passage_frequency(self, word: QueryWord, field: str) -> int:
        """Return how many passages match a word in a field ("" or "title")."""
        return len(self.matcher.find(Term(word.typed, field)))


def _ask_for_stop_words(query_terms: QueryTerms) -> bool:
    """Have the stop words searched for, as no content word matches; return whether that is new.

    The change is kept in `query_terms`, for highlights and explanations.
    """
    if all(word.asked for word in query_terms.words):
        return False
    query_terms.words = [word._replace(asked=True) for word in query_terms.words]
    return True


def _phrases(node: Node) -> Iterator[Phrase]:
    """Yield the phrases for the text that a query asks for."""
    match node:
        case Phrase(_, ""):
            yield node
        case Group(must, may, _):
            yield from chain.from_iterable(map(_phrases, (*must, *may)))


def _leaves(node: Node) -> Iterator[tuple[str, bool] | tuple[Pattern, bool]]:
    """Yield runs of adjacent words, phrases and patterns, with whether each is for the title."""
    match node:
        case Term(text, field) | Phrase(text, field):
            yield text, bool(field)
        case Pattern(_, field):
            yield node, bool(field)
        case Group(must, may, _):
            for is_run, nodes in groupby((*must, *may), key=is_plain):
                if is_run:
                    yield " ".join(node.text for node in nodes if is_plain(node)), False
                else:
                    yield from chain.from_iterable(map(_leaves, nodes))


def _untranslated(query_terms: QueryTerms) -> WeightedTerms:
    terms: dict[str, float] = {}
    title_terms: dict[str, float] = {}
    for words, weights in ((query_terms.words, terms), (query_terms.title_words, title_terms)):
        for word in words:
            for term, weight in word.weights.items() if word.asked else ():
                weights[term] = weights.get(term, 0) + weight
    bigrams = Counter(
        bigram for word in query_terms.words if word.asked for bigram in word.word.bigrams
    )
    length = sum(word.length for word in query_terms.words if word.asked)
    pairs = tuple(query_terms.pairs)
    return WeightedTerms(terms, title_terms, dict(bigrams), pairs, length=length)
