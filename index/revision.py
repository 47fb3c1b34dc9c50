"""One change of an index on its way to a commit: segments added, documents taken out, merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from .fields import Field
from .segment.content import SegmentContent
from .segment.merge import due_for_merge, merged
from .segment.reader import SegmentReader
from .store import Store, reported_damage


class Revision:
    """A context: what is not committed inside it has not happened."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._added: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._store.forget()

    def add(self, content: SegmentContent) -> None:
        """Write a segment of new documents."""
        self._added.append(self._store.write(content))

    def commit(self, replaced: Iterable[str]) -> None:
        """Commit the segments added, without the earlier documents of the paths `replaced`."""
        with reported_damage(self._store.folder.parent, missing=True):
            segments = self._without(replaced) + self._added
            segments = [segment for segment in segments if segment.doc_count()]
            while due := due_for_merge([(s.doc_count_all(), s.deleted_count()) for s in segments]):
                segments = self._merged(segments, due)
        self._store.commit(segments)

    def _without(self, paths: Iterable[str]) -> list[Any]:
        """Return the committed segments with the documents of `paths` marked as deleted."""
        with _closing(self._store.readers()) as readers:
            for reader in readers:
                _delete(reader, paths)
            return [reader.segment for reader in readers]

    def _merged(self, segments: list[Any], due: list[int]) -> list[Any]:
        """Return the segments with those at `due` merged into one, in the place of the first."""
        with _closing(self._store.open_all(segments[place] for place in due)) as readers:
            one = self._store.write(merged(readers))
        left = [s for place, s in enumerate(segments) if place not in due]
        left.insert(due[0], one)
        return left


def _delete(reader: SegmentReader, paths: Iterable[str]) -> None:
    for path in paths:
        postings = reader.postings(Field.PATH, path.encode())
        if postings is not None:
            for passage in postings.passages.tolist():
                reader.segment.delete_document(passage)


@contextmanager
def _closing(readers: list[SegmentReader]) -> Iterator[list[SegmentReader]]:
    try:
        yield readers
    finally:
        for reader in readers:
            reader.close()
