"""`chaja serve` as a process: its port, its browser, its end, and clients that hold it up."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import repeat
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from command_line import RUN, clean_environment
from search_corpus import built, write_texts

from index.directory.location import FOLDER
from search.cli.main import main
from search.web.api import Answer
from search.web.application import READING
from search.web.connection import MOST_IDLE, Connection
from search.web.open_index import OpenIndex
from search.web.security import HEADERS, Access
from search.web.server import listening, web_server

KEY = "a-key-of-the-tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    write_texts(folder, {"a.txt": "The harbour opens."})
    built(folder)
    return folder


@contextmanager
def process(folder: Path, *options: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run `chaja serve` in a folder; it is killed at the end if it still runs."""
    settings = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": "", "CHAJA_INDEX": ""}
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "serve", *options],
        cwd=folder,
        env={
            name: value
            for name, value in clean_environment(**{**settings, **environment}).items()
            if value
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def ended(served: subprocess.Popen[str]) -> tuple[int, str]:
    """Press Ctrl-C; return the exit code and what else was told."""
    served.send_signal(signal.SIGINT)
    _, told = served.communicate(timeout=60)
    return served.returncode, told


@contextmanager
def client(address: str) -> Iterator[httpx.Client]:
    """Give a client that has opened an address, as a browser does."""
    parts = urlsplit(address)
    with httpx.Client(base_url=f"{parts.scheme}://{parts.netloc}", timeout=30) as own:
        answer = own.get(f"/?{parts.query}", follow_redirects=True)
        assert answer.status_code == 200
        assert "key" not in str(answer.url)
        yield own


@pytest.mark.kiwi
def test_a_server_prints_its_address_answers_sees_builds_and_ends_with_zero_on_ctrl_c(
    tmp_path: Path,
) -> None:
    write_texts(tmp_path, {"a.txt": "The harbour opens."})
    built(tmp_path)
    with process(tmp_path) as served:
        assert served.stdout is not None
        address = served.stdout.readline().strip()
        assert urlsplit(address).hostname == "127.0.0.1"
        with client(address) as page:
            assert page.get("/api/v1/search?q=harbour").json()["hits"][0]["path"] == "a.txt"
            write_texts(tmp_path, {"b.txt": "A harbour closes."})
            built(tmp_path)
            since = time.monotonic()
            found = page.get("/api/v1/search?q=harbour").json()["hits"]
            assert {hit["path"] for hit in found} == {"a.txt", "b.txt"}
            assert time.monotonic() - since < 1
            code, told = ended(served)
    assert code == 0
    assert "Ctrl-C" in told
    assert "no browser opens" in told
    assert "Traceback" not in told


def test_every_server_has_its_own_key_and_a_file_gives_one(folder: Path, tmp_path: Path) -> None:
    def key_of(*options: str) -> str:
        with process(folder, "--no-open", *options) as served:
            assert served.stdout is not None
            address = served.stdout.readline().strip()
            code, told = ended(served)
            assert code == 0
            assert "browser" not in told
        (key,) = parse_qs(urlsplit(address).query)["key"]
        return key

    first, second = key_of(), key_of()
    assert first != second
    assert len(first) >= 40
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    assert key_of("--key-file", str(tmp_path / "key")) == KEY


def test_the_browser_is_opened_at_the_address(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "browser"
    script.write_text(
        f'#!/bin/sh\necho "$1" > "{tmp_path}/asked.part"\n'
        f'mv "{tmp_path}/asked.part" "{tmp_path}/asked"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    with process(folder, BROWSER=str(script)) as served:
        assert served.stdout is not None
        address = served.stdout.readline()
        while not (tmp_path / "asked").exists():
            time.sleep(0.01)
        assert (tmp_path / "asked").read_text(encoding="utf-8") == address
        assert "no browser" not in ended(served)[1]


def test_a_browser_that_fails_is_told(folder: Path) -> None:
    with process(folder, BROWSER="/bin/false") as served:
        assert served.stderr is not None
        assert "Ctrl-C" in served.stderr.readline()
        assert "no browser opens here" in served.stderr.readline()


@pytest.fixture
def refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Return what tells how `chaja serve` does not start in a folder."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.setattr("search.web.server.web_server", None)  # a server would go on for ever

    def refusal(*options: str) -> str:
        assert main(["serve", "--no-open", *options]) == 2
        out, told = capfd.readouterr()
        assert out == ""
        sentence, step = told.splitlines()
        assert sentence.startswith("chaja: ")
        assert step.startswith("  ")
        return told

    return refusal


def test_a_port_in_use_is_told_with_the_next_step(refused: Callable[..., str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        told = refused("--port", str(port))
    assert f"--port {port}: another program uses this port" in told
    assert "leave it out for a free one" in told


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--host", "192.0.2.1"], "needs a key of your own"),
        (["--host", "0.0.0.0"], "stands for all addresses"),
        (["--host", "::"], "stands for all addresses"),
        (["--host", "printer.example"], "is no address of a computer"),
        (["--host", "192.0.2.1", "--key-file", "good"], "is no address of this machine"),
        (["--key-file", "short"], "the key is not 16 or more letters"),
        (["--key-file", "odd"], "the key is not 16 or more letters"),
        (["--key-file", "none"], "no such file"),
        (["--index", "nowhere"], "there is no index here"),
    ],
)
def test_what_cannot_be_served_is_told_with_the_next_step(
    refused: Callable[..., str], tmp_path: Path, options: list[str], sentence: str
) -> None:
    for name, key in (("good", KEY), ("short", "secret"), ("odd", "a key; with=signs and more")):
        (tmp_path / name).write_text(key, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    named = [str(tmp_path / each) if (tmp_path / each).exists() else each for each in options]
    assert sentence in refused(*named)


def test_a_server_that_does_not_start_closes_its_index(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[OpenIndex] = []
    monkeypatch.setattr(OpenIndex, "close", lambda index: closed.append(index))
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        refused("--port", str(other.getsockname()[1]))
    assert len(closed) == 1


def test_without_its_packages_the_command_to_install_them_is_told(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "search.web.server")
    monkeypatch.delattr("search.web.server")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    told = refused()
    assert "uvicorn, which is not installed" in told
    assert "pip install 'chaja[web]'" in told


def test_no_answer_is_held_back_for_more_of_it() -> None:
    # Else each answer on a connection that stays open would take 40 ms more: Nagle's algorithm.
    with closing(listening("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), closing(listener.accept()[0]) as own:
            assert (own.type, own.proto) == (socket.SOCK_STREAM, socket.IPPROTO_TCP)


# ---- clients that hold it up


class Server:
    """A server in this process, at a port of this machine."""

    def __init__(self, directory: Path) -> None:
        self.listener = listening("127.0.0.1", 0)
        self.port: int = self.listener.getsockname()[1]
        access = Access.to("127.0.0.1", self.port, KEY)
        self._server = web_server(OpenIndex(directory), access)
        self._thread = Thread(target=self._server.run, args=([self.listener],))
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def request(self, path: str) -> bytes:
        """Return the bytes of a request that the server answers."""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nX-Chaja-Key: {KEY}\r\n\r\n"
        return head.encode()

    @property
    def answers(self) -> bool:
        with httpx.Client(headers={"x-chaja-key": KEY}) as asking:
            return asking.get(f"http://127.0.0.1:{self.port}/api/v1/info").status_code == 200


BIG = 64 << 20


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(Connection, "most_seconds", 0.5)
    chunk = bytes(1 << 16)
    for name, body in (("whole", lambda: bytes(BIG)), ("parts", lambda: repeat(chunk, BIG >> 16))):
        monkeypatch.setitem(READING, name, lambda _, body=body: Answer(body()))
    with closing(Server(folder / FOLDER)) as server:
        yield server


def rest_of(connection: socket.socket) -> bytes:
    """Return all that is sent until the connection ends, however it does."""
    received = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(1 << 16):
            received += chunk
    return received


def test_a_query_of_a_megabyte_is_refused_in_a_sentence(server: Server) -> None:
    with server.connected() as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(server.request("/api/v1/search?q=" + "a" * 1_000_000))
        head, _, body = rest_of(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert json.loads(body) == {
        "format": 1,
        "error": {
            "message": "this is no request, or one too long",
            "hint": "Ask with fewer words.",
        },
    }
    for name, value in HEADERS.items():
        assert f"{name}: {value}".encode() in head
    assert server.answers


@pytest.mark.parametrize(
    "sent", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\n", b"\x16\x03\x01", b"GET / HTTP/9.9\r\n"]
)
def test_a_client_that_does_not_end_its_request_is_let_go(server: Server, sent: bytes) -> None:
    with server.connected() as connection:
        connection.sendall(sent)
        since = time.monotonic()
        rest_of(connection)
        assert time.monotonic() - since < 10
    assert server.answers


def test_a_client_that_trickles_its_body_is_let_go(server: Server) -> None:
    headers = {"Host": f"127.0.0.1:{server.port}", "Content-Length": "1000", "X-Chaja-Key": KEY}
    headers |= {"Origin": f"http://127.0.0.1:{server.port}", "Content-Type": "application/json"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with server.connected() as connection:
        connection.sendall(f"POST /api/v1/strike HTTP/1.1\r\n{head}\r\n".encode())
        since = time.monotonic()
        assert rest_of(connection) == b""
        assert time.monotonic() - since < 10
    assert server.answers


def test_a_client_that_trickles_its_request_is_let_go(server: Server) -> None:
    with server.connected() as connection:
        since = time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):
            while time.monotonic() - since < 20:
                connection.sendall(b"G")
                time.sleep(0.02)
        assert time.monotonic() - since < 10
    assert server.answers


@pytest.mark.parametrize("route", ["whole", "parts"])
@pytest.mark.parametrize("more", [0, 1])
def test_a_client_that_never_reads_is_let_go(server: Server, route: str, more: int) -> None:
    request = server.request(f"/api/v1/{route}")
    with server.connected() as connection:
        connection.sendall(request)
        until = time.monotonic() + 3
        while time.monotonic() < until:
            time.sleep(0.1)
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request * more)
        assert len(rest_of(connection)) < BIG
    with server.connected() as connection:  # one that reads gets all
        connection.sendall(request)
        received = 0
        while received < BIG:
            received += len(connection.recv(1 << 20))
    assert server.answers


def test_no_more_connections_are_accepted_at_once_than_may_ask_nothing(folder: Path) -> None:
    # asyncio accepts as many before it tells of the first, which only then can be ended.
    access = Access.to("127.0.0.1", 1, KEY)
    assert web_server(OpenIndex(folder / FOLDER), access).config.backlog <= MOST_IDLE


def test_of_many_connections_that_ask_nothing_the_oldest_end(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "most_seconds", 600)
    with ExitStack() as opened:
        asking = opened.enter_context(server.connected())
        asking.sendall(server.request("/api/v1/parts"))
        assert asking.recv(1)
        idle = [opened.enter_context(server.connected()) for _ in range(MOST_IDLE + 20)]
        for connection in idle[:20]:
            assert rest_of(connection) == b""
        assert server.answers
        idle[-1].sendall(server.request("/api/v1/info"))
        assert idle[-1].recv(1 << 16).startswith(b"HTTP/1.1 200")
        received = 1
        while received < BIG:  # who asks something is not cut off
            received += len(asking.recv(1 << 20))
