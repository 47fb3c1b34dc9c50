"""Files become segments: read, cut into passages, their new words analysed, inverted.

Many files are read by processes of their own. A thread waits for Kiwi, which has another, while
the next batch is read.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from corpus.walk import SourceFile

from ..analysis.analyzer import Analyzer
from ..directory.catalogue import CataloguedFile
from ..ingest.batch import Batch
from ..ingest.learner import Learner
from ..ingest.segment_buffer import Inverter
from ..segment.content import SegmentContent
from .batch_reader import batches, chunks, cost
from .reader_pool import Readers

# What becomes one segment, so that memory is bounded, at some 1.5 GB: a word takes four bytes, and
# eight while it is inverted, a distinct one some 400, and there is the stored text, compressed.
_SEGMENT_WORDS = 60_000_000
_SEGMENT_PASSAGES = 4_000_000
_SEGMENT_DISTINCT_WORDS = 1_000_000
# Reading this much takes longer than starting a process that does it.
_WORTH_A_PROCESS = 3_000_000
# Objects made before the collector looks for cycles: there are hardly any, and it would look at
# all words each time.
_COLLECTED_AFTER = 200_000


class Intake:
    """Takes files in and gives segments out, to `keep`; a context manager."""

    def __init__(self, analyzer: Analyzer, keep: Callable[[SegmentContent], None]) -> None:
        self._analyzer = analyzer
        self._keep = keep
        self._inverter = Inverter()
        self._learner = Learner(analyzer, self._inverter.define)
        self._readers: Readers | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kiwi")
        self._pending: deque[Future[None]] = deque()
        self.passages = 0

    def __enter__(self) -> Self:
        self._thresholds = gc.get_threshold()
        first, *others = self._thresholds
        gc.set_threshold(first and max(_COLLECTED_AFTER, first), *others)
        return self

    def __exit__(self, *_: object) -> None:
        gc.set_threshold(*self._thresholds)
        if self._readers is not None:
            self._readers.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def take(self, files: Sequence[SourceFile]) -> Iterator[CataloguedFile]:
        """Read files, once; yield in their order what each was like and what it had amiss.

        A fingerprint is taken before its file is read. Raises what Kiwi does, and
        ChildProcessError where the process that reads is killed.
        """
        for batch in self._batches(files):
            self._add(batch)
            yield from batch.files

    def _batches(self, files: Sequence[SourceFile]) -> Iterator[Batch]:
        if sum(map(cost, files)) >= _WORTH_A_PROCESS:
            try:
                self._readers = Readers(chunks(files))
            except OSError:  # none can be started: read here
                pass
            else:
                return self._readers.batches()
        return batches(files)

    def _add(self, batch: Batch) -> None:
        new = self._inverter.add(batch)
        self.passages += len(batch.bodies.sizes)
        while self._pending and self._pending[0].done():
            self._pending.popleft().result()  # what Kiwi raised ends the reading at once
        if new:
            self._pending.append(self._thread.submit(self._learner.learn, new))
        if self._is_full():
            self._cut()

    def _is_full(self) -> bool:
        inverter = self._inverter
        return (
            inverter.word_count >= _SEGMENT_WORDS
            or len(inverter) >= _SEGMENT_PASSAGES
            or inverter.distinct_words >= _SEGMENT_DISTINCT_WORDS
        )

    def _cut(self) -> None:
        """Make a segment of what was taken in."""
        self._pending.append(self._thread.submit(self._learner.settle))
        while self._pending:
            self._pending.popleft().result()
        if len(self._inverter):
            self._keep(self._inverter.content(self._analyzer.composed))

    def finish(self) -> None:
        """Make a segment of what is left."""
        self._cut()
