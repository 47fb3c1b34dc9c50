"""Phrases that must stand as they are written: read in the texts that have their words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from index.fork_locks import CACHE_LOCK
from index.opensearch.stored_fields import stored_of
from index.schema import Field, field_text

from ..query.tree import Phrase
from ..query.written import folded
from .conditions import NOTHING, all_of, any_of
from .known import numbered, of_stored
from .view import Body, ClusterView, Kind

# A condition may have so many numbers; passages with a phrase beyond these are not found.
_MOST_FOUND = 65_000
_AT_ONCE = 500  # passages or documents, whose texts come with them
_MOST_KNOWN = 8  # phrases, of which a search asks more than once

# Returns the condition that the words of a phrase stand in sequence in a field.
InField = Callable[[Phrase, Field], Body]


class ExactPhrases:
    """Makes conditions of exact phrases; threads share it.

    Spaces and case are ignored.
    """

    def __init__(self, view: ClusterView, in_field: InField) -> None:
        self._view = view
        self._in_field = in_field
        self._known: dict[tuple[Phrase, bool], Body] = {}

    def of(self, phrase: Phrase, *, first: bool) -> Body:
        """Return the condition of a phrase, for a title or fields of all passages of a document.

        With `first`, these are met by the first passage only.
        """
        known = self._known.get((phrase, first))
        if known is None:
            known = self._found(phrase, first=first and not phrase.field)
            with CACHE_LOCK:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[phrase, first] = known
        return known

    def _found(self, phrase: Phrase, *, first: bool) -> Body:
        own = [] if phrase.field else self._passages(phrase)
        of_documents = self._documents(phrase)
        if first:
            own += of_documents
            of_documents = []
        found = [numbered(own[:_MOST_FOUND])] if own else []
        if of_documents:
            found.append({"terms": {"doc": of_documents[:_MOST_FOUND]}})
        return any_of(found)

    def _passages(self, phrase: Phrase) -> list[int]:
        """Return the passages with a phrase in their text."""
        wanted = folded(phrase.text)
        return [
            int(row["fields"]["number"][0])
            for row in self._pages("passages", self._in_field(phrase, Field.BODY))
            if wanted in folded(str(stored_of(row["_source"])["text"]))
        ]

    def _documents(self, phrase: Phrase) -> list[int]:
        """Return the documents with a phrase in their title or fields."""
        wanted = folded(phrase.text)
        found: set[int] = set()
        for field in (Field.TITLE,) if phrase.field else (Field.TITLE, Field.META):
            for row in self._documents_with(self._in_field(phrase, field)):
                stored = stored_of(row["_source"])
                text = str(stored["title"]) if field is Field.TITLE else field_text(stored)
                if wanted in folded(text):
                    found.add(int(row["fields"]["number"][0]))
        return sorted(found)

    def _documents_with(self, condition: Body) -> Iterator[Any]:
        """Yield the documents whose passages fulfil a condition, with their stored fields."""
        if condition == NOTHING:
            return
        first = all_of([condition, {"term": {"ordinal": 0}}])
        numbers = [
            int(row["fields"]["number"][0]) for row in self._pages("passages", first, stored=False)
        ]
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbered(numbers[start : start + _AT_ONCE])
            yield from self._pages("documents", some)

    def _pages(self, kind: Kind, condition: Body, *, stored: bool = True) -> Iterator[Any]:
        """Yield what fulfils a condition, in order, with its stored fields."""
        if condition == NOTHING:
            return
        fields = of_stored("text") if kind == "passages" else ["stored"]
        body: Body = {
            "size": _AT_ONCE,
            "_source": fields if stored else False,
            "docvalue_fields": ["number"],
            "track_total_hits": False,
            "sort": ["number"],
            "query": all_of([self._view.of(kind), condition]),
        }
        while True:
            rows = self._view.search(body).get("hits", {}).get("hits", [])
            yield from rows
            if len(rows) < _AT_ONCE:
                return
            body = {**body, "search_after": rows[-1]["sort"]}
