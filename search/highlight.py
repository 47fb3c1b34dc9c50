"""Which stretches of a passage answer a query, found by the analyser that made its terms."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.analysis.analyzer import Analyzer, Token
from index.analysis.normal import normal_form
from index.analysis.word import Role

from .hit import Match
from .occurrences import occurrences
from .reading import QueryWord


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to highlight: for each term, and each pair of syllables, the query word it is of.

    Where the query is one `phrase`, only what stands in an occurrence of it. Words of particles
    light up where `particles` are all that is asked for.
    """

    terms: Mapping[str, str]
    grams: Mapping[str, str]
    particles: bool = False
    phrase: tuple[QueryWord, ...] = ()
    slop: int = 0


def wanted(words: Iterable[QueryWord], patterns: Mapping[str, str]) -> Wanted:
    """Return what the words of a query, and the terms that its patterns stand for, light up."""
    asked = [word for word in words if word.asked]
    terms = {term: word.typed for word in reversed(asked) for term in word.terms}
    grams = {gram: word.typed for word in reversed(asked) for gram in word.word.grams}
    return Wanted(dict(patterns) | terms, grams, not any(word.word.width for word in asked))


def highlight(analyzer: Analyzer, text: str, query: Wanted) -> tuple[Match, ...]:
    """Return the stretches of `text` that the query met, in order, never overlapping.

    Where no term stands, the words that share a pair of syllables with the query are shown.
    """
    tokens = analyzer.tokens(text)
    lit = _lit(tokens, query)
    found = [match for token in tokens for match in _of_terms(token, query, lit)]
    if not found:
        found = [match for token in tokens for match in _of_grams(token, query.grams)]
    return _apart(found)


def _lit(tokens: Sequence[Token], query: Wanted) -> Container[int]:
    """Return the positions of a passage that may light up: all, unless a phrase is asked for."""
    every = range(tokens[-1].position + tokens[-1].word.width + 1) if tokens else range(0)
    if not query.phrase:
        return every
    spans = occurrences(tokens, query.phrase, slop=query.slop)
    return {position for start, end in spans for position in range(start, end)} or every


def _of_terms(token: Token, query: Wanted, lit: Container[int]) -> list[Match]:
    found: list[Match] = []
    affixes: list[Match] = []
    for part in token.word.parts:
        word = query.terms.get(part.term)
        if word is None or (part.role is Role.WEAK and not query.particles):
            continue
        if token.position + part.position in lit:
            start, end = token.span_of(part)
            match = Match(start=start, end=end, word=word, term=part.term)
            found.append(match)
            # Counted in the normal form: as NFD, one syllable is up to three characters.
            if part.end - part.start == 1 < len(normal_form(word)):
                affixes.append(match)
    return [match for match in found if match not in affixes or _has_neighbour(match, found)]


def _has_neighbour(match: Match, found: Sequence[Match]) -> bool:
    """Tell 적 met in 전략적 from 적 met in 개념적, which says little of 전략적."""
    return any(
        other is not match and other.start <= match.end and match.start <= other.end
        for other in found
    )


def _of_grams(token: Token, grams: Mapping[str, str]) -> list[Match]:
    start, end = token.span
    return [
        Match(start=start, end=end, word=grams[gram], term=gram)
        for gram in token.word.grams
        if gram in grams
    ][:1]


def _apart(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Keep the longest of matches that overlap."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return tuple(kept)
