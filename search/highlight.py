"""Finds the spans of a passage that match a query, with the analyzer that made its terms."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from operator import itemgetter

from index.analysis.analyzer import Analyzer, Surfaces, Token
from index.analysis.normalize import Normal, normal_form, normalize
from index.analysis.word import Part, Role, Word
from index.value import NamedTuple

from .query.words import QueryWord, phrase_words
from .results import Match

Positions = Mapping[str, set[int]]

_FIRST = itemgetter(0)  # the term of a part, the word of a surface
_NOTHING: Mapping[str, str] = {}


class PhraseWords(NamedTuple):
    """The words of a phrase, with at most `slop` other terms between two of them."""

    words: tuple[QueryWord, ...]
    slop: int = 0


class HighlightQuery(NamedTuple):
    """The terms and syllable bigrams to highlight, each with its word of the query.

    `crossed` are those of the terms that are translations. Matches tell which occurrence of the
    `phrases` they are in; if `only_phrases`, others are left out where a text has an occurrence.
    FALLBACK terms match if `particles`, and one-syllable parts of longer words match anywhere if
    `affixes`.
    """

    terms: Mapping[str, str]
    bigrams: Mapping[str, str]
    particles: bool = False
    phrases: tuple[PhraseWords, ...] = ()
    only_phrases: bool = False
    affixes: bool = False
    crossed: Container[str] = ()


def highlight_query(
    query_words: Iterable[QueryWord],
    patterns: Mapping[str, str],
    translations: Mapping[str, str] = _NOTHING,
) -> HighlightQuery:
    """Return what to highlight for the words of a query.

    `patterns` are the terms that its patterns match, `translations` those of the other language.
    """
    searched = [word for word in query_words if word.asked]
    terms = {term: word.typed for word in reversed(searched) for term in word.terms}
    bigrams = {bigram: word.typed for word in reversed(searched) for bigram in word.word.bigrams}
    particles = not any(word.word.width for word in searched)
    own = dict(patterns) | terms
    crossed = translations.keys() - own.keys()
    return HighlightQuery(dict(translations) | own, bigrams, particles, crossed=crossed)


def highlight(
    analyzer: Analyzer, texts: Sequence[str], query: HighlightQuery
) -> list[tuple[Match, ...]]:
    """Return the matches in each text, in order, without overlaps.

    Where no term matches, words that share a syllable bigram with the query do.
    """
    normals = list(map(normalize, texts))
    surfaces = [analyzer.surfaces(text, own) for text, own in zip(texts, normals, strict=True)]
    # All words at once: passages repeat them, and the lexicon is read once.
    every_word = chain.from_iterable(own.words for own in surfaces)
    distinct = list(dict.fromkeys(map(_FIRST, every_word)))
    words = dict(zip(distinct, analyzer.words(distinct), strict=True))
    matching = _with_a_term(words, query)
    wanted = {surface: list(_wanted(word, query)) for surface, word in matching.items()}
    found = []
    for text, normal, own in zip(texts, normals, surfaces, strict=True):
        tokens = _tokens(normal, own, matching)
        numbers: Mapping[int, int] = {}
        if query.phrases:
            tokens = _with_positions(tokens, own, words)
            numbers = _occurrence_numbers(tokens, query)
        matches = [
            match
            for token in tokens
            for match in _term_matches(token, wanted[token.surface], query, numbers)
        ]
        if not matches and query.bigrams:
            every = analyzer.tokens(text)
            matches = [match for token in every for match in _bigram_matches(token, query.bigrams)]
        found.append(_without_overlaps(matches))
    return found


def highlight_titled(
    analyzer: Analyzer, texts: Sequence[str], titles: Sequence[str], query: HighlightQuery
) -> tuple[list[tuple[Match, ...]], list[tuple[Match, ...]]]:
    """Return the matches in each text, and those in its title.

    Where neither has any, return the weaker matches too: 적 of 전략적 in 개념적, and syllable
    bigrams of the title.
    """
    in_texts = highlight(analyzer, texts, query)
    in_titles = highlight(analyzer, titles, query._replace(bigrams={}, phrases=()))
    if query.terms or query.bigrams:
        weaker = query._replace(phrases=(), affixes=True)
        for row, matches in enumerate(zip(in_texts, in_titles, strict=True)):
            if not any(matches):
                both = [texts[row], titles[row]]
                in_texts[row], in_titles[row] = highlight(analyzer, both, weaker)
    return in_texts, in_titles


def _with_a_term(words: Mapping[str, Word], query: HighlightQuery) -> Mapping[str, Word]:
    """Return those of the words that have a term of the query, with only these terms."""
    of_phrases = [word for phrase in query.phrases for word in phrase.words]
    every = (terms for word in of_phrases for terms in word.sequences)
    in_sequence = (term for terms in every for term, _ in terms)
    terms = {*query.terms, *in_sequence, *chain.from_iterable(word.wholes for word in of_phrases)}
    return {
        surface: word._replace(parts=tuple(part for part in word.parts if part.term in terms))
        for surface, word in words.items()
        if not terms.isdisjoint(map(_FIRST, word.parts))
    }


def _tokens(normal: Normal, surfaces: Surfaces, matching: Mapping[str, Word]) -> list[Token]:
    """Return tokens, without their positions, for those words of a text that are `matching`.

    Most words have no term, and making a token of each would cost more than all the rest.
    """
    return [
        Token(word, matching[word], 0, offset, normal, surfaces.gaps.get(offset, ()))
        for word, offset in surfaces.words
        if word in matching
    ]


def _with_positions(
    tokens: Iterable[Token], surfaces: Surfaces, words: Mapping[str, Word]
) -> list[Token]:
    """Return tokens with their positions in their text."""
    widths = (words[word].width for word, _ in surfaces.words)
    offsets = (offset for _, offset in surfaces.words)
    positions = dict(zip(offsets, accumulate(widths, initial=0), strict=False))
    return [token._replace(position=positions[token.offset]) for token in tokens]


def _occurrence_numbers(tokens: Sequence[Token], query: HighlightQuery) -> Mapping[int, int]:
    """Return the number of the occurrence of a phrase by each position in one.

    Occurrences that overlap count as one.
    """
    numbers: dict[int, int] = {}
    number, covered = -1, 0
    spans = (occurrences(tokens, phrase.words, slop=phrase.slop) for phrase in query.phrases)
    for start, end in sorted(chain.from_iterable(spans)):
        number += start >= covered or number < 0
        covered = max(covered, end)
        numbers.update(dict.fromkeys(range(start, end), number))
    return numbers


class _Wanted(NamedTuple):
    """A part of a word to highlight, with the word of the query, and what is to be known of it.

    `crossed` tells whether it is a translation, `affix` whether it needs a neighbour.
    """

    part: Part
    word: str
    crossed: bool
    affix: bool


def _wanted(word: Word, query: HighlightQuery) -> Iterator[_Wanted]:
    """Yield the parts of a word to highlight; found once for all places of the word."""
    for part in word.parts:
        asked = query.terms.get(part.term)
        if asked is None or (part.role is Role.FALLBACK and not query.particles):
            continue
        # Counted in the normal form: as NFD, one syllable is up to three characters.
        affix = len(part.term) == 1 < len(normal_form(asked)) and not query.affixes
        yield _Wanted(part, asked, part.term in query.crossed, affix)


def _term_matches(
    token: Token, wanted: Sequence[_Wanted], query: HighlightQuery, numbers: Mapping[int, int]
) -> list[Match]:
    """Return the matches of terms in a word; `numbers` are those of occurrences by position."""
    matches: list[Match] = []
    affixes: list[bool] = []
    for part, word, crossed, affix in wanted:
        occurrence = numbers.get(token.position + part.position) if numbers else None
        if occurrence is None and numbers and query.only_phrases:
            continue
        start, end = token.span_of(part)
        matches.append(
            Match(
                start=start,
                end=end,
                word=word,
                term=part.term,
                crossed=crossed,
                occurrence=occurrence,
            )
        )
        affixes.append(affix)
    if True not in affixes:
        return matches
    rows = zip(matches, affixes, strict=True)
    return [match for match, affix in rows if not affix or _has_neighbour(match, matches)]


def _has_neighbour(match: Match, matches: Sequence[Match]) -> bool:
    """Return whether another match touches this one: 적 in 전략적, and not 적 in 개념적."""
    return any(
        other is not match and other.start <= match.end and match.start <= other.end
        for other in matches
    )


def _bigram_matches(token: Token, bigrams: Mapping[str, str]) -> list[Match]:
    """Return a match of the whole word for the first of its bigrams in the query, if any."""
    start, end = token.span
    return [
        Match(start=start, end=end, word=bigrams[bigram], term=bigram)
        for bigram in token.word.bigrams
        if bigram in bigrams
    ][:1]


def _without_overlaps(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Return the matches in order: of those that overlap the first, and of these the longest."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return tuple(kept)


def occurrences(
    tokens: Sequence[Token], words: Sequence[QueryWord], *, slop: int = 0
) -> list[tuple[int, int]]:
    """Return the occurrences of a phrase in a passage as positions, start and end, ascending.

    `tokens` may leave out words without a term of the phrase.
    """
    positions: dict[str, set[int]] = {}
    for token in tokens:
        for part in token.word.parts:
            positions.setdefault(part.term, set()).add(token.position + part.position)
    starts: dict[int, int] | None = None  # of each partial occurrence, by its end
    for word in phrase_words(words):
        pairs = list(_word_spans(word, positions))
        if starts is None:
            starts = {end: start for start, end in pairs}
        else:
            starts = {
                end: starts[before]
                for start, end in pairs
                for before in starts
                if start - slop <= before <= start
            }
    return sorted((start, end) for end, start in (starts or {}).items())


def _word_spans(word: QueryWord, positions: Positions) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each occurrence of a word: as its terms, or as one term."""
    for (first, offset), *rest in filter(None, word.sequences):
        for position in positions.get(first, ()):
            start = position - offset
            if all(start + other in positions.get(term, ()) for term, other in rest):
                yield start, start + word.word.width
    for whole in word.wholes:
        for start in positions.get(whole, ()):
            for width in {1, max(1, word.word.width)}:
                yield start, start + width
