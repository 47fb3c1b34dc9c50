"""`chaja serve`: search in the browser, on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread
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
    epilog=example("chaja serve", "chaja serve --port 8000 --no-open"),
)
@click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    default=0,
    metavar="N",
    help="The port; default: a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Another address of this machine, which others can reach; it needs --key-file.",
)
@file_option("--key-file", explanation="A file with the key of the address; default: a random key.")
@click.option("--open/--no-open", "opens", default=True, help="Open the browser (the default).")
@synonyms_option
@index_option
def serve(
    port: int,
    host: str,
    key_file: Path | None,
    opens: bool,
    synonyms: Path | None,
    index_location: IndexLocation | None,
) -> None:
    """Serve a page to search the index with, and print its address. Ctrl-C ends it.

    The address has a key, without which the server answers nobody. A build is seen at once.
    """
    location = index_at(index_location)
    access = access_to(location)
    key = read_key(key_file)
    server = _server()

    def ready(address: str, key: str) -> None:
        address = f"{address}?key={key}"
        print_lines([address])
        sys.stdout.flush()  # who reads it through a pipe waits for it
        click.echo("Ctrl-C ends the server.", err=True)
        if opens:
            Thread(target=show, args=(address,), daemon=True).start()

    def show(address: str) -> None:
        if not server.open_browser(address):
            click.echo("note: no browser opens here; open the address above in one", err=True)

    server.serve(
        location, host=host, port=port, key=key, synonyms=synonyms, ready=ready, cluster=access
    )


def _server() -> ModuleType:
    """Return the module of the server. Raises MissingExtra without its packages."""
    try:
        from ...web import server
    except ModuleNotFoundError as error:
        from corpus.errors import MissingExtra

        missing = (error.name or "").partition(".")[0]
        if missing not in ("starlette", "uvicorn", "h11"):
            raise
        raise MissingExtra(
            f"the page needs {missing}, which is not installed",
            hint="install it: pip install 'chaja[web]'",
        ) from error
    return server
