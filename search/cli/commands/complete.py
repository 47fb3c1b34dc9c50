"""`chaja complete`: words of the index that complete a prefix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...output.terminal import printable
from ..failures import DONE, NOTHING_FOUND
from ..help import example
from ..index_option import index_option
from ..options import json_option, number_option
from ..session import index_at, open_searcher, opened, print_lines, print_notes

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ...index_location import IndexLocation


@click.command(
    epilog=example("chaja complete 동반ㅈ", "chaja complete ㅈㄹㅈ"),
)
@click.argument("prefix")
@number_option("-n", "--limit", default=10, least=1, explanation="Print at most this many words.")
@index_option
@json_option
def complete(prefix: str, limit: int, index_location: IndexLocation | None, as_json: bool) -> int:
    """Print the words of the index that complete PREFIX, the most frequent first.

    A syllable may be incomplete (동반ㅈ), and consonants alone are initials (ㅈㄹㅈ is
    전략적).
    """
    location = index_at(index_location)
    if isinstance(location, Path):
        from ...embedded.completions import completions

        found = completions(location, prefix, limit=limit, tell=lambda note: print_notes([note]))
    else:
        with opened(location) as (searcher, _):
            found = searcher.complete(prefix, limit=limit)
    if as_json:
        from ...output.json import completion_object, json_line

        print_lines(json_line(completion_object(word)) for word in found)
    else:
        print_lines(printable(word.term) for word in found)
    return DONE if found else NOTHING_FOUND


def words_of_the_index(
    context: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete a word of a query for the shell; without an index, there are no completions."""
    from click.shell_completion import CompletionItem

    from corpus.errors import ChajaError

    try:
        location = index_at(context.params.get("index_location"))
        return [CompletionItem(printable(word)) for word in _words(context, location, incomplete)]
    except (ChajaError, OSError):
        return []


def _words(context: click.Context, location: IndexLocation, prefix: str) -> list[str]:
    """Return the words that complete a prefix; the shell's contexts are not the current ones."""
    if isinstance(location, Path):
        from ...embedded.completions import completions

        return [word.term for word in completions(location, prefix)]
    from ..cluster import cluster_access

    with open_searcher(location, cluster_access(context)) as searcher:
        return [word.term for word in searcher.complete(prefix)]
