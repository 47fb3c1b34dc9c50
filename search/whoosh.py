"""Chaja's ranking for programs that search with Whoosh: its queries in, its results out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
from index.arrays.array_types import Indices
from index.directory.damage import reported_damage
from index.directory.location import locate
from index.schema import POSITIONS, Field
from index.snapshot import Snapshot
from index.whoosh.index import ArrayIndex
from index.whoosh.schema import INDEXED

from .matching.passage_set import PassageSet
from .matching.phrase import Spelling, match_phrase
from .pipeline import candidates
from .query.words import read_words
from .ranking.first_stage import FirstStage, WeightedTerms
from .ranking.rerank import Ranking, rerank

# The kinds that are found and ranked here; what is derived from one of them may be another. Not
# AndNot, in which Whoosh 2.7.4 can leave the first passage that it should take out.
_IN_A_ROW = (q.And, q.Or, q.DisjunctionMax, q.AndMaybe)
_KNOWN = (*_IN_A_ROW, q.Not, q.ConstantScoreQuery)
_LEAVES = (q.Term, q.Every, q.NumericRange, q.DateRange, type(q.NullQuery))
_WITH_TERMS = (q.Prefix, q.Wildcard, q.Regex, q.FuzzyTerm, q.Variations, q.TermRange)
_INVERTED = frozenset(name.value for name in Field)
# What only Whoosh's own collectors do; they find with its matchers, scored as here.
_OF_WHOOSH = ("sortedby", "reverse", "groupedby", "collapse", "terms")


def open_index(directory: Path | str) -> RankedIndex:
    """Open the index in `directory` for Whoosh, to be searched with Chaja's ranking.

        with open_index(".chaja").searcher() as searcher:
            for hit in searcher.search(QueryParser("body", searcher.schema).parse("강 AND river")):
                print(hit["path"], hit["line"], hit["body"])

    It is the index of `index.whoosh.open_index`, and what that says holds here too. A query finds
    what it finds with Whoosh. Its terms of the body are ranked as Chaja's command ranks words: with
    titles and whole documents, and higher where terms of full weight follow each other as they do
    in the query. Pairs of syllables count as well: those that it asks for in the field `bigram`, or
    else those of its terms. `words_query` makes a query of plain words that gives the very ranking
    of the command. A query of another kind, such as spans, is scored by Whoosh.

    Raises IndexMissing, IndexDamaged and IndexOutdated.
    """
    return RankedIndex(locate(Path(directory), start=Path()))


class RankedIndex(ArrayIndex):
    """An index of Chaja as Whoosh's FileIndex, whose searchers rank as Chaja does."""

    def searcher(self, **options: Any) -> searching.Searcher:  # noqa: ANN401 - Whoosh's
        """Return a searcher of the commit in force; with a `weighting`, one of Whoosh's own."""
        if "weighting" in options:
            return super().searcher(**options)
        return RankedSearcher(self.reader(), fromindex=self, **options)

    def words_query(self, text: str) -> q.Query:
        """Return what Chaja asks for plain words: any of their terms, in the text or the title.

        Pairs of syllables only add to the score.
        """
        words = [word for word in read_words(self.analyzer.words, text) if word.asked]
        terms: list[q.Query] = []
        for word in words:
            readings = [term for term, _ in word.readings]
            wholes = ((term, word.weights[term] - readings.count(term)) for term in word.terms)
            terms += [q.Term(Field.BODY.value, term) for term in readings]
            terms += [q.Term(Field.BODY.value, term, boost=rest) for term, rest in wholes if rest]
            terms += [q.Term(Field.TITLE.value, term) for term in word.terms]
        pairs = [q.Term(Field.GRAM.value, pair) for word in words for pair in word.word.bigrams]
        return q.AndMaybe(q.Or(terms), q.Or(pairs)) if pairs else q.Or(terms)


