"""What the server refuses: a status, one sentence and the next step, without paths or traces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from corpus.errors import (
    ChajaError,
    CorpusError,
    DocumentMissing,
    GlossaryError,
    IndexLocked,
    IndexMissing,
    QueryError,
    StoreError,
)

from ..output.json import json_line

if TYPE_CHECKING:
    from index.opensearch.address import ClusterAddress

# What an answer does not tell, though an error may.
Place: TypeAlias = "Path | ClusterAddress"

BAD, FORBIDDEN, MISSING, BUSY = 400, 403, 404, 409
TOO_LARGE, NO_JSON, MISDIRECTED, BUG, UNAVAILABLE = 413, 415, 421, 500, 503

# The first class that an error is of tells the status.
_STATUS = (
    (DocumentMissing, MISSING),
    (QueryError, BAD),
    (IndexLocked, BUSY),
    (StoreError, UNAVAILABLE),
    (GlossaryError, BAD),
    (CorpusError, MISSING),
)


class Refused(Exception):  # noqa: N818 - reads as the state it reports
    """A request is answered with a status of HTTP, a sentence and the next step."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.hint = hint

    @property
    def body(self) -> bytes:
        """The answer as the API has it, in JSON."""
        return json_line({"error": {"message": str(self), "hint": self.hint}}).encode()


def refusal_of(error: Exception, places: Iterable[Place]) -> Refused:
    """Return the refusal for an error of a request, which does not tell where `places` are."""
    refused = _refusal(error)
    places = tuple(places)
    return Refused(
        refused.status, without_places(str(refused), places), without_places(refused.hint, places)
    )


def _refusal(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, IndexMissing):
        return Refused(
            UNAVAILABLE,
            "the index is no longer there",
            "Build it again with: chaja build; this page goes on when it is back.",
        )
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return Refused(status, str(error), error.hint)
    if isinstance(error, OSError):
        reason = (error.strerror or "it cannot be read").lower()
        return Refused(UNAVAILABLE, f"the index cannot be read: {reason}", "Try again.")
    if isinstance(error, MemoryError):
        return Refused(UNAVAILABLE, "there is not enough memory", "Free some memory and try again.")
    if isinstance(error, ChajaError):
        return Refused(BAD, str(error), error.hint)
    return Refused(BUG, "this is a bug in Chaja", "The terminal of chaja serve shows more.")


def without_places(text: str, places: Iterable[Place]) -> str:
    """Return a sentence that names absolute paths, or what is in them, without where they are.

    And one that names the address of an index, or nodes of its cluster, without these.
    """
    places = set(places)
    for address in (place for place in places if not isinstance(place, Path)):
        text = text.replace(str(address), address.name)
        for node in address.nodes:
            text = text.replace(node, "the cluster").replace(
                node.partition("://")[2], "the cluster"
            )
    paths = (place for place in places if isinstance(place, Path))
    for path in sorted(paths, key=lambda path: len(path.parts), reverse=True):
        whole = rf"(?<![\w./]){re.escape(str(path))}(?!\w)"
        text = re.sub(whole, path.name.replace("\\", r"\\"), text) if path.name else text
    return text
