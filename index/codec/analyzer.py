"""Chaja's analyser as Whoosh's: what a query parser and a highlighter turn text into terms with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from whoosh import analysis

from ..analysis.analyzer import Analyzer
from ..analysis.word import Role
from ..analyzers import open_analyzer
from ..directory.commit import About
from ..directory.damage import reported_damage


class WordAnalyzer(analysis.Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Text to terms; the lexicon of the index is opened when the first text comes.

    In a query a word is the terms of its first reading, and a word of particles only is none;
    anywhere else it is all its terms. Offsets are characters of the text.
    """

    def __init__(self, directory: Path, about: About) -> None:
        self._directory = directory
        self._about = about

    @cached_property
    def _words(self) -> Analyzer:
        return open_analyzer(self._directory, self._about)

    def __call__(
        self, value: str, *, mode: str = "", **options: object
    ) -> Iterator[analysis.Token]:
        """Yield the terms of a text, in order, each a token of its own.

        Raises AnalyserMismatch and IndexDamaged.
        """
        with reported_damage(self._directory, missing=True):
            tokens = self._words.tokens(value)
        for token in tokens:
            for part in token.word.parts:
                if part.role is Role.READING or mode != "query":
                    start, end = token.span_of(part)
                    yield analysis.Token(
                        mode=mode,
                        text=part.term,
                        original=value[start:end],
                        pos=token.position + part.position,
                        startchar=start,
                        endchar=end,
                        **options,
                    )

    def close(self) -> None:
        """Close the lexicon, if it was opened."""
        if "_words" in self.__dict__:
            self._words.lexicon.close()
            self._words.korean.close()
