"""Settings and mappings of the indexes of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..value import NamedTuple
from .terms import GAP, STACKED

FORMAT = 1
# The indexes that are split into shards.
KINDS_WITH_TERMS = ("passages", "documents")
_ANALYSIS: Mapping[str, Any] = {
    # The longest token that OpenSearch allows is a little longer than a million characters.
    "tokenizer": {"words": {"type": "whitespace", "max_token_length": 1_000_000}},
    "filter": {
        "stack": {
            "type": "pattern_capture",
            "preserve_original": False,
            "patterns": [f"([^{STACKED}]+)"],
        },
        "gap": {"type": "stop", "stopwords": [GAP]},
    },
    "analyzer": {
        "terms": {"tokenizer": "words", "filter": ["stack", "gap"]},
        "grams": {"tokenizer": "words"},
    },
}
_SIMILARITY: Mapping[str, Any] = {
    "passage": {"type": "BM25", "k1": 0.6, "b": 0.75, "discount_overlaps": False},
    "title": {"type": "BM25", "k1": 1.2, "b": 0.75, "discount_overlaps": False},
    "tf": {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}},
}
_POSITION_GAP = 100  # between the title and the passages of a document
_KEYWORD: Mapping[str, Any] = {"type": "keyword"}
_LONG: Mapping[str, Any] = {"type": "long"}
_INTEGER: Mapping[str, Any] = {"type": "integer"}
_STORED: Mapping[str, Any] = {"type": "object", "enabled": False}


class Copies(NamedTuple):
    """Into how many shards passages and documents are split, and how many replicas each has.

    With `replicas` None, one as soon as the cluster has a second node.
    """

    shards: int = 1
    replicas: int | None = None


def index_body(
    kind: str, copies: Copies, *, fingerprint: str = "", identity: str = ""
) -> dict[str, Any]:
    """Return what creates an index of a kind: one of KINDS, or `lock`."""
    settings: dict[str, Any] = {"refresh_interval": "-1"}
    if copies.replicas is None:
        settings["auto_expand_replicas"] = "0-1"
    else:
        settings["number_of_replicas"] = copies.replicas
    is_large = kind in KINDS_WITH_TERMS
    settings["number_of_shards"] = copies.shards if is_large else 1
    if is_large:
        settings |= {"analysis": _ANALYSIS, "similarity": _SIMILARITY}
    chaja = {"format": FORMAT, "analyzer": fingerprint, "identity": identity}
    mappings = {"dynamic": "strict", "_meta": {"chaja": chaja}, **_MAPPINGS[kind]}
    return {"settings": {"index": settings}, "mappings": mappings}


def _text(analyzer: str, similarity: str, options: str = "", **others: object) -> dict[str, Any]:
    """Return a field of terms, with positions unless `options` says otherwise."""
    field = {"type": "text", "analyzer": analyzer, "similarity": similarity, **others}
    return field | ({"index_options": options} if options else {})


def _frequencies(analyzer: str) -> dict[str, Any]:
    """Return a field whose score is the frequency of a term."""
    return _text(analyzer, "tf", "freqs", norms=False)


# What passages and documents have of their file.
_OF_FILE: Mapping[str, Any] = {
    **dict.fromkeys(
        ("field", "path", "path_normal", "id", "language", "filetype", "folder", "year", "month"),
        _KEYWORD,
    ),
    **dict.fromkeys(("first_day", "last_day"), _INTEGER),
    "modified": _LONG,
    **dict.fromkeys(("title_key", "text_key"), _LONG),
    "stored": _STORED,
}
_STORED_ONLY: Mapping[str, Any] = {
    "_routing": {"required": True},
    "_source": {"includes": ["stored"]},
}
_MAPPINGS: Mapping[str, Mapping[str, Any]] = {
    "passages": {
        **_STORED_ONLY,
        "properties": {
            "number": _LONG,
            "doc": _LONG,
            "ordinal": _INTEGER,
            "body": _text("terms", "passage", fields={"tf": _frequencies("terms")}),
            "gram": _text("grams", "passage", "freqs", fields={"tf": _frequencies("grams")}),
            # With positions only because documents have a field of this name with them.
            "title": _text("terms", "title"),
            "title_all": _text("terms", "tf", norms=False),
            "meta": _text("terms", "tf", "docs", norms=False),
            "meta_all": _text("terms", "tf", norms=False),
            "body_length": _INTEGER,
            "gram_length": _INTEGER,
            **_OF_FILE,
        },
    },
    "documents": {
        **_STORED_ONLY,
        "properties": {
            "number": _LONG,
            "passages": _INTEGER,
            "text": _text("terms", "tf", norms=False, position_increment_gap=_POSITION_GAP),
            "title": _text("terms", "tf", norms=False),
            "gram": _frequencies("grams"),
            "meta": _text("terms", "tf", "docs", norms=False),
            "title_length": _INTEGER,
            "length": _LONG,
            "gram_length": _LONG,
            "evidence": _KEYWORD,
            **_OF_FILE,
        },
    },
    "words": {
        "properties": {
            "term": _KEYWORD,
            "keys": _KEYWORD,
            "script": {"type": "byte"},
            "count": _LONG,
            # Whether a text has it, or a title, and not only fields.
            "in_body": {"type": "boolean"},
            "in_title": {"type": "boolean"},
            # The writer that counted last, and the count before it.
            "turn": _LONG,
            "before": {"type": "long", "index": False, "doc_values": False},
        },
    },
    "state": {
        "properties": {"commit": _STORED, "data": {"type": "binary"}},
    },
    "lock": {
        "properties": {
            "token": _KEYWORD,
            "holder": _STORED,
            "until": {"type": "long", "index": False},
            "turn": {"type": "long", "index": False},
            "wrote": {"type": "boolean", "index": False},
        },
    },
}
