"""Teaches an analyser the words of a build, with Kiwi always one question ahead.

With 협상을 it learns 협상, which may stand nowhere alone: a search for the bare noun would have to
load Kiwi. Kiwi is asked for it as for any word, and for what is a stem of that in turn, so that
the words given, in whatever order, decide what is known in the end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple

from ..analysis.analyzer import SHORTEST_STEM, Analyzer
from ..analysis.lexicon import Analysis, stem_of
from ..analysis.word import Word

# Words in a question: their answers are looked at while Kiwi is at the next.
_QUESTION = 2_000


class _Question(NamedTuple):
    """Words put to Kiwi, when they were, and what waits for the answer."""

    keys: Sequence[str]
    asked: float
    answer: Callable[[], Sequence[Analysis]]


class Learner:
    """Learns words in the order they are given; by one thread at a time."""

    def __init__(self, analyzer: Analyzer, keep: Callable[[Sequence[Word]], None]) -> None:
        """Make one that gives to `keep` what words are made of, in the order they are given."""
        self._analyzer = analyzer
        self._keep = keep
        self._questions: deque[_Question] = deque()
        self._asked: set[str] = set()
        self._stems: set[str] = set()
        self._met: list[str] = []
        self._answered = 0.0

    def learn(self, words: Sequence[str]) -> None:
        """Put to Kiwi what is new in `words`; take its answers to all questions but the last."""
        self._put(words)
        self._met += words
        if not self._questions:
            self._compose()

    def settle(self) -> None:
        """Learn all words given so far, and their stems."""
        while self._questions:
            self._hear()
            self._put(())
        self._compose()

    def _put(self, words: Sequence[str]) -> None:
        """Put to Kiwi what is new in `words`, and in the stems of those it has answered."""
        stems, self._stems = self._stems, set()
        unknown = self._analyzer.unknown(stems.union(words))
        new = [key for key in unknown if key not in self._asked]
        for start in range(0, len(new), _QUESTION):
            self._ask(new[start : start + _QUESTION])

    def _ask(self, keys: Sequence[str]) -> None:
        question = _Question(keys, perf_counter(), self._analyzer.korean.ask(keys))
        self._asked.update(keys)
        if self._questions:
            self._hear()
        self._questions.append(question)

    def _hear(self) -> None:
        """Take the answer to the first open question."""
        question = self._questions.popleft()
        analyses = dict(zip(question.keys, question.answer(), strict=True))
        now = perf_counter()
        self._analyzer.kiwi_seconds += now - max(question.asked, self._answered)
        self._answered = now
        self._analyzer.keep(analyses)
        self._asked.difference_update(question.keys)
        stems = (stem_of(key, analysis) for key, analysis in analyses.items())
        self._stems.update(stem for stem in stems if len(stem) >= SHORTEST_STEM)

    def _compose(self) -> None:
        """Make words of their parts now, while Kiwi and the reading go on elsewhere."""
        met, self._met = self._met, []
        self._keep(self._analyzer.composed(met))
        self._analyzer.forget()