class RankedSearcher(searching.Searcher):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's searcher, whose default collector is Chaja's ranking."""

    @cached_property
    def passages(self) -> _Passages:
        """The passages of the index, to be found and ranked."""
        return _Passages(self)

    def collector(self, limit: int | None = 10, **options: Any) -> collectors.Collector:  # noqa: ANN401 - Whoosh's
        """Return what collects the hits of a search."""
        options["optimize"] = False
        if not options.get("scored", True) or any(map(options.get, _OF_WHOOSH)):
            return super().collector(limit=limit, **options)
        if limit is not None and limit < 1:
            raise ValueError("limit must be >= 1")
        most = limit or max(self.doc_count_all(), 1)
        return RankingCollector(most, options.get("filter"), options.get("mask"))

    def search(self, query: q.Query, **options: Any) -> searching.Results:  # noqa: ANN401 - Whoosh's
        """Search as Whoosh does, and with the same options."""
        results = super().search(query, **options)
        results.q = query
        return results

    def search_with_collector(
        self,
        query: q.Query,
        collector: collectors.Collector,
        context: searching.SearchContext | None = None,
    ) -> None:
        """Collect what a query finds, ranked by Chaja if it knows the kind."""
        if self.passages.knows(query):
            query = _Ranked(query, self.passages)
        with reported_damage(Path(self._ix.storage.folder)):
            super().search_with_collector(query, collector, context)


class RankingCollector(collectors.FilterCollector):  # type: ignore[misc]  # Whoosh has no types
    """The best hits by Chaja's ranking; within other collectors, one by one as Whoosh has them."""

    def __init__(self, limit: int, allow: Any = None, restrict: Any = None) -> None:  # noqa: ANN401 - Whoosh's
        super().__init__(collectors.TopCollector(limit, usequality=False), allow, restrict)
        self._has_ranked = False

    def run(self) -> None:
        """Rank what the query finds, if Chaja knows the kind of query."""
        query, top = self.child.q, self.child
        self._has_ranked = isinstance(query, _Ranked)
        if not self._has_ranked:
            super().run()
            return
        ranking = query.passages.rank(query, deep=top.limit, within=self._within)
        top.items = list(zip(ranking.scores.tolist(), (-ranking.passages).tolist(), strict=True))
        del top.items[top.limit :]
        self.finish()

    @cached_property
    def _within(self) -> PassageSet | None:
        """The passages that `filter` and `mask` leave, if there is one."""
        size, left = self.top_searcher.doc_count_all(), None
        if self._allow is not None:
            left = PassageSet(size, numbers=_numbers(self._allow))
        if self._restrict is not None:
            every = left or PassageSet(size, mask=np.ones(size, dtype=bool))
            left = every - PassageSet(size, numbers=_numbers(self._restrict))
        return left

    @cached_property
    def _found(self) -> PassageSet:
        found: PassageSet = self.child.q.found
        return found if self._within is None else found & self._within

    def all_ids(self) -> Iterable[int]:
        """Return all that the query finds."""
        ids: Iterable[int] = self._found.numbers.tolist() if self._has_ranked else super().all_ids()
        return ids

    def count(self) -> int:
        """Return how many passages the query finds."""
        return len(self._found) if self._has_ranked else int(super().count())


def _numbers(some: Iterable[int]) -> Indices:
    return np.sort(np.fromiter(some, dtype=np.intp))


