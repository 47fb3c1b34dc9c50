"""Query pipeline on an engine: correction, translation, retrieval and ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, groupby, pairwise

from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Int64s
from index.bridge.general import general_table
from index.bridge.table import Lookup
from index.fork_locks import import_before_fork
from index.value import NamedTuple

from .correction.rewrite import CorrectedQuery, QueryCorrector
from .engine import Engine, MatchQuery, Retrieval
from .highlight import HighlightQuery, PhraseWords, highlight_query
from .query.tree import Filter, Group, Node, Pattern, Phrase, Query, Term, is_condition, is_plain
from .query.words import QueryWord, read_words
from .ranking.rerank import Ranking
from .ranking.weighted_terms import WeightedTerms
from .results import Bridged
from .selection import Selection
from .synonyms import Groups, SynonymExpander, with_pairs
from .translation import QueryTranslator, TermTranslation, by_term, guessed
from .weights import CANDIDATES, CANDIDATES_PER_HIT

# Not all searches need these.
import_before_fork(
    *("datetime", "difflib", "unicodedata", "index.directory.catalogue", "search.inspection"),
    *("search.correction.right_words", "search.correction.suggest"),
    *("search.correction.rare_words", "search.correction.vocabulary"),
    *("search.embedded.facets", "search.embedded.sorting"),
)

_NO_TERMS = WeightedTerms({})
# Where a rerank leaves too few passages, the next one takes this many times as many.
_DEEPER = 8


def candidates(depth: int) -> int:
    """Return the number of passages to rerank for a list of `depth` hits."""
    return max(CANDIDATES, CANDIDATES_PER_HIT * depth)


class QueryTerms:
    """The words, patterns and pairs of a query, the translations and the weighted terms.

    The first stage adds the retrieval, of which the `counts` will be asked: facets, and the
    passages that are not counted.
    """

    __slots__ = (
        *("counts", "pairs", "patterns", "retrieval", "title_words", "translate", "translations"),
        *("weighted", "words"),
    )

    def __init__(self, *, translate: bool = True) -> None:
        self.words: list[QueryWord] = []
        self.title_words: list[QueryWord] = []
        self.patterns: list[Pattern] = []
        self.pairs: list[tuple[str, str]] = []
        self.translate = translate
        self.translations: list[TermTranslation] = []
        self.weighted: WeightedTerms | None = None
        self.retrieval: Retrieval | None = None
        self.counts: tuple[Sequence[str], Collection[int]] | None = None

    @property
    def all_words(self) -> list[QueryWord]:
        """The words for the text and those for the title."""
        return self.words + self.title_words


class PreparedQuery(NamedTuple):
    """A query with its terms, as it was read, and as it is searched for."""

    read: CorrectedQuery
    query: Query
    terms: QueryTerms


class QueryPipeline:
    """Runs queries on one engine."""

    def __init__(
        self, engine: Engine, analyzer: Analyzer, *, synonyms: Groups | None = None
    ) -> None:
        self._engine = engine
        self._analyzer = analyzer
        table = engine.bridge
        lookup = None if table is None else Lookup(table, general_table())
        self._bridge = None if lookup is None else QueryTranslator(engine, analyzer, lookup)
        own = () if table is None else table.synonyms()
        self._synonyms = SynonymExpander(analyzer, with_pairs(synonyms or {}, own))
        self._corrector = QueryCorrector(
            engine,
            analyzer,
            passage_frequency=self._spelling_frequency,
            translated_words=self._translated_words,
            in_glossary=self._in_glossary,
        )

    def prepared(
        self, read: Callable[[], CorrectedQuery], selection: Selection, *, translate: bool
    ) -> PreparedQuery:
        """Return what `read` returns, with the filters of a selection, and its terms weighted.

        `read` may be called several times.
        """

        def prepare() -> PreparedQuery:
            corrected = read()
            query = selection.filtered(corrected.query)
            terms = self.collect(query, translate=translate)
            self._weigh(terms)
            return PreparedQuery(corrected, query, terms)

        return self._engine.settled(prepare)

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
            self._engine.count(Phrase(other)) for other in self._synonyms.of_word(word)
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
        retrieval, chosen = self.first_stage(query, query_terms, depth=depth)
        return retrieval.rerank(chosen)

    def rankings(self, query: Query, query_terms: QueryTerms, *, depth: int) -> Iterator[Ranking]:
        """Yield rankings of ever more candidates, the last one of all passages that match."""
        while True:
            ranking = self.rank(query, query_terms, depth=depth)
            yield ranking
            if len(ranking.passages) < candidates(depth):
                return
            depth = _DEEPER * len(ranking.passages)

    def first_stage(
        self, query: Query, query_terms: QueryTerms, *, depth: int
    ) -> tuple[Retrieval, Int64s]:
        """Return the retrieval of a query, and the candidates, ascending."""
        most = candidates(depth)
        return self._retrieved(query, query_terms, lambda retrieval: retrieval.best(most))

    def ordered(self, query: Query, query_terms: QueryTerms, sort: str, *, most: int) -> Int64s:
        """Return the first passages of another order than by score."""
        _, passages = self._retrieved(
            query, query_terms, lambda retrieval: retrieval.in_order(sort, most)
        )
        return passages

    def retrieval(self, query: Query, query_terms: QueryTerms) -> Retrieval:
        """Return the retrieval of a query, all of whose passages are to be found."""
        retrieval, _ = self._retrieved(query, query_terms, lambda found: found.passages())
        return retrieval

    def filtered(self, filters: Sequence[Filter]) -> Retrieval:
        """Return the retrieval of the passages that filters let through."""
        root = Group(must=tuple(filters)) if filters else None
        return self._engine.retrieval(MatchQuery(root, _NO_TERMS, _NO_TERMS))

    def _retrieved(
        self, query: Query, query_terms: QueryTerms, find: Callable[[Retrieval], Int64s]
    ) -> tuple[Retrieval, Int64s]:
        """Return the retrieval of a query and what `find` finds by it.

        If that is nothing, the stop words of the query are searched for as well.
        """
        retrieval = query_terms.retrieval
        if retrieval is None:
            retrieval = query_terms.retrieval = self._retrieval(query, query_terms)
        found = find(retrieval)
        if not len(found) and _ask_for_stop_words(query_terms):
            self._engine.settled(lambda: self._weigh_anew(query_terms))
            return self._retrieved(query, query_terms, find)
        return retrieval, found

    def _retrieval(self, query: Query, query_terms: QueryTerms) -> Retrieval:
        weighted = self._weigh(query_terms)
        root = query.root
        if self._bridge is not None and query_terms.translate:
            root = self._bridge.with_phrases(root)
        plain = self._plain_terms(root, weighted)
        retrieval = self._engine.retrieval(MatchQuery(root, weighted, plain))
        if query_terms.counts is not None:
            retrieval.expect_counts(*query_terms.counts)
        return retrieval

    def _weigh(self, query_terms: QueryTerms) -> WeightedTerms:
        """Return the weighted terms of a query, and keep them and the translations in its terms."""
        if query_terms.weighted is not None:
            return query_terms.weighted
        weighted = _untranslated(query_terms)
        if self._bridge is not None and query_terms.translate:
            words = [word for word in query_terms.words if word.asked]
            # The stop words of state-of-the-art have translations, and are not ranked by.
            found = self._bridge.translations(words)
            translations = [each for each in found if each.term in weighted.terms]
            query_terms.translations = translations
            weighted = weighted._replace(
                translations=by_term(translations), guessed=guessed(translations)
            )
        self._engine.expect_retrieval(weighted)
        query_terms.weighted = weighted
        return weighted

    def _weigh_anew(self, query_terms: QueryTerms) -> None:
        query_terms.weighted = None
        self._weigh(query_terms)

    def _plain_terms(self, root: Group, weighted: WeightedTerms) -> WeightedTerms:
        """Return the terms of the plain words of a query, of which one is enough to match."""
        if all(map(is_plain, root.may)):
            return weighted
        words = Group(may=tuple(filter(is_plain, root.may)))
        plain = _untranslated(self.collect(Query(words)))
        known = weighted.translations
        translations = {term: known[term] for term in plain.terms if term in known}
        return plain._replace(translations=translations, guessed=weighted.guessed)

    def highlight_query(self, query: Query, query_terms: QueryTerms) -> HighlightQuery:
        """Return what to highlight in the passages that a query was found to match."""
        patterns = {
            term: pattern.text
            for pattern in query_terms.patterns
            for term in self._engine.expanded(pattern)
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
        return self._engine.count(Term(word.typed, field))


def _ask_for_stop_words(query_terms: QueryTerms) -> bool:
    """Have the stop words searched for, as no content word matches; return whether that is new.

    The change is kept in `query_terms`, for highlights and explanations.
    """
    if all(word.asked for word in query_terms.words):
        return False
    query_terms.words = [word._replace(asked=True) for word in query_terms.words]
    query_terms.weighted = query_terms.retrieval = None
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
    return WeightedTerms(
        terms,
        title_terms,
        dict(bigrams),
        tuple(query_terms.pairs),
        patterns=tuple(query_terms.patterns),
        length=length,
    )
