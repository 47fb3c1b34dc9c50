"""The option that names the index: a folder, or an address on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..index_location import IndexLocation, parse_location

# The commands whose defaults may stand beside the index.
SEARCHES = ("search", "phrase", "similar")


class IndexType(click.Path):
    """A path, or an address that no path is made of."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - what Click gives
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - as Click has it
        """Return the location that a text states. Raises ClusterError."""
        return parse_location(value) if isinstance(value, str) else value


def _located(
    context: click.Context, _: click.Parameter, location: IndexLocation | None
) -> IndexLocation | None:
    """Check a location before other options are looked at, and take the defaults beside it."""
    if context.resilient_parsing or not (location is None or isinstance(location, Path)):
        return location
    _refuse_options_of_clusters(context)
    if context.info_name in SEARCHES:
        # Imported late: they are no part of the help.
        from .beside_index import take_defaults

        take_defaults(location, context)
    return location


def _refuse_options_of_clusters(context: click.Context) -> None:
    from .cluster import typed_options
    from .failures import UsageAdvice

    if typed := typed_options(context.find_root()):
        raise UsageAdvice(
            f"{next(iter(typed))} is for an index on a cluster, and this one is in a folder",
            context,
            hint="Name the cluster too: --index https://host:9200/NAME",
        )


index_option = click.option(
    "--index",
    "index_location",
    is_eager=True,
    callback=_located,
    type=IndexType(path_type=Path),
    envvar="CHAJA_INDEX",
    metavar="INDEX",
    help="The directory of the index, or https://host:9200/NAME on a cluster; default: .chaja in "
    "this folder or the nearest one above.",
)
