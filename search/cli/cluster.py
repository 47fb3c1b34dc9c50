"""What a command needs of an index on a cluster: the user's access, and a reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from index.opensearch.access import Access
    from index.opensearch.address import ClusterAddress
    from index.opensearch.reader import ClusterReader

# The parameters of `chaja` itself that are about a cluster.
PARAMETERS = ("cluster_user", "cluster_ca")


def typed_options(root: click.Context) -> dict[str, str]:
    """Return the options about a cluster that were typed, with their values."""
    return {
        f"--{name.replace('_', '-')}": str(root.params[name])
        for name in PARAMETERS
        if root.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }


def cluster_access(context: click.Context | None = None) -> Access:
    """Return who the user is to the cluster, by options, environment and configuration.

    Raises ClusterError for what does not fit together, and for files that cannot be used.
    """
    import os

    from index.opensearch.access import read_access

    root = (context or click.get_current_context()).find_root()
    user, ca = (_given(root, name) for name in PARAMETERS)
    return read_access(user=user, ca=Path(ca) if ca else None, environment=os.environ)


def _given(root: click.Context, name: str) -> str:
    """Return an option about a cluster, "" without one.

    What the environment states is left to `read_access`, whose errors name the variable.
    """
    if root.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
        return ""
    return str(root.params.get(name) or "")


@contextmanager
def cluster_reader(address: ClusterAddress) -> Iterator[ClusterReader]:
    """Give a reader of the index at an address, at its newest commit.

    Raises IndexMissing, IndexOutdated and ClusterError.
    """
    from index.opensearch.client import Client
    from index.opensearch.reader import ClusterReader

    with Client(address, cluster_access()) as client:
        yield ClusterReader.open(client, address)
