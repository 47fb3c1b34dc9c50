"""Writes an index as Whoosh's writers do: documents are added and deleted, and then committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
from whoosh import fields, reading, writing

from corpus import LANGUAGES, Document
from corpus.language import detect
from corpus.passages import split
from corpus.readers.metadata import date_of
from corpus.text_file import without_surrogates

from ..arrays.array_types import Int64s
from ..arrays.files import WrittenFile
from ..directory.catalogue import Catalogue
from ..directory.directory_writer import DirectoryWriter
from ..directory.location import has_index
from ..directory.lock import writer_lock
from ..ingest.batch import Batch, Batcher
from ..ingest.bridge_store import BridgeStore
from ..ingest.bridge_update import UserTranslations
from ..ingest.ingest_pipeline import IngestPipeline
from ..ingest.transaction import IndexTransaction
from ..ingest.writable_analyzer import open_writable_analyzer
from ..schema import STORED_DOCUMENT, TRANSLATIONS, Field
from ..snapshot import Snapshot
from .schema import WordAnalyzer, schema
from .segment import read_only

# Words of the documents added that are inverted together.
_BATCH_WORDS = 200_000
# Tells the documents of a program from those of the processes that read files.
_OWN_READER = -1
_GIVEN = {Field.BODY.value, *STORED_DOCUMENT, TRANSLATIONS}


class IndexWriter(writing.IndexWriter):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's writer of an index of Chaja, one at a time: it holds the lock of the directory.

        with open_index(".chaja").writer() as writer:
            writer.add_document(path="notes/1", title="Rivers", body="The Han is a river.")

    - A document is given whole, by `path` and `body`, and `title`, `id`, `date` (ISO 8601, or a
      date), `language` (else told from the text), `metadata`, `translations` if there are any. It
      is cut into passages, which are what Whoosh numbers and finds. Several may have one path.
    - `update_document` replaces the documents of the same path, added by this writer or before;
      if an `id` is given, only the one that has it.
    - Deleting a passage deletes its document; deletions are of what is committed.
    - Nothing is seen before `commit`; a writer that is cancelled, or killed, leaves the index as
      it was. Segments are merged as in a build, whatever `commit` is told; but Whoosh's CLEAR
      deletes all that was there before.
    - Fields cannot be added, and what Whoosh's BufferedWriter gathers cannot be taken in.
    - A build compares the index with its folders: it adds a file anew whose document was deleted
      or replaced here, and leaves alone what has the path of no file. `--rebuild` starts from the
      files only.
    """

    def __init__(
        self,
        directory: Path,
        *,
        wait: float | None = None,
        dictionary: Path | None = None,
        rebuild: bool = False,
    ) -> None:
        """Open the index in `directory` for writing, or begin one there.

        `wait` is how many seconds to wait for another writer; a `dictionary` has words of the
        user's; `rebuild` begins anew. Raises IndexLocked, CorpusError, AnalyserMismatch,
        IndexDamaged and IndexOutdated.
        """
        directory.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(writer_lock(directory / "lock", wait=wait))
            vocabulary = open_writable_analyzer(directory, dictionary=dictionary, rebuild=rebuild)
            opened.callback(vocabulary.close)
            self.is_fresh = rebuild or not has_index(directory)
            self.store = (
                DirectoryWriter.fresh(directory, vocabulary.about)
                if self.is_fresh
                else DirectoryWriter.open(directory)
            )
            self.store.clear()
            self.analyzer = vocabulary.analyzer
            self._transaction = IndexTransaction(self.store)
            self._intake = IngestPipeline(self.analyzer, self._transaction.add)
            opened.callback(self._intake.close)
            self._opened = opened.pop_all()
        self._batcher = Batcher()
        self._waiting = 0
        self._paths: set[str] = set()
        self._replaced: set[str] = set()
        self._deleted: set[int] = set()
        self._updates: list[tuple[str, str | None, int]] = []
        self.is_closed = False

    @cached_property
    def schema(self) -> fields.Schema:
        """What Whoosh is told of the fields."""
        return schema(WordAnalyzer(self.store.directory, self.store.about))

    # The fields are the same in every index.
    add_field = remove_field = read_only

    def reader(self, **_: object) -> Any:  # noqa: ANN401 - Whoosh's
        """Return a reader of the last commit."""
        from .index import ArrayIndex

        return (
            reading.EmptyReader(self.schema)
            if self.is_fresh
            else ArrayIndex(self.store.directory).reader()
        )

    @property
    def passages(self) -> int:
        """How many passages were added."""
        return self._intake.passages

    def add_batch(self, batch: Batch) -> None:
        """Add documents by the hundred, as `batch.Batcher` puts them together."""
        self._check_open()
        self._intake.add(batch)

    def add_document(self, **fields_: object) -> None:
        """Add a document. Raises UnknownFieldError, and ValueError for one that has no text."""
        self._check_open()
        self._add(_document(fields_))

    def update_document(self, **fields_: object) -> None:
        """Add a document in the place of those of its path, or, with an `id`, of that one."""
        self._check_open()
        document = _document(fields_)
        own = document.id if "id" in fields_ else None
        self._updates.append((document.path, own, self._intake.documents + self._waiting))
        self._add(document)

    def _add(self, document: Document) -> None:
        passages = split(document)
        if not passages:
            raise ValueError(f"{document.path}: has no text")
        self._batcher.add(document, passages)
        self._waiting += 1
        self._paths.add(document.path)
        if self._batcher.word_count >= _BATCH_WORDS:
            self._add_waiting()

    def _add_waiting(self) -> None:
        if self._waiting:
            batch = self._batcher.take()
            batch.reader = _OWN_READER
            self._waiting = 0
            self._intake.add(batch)

    def delete_paths(self, paths: Iterable[str]) -> None:
        """Delete the documents of some paths from what is committed."""
        self._check_open()
        self._replaced.update(paths)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete the document that a passage belongs to, or do not delete it after all."""
        self._check_open()
        document = int(self._committed.measures.document[docnum])
        (self._deleted.add if delete else self._deleted.discard)(document)

    def delete_by_query(self, q: Any, searcher: Any = None) -> int:  # noqa: ANN401 - Whoosh's
        """Delete the documents that a query finds a passage of; return how many they are."""
        before = len(self._deleted)
        super().delete_by_query(q, searcher=searcher)
        return len(self._deleted) - before

    @cached_property
    def _committed(self) -> Snapshot:
        snapshot = Snapshot(self.store.readers())
        self._opened.callback(snapshot.close)
        return snapshot

    def flush(self) -> None:
        """Write what was added to the disk, as a segment that is not yet committed."""
        self._add_waiting()
        self._intake.finish()

    def commit(self, mergetype: object = None, **_: object) -> None:
        """Make the index what was added and deleted here, durably, and let go of the lock."""
        self._check_open()
        try:
            if mergetype is writing.CLEAR:
                self._deleted.update(range(len(self._committed.firsts) - 1))
            self.flush()
            if self._intake.documents or self._deleted or self._replaced:
                keeper = BridgeStore(self.store, UserTranslations(), fresh=self.is_fresh)
                catalogue = self._catalogue()
                self.apply(
                    catalogue,
                    bridge=lambda after: keeper.file(after, self.analyzer, catalogue.files),
                )
        finally:
            self.cancel()

    def apply(self, catalogue: Catalogue, *, bridge: Callable[[Snapshot], WrittenFile]) -> None:
        """Commit with this `catalogue`, and the lock still held."""
        self._transaction.commit(
            self._replaced,
            catalogue,
            bridge=bridge,
            built=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            words=len(self.analyzer.lexicon),
            deleted=self._deleted_passages(),
        )

    def cancel(self) -> None:
        """Let go of all that is not committed, and of the lock; after a commit, of nothing."""
        if not self.is_closed:
            self.is_closed = True
            with self._opened:
                self.store.clear()

    def _check_open(self) -> None:
        if self.is_closed:
            raise writing.IndexingError("this writer is closed")

    def _catalogue(self) -> Catalogue:
        """Return the files that the index still holds as they were: a build reads the others."""
        before = self.store.catalogue()
        deleted = {self._path_of(document) for document in self._deleted}
        gone = self._paths | self._replaced | deleted
        files = {name: file for name, file in before.files.items() if name not in gone}
        return replace(before, files=files)

    def _path_of(self, document: int) -> str:
        first = int(self._committed.firsts[document])
        return str(self._committed.stored_document(first)["path"])

    def _deleted_passages(self) -> Int64s:
        """Return the passages to delete, by number over the segments of the revision."""
        if not (self._deleted or self._updates):
            return np.zeros(0, dtype=np.int64)
        with closing(Snapshot(self.store.open_all(self._transaction.segments))) as snapshot:
            committed = len(snapshot.firsts) - 1 - self._intake.documents
            gone = set(self._deleted)
            for path, own, before in self._updates:
                gone.update(_documents_of(snapshot, path, own, before=committed + before))
            return np.flatnonzero(np.isin(snapshot.measures.document, sorted(gone)))


def _documents_of(
    snapshot: Snapshot, path: str, own: str | None, *, before: int
) -> Collection[int]:
    """Return the documents of a path, of one id or any, that were added `before` so many."""
    found = snapshot.posting_list(Field.PATH, path.encode())
    if found is None:
        return ()
    of_passages = snapshot.documents_of(found.passages).tolist()
    documents = dict(zip(of_passages, found.passages.tolist(), strict=True))
    return [
        document
        for document, passage in documents.items()
        if document < before and (own is None or snapshot.stored_document(passage)["id"] == own)
    ]


def _document(given: dict[str, Any]) -> Document:
    """Return what a program adds as a document, with what it did not tell made up."""
    told = {name: value for name, value in given.items() if value is not None}
    for name in told.keys() - _GIVEN:
        raise fields.UnknownFieldError(f"{name}: is no field that a document is given")
    for name in ("path", "body"):
        if not isinstance(told.get(name), str) or not told[name]:
            raise ValueError(f"a document needs a {name}")
    path = normalize("NFC", told["path"]).encode(errors="backslashreplace").decode()
    text = without_surrogates(told["body"])
    language = told.get("language", detect(text))
    if language not in ("", *LANGUAGES):
        raise ValueError(f"{language}: is no language, which are {', '.join(LANGUAGES)}")
    return Document(
        id=without_surrogates(str(told.get("id", path))),
        path=path,
        title=without_surrogates(str(told.get("title", ""))),
        text=text,
        language=language,
        date=_date(told.get("date", "")),
        metadata={str(name): str(value) for name, value in dict(told.get("metadata", {})).items()},
        translations=tuple(told.get("translations", ())),
    )


def _date(value: date | str) -> str:
    """Return a date in ISO 8601. Raises ValueError."""
    said = value.strftime("%Y-%m-%d") if isinstance(value, date) else value
    found = date_of(said)
    if said and not found:
        raise ValueError(f"{said}: is no date")
    return found
