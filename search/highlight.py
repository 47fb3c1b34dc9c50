"""Which stretches of a passage answer a query, found by the analyser that made its terms."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from index.analysis.analyzer import Analyzer, Token
from index.analysis.normalize import Normal, normal_form, normalize
from index.analysis.tokenizer import words
from index.analysis.word import Role, Word

from .query.words import QueryWord, with_places
from .results import Match

Places = dict[str, set[int]]


class HighlightQuery(NamedTuple):
    """What to highlight: for each term, and each pair of syllables, the query word it is of.

    Where the query is one `phrase`, only what stands in an occurrence of it. Words of particles
    light up where `particles` are all that is asked for, and `affixes` wherever they stand.
    """

    terms: Mapping[str, str]
    bigrams: Mapping[str, str]
    particles: bool = False
    phrase: tuple[QueryWord, ...] = ()
    slop: int = 0
    affixes: bool = False


def highlight_query(words: Iterable[QueryWord], patterns: Mapping[str, str]) -> HighlightQuery:
    """Return what the words of a query, and the terms that its patterns stand for, light up."""
    asked = [word for word in words if word.asked]
    terms = {term: word.typed for word in reversed(asked) for term in word.terms}
    bigrams = {bigram: word.typed for word in reversed(asked) for bigram in word.word.bigrams}
    return HighlightQuery(
        dict(patterns) | terms, bigrams, not any(word.word.width for word in asked)
    )


def highlight(
    analyzer: Analyzer, texts: Sequence[str], query: HighlightQuery
) -> list[tuple[Match, ...]]:
    """Return the stretches of each text that the query met, in order, never overlapping.

    Where no term stands, the words that share a pair of syllables with the query are shown.
    """
    return _Highlighter(analyzer, query).matches(texts)


def highlight_titled(
    analyzer: Analyzer, texts: Sequence[str], titles: Sequence[str], query: HighlightQuery
) -> tuple[list[tuple[Match, ...]], list[tuple[Match, ...]]]:
    """Return the stretches of each text that the query met, and of the title that it stands under.

    Where that is nothing, all that may have led there: 적 of 전략적 met in 개념적, and pairs of
    syllables in the title as well.
    """
    lit = highlight(analyzer, texts, query)
    in_titles = highlight(analyzer, titles, query._replace(bigrams={}, phrase=()))
    both = zip(lit, in_titles, strict=True)
    dark = [place for place, (some, others) in enumerate(both) if not some and not others]
    least = query._replace(phrase=(), affixes=True)
    for place in dark if query.terms or query.bigrams else ():
        lit[place], in_titles[place] = highlight(analyzer, [texts[place], titles[place]], least)
    return lit, in_titles


class _Highlighter:
    """One query on its way through some texts, which repeat the same words."""

    def __init__(self, analyzer: Analyzer, query: HighlightQuery) -> None:
        self._analyzer = analyzer
        self._query = query
        self._terms = query.terms.keys() | terms_of(query.phrase)
        self._known: dict[str, tuple[Word, bool]] = {}

    def matches(self, texts: Sequence[str]) -> list[tuple[Match, ...]]:
        normals = list(map(normalize, texts))
        surfaces = [words(normal.text) for normal in normals]
        self._meet(dict.fromkeys(chain.from_iterable(surfaces)))  # one look into the lexicon
        tokens = map(self._tokens, normals, surfaces)
        return [_apart(self._lit(*read)) for read in zip(texts, tokens, strict=True)]

    def _meet(self, surfaces: Iterable[str]) -> None:
        """Learn of each word what it is made of, and whether it has one of the terms."""
        new = list(surfaces)
        for surface, word in zip(new, self._analyzer.words(new), strict=True):
            highlight_query = not self._terms.isdisjoint([part.term for part in word.parts])
            self._known[surface] = word, highlight_query

    def _tokens(self, normal: Normal, surfaces: Iterable[str]) -> list[Token]:
        """Return the words of a text that have one of the terms.

        Most words have none, and making a token of each would cost more than all the rest.
        """
        tokens: list[Token] = []
        position = end = 0
        for surface in surfaces:
            # Letters and digits stand in words only, so no word stands before its turn.
            start = normal.text.find(surface, end)
            end = start + len(surface)
            word, highlight_query = self._known[surface]
            if highlight_query:
                tokens.append(Token(surface, word, position, start, normal))
            position += word.width
        return tokens

    def _lit(self, text: str, tokens: Sequence[Token]) -> list[Match]:
        query = self._query
        places = _places(tokens, query) if query.phrase else None
        found = [match for token in tokens for match in _of_terms(token, query, places)]
        if not found and query.bigrams:
            every = self._analyzer.tokens(text)
            found = [match for token in every for match in _of_bigrams(token, query.bigrams)]
        return found


def _places(tokens: Sequence[Token], query: HighlightQuery) -> Container[int] | None:
    """Return the positions of a passage where the phrase stands, None where it does nowhere."""
    spans = occurrences(tokens, query.phrase, slop=query.slop)
    return {position for start, end in spans for position in range(start, end)} or None


def _of_terms(token: Token, query: HighlightQuery, lit: Container[int] | None) -> list[Match]:
    """Return what lights up in a word, at the positions `lit` (anywhere if None)."""
    found: list[Match] = []
    affixes: set[int] = set()
    for part in token.word.parts:
        word = query.terms.get(part.term)
        if word is None or (part.role is Role.FALLBACK and not query.particles):
            continue
        if lit is None or token.position + part.position in lit:
            start, end = token.span_of(part)
            # Counted in the normal form: as NFD, one syllable is up to three characters.
            if part.end - part.start == 1 < len(normal_form(word)) and not query.affixes:
                affixes.add(len(found))
            found.append(Match(start=start, end=end, word=word, term=part.term))
    return [
        match
        for place, match in enumerate(found)
        if place not in affixes or _has_neighbour(match, found)
    ]


def _has_neighbour(match: Match, found: Sequence[Match]) -> bool:
    """Tell 적 met in 전략적 from 적 met in 개념적, which says little of 전략적."""
    return any(
        other is not match and other.start <= match.end and match.start <= other.end
        for other in found
    )


def _of_bigrams(token: Token, bigrams: Mapping[str, str]) -> list[Match]:
    start, end = token.span
    return [
        Match(start=start, end=end, word=bigrams[bigram], term=bigram)
        for bigram in token.word.bigrams
        if bigram in bigrams
    ][:1]


def _apart(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Keep the longest of matches that overlap."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return tuple(kept)


def occurrences(
    tokens: Sequence[Token], words: Sequence[QueryWord], *, slop: int = 0
) -> list[tuple[int, int]]:
    """Return the positions, start and end, of each occurrence of a phrase in a passage.

    Of its tokens, those that have one of the terms of the phrase are enough.
    """
    places: Places = {}
    for token in tokens:
        for part in token.word.parts:
            places.setdefault(part.term, set()).add(token.position + part.position)
    found: dict[int, int] | None = None  # where an occurrence ends so far, and where it started
    for word in with_places(words):
        pairs = list(_word_places(word, places))
        if found is None:
            found = {end: start for start, end in pairs}
        else:
            found = {
                end: found[before]
                for start, end in pairs
                for before in found
                if start - slop <= before <= start
            }
    return sorted((start, end) for end, start in (found or {}).items())


def terms_of(words: Sequence[QueryWord]) -> set[str]:
    """Return the terms that an occurrence of a phrase may be made of."""
    readings = {term for word in words for term, _ in word.readings}
    return readings.union(*(word.wholes for word in words))


def _word_places(word: QueryWord, places: Places) -> Iterator[tuple[int, int]]:
    """Yield where a word starts and the place behind it, in either of its forms."""
    (first, offset), *rest = word.readings or (("", 0),)
    for place in places.get(first, ()):
        start = place - offset
        if all(start + position in places.get(term, ()) for term, position in rest):
            yield start, start + word.word.width
    for whole in word.wholes:
        for start in places.get(whole, ()):
            for width in {1, max(1, word.word.width)}:
                yield start, start + width
