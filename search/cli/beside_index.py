"""The defaults of searching that stand in `chaja.toml` beside an index."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.errors import IndexMissing
from index.directory.location import locate

FILE = "chaja.toml"


def take_defaults(directory: Path | None, context: click.Context) -> None:
    """Let the command of a context have them, after those of the user. Raises UsageAdvice."""
    try:
        path = locate(directory, start=Path.cwd()).parent / FILE
    except IndexMissing:  # the command says so
        return
    if not path.is_file():
        return
    from .configuration import ConfigurationFile

    file = ConfigurationFile.at(path)
    if file is not None:
        own = file.of_searching(context.command, str(context.info_name))
        context.default_map = own | dict(context.default_map or {})
