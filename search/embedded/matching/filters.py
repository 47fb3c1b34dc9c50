"""Filters on documents, evaluated to cached sets of passages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from corpus.language import LANGUAGES
from index.analysis.normalize import normal_form
from index.arrays.array_types import Indices, Mask
from index.arrays.term_dictionary import text_of
from index.schema import Field, field_value, value_term
from index.snapshot import Snapshot

from ...query import tree
from ...query.dates import day_end, day_start
from ...query.tree import Filter
from .passage_set import FilterCache, PassageSet

_NONE = -1


def _pattern_of(value: str) -> re.Pattern[str]:
    """Return what a value has in it: the words of `value`, whatever their spaces.

    AI is not in "main"; with * at its end, the beginning of a word is enough.
    """
    is_open = value.endswith("*")
    letters = value.rstrip("*").replace(" ", "")
    body = r"\s?".join(map(re.escape, letters))
    before = r"(?<![a-z0-9])" if _is_latin(letters[:1]) else ""
    after = r"(?![a-z0-9])" if _is_latin(letters[-1:]) and not is_open else ""
    return re.compile(before + body + after)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


class FilterEvaluator:
    """Evaluates filters on a snapshot; thread-safe."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._cache = FilterCache()

    def find(self, node: Filter) -> PassageSet:
        """Return the passages that pass a filter, including deleted ones."""
        return self._cache.get(node, lambda: self._evaluated(node))

    def _evaluated(self, node: Filter) -> PassageSet:
        size = self._snapshot.size
        if node.field == "path":
            return PassageSet.any_of(size, self._by_path(node.value))
        documents = self._documents(node.field, node.value)
        return PassageSet(size, mask=documents[self._snapshot.doc_values.document])

    def _documents(self, field: str, value: str) -> Mask:
        """Return a mask of the documents that pass a filter."""
        doc_values = self._snapshot.doc_values
        mask: Mask
        match field:
            case "lang":
                mask = doc_values.language == LANGUAGES.index(value)
            case "date":
                earliest, latest = tree.days_of(value)
                mask = (doc_values.first_day <= latest) & (doc_values.last_day >= earliest)
            case tree.FILE_MODIFIED:
                earliest, latest = tree.days_of(value)
                times = doc_values.modified
                mask = (times >= max(1, day_start(earliest))) & (times < day_end(latest))
            case tree.FILE_TYPE:
                names, numbers = self._snapshot.labels("filetype")
                mask = numbers == (names.index(value) if value in names else _NONE)
            case _:
                mask = np.zeros(len(self._snapshot.firsts) - 1, bool)
                for passages in self._by_value(field, value):
                    mask[self._snapshot.documents_of(passages)] = True
        return mask

    def _by_path(self, value: str) -> Iterator[Indices]:
        value = normal_form(value)
        for path in self._snapshot.terms(Field.PATH):
            if value in normal_form(text_of(path)):
                postings = self._snapshot.posting_list(Field.PATH, path)
                if postings is not None:
                    yield postings.passages

    def _by_value(self, name: str, value: str) -> Iterator[Indices]:
        """Yield the first passages of documents with a value of a field that has `value` in it."""
        pattern = _pattern_of(field_value(value))
        prefix = value_term(name, "").encode()
        for term in self._snapshot.terms(Field.FIELD, prefix):
            if pattern.search(text_of(term), len(prefix.decode())):
                postings = self._snapshot.posting_list(Field.FIELD, term)
                if postings is not None:
                    yield postings.passages
