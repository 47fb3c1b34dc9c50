"""`chaja phrase`: the passages that hold some words next to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..options import QueryCommand, ResultOptions, example, query_of, result_options
from ..session import print_hits, print_notes
from .complete import words_of_the_index

if TYPE_CHECKING:
    from ...results import Hit
    from ...searcher import Searcher
    from ..paths import Places


@click.command(
    cls=QueryCommand,
    short_help="Find the passages that contain a phrase.",
    epilog=example("chaja phrase 한국의 외교 정책 --exact"),
)
@click.argument("words", nargs=-1, required=True, shell_complete=words_of_the_index)
@click.option("--exact", is_flag=True, help="Match the exact text, ignoring only spaces and case.")
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
    """Find the passages that contain WORDS next to each other, in this order.

    Endings are ignored unless --exact is given: 한국의 외교 also finds 한국 외교. A single -
    reads WORDS from standard input.
    """
    text = query_of(words)

    def ask(searcher: Searcher, _: Places, per_document: int | None) -> list[Hit]:
        if not exact:
            notes = searcher.notes(text, phrase=True, bridge=results.bridge, strict=results.strict)
            print_notes(notes)
        return searcher.phrase(
            text,
            exact=exact,
            slop=slop,
            limit=results.limit,
            offset=results.offset,
            language=results.language,
            per_document=per_document,
            bridge=results.bridge,
            strict=results.strict,
        )

    return print_hits(text, results, ask)
