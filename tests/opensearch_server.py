"""A small server that answers what a test has written down, well or badly."""

from __future__ import annotations

import gzip
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request that came."""

    method: str
    target: str
    headers: Mapping[str, str]
    raw: bytes
    connection: tuple[str, int]

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.raw) if self.headers.get("content-encoding") else self.raw

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.content)

    @property
    def lines(self) -> list[Any]:
        assert self.content.endswith(b"\n")
        return [json.loads(line) for line in self.content.splitlines()]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the server answers: `value` as JSON, or `content` as it stands."""

    value: object = None
    content: bytes | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    compressed: bool = False
    missing: int = 0  # bytes that are promised and never come


class Broken:
    """The connection ends without an answer."""


class Silent:
    """Nothing is answered until the server ends."""


Answer = Told | Broken | Silent
Script = Callable[[Seen], Answer]


@dataclass
class Server:
    """A server that runs; requests beyond those that `answers` are for get its last."""

    answers: list[Answer] = field(default_factory=list)
    script: Script | None = None
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    ended: Event = field(default_factory=Event)

    def tell(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def answer(self, seen: Seen) -> Answer:
        self.seen.append(seen)
        if self.script is not None:
            return self.script(seen)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that breaks is what some tests are about."""


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and content at once: parted, the second waits for an ACK

        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, self.path, headers, raw, self.client_address)
            match server.answer(seen):
                case Told() as told:
                    self._tell(told)
                case Silent():
                    server.ended.wait()
                    self.close_connection = True
                case _:
                    self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any  # noqa: N815 - names of http.server

        def _tell(self, told: Told) -> None:
            content = told.content
            if content is None:
                content = json.dumps(told.value).encode()
            self.send_response(told.status)
            if told.compressed:
                content = gzip.compress(content)
                self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(content) + told.missing))
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()
            self.close_connection = bool(told.missing)

        def log_message(self, *_: object) -> None:
            """Tests read what came from `Server.seen`."""

    return Handler


@contextmanager
def serving(
    *answers: Answer, script: Script | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Run a server on a free port of this machine."""
    server = Server(answers=list(answers), script=script)
    with _Quiet(("127.0.0.1", 0), _handler(server)) as http:
        if tls is not None:
            # A handshake that fails must not end the thread that accepts.
            http.socket = tls.wrap_socket(
                http.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "https" if tls else "http"
        server.url = f"{scheme}://127.0.0.1:{http.server_address[1]}"
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            http.shutdown()
            thread.join()
