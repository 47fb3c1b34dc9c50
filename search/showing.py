"""Passages that were found, as hits: with their document, what lights up, and what led to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index.analysis.analyzer import Analyzer
from index.snapshot import Snapshot

from .crossing import Crossing, met
from .highlight import Wanted, highlight_titled
from .hit import Hit, Match


class Showing:
    """Shows passages of a snapshot; threads may share it."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer

    def hits(
        self,
        found: Sequence[tuple[int, float, int]],
        query: Wanted,
        crossings: Sequence[Crossing] = (),
        *,
        ranks_behind: int = 0,
    ) -> list[Hit]:
        """Return passages, each with its score and its document, as hits in this order."""
        snapshot = self._snapshot
        stored = [snapshot.stored(passage) for passage, _, _ in found]
        documents = [snapshot.stored_document(passage) for passage, _, _ in found]
        texts = [str(record["text"]) for record in stored]
        titles = [str(record["title"]) for record in documents]
        matches, in_titles = highlight_titled(self._analyzer, texts, titles, query)
        rows = zip(found, stored, documents, in_titles, matches, strict=True)
        return [self._hit(rank, *row, crossings) for rank, row in enumerate(rows, ranks_behind + 1)]

    def _hit(
        self,
        rank: int,
        found: tuple[int, float, int],
        stored: Mapping[str, Any],
        document: Mapping[str, Any],
        in_title: tuple[Match, ...],
        matches: tuple[Match, ...],
        crossings: Sequence[Crossing],
    ) -> Hit:
        passage, score, _ = found
        text = str(stored["text"])
        first = int(self._snapshot.firsts[self._snapshot.measures.document[passage]])
        return Hit(
            rank=rank,
            score=score,
            document=str(document["id"]),
            path=str(document["path"]),
            title=str(document["title"]),
            language=str(document["language"]),
            date=str(document["date"]),
            text=text,
            line=int(stored["line"]),
            start=int(stored["start"]),
            end=int(stored["start"]) + len(text),
            ordinal=passage - first,
            heading=str(stored["heading"]),
            matches=matches,
            why=_why((*in_title, *matches)),
            bridged=met(crossings, {match.term for match in (*in_title, *matches)}),
            metadata=dict(document["metadata"]),
        )


def _why(matches: Iterable[Match]) -> Mapping[str, tuple[str, ...]]:
    why: dict[str, dict[str, None]] = {}
    for match in matches:
        why.setdefault(match.word, {})[match.term] = None
    return {word: tuple(terms) for word, terms in why.items()}
