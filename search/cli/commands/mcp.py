"""`chaja mcp`: the index as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from ..help import example
from ..index_option import index_option
from ..key_file import read_key
from ..options import file_option, synonyms_option
from ..session import access_to, index_at, print_lines

if TYPE_CHECKING:
    from ...index_location import IndexLocation


_LAST_PORT = 65_535


@click.command(
    epilog=example("chaja mcp --index ~/documents/.chaja", "chaja mcp --http --port 8765"),
)
@click.option("--http", is_flag=True, help="Serve over HTTP; default: standard input and output.")
@click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    default=0,
    metavar="N",
    help="The port of --http; default: a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Another address for --http, which others can reach; it needs --key-file.",
)
@file_option("--key-file", explanation="A file with the key of --http; default: a random key.")
@synonyms_option
@index_option
def mcp(
    http: bool,
    port: int,
    host: str,
    key_file: Path | None,
    synonyms: Path | None,
    index_location: IndexLocation | None,
) -> None:
    """Serve the tools search, fetch, count and overview to an agent (Model Context Protocol).

    An agent's program starts this command itself and asks it over standard input; with --http it
    asks an address, and sends the key that is printed. A build is seen at once.
    """
    if not http and (port, host, key_file) != (0, "127.0.0.1", None):
        raise click.UsageError("--port, --host and --key-file are for --http")
    location = index_at(index_location)
    access = access_to(location)
    server = _server()
    if not http:
        server.serve_stdio(location, synonyms=synonyms, cluster=access)
        return
    key = read_key(key_file)
    server.serve_http(
        location,
        host=host,
        port=port,
        key=key,
        synonyms=synonyms,
        ready=_print_address,
        cluster=access,
    )


def _print_address(address: str, key: str) -> None:
    print_lines([address, f"Authorization: Bearer {key}"])
    sys.stdout.flush()  # who reads it through a pipe waits for it
    click.echo("Ctrl-C ends the server.", err=True)


def _server() -> ModuleType:
    """Return the module of the server. Raises MissingExtra without its packages."""
    try:
        from ...agents import server
    except ModuleNotFoundError as error:
        from corpus.errors import MissingExtra

        if (error.name or "").split(".")[0] not in ("mcp", "starlette", "uvicorn"):
            raise
        raise MissingExtra(
            f"chaja mcp needs {error.name}, which is not installed",
            hint="install it: pip install 'chaja[mcp]'",
        ) from error
    return server
