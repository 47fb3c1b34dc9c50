"""Builds the index at a location, in a folder or on a cluster."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.builder.build_report import BuildReport

    from ..index_location import IndexLocation


def builder_of(location: IndexLocation) -> Callable[..., BuildReport]:
    """Return the function that builds an index: `build`, or its like, without first arguments.

    Raises ClusterError if the access to the cluster does not fit together.
    """
    # Imported late: what an index in a folder needs loads nothing of a cluster.
    if isinstance(location, Path):
        from index.builder.build import build

        return partial(build, location)
    from index.opensearch.build import build_in_cluster

    from .cluster import cluster_access

    return partial(build_in_cluster, location, cluster_access())
