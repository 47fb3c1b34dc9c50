"""`chaja show`: a passage in full, with its neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import color_option, example, index_option, json_option
from ..paths import at_place, refuse_behind_end
from ..session import opened, print_lines, view_of

if TYPE_CHECKING:
    from ...results import Hit


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
    help="Print this many passages before and after it.",
)
@index_option
@json_option
@color_option
def show(place: str, around: int, index_directory: Path | None, as_json: bool, color: str) -> None:
    """Print the passage at PATH:LINE, as a search prints it, with its neighbours.

    The requested passage is marked with >, and each passage has its first line number.
    """
    # Imported late, as all that `chaja --help` can do without.
    from ..paths import split_place

    _, line = split_place(place)
    with opened(index_directory) as (searcher, places):

        def ask(name: str, line: int | None) -> list[Hit]:
            found = searcher.passages(name, line=line, around=around)
            refuse_behind_end(name, line, found, places)
            return found

        hits = at_place(place, places, ask)
        if as_json:
            from ...output.json import hit_lines

            print_lines(hit_lines(hits))
        else:
            from ...output.text import passage_lines

            print_lines(passage_lines(hits, line, view_of(places, color)))