class _Ranked(q.WrappingQuery):  # type: ignore[misc]  # Whoosh has no types
    """A query whose matches are Whoosh's, and scored by Chaja."""

    def __init__(self, child: q.Query, passages: _Passages) -> None:
        super().__init__(child)
        self.passages = passages

    @cached_property
    def found(self) -> PassageSet:
        """All passages that it finds."""
        return self.passages.find(self.child)

    @cached_property
    def scores(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The score of each passage found."""
        ranking = self.passages.rank(self, deep=len(self.found))
        scores = np.zeros(self.found.size)
        scores[ranking.passages] = ranking.scores
        return scores

    def matcher(self, searcher: Any, context: Any = None) -> matching.Matcher:  # noqa: ANN401 - Whoosh's
        """Return a matcher of Whoosh's over one segment, or all."""
        top, reader = searcher.get_parent(), searcher.reader()
        offset = 0 if top is searcher else top._offset_for_subsearcher(searcher)
        found = self.child.matcher(searcher, context)
        if reader.has_deletions():  # Not finds what is deleted in Whoosh 2.7.4
            found = matching.FilterMatcher(found, set(reader.all_doc_ids()))
        return _ScoredMatcher(found, self, offset)


class _ScoredMatcher(matching.WrappingMatcher):  # type: ignore[misc]  # Whoosh has no types
    """A matcher of Whoosh's with Chaja's scores."""

    def __init__(self, child: matching.Matcher, ranked: _Ranked, offset: int) -> None:
        super().__init__(child)
        self._ranked = ranked
        self._offset = offset

    def _replacement(self, newchild: matching.Matcher) -> _ScoredMatcher:
        return _ScoredMatcher(newchild, self._ranked, self._offset)

    def replace(self, minquality: float = 0) -> matching.Matcher:
        """Return a matcher with no branch that has come to its end; Whoosh's scores bound none."""
        return super().replace()

    def score(self) -> float:
        """Return the score of the passage it stands at."""
        return self._ranked.scores.item(self._offset + self.child.id())


class _Terms:
    """The terms that a query is ranked by, with their weights, those that it forbids left out."""

    def __init__(self) -> None:
        self.fields: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self.pairs: list[tuple[str, str]] = []
        self.patterns: list[q.Query] = []
        self._words: list[str] = []

    @property
    def syllables(self) -> Mapping[str, float]:
        """The pairs of syllables that it asks for, or else those of its words."""
        return self.fields[Field.GRAM] or Counter(chain.from_iterable(map(_pairs, self._words)))

    def _write(self, text: str, weight: float) -> None:
        """Take in a word as it is written: a lighter term may join those before it."""
        if weight >= 1:
            self._words.append(text)
            return
        for first in range(len(self._words)):
            if "".join(self._words[first:]) == text:
                self._words[first:] = [text]
                return

    def read(self, node: q.Query, weight: float = 1.0) -> None:
        """Take in the terms of a query."""
        kind = type(node)
        weight *= getattr(node, "boost", 1.0)
        in_a_row: list[str] = []
        if kind is q.Term:
            terms = self.fields[node.fieldname]
            text = _as_text(node.text)
            terms[text] = terms.get(text, 0) + weight
            if node.fieldname == Field.BODY:
                self._write(text, weight)
        elif kind is q.Phrase:
            for word in node.words:
                self.read(q.Term(node.fieldname, word), weight)
            in_a_row = [*map(_as_text, node.words)] if node.fieldname == Field.BODY else []
        elif kind in _IN_A_ROW:
            for child in node:
                self.read(child, weight)
            in_a_row = [_as_text(child.text) for child in node if _is_word(child)]
        elif kind in _WITH_TERMS and node.fieldname in POSITIONS:
            self.patterns.append(node)
        self.pairs += pairwise(in_a_row)


def _pairs(word: str) -> tuple[str, ...]:
    return compose(word, lambda _: ((), 0)).bigrams


def _as_text(text: Any) -> str:  # noqa: ANN401 - Whoosh's
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)


def _is_word(node: q.Query) -> bool:
    """Tell a term that stands for a word: what weighs less is another spelling of one."""
    return type(node) is q.Term and node.fieldname == Field.BODY and node.boost >= 1


def _is_plain(node: q.Query) -> bool:
    """Tell a query for any of some terms of texts and titles."""
    if type(node) is q.Or:
        return all(map(_is_plain, node))
    return type(node) is q.Term and node.fieldname in POSITIONS


