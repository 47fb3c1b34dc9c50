"""Serves the tools over the Model Context Protocol: to a program that started it, or over HTTP.

Only this module knows the SDK. An error that the user can resolve reaches the model as a sentence
and the next step; of any other it learns nothing, and standard error has the trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import anyio
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import ChajaError

from ..searcher import Searcher
from ..selection import FilterArguments
from ..web.open_index import OpenIndex
from ..web.refusals import FORBIDDEN, UNAVAILABLE, Refused, refusal_of
from ..web.security import (
    KEY_HEADER,
    MOST_BODY_BYTES,
    Access,
    Guard,
    Head,
    change_is_json,
    host_names_this_server,
    origin_is_this_server,
    request_is_short,
)
from ..web.server import serve, server_of
from . import tools

if TYPE_CHECKING:
    from index.opensearch.access import Access as ClusterAccess

    from ..index_location import IndexLocation

PLACE = "mcp"  # below the address of the server
_BEARER = "bearer "
_MOST_AT_ONCE = 4
_MOST_WAITING = 64  # those at once included

_INSTRUCTIONS = f"""\
Searches documents in Korean and English on the user's machine. A query in either language finds \
both. Start with `overview` or `search`; `fetch` reads on from a result, by its `id` and \
`passage`; `count` answers how many. In answers, {tools.CONTENT}."""

_QUERY = Field(
    min_length=1,
    max_length=1_000,
    description='Words, "a phrase", -without, +with, AND OR NOT ( ), author:name',
)
_LANGUAGE = Field(description="Only documents in ko, en or mixed")
_DATE = Field(description="Only documents of a date or range: 2024, 2024-05, 2023..2025")
_PATH = Field(description="Only documents with this in their path")
_FILETYPE = Field(description="Only files of this type: pdf, hwp, md")

_Query = Annotated[str, _QUERY]
_Language = Annotated[Literal["", "ko", "en", "mixed"], _LANGUAGE]
_Date = Annotated[str, _DATE]
_Path_ = Annotated[str, _PATH]
_Filetype = Annotated[str, _FILETYPE]
_Limit = Annotated[int, Field(ge=1, le=tools.MOST_RESULTS, description="Results at most")]
_Offset = Annotated[int, Field(ge=0, le=10_000, description="Results to leave out: next_offset")]
_Sort = Annotated[
    Literal["score", "date", "modified", "path"], Field(description="date: newest first")
]
_Identity = Annotated[str, Field(min_length=1, max_length=5_000, description="The id of a result")]
_Passage = Annotated[
    int, Field(ge=0, description="Where to begin: `passage` of a result, or `next` of a page")
]
_By = Annotated[
    Literal["", "language", "folder", "filetype", "year", "month"],
    Field(description="Count the passages of each"),
]


class _Tools:
    """The tools of an index; the texts of their methods are what a model reads of them."""

    def __init__(self, index: OpenIndex) -> None:
        self._index = index
        self._root = index.folder

    @contextmanager
    def _searcher(self) -> Iterator[Searcher]:
        """Give the searcher of the newest commit; what the user can resolve is a ToolError."""
        try:
            with self._index.commit() as (searcher, _):
                yield searcher
        except (ChajaError, OSError, MemoryError) as error:
            refused = refusal_of(error, self._index.places)
            raise ToolError(f"{refused}. {refused.hint}".rstrip(" .") + ".") from error

    def search(
        self,
        query: _Query,
        limit: _Limit = 8,
        offset: _Offset = 0,
        language: _Language = "",
        date: _Date = "",
        path: _Path_ = "",
        filetype: _Filetype = "",
        sort: _Sort = "score",
    ) -> str:
        """Find passages of the documents, best first, each with an excerpt and an id to fetch."""
        filters = FilterArguments(language=language, date=date, path=path, filetype=filetype)
        with self._searcher() as searcher:
            return tools.search(
                searcher, self._root, query, limit=limit, offset=offset, sort=sort, filters=filters
            )

    def fetch(self, id: _Identity, passage: _Passage = 0) -> str:  # noqa: A002 - as clients send it
        """Read a document, a page at a time: an answer with `next` goes on at that passage."""
        with self._searcher() as searcher:
            return tools.fetch(searcher, self._root, id, passage=passage)

    def count(
        self,
        query: _Query,
        by: _By = "",
        language: _Language = "",
        date: _Date = "",
        path: _Path_ = "",
        filetype: _Filetype = "",
    ) -> str:
        """Count the passages and documents that match, in all or by year, language, folder."""
        filters = FilterArguments(language=language, date=date, path=path, filetype=filetype)
        with self._searcher() as searcher:
            return tools.count(searcher, query, by=by, filters=filters)

    def overview(self) -> str:
        """Tell what the index holds: how many documents, in which languages, folders and years."""
        with self._searcher() as searcher:
            return tools.overview(searcher, self._index.name)


