"""Files become batches: read, cut into passages, and their words numbered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from corpus import Problem, read
from corpus.changes import Fingerprint, fingerprint
from corpus.passages import split
from corpus.walk import SourceFile

from ..directory.catalogue import GONE, UNKNOWN, CataloguedFile
from ..ingest.batch import Batch, Batcher
from ..segment.doc_store import in_blocks

# Words in a batch: few at first, so that Kiwi loads while the rest is read, then twice as many
# each time.
_FIRST_BATCH = 2_000
_BATCH_WORDS = 200_000
# Files in a batch, so that progress is told of those that hold few words, too.
_BATCH_FILES = 1_000
# What opening a file costs, in the bytes that are read in that time.
_FILE = 500
# A chunk is one of so many, so that who is done first has more to do, but neither so small that
# asking for it takes long nor larger than what may wait for the chunks before it.
_CHUNKS = 16
_LEAST, _MOST = 250_000, 4_000_000

Chunk: TypeAlias = Sequence[SourceFile]


def cost(file: SourceFile) -> int:
    """Return how long it takes to read a file, in bytes."""
    return file.size + _FILE


def chunks(files: Iterable[SourceFile]) -> list[Chunk]:
    """Cut files into runs that take about as long to read; a large file is one of its own."""
    files = list(files)
    enough = min(max(sum(map(cost, files)) // _CHUNKS, _LEAST), _MOST)
    found: list[list[SourceFile]] = [[]]
    costs = 0
    for file in files:
        if found[-1] and costs + cost(file) > enough:
            found.append([])
            costs = 0
        found[-1].append(file)
        costs += cost(file)
    return list(found)


def batches(files: Iterable[SourceFile]) -> Iterator[Batch]:
    """Yield all that files hold, in their order; how it is cut depends on the files alone.

    Raises nothing for a file that cannot be read: its Problem says why.
    """
    reading = Reading()
    for number, chunk in enumerate(chunks(files)):
        yield from reading.batches(chunk, is_first=not number)


class Reading:
    """One pass over chunks of files, by one reader."""

    def __init__(self) -> None:
        self._batcher = Batcher()

    def batches(self, files: Chunk, *, is_first: bool) -> Iterator[Batch]:
        """Yield all that the files of a chunk hold; the first of all chunks begins slowly."""
        self._words = 0 if is_first else _BATCH_WORDS
        self._set_enough()
        for file in files:
            try:
                taken = fingerprint(file)  # before it is read: a change meanwhile is then noticed
            except OSError as error:
                self._batcher.end_file(_unread(file, error))
            else:
                yield from self._read(file, taken)
            if self._is_full():
                yield self._take()
        yield self._take()

    def _read(self, file: SourceFile, taken: Fingerprint) -> Iterator[Batch]:
        """Take in a file; yield a batch whenever there is enough of it for one."""
        problems: list[Problem] = []
        for found in read(file.path, name=file.name):
            if isinstance(found, Problem):
                problems.append(found)
            elif passages := split(found):
                if self._is_full():
                    yield self._take()
                self._batcher.add(found, passages)
            else:
                problems.append(Problem(path=file.name, reason="has no text", line=found.line))
        self._batcher.end_file(CataloguedFile(taken, tuple(problems)))

    def _is_full(self) -> bool:
        batcher = self._batcher
        return batcher.word_count >= self._enough or batcher.file_count >= _BATCH_FILES

    def _set_enough(self) -> None:
        self._enough = min(max(self._words, _FIRST_BATCH), _BATCH_WORDS)

    def _take(self) -> Batch:
        self._words += self._batcher.word_count
        self._set_enough()
        batch = self._batcher.take()
        # Packed at once: it takes a third of the room, and less time to hand over.
        batch.passages = list(in_blocks(batch.passages))
        batch.documents = list(in_blocks(batch.documents))
        return batch


def _unread(file: SourceFile, error: OSError) -> CataloguedFile:
    gone = isinstance(error, FileNotFoundError)
    reason = "was removed before it was read" if gone else f"cannot be read: {error.strerror}"
    return CataloguedFile(GONE if gone else UNKNOWN, (Problem(path=file.name, reason=reason),))
