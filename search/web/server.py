"""Runs the local page: a port, the browser, and an end with Ctrl-C."""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp

from corpus.errors import ServerError

from .application import application
from .connection import Connection
from .open_index import OpenIndex
from .security import Access

if TYPE_CHECKING:
    from index.opensearch.access import Access as ClusterAccess

    from ..index_location import IndexLocation

LEAST_KEY = 16  # characters of a user's key
_KEY = re.compile(rf"[\w-]{{{LEAST_KEY},128}}", re.ASCII)
_KEY_BYTES = 32
_HEAD_BYTES = 32 << 10  # of a request
_GRACE = 2  # seconds for answers to end
# Connections that the system keeps and asyncio accepts at once, before any of them can be ended.
_BACKLOG = 128


def serve(
    location: IndexLocation,
    *,
    host: str,
    port: int,
    key: str,
    synonyms: Path | None,
    ready: Callable[[str, str], object],
    cluster: ClusterAccess | None = None,
    make: Callable[[OpenIndex, Access], uvicorn.Server] | None = None,
) -> None:
    """Serve the index at a location until Ctrl-C; `ready` is called with its address and key.

    `cluster` is the access to the cluster of an index that is on one, and
    `make` gives the server, if it is not that of the page. `port` 0 is a free one, and a `key` "" a
    random one; a host that is not of this machine alone needs one. Raises IndexMissing and the like
    before it serves, and ServerError for an address that cannot be used.
    """
    address = _checked_address(host, key)
    name = f"[{address}]" if ":" in address else address
    key = _checked_key(key)
    with closing(OpenIndex(location, synonyms=synonyms, cluster=cluster)) as index:
        with index.commit():  # an index that cannot be opened is an error before there is a server
            pass
        # uvicorn raises KeyboardInterrupt again when it has ended.
        with suppress(KeyboardInterrupt), closing(listening(address, port)) as listener:
            access = Access.to(name, listener.getsockname()[1], key)
            index.warm()
            ready(f"http://{name}:{access.port}/", access.key)
            (make or web_server)(index, access).run(sockets=[listener])


def open_browser(address: str) -> bool:
    """Open the user's browser at an address; return whether there is one."""
    graphical = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, graphical)):
        return False  # a browser in the terminal would take it from the server
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False


def _checked_address(host: str, key: str) -> str:
    """Return the address of a host; raises ServerError if it may not be served."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ip_address(host.strip("[]"))
    except ValueError as error:
        message = f"--host {host}: is no address of a computer"
        raise ServerError(
            message, hint="Leave it out for 127.0.0.1, or give an IP address."
        ) from error
    if address.is_unspecified:
        message = f"--host {host}: stands for all addresses of this machine"
        raise ServerError(message, hint="Name the one address that others shall use.")
    if not address.is_loopback and not key:
        raise ServerError(
            f"--host {host}: others can reach this address, so it needs a key of your own",
            hint=f"Write one of {LEAST_KEY} characters or more to a file: --key-file FILE",
        )
    return str(address)


def _checked_key(key: str) -> str:
    """Return a key, a random one for ""; raises ServerError for one that is weak or odd."""
    if key and not _KEY.fullmatch(key):
        raise ServerError(
            f"the key is not {LEAST_KEY} or more letters, digits, - and _ of ASCII",
            hint="""Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe())'""",
        )
    return key or secrets.token_urlsafe(_KEY_BYTES)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address. Raises ServerError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Of a socket that says it is TCP, asyncio sends at once what it would hold back for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # on Windows it would let two servers have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _unusable(host, port, error) from error
    return listener


def _unusable(host: str, port: int, error: OSError) -> ServerError:
    """Return the error for an address that the system does not give."""
    if error.errno == errno.EADDRINUSE:
        message = f"--port {port}: another program uses this port"
        return ServerError(message, hint="Give another, or leave it out for a free one.")
    if error.errno == errno.EACCES:
        message = f"--port {port}: the system does not let you use this port"
        return ServerError(message, hint="Give one from 1024 on, or leave it out for a free one.")
    message = f"--host {host}: is no address of this machine"
    return ServerError(message, hint="Leave it out for 127.0.0.1.")


def web_server(index: OpenIndex, access: Access) -> uvicorn.Server:
    """Return the server of an index, which a caller runs on a socket that listens."""
    return server_of(application(index, access))


def server_of(app: ASGIApp, *, lifespan: bool = False) -> uvicorn.Server:
    """Return a server for an application; `lifespan` tells it of start and end."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="on" if lifespan else "off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE,
    )
    return uvicorn.Server(config)
