"""`chaja phrase`: find the passages that contain a phrase."""

from __future__ import annotations

import click

from ..help import example
from ..options import (
    QueryCommand,
    number_option,
    query_of,
    result_options,
    strict_option,
    synonyms_option,
)
from ..result_options import ResultOptions
from ..session import print_hits
from .complete import words_of_the_index


@click.command(
    cls=QueryCommand,
    epilog=example("chaja phrase 한국의 외교 정책 --exact"),
)
@click.argument("words", nargs=-1, required=True, shell_complete=words_of_the_index)
@click.option("--exact", is_flag=True, help="Match the exact text, ignoring only spaces and case.")
@number_option("--slop", default=0, explanation="Allow this many other words in between.")
@strict_option
@synonyms_option
@result_options
def phrase(words: tuple[str, ...], exact: bool, slop: int, options: ResultOptions) -> int:
    """Find the passages that contain WORDS next to each other, in this order.

    Endings are ignored unless --exact is given: 한국의 외교 also finds 한국 외교. A single -
    reads WORDS from standard input.
    """
    text = query_of(words)

    return print_hits(
        text,
        options,
        lambda searcher, _: searcher.phrase(
            text, exact=exact, slop=slop, strict=options.strict, **options.selection
        ),
    )
