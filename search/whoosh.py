"""Whoosh's search API with Chaja's ranking: `whoosh.query` in, `whoosh.searching.Results` out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, reduce
from itertools import chain, pairwise
from operator import and_, or_
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import collectors, matching, searching
from whoosh import query as q

from index.analysis.compose import compose
from index.arrays.array_types import Floats, Indices
from index.directory.damage import reported_damage
from index.directory.location import locate
from index.schema import POSITIONS, Field
from index.snapshot import Snapshot
from index.whoosh.index import ArrayIndex
from index.whoosh.schema import DATE, INDEXED, LANGUAGE
from index.whoosh.segment import OpenSegment

from .embedded.candidates import SnapshotCandidates
from .embedded.collection import SnapshotCollection
from .embedded.first_stage import FirstStage
from .embedded.matching.passage_set import PassageSet
from .embedded.matching.phrase import Spelling, match_phrase
from .pipeline import candidates
from .query.words import read_words
from .ranking.rerank import Ranking, rerank
from .ranking.weighted_terms import WeightedTerms

# The types of query evaluated here, never their subclasses, which may match by other rules.
# AndNot is left to Whoosh 2.7.4, which can return the first passage that it should exclude.
_COMPOUND = (q.And, q.Or, q.DisjunctionMax, q.AndMaybe, q.Not, q.ConstantScoreQuery)
_MULTI_TERM = (q.Prefix, q.Wildcard, q.Regex, q.FuzzyTerm, q.Variations, q.TermRange)
_LEAVES = (*_MULTI_TERM, q.Term, q.Every, q.NumericRange, q.DateRange, type(q.NullQuery))
# Options for which Whoosh's own collectors walk its matchers, with Chaja's scores.
_WHOOSH_OPTIONS = ("sortedby", "reverse", "groupedby", "collapse", "terms")


def open_index(directory: Path | str) -> RankedIndex:
    """Open the index in `directory` for Whoosh, to be searched with Chaja's ranking.

        with open_index(".chaja").searcher() as searcher:
            for hit in searcher.search(QueryParser("body", searcher.schema).parse("강 AND river")):
                print(hit["path"], hit["line"], hit["body"])

    All that `index.whoosh.open_index` documents applies. A query matches what it matches in Whoosh;
    its body terms are ranked as Chaja ranks words: with titles and whole documents, and higher
    where terms of weight 1 or more follow each other as in the query. Syllable bigrams count too:
    those it has in the field `gram`, or else those of its terms. `words_query` makes a query of
    plain words that ranks as the command line does. Queries of other types, such as spans, are
    scored by Whoosh.

    Raises IndexMissing, IndexDamaged and IndexOutdated.
    """
    return RankedIndex(locate(Path(directory), start=Path()))


class RankedIndex(ArrayIndex):
    """A Whoosh FileIndex whose searchers rank as Chaja does."""

    def searcher(self, **options: Any) -> searching.Searcher:  # noqa: ANN401 - Whoosh's
        """Return a searcher of the current commit; with a `weighting`, a plain Whoosh searcher."""
        if "weighting" in options:
            return super().searcher(**options)
        return RankedSearcher(self.reader(), fromindex=self, **options)

    def words_query(self, text: str) -> q.Query:
        """Return Chaja's query for plain words: any of their terms, in the text or the title.

        Syllable bigrams only add to the score.
        """
        words = [word for word in read_words(self.analyzer.words, text) if word.asked]
        terms: list[q.Query] = []
        for word in words:
            readings = [term for term, _ in word.readings]
            extra = ((term, word.weights[term] - readings.count(term)) for term in word.terms)
            terms += [q.Term(Field.BODY.value, term) for term in readings]
            terms += [q.Term(Field.BODY.value, term, boost=boost) for term, boost in extra if boost]
            terms += [q.Term(Field.TITLE.value, term) for term in word.terms]
        bigrams = [
            q.Term(Field.BIGRAM.value, bigram) for word in words for bigram in word.word.bigrams
        ]
        return q.AndMaybe(q.Or(terms), q.Or(bigrams)) if bigrams else q.Or(terms)


class RankedSearcher(searching.Searcher):  # type: ignore[misc]  # Whoosh has no types
    """A Whoosh searcher whose default collector is Chaja's ranking."""

    @cached_property
    def _segments(self) -> list[tuple[OpenSegment, int]]:
        """The segments that have passages, each with the number of its first one."""
        leaves = [(leaf, base) for leaf, base in self.leaf_searchers() if leaf.doc_count_all()]
        return [(leaf.reader().segment().opened, base) for leaf, base in leaves]

    @cached_property
    def _snapshot(self) -> Snapshot:
        return Snapshot([segment.reader for segment, _ in self._segments])

    @cached_property
    def _first_stage(self) -> FirstStage:
        return FirstStage(SnapshotCollection(self._snapshot, self._passages_with))

    def _passages_with(self, pattern: object) -> Indices:
        return self.match(pattern).numbers

    def collector(self, limit: int | None = 10, **options: Any) -> collectors.Collector:  # noqa: ANN401 - Whoosh's
        """Return the collector of a search with these options."""
        collector = super().collector(limit=limit, **options | {"optimize": False})
        if not options.get("scored", True) or any(map(options.get, _WHOOSH_OPTIONS)):
            return collector
        top = collectors.TopCollector(limit or max(self.doc_count_all(), 1), usequality=False)
        return RankingCollector(top, options.get("filter"), options.get("mask"))

    def search(self, query: q.Query, **options: Any) -> searching.Results:  # noqa: ANN401 - Whoosh's
        """Search as Whoosh does, with the same options."""
        results = super().search(query, **options)
        results.q = query
        return results

    def search_with_collector(
        self,
        query: q.Query,
        collector: collectors.Collector,
        context: searching.SearchContext | None = None,
    ) -> None:
        """Run a query with a collector, scored by Chaja where its type is supported."""
        if self.supports(query):
            query = _RankedQuery(query, self)
        with reported_damage(Path(self._ix.storage.folder)):
            super().search_with_collector(query, collector, context)

    def supports(self, node: q.Query) -> bool:
        """Return whether a query, with all its parts, is of types that are evaluated here."""
        kind = type(node)
        if getattr(node, "boost", 1.0) <= 0:
            return False
        if kind is q.Phrase:
            return node.fieldname in POSITIONS and node.slop >= 1 and len(node.words) > 0
        if kind in _COMPOUND:
            return not getattr(node, "scale", None) and all(map(self.supports, node.children()))
        return kind in _LEAVES

    def rank(self, query: q.Query, *, depth: int, allowed: PassageSet) -> Ranking:
        """Rank the best of the `allowed` passages by the terms of a query, at least `depth`."""
        terms = _QueryTerms(query)
        weighted = WeightedTerms(
            terms.body,
            {term: weight for term, weight in terms.title.items() if term not in terms.body},
            terms.bigrams,
            tuple(terms.pairs),
            patterns=tuple(terms.patterns),
            length=terms.length,
        )
        chosen = self._first_stage.best(weighted, most=candidates(depth), allowed=allowed.mask)
        candidates_ = SnapshotCandidates(self._first_stage, weighted, chosen)
        return rerank(self._first_stage.collection, weighted, candidates_)

    def match(self, node: q.Query) -> PassageSet:
        """Return the passages that match a query in Whoosh, without deleted ones."""
        match node:
            case q.Term():
                return self._any_of(node.fieldname, [node.text])
            case q.MultiTerm():
                return self._any_of(node.fieldname, filter(None, node._btexts(self.reader())))
            case q.Phrase():
                return self._phrase(node)
            case q.NumericRange():
                return self.match(node._compile_query(self.reader()))
            case q.Every(fieldname=None):
                return self._all
            case q.Every():
                return self._any_of(node.fieldname, self.reader().lexicon(node.fieldname))
            case q.Not():
                return self._all - self.match(node.query)
            case q.AndMaybe():
                return self.match(node.a)
        sets = list(map(self.match, node.children()))
        return reduce(and_ if isinstance(node, q.And) else or_, sets) if sets else self._union([])

    @cached_property
    def _all(self) -> PassageSet:
        return PassageSet(self._snapshot.size, mask=self._snapshot.alive)

    def _union(self, lists: Iterable[Indices]) -> PassageSet:
        found = PassageSet.any_of(self._snapshot.size, lists)
        return found & self._all if self._snapshot.has_deleted else found

    def _any_of(self, field: str, texts: Iterable[Any]) -> PassageSet:
        return self._union(
            chain(*(self._lists(field, term) for term in self._encode(field, texts)))
        )

    def _encode(self, field: str, texts: Iterable[Any]) -> Iterator[bytes]:
        for text in texts if field in INDEXED else ():
            with suppress(ValueError):  # no value of the field, such as a word in a date
                yield self.schema[field].to_bytes(text)

    def _lists(self, field: str, term: bytes) -> Iterator[Indices]:
        """Yield the posting lists of a term: of all segments together, or else of each."""
        if field not in (DATE, LANGUAGE):
            if (found := self._snapshot.posting_list(Field(field), term)) is not None:
                yield found.passages
            return
        for segment, base in self._segments:
            if (postings := segment.postings(field, term)) is not None:
                yield base + postings.passages

    def _phrase(self, node: q.Phrase) -> PassageSet:
        field = Field(node.fieldname)
        lists = [
            self._snapshot.posting_list(field, term) for term in self._encode(field, node.words)
        ]
        words = [[Spelling((postings,))] for postings in lists if postings is not None]
        matches = [match_phrase(words, slop=node.slop - 1)] if len(words) == len(node.words) else []
        return self._union(matches)


