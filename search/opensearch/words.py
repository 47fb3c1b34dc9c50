"""Questions to the index of words of a cluster, and their answers.

Each of its documents is a term: `term`, the `keys` that type it in lower case, its `script`, and
`count`, the sum of its frequencies in text, title and fields, deleted passages included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from index.analysis.hangul_keys import Script

from ..correction.vocabulary import PrefixPattern
from .escapes import expression_literal, wildcard_of

# What a search is for, and the search.
Search: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any]]

# Words of one answer, the most frequent ones. Few typed words are near so many.
MOST_WORDS = 5_000
# Prefixes of fewer keys are compared at one edit: at two, nearly every short word is similar.
_TWO_EDITS_KEYS = 4
# The shortest stems have three keys, of which one may be missing.
_SHORTEST_PREFIX = 2


class Client(Protocol):
    """What asks a cluster several searches in one request."""

    def multi_search(self, searches: Sequence[Search]) -> list[dict[str, Any]]:
        """Return the answers to searches, each a header and a body, in order."""


def similar_hangul(keys: str, *, edits: int) -> dict[str, Any]:
    """Return the search for words in Hangul at so many edits, at most 2, from keys."""
    return _search(_in_script(Script.HANGUL, [_fuzzy(keys, edits)]), most=MOST_WORDS)


def similar_stems(keys: str, *, longest_ending: int) -> dict[str, Any]:
    """Return the search for Latin terms at two edits from a beginning of keys."""
    shortest = max(_SHORTEST_PREFIX, len(keys) - 2 - longest_ending)
    prefixes = [keys[:length] for length in range(shortest, len(keys) + 1)]
    # The stem of a word in -y ends in -i, which would be an edit more.
    prefixes += [f"{prefix[:-1]}i" for prefix in prefixes if prefix.endswith("y")]
    near = [_fuzzy(prefix, 1 + (len(prefix) >= _TWO_EDITS_KEYS)) for prefix in prefixes]
    return _search(_in_script(Script.LATIN, near), most=MOST_WORDS)


def starting_with(pattern: PrefixPattern, *, most: int) -> dict[str, Any]:
    """Return the search for the most frequent words that match a pattern."""
    if not pattern.ranges:
        return _search({"prefix": {"term": {"value": pattern.head}}}, most=most)
    ranges = (f"[{first}-{last}]" for first, last in pattern.ranges)
    regexp = f"{expression_literal(pattern.head)}{''.join(ranges)}.*"
    return _search({"regexp": {"term": {"value": regexp, "flags": "NONE"}}}, most=most)


def matching(pattern: str, *, in_title: bool, most: int) -> dict[str, Any]:
    """Return the search for the words of texts and titles that match a pattern with * and ?.

    With `in_title`, for those of titles only.
    """
    fields = ("in_title",) if in_title else ("in_body", "in_title")
    own = {"bool": {"should": [{"term": {field: True}} for field in fields]}}
    matched = {"wildcard": {"term": {"value": wildcard_of(pattern)}}}
    return _search({"bool": {"filter": [matched, own]}}, most=most)


def found(answer: Mapping[str, Any]) -> dict[str, int]:
    """Return the words of an answer with their counts, the most frequent first."""
    return {term: count for count, term in (hit["sort"] for hit in answer["hits"]["hits"])}


def _search(query: Mapping[str, Any], *, most: int) -> dict[str, Any]:
    return {
        "query": {"constant_score": {"filter": query}},
        "size": most,
        # The values that hits are sorted by are all that is asked: nothing else is read of them.
        "sort": [{"count": "desc"}, {"term": "asc"}],
        "_source": False,
        "stored_fields": "_none_",
        "track_total_hits": False,
    }


def _in_script(script: int, any_of: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    near = {"bool": {"should": list(any_of)}}
    return {"bool": {"filter": [{"term": {"script": script}}, near]}}


def _fuzzy(keys: str, edits: int) -> dict[str, Any]:
    # So rewritten, the query takes all words, and not only the nearest fifty.
    asked = {"value": keys.lower(), "fuzziness": edits, "rewrite": "constant_score"}
    return {"fuzzy": {"keys": asked}}
