"""`chaja show`: print the passages at a place with their neighbours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..hints import first_of_several, outdated_files
from ..options import MOST, color_option, example, index_option, json_option, number_option
from ..paths import check_line, look_up, split_location
from ..session import index_at, opened, print_lines, print_notes, view_of

if TYPE_CHECKING:
    from ...results import Hit


@click.command(
    short_help="Print a passage with its neighbours.",
    epilog=example("chaja show notes/2019.md:12 -C 2"),
)
@click.argument("location", metavar="PATH[:LINE]")
@number_option(
    "-C",
    "--around",
    explanation="Print this many passages before and after them: 1 by default, all for a PATH.",
)
@index_option
@json_option
@color_option
def show(
    location: str, around: int | None, index_directory: Path | None, as_json: bool, color: str
) -> None:
    """Print the passages at PATH:LINE, as a search prints it, with their neighbours.

    Those at PATH:LINE are marked with >, and each passage has its first line number. Without a
    line, all of the document is printed, and of a file of rows the first one.
    """
    with opened(index_directory) as (searcher, paths):

        def passages(name: str, line: int | None) -> list[Hit]:
            default = MOST if line is None else 1
            hits = searcher.passages(name, line=line, around=default if around is None else around)
            check_line(name, line, hits, paths)
            return hits

        hits = look_up(location, paths, passages)
        if as_json:
            from ...output.json import hit_lines

            print_lines(hit_lines(hits))
        else:
            from ...output.text import passage_lines

            _, line = split_location(location)
            # Only for a reader at a terminal: a program is to find a line as it is.
            wraps = sys.stdout.isatty()
            print_lines(passage_lines(hits, line, view_of(paths, color), wraps=wraps))
            print_notes(first_of_several(location, hits[0], paths))
        print_notes(outdated_files(hits, index_at(index_directory), paths))
