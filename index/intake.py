"""Files become segments: read, cut into passages, their new words analysed, inverted.

A thread waits for Kiwi, which has a process of its own, while the next batch is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from corpus import Document, Passage, Problem, read
from corpus.changes import fingerprint
from corpus.folder import SourceFile
from corpus.passages import split

from .analysis.analyzer import Analyzer
from .catalogue import GONE, UNKNOWN, CataloguedFile
from .inverter import Inverter
from .segment.content import SegmentContent

# Words of text read before the analyser is given the new ones among them: few at first, so that
# Kiwi loads while the rest is read, then twice as many each time.
_FIRST_BATCH = 2_000
_BATCH_WORDS = 200_000
# Words before all are made a segment: this bounds the memory of a build, at 100 bytes a word.
_SEGMENT_WORDS = 4_000_000


class Intake:
    """Takes files in and gives segments out, to `keep`."""

    def __init__(self, analyzer: Analyzer, keep: Callable[[SegmentContent], None]) -> None:
        self._analyzer = analyzer
        self._keep = keep
        self._inverter = Inverter()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kiwi")
        self._pending: list[Future[None]] = []
        self._asked = 0
        self.passages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def take(self, file: SourceFile) -> CataloguedFile:
        """Read a file; return its fingerprint, taken before, and what could not be used of it."""
        try:
            taken = fingerprint(file)
        except OSError as error:
            gone = isinstance(error, FileNotFoundError)
            reason = "vanished before it was read" if gone else f"cannot be read: {error.strerror}"
            unread = GONE if gone else UNKNOWN
            return CataloguedFile(unread, (Problem(path=file.name, reason=reason),))
        problems: list[Problem] = []
        for found in read(file.path, name=file.name):
            if isinstance(found, Problem):
                problems.append(found)
            elif passages := split(found):
                self._add(found, passages)
            else:
                problems.append(Problem(path=file.name, reason="has no text", line=found.line))
        return CataloguedFile(taken, tuple(problems))

    def _add(self, document: Document, passages: Sequence[Passage]) -> None:
        self._inverter.add(document, passages)
        self.passages += len(passages)
        batch = min(max(self._asked, _FIRST_BATCH), _BATCH_WORDS)
        if self._inverter.word_count - self._asked >= batch:
            self._ask()
        if self._inverter.word_count >= _SEGMENT_WORDS:
            self._cut()

    def _ask(self) -> None:
        self._asked = self._inverter.word_count
        words = self._inverter.new_words()
        self._pending.append(self._thread.submit(self._analyzer.learn, words))

    def _cut(self) -> None:
        """Make a segment of what was taken in."""
        self._ask()
        for future in self._pending:
            future.result()
        self._pending.clear()
        if len(self._inverter):
            self._keep(self._inverter.content(self._analyzer.word))
        self._inverter = Inverter()
        self._asked = 0

    def finish(self) -> None:
        """Make a segment of what is left."""
        self._cut()
