"""Files become segments: read, cut into passages, their new words analysed, inverted.

A thread asks Kiwi for the words of one batch while the next is read; it leaves the lexicon's
lock to no one else, since nothing but it writes there during a build.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from corpus import Document, Problem, read
from corpus.changes import UNTRUSTED, Fingerprint, fingerprint
from corpus.folder import SourceFile
from corpus.passages import split

from .analysis.analyzer import Analyzer
from .catalogue import CataloguedFile
from .inverter import Inverter
from .segment.content import SegmentContent

# Words of text read before the analyser is given the new ones among them, and before all are made
# a segment: the second bounds the memory of a build, at about 100 bytes a word.
_BATCH_WORDS = 200_000
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

    def take(self, file: SourceFile) -> CataloguedFile:
        """Read a file; return its fingerprint, taken before, and what could not be used of it."""
        try:
            taken = fingerprint(file)
        except OSError as error:
            problem = Problem(path=file.name, reason=str(error.strerror))
            return CataloguedFile(Fingerprint(0, UNTRUSTED, ""), (problem,))
        problems: list[Problem] = []
        for found in read(file.path, name=file.name):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                self._add(found)
        return CataloguedFile(taken, tuple(problems))

    def _add(self, document: Document) -> None:
        passages = split(document)
        self._inverter.add(document, passages)
        self.passages += len(passages)
        if self._inverter.word_count - self._asked >= _BATCH_WORDS:
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
        self._thread.shutdown()