class RankingCollector(collectors.FilterCollector):  # type: ignore[misc]  # Whoosh has no types
    """Collects the best hits by Chaja's ranking; inside other collectors, hit by hit as Whoosh."""

    _is_ranked = False

    def run(self) -> None:
        """Rank the matches of the query, if it is a ranked one."""
        query, top = self.child.q, self.child
        self._is_ranked = isinstance(query, _RankedQuery)
        if not self._is_ranked:
            super().run()
            return
        ranking = query.searcher.rank(query.child, depth=top.limit, allowed=self._matches)
        items = zip(ranking.scores.tolist(), (-ranking.passages).tolist(), strict=True)
        top.items = list(items)[: top.limit]
        self.finish()

    @cached_property
    def _filtered(self) -> PassageSet | None:
        """The passages that `filter` and `mask` leave, or None without either."""
        if self._allow is None and self._restrict is None:
            return None
        mask = np.full(self.top_searcher.doc_count_all(), self._allow is None)
        mask[list(self._allow or ())] = True
        mask[list(self._restrict or ())] = False
        return PassageSet(len(mask), mask=mask)

    @cached_property
    def _matches(self) -> PassageSet:
        matches: PassageSet = self.child.q.matches
        return matches if self._filtered is None else matches & self._filtered

    def all_ids(self) -> Iterable[int]:
        """Return the passages that match the query."""
        ids: Iterable[int]
        ids = self._matches.numbers.tolist() if self._is_ranked else super().all_ids()
        return ids

    def count(self) -> int:
        """Return how many passages match the query."""
        return len(self._matches) if self._is_ranked else int(super().count())