class _Passages:
    """The passages of a searcher, found by any query of the kinds it knows, and ranked."""

    def __init__(self, searcher: RankedSearcher) -> None:
        self._searcher = searcher
        self._reader = searcher.reader()
        leaves = [leaf for leaf, _ in self._reader.leaf_readers() if leaf.doc_count_all()]
        self._opened = [leaf.segment().opened for leaf in leaves]
        self._snapshot = Snapshot([opened.reader for opened in self._opened])
        self._first_stage = FirstStage(self._snapshot)

    def knows(self, node: q.Query) -> bool:
        """Tell whether all of a query is of a kind that is found and ranked here."""
        kind = type(node)
        if getattr(node, "boost", 1.0) <= 0:
            return False
        if kind is q.Phrase:
            return node.fieldname in POSITIONS and node.slop >= 1 and len(node.words) > 0
        if kind in (*_LEAVES, *_WITH_TERMS):
            return True
        plain = kind in _KNOWN and not getattr(node, "scale", None)
        return plain and all(map(self.knows, node.children()))

    def rank(self, ranked: _Ranked, *, deep: int, within: PassageSet | None = None) -> Ranking:
        """Rank the best passages that a query finds, at least `deep` where there are so many."""
        terms = _Terms()
        terms.read(ranked.child)
        body, titles = terms.fields[Field.BODY], terms.fields[Field.TITLE]
        asked = WeightedTerms(
            body,
            {term: titles[term] for term in titles if term not in body},
            terms.syllables,
            tuple(terms.pairs),
            patterns=tuple(self.find(node).numbers for node in terms.patterns),
        )
        allowed = None
        # Of plain terms the first stage finds what has one in its text or title, and nothing else.
        plain = _is_plain(ranked.child) and body.keys() <= titles.keys() and not asked.bigrams
        if within is not None or not plain:
            allowed = (ranked.found if within is None else ranked.found & within).mask
        chosen = self._first_stage.best(asked, most=candidates(deep), allowed=allowed)
        return rerank(self._snapshot, asked, self._first_stage, chosen)

    def find(self, node: q.Query) -> PassageSet:
        """Return the passages alive that a query finds in Whoosh."""
        match node:
            case q.Term():
                return self._any_of(node.fieldname, [node.text])
            case q.MultiTerm():
                return self._any_of(node.fieldname, filter(None, node._btexts(self._reader)))
            case q.Phrase():
                return self._phrase(node)
            case q.NumericRange():
                return self.find(node._compile_query(self._reader))
            case q.Every(fieldname=None):
                return self._every
            case q.Every():
                return self._any_of(node.fieldname, self._reader.lexicon(node.fieldname))
            case q.Not():
                return self._every - self.find(node.query)
            case q.AndMaybe():
                return self.find(node.a)
        found = list(map(self.find, node.children()))
        combine = and_ if isinstance(node, q.And) else or_
        return reduce(combine, found) if found else self._alive([])

    def _any_of(self, field: str, texts: Iterable[Any]) -> PassageSet:
        keys = self._keys(field, texts) if field in INDEXED else ()
        return self._alive(passages for key in keys for passages in self._lists(field, key))

    def _alive(self, lists: Iterable[Indices]) -> PassageSet:
        """Return the passages alive that are in one of some lists."""
        found = PassageSet.any_of(self._snapshot.size, lists)
        return found & self._every if self._snapshot.has_deleted else found

    @cached_property
    def _every(self) -> PassageSet:
        return PassageSet(self._snapshot.size, mask=self._snapshot.alive)

    def _keys(self, field: str, texts: Iterable[Any]) -> Iterator[bytes]:
        for text in texts:
            with suppress(ValueError):  # no term of the field, as a word is no date
                yield self._searcher.schema[field].to_bytes(text)

    def _lists(self, field: str, key: bytes) -> Iterator[Indices]:
        if field in _INVERTED:
            found = self._snapshot.posting_list(Field(field), key)
            if found is not None:
                yield found.passages
            return
        base = 0
        for opened in self._opened:
            if (postings := opened.postings(field, key)) is not None:
                yield base + postings.passages
            base += opened.reader.size

    def _phrase(self, node: q.Phrase) -> PassageSet:
        field = Field(node.fieldname)
        lists = [self._snapshot.posting_list(field, key) for key in self._keys(field, node.words)]
        words = [[Spelling((postings,))] for postings in lists if postings is not None]
        if len(words) < len(node.words):
            return self._alive([])
        return self._alive([match_phrase(words, slop=node.slop - 1)])
