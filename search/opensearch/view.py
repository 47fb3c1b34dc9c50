"""The passages and documents of a cluster's index as of one point in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from random import random
from threading import Lock
from typing import Any, Literal, TypeAlias, TypeVar

from corpus.errors import (
    ChajaError,
    ClusterError,
    ClusterIndexMissing,
    ClusterOverloaded,
    ClusterRefused,
    ClusterUnreachable,
    ClusterViewLost,
)
from index.opensearch.attempts import Backoff
from index.opensearch.client import Client
from index.opensearch.records import first_number
from index.opensearch.state import ClusterCommit, commit_of, damaged, epoch_in_force

from .shown import count_bodies, turn_shown

# A view that nobody asks anything for so long is closed by the cluster, and opened again here.
_KEEP_ALIVE = "10m"
# For how long a search is asked again while nodes are lost or have too much to do.
_SECONDS = 30.0
# For how long an index may show a part of a commit, as while a build ends.
_UNSETTLED_SECONDS = 5.0
_CLOSED = "the view is closed"
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

# The header of a search that fails rather than leave out what some shards have.
_WHOLE = {"allow_partial_search_results": False}

Body: TypeAlias = dict[str, Any]
_T = TypeVar("_T")
Kind: TypeAlias = Literal["passages", "documents"]


class ClusterView:
    """One commit, held by a point in time over the passages and documents; threads may share it.

    When the cluster has lost it, as with a node, it is opened anew if the commit is still that of
    its indexes. If not, every search raises ClusterViewLost: the index is to be opened again.
    Opening raises that as well, if a build has committed since the commit was read.
    """

    def __init__(
        self,
        client: Client,
        commit: ClusterCommit,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._commit = commit
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._is_closed = False
        self._turn: int | None = None  # of the last writer whose passages are shown
        self._hides = False
        self._id = self._opened()

    def close(self) -> None:
        """Close the point in time; the cluster forgets one that cannot be closed."""
        with self._lock:
            self._is_closed = True
        self._forget(self._id)

    def of(self, kind: Kind) -> Body:
        """Return the query for all passages, or all documents."""
        own: Body = {"term": {"_index": self._commit.epoch.of(kind)}}
        if not self._hides or self._turn is None:
            return own
        committed: Body = {"range": {"number": {"lt": first_number(self._turn + 1)}}}
        return {"bool": {"filter": [own, committed]}}

    def search(self, body: Body, *, named: bool = False) -> Body:
        """Return the answer to a search; `named` asks for the scores of named queries.

        Raises ClusterViewLost, ClusterUnreachable and ClusterError.
        """
        parameters: dict[str, object] = {
            "filter_path": _FILTER,
            # The statistics of all shards count, so that a query ranks the same on any number.
            "search_type": "dfs_query_then_fetch",
            "allow_partial_search_results": False,
        }
        if named:
            parameters["include_named_queries_score"] = True

        def ask(point: str) -> Body:
            answer: Body = self._client.request(
                "POST",
                "/_search",
                {**body, "pit": _held(point)},
                parameters=parameters,
                repeated=False,
            )
            return answer

        return self._asked(ask)

    def searches(self, bodies: Sequence[Body]) -> list[Body]:
        """Return the answers to some searches, asked together. Raises as `search`."""
        return self._asked(lambda point: self._answers(bodies, point)) if bodies else []

    def _answers(self, bodies: Sequence[Body], point: str) -> list[Body]:
        every: list[tuple[Body, Body]] = [
            (_WHOLE, {**body, "pit": _held(point)}) for body in bodies
        ]
        return self._client.multi_search(
            every, parameters={"filter_path": _FILTER_EACH}, repeated=False
        )

    def _asked(self, ask: Callable[[str], _T]) -> _T:
        """Return what `ask` is answered for this view, opened anew if the cluster has lost it."""
        backoff = self._backoff()
        while True:
            point = self._id
            try:
                return ask(point)
            except ClusterOverloaded:
                if not backoff.wait(_SECONDS):
                    raise
            except (ClusterUnreachable, ClusterViewLost):  # as with a node that had a part of it
                if not backoff.wait(_SECONDS):
                    raise
                self._reopen(point)
            except ClusterRefused:
                raise
            except ClusterError:  # whatever comes of an index that is being deleted
                self._check_in_force()
                raise

    def multi_search(
        self, searches: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
    ) -> list[Body]:
        """Return the answers to searches of the words of the index, each a header and a body.

        Words that a build has added since are among them. Raises as `search`.
        """
        return self.guarded(lambda: self._client.multi_search(searches))

    def guarded(self, ask: Callable[[], _T]) -> _T:
        """Return what `ask` is answered of the indexes of the commit.

        Raises ClusterViewLost if they are being deleted, IndexDamaged if one is missing.
        """
        try:
            return ask()
        except (ClusterRefused, ClusterUnreachable, ClusterViewLost):
            raise
        except ClusterError as error:
            self._check_in_force()
            if isinstance(error, ClusterIndexMissing):
                raise damaged(self._client.address, "one of its indexes is missing") from error
            raise

    def _reopen(self, lost: str) -> None:
        """Open the view anew, unless another thread has."""
        with self._lock:
            if self._is_closed:
                raise ValueError(_CLOSED)
            if self._id != lost:
                return
            self._id = self._opened()
        self._forget(lost)

    def _opened(self) -> str:
        """Return a point in time that shows the commit. Raises as `search`, and IndexDamaged."""
        backoff = self._backoff()
        while True:
            point = self._point_in_time()
            try:
                self._check_commit()
                answers = self._counts(point)
                if isinstance(answers, ClusterError):
                    if not backoff.wait(_SECONDS):
                        raise answers
                elif self._shows_commit(answers):
                    return point
                elif not backoff.wait(_UNSETTLED_SECONDS):
                    raise damaged(self._client.address, "it does not show what was committed")
            except ChajaError:
                self._forget(point)
                raise
            self._forget(point)

    def _backoff(self) -> Backoff:
        return Backoff(clock=self._clock, sleep=self._sleep, chance=random)

    def _point_in_time(self) -> str:
        epoch = self._commit.epoch
        path = f"/{epoch.passages},{epoch.documents}/_search/point_in_time"
        parameters = {"keep_alive": _KEEP_ALIVE, "allow_partial_pit_creation": False}
        answer = self.guarded(lambda: self._client.request("POST", path, parameters=parameters))
        return str(answer["pit_id"])

    def _counts(self, point: str) -> list[Body] | ClusterError:
        """Return what tells which commit a point in time shows, or why it tells nothing now."""
        try:
            return self._answers(count_bodies(self._commit), point)
        except (ClusterUnreachable, ClusterViewLost) as error:
            return error

    def _shows_commit(self, answers: Sequence[Body]) -> bool:
        """Return whether the commit is shown as a whole. Raises ClusterViewLost for another."""
        shown = turn_shown(self._commit, answers)
        if shown is None:
            return False
        if self._turn not in (None, shown.turn):
            raise _lost(self._client)
        self._turn, self._hides = shown
        return True

    def _check_commit(self) -> None:
        """Raise ClusterViewLost if the commit is no longer that of its indexes."""
        before = self._commit
        now = commit_of(self._client, self._client.address, before.epoch)
        if now is None or (now.identity, now.seq_no) != (before.identity, before.seq_no):
            raise _lost(self._client)

    def _check_in_force(self) -> None:
        """Raise ClusterViewLost if another epoch is in force: this one is then deleted."""
        if epoch_in_force(self._client, self._commit.epoch.name) != self._commit.epoch:
            raise _lost(self._client)

    def _forget(self, point: str) -> None:
        with suppress(ClusterError):
            self._client.request(
                "DELETE", "/_search/point_in_time", {"pit_id": [point]}, repeated=False
            )


def _held(point: str) -> Body:
    return {"id": point, "keep_alive": _KEEP_ALIVE}


def _lost(client: Client) -> ClusterViewLost:
    return ClusterViewLost(
        f"{client.address}: the index was built again while it was being read", hint="Search again."
    )
