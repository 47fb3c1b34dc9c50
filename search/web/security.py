"""Whom the server answers, and how: each rule is a function, and all hold for every request.

A page of another site can reach this machine's ports through its reader's browser, even by a name
that it has pointed here (DNS rebinding), and other users of the machine can reach them too. So a
request must name this server as its host and know its key; what another site asks is refused, and
what a browser may do with an answer is limited by the headers of all answers, errors included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from hmac import HMAC, compare_digest
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from index.value import NamedTuple

from .refusals import FORBIDDEN, MISDIRECTED, NO_JSON, TOO_LARGE, Refused

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_QUERY_BYTES = 8 << 10
MOST_HEADER_BYTES = 16 << 10
MOST_BODY_BYTES = 8 << 10

KEY_HEADER = "x-chaja-key"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_READING = ("GET", "HEAD")
_HTTP_PORT = 80  # which a browser leaves out

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
# Of an original: no script of it runs, should a browser show it after all.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_CONTENT_POLICY = "content-security-policy"
HEADERS = {
    _CONTENT_POLICY: _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Access(NamedTuple):
    """Who may ask: the hosts that name this server, as in a Host header, and its key.

    `nonce` is of this start of the server: a key may outlive it, its cookie does not.
    """

    hosts: tuple[str, ...]
    key: str
    port: int
    nonce: str

    @classmethod
    def to(cls, host: str, port: int, key: str) -> Access:
        """Return the access to a server at an address: "[::1]" if that is of version 6."""
        names = LOOPBACK if host in LOOPBACK else (host,)
        bare = names if port == _HTTP_PORT else ()
        hosts = (*(f"{name}:{port}" for name in names), *bare)
        return cls(hosts, key, port, token_hex(16))

    @property
    def cookie(self) -> str:
        """The name of the cookie; browsers share cookies among ports."""
        return f"chaja-{self.port}"

    @property
    def cookie_key(self) -> str:
        """The key in the cookie, which tells nothing of that of the server."""
        return self._derived(f"cookie {self.nonce}")

    @property
    def page_key(self) -> str:
        """The key that the page sends with a change: it cannot read its cookie."""
        return self._derived("page")

    def _derived(self, purpose: str) -> str:
        return HMAC(self.key.encode(), purpose.encode(), sha256).hexdigest()

    def opens(self, given: str) -> bool:
        """Return whether a key is that of the server, in a time that does not tell how nearly."""
        return _equal(given, self.key)

    def entered(self, given: str) -> bool:
        """Return whether a key of a cookie is that of this start of the server."""
        return _equal(given, self.cookie_key)

    def changes(self, given: str) -> bool:
        """Return whether the key of a header allows a change."""
        return self.opens(given) or _equal(given, self.page_key)


def _equal(given: str, key: str) -> bool:
    return compare_digest(given.encode(errors="replace"), key.encode())


class Head(NamedTuple):
    """The head of a request; names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, scope: Scope) -> Head:
        """Return the head of a request of ASGI."""
        headers = [
            (name.decode("latin-1"), own.decode("latin-1")) for name, own in scope["headers"]
        ]
        return cls(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers)

    def every(self, name: str) -> list[str]:
        """Return the values of all headers of a name."""
        return [value for own, value in self.headers if own == name]

    def one(self, name: str) -> str:
        """Return the value of a header, "" without one, or if there are several."""
        values = self.every(name)
        return values[0] if len(values) == 1 else ""

    def cookies(self, name: str) -> Iterator[str]:
        """Yield the values of the cookies of a name."""
        for header in self.every("cookie"):
            for part in header.split(";"):
                own, _, value = part.strip().partition("=")
                if own == name:
                    yield value


class Entered(Exception):  # noqa: N818 - no error
    """The key was right in an address: the browser gets a cookie for it, and asks `place`."""

    def __init__(self, place: str) -> None:
        self.place = place


def host_names_this_server(head: Head, access: Access) -> None:
    """Refuse a name that only leads here: the page of another site has its own (DNS rebinding)."""
    if head.one("host").lower() not in access.hosts:
        message = "this address is not that of the server"
        raise Refused(MISDIRECTED, message, "Open the address that chaja serve printed.")


def request_is_short(head: Head, access: Access) -> None:
    """Refuse a long query or long headers before anything reads them."""
    if len(head.query) > MOST_QUERY_BYTES:
        message = f"the query is longer than {MOST_QUERY_BYTES:,} bytes"
        raise Refused(TOO_LARGE, message, "Ask with fewer words.")
    if sum(len(name) + len(value) for name, value in head.headers) > MOST_HEADER_BYTES:
        message = f"the headers of the request are longer than {MOST_HEADER_BYTES:,} bytes"
        raise Refused(TOO_LARGE, message, "Delete the cookies of this address in the browser.")


