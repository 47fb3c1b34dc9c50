"""`chaja phrase`: the passages that hold some words next to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import QueryCommand, ResultOptions, example, query_of, result_options
from .results import print_hits

if TYPE_CHECKING:
    from ..hit import Hit
    from ..searcher import Searcher


@click.command(
    cls=QueryCommand,
    short_help="Find the passages that hold a phrase.",
    epilog=example("chaja phrase 한국의 외교 정책 --exact"),
)
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--exact", is_flag=True, help="Only where the very text stands, spaces and case apart."
)
@click.option(
    "--slop",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Allow this many other words in between.",
)
@result_options
def phrase(words: tuple[str, ...], exact: bool, slop: int, results: ResultOptions) -> int:
    """Find the passages that hold WORDS next to each other, in this order.

    Endings don't matter: 한국의 외교 finds 한국 외교 too, unless --exact is given. A single -
    reads WORDS from standard input.
    """
    text = query_of(words)

    def ask(searcher: Searcher, per_document: int | None) -> list[Hit]:
        return searcher.phrase(
            text,
            exact=exact,
            slop=slop,
            limit=results.limit,
            offset=results.offset,
            language=results.language,
            per_document=per_document,
        )

    return print_hits(text, results, ask)
