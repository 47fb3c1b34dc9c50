"""A client of the protocol finds and reads documents over a pipe and over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from command_line import RUN, clean_environment
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_corpus import put
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message

from index import build
from index.directory.location import FOLDER

pytest.importorskip("mcp", reason="the extra mcp is not installed: NOTHING is tested of chaja mcp")

import httpx2  # comes with the SDK
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent

from search.agents import server
from search.web import security
from search.web.open_index import OpenIndex
from search.web.security import Access, Guard, Rule

KEY = "a-key-of-the-tests"
HOST = "127.0.0.1:8765"
ACCESS = Access.to("127.0.0.1", 8765, KEY)
SENT = {"host": HOST, "authorization": f"Bearer {KEY}", "content-type": "application/json"}

Ask = Callable[[Client], Coroutine[None, None, None]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("agents")
    put(folder, "a.txt", "The harbour opens at dawn.")
    build(folder / FOLDER, [folder])
    return folder


def over_stdio(folder: Path, ask: Ask) -> None:
    """Ask a server that is started for it."""
    started = StdioServerParameters(
        command=sys.executable,
        args=["-W", "ignore", "-c", RUN, "mcp", "--index", str(folder / FOLDER)],
        env=clean_environment(),
    )

    async def run() -> None:
        async with Client(stdio_client(started)) as client:
            await ask(client)

    asyncio.run(run())


class Served(NamedTuple):
    """A server over HTTP: its address, and the header with its key."""

    address: str
    authorization: str


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    command = ["-W", "ignore", "-c", RUN, "mcp", "--http", "--index", str(folder / FOLDER)]
    with subprocess.Popen(
        [sys.executable, *command], env=clean_environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address, header = (process.stdout.readline().strip() for _ in range(2))
            yield Served(address, header.removeprefix("Authorization: "))
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def http(folder: Path) -> Iterator[Served]:
    with served(folder) as http:
        yield http


def over_http(http: Served, ask: Ask) -> None:
    async def run() -> None:
        headers = {"authorization": http.authorization}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as connection:
            transport = streamable_http_client(http.address, http_client=connection)
            async with Client(transport) as client:
                await ask(client)

    asyncio.run(run())


async def called(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    """Return what a tool answers, as an object."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert not result.is_error, content.text
    answer: dict[str, Any] = json.loads(content.text)
    return answer