def key_is_known(head: Head, access: Access) -> None:
    """Refuse whoever does not know the key: another user or program of the machine.

    The address that `chaja serve` prints has it once; a browser gets a cookie for it, so that it
    is in no history and no link. A program may send it in the header X-Chaja-Key.
    """
    parameters = parse_qsl(head.query, keep_blank_values=True)
    if head.path == "/" and any(name == "key" and access.opens(own) for name, own in parameters):
        rest = urlencode([(name, value) for name, value in parameters if name != "key"])
        raise Entered(f"/?{rest}" if rest else "/")
    cookies = head.cookies(access.cookie)
    if not access.opens(head.one(KEY_HEADER)) and not any(map(access.entered, cookies)):
        message = "the key of this server is missing or wrong"
        raise Refused(FORBIDDEN, message, "Open the address that chaja serve printed.")


def origin_is_this_server(head: Head, access: Access) -> None:
    """Refuse what a page of another origin asks: a browser tells it."""
    own = {f"http://{host}" for host in access.hosts}
    if any(origin.lower() not in own for origin in head.every("origin")):
        message = "this request comes from another page"
        raise Refused(FORBIDDEN, message, "Use the page of chaja serve itself.")


def change_tells_its_origin(head: Head, access: Access) -> None:
    """Refuse a change that does not tell where it comes from."""
    if head.method not in _READING and not head.one("origin"):
        message = "a change needs the header Origin, that of the server itself"
        raise Refused(FORBIDDEN, message, "Use the page of chaja serve itself.")


def change_has_the_key(head: Head, access: Access) -> None:
    """Refuse a change without a key in a header, which no form and no link can send."""
    if head.method not in _READING and not access.changes(head.one(KEY_HEADER)):
        message = "a change needs the key in the header X-Chaja-Key"
        raise Refused(FORBIDDEN, message, "GET /api/v1/info has it as `key`.")


def change_is_json(head: Head, access: Access) -> None:
    """Refuse a change in a type that a form can send."""
    kind = head.one("content-type").partition(";")[0].strip().lower()
    if head.method not in _READING and kind != "application/json":
        raise Refused(NO_JSON, "a change must be asked for in JSON", "docs/web.md has an example.")


Rule = Callable[[Head, Access], None]
# In this order: a request for another host learns nothing else.
RULES: tuple[Rule, ...] = (
    host_names_this_server,
    request_is_short,
    key_is_known,
    origin_is_this_server,
    change_tells_its_origin,
    change_has_the_key,
    change_is_json,
)


class Guard:
    """An application of ASGI behind the rules, with the headers on every answer."""

    def __init__(self, app: ASGIApp, access: Access, *, rules: Sequence[Rule] = RULES) -> None:
        self._app = app
        self._access = access
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that no rule refuses."""

        async def send_protected(message: Message) -> None:
            await send(_protected(message))

        try:
            head = Head.of(scope)
            for rule in self.rules:
                rule(head, self._access)
        except Entered as entered:
            await self._enter(entered.place, send_protected)
        except Refused as refused:
            await _refuse(refused, send_protected)
        else:
            await self._app(scope, _bounded(receive), send_protected)

    async def _enter(self, place: str, send: Send) -> None:
        cookie = (
            f"{self._access.cookie}={self._access.cookie_key}; Path=/; HttpOnly; SameSite=Strict"
        )
        headers = [
            (b"location", place.encode()),
            (b"set-cookie", cookie.encode()),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _protected(message: Message) -> Message:
    """Return the start of an answer with the headers of all; an original keeps its policy."""
    if message["type"] != "http.response.start":
        return message
    given = [(name.lower(), value) for name, value in message.get("headers", ())]
    names = {name.decode("latin-1") for name, _ in given}
    more = [(name.encode(), own.encode()) for name, own in HEADERS.items() if name not in names]
    return {**message, "headers": [*given, *more]}


async def _refuse(refused: Refused, send: Send) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(refused.body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": refused.body})


def _bounded(receive: Receive) -> Receive:
    """Return `receive` for a body of at most MOST_BODY_BYTES; it raises Refused for more."""
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BODY_BYTES:
            sentence = f"the request is longer than {MOST_BODY_BYTES:,} bytes"
            raise Refused(TOO_LARGE, sentence, "Ask for one pair at a time.")
        return message

    return receive_bounded
