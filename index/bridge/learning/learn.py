"""Learns entries of the bridge from parallel texts: alignment, Model 1, phrase pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ...analysis.analyzer import Analyzer
from ...arrays.array_types import Floats, Int64s, Mask
from ...arrays.ragged import distinct, range_indices, row_indices
from ..entry import Entry, Source
from .line_pairs import line_pairs
from .model1 import Cooccurrences, Links, TermSets, TranslationTable, train
from .phrase_pairs import phrase_pairs
from .term_units import ContentTerms, NumberedLines, TokenizedLines, content_terms, tokenize

# Line pairs, and co-occurrences of terms in them; of more, an even sample is taken.
_MAX_LINES = 200_000
_MAX_COOCCURRENCES = 6_000_000
# The least fit of translations, whose usual fit is six times as high.
_MIN_FIT = 0.1
# With too little text to measure the fit: a line of a translation teaches one strong pair or more,
# a line of unrelated texts a fifth of one. Fewer lines are no evidence.
_STRONG, _MIN_STRONG_SHARE, _MIN_LINES = 0.35, 0.3, 20
# The least weight in doubtful texts, and in texts too small for a fit.
_MIN_DOUBTFUL = 0.45
_MIN_UNTESTED = 0.2
# Phrases that translate one phrase, and their least weight.
_MAX_PHRASES = 2
_MIN_PHRASE = 0.25
# The fit is measured with translations of this weight, on this many occurrences or more.
_MIN_TESTED_WEIGHT = 0.1
_MIN_TESTED = 100


@dataclass(frozen=True, slots=True)
class Learned:
    """The entries learned, heaviest first, with the numbers of text pairs and of line pairs.

    `fit` is how well translations learned from half of the documents predict the other half: above
    0.5 for close translations, near 0 for unrelated texts, None for too little text. Documents
    that do not look like translations of each other are `doubtful`.
    """

    entries: tuple[Entry, ...]
    pairs: int
    lines: int
    fit: float | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class ParallelLines:
    """The lines that translate each other in `pairs` texts, with the index of the text of each.

    They need no lexicon, so they may be found before it has the words.
    """

    pairs: int
    documents: Int64s
    korean: NumberedLines
    english: NumberedLines

    @classmethod
    def of(cls, documents: Iterable[tuple[str, str]]) -> ParallelLines:
        """Align pairs of a Korean and an English text; of too many lines, take every step-th."""
        pairs = list(documents)
        lines = line_pairs(pairs)
        lines = lines[:: _step(len(lines), _MAX_LINES)]
        return cls(
            len(pairs),
            np.array([line.document for line in lines], np.int64),
            NumberedLines.of(line.korean for line in lines),
            NumberedLines.of(line.english for line in lines),
        )


def learn(
    parallel: ParallelLines,
    analyzer: Analyzer,
    *,
    max_translations: int = 6,
    min_weight: float = 0.03,
) -> Learned:
    """Learn from parallel lines; the result is deterministic.

    A word has `max_translations` at most. Words that the analyzer's lexicon does not have are
    left out.
    """
    lines = _tokenized(parallel, analyzer)
    table, links, fitness = _trained(lines)
    doubtful = _is_doubtful(table, len(lines.documents), fitness)
    untested = _MIN_UNTESTED if fitness is None else 0.0
    least = max(min_weight, _MIN_DOUBTFUL if doubtful else untested)
    entries = [
        *_word_entries(table, lines, most=max_translations, least=least),
        *_phrase_entries(lines, links, least=max(least, _MIN_PHRASE)),
    ]
    entries.sort(key=lambda entry: (-entry.weight, entry.korean, entry.english))
    return Learned(tuple(entries), parallel.pairs, len(lines.documents), fitness, doubtful)


def _trained(lines: _Lines) -> tuple[TranslationTable, Links, float | None]:
    # Loads the logging of the standard library, which a command that only reads does without.
    from concurrent.futures import ThreadPoolExecutor

    cooccurrences = Cooccurrences.of(*(terms.sets for terms in lines.terms))
    # Most of these sums release the lock of the interpreter: a third less time on two cores.
    with ThreadPoolExecutor(1) as executor:
        fitting = executor.submit(fit, cooccurrences, lines.documents)
        table, links = train(cooccurrences)
    return table, links, fitting.result()


def _is_doubtful(table: TranslationTable, lines: int, fitness: float | None) -> bool:
    """Return whether too little was learned for texts that translate each other."""
    if fitness is not None:
        return fitness < _MIN_FIT
    strong = int(np.count_nonzero(table.weights >= _STRONG))
    # Forms and tables repeat the same few words in many lines.
    terms = min(len(distinct(table.korean)), len(distinct(table.english)))
    return lines >= _MIN_LINES and strong < _MIN_STRONG_SHARE * min(lines, terms)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Tokenized line pairs, with the index of the document of each."""

    documents: Int64s
    korean: TokenizedLines
    english: TokenizedLines
    terms: tuple[ContentTerms, ContentTerms]


