"""The routes of the local page, and how an answer is made: in one of a few worker threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import responses as phrases
from importlib.resources import files
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from corpus.errors import ChajaError

from . import api
from .api import Answer, Asked, json_answer
from .glossary import Glossary, pair_of
from .open_index import OpenIndex
from .parameters import Parameters
from .refusals import BUG, MISSING, UNAVAILABLE, Refused, refusal_of
from .security import SANDBOX, Access, Guard

Result = TypeVar("Result")

PREFIX = "/api/v1/"
# So that a slow request holds up no quick one; more would not answer more: see docs/web.md.
_WORKERS = 4
# Requests at once, those that wait included; an export takes seconds.
_MOST_WAITING = 64
_MOST_EXPORTS = 4

READING: Mapping[str, api.Route] = {
    "search": api.search,
    "document": api.document,
    "similar": api.similar,
    "kwic": api.kwic,
    "trend": api.trend,
    "complete": api.complete,
    "info": api.info,
    "export": api.export,
    "original": api.original,
}
WRITING = ("strike", "unstrike")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_PAGE = "index.html"
_DESCRIPTION = "openapi.json"


def application(index: OpenIndex, access: Access) -> ASGIApp:
    """Return the application that answers for an index, behind the rules of its security."""
    answering = _Answering(index, access)
    routes = [
        *(Route(PREFIX + name, answering.of(answer)) for name, answer in READING.items()),
        *(Route(PREFIX + name, answering.changing(name), methods=["POST"]) for name in WRITING),
        Route(PREFIX + _DESCRIPTION, _description),
        Route("/", _static),
        Route("/{name}", _static),
    ]
    app = Starlette(routes=routes, exception_handlers=_handlers(index))
    return Guard(app, access)


class _Workers:
    """A few threads, and at most so many requests at once that they answer or that wait."""

    def __init__(self, threads: int, *, most: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answer")
        self._most = most
        self._asked = 0

    async def result_of(self, work: Callable[[], Result]) -> Result:
        """Return what a thread makes; raises Refused if too many requests are there."""
        if self._asked >= self._most:
            raise Refused(UNAVAILABLE, "too many requests at once", "Try again in a moment.")
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._asked -= 1


class _Answering:
    """Makes the answers of one index in its worker threads."""

    def __init__(self, index: OpenIndex, access: Access) -> None:
        self._index = index
        self._access = access
        self._glossary = Glossary(index)
        self._workers = _Workers(_WORKERS, most=_MOST_WAITING)
        # One at a time, and not in place of searches.
        self._exports = _Workers(1, most=_MOST_EXPORTS)

    def of(self, answer: api.Route) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint of a route that reads."""

        async def endpoint(request: Request) -> Response:
            given = request.query_params.multi_items()
            workers = self._exports if answer is api.export else self._workers
            work = partial(self._answered, answer, given)
            return _response(await workers.result_of(work))

        return endpoint

    def changing(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint of a change to the glossary."""
        change = getattr(self._glossary, name)

        async def endpoint(request: Request) -> Response:
            pair = pair_of(await request.body())
            changed = await self._workers.result_of(partial(change, pair))
            return _response(json_answer(changed))

        return endpoint

    def _answered(self, answer: api.Route, given: Sequence[tuple[str, str]]) -> Answer:
        with self._index.commit() as (searcher, generation):
            key = self._access.page_key
            return answer(Asked(Parameters(given), searcher, self._index, generation, key))


def _response(answer: Answer) -> Response:
    headers = {}
    if answer.name:
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(answer.name, safe='')}",
            "content-security-policy": SANDBOX,
        }
    if isinstance(answer.body, Iterator):
        return StreamingResponse(answer.body, media_type=answer.media_type, headers=headers)
    return Response(answer.body, media_type=answer.media_type, headers=headers)


async def _static(request: Request) -> Response:
    """Answer a file of the page: one that is there, by its name, so that no path leads out."""
    name = request.path_params.get("name", _PAGE)
    for file in files(__package__).joinpath("static").iterdir():
        suffix = file.name[file.name.rfind(".") :]
        if file.name == name and suffix in _TYPES:
            return Response(file.read_bytes(), media_type=_TYPES[suffix])
    raise Refused(MISSING, "there is no such page", "The page is at /, its API at /api/v1/.")


async def _description(request: Request) -> Response:
    body = files(__package__).joinpath(_DESCRIPTION).read_bytes()
    return Response(body, media_type="application/json")


def _handlers(index: OpenIndex) -> dict[Any, Callable[[Request, Exception], Awaitable[Response]]]:
    """Return what turns errors into answers; Starlette tells a bug on standard error as well."""

    def told(refused: Refused) -> Response:
        return Response(refused.body, refused.status, media_type="application/json")

    async def refuse(_: Request, error: Exception) -> Response:
        return told(refusal_of(error, index.places))

    async def by_status(_: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", BUG)
        return told(Refused(status, phrases[status].lower(), "docs/web.md lists the routes."))

    known: tuple[type[Exception], ...] = (Refused, ChajaError, OSError, MemoryError)
    return {**dict.fromkeys(known, refuse), HTTPException: by_status, Exception: refuse}
