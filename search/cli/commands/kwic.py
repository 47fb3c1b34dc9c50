"""`chaja kwic`: print the places that match a query, one below the other, in their contexts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..failures import DONE, NOTHING_FOUND, nothing_found
from ..help import example
from ..index_option import index_option
from ..options import (
    QueryCommand,
    bridge_option,
    color_option,
    filter_options,
    number_option,
    query_of,
    strict_option,
    synonyms_option,
)
from ..result_options import format_of
from ..session import opened, print_lines, print_notes, view_of
from .complete import words_of_the_index

if TYPE_CHECKING:
    from ...concordance.lines import Concordance
    from ...index_location import IndexLocation
    from ...output.text import View

_WIDTH = 60  # characters of each side, unless a terminal decides
_SORTS = ("position", "left", "right", "score", "date")


@click.command(
    cls=QueryCommand,
    epilog=example(
        "chaja kwic --phrase 전략적 동반자 --sort right", "chaja kwic 반도체 --date 2024 -n 200"
    ),
)
@click.argument("query", nargs=-1, required=True, shell_complete=words_of_the_index)
@click.option("--phrase", is_flag=True, help="Take the words of QUERY for a phrase.")
@number_option(
    "--width", explanation="Columns (in JSON and tables, characters) of each side of a match."
)
@click.option(
    "--sort",
    type=click.Choice(_SORTS),
    default=_SORTS[0],
    show_default=True,
    help="By place, by the last word before or the first after, by score, or newest first.",
)
@number_option("-n", "--limit", default=50, least=1, explanation="Print at most this many lines.")
@number_option("--offset", default=0, explanation="Skip this many lines.")
@filter_options
@bridge_option
@strict_option
@synonyms_option
@index_option
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "csv", "tsv"]),
    default=None,
    help="text (the default), json, or a table: csv or tsv.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json: an object a line.")
@color_option
def kwic(
    query: tuple[str, ...],
    width: int | None,
    format_name: str | None,
    as_json: bool,
    filters: dict[str, Any],
    index_location: IndexLocation | None,
    synonyms: Path | None,
    color: str,
    **selection: Any,  # noqa: ANN401 - the values of the options above
) -> int:
    """Print the places that match QUERY, in document order, with the text around them.

    A line is an occurrence of a phrase, or else a word. All passages that match are read as far
    as needed, not only the best. Exit code 1 means that nothing was found.
    """
    from ...concordance.concordance import MOST_WIDTH  # imported late: no part of the help

    text, form = query_of(query), format_of(as_json, format_name)
    with opened(index_location, synonyms=synonyms) as (searcher, paths):
        view = view_of(paths, color)
        shown = min(view.width, MOST_WIDTH) if form == "text" else _WIDTH
        characters = shown if width is None else width
        found = searcher.concordance(text, width=characters, **selection, **filters)
        print_notes(found.notes[len(searcher.notes) :])
        print_lines(_lines(found, form, view, width))
    if not found:
        after = selection["offset"]
        sentence = f"no lines after the first {after:,} for {{}}" if after else ""
        click.echo(nothing_found(text, sentence), err=True)
        return NOTHING_FOUND
    if rest := _rest(found, selection["offset"]):
        print_notes([rest])
    return DONE


def _lines(found: Concordance, form: str, view: View, width: int | None) -> Iterable[str]:
    from ...output.concordance import concordance_lines, concordance_rows, line_object
    from ...output.delimited import delimited_lines
    from ...output.json import json_line

    if form == "json":
        return (json_line(line_object(line)) for line in found)
    if form in ("csv", "tsv"):
        return delimited_lines(concordance_rows(found), tabs=form == "tsv") if found else ()
    return concordance_lines(found, view, width=width)


def _rest(found: Concordance, offset: int) -> str:
    """Return what is said of the lines that are not shown, "" if there are none."""
    first, last = offset + 1, offset + len(found)
    if found.exact and len(found) == found.total:
        return ""
    total = f"{found.total:,}" if found.exact else f"more than {found.total:,}"
    return f"lines {first:,} to {last:,} of {total}, in {found.passages:,} passages (-n, --offset)"
