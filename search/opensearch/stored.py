"""Passages and documents as they are stored on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np

from index.arrays.array_types import Int64s
from index.opensearch.stored_fields import stored_of

from ..engine import SameText, StoredPassage
from .conditions import all_of
from .known import PASSAGE_VALUES, WITHOUT_STORED, numbered
from .view import PAGE, Body, Kind

if TYPE_CHECKING:
    from .state import ClusterState

# Documents with the same text that come with the hits.
_MOST_SAME = 101
_AT_ONCE = 5_000  # passages that one search returns with their stored fields


# A search, and what takes its answer.
_Search = tuple[Body, Callable[[Body], None]]


class Deferred:
    """The searches of each thread that are asked together with the next passages to be fetched."""

    def __init__(self) -> None:
        self._local = local()

    def put(self, searches: Sequence[_Search]) -> None:
        """Have searches asked, in place of those of a query that ended before its hits."""
        self._local.waiting = searches

    def take(self) -> Sequence[_Search]:
        """Return the searches that wait, which then do so no longer."""
        waiting: Sequence[_Search] = getattr(self._local, "waiting", ())
        self._local.waiting = ()
        return waiting


class StoredFields:
    """Fetches stored fields; threads share it."""

    def __init__(self, state: ClusterState) -> None:
        self._state = state
        self._same = local()  # documents with the same text, of the last fetch of a thread

    def fetch(self, passages: Sequence[int], *, text_keys: Collection[int]) -> list[StoredPassage]:
        """Return passages as stored, and ask what waits to be asked."""
        if len(passages) > _AT_ONCE:
            first = self.fetch(passages[:_AT_ONCE], text_keys=())
            return first + self.fetch(passages[_AT_ONCE:], text_keys=text_keys)
        state = self._state
        documents = sorted({each.document for each in state.known.of(passages)})
        keys = sorted(text_keys)
        bodies = [self._stored("passages", passages, "ordinal")] if passages else []
        bodies += [self._stored("documents", documents, "passages")] if documents else []
        bodies += [self._same_text(key) for key in keys]
        deferred = state.deferred.take()
        answers = state.view.searches([*bodies, *(body for body, _ in deferred)])
        for (_, keep), answer in zip(deferred, answers[len(bodies) :], strict=True):
            keep(answer)
        same = answers[2 : 2 + len(keys)]
        self._same.found = dict(zip(keys, map(_same_text, same), strict=True))
        if not passages:
            return []
        return self._joined(passages, answers[0], answers[1])

    def _joined(self, passages: Sequence[int], found: Body, owners: Body) -> list[StoredPassage]:
        by_number = {hit["fields"]["number"][0]: hit for hit in found["hits"]["hits"]}
        documents = {hit["fields"]["number"][0]: hit for hit in owners["hits"]["hits"]}
        for number, hit in documents.items():
            self._state.sizes[number] = hit["fields"]["passages"][0]
        return [
            StoredPassage(
                stored_of(by_number[number]["_source"]),
                stored_of(documents[values.document]["_source"]),
                values.document,
                by_number[number]["fields"]["ordinal"][0],
            )
            for number, values in zip(passages, self._state.known.of(passages), strict=True)
        ]

    def stored(self, passages: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return the stored fields of passages alone."""
        bodies = [self._stored("passages", some, "ordinal") for some in _in_parts(passages)]
        # Whoever reads the texts of passages may ask for their neighbours.
        known = self._state.known.known(passages)
        unknown = sorted({each.document for each in known} - self._state.sizes.keys())
        answers = self._state.view.searches([*bodies, *self._values_of(unknown, "passages")])
        for answer in answers[len(bodies) :]:
            for hit in answer["hits"]["hits"]:
                self._state.sizes[hit["fields"]["number"][0]] = hit["fields"]["passages"][0]
        found = {
            hit["fields"]["number"][0]: stored_of(hit["_source"])
            for answer in answers[: len(bodies)]
            for hit in answer["hits"]["hits"]
        }
        return [found[passage] for passage in passages]

    def documents(self, documents: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """Yield the stored fields of documents, asked for in parts."""
        for some in _in_parts(documents):
            (answer,) = self._state.view.searches([self._stored("documents", some, "passages")])
            found = {
                hit["fields"]["number"][0]: stored_of(hit["_source"])
                for hit in answer["hits"]["hits"]
            }
            yield from (found[each] for each in some)

    def values(self, documents: Sequence[int], field: str) -> Iterator[str]:
        """Yield a value of each document, asked for in parts."""
        for some in _in_parts(documents):
            (body,) = self._values_of(some, field)
            (answer,) = self._state.view.searches([body])
            found = {
                hit["fields"]["number"][0]: hit["fields"][field][0]
                for hit in answer["hits"]["hits"]
            }
            yield from (found[each] for each in some)

    def _values_of(self, documents: Sequence[int], field: str) -> list[Body]:
        """Return the searches for a value of documents."""
        return [
            {**self._stored("documents", some, field), **WITHOUT_STORED}
            for some in _in_parts(documents)
        ]

    def same_text(self, text_key: int, *, most: int) -> SameText:
        """Return the documents with a text, the first `most` of them as stored."""
        known: Mapping[int, SameText] = getattr(self._same, "found", {})
        if text_key in known and most <= _MOST_SAME:
            return known[text_key]
        (answer,) = self._state.view.searches([self._same_text(text_key)])
        return _same_text(answer)

    def passages_of_path(self, path: str) -> Int64s:
        """Return the passages of a file with all that it holds, ascending."""
        from index.opensearch.terms import keyword

        own: Body = {"term": {"path": {"value": keyword(path)}}}
        body: Body = {
            **WITHOUT_STORED,
            "size": PAGE,
            "docvalue_fields": PASSAGE_VALUES,
            "sort": ["number"],
            "query": all_of([self._state.view.of("passages"), own]),
        }
        found: list[int] = []
        while True:
            hits = self._state.view.search(body).get("hits", {}).get("hits", [])
            found += self._state.known.add(hit["fields"] for hit in hits)
            if len(hits) < PAGE:
                return np.array(found, np.int64)
            body["search_after"] = hits[-1]["sort"]

    def bounds(self, document: int) -> range:
        """Return the passages of a document."""
        size = self._state.sizes.get(document)
        if size is None:
            (answer,) = self._state.view.searches(
                [self._stored("documents", [document], "passages")]
            )
            (hit,) = answer["hits"]["hits"]
            size = self._state.sizes[document] = int(hit["fields"]["passages"][0])
        return range(document, document + size)

    def _stored(self, kind: Kind, numbers: Sequence[int], value: str) -> Body:
        return {
            "size": len(numbers),
            "_source": ["stored"],
            "docvalue_fields": ["number", value],
            "track_total_hits": False,
            "query": all_of([self._state.view.of(kind), numbered(numbers)]),
        }

    def _same_text(self, text_key: int) -> Body:
        own: Body = {"term": {"text_key": text_key}}
        return {
            "size": _MOST_SAME,
            "_source": ["stored"],
            "docvalue_fields": ["number"],
            "track_total_hits": True,
            "sort": ["number"],
            "query": all_of([self._state.view.of("documents"), own]),
        }


def _in_parts(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[at : at + _AT_ONCE] for at in range(0, len(numbers), _AT_ONCE)]


def _same_text(answer: Body) -> SameText:
    hits = answer.get("hits", {}).get("hits", [])
    return SameText(
        answer["hits"]["total"]["value"],
        [hit["fields"]["number"][0] for hit in hits],
        [stored_of(hit["_source"]) for hit in hits],
    )
