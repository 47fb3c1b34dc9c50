"""Which passages a query lets through: its must, never and filters, as sets of passages."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import translate
from functools import reduce

import numpy as np

from index.analysis.analyzer import Analyzer
from index.analysis.english import stem
from index.analysis.normalize import normal_form
from index.arrays.array_types import Indices
from index.arrays.ragged import places_of
from index.arrays.term_dictionary import text_of
from index.schema import Field
from index.snapshot import Snapshot

from ..query.parser import MOST_PATTERNS
from ..query.tree import Filter, Group, Node, Pattern, Phrase, Term, is_condition
from ..query.words import QueryWord, read_words
from .filters import Conditions
from .passage_set import FilterCache, PassageSet
from .phrase import phrase_passages, word_passages

# What narrows a query down at little cost comes before what can make use of it.
_ORDER = (Term, Phrase, Pattern, Group, Filter)


class Matcher:
    """Evaluates the nodes of a query over one snapshot; threads may share it."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._conditions = Conditions(snapshot)
        self._expanded: dict[Pattern, Mapping[Field, Collection[str]]] = {}
        self._matched = FilterCache()

    def find(self, node: Node, *, within: PassageSet | None = None) -> PassageSet:
        """Return the passages that a node matches; those not `within` may be left out.

        A title counts for every passage of its document. Deleted passages are left out.
        """
        match node:
            case Term(text, field):
                words = read_words(self._analyzer, text)
                return self._any_of(
                    passages
                    for word in words
                    if word.asked
                    for passages in self._word(word, field, within)
                )
            case Phrase():
                return self._phrase(node, within)
            case Pattern():
                # A query asks twice: to match, and to rank.
                terms = self._expand(node)
                return self._matched.get(node, lambda: self._any_of(self._of_terms(terms)))
            case Filter():
                return self._alive(self._conditions.find(node))
            case Group():
                return self._group(node)

    def all_of(self, nodes: Iterable[Node]) -> PassageSet:
        """Return the passages that all nodes match: every one alive where there are none."""
        found: PassageSet | None = None
        for node in sorted(nodes, key=lambda node: _ORDER.index(type(node))):
            own = self.find(node, within=found)
            found = own if found is None else found & own
        return (
            PassageSet(self._snapshot.size, mask=self._snapshot.alive) if found is None else found
        )

    def without(self, found: PassageSet, nodes: Iterable[Node]) -> PassageSet:
        """Return what is left of some passages without those that a node matches."""
        return reduce(lambda left, node: left - self.find(node, within=left), nodes, found)

    def any_of(self, nodes: Iterable[Node]) -> PassageSet:
        """Return the passages that some node matches."""
        return reduce(PassageSet.__or__, map(self.find, nodes), self._any_of(()))

    def _group(self, group: Group) -> PassageSet:
        found = self.all_of(group.must)
        if group.may and all(map(is_condition, group.must)):
            found &= self.any_of(group.may)
        return self.without(found, group.never)

    def _any_of(self, lists: Iterable[Indices]) -> PassageSet:
        return self._alive(PassageSet.any_of(self._snapshot.size, lists))

    def _alive(self, found: PassageSet) -> PassageSet:
        if not self._snapshot.has_deleted:
            return found
        return found & PassageSet(found.size, mask=self._snapshot.alive)

    def _of_documents(self, passages: Indices) -> Indices:
        """Return all passages of the documents that the first passages given belong to."""
        documents = self._snapshot.documents_of(passages)
        firsts = self._snapshot.firsts[documents].astype(np.int64)
        return places_of(firsts, self._snapshot.firsts[documents + 1] - firsts)

    def _word(self, word: QueryWord, field: str, within: PassageSet | None) -> Iterator[Indices]:
        titles = word_passages(self._snapshot, word, field=Field.TITLE)
        if not field:
            few = None if within is None else within.few
            yield from word_passages(self._snapshot, word, field=Field.BODY, within=few)
        yield from map(self._of_documents, titles)

    def _phrase(self, phrase: Phrase, within: PassageSet | None) -> PassageSet:
        words = read_words(self._analyzer, phrase.text)
        field = Field.TITLE if phrase.field else Field.BODY
        few = None if within is None or phrase.field else within.few
        found = phrase_passages(self._snapshot, words, field=field, slop=phrase.slop, within=few)
        if phrase.field:
            return self._any_of([self._of_documents(found)])
        matched = self._any_of([found])
        return self._verbatim(matched, phrase.text) if phrase.exact else matched

    def _verbatim(self, found: PassageSet, text: str) -> PassageSet:
        """Keep the passages whose text has the very characters, spaces and case apart."""
        wanted = verbatim(text)
        kept = [
            passage
            for passage in found.numbers.tolist()
            if wanted in verbatim(str(self._snapshot.stored(passage)["text"]))
        ]
        return PassageSet(found.size, numbers=np.array(kept, dtype=np.intp))

    def expand(self, pattern: Pattern) -> list[str]:
        """Return the terms that a pattern stands for."""
        return sorted(set().union(*self._expand(pattern).values()))

    def _expand(self, pattern: Pattern) -> Mapping[Field, Collection[str]]:
        known = self._expanded.get(pattern)
        if known is None:
            # A query asks twice: to match, and to highlight.
            if len(self._expanded) >= MOST_PATTERNS:
                self._expanded.clear()
            known = self._expanded[pattern] = self._terms_of(pattern)
        return known

    def _terms_of(self, pattern: Pattern) -> Mapping[Field, Collection[str]]:
        """Return the terms that a pattern stands for in each of its fields."""
        text = normal_form(pattern.text)
        literal = re.split(r"[*?]", text, maxsplit=1)[0]
        # A star that once matched is not tried anew: a*a*a*a*b would take for ever.
        wanted = re.compile(translate(text.replace("[", "[[]")))
        found = {
            field: {
                name
                for term in self._snapshot.terms(field, literal.encode())
                if wanted.match(name := text_of(term))
            }
            for field in ((Field.TITLE,) if pattern.field else (Field.BODY, Field.TITLE))
        }
        if text == literal + "*" and literal.isascii() and literal.isalpha():
            for terms in found.values():
                terms.add(stem(literal))  # economy* finds economy, whose term is economi
        return found

    def _of_terms(self, terms: Mapping[Field, Collection[str]]) -> Iterator[Indices]:
        for field, names in terms.items():
            for name in names:
                found = self._snapshot.posting_list(field, name.encode())
                if found is not None:
                    in_title = field is Field.TITLE
                    yield self._of_documents(found.passages) if in_title else found.passages


def verbatim(text: str) -> str:
    """Return the characters that an exact phrase compares: spaces and case apart."""
    from unicodedata import normalize

    return "".join(normalize("NFC", text).lower().split())
