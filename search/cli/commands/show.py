"""`chaja show`: print the passages at a place with their neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..help import example
from ..options import color_option, index_option, json_option, number_option
from ..paths import check_line, look_up, split_location
from ..session import opened, print_lines, view_of

if TYPE_CHECKING:
    from ...results import Hit


@click.command(
    epilog=example("chaja show notes/2019.md:12 -C 2"),
)
@click.argument("location", metavar="PATH[:LINE]")
@number_option(
    "-C", "--around", default=1, explanation="Print this many passages before and after them."
)
@index_option
@json_option
@color_option
def show(
    location: str, around: int, index_directory: Path | None, as_json: bool, color: str
) -> None:
    """Print the passages at PATH:LINE, as a search prints it, with their neighbours.

    Those at PATH:LINE are marked with >, and each passage has its first line number.
    """
    with opened(index_directory) as (searcher, paths):

        def passages(name: str, line: int | None) -> list[Hit]:
            hits = searcher.passages(name, line=line, around=around)
            check_line(name, line, hits, paths)
            return hits

        hits = look_up(location, paths, passages)
        if as_json:
            from ...output.json import hit_lines

            print_lines(hit_lines(hits))
        else:
            from ...output.text import passage_lines

            _, line = split_location(location)
            print_lines(passage_lines(hits, line, view_of(paths, color)))
