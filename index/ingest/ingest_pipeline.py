"""Turns batches into segments: new words are analyzed, then occurrences inverted.

Processes read many files at once, and Kiwi runs in another process; a thread waits for it while
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

# Limits of a segment, which bound memory at about 1.5 GB: a word takes four bytes, eight during
# inversion; a distinct word takes 400; and there are the compressed stored fields.
_SEGMENT_WORDS = 60_000_000
_SEGMENT_PASSAGES = 4_000_000
_SEGMENT_DISTINCT_WORDS = 1_000_000


class IngestPipeline:
    """Accepts batches, and passes segments to `keep`."""

    def __init__(self, analyzer: Analyzer, keep: Callable[[SegmentContent], None]) -> None:
        self._analyzer = analyzer
        self._keep = keep
        self._buffer = SegmentBuffer()
        self._learner = Learner(analyzer, self._buffer.define)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kiwi")
        self._pending: deque[Future[None]] = deque()
        self.passages = self.documents = 0

    def close(self) -> None:
        """Stop the thread, and drop what is not in a segment yet."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def add(self, batch: Batch) -> None:
        """Add a batch. Raises errors of Kiwi, also those from earlier batches."""
        new = self._buffer.add(batch)
        self.passages += len(batch.bodies.sizes)
        self.documents += len(batch.passage_counts)
        while self._pending and self._pending[0].done():
            self._pending.popleft().result()  # raises an error of Kiwi at once
        if new:
            self._pending.append(self._thread.submit(self._learner.learn, new))
        buffer = self._buffer
        if (
            buffer.word_count >= _SEGMENT_WORDS
            or len(buffer) >= _SEGMENT_PASSAGES
            or buffer.distinct_words >= _SEGMENT_DISTINCT_WORDS
        ):
            self.finish()

    def finish(self) -> None:
        """Make a segment of what was added since the last one, if anything was."""
        self._pending.append(self._thread.submit(self._learner.finish))
        while self._pending:
            self._pending.popleft().result()
        if len(self._buffer):
            self._keep(self._buffer.content(self._analyzer.words_uncached))
