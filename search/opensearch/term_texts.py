"""What correction and completion ask of terms: how many passages have them, and what these say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.opensearch.stored_fields import stored_of
from index.opensearch.terms import indexed
from index.schema import Field

from ..query.patterns import read_pattern
from ..query.tree import Pattern
from . import words
from .conditions import all_of
from .known import of_stored
from .view import Body, Kind

if TYPE_CHECKING:
    from .state import ClusterState

_FIELDS = (Field.BODY, Field.TITLE, Field.META)
_MOST_EXPANDED = 10_000


class TermTexts:
    """Answers questions about terms; threads share it."""

    def __init__(self, state: ClusterState) -> None:
        self._state = state

    def frequencies(self, terms: Sequence[str]) -> Mapping[str, int]:
        """Return the number of passages with each term in text, title or fields: the most."""
        keys = [(field, term) for term in terms for field in _FIELDS]
        counts = self._state.counts.look_up(keys)
        return {term: max(counts[field, term] for field in _FIELDS) for term in terms}

    def with_terms(self, terms: Sequence[str], most: int) -> Iterator[Sequence[str]]:
        """Yield some texts with each term, at most so many, or else some titles."""
        view = self._state.view
        bodies = [self._body(term, most) for term in terms]
        answers = view.searches([body for pair in bodies for body in pair])
        for texts, titles in zip(answers[::2], answers[1::2], strict=True):
            found = _stored(texts, "text")
            yield found or _stored(titles, "title")

    def _body(self, term: str, most: int) -> tuple[Body, Body]:
        def with_term(kind: Kind, field: str, stored: str) -> Body:
            own: Body = {"term": {field: {"value": indexed(term)}}}
            return {
                "size": most,
                "_source": of_stored(stored),
                "track_total_hits": False,
                "query": all_of([self._state.view.of(kind), own]),
            }

        texts = with_term("passages", "body", "text")
        return texts, with_term("documents", "title", "title")

    def expanded(self, pattern: Pattern) -> list[str]:
        """Return the terms that match a pattern, in order."""
        read = read_pattern(pattern.text)
        body = words.matching(read.text, in_title=bool(pattern.field), most=_MOST_EXPANDED)
        (answer,) = self._state.view.multi_search([({"index": self._state.epoch.words}, body)])
        found = set(words.found(answer))
        if read.stem:
            found.add(read.stem)
        return sorted(found)


def _stored(answer: Any, field: str) -> list[str]:  # noqa: ANN401 - any JSON
    hits = answer.get("hits", {}).get("hits", ())
    return [str(stored_of(hit["_source"])[field]) for hit in hits]
