"""An index transaction: segments added, documents deleted and segments merged, up to a commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from typing import Protocol, Self

import numpy as np

from ..arrays.array_types import Int64s
from ..arrays.files import WrittenFile
from ..directory.catalogue import Catalogue
from ..directory.damage import reported_damage
from ..directory.directory_writer import DirectoryWriter
from ..schema import Field
from ..segment.content import Segment, SegmentContent
from ..segment.merge import merge_segments, segments_to_merge
from ..segment.segment_reader import SegmentReader
from ..snapshot import Snapshot
from .parallel_texts import BridgeSource, SnapshotSource

# A merge of as many leaves some ten megabytes in the heap.
_MANY_PASSAGES = 100_000
_NONE = np.zeros(0, dtype=np.int64)


class Transaction(Protocol):
    """Changes of an index that is not yet committed; `share` is that of the size of its segments.

    A context manager: leaving it discards what was not committed.
    """

    share: float

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    @property
    def is_empty(self) -> bool:
        """Whether no segment was added."""

    def add(self, content: SegmentContent) -> None:
        """Add a segment of new documents."""

    def committed(self) -> AbstractContextManager[BridgeSource]:
        """Return what the last commit has, for learning."""

    def count(self) -> tuple[int, int]:
        """Return the number of documents and of passages of the last commit."""


class IndexTransaction:
    """A context manager: leaving it deletes the files that no commit needs."""

    share = 1.0

    def __init__(self, store: DirectoryWriter) -> None:
        self._store = store
        self.added: list[Segment] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # the next build does it
            self._store.clear()

    @property
    def segments(self) -> list[Segment]:
        """The segments of the last commit, then those added."""
        return [*self._store.segments, *self.added]

    @property
    def is_empty(self) -> bool:
        """Whether no segment was added."""
        return not self.added

    @contextmanager
    def committed(self) -> Iterator[BridgeSource]:
        """Open the segments of the last commit. Raises IndexDamaged."""
        with (
            reported_damage(self._store.directory, missing=True),
            closing(Snapshot(self._store.readers())) as snapshot,
        ):
            yield SnapshotSource(snapshot)

    def count(self) -> tuple[int, int]:
        """Return the number of documents and of passages of the last commit."""
        with self.committed() as last:
            return last.documents, last.passages

    def add(self, content: SegmentContent) -> None:
        """Write a segment of new documents."""
        self.added.append(self._store.write(content))

    def commit(
        self,
        replaced: Collection[str],
        catalogue: Catalogue,
        *,
        bridge: Callable[[BridgeSource], WrittenFile] | None = None,
        built: str,
        words: int = 0,
        deleted: Int64s = _NONE,
    ) -> None:
        """Commit the added segments, delete old documents, and merge segments that are due.

        Deletes committed documents with a path in `replaced`, and the passages `deleted`, numbered
        from 0 over `segments`. `bridge` gets what the new segments have and returns the new bridge
        file; without it, the last one stays. `built` is a time in ISO 8601, `words` the size
        of the lexicon.
        """
        with reported_damage(self._store.directory, missing=True):
            segments = self._without(replaced, deleted)
            while due := segments_to_merge([(s.passages, s.deleted) for s in segments]):
                segments = self._merged(segments, due)
            file = None
            if bridge is not None:
                with closing(Snapshot(self._store.open_segments(segments))) as snapshot:
                    file = bridge(SnapshotSource(snapshot))
        self._store.commit(segments, catalogue, bridge=file, built=built, words=words)

    def _without(self, paths: Collection[str], deleted: Int64s) -> list[Segment]:
        """Return all segments after deletions, but for those with no passage left."""
        segments = self.segments
        if not paths and not len(deleted):
            return segments
        committed = len(self._store.segments)
        remaining: list[Segment] = []
        base = 0
        with ExitStack() as opened:
            for ordinal, reader in enumerate(self._open(segments, opened)):
                own = deleted[(deleted >= base) & (deleted < base + reader.size)] - base
                of_paths = _passages_of(reader, paths if ordinal < committed else ())
                gone = np.union1d(reader.deleted, np.concatenate((own, of_paths)))
                segment = reader.segment
                changed = len(gone) > len(reader.deleted)
                remaining.append(self._store.with_deletions(segment, gone) if changed else segment)
                base += reader.size
        return [segment for segment in remaining if segment.deleted < segment.passages]

    def _merged(self, segments: list[Segment], due: list[int]) -> list[Segment]:
        """Return the segments with those at the ordinals `due` merged, at the first of these."""
        with ExitStack() as opened:
            readers = self._open([segments[ordinal] for ordinal in due], opened)
            one = self._store.write(merge_segments(readers))
        if one.passages >= _MANY_PASSAGES:
            _trim_heap()
        others = [s for ordinal, s in enumerate(segments) if ordinal not in due]
        return [*others[: due[0]], one, *others[due[0] :]]

    def _open(self, segments: Sequence[Segment], opened: ExitStack) -> list[SegmentReader]:
        return [opened.enter_context(closing(some)) for some in self._store.open_segments(segments)]


def _passages_of(reader: SegmentReader, paths: Collection[str]) -> Int64s:
    """Return the passages of the documents of some paths."""
    found = [reader.postings(Field.PATH, path.encode()) for path in paths]
    return np.concatenate([_NONE, *(postings.passages for postings in found if postings)])


def _trim_heap() -> None:
    """Return freed memory to the system, which glibc would keep; do nothing elsewhere."""
    import ctypes  # slow to load, for large merges only

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
