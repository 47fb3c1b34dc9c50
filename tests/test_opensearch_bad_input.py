"""Commands on what is no cluster that they can use: one sentence, the next step, exit code 2."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opensearch_client import SECRET, closed_port, failed
from opensearch_server import Broken, Server, Told, serving

from index.opensearch import client
from search.cli.main import main

COMMANDS = [("search", "river"), ("build", "."), ("info",), ("verify",), ("complete", "ri")]
ELASTICSEARCH = Told(value={"version": {"number": "8.15.0", "lucene_version": "9.11"}})
OLD = Told(value={"version": {"number": "1.3.0", "distribution": "opensearch"}})
NEW = Told(value={"version": {"number": "2.19.4", "distribution": "opensearch"}})

Refusal = Callable[..., str]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, without settings of the user, and wait for no node."""
    for name in os.environ:
        if name.startswith("CHAJA_CLUSTER_") or name == "CHAJA_INDEX":
            monkeypatch.delenv(name)
    for name in ("FIRST_SECONDS", "READ_SECONDS", "WRITE_SECONDS"):
        monkeypatch.setattr(client, name, 0.0)
    monkeypatch.setattr("index.opensearch.lock._LEASE_SECONDS", 0.0)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Told(value={})) as server:
        yield server


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refusal:
    """Run a command on an index, and return the sentence and the next step of its error."""

    def run(*command: str, index: str) -> str:
        assert main([*command, "--index", index]) == 2
        out, error = capsys.readouterr()
        sentence, step = (line for line in error.splitlines() if line)
        assert (out, sentence[:7], step[:2]) == ("", "chaja: ", "  ")
        assert SECRET not in error
        return error

    return run


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("told", "message"),
    [
        (ELASTICSEARCH, "is Elasticsearch 8.15.0, not OpenSearch"),
        (OLD, "OpenSearch 1.3 is too old"),
        (Told(content=b"<html>Sign in</html>"), "answers with HTML (status 200)"),
        (Told(content=b"<html>None</html>", status=404), "answers with HTML (status 404)"),
        (Told(content=b"<html>Bad gateway</html>", status=502), "it cannot answer now (502)"),
        (Told(status=302, headers={"location": f"https://sign.in/?key={SECRET}"}), "redirects to"),
        (Told(value=["something else"]), "does not say that it is OpenSearch"),
        (Told(content=b"Unauthorized", status=401), "asks for a user and a password"),
        (Told(value={"version": {}}, missing=5), "broke the connection"),
    ],
)
def test_what_answers_as_no_opensearch_is_told(
    refused: Refusal, server: Server, command: tuple[str, ...], told: Told, message: str
) -> None:
    server.tell(told)
    assert f"{server.url}: {message}" in refused(*command, index=f"{server.url}/x").replace(
        "GET /: ", ""
    )
    assert {seen.method for seen in server.seen} == {"GET"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_node_that_is_not_there_is_told(refused: Refusal, command: tuple[str, ...]) -> None:
    told = refused(*command, index=f"{closed_port()}/x")
    assert "refuses connections" in told
    assert "Check the address" in told


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("address", ["http://me:{}@a:9200/x", "https://{}@a/x", "me:{}@a:9200/x"])
def test_an_address_with_a_secret_is_refused_and_not_shown(
    refused: Refusal, command: tuple[str, ...], address: str
) -> None:
    told = refused(*command, index=address.format(SECRET))
    assert "has a user or password in it" in told
    assert "CHAJA_CLUSTER_PASSWORD_FILE" in told


@pytest.mark.parametrize("command", COMMANDS)
def test_tls_to_a_node_without_it_is_told(
    refused: Refusal, server: Server, command: tuple[str, ...]
) -> None:
    told = refused(*command, index=f"{server.url.replace('http:', 'https:')}/x")
    assert "does not speak TLS" in told
    assert f"Write {server.url} instead." in told


@pytest.mark.parametrize("command", [("search", "river"), ("build", ".")])
def test_a_node_without_memory_is_told(
    refused: Refusal, server: Server, command: tuple[str, ...]
) -> None:
    server.tell(NEW, failed("circuit_breaking_exception", "[parent] Data too large", 429))
    told = refused(*command, index=f"{server.url}/x")
    assert "it is overloaded: circuit_breaking_exception: [parent] Data too large" in told


def test_a_node_that_breaks_connections_is_told(refused: Refusal, server: Server) -> None:
    server.tell(Broken())
    assert "broke the connection" in refused("search", "river", index=f"{server.url}/x")
