"""`chaja similar`: the passages that are most like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..options import ResultOptions, example, result_options
from ..paths import at_place, refuse_behind_end
from ..session import print_hits

if TYPE_CHECKING:
    from ...results import Hit
    from ...searcher import Searcher
    from ..paths import Places


@click.command(
    short_help="Find passages similar to a given one.",
    epilog=example("chaja similar notes/2019.md:12"),
)
@click.argument("place", metavar="PATH[:LINE]")
@result_options
def similar(place: str, results: ResultOptions) -> int:
    """Find the passages most similar to the one at PATH:LINE, as a search prints it.

    It searches for the most characteristic words of that passage, in both languages.
    """

    def ask(searcher: Searcher, places: Places, per_document: int | None) -> list[Hit]:
        def like(name: str, line: int | None) -> list[Hit]:
            if line is not None:
                chosen = searcher.passages(name, line=line, around=0)
                refuse_behind_end(name, line, chosen, places)
            return searcher.similar(
                name,
                line=line,
                limit=results.limit,
                offset=results.offset,
                language=results.language,
                per_document=per_document,
                bridge=results.bridge,
            )

        return at_place(place, places, like)

    return print_hits(place, results, ask)
