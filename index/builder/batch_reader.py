"""Reads files into batches: documents are parsed, split into passages, and their words numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from corpus import Problem
from corpus.changes import FileReading
from corpus.document import State
from corpus.passages import split
from corpus.readers import PLAIN, PLAINLY, ReadOptions
from corpus.readers.embedded import Begun
from corpus.walk import SourceFile

from ..directory.catalogue import CataloguedFile
from ..ingest.batch import Batch, Batcher
from ..segment.doc_store import in_blocks
from ..value import NamedTuple
from .read_limits import ReadLimits

# Words in the first batch, small so that Kiwi loads while the rest is read, and in the largest;
# each batch has as many words as all before it.
_FIRST_BATCH = 2_000
_BATCH_WORDS = 200_000
# Files in a batch, so that files of few words show progress too.
_BATCH_FILES = 1_000
# The cost of opening a file, in bytes read in the same time.
_FILE = 500
# Chunks of all files, enough to keep every process busy to the end. Smaller chunks than _LEAST
# spend their time on requests; larger ones than _MOST do not fit into the queue of batches.
_CHUNKS = 16
_LEAST, _MOST = 250_000, 4_000_000

Chunk: TypeAlias = Sequence[SourceFile]


def cost(file: SourceFile) -> int:
    """Return the time to read a file, as a number of bytes."""
    return file.size + _FILE


def chunks(files: Iterable[SourceFile]) -> list[Chunk]:
    """Split files into chunks of about equal cost; a large file is a chunk of its own."""
    files = list(files)
    limit = min(max(sum(map(cost, files)) // _CHUNKS, _LEAST), _MOST)
    found: list[list[SourceFile]] = [[]]
    total = 0
    for file in files:
        if found[-1] and total + cost(file) > limit:
            found.append([])
            total = 0
        found[-1].append(file)
        total += cost(file)
    return list(found)


def batches(files: Iterable[SourceFile], *, options: ReadOptions = PLAINLY) -> Iterator[Batch]:
    """Yield the batches of files, in order; their bounds depend on the files only.

    A file that cannot be read has a Problem in its batch; documents of its beginning may be in
    this batch and in earlier ones.
    """
    reading = Reading(options)
    for ordinal, chunk in enumerate(chunks(files)):
        yield from reading.batches(chunk, is_first=not ordinal)


class Halfway(NamedTuple):
    """Where the reading of a file is: in the file `inside` it, after some documents."""

    path: str
    inside: str
    documents: int


class Rest(NamedTuple):
    """What is left of a file that ended a process: all after the documents that were received.

    `refused` are the files inside that ended it, with the reasons.
    """

    received: int = 0
    refused: Mapping[str, str] = {}

    def after(self, ended: Halfway, received: int, reason: str) -> Rest:
        """Return what is left if a process ended again, of which more documents were received.

        Those of the file inside that ended it are received too, and come no more.
        """
        refused = {**self.refused, ended.inside: reason}
        return Rest(min(self.received + received, ended.documents), refused)


ALL = Rest()


class Reading:
    """Reads chunks of files one after the other, with common word ids.

    `rest` is of the first file of the next chunk; `tell` is called where a file inside begins.
    """

    def __init__(self, options: ReadOptions = PLAINLY) -> None:
        self._batcher = Batcher()
        self.options = options
        self.rest = ALL
        self.tell: Callable[[Halfway], None] = lambda _: None
        # Those of the process, if it reads for another.
        self.limits: ReadLimits | None = None

    def batches(self, files: Chunk, *, is_first: bool) -> Iterator[Batch]:
        """Yield the batches of a chunk; those of the first of all chunks start small."""
        self._words = 0 if is_first else _BATCH_WORDS
        for file in files:
            yield from self._read(file)
            if self._is_full():
                yield self._take()
        yield self._take()

    def _read(self, file: SourceFile) -> Iterator[Batch]:
        """Add a file to the batcher, and yield the batches that become full."""
        problems: list[Problem] = []
        rest, self.rest = self.rest, ALL
        documents = 0
        reading = FileReading(file, self.options, rest.refused)
        is_limited = file.path.suffix.lower() not in PLAIN
        for item in self.limits.items(reading) if self.limits and is_limited else reading:
            if isinstance(item, Problem):
                problems.append(item)
            elif isinstance(item, Begun):
                self.tell(Halfway(file.name, item.name, documents))
            elif passages := split(item):
                documents += 1
                if documents <= rest.received:
                    continue
                if self._is_full():
                    yield self._take()
                self._batcher.add(item, passages)
            else:
                reason, line = "has no text", item.line
                problems.append(
                    Problem(path=file.name, reason=reason, line=line, state=State.NO_TEXT)
                )
        self._batcher.end_file(CataloguedFile(reading.fingerprint, tuple(problems)))

    def _is_full(self) -> bool:
        words = min(max(self._words, _FIRST_BATCH), _BATCH_WORDS)
        return self._batcher.word_count >= words or self._batcher.file_count >= _BATCH_FILES

    def _take(self) -> Batch:
        self._words += self._batcher.word_count
        batch = self._batcher.take()
        # Compressed here: it takes a third of the memory, and less time to send.
        batch.passages = list(in_blocks(batch.passages))
        batch.documents = list(in_blocks(batch.documents))
        return batch
