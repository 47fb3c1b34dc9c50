"""Results as JSON objects; docs/json.md promises their keys, which only ever grow in a format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..results import Bridged, Hit, ReadAs

if TYPE_CHECKING:
    from index.bridge.entry import Entry

    from ..completion import Completion
    from ..evaluation import Evaluation
    from ..inspection import Explanation, IndexInfo

FORMAT = 1


def json_line(value: Mapping[str, object]) -> str:
    """Return an object on one line, its letters unescaped, the number of the format first."""
    return json.dumps({"format": FORMAT, **value}, ensure_ascii=False, allow_nan=False)


def hit_object(hit: Hit) -> dict[str, object]:
    """Return a hit; `start` and `end` count characters of the document, matches of `text`."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "document": hit.document,
        "path": hit.path,
        "line": hit.line,
        "title": hit.title,
        "language": hit.language,
        "date": hit.date,
        "heading": hit.heading,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text,
        "matches": [[match.start, match.end, match.word, match.term] for match in hit.matches],
        "why": {word: list(terms) for word, terms in hit.why.items()},
        "bridged": [_bridged_object(bridged) for bridged in hit.bridged],
        "read_as": [_read_as_object(read_as) for read_as in hit.read_as],
        "metadata": dict(hit.metadata),
    }


def _bridged_object(bridged: Bridged) -> dict[str, object]:
    return {
        "asked": bridged.asked,
        "other": bridged.other,
        "source": bridged.source,
        "weight": bridged.weight,
    }


def _read_as_object(read_as: ReadAs) -> dict[str, object]:
    return {
        "typed": read_as.typed,
        "understood": read_as.understood,
        "how": read_as.how,
        "kept": read_as.kept,
    }


def entry_object(entry: Entry) -> dict[str, object]:
    """Return an entry of the glossary; a weight of 0 is one that was struck out."""
    return {
        "korean": entry.korean,
        "english": entry.english,
        "weight": entry.weight,
        "source": entry.source,
    }


def completion_object(completion: Completion) -> dict[str, object]:
    """Return a word that a half-typed one may become, and how many passages hold it."""
    return {"term": completion.term, "passages": completion.passages}


def explanation_object(explanation: Explanation) -> dict[str, object]:
    """Return how a query was read and how its first hits came by their scores."""
    return {
        "query": explanation.query,
        "reading": explanation.reading,
        "words": [
            {
                "word": word.word,
                "terms": list(word.terms),
                "source": word.source,
                "field": word.field,
                "documents": word.documents,
            }
            for word in explanation.words
        ],
        "hits": [
            {"hit": hit_object(score.hit), "parts": dict(score.parts)} for score in explanation.hits
        ],
        "bridged": [_bridged_object(bridged) for bridged in explanation.bridged],
        "read_as": [_read_as_object(read_as) for read_as in explanation.read_as],
        "notes": list(explanation.notes),
    }


def info_object(info: IndexInfo) -> dict[str, object]:
    """Return the facts of an index; its own format number is `index_format`."""
    return {
        "directory": info.directory,
        "index_format": info.format,
        "files": info.files,
        "documents": info.documents,
        "passages": info.passages,
        "terms": info.terms,
        "words": info.words,
        "bytes": info.bytes,
        "languages": dict(info.languages),
        "bridge": dict(info.bridge),
        "analyser": info.analyzer,
        "built": info.built,
        "sources": list(info.sources),
    }


def evaluation_object(evaluation: Evaluation) -> dict[str, object]:
    """Return the measures by the names that the literature gives them."""
    return {
        "measures": dict(evaluation.measures),
        "queries": evaluation.queries,
        "without_hits": evaluation.without_hits,
    }


def hit_lines(hits: Iterable[Hit]) -> Iterable[str]:
    """Return one line of JSON for each hit, in order."""
    return (json_line(hit_object(hit)) for hit in hits)
