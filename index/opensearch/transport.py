"""One HTTP request to one node; the one module that knows urllib3."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.errors import ClusterError, MissingExtra

from ..value import NamedTuple

if TYPE_CHECKING:
    from types import ModuleType

    from urllib3.connectionpool import HTTPConnectionPool

    from .access import Access

_LEAST_COMPRESSED = 8_192  # bytes
_CONNECT_SECONDS = 5.0
_CONNECTIONS = 32  # kept open for each node, for a server with as many threads
_WRONG_HOST = (62, 64)  # OpenSSL's codes for a name and an address that the certificate lacks
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")


class Answer(NamedTuple):
    """What a node answered."""

    node: str
    status: int
    content: bytes
    location: str  # where a redirect leads


class Lost(Exception):  # noqa: N818 - reads as what became of the node
    """A node gave no whole answer; if not `is_sent`, the request never reached it."""

    def __init__(self, node: str, why: str, *, is_sent: bool) -> None:
        super().__init__(f"{node}: {why}")
        self.is_sent = is_sent


class Transport:
    """Keeps connections to nodes; threads can share it. Raises MissingExtra without urllib3."""

    def __init__(self, access: Access, *, timeout: float) -> None:
        self._library = _urllib3()
        self._access = access
        self._timeout = timeout
        self._headers = {"accept-encoding": "gzip", "user-agent": "chaja"} | _authorization(access)
        self._pools: dict[tuple[int, str], HTTPConnectionPool] = {}
        self._spoken: set[str] = set()  # nodes that have answered

    def send(self, node: str, method: str, target: str, content: bytes, kind: str) -> Answer:
        """Return what a node answers, whatever its status.

        Raises Lost where another node may answer, ClusterError where none will.
        """
        headers = self._headers | ({"content-type": kind} if content else {})
        if len(content) > _LEAST_COMPRESSED:
            content = gzip.compress(content, 1)
            headers["content-encoding"] = "gzip"
        try:
            got = self._pool(node).urlopen(
                method, target, content or None, headers, retries=False, redirect=False
            )
        except self._library.exceptions.HTTPError as error:
            raise self._failure(node, error) from None  # its text may hold parts of the answer
        if got.status == 400 and not got.data.startswith(b"{"):
            self._check_scheme(node)
        self._spoken.add(node)
        return Answer(node, got.status, got.data, got.headers.get("location", ""))

    def close(self) -> None:
        """Close all connections."""
        while self._pools:
            self._pools.popitem()[1].close()

    def _pool(self, node: str) -> HTTPConnectionPool:
        # By process: a connection that a fork shared would mix the answers of both.
        key = os.getpid(), node
        if key not in self._pools:
            options = {
                "maxsize": _CONNECTIONS,
                "timeout": self._library.Timeout(
                    connect=min(_CONNECT_SECONDS, self._timeout), read=self._timeout
                ),
            }
            if node.startswith("https:"):
                options["ssl_context"] = _ssl_context(self._access)
            # A pool of its own goes to its host directly: what HTTP_PROXY and HTTPS_PROXY name is
            # for the web, and would be shown the searches.
            self._pools.setdefault(key, self._library.connection_from_url(node, **options))
        return self._pools[key]

    def _failure(self, node: str, error: Exception) -> Lost | ClusterError:
        errors = self._library.exceptions
        if isinstance(error, errors.SSLError):
            return _tls_failure(node, error)
        if isinstance(error, errors.DecodeError):
            return ClusterError(f"{node}: its answer cannot be decompressed", hint=_NOT_OPENSEARCH)
        if isinstance(error, errors.NameResolutionError | errors.LocationParseError):
            return Lost(node, "no such host is known", is_sent=False)
        if isinstance(error, errors.NewConnectionError):
            return Lost(node, "refuses connections, or cannot be reached", is_sent=False)
        if isinstance(error, errors.ConnectTimeoutError):
            return Lost(node, "no connection in time", is_sent=False)
        if isinstance(error, errors.TimeoutError):
            return Lost(node, f"no answer within {self._timeout:g} s", is_sent=True)
        self._check_scheme(node)
        return Lost(node, "broke the connection before its answer was whole", is_sent=True)

    def _check_scheme(self, node: str) -> None:
        """Raise ClusterError for a node that was asked without TLS and speaks only that."""
        if node in self._spoken or not node.startswith("http:") or not _speaks_tls(node):
            return
        secure = node.replace("http:", "https:", 1)
        raise ClusterError(f"{node}: expects TLS", hint=f"Write {secure} instead.")


_NOT_OPENSEARCH = "Check host and port, and any proxy between: OpenSearch itself has to answer."


def _authorization(access: Access) -> dict[str, str]:
    if access.api_key:
        return {"authorization": f"ApiKey {access.api_key}"}
    if access.user:
        pair = f"{access.user}:{access.password}".encode()
        return {"authorization": f"Basic {b64encode(pair).decode()}"}
    return {}


def _ssl_context(access: Access) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=access.ca)
    except OSError as error:  # ssl.SSLError is one
        message = f"{access.ca}: has no certificate of a CA that can be read"
        hint = "It holds the certificate of the CA as PEM: -----BEGIN CERTIFICATE-----."
        raise ClusterError(message, hint=hint) from error


def _tls_failure(node: str, error: Exception) -> Lost | ClusterError:
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = cause.verify_message.rstrip(".")
        hint = "Name the file with the certificate of its CA: --cluster-ca or CHAJA_CLUSTER_CA."
        if cause.verify_code in _WRONG_HOST:
            hint = "Write the host as it stands in the certificate."
        return ClusterError(f"{node}: its certificate is not trusted: {why}", hint=hint)
    reason = getattr(cause, "reason", None) or ""
    if reason in _NO_TLS:
        plain = node.replace("https:", "http:", 1)
        return ClusterError(f"{node}: does not speak TLS", hint=f"Write {plain} instead.")
    if not reason or "EOF" in reason:
        return Lost(node, "broke the connection", is_sent=True)
    why = reason.lower().replace("_", " ")
    hint = "Compare the versions of TLS, and whether the node asks for a certificate."
    return ClusterError(f"{node}: no connection by TLS: {why}", hint=hint)


def _speaks_tls(node: str) -> bool:
    context = ssl.create_default_context()
    # Nothing is sent over this connection.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    place = urlsplit(node)
    try:
        with (
            socket.create_connection((place.hostname, place.port), _CONNECT_SECONDS) as plain,
            context.wrap_socket(plain),
        ):
            return True
    except OSError:
        return False


def _urllib3() -> ModuleType:
    # Imported here: an optional dependency that only an index on a cluster needs.
    try:
        import urllib3
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "an index on a cluster needs urllib3, which is not installed",
            hint="install it: pip install 'chaja[cluster]'",
        ) from error
    return urllib3