def _tokenized(parallel: ParallelLines, analyzer: Analyzer) -> _Lines:
    documents = parallel.documents
    korean, english = tokenize(parallel.korean, analyzer), tokenize(parallel.english, analyzer)
    terms = content_terms(korean, english)
    step = _step(int(terms[0].sets.sizes @ terms[1].sets.sizes), _MAX_COOCCURRENCES)
    if step > 1:
        documents, korean, english = documents[::step], korean.every(step), english.every(step)
        terms = content_terms(korean, english)
    return _Lines(documents, korean, english, terms)


def _step(size: int, most: int) -> int:
    return max(1, -(-size // most))


def strongest(
    korean: Int64s, english: Int64s, weights: Floats, *, most: int, least: float
) -> list[int]:
    """Return the indexes of the pairs that weigh `least` or more, heaviest first.

    A pair is kept if it is among the first `most` of both its terms.
    """
    strong = np.flatnonzero(weights >= least)
    order = strong[np.lexsort((english[strong], korean[strong], -weights[strong]))]
    is_kept = (_ranks(korean[order]) < most) & (_ranks(english[order]) < most)
    kept: list[int] = order[is_kept].tolist()
    return kept


def _ranks(terms: Int64s) -> Int64s:
    """Return how many equal terms come before each term."""
    order = np.argsort(terms, kind="stable")
    ordered = terms[order]
    ranks = np.empty(len(terms), np.int64)
    ranks[order] = np.arange(len(terms)) - np.searchsorted(ordered, ordered)
    return ranks


def _word_entries(
    table: TranslationTable, lines: _Lines, *, most: int, least: float
) -> Iterator[Entry]:
    forms = lines.english.surface_forms()
    for row in strongest(table.korean, table.english, table.weights, most=most, least=least):
        form = forms.get(int(table.english[row]))
        if form is not None:
            yield _entry(lines.korean.names[int(table.korean[row])], form, table.weights[row])


def _phrase_entries(lines: _Lines, links: Links, *, least: float) -> Iterator[Entry]:
    found = phrase_pairs(lines.korean, lines.english, lines.terms, links, least=least)
    ids = found.korean_ids, found.english_ids
    for row in strongest(*ids, found.weights, most=_MAX_PHRASES, least=least):
        yield _entry(found.korean[row], found.english[row], found.weights[row])


def _entry(korean: str, english: str, weight: float) -> Entry:
    return Entry(korean, english, round(float(weight), 4), Source.PARALLEL)


def fit(cooccurrences: Cooccurrences, documents: Int64s) -> float | None:
    """Return how well translations learned from half of the documents predict the other half.

    It is the share of Korean words with a known translation that have one in their line, less the
    share that have one in another line: about 0 for unrelated texts, None for too little text.
    `documents` has the document of each line.
    """
    # A hash, so that no order of the documents coincides with the halves.
    is_training = (documents * 40503 >> 7) % 2 == 0
    if is_training.all() or not is_training.any():
        is_training = np.arange(len(documents)) % 2 == 0
    table, _ = train(cooccurrences.subset(is_training))
    known = table.weights >= _MIN_TESTED_WEIGHT
    pairs = table.korean[known], table.english[known]
    korean, english = (take_lines(side, ~is_training) for side in cooccurrences.sides)
    tested = int(np.isin(korean.terms, pairs[0]).sum())
    if tested < _MIN_TESTED:
        return None
    lines = np.arange(len(english.sizes))
    others = take_lines(english, np.roll(lines, len(lines) // 2))
    return max(0.0, (_hits(*pairs, korean, english) - _hits(*pairs, korean, others)) / tested)


def take_lines(sets: TermSets, which: Int64s | Mask) -> TermSets:
    """Return the terms of some lines, by their numbers or by a mask."""
    rows = np.arange(len(sets.sizes))[which]
    return TermSets(sets.terms[row_indices(rows, sets.sizes)], sets.sizes[rows])


def _hits(terms: Int64s, translations: Int64s, korean: TermSets, english: TermSets) -> int:
    """Count the Korean terms with a translation in their line; `terms` ascend."""
    starts = np.searchsorted(terms, korean.terms)
    sizes = np.searchsorted(terms, korean.terms, side="right") - starts
    positions = np.repeat(np.arange(len(korean.terms)), sizes)
    base = int(max(translations.max(initial=0), english.terms.max(initial=0))) + 1
    wanted = korean.lines[positions] * base + translations[range_indices(starts, sizes)]
    # Ascending, as the terms of a line are.
    keys = np.append(english.lines * base + english.terms, -1)
    is_hit = keys[np.searchsorted(keys[:-1], wanted)] == wanted
    return len(distinct(positions[is_hit]))
