"""A connection to the server that nobody can hold for ever, by not asking or by not reading."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from .refusals import BAD, Refused
from .security import HEADERS

# Seconds for a request to arrive, and for a client to read on.
MOST_SECONDS = 10.0
# Connections at once that ask nothing: a process may have some hundreds of open files.
MOST_IDLE = 128


class Connection(H11Protocol):
    """A connection of uvicorn that ends when its client is idle within a request or an answer.

    Of more than MOST_IDLE connections that ask nothing, the oldest ends at once.
    """

    most_seconds = MOST_SECONDS
    _timer: asyncio.TimerHandle | None = None
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Await a request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._await()
        others = (each for each in self.connections if isinstance(each, Connection))
        idle = [each for each in others if each.is_idle]
        if len(idle) > MOST_IDLE:
            min(idle, key=lambda each: each._since).transport.abort()

    @property
    def is_idle(self) -> bool:
        """Whether the connection is open without a request that is being answered."""
        is_asking = self.cycle is not None and not self.cycle.response_complete
        return not is_asking and not self.transport.is_closing()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request; its time runs on until it is whole."""
        self._await()
        super().data_received(data)
        is_whole = self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        if is_whole and not self.flow.write_paused:
            self._stop_waiting()

    def pause_writing(self) -> None:
        """Await that the client reads: what it was sent fills the buffers."""
        super().pause_writing()
        self._await()

    def resume_writing(self) -> None:
        """Go on."""
        self._stop_waiting()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or one with too long a head, in a sentence."""
        refused = Refused(BAD, "this is no request, or one too long", "Ask with fewer words.")
        headers: list[Any] = [
            ("content-type", "application/json"),
            ("content-length", str(len(refused.body))),
            ("connection", "close"),
            *HEADERS.items(),
        ]
        for event in (
            h11.Response(status_code=BAD, headers=headers),
            h11.Data(data=refused.body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _await(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.most_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
