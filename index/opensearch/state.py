"""The commit document of an index on a cluster, and the files that it names, in pieces.

The commit document tells a reader everything but the passages. `pending` is of a build that has all
its passages in, and then deletes those that they replace: the next build completes it, if it must.
A file is a blob: its content in pieces of some megabytes, in documents whose ids have its checksum,
so that one that is written again is the same and one that is read is what the commit names.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from zlib import compress, crc32, decompress
from zlib import error as ZlibError  # noqa: N812 - it is an exception

from corpus.errors import ClusterError, IndexDamaged, IndexMissing, IndexOutdated

from ..directory.commit import About
from ..value import NamedTuple, replace
from .mapping import FORMAT
from .names import COMMIT, Epoch, epochs_in

if TYPE_CHECKING:
    from .address import ClusterAddress
    from .client import Client

CATALOGUE = "catalogue"
BRIDGE = "bridge"
DICTIONARY = "dictionary"
NAMES = "names"
# Names of files and folders here are made of what a commit document says.
IDENTITY = re.compile("[0-9a-f]{32}")
_NAME = re.compile(
    rf"{CATALOGUE}|{BRIDGE}|{DICTIONARY}|{NAMES}|lexicon-[0-9a-f]{{1,64}}-[1-9][0-9]{{0,17}}\.lex"
)
_PIECE = 2 << 20  # bytes, before it is compressed
_TRIES = 10  # attempts while builds replace what is read


class Blob(NamedTuple):
    """A file in the state index: its size in bytes, CRC-32, and number of pieces."""

    name: str
    size: int
    checksum: int
    pieces: int

    @property
    def ids(self) -> list[str]:
        """The ids of its pieces, in order."""
        key = f"{self.name}-{self.checksum:08x}-{self.size}"
        return [f"{key}-{piece}" for piece in range(self.pieces)]


class Pending(NamedTuple):
    """What a build has added and not yet committed.

    All passages of its `turn` are in. `names` is the blob of the paths whose older documents are
    deleted, `blobs` are those of the next commit but the bridge.
    """

    turn: int
    about: About
    names: Blob
    blobs: tuple[Blob, ...]


class ClusterCommit(NamedTuple):
    """A state of an index on a cluster; `generation` counts from 1.

    `identity` is that of the epoch, `turn` of the last writer whose passages count. `old` are blobs
    that only the commit before has. With `is_bridge_due`, the bridge has yet to learn from what a
    dead build had added. `seq_no` and `term` are those of the commit document, by which a writer
    notices another.
    """

    epoch: Epoch
    generation: int
    identity: str
    turn: int
    about: About
    documents: int
    passages: int
    blobs: tuple[Blob, ...]
    old: tuple[Blob, ...] = ()
    pending: Pending | None = None
    is_bridge_due: bool = False
    seq_no: int = -1
    term: int = -1

    @property
    def last_turn(self) -> int:
        """The last turn whose passages are known to be in."""
        return self.pending.turn if self.pending else self.turn

    def blob(self, name: str) -> Blob | None:
        """Return the blob of a name, if there is one."""
        return next((blob for blob in self.blobs if blob.name == name), None)


def blob_of(name: str, data: bytes) -> Blob:
    """Return what a commit says of a file."""
    return Blob(name, len(data), crc32(data), -(-len(data) // _PIECE))


def blob_actions(state: str, blob: Blob, data: bytes) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the actions that write a blob to the index `state`."""
    for piece, id_ in enumerate(blob.ids):
        packed = compress(data[piece * _PIECE : (piece + 1) * _PIECE], 1)
        yield {"index": {"_index": state, "_id": id_}}, {"data": b64encode(packed).decode()}


def read_blob(client: Client, address: ClusterAddress, epoch: Epoch, blob: Blob) -> bytes | None:
    """Return the content of a blob; None if it is gone. Raises IndexDamaged and ClusterError."""
    pieces: list[bytes] = []
    for id_ in blob.ids:  # one by one: an answer has a limit too
        found = client.find(f"/{epoch.state}/_doc/{id_}")
        if found is None:
            return None
        try:
            pieces.append(decompress(b64decode(found["_source"]["data"])))
        except (LookupError, TypeError, ValueError, ZlibError) as error:
            raise damaged(address, f"{blob.name} cannot be unpacked") from error
    data = b"".join(pieces)
    if (len(data), crc32(data)) != (blob.size, blob.checksum):
        raise damaged(address, f"{blob.name} does not match its checksum")
    return data


def epoch_in_force(client: Client, name: str) -> Epoch | None:
    """Return the epoch that the alias is on, None without one.

    Raises ClusterError, also if the name is that of an index that is not Chaja's.
    """
    # Asked by the name: a role that is for some indexes has no right to ask for all aliases.
    found = client.find(f"/{name}/_alias") or {}
    epochs = epochs_in(name, found)
    if found and not epochs:
        raise ClusterError(
            f"{client.address}: {name} is an index or alias of another program",
            hint="Use another name after the last slash.",
        )
    return epochs[-1] if epochs else None


def find_commit(client: Client, address: ClusterAddress) -> ClusterCommit | None:
    """Return the current commit, None without an index.

    Raises IndexOutdated, IndexDamaged and ClusterError.
    """
    for _ in range(_TRIES):
        epoch = epoch_in_force(client, address.name)
        if epoch is None:
            return None
        found = commit_of(client, address, epoch)
        if found is not None:  # else a build has just deleted the epoch
            return found
    raise damaged(address, "its commit document is missing")


def commit_of(client: Client, address: ClusterAddress, epoch: Epoch) -> ClusterCommit | None:
    """Return the commit of an epoch, None without one. Raises as `find_commit`."""
    found = client.find(f"/{epoch.state}/_doc/{COMMIT}")
    return None if found is None else decoded(found, address, epoch)


