"""The answers of the API: parameters in, an object or a file out.

Each runs in a worker thread, with the searcher of one commit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from posixpath import basename

from corpus.errors import CorpusError
from corpus.names import readable
from corpus.text_file import open_regular
from index.value import NamedTuple

from ..concordance import concordance
from ..output.bibtex import bibtex_lines
from ..output.concordance import line_object
from ..output.csv import csv_lines
from ..output.json import json_line, results_line
from ..output.markdown import markdown_lines
from ..output.text import View
from ..results import Hit, Match, Results
from ..searcher import Searcher
from .open_index import OpenIndex
from .parameters import (
    MODES,
    MOST_LIMIT,
    PHRASE,
    Parameters,
    SelectedQuery,
    filtered_query,
    given_filters,
    selected_query,
)
from .refusals import MISSING, Refused

_MOST_AROUND = 50
_MOST_WIDTH = 500
_PAGE = 50
_MOST_PAGE = 200
_ALL = "all"
_MOST_EXPORTED = 10_000
_BYTE_ORDER_MARK = "\ufeff"
_CHUNK = 1 << 16  # bytes


class Asked(NamedTuple):
    """What an answer is made of: a request's parameters, and the index at one commit.

    `key` is that with which the page writes.
    """

    parameters: Parameters
    searcher: Searcher
    open_index: OpenIndex
    generation: int
    key: str


class Answer(NamedTuple):
    """A body with its type; `name` makes it an attachment."""

    body: bytes | Iterator[bytes]
    media_type: str = "application/json"
    name: str = ""


Route = Callable[[Asked], Answer]


def json_answer(value: Mapping[str, object]) -> Answer:
    """Return an object as JSON."""
    return Answer(json_line(value).encode())


def search(asked: Asked) -> Answer:
    """Answer a search, or one for a phrase."""
    query = selected_query(asked.parameters)
    asked.parameters.end()
    return Answer(results_line(query.query, found(asked, query)).encode())


def found(asked: Asked, query: SelectedQuery) -> Results:
    """Return the results of a query as it was asked, by words or as a phrase."""
    ask = asked.searcher.phrase if query.phrase else asked.searcher.search
    return ask(query.query, **query.arguments)


def kwic(asked: Asked) -> Answer:
    """Answer lines of a concordance: each place that matches, with its left and right."""
    width = asked.parameters.number("width", 60, most=_MOST_WIDTH)
    order = asked.parameters.choice("by", concordance.SORTS)
    query = filtered_query(asked.parameters, default=MOST_LIMIT)
    asked.parameters.end()
    lines = asked.searcher.concordance(
        query.query, phrase=query.phrase, width=width, sort=order, **query.arguments
    )
    return json_answer(
        {
            "lines": [line_object(line) for line in lines],
            "total": lines.total,
            "exact": lines.exact,
            "passages": lines.passages,
            "notes": lines.notes,
        }
    )


def trend(asked: Asked) -> Answer:
    """Answer how many passages and documents a query matches in each year or month."""
    query = asked.parameters.text("q", needed=True)
    by = asked.parameters.choice("by", ("year", "month"))
    filters = given_filters(asked.parameters)
    asked.parameters.end()
    found = asked.searcher.trend([query], by=by, **filters)
    (course,) = found.courses
    counts = {count.period: count for count in course.counts}
    undated = counts.pop("", None)
    return json_answer(
        {
            "counts": [count._asdict() for count in counts.values()],
            "undated": undated.passages if undated else 0,
            "notes": found.notes,
        }
    )


def export(asked: Asked) -> Answer:
    """Answer the whole result that a selection leaves, as a file in one of some formats."""
    form = asked.parameters.choice("format", tuple(_EXPORTS))
    query = selected_query(asked.parameters, default=_MOST_EXPORTED, most=_MOST_EXPORTED)
    asked.parameters.end()
    media_type, lines = _EXPORTS[form]
    text = "\n".join([*lines(query.query, found(asked, query)), ""])
    return Answer(text.encode(), media_type, f"chaja.{form if form != 'bibtex' else 'bib'}")


def _csv_lines(_: str, results: Results) -> Iterator[str]:
    header, *rows = csv_lines(results)
    yield _BYTE_ORDER_MARK + header  # without it Excel takes Korean for CP949
    yield from rows


_EXPORTS: Mapping[str, tuple[str, Callable[[str, Results], Iterable[str]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv_lines),
    "bibtex": ("application/x-bibtex; charset=utf-8", lambda _, results: bibtex_lines(results)),
    "md": ("text/markdown; charset=utf-8", lambda _, results: markdown_lines(results, View())),
    "json": ("application/json", lambda query, results: [results_line(query, results)]),
}


def similar(asked: Asked) -> Answer:
    """Answer which passages are similar to one."""
    given = asked.parameters
    identity, path = given.text("id", needed=True), given.text("path")
    ordinal, limit = given.number("ordinal"), given.number("limit", 10, least=1, most=MOST_LIMIT)
    given.end()
    results = asked.searcher.similar(path, document=identity, ordinal=ordinal, limit=limit)
    return Answer(results_line(identity, results).encode())


def document(asked: Asked) -> Answer:
    """Answer passages of a document: those around one, or a page of all."""
    given = asked.parameters
    identity, path = given.text("id", needed=True), given.text("path")
    ordinal = given.number("ordinal")
    query, phrase = given.text("q"), given.choice("mode", MODES) == PHRASE
    if given.says("around", _ALL):
        first = given.number("from")
        most = given.number("limit", _PAGE, least=1, most=_MOST_PAGE)
    else:
        around = given.number("around", 2, most=_MOST_AROUND)
        first = max(0, ordinal - around)
        most = ordinal + around + 1 - first
    given.end()
    shown = asked.searcher.document(
        identity, path=path, first=first, most=most, query=query, phrase=phrase
    )
    if not shown.passages:
        raise Refused(
            MISSING, "the document has no such passage", f"It has {shown.total:,}, numbered from 0."
        )
    found = _document_object(shown.passages, shown.total)
    return json_answer({**found, "has_file": _file(asked, shown.passages[0]) is not None})


def complete(asked: Asked) -> Answer:
    """Answer the words of the index that a half-typed one may become."""
    prefix = asked.parameters.text("q")
    asked.parameters.end()
    return json_answer({"completions": [each.term for each in asked.searcher.complete(prefix)]})


def info(asked: Asked) -> Answer:
    """Answer what the index is about, at which commit."""
    asked.parameters.end()
    facts = asked.searcher.coverage()
    return json_answer(
        {
            "name": readable(asked.open_index.name),
            "passages": facts.passages,
            "documents": facts.documents,
            "languages": facts.languages,
            "filetypes": facts.filetypes,
            "years": facts.years,
            "commit": asked.generation,
            "notes": asked.searcher.notes,
            "key": asked.key,
        }
    )


def original(asked: Asked) -> Answer:
    """Answer the file of a document, which is one that a build read and no other."""
    given = asked.parameters
    identity, path = given.text("id", needed=True), given.text("path")
    given.end()
    (hit,) = asked.searcher.document(identity, path=path, most=1).passages
    file = _file(asked, hit)
    if file is None:  # its id is a name that a program gave it, or the file is elsewhere
        raise Refused(MISSING, "this document is not from a file here", "Read it in the index.")
    return Answer(_content(file), "application/octet-stream", basename(readable(hit.path)))


def _file(asked: Asked, hit: Hit) -> Path | None:
    return asked.open_index.file(hit.path, asked.searcher)


def _content(file: Path) -> Iterator[bytes]:
    """Return the bytes of a file in chunks; it is opened at once."""
    chunks = _chunks(file)
    try:
        if os.path.realpath(file) == str(file):  # a build follows no links: one came later
            return chain([next(chunks)], chunks)
    except (OSError, CorpusError):
        pass  # the same: it is not the file that was indexed
    raise Refused(MISSING, "the file cannot be read any more", "Build the index again.")


def _chunks(file: Path) -> Iterator[bytes]:
    with open_regular(file) as opened:
        while True:
            chunk = opened.read(_CHUNK)
            yield chunk
            if not chunk:
                return


def _document_object(passages: tuple[Hit, ...], total: int) -> dict[str, object]:
    first = passages[0]
    names = ("document", "title", "path", "date", "modified", "language", "unit")
    return {
        **{name: getattr(first, name) for name in names},
        "metadata": dict(first.metadata),
        "passages": [_passage_object(passage) for passage in passages],
        "total_passages": total,
    }


def _passage_object(passage: Hit) -> dict[str, object]:
    return {
        "ordinal": passage.ordinal,
        "text": passage.text,
        "line": passage.line,
        "label": passage.label,
        "heading": passage.heading,
        "matches": [_match_object(match) for match in passage.matches],
    }


def _match_object(match: Match) -> dict[str, object]:
    names = ("start", "end", "word", "term", "crossed")
    return {name: getattr(match, name) for name in names}
