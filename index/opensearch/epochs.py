"""Makes, puts in force and deletes the indexes of an epoch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from corpus.errors import IndexDamaged

from .mapping import Copies, index_body
from .names import KINDS, Epoch, epochs_in, every_epoch
from .state import commit_of, epoch_in_force

if TYPE_CHECKING:
    from .address import ClusterAddress
    from .client import Client

_MISSING = 404
# A new index has its copies in less than a second. The limit is for copies that have no node.
_COPIES = {"wait_for_active_shards": "all", "timeout": "10s"}


def all_epochs(client: Client, name: str) -> list[Epoch]:
    """Return the epochs of a corpus that have an index, ascending, in force or not."""
    return epochs_in(name, client.find(f"/{every_epoch(name)}/_alias") or {})


def make(client: Client, epoch: Epoch, copies: Copies, *, fingerprint: str, identity: str) -> None:
    """Create the indexes of an epoch; an older index with such a name is deleted.

    Wait for their replicas: what is written before they are there is lost with its node.
    """
    drop(client, epoch)
    parameters = _COPIES
    for kind in KINDS:
        body = index_body(kind, copies, fingerprint=fingerprint, identity=identity)
        made = client.request("PUT", f"/{epoch.of(kind)}", body, parameters=parameters)
        if not made.get("shards_acknowledged", True):
            parameters = {}  # where one has no node for its copies, none has


def drop(client: Client, epoch: Epoch) -> None:
    """Delete the indexes of an epoch, if there are any."""
    for index in epoch.indexes:
        client.request("DELETE", f"/{index}", allowed=(_MISSING,))


def drop_unused(client: Client, address: ClusterAddress, *, rebuild: bool) -> Epoch | None:
    """Delete the indexes of all epochs but the one in force; return the last that is left.

    If none is in force, those with a commit are left: their alias may have been removed, or not
    been restored. Raises IndexDamaged then, unless this is a `rebuild`, and ClusterError.
    """
    current = epoch_in_force(client, address.name)
    found = all_epochs(client, address.name)
    used = [current] if current else [one for one in found if commit_of(client, address, one)]
    if used and not current and not rebuild:
        raise _without_alias(address, used[-1])
    for epoch in found:
        if epoch not in used:
            drop(client, epoch)
    return used[-1] if used else None


def _without_alias(address: ClusterAddress, epoch: Epoch) -> IndexDamaged:
    add = {"indices": list(epoch.indexes), "alias": epoch.name}
    return IndexDamaged(
        f"{address}: the index is there without its alias, as if restored or edited by hand",
        hint="Put the alias back, with POST /_aliases "
        f"{json.dumps({'actions': [{'add': add}]})}, or build the index again with: "
        f"chaja build --rebuild FOLDER --index {address}",
    )


def put_in_force(client: Client, epoch: Epoch) -> None:
    """Move the alias to an epoch, at once: a search sees all of it or all of the one before."""
    before = epoch_in_force(client, epoch.name)
    actions = [{"add": {"index": index, "alias": epoch.name}} for index in epoch.indexes]
    if before is not None:  # of which an index may be missing
        found = client.find(f"/{epoch.name}/_alias") or {}
        own = (index for index in before.indexes if index in found)
        actions += [{"remove": {"index": index, "alias": epoch.name}} for index in own]
    client.request("POST", "/_aliases", {"actions": actions})


def refresh(client: Client, *indexes: str) -> None:
    """Show searches what was written to some indexes."""
    client.request("POST", f"/{','.join(indexes)}/_refresh")
