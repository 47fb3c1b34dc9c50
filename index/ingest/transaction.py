"""One change of an index on its way to a commit: segments added, documents taken out, merged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Self

import numpy as np

from ..arrays.array_types import Int64s
from ..arrays.files import WrittenFile
from ..directory.catalogue import Catalogue
from ..directory.damage import reported_damage
from ..directory.directory_writer import DirectoryWriter
from ..schema import Field
from ..segment.content import Segment, SegmentContent
from ..segment.merge import due_for_merge, merged
from ..segment.segment_reader import SegmentReader
from ..snapshot import Snapshot

_NO_NUMBERS = np.zeros(0, dtype=np.int64)


class IndexTransaction:
    """A context: what is not committed inside it has not happened."""

    def __init__(self, store: DirectoryWriter) -> None:
        self._store = store
        self._added: list[Segment] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._store.clear()

    @property
    def segments(self) -> list[Segment]:
        """The segments of the last commit, and behind them those added."""
        return [*self._store.segments, *self._added]

    def add(self, content: SegmentContent) -> None:
        """Write a segment of new documents."""
        self._added.append(self._store.write(content))

    def commit(
        self,
        replaced: Collection[str],
        catalogue: Catalogue,
        *,
        bridge: Callable[[Snapshot], WrittenFile] | None = None,
        built: str,
        words: int = 0,
        deleted: Int64s = _NO_NUMBERS,
    ) -> None:
        """Commit the segments added, without the earlier documents of the paths `replaced`.

        Nor with the passages `deleted`, numbered from 0 over what `segments` has. `bridge` is shown
        what will be committed, and gives the words in the other language that go with it, without
        which they stay as they are; `built` is when, in ISO 8601, and `words` how many the lexicon
        has by then.
        """
        with reported_damage(self._store.directory, missing=True):
            segments = self._without(replaced, deleted)
            while due := due_for_merge([(s.passages, s.deleted) for s in segments]):
                segments = self._merged(segments, due)
            file = self._bridged(segments, bridge)
        self._store.commit(segments, catalogue, bridge=file, built=built, words=words)

    def _bridged(
        self, segments: Sequence[Segment], bridge: Callable[[Snapshot], WrittenFile] | None
    ) -> WrittenFile | None:
        if bridge is None:
            return self._store.bridge_file
        with closing(Snapshot(self._store.open_all(segments))) as snapshot:
            return bridge(snapshot)

    def _without(self, paths: Collection[str], deleted: Int64s) -> list[Segment]:
        """Return all segments, with committed documents of `paths` and `deleted` passages marked.

        A segment of which nothing is left is none.
        """
        segments = self.segments
        if not paths and not len(deleted):
            return segments
        committed = len(self._store.segments)
        kept: list[Segment] = []
        base = 0
        with _closing(self._store.open_all(segments)) as readers:
            for number, reader in enumerate(readers):
                own = deleted[(deleted >= base) & (deleted < base + reader.size)] - base
                of_paths = _passages_of(reader, paths if number < committed else ())
                kept.append(self._store_without(reader, np.concatenate((own, of_paths))))
                base += reader.size
        return [segment for segment in kept if segment.deleted < segment.passages]

    def _store_without(self, reader: SegmentReader, passages: Int64s) -> Segment:
        deleted = np.union1d(reader.deleted, passages)
        if len(deleted) == len(reader.deleted):
            return reader.segment
        return self._store.without(reader.segment, deleted)

    def _merged(self, segments: list[Segment], due: list[int]) -> list[Segment]:
        """Return the segments with those at `due` merged into one, in the place of the first."""
        with _closing(self._store.open_all(segments[place] for place in due)) as readers:
            one = self._store.write(merged(readers))
        left = [s for place, s in enumerate(segments) if place not in due]
        left.insert(due[0], one)
        return left


def _passages_of(reader: SegmentReader, paths: Collection[str]) -> Int64s:
    """Return the passages of the documents of `paths`."""
    found = [reader.postings(Field.PATH, path.encode()) for path in paths]
    return np.concatenate([_NO_NUMBERS, *(some.passages for some in found if some)])


@contextmanager
def _closing(readers: Sequence[SegmentReader]) -> Iterator[Sequence[SegmentReader]]:
    try:
        yield readers
    finally:
        for reader in readers:
            reader.close()
