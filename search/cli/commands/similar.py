"""`chaja similar`: find the passages most similar to a given one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..help import example
from ..options import result_options
from ..paths import check_line, look_up
from ..result_options import ResultOptions
from ..session import print_hits

if TYPE_CHECKING:
    from ...results import Results
    from ...searcher import Searcher
    from ..paths import PathMapper


@click.command(
    epilog=example("chaja similar notes/2019.md:12"),
)
@click.argument("location", metavar="PATH[:LINE]")
@result_options
def similar(location: str, options: ResultOptions) -> int:
    """Find the passages most similar to those at PATH:LINE, as a search prints it.

    It searches for the most characteristic words of these passages, in both languages.
    """

    def run(searcher: Searcher, paths: PathMapper) -> Results:
        def similar_to(name: str, line: int | None) -> Results:
            if line is not None:
                passage = searcher.passages(name, line=line, around=0)
                check_line(name, line, passage, paths)
            return searcher.similar(name, line=line, **options.selection)

        return look_up(location, paths, similar_to)

    return print_hits(location, options, run)