class _RankedQuery(q.WrappingQuery):  # type: ignore[misc]  # Whoosh has no types
    """A query that matches as in Whoosh, and is scored by Chaja."""

    def __init__(self, child: q.Query, searcher: RankedSearcher) -> None:
        super().__init__(child)
        self.searcher = searcher

    @cached_property
    def matches(self) -> PassageSet:
        return self.searcher.match(self.child)

    @cached_property
    def scores(self) -> Floats:
        """The score of every passage of the index, 0 where it does not match."""
        depth, scores = len(self.matches), np.zeros(self.matches.size)
        ranking = self.searcher.rank(self.child, depth=depth, allowed=self.matches)
        scores[ranking.passages] = ranking.scores
        return scores

    def matcher(
        self, searcher: searching.Searcher, context: searching.SearchContext | None = None
    ) -> matching.Matcher:
        """Return Whoosh's matcher over one segment, or all, with Chaja's scores."""
        top, reader = searcher.get_parent(), searcher.reader()
        offset = 0 if top is searcher else top._offset_for_subsearcher(searcher)
        matcher = self.child.matcher(searcher, context)
        if reader.has_deletions():  # in Whoosh 2.7.4 Not matches deleted passages
            matcher = matching.FilterMatcher(matcher, set(reader.all_doc_ids()))
        return _ScoredMatcher(matcher, self, offset)


