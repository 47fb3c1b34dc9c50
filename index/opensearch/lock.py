"""The lock of an index on a cluster: one writer at a time, by a lease that its holder renews.

The times are those of the node that has the lock document, so the clocks of builders may differ.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from secrets import token_hex
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Self

from corpus.errors import ChajaError, ClusterError, ClusterUnreachable, IndexLocked

from .mapping import Copies, index_body
from .names import lock_index

if TYPE_CHECKING:
    from .address import ClusterAddress
    from .client import Client

_LEASE_SECONDS = 60.0
_RENEWED_SECONDS = 15.0
# Nothing is sent so late in a lease: it may take a while until it is written.
_MARGIN_SECONDS = 15.0
_RETRY_SECONDS = 1.0
_ID = "writer"
_CONFLICT = 409
_EXISTS = 400

# What a lock document says is compared and changed on its node, in one step.
_ACQUIRE = """
if (ctx._source.token == '' || ctx._source.until < ctx._now || ctx._source.token == params.token) {
  if (ctx._source.token != params.token) { ctx._source.turn += 1 }
  ctx._source.token = params.token;
  ctx._source.holder = params.holder;
  ctx._source.until = ctx._now + params.lease;
} else { ctx.op = 'none' }
"""
_RENEW = """
if (ctx._source.token == params.token) {
  ctx._source.until = ctx._now + params.lease;
  if (params.containsKey('wrote')) { ctx._source.wrote = params.wrote }
  if (params.containsKey('least') && ctx._source.turn < params.least) {
    ctx._source.turn = params.least;
  }
} else { ctx.op = 'none' }
"""
_RELEASE = """
if (ctx._source.token == params.token) { ctx._source.token = ''; ctx._source.until = 0 }
else { ctx.op = 'none' }
"""
_FREE = {"token": "", "holder": {}, "until": 0, "turn": 0, "wrote": False}


class WriterLock:
    """The right to write an index on a cluster; leaving the context releases it.

    `turn` counts the writers of the index. `wrote` tells whether one before this has left passages
    that it did not commit.
    """

    def __init__(
        self,
        client: Client,
        address: ClusterAddress,
        *,
        wait: float | None,
        copies: Copies = Copies(),  # noqa: B008 - a value that nobody can change
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._address = address
        self._wait = wait
        self._copies = copies
        self._clock = clock
        self._token = token_hex(16)
        self._ended = Event()
        self._is_lost = False
        self._until = 0.0
        self.turn = 0
        self.wrote = False

    def __enter__(self) -> Self:
        self._make_index()
        deadline = self._clock() + (self._wait or 0)
        while (holder := self._acquire()) is not None:
            if self._clock() >= deadline:
                raise _locked(self._address, holder)
            time.sleep(_RETRY_SECONDS)
        self._thread = Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        with suppress(ChajaError):  # the lease ends anyway
            self._update(_RELEASE)

    def check(self) -> None:
        """Renew the lease. Raises IndexLocked if another writer has taken over."""
        if self._is_lost or not self._renew():
            self._is_lost = True
            raise self._taken_over()

    def check_known(self) -> None:
        """Raise IndexLocked if the lease is known to be lost, or near its end."""
        if self._is_lost or self._clock() >= self._until - _MARGIN_SECONDS:
            raise self._taken_over()

    def mark(self, *, wrote: bool) -> None:
        """Tell the writers after this one whether it leaves passages without a commit."""
        if not self._renew(wrote=wrote):
            raise self._taken_over()
        self.wrote = wrote

    def raise_turn(self, *, above: int) -> None:
        """Make the turn larger than one that an index has, if its lock was deleted meanwhile.

        Passages without a commit, of which it knew, may be there then. Raises IndexLocked.
        """
        if self.turn <= above:
            if not self._renew(least=above + 1, wrote=True):
                raise self._taken_over()
            self.turn, self.wrote = above + 1, True

    def _make_index(self) -> None:
        path = f"/{lock_index(self._address.name)}"
        # Asked as who may only read can, so that they are told what they lack to write.
        if self._client.find(f"{path}/_mapping") is None:
            body = index_body("lock", self._copies)
            answer = self._client.request("PUT", path, body, allowed=(_EXISTS,))
            error = answer.get("error", {}) if isinstance(answer, dict) else {}
            if error and error.get("type") != "resource_already_exists_exception":
                raise ClusterError(f"{self._address}: {error.get('reason', 'has no lock')}")

    def _acquire(self) -> Mapping[str, Any] | None:
        """Try to get the lock; return its holder if there is one."""
        holder = {
            "host": socket.gethostname(),
            "process": os.getpid(),
            "since": time.strftime("%Y-%m-%d %H:%M:%S"),
        }
        before = self._clock()
        source = self._update(_ACQUIRE, holder=holder)
        if source is None:  # another one was just faster
            return {}
        if source["token"] != self._token:
            other: Mapping[str, Any] = source["holder"]
            return other
        self.turn, self.wrote = int(source["turn"]), bool(source["wrote"])
        self._until = before + _LEASE_SECONDS
        return None

    def _renew(self, **more: object) -> bool:
        before = self._clock()
        source = None
        while source is None:
            source = self._update(_RENEW, **more)
        if source["token"] != self._token:
            return False
        self._until = before + _LEASE_SECONDS
        return True

    def _update(self, script: str, **more: object) -> Mapping[str, Any] | None:
        """Run a script on the lock document; return what it is then, None if another did as well.

        A script that has run already does the same again.
        """
        params = {"token": self._token, "lease": int(1000 * _LEASE_SECONDS), **more}
        body = {
            "script": {"source": script, "params": params},
            "scripted_upsert": True,
            "upsert": _FREE,
        }
        answer = self._answer(body)
        if answer.get("status") == _CONFLICT:
            return None
        source: Mapping[str, Any] = answer["get"].get("_source", _FREE)  # none: it was deleted
        return source

    def _answer(self, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Return the answer to an update, which is sent again if its node was lost meanwhile."""
        path = f"/{lock_index(self._address.name)}/_update/{_ID}"
        end = self._clock() + _LEASE_SECONDS / 2
        while True:
            try:
                return self._client.request(
                    "POST", path, body, parameters={"_source": True}, allowed=(_CONFLICT,)
                )
            except ClusterUnreachable:
                if self._clock() >= end:
                    raise
                time.sleep(_RETRY_SECONDS)

    def _keep(self) -> None:
        while not self._ended.wait(_RENEWED_SECONDS):
            with suppress(ChajaError):  # until the lease ends
                if not self._renew():
                    self._is_lost = True
                    return

    def _taken_over(self) -> IndexLocked:
        return IndexLocked(
            f"{self._address}: this build lost its lock, as it did not reach the cluster for "
            f"{_LEASE_SECONDS - _MARGIN_SECONDS:g} seconds",
            hint="Build again: what it had not committed is made good then.",
        )


def _locked(address: ClusterAddress, holder: Mapping[str, Any]) -> IndexLocked:
    who = "another process"
    if holder:
        who = f"process {holder.get('process')} on {holder.get('host')}"
        who += f" (since {holder.get('since')})"
    return IndexLocked(
        f"{address}: {who} is building this index",
        hint="Wait for it to finish, or build with --wait.",
    )
