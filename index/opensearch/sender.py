"""Sends records to a cluster in bulk, while the next are made."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import Client
    from .records import Action

_THREADS = 2
# Actions in a request, of some kilobytes each.
_ACTIONS = 500
_WAITING = 4  # requests that are made ahead


class Sender:
    """Sends actions by threads; `may_send` is called before each attempt, and raises to stop it."""

    def __init__(self, client: Client, may_send: Callable[[], None]) -> None:
        self._client = client
        self._may_send = may_send
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="bulk")
        self._pending: deque[Future[None]] = deque()

    def add(self, actions: Iterable[Action]) -> None:
        """Send actions, in any order. Raises what sending earlier ones raised."""
        actions = iter(actions)
        while some := list(islice(actions, _ACTIONS)):
            while len(self._pending) >= _WAITING:
                self._pending.popleft().result()
            self._pending.append(self._threads.submit(self._send, some))

    def finish(self) -> None:
        """Wait until everything is done. Raises as `add`."""
        while self._pending:
            self._pending.popleft().result()

    def close(self) -> None:
        """Drop what is not sent yet, and wait for what is under way."""
        self._threads.shutdown(cancel_futures=True)

    def _send(self, actions: list[Action]) -> None:
        self._client.bulk(actions, may_send=self._may_send)