class _ScoredMatcher(matching.WrappingMatcher):  # type: ignore[misc]  # Whoosh has no types
    """A Whoosh matcher with Chaja's scores."""

    def __init__(self, child: matching.Matcher, ranked: _RankedQuery, offset: int) -> None:
        super().__init__(child)
        self._ranked = ranked
        self._offset = offset

    def _replacement(self, newchild: matching.Matcher) -> _ScoredMatcher:
        return _ScoredMatcher(newchild, self._ranked, self._offset)

    def replace(self, minquality: float = 0) -> matching.Matcher:
        """Return a matcher without exhausted branches; Whoosh's qualities bound no score here."""
        return super().replace()

    def score(self) -> float:
        """Return the score of the current passage."""
        return self._ranked.scores.item(self._offset + self.child.id())


class _QueryTerms:
    """The terms that a query is ranked by, with their weights, without those that it excludes."""

    def __init__(self, query: q.Query) -> None:
        self.by_field: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self.pairs: list[tuple[str, str]] = []
        self.patterns: list[q.Query] = []
        self.length = 0
        self._words: list[str] = []
        self._add(query, 1.0)
        self.body, self.title = self.by_field[Field.BODY], self.by_field[Field.TITLE]
        own = (compose(word, lambda _: ((), 0)).bigrams for word in self._words)
        self.bigrams: Mapping[str, float] = self.by_field[Field.BIGRAM] or Counter(chain(*own))

    def _add(self, node: q.Query, weight: float) -> None:
        weight *= getattr(node, "boost", 1.0)
        match node:
            case q.Term():
                self._add_term(node.fieldname, _text(node), weight)
            case q.Phrase():
                self._add_all([q.Term(node.fieldname, word) for word in node.words], weight)
            case q.And() | q.Or() | q.DisjunctionMax() | q.AndMaybe():
                self._add_all(list(node), weight)
            case q.MultiTerm() if node.fieldname in POSITIONS:
                self.patterns.append(node)

    def _add_all(self, nodes: Sequence[q.Query], weight: float) -> None:
        """Add queries, and each two words that follow each other; a lighter term is no word."""
        for node in nodes:
            self._add(node, weight)
        terms = [node for node in nodes if isinstance(node, q.Term) and node.boost >= 1]
        self.pairs += pairwise(_text(term) for term in terms if term.fieldname == Field.BODY)

    def _add_term(self, field: str, text: str, weight: float) -> None:
        terms, words = self.by_field[field], self._words
        # A lighter term that is one of the words adds to its weight only.
        self.length += field == Field.BODY and (weight >= 1 or text not in terms)
        terms[text] = terms.get(text, 0) + weight
        if field == Field.BODY and weight >= 1:
            words.append(text)
        elif field == Field.BODY:  # a lighter term may be the compound of the words before it
            firsts = (first for first in range(len(words)) if "".join(words[first:]) == text)
            if (first := next(firsts, None)) is not None:
                words[first:] = [text]


def _text(term: q.Term) -> str:
    text = term.text
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
