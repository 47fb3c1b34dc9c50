"""`chaja info`: print what the index contains."""

from __future__ import annotations

from pathlib import Path

import click

from ..help import example
from ..options import index_option, json_option
from ..session import opened, print_lines


@click.command(epilog=example("chaja info --json"))
@index_option
@json_option
def info(index_directory: Path | None, as_json: bool) -> None:
    """Print what the index contains: files, documents, languages, size, and when it was built."""
    with opened(index_directory) as (searcher, paths):
        facts = searcher.info()
    if as_json:
        from ...output.json import info_object, json_line

        print_lines([json_line(info_object(facts))])
    else:
        from ...output.report import info_lines

        print_lines(info_lines(facts, paths.full))
