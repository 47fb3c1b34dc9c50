"""Hits printed in the format asked for, and what is said when there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from ..printable import printable
from .options import ResultOptions
from .session import opened, print_lines, view_of

if TYPE_CHECKING:
    from ..hit import Hit
    from ..places import Places
    from ..searcher import Searcher

    Ask = Callable[[Searcher, Places, int | None], list[Hit]]

FOUND = 0
NOTHING_FOUND = 1
# What is repeated of a query that found nothing.
_SHOWN = 200


def print_hits(query: str, results: ResultOptions, ask: Ask) -> int:
    """Ask the index and print the hits; return the exit code.

    `ask` gets the searcher, the places of its paths, and how many hits of one document are wanted.
    """
    per_document = results.per_document
    if results.format == "trec" and per_document is None:
        per_document = 1  # a run names each document once
    with opened(results.index_directory) as (searcher, places):
        hits = ask(searcher, places, per_document)
        print_lines(_lines(hits, results, places))
    if hits:
        return FOUND
    click.echo("\n".join(_nothing(query, results)), err=True)
    return NOTHING_FOUND


def print_notes(notes: Iterable[str]) -> None:
    """Tell on standard error what the writer of a query should know of how it was read."""
    for note in notes:
        click.echo(f"note: {printable(note)}", err=True)


def _lines(hits: Sequence[Hit], results: ResultOptions, places: Places) -> Iterable[str]:
    # Imported late: each format needs modules of its own, and `chaja --help` none of them.
    if results.format == "json":
        from ..json_format import hit_lines as json_lines

        return json_lines(hits)
    if results.format == "trec":
        from ..trec import run_lines

        return run_lines(hits, results.query_id)
    from ..render import hit_lines

    return hit_lines(hits, view_of(places, results.color))


def _nothing(query: str, results: ResultOptions) -> Iterable[str]:
    asked = printable(query if len(query) <= _SHOWN else query[:_SHOWN] + "…")
    if results.offset:
        yield f"chaja: no hits after the first {results.offset:,} for {asked}"
        return
    yield f"chaja: nothing found for {asked}"
    if results.language:
        yield f"  only documents in {results.language} were searched; try without --lang"
    else:
        yield "  chaja explain QUERY shows how the query was parsed"
