"""Files become batches: read, cut into passages, and their words numbered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus import Problem, read
from corpus.changes import Fingerprint, fingerprint
from corpus.folder import SourceFile
from corpus.passages import split

from .batch import Batch, Batcher
from .catalogue import GONE, UNKNOWN, CataloguedFile

# Words in a batch: few at first, so that Kiwi loads while the rest is read, then twice as many
# each time.
_FIRST_BATCH = 2_000
_BATCH_WORDS = 200_000
# Files in a batch, so that progress is told of those that hold few words, too.
_BATCH_FILES = 1_000


def batches(files: Iterable[SourceFile]) -> Iterator[Batch]:
    """Yield all that files hold, in their order; how it is cut depends on the files alone.

    Raises nothing for a file that cannot be read: its Problem says why.
    """
    return _Reading().batches(files)


class _Reading:
    """One pass over files."""

    def __init__(self) -> None:
        self._batcher = Batcher()
        self._words = 0

    def batches(self, files: Iterable[SourceFile]) -> Iterator[Batch]:
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
        enough = min(max(self._words, _FIRST_BATCH), _BATCH_WORDS)
        return self._batcher.word_count >= enough or self._batcher.file_count >= _BATCH_FILES

    def _take(self) -> Batch:
        self._words += self._batcher.word_count
        return self._batcher.take()


def _unread(file: SourceFile, error: OSError) -> CataloguedFile:
    gone = isinstance(error, FileNotFoundError)
    reason = "vanished before it was read" if gone else f"cannot be read: {error.strerror}"
    return CataloguedFile(GONE if gone else UNKNOWN, (Problem(path=file.name, reason=reason),))
