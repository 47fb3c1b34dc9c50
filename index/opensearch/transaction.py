"""A transaction of an index on a cluster: passages are sent as they come, and committed at the end.

The order makes each step safe to stop at. New passages have numbers of this writer's turn, so that
the next writer can delete them; nothing older is deleted before the commit document names, as
`pending`, what is in and what it replaces, so that the next writer can complete it. One refresh
shows additions and deletions, shard by shard; then the bridge is learned, and the commit document
written. A first build or a rebuild writes other indexes, and moves the alias last.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Self

from corpus.errors import ChajaError

from ..arrays.files import WrittenFile
from ..directory import catalogue as catalogues
from ..directory.catalogue import Catalogue
from ..directory.commit import About
from ..directory.directory_reader import lexicon_path
from ..directory.directory_writer import DirectoryWriter
from ..directory.lexicon_files import lexicon_paths
from ..ingest.parallel_texts import BridgeSource, SnapshotSource
from ..segment.content import SegmentContent
from ..snapshot import Snapshot
from ..value import replace
from . import epochs
from .commits import CommitStore, delete_replaced
from .mapping import Copies
from .names import Epoch
from .records import Numbering, TermCounts, bulk_records, first_number
from .source import ClusterSource
from .state import (
    BRIDGE,
    CATALOGUE,
    DICTIONARY,
    NAMES,
    Blob,
    ClusterCommit,
    Pending,
    dictionary_data,
    epoch_in_force,
)
from .words import WordWriter

if TYPE_CHECKING:
    from .client import Client
    from .lock import WriterLock
    from .records import Action

# Segments are smaller than those of an index directory: they are in memory as text as well.
_SHARE = 1 / 6
# Distinct terms that are counted before their counts are sent: of some hundred bytes each.
_MOST_TERMS = 1_000_000
_THREADS = 2  # that send
_ACTIONS = 500  # in a request, of some kilobytes each
_WAITING = 4  # requests that are made ahead


class Sender:
    """Sends actions by threads; `may_send` is called before each attempt, and raises to stop it."""

    def __init__(self, client: Client, may_send: Callable[[], None]) -> None:
        self._client = client
        self._may_send = may_send
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="bulk")
        self._pending: deque[Future[None]] = deque()

    def add(self, actions: Iterable[Action]) -> None:
        """Send actions, in any order. Raises what sending earlier ones raised."""
        actions = iter(actions)
        while some := list(islice(actions, _ACTIONS)):
            while len(self._pending) >= _WAITING:
                self._pending.popleft().result()
            self._pending.append(self._threads.submit(self._send, some))

    def finish(self) -> None:
        """Wait until everything is done. Raises as `add`."""
        while self._pending:
            self._pending.popleft().result()

    def close(self) -> None:
        """Drop what is not sent yet, and wait for what is under way."""
        self._threads.shutdown(cancel_futures=True)

    def _send(self, actions: list[Action]) -> None:
        self._client.bulk(actions, may_send=self._may_send)


class ClusterTransaction:
    """Adds segments to the epoch of `before`, or to a `fresh` one that comes after the `last`."""

    share = _SHARE

    def __init__(
        self,
        store: DirectoryWriter,
        client: Client,
        lock: WriterLock,
        commits: CommitStore,
        *,
        before: ClusterCommit | None,
        last: Epoch | None,
        fresh: bool,
        copies: Copies,
    ) -> None:
        self._store = store
        self._client = client
        self._lock = lock
        self._commits = commits
        self._before = before
        self._last = last
        self._copies = copies
        self._is_fresh = fresh
        self._number = first_number(lock.turn)
        self._counts = TermCounts()
        self._words: WordWriter | None = None
        self._sender = Sender(client, lock.check_known)
        self._epoch: Epoch | None = None
        self._identity = before.identity if before and not fresh else token_hex(16)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sender.close()
        if self._is_fresh and self._epoch:
            with suppress(ChajaError):  # the next build does it
                self._lock.check()
                # The alias may be on it although the request that moved it seemed to fail.
                if epoch_in_force(self._client, self._epoch.name) != self._epoch:
                    epochs.drop(self._client, self._epoch)

    @property
    def is_empty(self) -> bool:
        """Whether no segment was added."""
        return self._number == first_number(self._lock.turn)

    @contextmanager
    def committed(self) -> Iterator[BridgeSource]:
        """Return what the last commit has, for learning."""
        before = self._before
        if before is None or self._is_fresh:
            yield SnapshotSource(Snapshot([]))
        else:
            yield self._source(before.epoch)

    def count(self) -> tuple[int, int]:
        """Return the number of documents and of passages of the last commit."""
        return (self._before.documents, self._before.passages) if self._before else (0, 0)

    def add(self, content: SegmentContent) -> None:
        """Send a segment of new documents."""
        epoch = self._opened_epoch()
        if not self._is_fresh and not self._lock.wrote:
            self._lock.mark(wrote=True)
        numbering = Numbering(epoch, self._number)
        self._sender.add(bulk_records(content, numbering, self._counts))
        self._number += len(content.doc_values.document)
        if len(self._counts.counts) >= _MOST_TERMS:
            self._send_words(epoch)

    def commit(
        self,
        replaced: Collection[str],
        catalogue: Catalogue,
        *,
        bridge: Callable[[BridgeSource], WrittenFile],
        built: str,
        words: int,
        discarded: Collection[str],
    ) -> None:
        """Commit the added segments, and delete old documents.

        Deletes committed documents with a path in `replaced`, and those added here with one in
        `discarded`. The others are those of `IndexTransaction.commit`.
        """
        epoch = self._opened_epoch()
        self._send_words(epoch)
        about = replace(self._store.about, built=built, words=max(words, self._store.about.words))
        blobs = [*self._lexicon(epoch), *self._metadata(epoch, catalogue, about)]
        self._sender.finish()
        self._lock.check()
        names = {"replaced": sorted(replaced), "discarded": sorted(discarded)}
        if self._is_fresh or self._before is None:
            names["replaced"] = []  # there is nothing older
        else:
            blob = self._write(epoch, NAMES, json.dumps(names).encode())
            pending = Pending(self._lock.turn, about, blob, tuple(blobs))
            self._before = self._commits.write(self._before._replace(pending=pending))
        delete_replaced(self._client, epoch, names, turn=self._lock.turn)
        source = self._source(epoch)
        blobs.append(self._write_file(epoch, BRIDGE, bridge(source).name))
        self._put_in_force(epoch, about, blobs, source)

    def _opened_epoch(self) -> Epoch:
        """Return the epoch that is written, after making its indexes if it is new."""
        if self._epoch is not None:
            return self._epoch
        before = self._before
        if before is not None and not self._is_fresh:
            self._epoch = before.epoch
            return self._epoch
        last = self._last
        epoch = last.next if last else Epoch(self._commits.address.name, 1)
        self._epoch = epoch
        epochs.make(
            self._client,
            epoch,
            self._copies,
            fingerprint=self._store.about.analyzer_fingerprint,
            identity=self._identity,
        )
        return epoch

    def _send_words(self, epoch: Epoch) -> None:
        if self._words is None:
            fresh, turn = self._is_fresh, self._lock.turn
            self._words = WordWriter(self._client, epoch, turn, fresh=fresh)
        else:
            self._sender.finish()  # counts are added to those written before
        self._sender.add(self._words.actions(self._counts))
        self._counts = TermCounts()

    def _source(self, epoch: Epoch) -> ClusterSource:
        return ClusterSource(self._client, epoch)

    def _lexicon(self, epoch: Epoch) -> list[Blob]:
        path = lexicon_path(self._store.directory, self._store.about.analyzer_fingerprint)
        found = lexicon_paths(path.parent, path.name)
        return [self._write_file(epoch, file.name, file.name) for file in found]

    def _metadata(self, epoch: Epoch, catalogue: Catalogue, about: About) -> list[Blob]:
        files = {CATALOGUE: catalogues.encoded(catalogue)}
        if about.dictionary:
            files[DICTIONARY] = dictionary_data(about)
        return [self._write(epoch, name, data) for name, data in files.items()]

    def _write_file(self, epoch: Epoch, name: str, file: str) -> Blob:
        return self._write(epoch, name, Path(self._store.directory / file).read_bytes())

    def _write(self, epoch: Epoch, name: str, data: bytes) -> Blob:
        known = self._before.blobs if self._before and not self._is_fresh else ()
        return self._commits.write_blob(epoch, name, data, known=known)

    def _put_in_force(
        self, epoch: Epoch, about: About, blobs: Sequence[Blob], source: ClusterSource
    ) -> None:
        before = self._before
        own = tuple(blobs)
        commit = ClusterCommit(
            epoch=epoch,
            generation=before.generation + 1 if before else 1,
            identity=self._identity,
            turn=self._lock.turn,
            about=about,
            documents=source.documents,
            passages=source.passages,
            blobs=own,
        )
        self._lock.check()
        if self._is_fresh or before is None:
            self._commits.create(commit)
            epochs.put_in_force(self._client, epoch)
        else:
            written = (*before.blobs, *((before.pending.names,) if before.pending else ()))
            old = tuple(blob for blob in written if blob not in own)
            commit = commit._replace(old=old, seq_no=before.seq_no, term=before.term)
            self._commits.write(commit)
            gone = set(before.old).difference(own, old)
            with suppress(ChajaError):  # what is left takes a little room
                self._commits.delete_blobs(gone, epoch)
        with suppress(ChajaError):  # the next build finds nothing to make good
            self._lock.mark(wrote=False)
