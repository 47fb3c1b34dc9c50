"""Hits as a TREC run: `query Q0 document rank score tag`, which trec_eval reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .hit import Hit

TAG = "chaja"


def run_lines(hits: Iterable[Hit], query_id: str) -> Iterator[str]:
    """Yield a line for the best passage of each document, best first, ranks without gaps.

    A run names documents, and each once. Its columns are parted by white space, so white space in
    an id becomes `_`.
    """
    seen: set[str] = set()
    first = 0
    for hit in hits:
        first = first or hit.rank
        if hit.document in seen:
            continue
        document, query = _column(hit.document), _column(query_id)
        yield f"{query} Q0 {document} {first + len(seen)} {hit.score:.6f} {TAG}"
        seen.add(hit.document)


def _column(name: str) -> str:
    return "_".join(name.split()) or "_"
