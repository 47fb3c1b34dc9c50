"""Tokenizes lines for learning: the terms to learn translations of, with their surface forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis.analyzer import Analyzer
from ...analysis.compose import lexicon_keys
from ...analysis.english import STOP_WORDS
from ...analysis.word import Part, Role
from ...analysis.word_ids import Texts, WordIds
from ...arrays.array_types import Int64s, Mask
from ...arrays.ids import numbered
from ...arrays.ragged import row_indices, sums
from ...value import NamedTuple
from .model1 import TermSets

_HANGUL = re.compile("[가-힣]")
_LETTER = re.compile("[^\\W\\d_]")
_MAX_TERMS = 100  # distinct ones of a line


class Token(NamedTuple):
    """A term within a word, its surface form, and whether this begins and ends the word."""

    term: str
    text: str
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class TokenizedLines:
    """The tokens of the lines of one language, one line after the other.

    `tokens` are indexes into `vocabulary`, `terms` into `names`; `sizes` count the tokens of each
    line.
    """

    vocabulary: Sequence[Token]
    names: Sequence[str]
    tokens: Int64s
    terms: Int64s
    sizes: Int64s

    @property
    def lines(self) -> Int64s:
        """Return the number of the line of each token."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def every(self, step: int) -> TokenizedLines:
        """Return every step-th line."""
        rows = np.arange(0, len(self.sizes), step)
        kept = row_indices(rows, self.sizes)
        return TokenizedLines(
            self.vocabulary, self.names, self.tokens[kept], self.terms[kept], self.sizes[rows]
        )

    def flags(self, of_vocabulary: Iterable[bool]) -> Mask:
        """Return the flag of each token, given those of the vocabulary."""
        return np.array(list(of_vocabulary), np.bool_)[self.tokens]

    def content_words(self, *, korean: bool) -> Mask:
        """Return whether each token is a content word of the language."""
        flags = [_is_content_word(name, korean=korean) for name in self.names]
        return np.array(flags, np.bool_)[self.terms]

    def surface_forms(self) -> dict[int, str]:
        """Return the most frequent word of each term that some word consists of."""
        counts = np.bincount(self.tokens, minlength=len(self.vocabulary)).tolist()
        best: dict[str, tuple[int, str]] = {}
        for token, count in zip(self.vocabulary, counts, strict=True):
            if count and token.begins and token.ends:
                best[token.term] = max(best.get(token.term, (0, "")), (count, token.text))
        return {number: best[name][1] for number, name in enumerate(self.names) if name in best}


def _is_content_word(term: str, *, korean: bool) -> bool:
    """Return whether to learn translations of a term: not of stop words, numbers, other scripts."""
    if korean or _HANGUL.search(term):
        return korean and _HANGUL.search(term) is not None
    return term not in STOP_WORDS and _LETTER.search(term) is not None


@dataclass(frozen=True, slots=True)
class NumberedLines:
    """Lines as word ids, which index `words`."""

    words: Sequence[str]
    texts: Texts

    @classmethod
    def of(cls, lines: Iterable[str]) -> NumberedLines:
        """Return some lines with their words numbered."""
        numbering = WordIds()
        collector = numbering.collector()
        for line in lines:
            collector.add(line)
        texts = collector.take()
        return cls(numbering.new_words(), texts)


def tokenize(lines: NumberedLines, analyzer: Analyzer) -> TokenizedLines:
    """Return the tokens of some lines, without words that the lexicon does not have."""
    tokens: list[Token] = []
    counts: list[int] = []
    for word, parts in zip(lines.words, _parts(lines.words, analyzer), strict=True):
        tokens += [
            Token(part.term, word[part.start : part.end], part.start == 0, part.end == len(word))
            for part in parts
        ]
        counts.append(len(parts))
    names: dict[str, int] = {}
    terms = np.array([names.setdefault(token.term, len(names)) for token in tokens], np.int64)
    widths = np.array(counts, np.int64)
    found = row_indices(lines.texts.numbers, widths)
    sizes = sums(widths[lines.texts.numbers], lines.texts.sizes)
    return TokenizedLines(tokens, list(names), found, terms[found], sizes)


def _parts(words: Sequence[str], analyzer: Analyzer) -> list[list[Part]]:
    keys = {word: lexicon_keys(word) for word in words}
    known = analyzer.lexicon.look_up({key for some in keys.values() for key in some})
    return [
        [part for part in analyzer.word(word).parts if part.role is Role.PRIMARY]
        if all(key in known for key in keys[word])
        else []
        for word in words
    ]


@dataclass(frozen=True, slots=True)
class ContentTerms:
    """The content terms of each line, and for each token its position among them, or -1."""

    sets: TermSets
    positions: Int64s


def content_terms(
    korean: TokenizedLines, english: TokenizedLines
) -> tuple[ContentTerms, ContentTerms]:
    """Return the content terms of parallel lines, without English that the Korean line has too.

    A Latin word in both is its own translation and explains itself.
    """
    is_content = english.content_words(korean=False) & ~_is_shared(korean, english)
    return (
        _content_terms(korean, korean.content_words(korean=True)),
        _content_terms(english, is_content),
    )


def _is_shared(korean: TokenizedLines, english: TokenizedLines) -> Mask:
    """Return whether each English token has its term in the Korean line too."""
    numbers = {name: number for number, name in enumerate(english.names)}
    same = np.array([numbers.get(name, -1) for name in korean.names], np.int64)[korean.terms]
    base = max(len(english.names), 1)
    found = same >= 0
    keys = korean.lines[found] * base + same[found]
    shared: Mask = np.isin(english.lines * base + english.terms, keys)
    return shared


def _content_terms(lines: TokenizedLines, is_content: Mask) -> ContentTerms:
    base = max(len(lines.names), 1)
    tokens = np.flatnonzero(is_content)
    keys, numbers = numbered(lines.lines[tokens] * base + lines.terms[tokens])
    rows = keys // base
    kept = np.arange(len(rows)) - np.searchsorted(rows, rows) < _MAX_TERMS
    positions = np.full(len(lines.tokens), -1)
    positions[tokens] = np.where(kept, np.cumsum(kept) - 1, -1)[numbers]
    sizes = np.bincount(rows[kept], minlength=len(lines.sizes))
    return ContentTerms(TermSets(keys[kept] % base, sizes), positions)
