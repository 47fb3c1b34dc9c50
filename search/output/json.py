"""Formats results as JSON; docs/json.md lists the keys, and a format only ever adds some."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .terminal import replace_harmful

if TYPE_CHECKING:
    from index.bridge.entry import Entry

    from ..completion import Completion
    from ..evaluation import Evaluation
    from ..inspection import Explanation, IndexInfo
    from ..results import Bridged, Hit, Results

FORMAT = 1
# That of the results of a search, which format 1 has as a line for each hit.
RESULTS_FORMAT = 2


def json_line(value: Mapping[str, object], *, version: int = FORMAT) -> str:
    """Return an object on one line, with the number of the format first."""
    return harmless_json({"format": version, **value})


def harmless_json(value: Mapping[str, object]) -> str:
    """Return an object on one line.

    What `printable` replaces is escaped: the strings are exact, and the line harms no terminal.
    """
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return replace_harmful(line, lambda character: json.dumps(character)[1:-1])


def hit_lines(hits: Iterable[Hit]) -> Iterable[str]:
    """Return one line for each hit, in order."""
    return (json_line(hit_object(hit)) for hit in hits)


def results_line(query: str, results: Results) -> str:
    """Return all results of a query on one line."""
    return json_line(results_object(query, results), version=RESULTS_FORMAT)


def results_object(query: str, results: Results) -> dict[str, object]:
    """Return the results of a query: what was found, how it was read, and the hits."""
    return {
        "query": query,
        "total": results.total._asdict(),
        "facets": {
            name: [each._asdict() for each in counts] for name, counts in results.facets.items()
        },
        "notes": list(results.notes),
        "words": [
            {
                **attributes(word, "typed", "understood"),
                "terms": list(word.terms),
                "translations": _bridged(word.translations),
            }
            for word in results.words
        ],
        "read_as": [attributes(each, "typed", "understood", "how") for each in results.read_as],
        "missing": list(results.missing),
        "partial": list(results.partial),
        "took": round(results.took, 6),
        "hits": [_found_object(hit) for hit in results],
    }


def _found_object(hit: Hit) -> dict[str, object]:
    """Return a hit as in format 1 with its matches in full, without what all hits share."""
    names = ("start", "end", "word", "term", "crossed", "occurrence")
    found = {name: value for name, value in hit_object(hit).items() if name != "read_as"}
    matches = [attributes(match, *names) for match in hit.matches]
    return {**found, "ordinal": hit.ordinal, "matches": matches, "modified": hit.modified}


def hit_object(hit: Hit) -> dict[str, object]:
    """Return a hit; `start` and `end` are characters of the document, matches those of `text`."""
    located = (
        "rank",
        "score",
        "document",
        "path",
        "line",
        "unit",
        "label",
        "ocr",
        "title",
        "language",
        "date",
        "heading",
    )
    return {
        **attributes(hit, *located, "start", "end", "text"),
        "matches": [[match.start, match.end, match.word, match.term] for match in hit.matches],
        "why": {word: list(terms) for word, terms in hit.why.items()},
        **_translations_and_corrections(hit),
        "partial": list(hit.partial),
        "copies": {"number": hit.copies.number, "paths": list(hit.copies.paths)},
        "metadata": dict(hit.metadata),
    }


def entry_object(entry: Entry) -> dict[str, object]:
    """Return an entry of the glossary; a weight of 0 marks one that was struck out."""
    return attributes(entry, "korean", "english", "weight", "source")


def completion_object(completion: Completion) -> dict[str, object]:
    """Return a completion and the number of passages that contain it."""
    return attributes(completion, "term", "passages")


def explanation_object(explanation: Explanation) -> dict[str, object]:
    """Return how a query was read and how its first hits were scored."""
    return {
        **attributes(explanation, "query", "reading"),
        "words": [
            attributes(word, "word", "terms", "source", "field", "documents")
            for word in explanation.words
        ],
        "hits": [
            {"hit": hit_object(score.hit), "parts": dict(score.parts)} for score in explanation.hits
        ],
        **_translations_and_corrections(explanation),
        "notes": explanation.notes,
    }


def info_object(info: IndexInfo) -> dict[str, object]:
    """Return the facts of an index; its own format number is `index_format`."""
    counts = (
        "files",
        "documents",
        "passages",
        "terms",
        "words",
        "bytes",
        "languages",
        "bridge",
        "fields",
    )
    return {
        "directory": info.directory,
        "index_format": info.format,
        **attributes(info, *counts),
        "analyser": info.analyzer,
        **attributes(info, "built", "sources"),
    }


def evaluation_object(evaluation: Evaluation) -> dict[str, object]:
    """Return the measures, by the names they have in the literature, and the query counts."""
    return attributes(evaluation, "measures", "queries", "without_hits")


def _translations_and_corrections(source: Hit | Explanation) -> dict[str, object]:
    return {
        "bridged": _bridged(source.bridged),
        "read_as": [
            # Never kept beside the correction any more: the key stays for readers of format 1.
            {**attributes(each, "typed", "understood", "how"), "kept": False}
            for each in source.read_as
        ],
    }


def _bridged(entries: Iterable[Bridged]) -> list[dict[str, object]]:
    return [attributes(each, "asked", "other", "source", "weight") for each in entries]


def attributes(value: object, *names: str) -> dict[str, object]:
    """Return an object with the attributes of these names, in their order."""
    return {name: getattr(value, name) for name in names}
