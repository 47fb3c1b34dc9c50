"""`chaja show`: print the passages at a place with their neighbours."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ..help import example
from ..hints import outdated_files
from ..index_option import index_option
from ..options import MOST, color_option, json_option, number_option
from ..paths import check_line, look_up, split_location
from ..session import index_at, opened, print_lines, print_notes, view_of

if TYPE_CHECKING:
    from ...index_location import IndexLocation
    from ...results import Hit
    from ...searcher import Searcher


@click.command(
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
    location: str,
    around: int | None,
    index_location: IndexLocation | None,
    as_json: bool,
    color: str,
) -> None:
    """Print the passages at PATH:LINE, as a search prints it, with their neighbours.

    Those at PATH:LINE are marked with >, and each passage has its first line number. Without a
    line the whole document is printed, of a file with several, such as rows, the first one.
    """
    with opened(index_location) as (searcher, paths):

        def passages(name: str, line: int | None) -> list[Hit]:
            if line is None and around is None:
                return _whole(searcher, name)
            hits = searcher.passages(name, line=line, around=1 if around is None else around)
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
        print_notes(outdated_files(hits, searcher, index_at(index_location), paths))


def _whole(searcher: Searcher, name: str) -> list[Hit]:
    """Return the first document of a file, with a note if the file has more of them."""
    [*_, last] = searcher.passages(name, line=MOST, around=0)
    hits = searcher.passages(name, around=MOST)
    if last.document != hits[-1].document:
        print_notes(["this is the first document of the file; chaja show PATH:LINE prints others"])
    return hits
