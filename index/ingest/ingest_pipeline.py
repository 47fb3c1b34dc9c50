"""Files become batches, and batches segments: their new words analysed, inverted.

Many files are read by processes of their own. A thread waits for Kiwi, which has another, while
the next batch is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from ..analysis.analyzer import Analyzer
from ..segment.content import SegmentContent
from .batch import Batch
from .learner import Learner
from .segment_buffer import SegmentBuffer

# What becomes one segment, so that memory is bounded, at some 1.5 GB: a word takes four bytes, and
# eight while it is inverted, a distinct one some 400, and there is the stored text, compressed.
_SEGMENT_WORDS = 60_000_000
_SEGMENT_PASSAGES = 4_000_000
_SEGMENT_DISTINCT_WORDS = 1_000_000


class IngestPipeline:
    """Takes batches in and gives segments out, to `keep`."""

    def __init__(self, analyzer: Analyzer, keep: Callable[[SegmentContent], None]) -> None:
        self._analyzer = analyzer
        self._keep = keep
        self._inverter = SegmentBuffer()
        self._learner = Learner(analyzer, self._inverter.define)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kiwi")
        self._pending: deque[Future[None]] = deque()
        self.passages = self.documents = 0

    def close(self) -> None:
        """Let go of the thread, and of what no segment was made of."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def add(self, batch: Batch) -> None:
        """Take a batch in. Raises what Kiwi does, for an earlier batch as well."""
        new = self._inverter.add(batch)
        self.passages += len(batch.bodies.sizes)
        self.documents += len(batch.held)
        while self._pending and self._pending[0].done():
            self._pending.popleft().result()  # what Kiwi raised ends the reading at once
        if new:
            self._pending.append(self._thread.submit(self._learner.learn, new))
        if self._is_full():
            self.finish()

    def _is_full(self) -> bool:
        inverter = self._inverter
        return (
            inverter.word_count >= _SEGMENT_WORDS
            or len(inverter) >= _SEGMENT_PASSAGES
            or inverter.distinct_words >= _SEGMENT_DISTINCT_WORDS
        )

    def finish(self) -> None:
        """Make a segment of what was taken in, if there is something."""
        self._pending.append(self._thread.submit(self._learner.settle))
        while self._pending:
            self._pending.popleft().result()
        if len(self._inverter):
            self._keep(self._inverter.content(self._analyzer.composed))