def check_mappings(client: Client, address: ClusterAddress, commit: ClusterCommit) -> None:
    """Compare what the mappings of an epoch say of their making with its commit.

    Raises IndexOutdated, IndexDamaged and ClusterError.
    """
    epoch = commit.epoch
    wanted = {"analyzer": commit.about.analyzer_fingerprint, "identity": commit.identity}
    path = f"/{','.join(epoch.indexes)}/_mapping"
    parameters = {"filter_path": "*.mappings._meta", "ignore_unavailable": True}
    found = client.find(path, parameters=parameters) or {}
    for index in epoch.indexes:
        if index not in found:
            if epoch_in_force(client, epoch.name) != epoch:
                return  # it is being deleted, which whoever reads it finds out
            raise damaged(address, f"{index} is missing")
        stated = found[index]["mappings"]["_meta"].get("chaja", {})
        if stated.get("format") != FORMAT:
            raise _outdated(address, stated.get("format"))
        if {name: stated.get(name) for name in wanted} != wanted:
            raise damaged(address, f"the mapping of {index} has another analyzer or id")


def current_commit(client: Client, address: ClusterAddress) -> ClusterCommit:
    """Return the current commit. Raises what `find_commit` does, and IndexMissing."""
    found = find_commit(client, address)
    if found is None:
        raise IndexMissing(
            f"{address}: there is no index here",
            hint=f"Build one with: chaja build FOLDER --index {address}",
        )
    return found


def damaged(address: ClusterAddress, reason: str) -> IndexDamaged:
    """Return the error for an index whose state contradicts itself."""
    return IndexDamaged(
        f"{address}: the index is damaged ({reason})",
        hint=f"Build it again with: chaja build --rebuild FOLDER --index {address}",
    )


def encoded(commit: ClusterCommit) -> dict[str, Any]:
    """Return the commit document."""
    pending = commit.pending
    facts = {
        "format": FORMAT,
        "epoch": commit.epoch.number,
        "generation": commit.generation,
        "identity": commit.identity,
        "turn": commit.turn,
        "about": _about_facts(commit.about),
        "documents": commit.documents,
        "passages": commit.passages,
        "blobs": [list(blob) for blob in commit.blobs],
        "old": [list(blob) for blob in commit.old],
        "bridge_due": commit.is_bridge_due,
    }
    if pending:
        facts["pending"] = {
            "turn": pending.turn,
            "about": _about_facts(pending.about),
            "names": list(pending.names),
            "blobs": [list(blob) for blob in pending.blobs],
        }
    return {"commit": facts}


def _about_facts(about: About) -> dict[str, Any]:
    # The dictionary, which may have a million words, is a blob.
    return {
        "format": about.format,
        "analyzer": about.analyzer_fingerprint,
        "built": about.built,
        "words": about.words,
    }


def decoded(found: Mapping[str, Any], address: ClusterAddress, epoch: Epoch) -> ClusterCommit:
    """Return the commit of a document as OpenSearch gives it."""
    try:
        facts = found["_source"]["commit"]
        number = facts["format"]
        if number != FORMAT:
            raise _outdated(address, number)
        pending = facts.get("pending")
        return ClusterCommit(
            epoch=epoch,
            generation=int(facts["generation"]),
            identity=_fitting(IDENTITY, facts["identity"]),
            turn=int(facts["turn"]),
            about=_about(facts["about"]),
            documents=int(facts["documents"]),
            passages=int(facts["passages"]),
            blobs=_blobs(facts["blobs"]),
            old=_blobs(facts["old"]),
            pending=pending and _pending(pending),
            is_bridge_due=bool(facts.get("bridge_due", False)),
            seq_no=int(found["_seq_no"]),
            term=int(found["_primary_term"]),
        )
    except (LookupError, TypeError, ValueError) as error:
        raise damaged(address, "its commit document cannot be read") from error


def _pending(facts: Mapping[str, Any]) -> Pending:
    names = _blobs([facts["names"]])[0]
    return Pending(int(facts["turn"]), _about(facts["about"]), names, _blobs(facts["blobs"]))


def _fitting(pattern: re.Pattern[str], text: str) -> str:
    """Return a text that a pattern matches whole. Raises ValueError for others."""
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _blobs(rows: Iterable[Any]) -> tuple[Blob, ...]:
    return tuple(
        Blob(_fitting(_NAME, name), int(size), int(checksum), int(pieces))
        for name, size, checksum, pieces in rows
    )


def _about(facts: Mapping[str, Any]) -> About:
    return About(
        format=int(facts["format"]),
        analyzer_fingerprint=str(facts["analyzer"]),
        built=str(facts["built"]),
        words=int(facts["words"]),
    )


def with_dictionary(about: About, data: bytes | None) -> About:
    """Return the metadata of an index with the user dictionary in a blob."""
    rows = json.loads(data) if data else ()
    return replace(about, dictionary=tuple((str(w), str(t), float(s)) for w, t, s in rows))


def dictionary_data(about: About) -> bytes:
    """Return the content of the blob of the user dictionary."""
    return json.dumps(about.dictionary, ensure_ascii=False).encode()


def _outdated(address: ClusterAddress, number: object) -> IndexOutdated:
    newer = isinstance(number, int) and number > FORMAT
    return IndexOutdated(
        f"{address}: the index was written by {'a newer' if newer else 'an older'} version of "
        f"Chaja (its format is {number}, this version reads {FORMAT})",
        hint="Update Chaja, or build another index with --index."
        if newer
        else f"Rebuild it from the documents with: chaja build --rebuild FOLDER --index {address}",
    )
