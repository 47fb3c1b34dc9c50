"""Files become segments: read, cut into passages, their new words analysed, inverted.

Many files are read by a process of their own. A thread waits for Kiwi, which has another, while
the next batch is read.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from corpus.folder import SourceFile

from .analysis.analyzer import Analyzer
from .analysis.learner import Learner
from .batch import Batch
from .catalogue import CataloguedFile
from .inverter import Inverter
from .reader_process import ReaderProcess
from .reading import batches
from .segment.content import SegmentContent

# Words before all are made a segment: this bounds the memory of a build, at 100 bytes a word.
_SEGMENT_WORDS = 4_000_000
# Reading this much takes longer than starting a process that does it.
_WORTH_A_PROCESS = 3_000_000
# Objects made before the collector looks for cycles: there are hardly any, and it would look at
# all words each time.
_COLLECTED_AFTER = 200_000
# What opening a file costs, in the bytes that are read in that time.
_FILE = 500


class Intake:
    """Takes files in and gives segments out, to `keep`; a context manager."""

    def __init__(self, analyzer: Analyzer, keep: Callable[[SegmentContent], None]) -> None:
        self._analyzer = analyzer
        self._learner = Learner(analyzer)
        self._keep = keep
        self._inverter = Inverter()
        self._reader: ReaderProcess | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kiwi")
        self._pending: list[Future[None]] = []
        self.passages = 0

    def __enter__(self) -> Self:
        self._thresholds = gc.get_threshold()
        first, *others = self._thresholds
        gc.set_threshold(first and max(_COLLECTED_AFTER, first), *others)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        gc.set_threshold(*self._thresholds)
        if self._reader is not None:
            self._reader.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def take(self, files: Sequence[SourceFile]) -> Iterator[CataloguedFile]:
        """Read files, once; yield in their order what each was like and what it had amiss.

        A fingerprint is taken before its file is read. Raises what Kiwi does, and
        ChildProcessError where the process that reads is killed.
        """
        for batch in self._batches(files):
            if batch.starts_anew and len(self._inverter):
                self._cut()
            self._add(batch)
            yield from batch.files

    def _batches(self, files: Sequence[SourceFile]) -> Iterator[Batch]:
        if sum(file.size + _FILE for file in files) >= _WORTH_A_PROCESS:
            try:
                self._reader = ReaderProcess(files)
            except OSError:  # none can be started: read here
                pass
            else:
                return self._reader.batches()
        return batches(files)

    def _add(self, batch: Batch) -> None:
        self._inverter.add(batch)
        self.passages += len(batch.bodies.sizes)
        if batch.words:
            self._pending.append(self._thread.submit(self._learner.learn, batch.words))
        if self._inverter.word_count >= _SEGMENT_WORDS:
            self._cut()

    def _cut(self) -> None:
        """Make a segment of what was taken in."""
        self._pending.append(self._thread.submit(self._learner.settle))
        for future in self._pending:
            future.result()
        self._pending.clear()
        if len(self._inverter):
            self._keep(self._inverter.content(self._analyzer.words))
        self._analyzer.forget()

    def finish(self) -> None:
        """Make a segment of what is left."""
        self._cut()
