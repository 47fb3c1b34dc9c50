"""Writes commit documents and blobs, and completes or undoes what a stopped build has left."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from corpus.errors import IndexLocked

from . import epochs
from .deletion import delete_numbers, delete_paths
from .names import COMMIT, Epoch
from .paging import count
from .records import first_number
from .state import (
    BRIDGE,
    Blob,
    ClusterCommit,
    Pending,
    blob_actions,
    blob_of,
    damaged,
    decoded,
    encoded,
    read_blob,
)
from .words import uncounted

if TYPE_CHECKING:
    from .address import ClusterAddress
    from .client import Client
    from .lock import WriterLock

_CONFLICT = 409


class CommitStore:
    """The state index of a corpus, written by the holder of its lock."""

    def __init__(self, client: Client, address: ClusterAddress) -> None:
        self._client = client
        self.address = address

    def create(self, commit: ClusterCommit) -> ClusterCommit:
        """Write the first commit document of an epoch."""
        return self._put(commit, {})

    def write(self, commit: ClusterCommit) -> ClusterCommit:
        """Replace the commit document that a commit was made from; return it as it is now.

        Raises IndexLocked if another writer has replaced it.
        """
        return self._put(commit, {"if_seq_no": commit.seq_no, "if_primary_term": commit.term})

    def _put(self, commit: ClusterCommit, conditions: dict[str, object]) -> ClusterCommit:
        path = f"/{commit.epoch.state}/_doc/{COMMIT}"
        document = encoded(commit)
        answer = self._client.request(
            "PUT", path, document, parameters=conditions, allowed=(_CONFLICT,)
        )
        if "_seq_no" in answer:
            return commit._replace(seq_no=answer["_seq_no"], term=answer["_primary_term"])
        # It may be this request that was sent again because its answer was lost.
        found = self._client.find(path)
        if found is None or found["_source"] != document:
            raise IndexLocked(
                f"{self.address}: another build has committed meanwhile", hint="Build again."
            )
        return decoded(found, self.address, commit.epoch)

    def write_blob(
        self, epoch: Epoch, name: str, data: bytes, *, known: Collection[Blob] = ()
    ) -> Blob:
        """Write a file, unless it is one of those `known`."""
        blob = blob_of(name, data)
        if blob not in known:
            self._client.bulk(blob_actions(epoch.state, blob, data))
        return blob

    def delete_blobs(self, blobs: Collection[Blob], epoch: Epoch) -> None:
        """Delete files that neither this commit nor the one before has."""
        self._client.bulk(
            ({"delete": {"_index": epoch.state, "_id": id_}}, None)
            for blob in blobs
            for id_ in blob.ids
        )

    def read_blob(self, epoch: Epoch, blob: Blob) -> bytes:
        """Return the content of a file. Raises IndexDamaged."""
        data = read_blob(self._client, self.address, epoch, blob)
        if data is None:
            raise damaged(self.address, f"{blob.name} is missing")
        return data

    def made_good(self, commit: ClusterCommit, lock: WriterLock) -> ClusterCommit:
        """Complete a pending build, or delete what one has added and not committed.

        The lock has a later turn than the commit afterwards.
        """
        lock.raise_turn(above=commit.last_turn)
        if commit.pending is None:
            if lock.wrote:
                self._undo(commit)
        else:
            commit = self._complete(commit, commit.pending)
        if lock.wrote:
            lock.mark(wrote=False)
        return commit

    def _undo(self, commit: ClusterCommit) -> None:
        epoch = commit.epoch
        indexes = epoch.passages, epoch.documents, epoch.words
        epochs.refresh(self._client, *indexes)
        self._delete_turns(epoch, commit.turn + 1)
        self._client.bulk(uncounted(self._client, epoch, commit.turn))
        epochs.refresh(self._client, *indexes)

    def _complete(self, commit: ClusterCommit, pending: Pending) -> ClusterCommit:
        epoch = commit.epoch
        names = json.loads(self.read_blob(epoch, pending.names))
        epochs.refresh(self._client, epoch.passages, epoch.documents, epoch.words)
        self._delete_turns(epoch, commit.turn + 1, pending.turn)
        self._delete_turns(epoch, pending.turn + 1)
        delete_replaced(self._client, epoch, names, turn=pending.turn)
        bridge = commit.blob(BRIDGE)
        blobs = (*pending.blobs, *((bridge,) if bridge else ()))
        return self.write(
            commit._replace(
                generation=commit.generation + 1,
                turn=pending.turn,
                about=pending.about,
                documents=count(self._client, epoch.documents),
                passages=count(self._client, epoch.passages),
                blobs=blobs,
                old=tuple(blob for blob in (*commit.blobs, pending.names) if blob not in blobs),
                pending=None,
                is_bridge_due=True,
            )
        )

    def _delete_turns(self, epoch: Epoch, first: int, end: int | None = None) -> None:
        """Delete what the writers of turns from `first` have added, as far as it is shown."""
        numbers = {"gte": first_number(first)}
        if end is not None:
            numbers["lt"] = first_number(end)
        delete_numbers(self._client, epoch, numbers)


def delete_replaced(
    client: Client, epoch: Epoch, names: dict[str, list[str]], *, turn: int
) -> None:
    """Delete what the passages of a turn replace, and those not to be there; show all of it.

    `names` has the paths whose older documents are `replaced`, and those whose documents of this
    turn are `discarded`.
    """
    first = first_number(turn)
    indexes = epoch.passages, epoch.documents
    delete_paths(client, epoch, names["replaced"], {"lt": first})
    if names["discarded"]:  # found only once they are shown
        epochs.refresh(client, *indexes)
        own = {"gte": first, "lt": first_number(turn + 1)}
        delete_paths(client, epoch, names["discarded"], own)
    epochs.refresh(client, *indexes, epoch.words)
