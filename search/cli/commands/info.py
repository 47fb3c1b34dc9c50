"""`chaja info`: print what the index contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..help import example
from ..index_option import index_option
from ..options import json_option
from ..session import opened, print_lines

if TYPE_CHECKING:
    from ...index_location import IndexLocation


@click.command(epilog=example("chaja info --json"))
@index_option
@json_option
def info(index_location: IndexLocation | None, as_json: bool) -> None:
    """Print what the index contains: files, documents, languages, size, and when it was built."""
    with opened(index_location) as (searcher, paths):
        facts = searcher.info()
    if as_json:
        from ...output.json import info_object, json_line

        print_lines([json_line(info_object(facts))])
    else:
        from ...output.report import info_lines

        print_lines(info_lines(facts, paths.full))
