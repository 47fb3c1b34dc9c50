"""The words that a result has more often than the rest of an index, or than another result.

Their measure is the log-likelihood ratio G² of Dunning (1993), "Accurate Methods for the Statistics
of Surprise and Coincidence", with passages that have a word and passages that do not as its cells.
Corpus linguists call it the keyness of a word. It says how sure a difference is, not how large it
is, for which there are the two shares; words below LEAST, which one word in a thousand reaches by
chance, are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from corpus.language import ENGLISH
from index.analysis.analyzer import Analyzer
from index.analysis.english import STOP_WORDS
from index.analysis.normalize import normalize
from index.analysis.word import Role
from index.arrays.array_types import Floats, Int64s
from index.arrays.ragged import among, distinct
from index.schema import Field
from index.value import NamedTuple, replace, value

from ..engine import Engine, Retrieval
from ..highlight import HighlightQuery, highlight
from ..matched import Matched, sample, texts_of

LEAST = 10.83  # of G²: chi-squared with one degree of freedom, p = 0.001
MOST_READ = 1_000  # passages of a result, at a tenth of a millisecond or two each
_LEAST_PASSAGES = 2  # of a result that have a word
_AT_ONCE = 256  # terms that are looked up in the index before the next are
_SPELLED = 200  # passages that tell how a word is written


@value(kw_only=True)
class TellingWord:
    """A word that tells a result from other passages.

    `word` is its most frequent spelling, `term` its term of the index. `share` of the passages of
    the result have it, from 0 to 1, and `other_share` of the others. `keyness` is G².
    """

    word: str
    term: str
    share: float
    other_share: float
    keyness: float


@value(kw_only=True)
class TellingWords:
    """The words that tell a result from other passages, the most telling first.

    `other_words` are those that tell the other result from this one, if two were compared. Both are
    counted in `passages` and `other_passages`; those that both results have are in neither. `notes`
    are sentences for the writer of the query.
    """

    words: tuple[TellingWord, ...]
    other_words: tuple[TellingWord, ...] = ()
    passages: int = 0
    other_passages: int = 0
    notes: tuple[str, ...] = ()

    def with_notes(self, *notes: str) -> TellingWords:
        """Return the same with other notes before its own."""
        return replace(self, notes=(*notes, *self.notes))


class Counted(NamedTuple):
    """Some passages: how many there are, and how many are not of English documents."""

    passages: int
    korean: int

    def having(self, terms: Sequence[str]) -> Int64s:
        """Return how many passages could have each term: no English document has a Korean one.

        Else all Korean words would tell a result in Korean, such as 있다.
        """
        sizes = (self.korean if _is_korean(term) else self.passages for term in terms)
        return np.fromiter(sizes, np.int64, len(terms))


class TermCounts(NamedTuple):
    """The texts of a sample, and how many of its passages have each term.

    The `words` are those of the terms that a reader takes for words of the text: not the other
    readings of a word, which are indexed beside them.
    """

    sample: Counted
    texts: Sequence[str]
    counts: Mapping[str, int]
    words: Collection[str]

    def of(self, terms: Sequence[str]) -> Int64s:
        """Return the counts of these terms, at most the number of passages that could have them."""
        counts = (self.counts.get(term, 0) for term in terms)
        return np.fromiter(counts, np.int64, len(terms)).clip(max=self.sample.having(terms))


class WordTeller:
    """Tells results apart by their words."""

    def __init__(self, engine: Engine, analyzer: Analyzer) -> None:
        self._engine = engine
        self._analyzer = analyzer

    def against_rest(
        self, matched: Matched, whole: Retrieval, *, is_part: bool = False, most: int
    ) -> TellingWords:
        """Return the `most` words that tell a result from all other passages of the `whole`.

        That is the whole index, unless it `is_part` of it.
        """
        asked = _asked(matched)
        if is_part:
            rest = _less(whole.passages(), matched.passages)
            return replace(self._apart(matched.passages, rest, asked, most), other_words=())
        own, every = _counted(matched.retrieval), _counted(whole)
        others_of = Counted(every.passages - own.passages, every.korean - own.korean)
        found = self._counts(matched.passages)
        terms, others = self._compared(found, asked, own, others_of, most=most)
        return TellingWords(
            words=self._telling(found, terms, others, others_of, most=most),
            passages=own.passages,
            other_passages=others_of.passages,
            notes=_note(found, own.passages),
        )

    def _compared(
        self, found: TermCounts, asked: Collection[str], own: Counted, rest: Counted, *, most: int
    ) -> tuple[list[str], Int64s]:
        """Return terms of a result of `own` passages, and how many of the `rest` have each.

        They are those with the highest scores that a term could have, if no other passage had it,
        as far as needed: the `most` with the highest scores are among them.
        """
        terms = _candidates(found, asked)
        having, sizes, rests = found.of(terms), found.sample.having(terms), rest.having(terms)
        bounds = log_likelihood(having, sizes, np.zeros_like(having), rests)
        order = np.argsort(-bounds, kind="stable")
        terms = [terms[row] for row in order.tolist()]
        having, sizes, rests = (each[order] for each in (having, sizes, rests))
        bounds = bounds[order]
        # What the whole result has, as far as the sample tells.
        estimated = np.rint(having * own.having(terms) / np.maximum(sizes, 1)).astype(np.int64)
        others, scores = np.zeros(0, np.int64), np.zeros(0)
        while len(others) < len(terms):
            worst = np.sort(scores)[-most] if 0 < most <= len(scores) else 0.0
            if worst > bounds[len(others)]:
                break
            rows = slice(len(others), len(others) + _AT_ONCE)
            counts = self._engine.frequencies(Field.BODY, terms[rows])
            counts = (counts - estimated[rows]).clip(0, rests[rows])
            scores = np.append(scores, _scores(having[rows], sizes[rows], counts, rests[rows]))
            others = np.append(others, counts)
        return terms[: len(others)], others

    def against_other(self, matched: Matched, other: Matched, *, most: int) -> TellingWords:
        """Return the `most` words that tell each of two results from the other."""
        asked = _asked(matched) | _asked(other)
        own = _less(matched.passages, other.passages)
        return self._apart(own, _less(other.passages, matched.passages), asked, most)

    def _apart(self, own: Int64s, rest: Int64s, asked: Collection[str], most: int) -> TellingWords:
        """Return the words that tell passages apart, those of each side counted in a sample."""
        ours, theirs = self._counts(own), self._counts(rest)
        words, other_words = (
            self._telling(one, terms, another.of(terms), another.sample, most=most)
            for one, another in ((ours, theirs), (theirs, ours))
            for terms in (_candidates(one, asked),)
        )
        return TellingWords(
            words=words,
            other_words=other_words,
            passages=len(own),
            other_passages=len(rest),
            notes=tuple(dict.fromkeys((*_note(ours, len(own)), *_note(theirs, len(rest))))),
        )

    def _counts(self, passages: Int64s) -> TermCounts:
        read = sample(passages, MOST_READ)
        texts = [*texts_of(self._engine, read.tolist())]
        surfaces = [*map(self._surfaces, texts)]
        every = [*set().union(*surfaces)]
        words = dict(zip(every, self._analyzer.words(every), strict=True))
        terms = {surface: [part.term for part in word.parts] for surface, word in words.items()}
        counts = Counter[str]()
        for own in surfaces:
            counts.update(set(chain.from_iterable(terms[surface] for surface in own)))
        primary = chain.from_iterable(word.terms(Role.PRIMARY) for word in words.values())
        return TermCounts(self._counted_in(read), texts, counts, set(primary))

    def _counted_in(self, passages: Int64s) -> Counted:
        documents = self._engine.documents_of(passages)
        own = distinct(documents)
        languages = self._engine.languages_of(own)
        is_korean = np.array([language != ENGLISH for language in languages], np.bool_)
        return Counted(len(passages), int(is_korean[own.searchsorted(documents)].sum()))

    def _surfaces(self, text: str) -> set[str]:
        return {surface for surface, _ in self._analyzer.surfaces(text, normalize(text)).words}

    def _telling(
        self, found: TermCounts, terms: Sequence[str], others: Int64s, rest: Counted, *, most: int
    ) -> tuple[TellingWord, ...]:
        """Return the most telling terms of a sample; `others` is how many of the `rest` have."""
        own, size, other_size = found.of(terms), found.sample.having(terms), rest.having(terms)
        scores = _scores(own, size, others, other_size)
        best = np.argsort(-scores, kind="stable")[:most].tolist()
        chosen = {terms[row]: row for row in best if scores[row] >= LEAST}
        written = self._written(chosen, found.texts)
        return tuple(
            TellingWord(
                word=written.get(term, term),
                term=term,
                share=float(own[row] / size[row]),
                other_share=float(others[row] / other_size[row]),
                keyness=float(scores[row]),
            )
            for term, row in chosen.items()
        )

    def _written(self, terms: Iterable[str], texts: Sequence[str]) -> Mapping[str, str]:
        """Return the most frequent spelling of each term in texts.

        Korean terms are dictionary forms, and need none.
        """
        sought = {term: term for term in terms if not _is_korean(term)}
        spellings: dict[str, Counter[str]] = {}
        step = max(1, len(texts) // _SPELLED)
        some = texts[::step]
        query = HighlightQuery(sought, {}, affixes=True)
        for text, matches in zip(some, highlight(self._analyzer, some, query), strict=True):
            for match in matches:
                counts = spellings.setdefault(match.term, Counter())
                counts[" ".join(text[match.start : match.end].split())] += 1
        return {term: counts.most_common(1)[0][0] for term, counts in spellings.items()}


def _counted(retrieval: Retrieval) -> Counted:
    languages = dict(retrieval.facets(["language"])["language"])
    passages = sum(languages.values())
    return Counted(passages, passages - languages.get(ENGLISH, 0))


def _less(passages: Int64s, others: Int64s) -> Int64s:
    """Return passages without the others, both ascending."""
    return passages[~among(passages, others)]


def _scores(own: Int64s, sizes: Int64s, others: Int64s, other_sizes: Int64s) -> Floats:
    """Return G² of terms, 0 for those that are not more frequent in the result."""
    is_more = own * other_sizes > others * sizes
    return np.where(is_more, log_likelihood(own, sizes, others, other_sizes), 0.0)


def log_likelihood(own: Int64s, sizes: Int64s, others: Int64s, other_sizes: Int64s) -> Floats:
    """Return G² of terms that `own` of `sizes` passages have, and `others` of `other_sizes`."""
    total, having = sizes + other_sizes, own + others
    scores: Floats = np.zeros(len(own))
    for observed, of in ((own, sizes), (others, other_sizes)):
        for cell, column in ((observed, having), (of - observed, total - having)):
            expected = column * of / np.maximum(total, 1)
            ratios = np.divide(cell, expected, out=np.ones(len(cell)), where=cell > 0)
            scores += cell * np.log(ratios)
    return 2.0 * scores


def _candidates(found: TermCounts, asked: Collection[str]) -> list[str]:
    """Return the words that enough passages have and the query does not, without stop words.

    They are in order, so that a tie does not depend on the order of a set.
    """
    return sorted(
        term
        for term in found.words
        if found.counts[term] >= _LEAST_PASSAGES
        and term not in asked
        and term not in STOP_WORDS
        and any(map(str.isalpha, term))
    )


def _asked(matched: Matched) -> set[str]:
    """Return the terms of a query and their translations, which say nothing new of its result."""
    words = (term for word in matched.terms.all_words for term in word.terms)
    return {*words, *(each.other for each in matched.terms.translations)}


def _is_korean(term: str) -> bool:
    return any("가" <= letter <= "힣" for letter in term)


def _note(found: TermCounts, passages: int) -> tuple[str, ...]:
    read = found.sample.passages
    if read == passages:
        return ()
    return (f"words were counted in {read:,} of {passages:,} passages, spread evenly over them",)
