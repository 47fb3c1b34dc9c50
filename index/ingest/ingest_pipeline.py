"""Turns batches into segments: collected in a buffer, new words analyzed, occurrences inverted.

Processes read many files at once, and Kiwi runs in another process; a thread waits for it while
the next batch is read.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter

import numpy as np

from ..analysis.analyzer import MIN_STEM_LENGTH, Analyzer
from ..analysis.joints import is_joint, is_pair, verdict_of, whole
from ..analysis.lexicon import Analysis, stem_of
from ..analysis.word import Word
from ..analysis.word_ids import Texts
from ..arrays.array_types import CInts
from ..arrays.ids import Distinct
from ..arrays.ragged import distinct
from ..schema import LAST_POSITION
from ..segment.content import SegmentContent
from ..value import NamedTuple
from .batch import Batch
from .inversion import CollectedBatches, Inversion
from .joined_words import JoinedWords, Verdicts
from .occurrences import WordTerms

# Limits of a segment, which bound memory at about 1.5 GB: a word takes four bytes, eight during
# inversion; a distinct word takes 400; and there are the compressed stored fields.
_SEGMENT_WORDS = 60_000_000
_SEGMENT_PASSAGES = 4_000_000
_SEGMENT_DISTINCT_WORDS = 1_000_000
# The part of these limits for a segment of a single file: however large, it takes some 300 MB.
_SEGMENT_OF_A_FILE = 1 / 4

WordAnalysis = Callable[[Sequence[str]], Sequence[Word]]

_NO_ID = -1

# Words in a request: its response is processed while Kiwi works on the next.
_REQUEST = 2_000
# Words composed at once, at half a kilobyte each.
_COMPOSED = 20_000


class IngestPipeline:
    """Accepts batches, and passes segments to `keep`."""

    def __init__(
        self, analyzer: Analyzer, keep: Callable[[SegmentContent], None], *, share: float = 1.0
    ) -> None:
        """With `share`, segments have this part of the words that they may have."""
        self._analyzer = analyzer
        self._keep = keep
        self._share = share
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
        if self._is_full():
            self.finish()

    @property
    def collected(self) -> CollectedBatches:
        """What was added and is in no segment yet."""
        return self._buffer.batches

    def _is_full(self) -> bool:
        buffer = self._buffer
        share = min(self._share, _SEGMENT_OF_A_FILE if buffer.is_of_one_file else 1)
        return (
            buffer.word_count >= _SEGMENT_WORDS * share
            or len(buffer) >= _SEGMENT_PASSAGES * share
            or buffer.distinct_words >= _SEGMENT_DISTINCT_WORDS * share
        )

    def finish(self) -> None:
        """Make a segment of what was added since the last one, if anything was."""
        self._pending.append(self._thread.submit(self._learner.finish))
        while self._pending:
            self._pending.popleft().result()
        if len(self._buffer):
            analyzer = self._analyzer
            self._keep(self._buffer.content(analyzer.words_uncached, analyzer.verdicts))


class SegmentBuffer:
    """Collects batches until they become a segment."""

    def __init__(self, *, whole_fields: bool = False) -> None:
        """With `whole_fields`, the segments have each field in one part."""
        self._whole_fields = whole_fields
        self._readers: defaultdict[int, _ReaderWords] = defaultdict(_ReaderWords)
        self._start_anew()

    def _start_anew(self) -> None:
        self._ids: Distinct[str] = Distinct()
        self._words: list[str] = []
        self._joined = JoinedWords()
        self._terms = WordTerms()
        self._batches = CollectedBatches()
        self._passages = self.word_count = 0
        self._paths: set[str] = set()

    def __len__(self) -> int:
        return self._passages

    @property
    def distinct_words(self) -> int:
        """The number of different words in the buffer."""
        return len(self._words)

    @property
    def batches(self) -> CollectedBatches:
        """The batches in the buffer."""
        return self._batches

    @property
    def is_of_one_file(self) -> bool:
        """Whether all documents in the buffer have the same path."""
        return len(self._paths) <= 1

    def add(self, batch: Batch) -> list[str]:
        """Add a batch; return the words and joints that were not in the buffer."""
        if batch.starts_anew:
            self._readers.pop(batch.reader, None)
        reader = self._readers[batch.reader]
        known = len(self._words)
        reader.add(self._ids_of(batch.words))
        read = (batch.bodies, batch.titles.cut(LAST_POSITION), batch.others.cut(LAST_POSITION))
        for texts in read:
            reader.assign_missing(texts.numbers, self._ids_of)
        bodies, titles, others = map(reader.renumbered, read)
        self._batches.add(batch, bodies, titles, others)
        new = self._words[known:]
        self._joined.define(new, known)
        for some in (bodies, titles, others):
            new += self._joined.add(some, self._words)
        if self.is_of_one_file:
            self._paths.update(batch.paths)
        self._passages += len(bodies.sizes)
        self.word_count += len(bodies.numbers)
        return new

    def _ids_of(self, words: Sequence[str]) -> list[int]:
        """Return the ids of words, after assigning ids to new ones."""
        ids = list(map(self._ids.__getitem__, words))
        self._words += self._ids.new()
        return ids

    def define(self, words: Sequence[Word]) -> None:
        """Set the analyses of the next words that `add` returned, joints left out."""
        self._terms.add(words)

    def content(self, analysis: WordAnalysis, verdicts: Verdicts) -> SegmentContent:
        """Return the inverted content of the buffer, and empty it.

        `analysis` is called with the words that were not defined, `verdicts` with all joints.
        """
        self._batches.join(self._joined.joining(verdicts, self._ids_of))
        self._terms.add(analysis(self._words[len(self._terms) :]))
        terms, batches = self._terms, self._batches
        for reader in self._readers.values():
            reader.forget(self._words)
        self._start_anew()
        return Inversion(batches, terms.sorted(), whole_fields=self._whole_fields).content()


class _ReaderWords:
    """The word ids of one reader, mapped to those of the buffer."""

    def __init__(self) -> None:
        self._ids = np.zeros(0, np.intc)
        # The first words, whose ids were forgotten with an earlier segment.
        self._words: list[str] = []

    def add(self, ids: Sequence[int]) -> None:
        """Set the ids of the reader's next words."""
        self._ids = np.append(self._ids, np.array(ids, np.intc))

    def forget(self, words: Sequence[str]) -> None:
        """Forget all ids, which index `words`."""
        known = self._words
        self._words = [
            known[own] if number == _NO_ID else words[number]
            for own, number in enumerate(self._ids.tolist())
        ]
        self._ids = np.full(len(self._ids), _NO_ID, np.intc)

    def assign_missing(self, own: CInts, ids_of: Callable[[Sequence[str]], Sequence[int]]) -> None:
        """Assign ids to those of the reader's ids `own` whose id was forgotten."""
        if self._words:
            missing = distinct(own[self._ids[own] == _NO_ID])
            self._ids[missing] = ids_of([self._words[number] for number in missing.tolist()])

    def renumbered(self, texts: Texts) -> Texts:
        return Texts(self._ids[texts.numbers], texts.sizes)


