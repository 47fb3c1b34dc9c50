"""Requests to a node in JSON, by the standard library: Chaja's own client is what is tested."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# No proxy of the environment stands between a test and its node.
_DIRECT = urllib.request.ProxyHandler({})


class Refused(Exception):  # noqa: N818 - reads as the state it reports
    """A node answered with an error; `status` is that of HTTP."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status


@dataclass(frozen=True)
class Account:
    """A user, and the certificate of the authority that the node's own must be signed by.

    Without a name, nobody is named to the node.
    """

    user: str
    password: str
    ca: Path


def ask(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: object = None,
    account: Account | None = None,
    seconds: float = 10,
) -> Any:  # noqa: ANN401 - whatever JSON the node answers
    """Return the answer of a node to one request; a body that is a string is sent as it is.

    Raises Refused for an answer that is an error, OSError if there is none.
    """
    request = urllib.request.Request(f"{url}{path}", method=method)
    if body is not None:
        request.data = (body if isinstance(body, str) else json.dumps(body)).encode()
        request.add_header("Content-Type", "application/json")
    handlers: list[urllib.request.BaseHandler] = [_DIRECT]
    if account:
        if account.user:
            named = base64.b64encode(f"{account.user}:{account.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {named}")
        trusted = ssl.create_default_context(cafile=account.ca)
        handlers.append(urllib.request.HTTPSHandler(context=trusted))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=seconds) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise Refused(error.code, error.read().decode(errors="replace")) from None
