"""The index of words that a cluster has of an index directory, and a client of it in memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from index.analysis.hangul_keys import Script, keys_of, script_of
from index.schema import Field
from index.snapshot import Snapshot
from search.embedded.vocabulary import EmbeddedVocabulary
from search.opensearch.vocabulary import OpenSearchVocabulary
from search.opensearch.words import Client, Search

KEYWORD = {"type": "keyword"}
NUMBER = {"type": "long"}
MAPPINGS = {"properties": {"term": KEYWORD, "keys": KEYWORD, "script": NUMBER, "count": NUMBER}}


def word_records(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the records of all terms of texts, titles and fields."""
    counts: Counter[str] = Counter()
    for each in (Field.BODY, Field.TITLE, Field.META):
        for own in snapshot.fields(each):
            for term, size in zip(own.terms, own.sizes.tolist(), strict=True):
                counts[term.decode()] += size
    return [_record(term, count) for term, count in counts.items()]


def _record(term: str, count: int) -> dict[str, Any]:
    script = script_of(term)
    keys = {} if script is Script.OTHER else {"keys": keys_of(term).lower()}
    return {"term": term, "script": int(script), "count": count, **keys}


@dataclass
class Requests:
    """The requests that a vocabulary made, each with the number of its parts."""

    made: list[int] = field(default_factory=list)


class Counting:
    """A client that counts the requests made of another."""

    def __init__(self, client: Client, requests: Requests) -> None:
        self._client, self._requests = client, requests

    def multi_search(self, searches: Sequence[Search]) -> list[dict[str, Any]]:
        self._requests.made.append(len(searches))
        return self._client.multi_search(searches)


def on_cluster(
    own: EmbeddedVocabulary, client: Client, *, index: str = "words"
) -> tuple[OpenSearchVocabulary, Requests]:
    """Return the vocabulary of an index of words, with the frequencies and texts of another."""
    requests = Requests()

    def frequency(terms: Sequence[str]) -> Mapping[str, int]:
        requests.made.append(len(terms))
        return {term: count for term in terms if (count := own.term_frequency(term))}

    def texts(terms: Sequence[str], most: int) -> Iterable[Sequence[str]]:
        requests.made.append(len(terms))
        return own.texts_with(terms, most=most)

    vocabulary = OpenSearchVocabulary(
        Counting(client, requests),
        index,
        frequency=frequency,
        texts=texts,
        size=own.size,
        lexicon=own.lexicon,
    )
    return vocabulary, requests


class WordsInMemory:
    """A client that answers the searches of a vocabulary from records, one by one."""

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        self._records = sorted(records, key=lambda each: (-each["count"], each["term"]))

    def multi_search(self, searches: Sequence[Search]) -> list[dict[str, Any]]:
        return [self._answer(body) for _, body in searches]

    def _answer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        found = [each for each in self._records if matches(body["query"], each)][: body["size"]]
        return {"hits": {"hits": [{"sort": [each["count"], each["term"]]} for each in found]}}


def matches(query: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    match query:
        case {"constant_score": {"filter": inner}}:
            return matches(inner, record)
        case {"bool": {"filter": required}}:
            return all(matches(each, record) for each in required)
        case {"bool": {"should": options}}:
            return any(matches(each, record) for each in options)
        case {"term": {"script": script}}:
            return bool(record["script"] == script)
        case {"fuzzy": {"keys": {"value": value, "fuzziness": most}}}:
            return "keys" in record and edits_between(value, record["keys"]) <= most
        case {"prefix": {"term": {"value": head}}}:
            return bool(record["term"].startswith(head))
        case {"regexp": {"term": {"value": regexp}}}:
            return bool(re.fullmatch(regexp, record["term"], re.S))
    raise AssertionError(query)


@cache
def edits_between(one: str, other: str) -> int:
    """Return the edit distance with swaps, each edit counting 1."""
    if not one or not other:
        return len(one) + len(other)
    distances = [
        edits_between(one[1:], other) + 1,
        edits_between(one, other[1:]) + 1,
        edits_between(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if one[:2] == other[1::-1] and len(one) > 1 < len(other):
        distances.append(edits_between(one[2:], other[2:]) + 1)
    return min(distances)
