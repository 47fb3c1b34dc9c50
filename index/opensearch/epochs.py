"""Makes, puts in force and deletes the indexes of an epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .mapping import Copies, index_body
from .names import KINDS, Epoch, epochs_in, every_epoch

if TYPE_CHECKING:
    from .client import Client

_MISSING = 404


def epochs(client: Client, name: str) -> list[Epoch]:
    """Return the epochs of a corpus that have an index, ascending, in force or not."""
    return epochs_in(name, client.find(f"/{every_epoch(name)}/_alias") or {})


def make(client: Client, epoch: Epoch, copies: Copies, *, fingerprint: str, identity: str) -> None:
    """Create the indexes of an epoch; an older index with such a name is deleted."""
    drop(client, epoch)
    for kind in KINDS:
        body = index_body(kind, copies, fingerprint=fingerprint, identity=identity)
        client.request("PUT", f"/{epoch.of(kind)}", body)


def drop(client: Client, epoch: Epoch) -> None:
    """Delete the indexes of an epoch, if there are any."""
    for index in epoch.indexes:
        client.request("DELETE", f"/{index}", allowed=(_MISSING,))


def drop_others(client: Client, name: str, current: Epoch | None) -> None:
    """Delete the indexes of all epochs but the current one."""
    for epoch in epochs(client, name):
        if epoch != current:
            drop(client, epoch)


def put_in_force(client: Client, epoch: Epoch, before: Epoch | None) -> None:
    """Move the alias to an epoch, at once: a search sees all of it or all of the one before."""
    actions = [{"add": {"index": index, "alias": epoch.name}} for index in epoch.indexes]
    if before is not None:  # of which an index may be missing
        found = client.find(f"/{epoch.name}/_alias") or {}
        own = (index for index in before.indexes if index in found)
        actions += [{"remove": {"index": index, "alias": epoch.name}} for index in own]
    client.request("POST", "/_aliases", {"actions": actions})


def refresh(client: Client, *indexes: str) -> None:
    """Show searches what was written to some indexes."""
    client.request("POST", f"/{','.join(indexes)}/_refresh")
