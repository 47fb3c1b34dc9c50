"""`chaja terms`: what tells a result from the rest, and how often words occur by period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..failures import DONE, NOTHING_FOUND, nothing_found
from ..help import example
from ..index_option import index_option
from ..options import (
    QueryCommand,
    bridge_option,
    color_option,
    filter_options,
    json_option,
    number_option,
    query_of,
    strict_option,
    synonyms_option,
)
from ..result_options import weaker_of
from ..session import opened, print_lines, print_notes, view_of
from .complete import words_of_the_index

if TYPE_CHECKING:
    from ...index_location import IndexLocation
    from ...output.text import View
    from ...searcher import Searcher

    # The notes, the object for JSON and the lines for a terminal, None if nothing was found.
    Found = tuple[Sequence[str], dict[str, object], Callable[[View], Iterable[str]] | None]

# The facets of a search.
_FACETS = ("year", "month", "folder", "language", "filetype", "modified_year", "modified_month")
_NO_WORD = "no word tells the passages of {} from the others"


@click.command(
    cls=QueryCommand,
    epilog=example(
        "chaja terms 반도체 수출",
        "chaja terms 반도체 --versus 배터리",
        "chaja terms --by year 반도체 배터리 '\"한미 동맹\"'",
    ),
)
@click.argument("query", nargs=-1, required=True, shell_complete=words_of_the_index)
@click.option("--versus", default=None, metavar="QUERY", help="Compare with the result of this.")
@click.option(
    "--by",
    type=click.Choice(_FACETS),
    default=None,
    help="Count the documents that each argument finds, by this.",
)
@number_option("-n", "--limit", default=20, least=1, explanation="Print at most this many words.")
@filter_options
@bridge_option
@strict_option
@synonyms_option
@index_option
@json_option
@color_option
def terms(
    query: tuple[str, ...],
    versus: str | None,
    by: str | None,
    limit: int,
    filters: dict[str, Any],
    index_location: IndexLocation | None,
    synonyms: Path | None,
    as_json: bool,
    color: str,
    **reading: bool,
) -> int:
    """Print the words that tell the result of QUERY from the rest of the index.

    Each with the share of passages that have it here and elsewhere, and how sure the difference
    is: G², the log-likelihood ratio. With --versus, the words that tell two results apart.

    With --by, each argument is a query of its own (put a phrase in quotes of its own), and a
    row and a bar are the documents that it finds in a year, folder, and so on, as the share of
    all documents there. Exit code 1 means that nothing was found.
    """
    by = _checked(by, versus)
    options = {**reading, **filters}
    queries = [query_of([each]) for each in query] if by else [query_of(query)]
    text = " ".join(queries)
    with opened(index_location, synonyms=synonyms) as (searcher, paths):
        if by:
            found = _trend(searcher, queries, by, options)
        else:
            found = _telling(searcher, text, versus or "", limit, options)
        print_notes(found[0][len(searcher.notes) :])
        return _print(found, text, view_of(paths, color), as_json=as_json)


def _print(found: Found, query: str, view: View, *, as_json: bool) -> int:
    """Print what was found, without its notes, and return the exit code."""
    _, value, lines = found
    if as_json:
        from ...output.json import json_line

        print_lines([json_line(value)])
    elif lines:
        print_lines(lines(view))
    if lines:
        return DONE
    click.echo(nothing_found(query, _NO_WORD if value.get("passages") else ""), err=True)
    return NOTHING_FOUND


def _checked(by: str | None, versus: str | None) -> str | None:
    """Return what to count by. Raises UsageError for options that contradict each other."""
    if versus is not None and not versus.strip():
        raise click.UsageError("the query of --versus is empty")
    refusal = "--by and --versus contradict each other"
    if by and versus and weaker_of("by", "versus", refusal) == "by":
        return None
    source = click.get_current_context().get_parameter_source("limit")
    if by and source is ParameterSource.COMMANDLINE:
        raise click.UsageError("--by prints every value, and --limit counts words: leave out one")
    return by


def _trend(searcher: Searcher, queries: Sequence[str], by: str, options: dict[str, Any]) -> Found:
    from ...output.keyness import trend_lines, trend_object

    trend = searcher.trend(queries, by=by, **options)
    is_found = any(count.documents for course in trend.courses for count in course.counts)
    lines = (lambda view: trend_lines(trend, view)) if is_found else None
    return trend.notes, trend_object(trend), lines


def _telling(
    searcher: Searcher, query: str, versus: str, limit: int, options: dict[str, Any]
) -> Found:
    from ...output.keyness import telling_lines, telling_object

    found = searcher.telling_words(query, versus=versus, limit=limit, **options)
    names = [query, versus] if versus else [query]
    is_found = found.words or found.other_words
    lines = (lambda view: telling_lines(found, view, names=names)) if is_found else None
    return found.notes, telling_object(found), lines