class _Request(NamedTuple):
    """Words sent to Kiwi, the time when they were, and the function that waits for the response."""

    keys: Sequence[str]
    sent: float
    response: Callable[[], Sequence[Analysis]]


class Learner:
    """Adds words to the lexicon and passes their analyses to `keep`; not for concurrent calls."""

    def __init__(self, analyzer: Analyzer, keep: Callable[[Sequence[Word]], None]) -> None:
        """Pass to `keep` the analysis of each word, in the order of the words."""
        self._analyzer = analyzer
        self._keep = keep
        self._requests: deque[_Request] = deque()
        self._pending: set[str] = set()
        self._stems: set[str] = set()
        self._words: list[str] = []
        self._last_response = 0.0

    def learn(self, words: Sequence[str]) -> None:
        """Send new words to Kiwi, and process the responses of all requests but the last."""
        if self._send_new(words):  # all earlier words are analyzed, while Kiwi is at these
            self._compose()
        self._words += [word for word in words if not is_pair(word)]
        if not self._requests:
            self._compose()

    def finish(self) -> None:
        """Process all words passed to `learn`, and their stems."""
        while self._requests:
            self._receive()
            self._send_new(())
        self._compose()

    def _send_new(self, words: Sequence[str]) -> bool:
        """Send to Kiwi what is unknown of `words`, and of the stems in the last responses.

        Return whether it was anything; then all that was sent before is answered.
        """
        stems, self._stems = self._stems, set()
        unknown = self._analyzer.unknown(stems.union(words))
        new = [key for key in unknown if key not in self._pending]
        for start in range(0, len(new), _REQUEST):
            keys = new[start : start + _REQUEST]
            request = _Request(keys, perf_counter(), self._analyzer.korean.ask(keys))
            self._pending.update(keys)
            if self._requests:
                self._receive()
            self._requests.append(request)
        return bool(new)

    def _receive(self) -> None:
        """Process the response of the oldest request."""
        request = self._requests.popleft()
        analyses = dict(zip(request.keys, request.response(), strict=True))
        now = perf_counter()
        self._analyzer.kiwi_seconds += now - max(request.sent, self._last_response)
        self._last_response = now
        self._analyzer.keep(analyses)
        self._pending.difference_update(request.keys)
        stems = (stem_of(key, analysis) for key, analysis in analyses.items())
        self._stems.update(stem for stem in stems if len(stem) >= MIN_STEM_LENGTH)
        joints = {key: verdict_of(found) for key, found in analyses.items() if is_joint(key)}
        self._stems.update(whole(joint, verdict) for joint, verdict in joints.items() if verdict)

    def _compose(self) -> None:
        """Compose words of their parts now, while Kiwi and the readers are busy elsewhere."""
        words, self._words = self._words, []
        for start in range(0, len(words), _COMPOSED):
            self._keep(self._analyzer.words_uncached(words[start : start + _COMPOSED]))
            self._analyzer.forget()
