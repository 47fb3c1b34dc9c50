"""The words that an index knows, and those of its lexicon, as correction and completion ask.

An engine may be milliseconds away: what will be asked for is announced first, so that it can ask
for all of it at once. An engine that answers each question at once takes no notice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from index.analysis.english import stem
from index.analysis.word import Role
from index.value import NamedTuple

if TYPE_CHECKING:  # completion needs no lexicon, and a shell waits for it
    from index.analysis.lexicon import Lexicon


class PrefixPattern(NamedTuple):
    """Words that begin with `head`, followed by a syllable of each of `ranges`.

    A range is its first and its last syllable.
    """

    head: str
    ranges: tuple[tuple[str, str], ...] = ()


class Vocabulary(ABC):
    """The terms of an index, and the words of the lexicon that it was built with.

    Without the lexicon, words in Hangul are known as terms only: enough to complete one. The
    frequency of a term is the number of passages with it in their text, title or fields: the most.
    Threads may share a vocabulary.
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of passages; deleted ones may count."""

    @abstractmethod
    def expect(self, terms: Iterable[str]) -> None:
        """Take note of terms whose frequencies will be asked for."""

    @abstractmethod
    def expect_similar(self, keys: Iterable[str]) -> None:
        """Take note of the keys of words in Hangul that `similar_hangul` will be asked for."""

    @abstractmethod
    def term_frequency(self, term: str) -> int:
        """Return the frequency of a term."""

    @abstractmethod
    def similar_hangul(self, keys: str, *, edits: int) -> Mapping[str, int]:
        """Return words in Hangul, of the lexicon too, that few mistyped keys make of `keys`.

        All at so many `edits` or fewer are among them, with others that share most keys. The
        numbers are sums of frequencies in fields, deleted passages included, for a first choice.
        """

    @abstractmethod
    def similar_stems(self, keys: str, *, edits: int, longest_ending: int) -> Mapping[str, int]:
        """Return terms in Latin letters that so many `edits` make the beginning of `keys`.

        At most `longest_ending` keys follow them. The rest is as `similar_hangul` has it.
        """

    @abstractmethod
    def starting_with(self, patterns: Sequence[PrefixPattern], *, most: int) -> list[str]:
        """Return the terms that match a pattern, at least the `most` frequent ones of each."""

    @abstractmethod
    def texts_with(self, terms: Sequence[str], *, most: int) -> Iterator[Sequence[str]]:
        """Yield some texts with each term, at most so many, or else some titles."""

    def expect_words(self, words: Iterable[str]) -> None:
        """Take note of words that `word_frequency` will be asked for."""
        self.expect(self._terms_of(words))

    def _terms_of(self, words: Iterable[str]) -> Iterator[str]:
        known = list(words)
        yield from known
        yield from (stem(word) for word in known if word.isascii())
        if self.lexicon:
            self.lexicon.look_up(word for word in known if not word.isascii())
            for word in known:
                yield from self._primary_terms(word)

    def word_frequency(self, word: str) -> int:
        """Return the number of passages that may have a word: those with its rarest term.

        0 for a word that is no term and not in the lexicon: Kiwi is not loaded for it.
        """
        as_term = self.term_frequency(word)
        if word.isascii():
            return max(as_term, self.term_frequency(stem(word)))
        return max(as_term, min(map(self.term_frequency, self._primary_terms(word)), default=0))

    def _primary_terms(self, word: str) -> Iterator[str]:
        """Yield the terms that the lexicon has for a word in Hangul."""
        analysis = self.lexicon.get(word) if self.lexicon and not word.isascii() else None
        parts = analysis[0] if analysis else ()
        return (part.term for part in parts if part.role is Role.PRIMARY)

    def endings(self, candidates: Iterable[str]) -> set[str]:
        """Return the `candidates` that follow the last term of some word of the lexicon."""
        return self.lexicon.endings(candidates) if self.lexicon else set()
