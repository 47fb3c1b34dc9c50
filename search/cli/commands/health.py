"""`chaja health`: list what could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..help import example
from ..index_option import index_option
from ..options import json_option
from ..session import index_at, paths_of, print_lines, view_of

if TYPE_CHECKING:
    from index.health import Health

    from ...index_location import IndexLocation


@click.command(
    epilog=example("chaja health", "chaja health --json"),
)
@index_option
@json_option
def health(index_location: IndexLocation | None, as_json: bool) -> None:
    """Print how many files of each format were read, and list the others.

    Each has the reason, and each kind of reason the next step. They are as the last build found
    them.
    """
    from ...output.health import health_lines, health_object

    location = index_at(index_location)
    found = _health(location)
    if as_json:
        from ...output.json import json_line

        print_lines([json_line(health_object(found))])
    else:
        print_lines(health_lines(found, view_of(paths_of(location))))


def _health(location: IndexLocation) -> Health:
    from index.health import health, health_of

    if isinstance(location, Path):
        return health(location)
    from ..cluster import cluster_reader

    with cluster_reader(location) as reader:
        return health_of(reader.catalogue(), where=str(location))
