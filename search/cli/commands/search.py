"""`chaja search`: find the passages that best match a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..help import example
from ..hints import path_among_words
from ..options import QueryCommand, query_of, result_options, strict_option, synonyms_option
from ..result_options import ResultOptions
from ..session import print_hits, print_notes
from .complete import words_of_the_index

if TYPE_CHECKING:
    from ...results import Results
    from ...searcher import Searcher
    from ..paths import PathMapper


@click.command(
    cls=QueryCommand,
    epilog=example(
        "chaja search 한미 동맹 전략",
        "chaja search '전략 -북한' --lang ko -n 20",
        "chaja search -- +must -not",
    ),
)
@click.argument("query", nargs=-1, required=True, shell_complete=words_of_the_index)
@strict_option
@synonyms_option
@result_options
def search(query: tuple[str, ...], options: ResultOptions) -> int:
    """Print the passages that best match QUERY, best first.

    The words of QUERY are joined by spaces; a single - reads it from standard input. Before
    a QUERY that begins with a minus sign put -- so that it is not taken for an option.

    Exit code 0 means that something was found, 1 that nothing was, 2 that an error occurred.
    """
    text = query_of(query)

    def run(searcher: Searcher, paths: PathMapper) -> Results:
        print_notes(path_among_words(query, paths))
        return searcher.search(text, strict=options.strict, **options.selection)

    return print_hits(text, options, run)
