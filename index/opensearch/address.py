"""The address of an index on a cluster: its nodes, and the name that its indexes begin with."""

from __future__ import annotations

from contextlib import suppress

from corpus.errors import ClusterError

from ..late_pattern import late_pattern
from ..value import NamedTuple

DEFAULT_PORT = 9200
LONGEST_NAME = 100
_SCHEMES = ("http", "https")
_FORM = "Write it as https://host:9200/NAME."
_HOST = late_pattern(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\.?")
_NAME = late_pattern(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST_NAME - 1}}}")


class ClusterAddress(NamedTuple):
    """The nodes of a cluster and the name of an index on it; its text can be parsed again."""

    nodes: tuple[str, ...]  # "https://host:9200", without a slash at the end
    name: str  # what its indexes begin with

    def __str__(self) -> str:
        return f"{','.join(self.nodes)}/{self.name}"


def parse_address(text: str) -> ClusterAddress:
    """Return the address that a text such as https://a:9200,b:9200/NAME states.

    A node without a scheme has that of the node before. Raises ClusterError.
    """
    _refuse_secrets(text)
    *others, last = (part.strip() for part in text.split(","))
    begin = last.find("://") + len("://") if "://" in last else 0
    node, _, name = last[begin:].partition("/")
    nodes: list[str] = []
    scheme = ""
    for part in (*(other.rstrip("/") for other in others), last[:begin] + node):
        nodes.append(_node(part, scheme))
        scheme = nodes[-1].partition("://")[0]
    return ClusterAddress(tuple(dict.fromkeys(nodes)), _name(name.removesuffix("/")))


def _refuse_secrets(text: str) -> None:
    """Refuse what may hold a secret before any message quotes the text."""
    if "@" in text:
        raise ClusterError(
            "the address of a cluster has a user or password in it (before the @)",
            hint="Leave it out of the address: CHAJA_CLUSTER_USER and CHAJA_CLUSTER_PASSWORD_FILE "
            "are for that.",
        )
    if "?" in text or "#" in text:
        raise ClusterError("the address of a cluster has a query or fragment in it", hint=_FORM)


def _node(part: str, before: str) -> str:
    """Return a node in full; `before` is the scheme of the node before it, "" for the first."""
    scheme, is_given, rest = part.partition("://")
    if not is_given:
        scheme, rest = before, part
    scheme = scheme.lower()
    if scheme not in _SCHEMES:
        raise ClusterError(f"{part}: begins with neither https:// nor http://", hint=_FORM)
    if "/" in rest:
        raise ClusterError(
            f"{part}: the name of the index is given once, after the last node",
            hint="Write it as https://a:9200,https://b:9200/NAME.",
        )
    host, port = _host_and_port(rest)
    return f"{scheme}://{_host(host, part)}:{_port(port, part)}"


def _host_and_port(text: str) -> tuple[str, str | None]:
    """Part a port from a host; it is None where there is none."""
    after = text.rpartition("]")[2] if text.startswith("[") else text
    if ":" not in after:
        return text, None
    host, _, port = text.rpartition(":")
    return host, port


def _host(host: str, node: str) -> str:
    if not host:
        raise ClusterError(f"{node or 'the address of a cluster'}: a host is missing", hint=_FORM)
    if host.startswith("[") and host.endswith("]"):
        with suppress(ValueError):
            from ipaddress import IPv6Address

            address = IPv6Address(host[1:-1])
            if address.scope_id is None:
                return f"[{address}]"
    elif _HOST().fullmatch(host.lower()):
        return host.lower()
    raise ClusterError(
        f"{node}: {host} is not the name or address of a host",
        hint="A name has letters, digits, dots and hyphens; an IPv6 address stands in [ ].",
    )


def _port(port: str | None, node: str) -> int:
    if port is None:
        return DEFAULT_PORT
    # int() would take more digits than a port has, and those of other scripts.
    if port.isascii() and port.isdigit() and len(port) <= len("65535") and 0 < int(port) < 1 << 16:
        return int(port)
    raise ClusterError(
        f"{node}: {port or 'nothing'} is not a port",
        hint=f"Write a number from 1 to 65535, or leave the colon out for {DEFAULT_PORT}.",
    )


def _name(name: str) -> str:
    if not name:
        hint = "Add the name of the index: https://host:9200/NAME."
        raise ClusterError("the address of a cluster has no name of an index", hint=hint)
    if "/" in name:
        raise ClusterError(
            f"{name}: the name of an index on a cluster has no slash",
            hint="Write it as https://host:9200/NAME; OpenSearch is not served under a path.",
        )
    if _NAME().fullmatch(name):
        return name
    hint = (
        f"Use up to {LONGEST_NAME} lower-case letters, digits, - and _; begin with a letter or "
        "digit."
    )
    if _NAME().fullmatch(name.lower()):
        hint = f"OpenSearch has lower-case names only: {name.lower()}"
    raise ClusterError(f"{name}: cannot be the name of an index on a cluster", hint=hint)