class _Server(MCPServer[Any]):
    """A server of the protocol that tells wrong arguments in a sentence."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool by name; raises ToolError for wrong arguments, and what the tool raises."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(wrong := error.__cause__, ValidationError):
                raise
            raise ToolError(_sentence_on(wrong)) from wrong  # it logs no argument of such a one


def _sentence_on(wrong: ValidationError) -> str:
    """Return which arguments are wrong, how, and the next step."""
    told = (
        f"{'.'.join(map(str, each['loc']))}: {each['msg'][:1].lower()}{each['msg'][1:]}"
        for each in wrong.errors()
    )
    return f"{'; '.join(told)}. Call the tool again as its description has it."


def protocol_server(index: OpenIndex) -> MCPServer[Any]:
    """Return the server of an index, without a transport."""
    own = _Tools(index)
    server = _Server("chaja", instructions=_INSTRUCTIONS, log_level="WARNING")
    reads = ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    for tool in (own.search, own.fetch, own.count, own.overview):
        # As text only: the same again as structured content would be twice as much to read.
        server.add_tool(tool, annotations=reads, structured_output=False)
    return server


def serve_stdio(
    location: IndexLocation, *, synonyms: Path | None, cluster: ClusterAccess | None = None
) -> None:
    """Serve the program that started this one, until it closes standard input.

    Raises what opening the index raises, before it serves.
    """
    with closing(OpenIndex(location, synonyms=synonyms, cluster=cluster)) as index:
        with index.commit():
            pass
        server = protocol_server(index)

        async def run() -> None:
            _limit_threads()
            await server.run_stdio_async()

        anyio.run(run)


def serve_http(
    location: IndexLocation,
    *,
    host: str,
    port: int,
    key: str,
    synonyms: Path | None,
    ready: Callable[[str, str], object],
    cluster: ClusterAccess | None = None,
) -> None:
    """Serve over HTTP until Ctrl-C, as `web.server.serve` does, with the same rules."""
    serve(
        location,
        host=host,
        port=port,
        key=key,
        synonyms=synonyms,
        ready=lambda address, own: ready(address + PLACE, own),
        cluster=cluster,
        make=lambda index, access: server_of(application(index, access), lifespan=True),
    )


def key_is_sent(head: Head, access: Access) -> None:
    """Refuse whoever does not send the key in a header, which no page of a browser can."""
    given = head.one("authorization")
    bearer = given[len(_BEARER) :].strip() if given.lower().startswith(_BEARER) else ""
    if not any(map(access.opens, (head.one(KEY_HEADER), bearer))):
        message = "the key of this server is missing or wrong"
        raise Refused(FORBIDDEN, message, "Send the header that chaja mcp --http printed.")


def request_is_post(head: Head, access: Access) -> None:
    """Refuse what would keep a connection open to be told of changes: there are none to tell."""
    if head.method != "POST":
        raise Refused(
            HTTPStatus.METHOD_NOT_ALLOWED, "this method is not allowed", "The server knows POST."
        )


RULES = (
    host_names_this_server,
    request_is_short,
    key_is_sent,
    request_is_post,
    origin_is_this_server,
    change_is_json,
)


def application(index: OpenIndex, access: Access) -> ASGIApp:
    """Return the application that answers for an index, behind the rules of its security.

    It keeps no sessions: each request is answered whole, and none can be continued by another.
    """
    app = protocol_server(index).streamable_http_app(
        streamable_http_path=f"/{PLACE}",
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BODY_BYTES,
        # The guard has these rules and more.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app.add_exception_handler(Refused, _refuse)
    app.add_exception_handler(HTTPException, _refuse)
    guarded = Guard(_bounded(app), access, rules=RULES)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # start and end of the server, which have no head
            _limit_threads()
            await app(scope, receive, send)
        else:
            await guarded(scope, receive, send)

    return answer


def _limit_threads() -> None:
    """Let a few tools run at once: more answer hardly more in all, and each more slowly."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = _MOST_AT_ONCE


def _bounded(app: ASGIApp) -> ASGIApp:
    """Return an application that refuses a request while too many are being answered."""
    asked = 0

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal asked
        if asked >= _MOST_WAITING:
            refused = Refused(UNAVAILABLE, "too many requests at once", "Try again in a moment.")
            await _told(refused)(scope, receive, send)
            return
        asked += 1
        try:
            await app(scope, receive, send)
        finally:
            asked -= 1

    return answer


def _refuse(_: Request, error: Exception) -> Response:
    """Answer a request to another place, or one that turns out to be too long while it is read."""
    assert isinstance(error, Refused | HTTPException)  # what it is registered for
    if isinstance(error, Refused):
        return _told(error)
    return _told(Refused(error.status_code, error.detail.lower(), f"The tools are at /{PLACE}."))


def _told(refused: Refused) -> Response:
    return Response(refused.body, refused.status, media_type="application/json")
