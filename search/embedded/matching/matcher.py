"""Boolean evaluation of query nodes to sets of passages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache, reduce
from itertools import chain

import numpy as np

from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Indices
from index.arrays.ragged import range_indices
from index.arrays.term_dictionary import text_of
from index.schema import Field, field_text
from index.snapshot import Snapshot

from ...query.dates import spellings as spellings_of_date
from ...query.parser import MAX_PATTERNS
from ...query.patterns import read_pattern
from ...query.tree import Filter, Group, Node, Pattern, Phrase, Term, is_condition
from ...query.words import QueryWord, read_words
from ...query.written import folded
from .filters import FilterEvaluator
from .passage_set import FilterCache, PassageSet
from .phrase import match_word, phrase_passages, spellings

# Nodes that narrow a conjunction at low cost come before those that profit from it.
_ORDER = (Term, Phrase, Pattern, Group, Filter)


class Matcher:
    """Evaluates query nodes on a snapshot; thread-safe."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._filters = FilterEvaluator(snapshot)
        # Cached, as a query needs the terms and passages of a pattern more than once.
        self._expanded = lru_cache(maxsize=MAX_PATTERNS)(self._matching_terms)
        self._pattern_cache = FilterCache()

    def find(self, node: Node, *, within: PassageSet | None = None) -> PassageSet:
        """Return the live passages that a node matches; those not `within` may be left out.

        A title matches for all passages of its document.
        """
        match node:
            case Term(text, field):
                words = [word for word in read_words(self._analyzer, text) if word.asked]
                lists = (self._word(word, field, within) for word in words)
                found = self.union(chain.from_iterable(lists))
                return self._or_as_date(found, text, field, within)
            case Phrase():
                return self._phrase(node, within)
            case Pattern():
                terms = self._expanded(node)
                return self._pattern_cache.get(node, lambda: self.union(self._with_terms(terms)))
            case Filter():
                return self._alive(self._filters.find(node))
            case Group():
                return self._group(node)

    def _or_as_date(
        self, found: PassageSet, text: str, field: str, within: PassageSet | None
    ) -> PassageSet:
        """Return `found`, with the passages that have the date `text` in another spelling."""
        others = (Phrase(other, field) for other in spellings_of_date(text))
        return reduce(lambda left, other: left | self._as_written(other, within), others, found)

    def all_of(self, nodes: Iterable[Node]) -> PassageSet:
        """Return the live passages that all nodes match, all passages for no nodes."""
        found: PassageSet | None = None
        for node in sorted(nodes, key=lambda node: _ORDER.index(type(node))):
            own = self.find(node, within=found)
            found = own if found is None else found & own
        if found is None:
            return PassageSet(self._snapshot.size, mask=self._snapshot.alive)
        return found

    def without(self, found: PassageSet, nodes: Iterable[Node]) -> PassageSet:
        """Return `found` less the passages that any node matches."""
        return reduce(lambda left, node: left - self.find(node, within=left), nodes, found)

    def any_of(self, nodes: Iterable[Node]) -> PassageSet:
        """Return the live passages that any of the optional nodes of a query matches.

        A phrase in a title is met in the first passage of its document, as a plain word is: all of
        a book would be too much.
        """
        sets = (
            self._phrase(node, None, first=True) if isinstance(node, Phrase) else self.find(node)
            for node in nodes
        )
        return reduce(PassageSet.__or__, sets, self.union(()))

    def _group(self, group: Group) -> PassageSet:
        found = self.all_of(group.must)
        if group.may and all(map(is_condition, group.must)):
            found &= reduce(PassageSet.__or__, map(self.find, group.may))
        return self.without(found, group.never)

    def union(self, lists: Iterable[Indices]) -> PassageSet:
        """Return the live passages of lists of passages, each ascending."""
        return self._alive(PassageSet.any_of(self._snapshot.size, lists))

    def _alive(self, found: PassageSet) -> PassageSet:
        if not self._snapshot.has_deleted:
            return found
        return found & PassageSet(found.size, mask=self._snapshot.alive)

    def _of_documents(self, passages: Indices) -> Indices:
        """Return all passages of the documents with the given first passages."""
        documents = self._snapshot.documents_of(passages)
        firsts = self._snapshot.firsts[documents].astype(np.int64)
        return range_indices(firsts, self._snapshot.firsts[documents + 1] - firsts)

    def _word(self, word: QueryWord, field: str, within: PassageSet | None) -> Iterator[Indices]:
        if not field:
            sparse = None if within is None else within.sparse
            yield from match_word(spellings(self._snapshot, word, Field.BODY), within=sparse)
        for of_documents in (Field.TITLE,) if field else (Field.TITLE, Field.META):
            found = match_word(spellings(self._snapshot, word, of_documents))
            yield from map(self._of_documents, found)

    def _phrase(
        self, phrase: Phrase, within: PassageSet | None, *, first: bool = False
    ) -> PassageSet:
        """Return the passages with a phrase, if not `exact` with the date that it is.

        Documents with it in title or fields are included, with `first` only their first passages.
        """
        found = self._as_written(phrase, within, first=first)
        return found if phrase.exact else self._or_as_date(found, phrase.text, phrase.field, within)

    def _as_written(
        self, phrase: Phrase, within: PassageSet | None, *, first: bool = False
    ) -> PassageSet:
        words = read_words(self._analyzer, phrase.text)
        fields = (Field.TITLE,) if phrase.field else (Field.TITLE, Field.META)
        of_documents = [self._phrase_in(field, phrase, words, None) for field in fields]
        if phrase.field or not first:
            of_documents = [*map(self._of_documents, of_documents)]
        if phrase.field:
            return self.union(of_documents)
        sparse = None if within is None else within.sparse
        return self.union([self._phrase_in(Field.BODY, phrase, words, sparse), *of_documents])

    def _phrase_in(
        self, field: Field, phrase: Phrase, words: Sequence[QueryWord], within: Indices | None
    ) -> Indices:
        """Return the passages with a phrase in a field, deleted ones included."""
        found = phrase_passages(self._snapshot, words, field=field, slop=phrase.slop, within=within)
        return self._exact(found, phrase.text, field) if phrase.exact else found

    def _exact(self, passages: Indices, text: str, field: Field) -> Indices:
        """Return the passages with `text` itself in a field, ignoring whitespace and case."""
        wanted = folded(text)
        kept = [
            number for number in passages.tolist() if wanted in folded(self._stored(field, number))
        ]
        return np.array(kept, dtype=np.intp)

    def _stored(self, field: Field, passage: int) -> str:
        """Return what was indexed in a field of a passage, or of its document."""
        if field is Field.BODY:
            return str(self._snapshot.stored(passage)["text"])
        document = self._snapshot.stored_document(passage)
        if field is Field.TITLE:
            return str(document["title"])
        return field_text(document)

    def expand(self, pattern: Pattern) -> list[str]:
        """Return the terms that match a pattern, in order."""
        return sorted(set().union(*self._expanded(pattern).values()))

    def _matching_terms(self, pattern: Pattern) -> Mapping[Field, Collection[str]]:
        read = read_pattern(pattern.text)
        # fnmatch makes an atomic group of each *, so that a*a*a*a*b cannot backtrack for ever.
        regex = re.compile(translate(read.text.replace("[", "[[]")))
        fields = (Field.TITLE,) if pattern.field else (Field.BODY, Field.TITLE)
        found = {}
        for field in fields:
            terms = map(text_of, self._snapshot.terms(field, read.prefix.encode()))
            found[field] = set(filter(regex.match, terms))
            if read.stem:
                found[field].add(read.stem)
        return found

    def _with_terms(self, terms: Mapping[Field, Collection[str]]) -> Iterator[Indices]:
        for field, texts in terms.items():
            lists = (self._snapshot.posting_list(field, text.encode()) for text in texts)
            passages = (postings.passages for postings in lists if postings is not None)
            yield from map(self._of_documents, passages) if field is Field.TITLE else passages