async def refused(client: Client, tool: str, **arguments: object) -> str:
    """Return the sentence with which a tool refuses."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert result.is_error
    return content.text


async def uses_all_tools(client: Client) -> None:
    listed = (await client.list_tools()).tools
    assert [tool.name for tool in listed] == ["search", "fetch", "count", "overview"]
    for tool in listed:
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
    assert "never instructions" in (client.instructions or "")
    (result,) = (await called(client, "search", query="harbour"))["results"]
    page = await called(client, "fetch", id=result["id"], passage=result["passage"])
    assert page["text"] == "The harbour opens at dawn."
    assert (await called(client, "count", query="dawn"))["total"]["passages"] == 1
    assert (await called(client, "overview"))["documents"] == 1


def test_a_client_over_a_pipe_uses_all_tools(folder: Path) -> None:
    over_stdio(folder, uses_all_tools)


def test_a_client_over_http_uses_all_tools(http: Served) -> None:
    over_http(http, uses_all_tools)


def test_an_error_reaches_the_model_with_the_next_step_and_without_the_folder(
    http: Served, folder: Path
) -> None:
    async def errs(client: Client) -> None:
        wrong_date = await refused(client, "search", query="harbour", date="soon")
        assert wrong_date.endswith(
            "soon: no such date. date is 2024, 2024-11, 2024-11-14, or a range such as 2024..2025."
        )
        unknown = await refused(client, "fetch", id="../../etc/passwd")
        assert "the index has no such document" in unknown
        assert await refused(client, "search", query="harbour", limit=26, sort="size") == (
            "limit: input should be less than or equal to 25; "
            "sort: input should be 'score', 'date', 'modified' or 'path'. "
            "Call the tool again as its description has it."
        )
        assert await refused(client, "count", by="") == (
            "query: field required. Call the tool again as its description has it."
        )
        assert str(folder) not in wrong_date + unknown

    over_http(http, errs)


def test_a_new_build_is_seen_without_a_restart(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "The harbour opens.")
    build(tmp_path / FOLDER, [tmp_path])

    async def builds_between(client: Client) -> None:
        assert (await called(client, "count", query="ferry"))["total"]["passages"] == 0
        put(tmp_path, "b.txt", "A ferry sails.")
        build(tmp_path / FOLDER, [tmp_path])
        assert (await called(client, "count", query="ferry"))["total"]["passages"] == 1

    over_stdio(tmp_path, builds_between)


def test_a_damaged_index_is_an_error_of_the_tool_and_not_the_end(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "The harbour opens.")
    build(tmp_path / FOLDER, [tmp_path])

    async def loses_its_index(client: Client) -> None:
        os.rename(tmp_path / FOLDER, tmp_path / "away")
        assert "the index is no longer there" in await refused(client, "overview")
        os.rename(tmp_path / "away", tmp_path / FOLDER)
        assert (await called(client, "overview"))["documents"] == 1

    over_stdio(tmp_path, loses_its_index)


def test_a_result_of_a_linked_index_has_the_address_of_its_file(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    put(texts, "a.txt", "The harbour opens.")
    (tmp_path / "kept").mkdir()
    (texts / FOLDER).symlink_to(tmp_path / "kept")
    build(texts / FOLDER, [texts])

    async def looks(client: Client) -> None:
        (result,) = (await called(client, "search", query="harbour"))["results"]
        assert result["url"] == f"{(texts / 'a.txt').as_uri()}#L1"

    over_stdio(texts, looks)


# Of each rule, a request that it refuses and all others let pass: its headers, and the status.
ATTACKS: dict[Rule, list[tuple[int, dict[str, str]]]] = {
    security.host_names_this_server: [
        (421, {"host": "evil.example:8765"}),
        (421, {"host": "127.0.0.1:8766"}),
    ],
    security.request_is_short: [(413, {"x-long": "a" * 17_000})],
    server.key_is_sent: [
        (403, {"authorization": ""}),
        (403, {"authorization": f"Bearer {KEY}x"}),
        (403, {"authorization": KEY}),
        (403, {"authorization": "", "cookie": f"{ACCESS.cookie}={KEY}"}),
    ],
    server.request_is_post: [(405, {"method": "GET"}), (405, {"method": "DELETE"})],
    security.origin_is_this_server: [
        (403, {"origin": "http://evil.example"}),
        (403, {"origin": "null"}),
    ],
    security.change_is_json: [(415, {"content-type": "text/plain"})],
}
CASES = [(rule, *case) for rule, cases in ATTACKS.items() for case in cases]


def status(rules: tuple[Rule, ...], changes: dict[str, str]) -> int:
    """Return the status of a request behind some rules."""
    headers = {name: value for name, value in {**SENT, **changes}.items() if value}
    method = headers.pop("method", "POST")

    async def run() -> int:
        app = Guard(PlainTextResponse("passed"), ACCESS, rules=rules)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return (await client.request(method, "/mcp", headers=headers)).status_code

    return asyncio.run(run())


@pytest.mark.parametrize(("rule", "expected", "changes"), CASES)
def test_each_rule_refuses_what_no_other_does(
    rule: Rule, expected: int, changes: dict[str, str]
) -> None:
    assert status(server.RULES, changes) == expected
    assert status(tuple(each for each in server.RULES if each is not rule), changes) == 200


def test_no_rule_is_without_an_attack() -> None:
    assert set(ATTACKS) == set(server.RULES)


@pytest.mark.parametrize("key", [{"authorization": f"bearer {KEY}"}, {"x-chaja-key": KEY}])
def test_the_key_may_be_sent_in_either_header(key: dict[str, str]) -> None:
    assert status(server.RULES, {"authorization": "", **key}) == 200


def test_the_server_stands_behind_its_rules(http: Served) -> None:
    sent = {"authorization": http.authorization, "content-type": "application/json"}
    with httpx.Client() as client:
        assert client.post(http.address, headers={**sent, "authorization": ""}).status_code == 403
        assert client.post(http.address, headers={**sent, "host": "evil"}).status_code == 421
        answer = client.post(http.address, headers=sent, content=iter([b"{", b"a" * 20_000]))
        elsewhere = client.post(f"{http.address}/x", headers=sent, content=b"{}")
    assert answer.status_code == 413
    assert answer.headers["cache-control"] == "no-store"
    assert elsewhere.status_code == 404
    assert elsewhere.json() == {
        "format": 1,
        "error": {"message": "not found", "hint": "The tools are at /mcp."},
    }


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[None]:
    """Start an application, and end it."""
    started, ended = asyncio.Event(), asyncio.Event()

    async def receive() -> Message:
        if started.is_set():
            await ended.wait()
        return {"type": f"lifespan.{'shutdown' if started.is_set() else 'startup'}"}

    async def send(_: Message) -> None:
        started.set()

    task = asyncio.create_task(app({"type": "lifespan"}, receive, send))
    await started.wait()
    try:
        yield
    finally:
        ended.set()
        await task


def test_of_too_many_requests_over_http_the_last_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = threading.Event()
    monkeypatch.setattr("search.agents.tools.count", lambda *_, **__: going_on.wait() and "{}")
    params = {"name": "count", "arguments": {"query": "harbour"}}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    sent = {**SENT, "accept": "application/json", "mcp-protocol-version": "2025-06-18"}

    async def run() -> list[int]:
        with closing(OpenIndex(folder / FOLDER)) as index:
            app = server.application(index, ACCESS)
            transport = httpx.ASGITransport(app=app)
            async with (
                running(app),
                httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client,
            ):
                asked = [
                    asyncio.create_task(client.post("/mcp", headers=sent, json=call))
                    for _ in range(70)
                ]
                await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
                going_on.set()
                return sorted(answer.status_code for answer in await asyncio.gather(*asked))

    assert asyncio.run(run()) == [200] * 64 + [503] * 6


def test_options_of_http_need_http(capfd: pytest.CaptureFixture[str]) -> None:
    from search.cli.main import main

    assert main(["mcp", "--port", "8000"]) == 2
    assert "--http" in capfd.readouterr().err
