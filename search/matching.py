"""Which passages a query lets through: its must, never and filters, as masks over all passages."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import reduce
from typing import Any, TypeAlias

import numpy as np

from corpus import LANGUAGES
from index.analysis.analyzer import Analyzer
from index.analysis.english import stem
from index.analysis.normal import normal_form
from index.dates import span_of
from index.fields import Field
from index.segment.content import Numbers
from index.snapshot import Snapshot

from .parser import MOST_PATTERNS
from .phrase import phrase_passages, word_passages
from .query import Filter, Group, Node, Pattern, Phrase, Term, dates_of, is_condition
from .reading import QueryWord, read_words

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

_FAR_FUTURE = 99_999_999


class Matcher:
    """Evaluates the nodes of a query over one snapshot."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._expanded: dict[Pattern, list[str]] = {}

    def mask(self, node: Node) -> Mask:
        """Return the passages that a node matches, deleted ones left out.

        A title counts for every passage of its document.
        """
        match node:
            case Term(text, field):
                words = read_words(self._analyzer, text)
                masks = [self._word(word, field) for word in words if word.asked]
                return reduce(np.logical_or, masks, self._none())
            case Phrase():
                return self._phrase(node)
            case Pattern(_, field):
                return self._terms(self.expand(node), field)
            case Filter():
                return self._filter(node)
            case Group():
                return self._group(node)

    def _group(self, group: Group) -> Mask:
        allowed = self._snapshot.alive.copy()
        for node in group.must:
            allowed &= self.mask(node)
        if group.may and all(map(is_condition, group.must)):
            allowed &= reduce(np.logical_or, map(self.mask, group.may))
        for node in group.never:
            allowed &= ~self.mask(node)
        return allowed

    def _none(self) -> Mask:
        return np.zeros(self._snapshot.size, dtype=bool)

    def _at(self, passages: Numbers) -> Mask:
        mask = self._none()
        mask[passages] = True
        return mask

    def _of_documents(self, passages: Numbers) -> Mask:
        """Return all passages of the documents that `passages` belong to."""
        measures = self._snapshot.measures
        chosen = np.zeros(len(measures.title_length), dtype=bool)
        chosen[measures.document[passages]] = True
        mask: Mask = chosen[measures.document] & self._snapshot.alive
        return mask

    def _word(self, word: QueryWord, field: str) -> Mask:
        titles = self._of_documents(word_passages(self._snapshot, word, Field.TITLE))
        if field:
            return titles
        return titles | self._at(word_passages(self._snapshot, word, Field.BODY))

    def _phrase(self, phrase: Phrase) -> Mask:
        words = read_words(self._analyzer, phrase.text)
        field = Field.TITLE if phrase.field else Field.BODY
        found = phrase_passages(self._snapshot, words, field=field, slop=phrase.slop)
        if phrase.field:
            return self._of_documents(found)
        if phrase.exact:
            found = self._verbatim(found, phrase.text)
        return self._at(found)

    def _verbatim(self, passages: Numbers, text: str) -> Numbers:
        """Keep the passages whose text has the very characters, spaces and case apart."""
        wanted = verbatim(text)
        kept = [
            passage
            for passage in passages.tolist()
            if wanted in verbatim(str(self._snapshot.stored(passage)["text"]))
        ]
        return np.array(kept, dtype=np.int64)

    def expand(self, pattern: Pattern) -> list[str]:
        """Return the terms that a pattern stands for."""
        known = self._expanded.get(pattern)
        if known is None:
            # A query asks three times: to match, to rank and to highlight.
            if len(self._expanded) >= MOST_PATTERNS:
                self._expanded.clear()
            known = self._expanded[pattern] = self._expand(pattern)
        return known

    def _expand(self, pattern: Pattern) -> list[str]:
        text = normal_form(pattern.text)
        literal = re.split(r"[*?]", text, maxsplit=1)[0]
        # A star that once matched is not tried anew: a*a*a*a*b would take for ever.
        wanted = re.compile(translate(text.replace("[", "[[]")))
        fields = (Field.TITLE,) if pattern.field else (Field.BODY, Field.TITLE)
        found = {
            name
            for field in fields
            for term in self._snapshot.terms(field, literal.encode())
            if wanted.match(name := term.decode())
        }
        if text == literal + "*" and literal.isascii() and literal.isalpha():
            found.add(stem(literal))  # economy* finds economy, whose term is economi
        return sorted(found)

    def _terms(self, terms: list[str], field: str) -> Mask:
        mask = self._none()
        titled = self._none()
        for term in terms:
            titles = self._snapshot.postings(Field.TITLE, term.encode())
            if titles is not None:
                titled[titles.passages] = True
            bodies = None if field else self._snapshot.postings(Field.BODY, term.encode())
            if bodies is not None:
                mask[bodies.passages] = True
        return mask | self._of_documents(np.flatnonzero(titled))

    def _filter(self, condition: Filter) -> Mask:
        measures = self._snapshot.measures
        if condition.field == "path":
            return self._paths(condition.value)
        if condition.field == "lang":
            documents = measures.language == LANGUAGES.index(condition.value)
        else:
            documents = self._dated(condition.value)
        mask: Mask = documents[measures.document] & self._snapshot.alive
        return mask

    def _paths(self, value: str) -> Mask:
        wanted = normal_form(value)
        mask = self._none()
        for path in self._snapshot.terms(Field.PATH):
            if wanted in normal_form(path.decode()):
                found = self._snapshot.postings(Field.PATH, path)
                if found is not None:
                    mask[found.passages] = True
        return mask

    def _dated(self, value: str) -> Mask:
        """Return the documents whose date overlaps the one asked for."""
        first, last = dates_of(value) or ("", "")
        earliest = span_of(first)[0] if first else 1
        latest = span_of(last)[1] if last else _FAR_FUTURE
        measures = self._snapshot.measures
        mask: Mask = (measures.first_day <= latest) & (measures.last_day >= earliest)
        return mask


def verbatim(text: str) -> str:
    """Return the characters that an exact phrase compares: spaces and case apart."""
    from unicodedata import normalize

    return "".join(normalize("NFC", text).lower().split())
