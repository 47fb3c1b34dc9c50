"""The passages and documents of a cluster's index as of one point in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, Literal, TypeAlias, TypeVar

from corpus.errors import ClusterError, ClusterUnreachable, ClusterViewLost
from index.opensearch.client import Client
from index.opensearch.names import Epoch
from index.value import NamedTuple

# A view that nobody asks anything for so long is closed by the cluster, and opened again here.
_KEEP_ALIVE = "10m"
# Attempts to open a view anew, as nodes that held a part of it are lost.
_TRIES = 6
_FIRST_WAIT = 0.1  # seconds; the next ones double
# Passages that one search returns at most: the default limit of OpenSearch.
PAGE = 10_000
# Clauses of a query, below the default limit of OpenSearch (1,024).
MOST_CLAUSES = 1_000
# Only what is read of an answer is sent.
_FILTER = (
    "hits.total,hits.hits.sort,hits.hits.fields,hits.hits.matched_queries,hits.hits._source,"
    "aggregations,_shards.failed,timed_out"
)
_FILTER_EACH = ",".join(
    (*(f"responses.{part}" for part in _FILTER.split(",")), "responses.error", "responses.status")
)

Body: TypeAlias = dict[str, Any]
_T = TypeVar("_T")
Kind: TypeAlias = Literal["passages", "documents"]


class Row(NamedTuple):
    """A passage or document that a search returned, with its doc values by name."""

    values: Mapping[str, Any]
    sort: Sequence[Any]
    stored: Mapping[str, Any]
    frequencies: Mapping[str, float]


class ClusterView:
    """One commit, held by a point in time over the passages and documents; threads may share it.

    When the cluster has lost it, as with a node, it is opened anew: it shows the same commit unless
    another was made meanwhile; `on_reopened` is called then.
    """

    def __init__(
        self, client: Client, epoch: Epoch, on_reopened: Callable[[], object] = lambda: None
    ) -> None:
        self._client = client
        self._epoch = epoch
        self._lock = Lock()
        self.on_reopened = on_reopened
        self._id = self._opened()

    def close(self) -> None:
        """Close the point in time; the cluster forgets one that cannot be closed."""
        with suppress(ClusterError):
            self._client.request("DELETE", "/_search/point_in_time", {"pit_id": [self._id]})

    def of(self, kind: Kind) -> Body:
        """Return the query for all passages, or all documents."""
        return {"term": {"_index": self._epoch.of(kind)}}

    def search(self, body: Body, *, named: bool = False) -> Body:
        """Return the answer to a search; `named` asks for the scores of named queries."""
        parameters: dict[str, object] = {
            "filter_path": _FILTER,
            # The statistics of all shards count, so that a query ranks the same on any number.
            "search_type": "dfs_query_then_fetch",
        }
        if named:
            parameters["include_named_queries_score"] = True

        def ask(view: Mapping[str, str]) -> Body:
            answer: Body = self._client.request(
                "POST", "/_search", {**body, "pit": view}, parameters=parameters, repeated=False
            )
            return answer

        return self._with_view(ask)

    def searches(self, bodies: Sequence[Body]) -> list[Body]:
        """Return the answers to some searches, asked together."""

        def ask(view: Mapping[str, str]) -> list[Body]:
            every: list[tuple[Body, Body]] = [({}, {**body, "pit": view}) for body in bodies]
            return self._client.multi_search(
                every, parameters={"filter_path": _FILTER_EACH}, repeated=False
            )

        return self._with_view(ask) if bodies else []

    def _with_view(self, ask: Callable[[Mapping[str, str]], _T]) -> _T:
        """Return what `ask` is answered for this view, opened anew if the cluster has lost it."""
        seconds = _FIRST_WAIT
        for _ in range(_TRIES):
            asked = self._id
            try:
                return ask({"id": asked, "keep_alive": _KEEP_ALIVE})
            except ClusterViewLost:
                self._reopen(asked)
            except ClusterUnreachable:  # the node with a part of the view may be lost
                time.sleep(seconds)
                seconds *= 2
                self._reopen(asked)
        return ask({"id": self._id, "keep_alive": _KEEP_ALIVE})

    def _reopen(self, lost: str) -> None:
        """Open the view anew, unless another thread has."""
        with self._lock:
            if self._id != lost:
                return
            self._id = self._opened()
        self.on_reopened()

    def _opened(self) -> str:
        indexes = f"{self._epoch.passages},{self._epoch.documents}"
        answer = self._client.request(
            "POST", f"/{indexes}/_search/point_in_time", parameters={"keep_alive": _KEEP_ALIVE}
        )
        return str(answer["pit_id"])
