"""`chaja open`: open a document at its line or page, in an editor or a viewer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from ..failures import DONE, NOTHING_FOUND, UsageAdvice
from ..help import example
from ..index_option import index_option
from ..options import QueryCommand, as_typed, filter_options, number_option, query_of
from ..paths import check_line, look_up, split_location
from ..result_options import FILTERS, given_options
from ..session import opened, print_notes

if TYPE_CHECKING:
    from ...index_location import IndexLocation
    from ...results import Hit
    from ...searcher import Searcher
    from ..paths import PathMapper


@click.command(
    "open",
    cls=QueryCommand,
    epilog=example("chaja open notes/2019.md:12", "chaja open --hit 2 한미 동맹 전략"),
)
@click.argument("what", nargs=-1, required=True, metavar="PATH[:LINE] | QUERY...")
@number_option("--hit", least=1, explanation="Open hit N of a search for QUERY.")
@filter_options
@index_option
@click.pass_context
def open(  # noqa: A001 - the name of the command
    context: click.Context,
    what: tuple[str, ...],
    hit: int | None,
    filters: dict[str, Any],
    index_location: IndexLocation | None,
) -> int:
    """Open the document at PATH:LINE, as a search prints it, or hit N of a search.

    A text opens in the editor of $VISUAL or $EDITOR, at its line if the editor is a known one.
    A PDF opens at its page in evince, okular, zathura or another viewer, other documents in
    what the desktop has for them.
    """
    is_filtered = not given_options().isdisjoint(FILTERS.values())
    if hit is None and (len(what) > 1 or is_filtered):
        advice = "To open a hit of a search: chaja open --hit 1 QUERY"
        raise UsageAdvice("open takes one PATH:LINE", context, hint=advice)
    # Imported late: a help text needs none of it.
    from ..programs import place_of, program_for, run

    with opened(index_location) as (searcher, paths):
        if hit is None:
            found, line = _at(as_typed(what[0]), searcher, paths)
        else:
            results = searcher.search(query_of(what), limit=1, offset=hit - 1, **filters)
            print_notes(results.notes[len(searcher.notes) :])
            if not results:
                click.echo(f"chaja: the search has no hit {hit:,}", err=True)
                return NOTHING_FOUND
            found = results[0]
            line = found.line
        place = place_of(found, line, paths)
    run(program_for(place, os.environ))
    return DONE


def _at(location: str, searcher: Searcher, paths: PathMapper) -> tuple[Hit, int | None]:
    def passages(name: str, line: int | None) -> list[Hit]:
        hits = searcher.passages(name, line=line, around=0)
        check_line(name, line, hits, paths)
        return hits

    _, line = split_location(location)
    return look_up(location, paths, passages)[0], line
