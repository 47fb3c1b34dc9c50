"""Analyzes the new words of a build, with Kiwi always one request ahead.

The stem of a word is analyzed too: 협상을 brings 협상, which may occur nowhere alone, and a search
for it would have to load Kiwi. Stems of stems follow, so that the lexicon depends on the words
only, not on their order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple

from ..analysis.analyzer import MIN_STEM_LENGTH, Analyzer
from ..analysis.lexicon import Analysis, stem_of
from ..analysis.word import Word

# Words in a request: its response is processed while Kiwi works on the next.
_REQUEST = 2_000


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
        self._send_new(words)
        self._words += words
        if not self._requests:
            self._compose()

    def finish(self) -> None:
        """Process all words passed to `learn`, and their stems."""
        while self._requests:
            self._receive()
            self._send_new(())
        self._compose()

    def _send_new(self, words: Sequence[str]) -> None:
        """Send to Kiwi what is unknown of `words`, and of the stems in the last responses."""
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

    def _compose(self) -> None:
        """Compose words of their parts now, while Kiwi and the readers are busy elsewhere."""
        words, self._words = self._words, []
        self._keep(self._analyzer.words_uncached(words))
        self._analyzer.forget()
