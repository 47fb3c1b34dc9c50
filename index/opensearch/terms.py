"""Terms as OpenSearch indexes them: text that its analyzers split into exactly these terms.

The analyzer `terms` splits at white space, one group for each position; the terms of a group are
parted by a bar, and a position without a term has `GAP`. What a term has of these signs is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from ..late_pattern import late_pattern

GAP = "\x01"
STACKED = "|"
_ESCAPE = "\x02"
_END = ";"
# Every sign that Java or Python calls white space, and those with a meaning here.
_SPECIAL = late_pattern(r"[\s\x01\x02|]")
# Lucene refuses terms and keywords of more than 32,766 bytes.
_LONGEST = 8_000  # bytes
_DIGEST = 16


def indexed(term: str) -> str:
    """Return a term as it is indexed and looked up; another term is never the same.

    It has no white space and is not empty. A very long term is its beginning and a digest.
    """
    if not term:
        return _ESCAPE + _END
    if _SPECIAL().search(term):
        term = _SPECIAL().sub(lambda found: f"{_ESCAPE}{ord(found[0]):x}{_END}", term)
    return keyword(term)


def keyword(text: str) -> str:
    """Return a text as it stands in a keyword field: a very long one is cut, and has a digest."""
    if len(text) * 4 <= _LONGEST or len(data := text.encode("utf-8", "replace")) <= _LONGEST:
        return text
    digest = blake2b(data, digest_size=_DIGEST).hexdigest()
    return f"{data[:_LONGEST].decode(errors='ignore')}{_ESCAPE}{digest}"


def stacked(places: Iterable[tuple[int, str]]) -> str:
    """Return the text of a field whose terms are at these positions, which ascend from 0."""
    groups: dict[int, dict[str, None]] = {}
    for position, term in places:
        groups.setdefault(position, {})[indexed(term)] = None
    last = max(groups, default=-1)
    return " ".join(STACKED.join(groups.get(place, (GAP,))) for place in range(last + 1))
