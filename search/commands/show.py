"""`chaja show`: a passage in full, with its neighbours."""

from __future__ import annotations

from pathlib import Path

import click

from .options import color_option, example, index_option, json_option
from .session import at_place, opened, print_lines, view_of


@click.command(
    short_help="Print a passage with its neighbours.",
    epilog=example("chaja show notes/2019.md:12 -C 2"),
)
@click.argument("place", metavar="PATH[:LINE]")
@click.option(
    "-C",
    "--around",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Print this many passages before it and after it.",
)
@index_option
@json_option
@color_option
def show(place: str, around: int, index_directory: Path | None, as_json: bool, color: str) -> None:
    """Print the passage at PATH:LINE, as a search names it, with the passages around it.

    The passage asked for is marked with >, and each passage has the line it starts on.
    """
    # Imported late, as all that `chaja --help` can do without.
    from ..places import split_place

    _, line = split_place(place)
    with opened(index_directory) as (searcher, places):
        hits = at_place(
            place, places, lambda path, line: searcher.passages(path, line=line, around=around)
        )
        if as_json:
            from ..json_format import hit_lines

            print_lines(hit_lines(hits))
        else:
            from ..render import passage_lines

            print_lines(passage_lines(hits, line, view_of(places, color)))
