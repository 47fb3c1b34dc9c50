"""`chaja explain`: show how a query is parsed and scored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..help import example
from ..hints import strike_command
from ..index_option import index_option
from ..options import (
    QueryCommand,
    bridge_option,
    color_option,
    json_option,
    number_option,
    query_of,
    strict_option,
    synonyms_option,
)
from ..session import index_at, opened, print_lines, print_notes, view_of
from .complete import words_of_the_index

if TYPE_CHECKING:
    from ...index_location import IndexLocation


@click.command(
    cls=QueryCommand,
    epilog=example("chaja explain 학교에서는 배우지 않는 것"),
)
@click.argument("query", nargs=-1, required=True, shell_complete=words_of_the_index)
@number_option("-n", "--limit", default=3, explanation="Explain the scores of this many hits.")
@bridge_option
@strict_option
@synonyms_option
@index_option
@json_option
@color_option
def explain(
    query: tuple[str, ...],
    limit: int,
    bridge: bool,
    strict: bool,
    synonyms: Path | None,
    index_location: IndexLocation | None,
    as_json: bool,
    color: str,
) -> None:
    """Show how QUERY is parsed: its words, their terms and how these were obtained.

    Also print the components of the scores of the first hits.
    """
    text = query_of(query)
    with opened(index_location, synonyms=synonyms) as (searcher, paths):
        explanation = searcher.explain(text, limit=limit, bridge=bridge, strict=strict)
        if as_json:
            from ...output.json import explanation_object, json_line

            print_lines([json_line(explanation_object(explanation))])
        else:
            from ...output.report import explanation_lines

            print_lines(explanation_lines(explanation, view_of(paths, color)))
            if explanation.bridged:
                asked, other, *_ = explanation.bridged[0]
                pair = (other, asked) if asked.isascii() else (asked, other)
                print_notes([strike_command(*pair, index_at(index_location))])
