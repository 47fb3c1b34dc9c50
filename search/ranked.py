"""The passages of a ranking that are shown: the first, and not too many of one document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from index.snapshot import Snapshot

from .rerank import Ranking

_NO_LIMIT = 1 << 60


class RankedPassage(NamedTuple):
    """A passage, its score and its document, by number."""

    passage: int
    score: float
    document: int


def ranked_passages(
    snapshot: Snapshot,
    ranking: Ranking,
    *,
    most: int,
    per_document: int | None = None,
    but: int | None = None,
) -> list[RankedPassage]:
    """Return up to `most` passages of a ranking, best first.

    At most `per_document` of each document, and all `but` one passage, if given.
    """
    limit = _NO_LIMIT if per_document is None else per_document
    return list(islice(_limited(snapshot, ranking, limit, but), most))


def _limited(
    snapshot: Snapshot, ranking: Ranking, per_document: int, but: int | None
) -> Iterator[RankedPassage]:
    seen: dict[int, int] = {}
    documents = snapshot.documents_of(ranking.passages).tolist()
    columns = (ranking.passages.tolist(), ranking.scores.tolist(), documents)
    for ranked in map(RankedPassage, *columns):
        if ranked.passage != but:
            seen[ranked.document] = seen.get(ranked.document, 0) + 1
            if seen[ranked.document] <= per_document:
                yield ranked
