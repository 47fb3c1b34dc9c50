"""`chaja similar`: the passages that are most like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..options import ResultOptions, example, result_options
from ..paths import at_place, refuse_behind_end
from ..session import print_hits

if TYPE_CHECKING:
    from ...results import Results
    from ...searcher import Searcher
    from ..paths import Places


@click.command(
    short_help="Find passages similar to a given one.",
    epilog=example("chaja similar notes/2019.md:12"),
)
@click.argument("place", metavar="PATH[:LINE]")
@result_options
def similar(place: str, options: ResultOptions) -> int:
    """Find the passages most similar to the one at PATH:LINE, as a search prints it.

    It searches for the most characteristic words of that passage, in both languages.
    """

    def run(searcher: Searcher, places: Places) -> Results:
        def similar_to(name: str, line: int | None) -> Results:
            if line is not None:
                chosen = searcher.passages(name, line=line, around=0)
                refuse_behind_end(name, line, chosen, places)
            return searcher.similar(name, line=line, **options.selection)

        return at_place(place, places, similar_to)

    return print_hits(place, options, run)
