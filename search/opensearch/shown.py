"""Which commit the passages and documents are of that an index on a cluster shows.

Besides those of the commit, it may show some of a build that has not committed, after a node was
started again; and while a build ends, it shows the next commit before its document tells so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from index.opensearch.records import first_number
from index.opensearch.state import ClusterCommit
from index.value import NamedTuple

_Body: TypeAlias = dict[str, Any]

# Passages and documents of the commit, those that a pending build has added, and others.
_COMMITTED, _PENDING, _OTHERS = "committed", "pending", "others"


class ShownTurn(NamedTuple):
    """The turn of the last writer whose passages count, and whether those of others are there."""

    turn: int
    has_others: bool


def count_bodies(commit: ClusterCommit) -> list[_Body]:
    """Return the searches for the numbers of passages and of documents of a commit and others."""
    end = first_number(commit.turn + 1)
    pending = first_number(commit.pending.turn + 1) if commit.pending else end
    bounds = {
        _COMMITTED: {"lt": end},
        _PENDING: {"gte": end, "lt": pending},
        _OTHERS: {"gte": pending},
    }
    sizes: _Body = {"aggs": {"passages": {"sum": {"field": "passages"}}}}
    return [
        {
            "size": 0,
            "track_total_hits": False,
            "query": {"term": {"_index": index}},
            "aggs": {
                name: {"filter": {"range": {"number": own}}, **more} for name, own in bounds.items()
            },
        }
        for index, more in ((commit.epoch.passages, {}), (commit.epoch.documents, sizes))
    ]


def turn_shown(commit: ClusterCommit, answers: Sequence[_Body]) -> ShownTurn | None:
    """Return what is shown by the answers to `count_bodies`, None for a part of a commit."""
    passages, documents = (each["aggregations"] for each in answers)
    counts = {
        name: (passages[name]["doc_count"], documents[name]["doc_count"])
        for name in (_COMMITTED, _PENDING, _OTHERS)
    }
    if counts[_COMMITTED] == (commit.passages, commit.documents):
        return ShownTurn(commit.turn, any((*counts[_PENDING], *counts[_OTHERS])))
    if commit.pending is None:
        return None
    for name in (_COMMITTED, _PENDING):  # a build shows passages and documents one after another
        if counts[name][0] != documents[name]["passages"]["value"]:
            return None
    return ShownTurn(commit.pending.turn, any(counts[_OTHERS]))
