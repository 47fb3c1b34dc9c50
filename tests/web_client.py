"""Asks the local page's application, without a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from index.opensearch.access import Access as ClusterAccess
from search.index_location import IndexLocation
from search.web.application import application
from search.web.open_index import OpenIndex
from search.web.security import Access, Guard, Rule

PORT = 8000
HOST = f"127.0.0.1:{PORT}"
KEY = "a-key-of-the-tests"
ACCESS = Access.to("127.0.0.1", PORT, KEY)
COOKIE = f"{ACCESS.cookie}={ACCESS.cookie_key}"
CHANGE = {
    "origin": f"http://{HOST}",
    "x-chaja-key": ACCESS.page_key,
    "content-type": "application/json",
}


class Page:
    """The application of an index, asked as its own page asks it."""

    def __init__(
        self,
        location: IndexLocation,
        *,
        without: Rule | None = None,
        synonyms: Path | None = None,
        cluster: ClusterAccess | None = None,
    ) -> None:
        self.index = OpenIndex(location, synonyms=synonyms, cluster=cluster)
        self._app: ASGIApp = application(self.index, ACCESS)
        if without is not None:
            self._app = unguarded(self._app, without)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        **parameters: Any,  # noqa: ANN401 - whatever a request has
    ) -> httpx.Response:
        """Return the answer to a request with the cookie of the page and some `headers`."""
        return asyncio.run(self.asking(path, method=method, headers=headers, **parameters))

    async def asking(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        **parameters: Any,  # noqa: ANN401 - as above
    ) -> httpx.Response:
        """Return the same, beside others."""
        chosen = {"host": HOST, "cookie": COOKIE, **(headers or {})}
        transport = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
        given = {name: value for name, value in chosen.items() if value}
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, headers=given, **parameters)

    def get(self, name: str, **parameters: object) -> dict[str, Any]:
        """Return the object that the API answers."""
        asked = self.ask(f"/api/v1/{name}", params=parameters)
        assert asked.status_code == 200, asked.text
        answer: dict[str, Any] = asked.json()
        return answer

    def refused(self, name: str, **parameters: object) -> tuple[int, str, str]:
        """Return the status, the sentence and the hint of what the API refuses."""
        asked = self.ask(f"/api/v1/{name}", params=parameters)
        error = asked.json()["error"]
        return asked.status_code, error["message"], error["hint"]

    def change(self, name: str, **pair: str) -> httpx.Response:
        """Return the answer to a change of the glossary."""
        content = json.dumps(pair).encode()
        return self.ask(f"/api/v1/{name}", method="POST", headers=CHANGE, content=content)


def unguarded(app: ASGIApp, rule: Rule) -> ASGIApp:
    """Return a guarded application without one of its rules."""
    assert isinstance(app, Guard)
    assert rule in app.rules
    app.rules = tuple(own for own in app.rules if own is not rule)
    return app
