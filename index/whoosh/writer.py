"""The Whoosh writer of a Chaja index, which builds use as well."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import fields, reading, writing

from corpus import LANGUAGES, Document
from corpus.language import detect
from corpus.names import readable
from corpus.passages import split
from corpus.readers.metadata import parse_date
from corpus.text_file import replace_surrogates

from ..arrays.array_types import Int64s
from ..arrays.files import WrittenFile
from ..directory.catalogue import Catalogue, CataloguedFile
from ..directory.directory_writer import DirectoryWriter
from ..directory.lock import writer_lock
from ..directory.permissions import make_directory, set_shared
from ..ingest.batch import Batch, Batcher
from ..ingest.bridge_store import BridgeStore
from ..ingest.bridge_update import UserTranslations
from ..ingest.ingest_pipeline import IngestPipeline
from ..ingest.parallel_texts import BridgeSource, ReadAhead
from ..ingest.transaction import IndexTransaction, Transaction
from ..ingest.writable_analyzer import is_unbuilt, open_writable_analyzer
from ..schema import STORED_DOCUMENT, TRANSLATIONS, Field
from ..snapshot import Snapshot
from .codec import open_reader, read_only
from .schema import WordAnalyzer, schema

if TYPE_CHECKING:
    from whoosh.query import Query
    from whoosh.searching import Searcher

# Added documents are inverted together once they have this many words.
_BATCH_WORDS = 200_000
# The reader number of batches that no reader process made.
_OWN_READER = -1
_DOCUMENT_FIELDS = {Field.BODY.value, *STORED_DOCUMENT, TRANSLATIONS}


class IndexWriter(writing.IndexWriter):  # type: ignore[misc]  # Whoosh has no types
    """Writes an index as Whoosh's writers do; it locks the directory against other writers.

        with open_index(".chaja").writer() as writer:
            writer.add_document(path="notes/1", title="Rivers", body="The Han is a river.")

    - A document is added whole: `path` and `body`, and optionally `title`, `id`, `date` (ISO 8601,
      or a date), `language` (else detected), `metadata` and `translations`. It is split into
      passages, Whoosh's documents. Several documents may have one path.
    - `update_document` replaces the documents of the same path, committed or added by this writer;
      with an `id`, only the one that has it.
    - Deleting a passage deletes its document; only committed documents are deleted.
    - Nothing is visible before `commit`. Segments are merged as in a build, whatever the
      `mergetype`, except CLEAR, which deletes all that was committed before.
    - It belongs to the process that opened it: in a forked child every change raises
      IndexingError, and `cancel` does nothing.
    - Fields cannot be added, and the buffer of Whoosh's BufferedWriter cannot be merged.
    - A build adds again a file, or a document given to it, that was deleted or replaced here, and
      leaves alone documents with other paths. `--rebuild` starts from the files only.
    """

    def __init__(
        self,
        directory: Path,
        *,
        wait: float | None = None,
        dictionary: Path | None = None,
        rebuild: bool = False,
        shared: bool | None = None,
    ) -> None:
        """Open the index in `directory` for writing, or start one there.

        `wait` is the time to wait for another writer, in seconds; `dictionary` a user dictionary;
        `rebuild` starts from nothing; `shared` lets the group of the folder that contains the
        index use it, and False only its owner, as None does for a new index. Raises StoreError,
        CorpusError and OSError.
        """
        self._process = os.getpid()
        make_directory(directory)
        with ExitStack() as opened:
            opened.enter_context(writer_lock(directory / "lock", wait=wait))
            if shared is not None:
                set_shared(directory, shared=shared)
            writable = open_writable_analyzer(directory, dictionary=dictionary, rebuild=rebuild)
            opened.callback(writable.close)
            self.is_fresh = rebuild or is_unbuilt(directory)
            self.store = (
                DirectoryWriter.fresh(directory, writable.about)
                if self.is_fresh
                else DirectoryWriter.open(directory)
            )
            self.store.clear()
            self.analyzer = writable.analyzer
            self._notes = writable.notes
            self._changes = opened.enter_context(self._begin())
            self._pipeline = IngestPipeline(
                self.analyzer, self._changes.add, share=self._changes.share
            )
            opened.callback(self._pipeline.close)
            self._opened = opened.pop_all()
        self._batcher = Batcher()
        self._pending = 0
        self._paths: set[str] = set()
        self._replaced: set[str] = set()
        self._discarded: set[str] = set()
        self._deleted: set[int] = set()
        self._updates: list[tuple[str, str | None, int]] = []
        self.is_closed = False

    def _begin(self) -> Transaction:
        """Return the transaction of this writer, which has its `store` by now."""
        self._transaction = IndexTransaction(self.store)
        return self._transaction

    @cached_property
    def schema(self) -> fields.Schema:
        """The Whoosh schema, which is the same in every index."""
        return schema(WordAnalyzer(self.store.directory, self.store.about))

    add_field = remove_field = read_only

    def reader(self, **_: object) -> reading.IndexReader:
        """Return a reader of the last commit."""
        if self.is_fresh:
            return reading.EmptyReader(self.schema)
        return open_reader(self.store.directory, self.schema)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know: what was lost, or failed after a commit was in force."""
        return (*self._notes, *self.store.notes)

    @property
    def passages(self) -> int:
        """The number of passages added."""
        return self._pipeline.passages

    def add_batch(self, batch: Batch) -> None:
        """Add a batch of documents that a Batcher made."""
        self._check_open()
        self._pipeline.add(batch)

    def add_document(self, **fields_: object) -> None:
        """Add a document. Raises UnknownFieldError, and ValueError for one without text."""
        self._check_open()
        self.add(_document(fields_))

    def update_document(self, **fields_: object) -> None:
        """Replace the documents of a path, or with an `id` that one. Raises as `add_document`."""
        self._check_open()
        document = _document(fields_)
        id_ = document.id if "id" in fields_ else None
        before = self._pipeline.documents + self._pending
        self.add(document)
        self._updates.append((document.path, id_, before))

    def add(self, document: Document) -> None:
        """Add a document. Raises ValueError for one without text."""
        passages = split(document)
        if not passages:
            raise ValueError(f"{document.path}: has no text")
        self._batcher.add(document, passages)
        self._pending += 1
        self._paths.add(document.path)
        if self._batcher.word_count >= _BATCH_WORDS:
            self._flush_pending()

    def _flush_pending(self) -> None:
        if self._pending:
            batch = self._batcher.take()
            batch.reader = _OWN_READER
            self._pending = 0
            self._pipeline.add(batch)

    def delete_paths(self, paths: Iterable[str]) -> None:
        """Delete the committed documents of some paths."""
        self._check_open()
        self._replaced.update(paths)

    def discard_paths(self, paths: Iterable[str]) -> None:
        """Delete the documents of some paths that this writer added, and keep committed ones."""
        self._check_open()
        self._discarded.update(paths)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete the document of a passage, or with `delete=False` cancel its deletion."""
        self._check_open()
        document = int(self._committed.doc_values.document[docnum])
        (self._deleted.add if delete else self._deleted.discard)(document)

    def delete_by_query(self, q: Query, searcher: Searcher | None = None) -> int:
        """Delete the documents with a matching passage; return how many were not deleted yet."""
        before = len(self._deleted)
        super().delete_by_query(q, searcher=searcher)
        return len(self._deleted) - before

    @cached_property
    def _committed(self) -> Snapshot:
        snapshot = Snapshot(self.store.readers())
        self._opened.callback(snapshot.close)
        return snapshot

    def count(self) -> tuple[int, int]:
        """Return the number of documents and of passages of the last commit."""
        return self._changes.count()

    def prepare(
        self, bridge: BridgeStore, files: Mapping[str, CataloguedFile], *, read: Set[str]
    ) -> None:
        """Let the bridge work ahead while Kiwi is at the last words of the files `read`.

        `files` are the next catalogue.
        """
        if not self._changes.is_empty:  # some of what was read is not at hand
            return
        with self._changes.committed() as committed:
            bridge.prepare(ReadAhead(self._pipeline.collected, committed, read), files)

    def flush(self) -> None:
        """Write the added documents to disk, as a segment that is not yet committed."""
        self._flush_pending()
        self._pipeline.finish()

    def commit(self, mergetype: object = None, **_: object) -> None:
        """Commit all additions and deletions durably, and release the lock."""
        self._check_open()
        try:
            if mergetype is writing.CLEAR:
                self._deleted.update(range(len(self._committed.firsts) - 1))
            self.flush()
            if self.is_fresh or self._pipeline.documents or self._deleted or self._replaced:
                bridge = BridgeStore(self.store, UserTranslations(), fresh=self.is_fresh)
                catalogue = self._catalogue()
                self.apply(
                    catalogue,
                    bridge=lambda after: bridge.file(after, self.analyzer, catalogue.files),
                )
        finally:
            self.cancel()

    def apply(self, catalogue: Catalogue, *, bridge: Callable[[BridgeSource], WrittenFile]) -> None:
        """Commit with this `catalogue`, without releasing the lock."""
        self.analyzer.lexicon.compact()
        self._transaction.commit(
            self._replaced,
            catalogue,
            bridge=bridge,
            built=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            words=len(self.analyzer.lexicon),
            deleted=self._deleted_passages(),
        )

    def cancel(self) -> None:
        """Discard what is not committed, and release the lock; do nothing after a commit."""
        if not self.is_closed:
            self.is_closed = True
            if self._process == os.getpid():
                self._opened.close()

    def _check_open(self) -> None:
        if self.is_closed:
            raise writing.IndexingError("this writer is closed")
        if self._process != os.getpid():
            raise writing.IndexingError("this writer is of the parent process: open one here")

    def _catalogue(self) -> Catalogue:
        """Return the catalogue without the files of changed documents: a build reads them again."""
        before = self.store.catalogue()
        firsts = (int(self._committed.firsts[document]) for document in self._deleted)
        deleted = {str(self._committed.stored_document(first)["path"]) for first in firsts}
        changed = self._paths | self._replaced | deleted
        files = {name: file for name, file in before.files.items() if name not in changed}
        documents = {name: known for name, known in before.documents.items() if name not in changed}
        return replace(before, files=files, documents=documents)

    def _deleted_passages(self) -> Int64s:
        """Return the passages to delete, by number over the segments of the transaction."""
        if not (self._deleted or self._updates or self._discarded):
            return np.zeros(0, dtype=np.int64)
        with closing(Snapshot(self.store.open_segments(self._transaction.segments))) as snapshot:
            committed = len(snapshot.firsts) - 1 - self._pipeline.documents
            deleted = set(self._deleted)
            for path, id_, before in self._updates:
                deleted.update(_documents_of(snapshot, path, id_, end=committed + before))
            for path in self._discarded:
                found = _documents_of(snapshot, path, None, end=len(snapshot.firsts))
                deleted.update(document for document in found if document >= committed)
            return np.flatnonzero(np.isin(snapshot.doc_values.document, sorted(deleted)))


def _documents_of(snapshot: Snapshot, path: str, id_: str | None, *, end: int) -> Collection[int]:
    """Return the documents before `end` that have a path, and an id if one is given."""
    found = snapshot.posting_list(Field.PATH, path.encode())
    if found is None:
        return ()
    documents = snapshot.documents_of(found.passages).tolist()
    last_passages = dict(zip(documents, found.passages.tolist(), strict=True))
    return [
        document
        for document, passage in last_passages.items()
        if document < end and (id_ is None or snapshot.stored_document(passage)["id"] == id_)
    ]


def _document(values: dict[str, Any]) -> Document:
    """Return a document with these values of its fields, and defaults for the others."""
    given = {name: value for name, value in values.items() if value is not None}
    for name in given.keys() - _DOCUMENT_FIELDS:
        raise fields.UnknownFieldError(f"{name}: is no field that a document is given")
    for name in ("path", "body"):
        if not isinstance(given.get(name), str) or not given[name]:
            raise ValueError(f"a document needs a {name}")
    path = readable(given["path"])
    text = replace_surrogates(given["body"])
    language = given.get("language", detect(text))
    if language not in ("", *LANGUAGES):
        raise ValueError(f"{language}: is no language, which are {', '.join(LANGUAGES)}")
    metadata = dict(given.get("metadata", {}))
    return Document(
        id=replace_surrogates(str(given.get("id", path))),
        path=path,
        title=replace_surrogates(str(given.get("title", ""))),
        text=text,
        language=language,
        date=_date(given.get("date", "")),
        metadata={str(name): str(value) for name, value in metadata.items()},
        translations=tuple(given.get("translations", ())),
    )


def _date(value: date | str) -> str:
    """Return a date in ISO 8601. Raises ValueError."""
    text = value.strftime("%Y-%m-%d") if isinstance(value, date) else value
    found = parse_date(text)
    if text and not found:
        raise ValueError(f"{text}: is no date")
    return found
