"""Top-k, conjunction and phrase evaluation against exhaustive evaluation of every passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.arrays.array_types import Mask, UInt16s
from index.postings import membership, posting_list
from index.postings.membership import HashFilter, RankBitmap
from index.postings.posting_list import PostingList, frequencies_of
from search.embedded.gathered import best_by_posting
from search.embedded.matching import intersection
from search.embedded.matching.intersection import match_all
from search.embedded.matching.phrase import Spelling, match_phrase, match_word
from search.embedded.max_score import best_of_any
from search.embedded.selection import top_rows
from search.embedded.sum_buffers import SumBuffers
from search.ranking.bm25 import Bm25
from search.ranking.clauses import Clause
from tests.array_lists import Numbered, pairs, slow_best, slow_scores

SIZE = 150_000
WORDS = ("a", "b", "c", "d")


def _sums() -> UInt16s:
    return np.zeros(SIZE, dtype=np.uint16)


@dataclass(frozen=True, slots=True)
class Case:
    """A corpus, the clauses of a query, k, and a mask of the allowed passages."""

    numbered: Numbered
    terms: list[str]
    weights: list[float]
    k: int
    allowed: Mask | None
    bm25: Bm25

    @property
    def clauses(self) -> list[Clause]:
        return [
            Clause(self.numbered.postings(term), weight, self.bm25)
            for term, weight in zip(self.terms, self.weights, strict=True)
        ]

    def allows(self, passage: int) -> bool:
        return self.allowed is None or bool(self.allowed[passage])

    def contains(self, passage: int, term: str) -> bool:
        return term in self.numbered.corpus.get(passage, ())

    def scores(self) -> NDArray[np.float64]:
        return slow_scores(self.clauses, SIZE, self.bm25)


@st.composite
def corpora(draw: st.DrawFn) -> Numbered:
    bases = sorted({0, *draw(st.lists(st.integers(1, SIZE - 1), max_size=3))})
    # Close together, so that lists fill blocks, and far apart, so that they have several runs.
    numbers = st.one_of(st.integers(0, 120), st.integers(65_500, 65_600), st.integers(0, SIZE - 1))
    texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)
    corpus = draw(st.dictionaries(numbers, texts, max_size=40))
    if draw(st.booleans()):
        corpus |= {number: [WORDS[number % 3], "a"] for number in range(300, 300 + 3 * 64, 2)}
    if draw(st.booleans()):
        corpus |= {200_000 % SIZE: ["a"] * 40 + ["b"]}
    return Numbered(corpus, SIZE, bases)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    numbered = draw(corpora())
    terms = draw(st.lists(st.sampled_from((*WORDS, "nowhere")), min_size=1, max_size=5))
    weights = draw(
        st.lists(
            st.sampled_from([0.0, 0.3, 1.0, 2.5, 7.1]), min_size=len(terms), max_size=len(terms)
        )
    )
    allowed = None
    if draw(st.booleans()):
        allowed = np.ones(SIZE, dtype=bool)
        allowed[draw(st.sampled_from([2, 3, 7])) - 1 :: 3] = False
    k = draw(st.sampled_from([1, 2, 3, 10, 1000]))
    k1, b = draw(st.sampled_from([(1.2, 0.75), (0.6, 0.75), (2.0, 0.0), (0.9, 1.0)]))
    return Case(numbered, terms, weights, k, allowed, numbered.bm25(k1=k1, b=b))


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_top_k_of_a_disjunction_equals_exhaustive_evaluation(case: Case) -> None:
    hits = best_of_any(case.clauses, k=case.k, sums=_sums(), allowed=case.allowed)
    allowed = [passage for passage in case.numbered.corpus if case.allows(passage)]
    matching = {p for p in allowed if any(case.contains(p, term) for term in case.terms)}
    assert pairs(hits) == slow_best(case.scores(), matching.__contains__, case.k)


@settings(max_examples=150, deadline=None)
@given(case=cases())
def test_all_postings_give_the_same_scores_as_score_bounds_bit_for_bit(case: Case) -> None:
    by_posting = best_by_posting(case.clauses, k=case.k, size=SIZE, allowed=case.allowed)
    by_bounds = best_of_any(case.clauses, k=case.k, sums=_sums(), allowed=case.allowed)
    assert pairs(by_posting) == pairs(by_bounds)


@settings(max_examples=150, deadline=None)
@given(
    case=cases(),
    step=st.none() | st.integers(1, 4),
    many_passages=st.booleans(),
    encoded=st.booleans(),
)
def test_a_conjunction_equals_exhaustive_evaluation(
    case: Case, step: int | None, many_passages: bool, encoded: bool
) -> None:
    lists = [clause.postings for clause in case.clauses]
    if not all(postings.size for postings in lists):
        return
    within = sorted(case.numbered.corpus)[::step]
    with pytest.MonkeyPatch.context() as patch:
        if many_passages:  # as for more passages than are looked up one by one
            patch.setattr(intersection, "_FEW", 0)
            patch.setattr(membership, "_FEW", 0)
        if encoded:
            patch.setattr(posting_list, "_PROBE", 0)
            patch.setattr(posting_list, "_DECODED_TO_FIND", 0)
        found = match_all(lists, within=None if step is None else np.array(within, np.intp))
    expected = [p for p in within if all(case.contains(p, term) for term in case.terms)]
    assert found.passages.tolist() == expected
    for postings, rows in zip(lists, found.rows, strict=True):
        assert postings.passages_at(rows).tolist() == expected


@settings(max_examples=100, deadline=None)
@given(case=cases(), slop=st.integers(0, 3))
def test_a_phrase_matches_where_its_terms_are_in_sequence(case: Case, slop: int) -> None:
    def holds_phrase(passage: int) -> bool:
        terms = case.numbered.corpus[passage]
        positions = {n for n, term in enumerate(terms) if term == case.terms[0]}
        for following in case.terms[1:]:
            positions = {
                n
                for n, term in enumerate(terms)
                if term == following and any(n - gap - 1 in positions for gap in range(slop + 1))
            }
        return bool(positions)

    lists = [clause.postings for clause in case.clauses]
    if all(postings.size for postings in lists):
        words = [[Spelling((postings,))] for postings in lists]
        found = match_phrase(words, slop=slop).tolist()
        assert found == list(filter(holds_phrase, sorted(case.numbered.corpus)))


@dataclass(frozen=True, slots=True)
class NamedSpelling:
    """A spelling of a word, by the names of its terms."""

    terms: tuple[str, ...]
    offsets: tuple[int, ...]
    widths: tuple[int, ...]

    def spans(self, text: Sequence[str]) -> set[tuple[int, int]]:
        """Return the start and end position of each occurrence in a text."""
        parts = list(zip(self.terms, self.offsets, strict=True))
        starts = [
            start
            for start in range(len(text))
            if all(text[start + offset : start + offset + 1] == [term] for term, offset in parts)
        ]
        return {(start, start + width) for start in starts for width in self.widths}


@st.composite
def spellings(draw: st.DrawFn) -> list[NamedSpelling]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        terms = tuple(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
        widths = draw(st.sampled_from([(len(terms),), (1, 2), (1,)]))
        found.append(NamedSpelling(terms, tuple(range(len(terms))), widths))
    return found


@settings(max_examples=150, deadline=None)
@given(
    numbered=corpora(),
    words=st.lists(spellings(), min_size=1, max_size=3),
    slop=st.integers(0, 2),
    narrowed=st.booleans(),
    frequent=st.booleans(),
)
def test_a_phrase_of_words_with_several_spellings_equals_exhaustive_evaluation(
    numbered: Numbered, words: list[list[NamedSpelling]], slop: int, narrowed: bool, frequent: bool
) -> None:
    def holds_phrase(passage: int, words: list[list[NamedSpelling]]) -> bool:
        text = numbered.corpus[passage]
        ends: set[int] | None = None
        for word in words:
            spans = set().union(*(spelling.spans(text) for spelling in word))
            ends = {
                end
                for start, end in spans
                if ends is None or any(start - slop <= before <= start for before in ends)
            }
        return bool(ends)

    known = {term for text in numbered.corpus.values() for term in text}
    words = [[spelling for spelling in word if known.issuperset(spelling.terms)] for word in words]
    if not all(words):
        return
    within = np.array(sorted(numbered.corpus)[::2], dtype=np.intp) if narrowed else None
    kept = sorted(numbered.corpus)[:: 2 if narrowed else 1]
    phrase = [
        [
            Spelling(
                tuple(map(numbered.postings, spelling.terms)), spelling.offsets, spelling.widths
            )
            for spelling in word
        ]
        for word in words
    ]
    with pytest.MonkeyPatch.context() as patch:
        if frequent:  # then passages are matched before positions
            patch.setattr(posting_list, "_FEW_OCCURRENCES", 0)
        found = match_phrase(phrase, slop=slop, within=within)
    assert found.tolist() == [passage for passage in kept if holds_phrase(passage, words)]
    alone = [some.tolist() for some in match_word(phrase[0], within=within)]
    assert {p for some in alone for p in some} == {p for p in kept if holds_phrase(p, words[:1])}
    assert all(some == sorted(set(some)) for some in alone)


@settings(max_examples=100, deadline=None)
@given(
    occurrences=st.sets(st.integers(0, 1 << 48), min_size=1),
    others=st.sets(st.integers(0, 1 << 48)),
    shared=st.integers(0, 50),
)
def test_a_hash_filter_finds_exactly_the_common_numbers(
    occurrences: set[int], others: set[int], shared: int
) -> None:
    lookups = sorted(others | set(sorted(occurrences)[:shared]))
    wanted = np.array(lookups, dtype=np.int64)
    known = sorted(occurrences)
    expected = [(row, known.index(n)) for row, n in enumerate(lookups) if n in occurrences]
    index = HashFilter(np.array(known))
    for limit in (0, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(membership, "_FEW", limit)
            assert index.common(wanted).tolist() == [known[row] for _, row in expected]
    rows, found = index.find(wanted)
    assert list(zip(rows.tolist(), found.tolist(), strict=True)) == expected


def test_each_thread_borrows_its_own_buffer_and_returns_it() -> None:
    buffers = SumBuffers(SIZE)
    with buffers.borrow() as first, buffers.borrow() as second:
        assert first is not second
    with buffers.borrow() as again:
        assert again is first
    with pytest.raises(MemoryError), buffers.borrow():
        raise MemoryError
    with buffers.borrow() as other:
        assert other is second


@settings(max_examples=100, deadline=None)
@given(numbered=corpora(), wanted=st.sets(st.integers(0, SIZE - 1) | st.integers(0, 400)))
def test_each_lookup_method_finds_exactly_the_passages_in_a_list(
    numbered: Numbered, wanted: set[int]
) -> None:
    passages = np.array(sorted(wanted | set(numbered.corpus)), dtype=np.intp)
    for term in WORDS:
        if not numbered.postings(term).size:
            continue
        expected = [
            (index, row)
            for row, passage in enumerate(numbered.postings(term).passages.tolist())
            for index in [passages.tolist().index(passage)]
        ]
        for limits in ({}, {"_PROBE": 0, "_DECODED_TO_FIND": 0}):
            with pytest.MonkeyPatch.context() as patch:
                for name, limit in limits.items():
                    patch.setattr(posting_list, name, limit)
                rows, found = numbered.postings(term).find(passages)
            indices = found.nonzero()[0]
            assert list(zip(indices.tolist(), rows[indices].tolist(), strict=True)) == expected
        ranked = RankBitmap(numbered.postings(term).passages).find(passages)
        assert list(zip(*(some.tolist() for some in ranked), strict=True)) == expected


@settings(max_examples=100, deadline=None)
@given(numbered=corpora(), wanted=st.sets(st.integers(0, SIZE - 1), min_size=1))
def test_frequencies_are_zero_in_passages_without_the_term(
    numbered: Numbered, wanted: set[int]
) -> None:
    terms = [term for term in WORDS if numbered.postings(term).size]
    if not terms:
        return
    passages = sorted(wanted | set(numbered.corpus))
    expected = [
        [numbered.corpus.get(passage, ()).count(term) for passage in passages] for term in terms
    ]
    for limits in ({}, {"_WORTH_A_TABLE": 1}, {"_WORTH_A_TABLE": 1, "_LOOK_UP": 0}):
        with pytest.MonkeyPatch.context() as patch:
            for name, limit in limits.items():
                patch.setattr(posting_list, name, limit)
            counts = frequencies_of([numbered.postings(term) for term in terms], np.array(passages))
        assert counts.tolist() == expected


def test_many_matches_are_pruned_by_bounds_before_exact_scoring() -> None:
    # Many matches of different lengths, so that only a few can be in the top k.
    corpus = {3 * n: ["a", "b"] + ["filler"] * (n % 97) for n in range(30_000)}
    corpus |= {3 * n + 1: ["a"] * (1 + n % 5) + ["filler"] * 9 for n in range(4_000)}
    case = Case(
        Numbered(corpus, SIZE, [0, 70_000]),
        ["a", "b"],
        [1.0, 2.0],
        10,
        None,
        Bm25(np.zeros(0), average=1, k1=1, b=0),
    )
    bm25 = case.numbered.bm25()
    clauses = [Clause(case.numbered.postings(term), 1.0, bm25) for term in ("a", "b")]
    scores = slow_scores(clauses, SIZE, bm25)
    sums = _sums()
    for k in (1, 10, 300):
        everything = slow_best(scores, corpus.__contains__, k)
        assert pairs(best_of_any(clauses, k=k, sums=sums)) == everything
        alone = slow_best(slow_scores(clauses[:1], SIZE, bm25), corpus.__contains__, k)
        assert pairs(best_of_any(clauses[:1], k=k, sums=sums)) == alone
    assert not sums.any()


def test_lists_of_frequent_terms_are_probed_for_the_matches_of_a_rare_one() -> None:
    corpus = {n: ["a", "b"] if n % 2 else ["a"] for n in range(60_000)}
    corpus |= {n: ["rare", "a", "b"][: 1 + n % 3] for n in range(0, 60_000, 400)}
    numbered = Numbered(corpus, SIZE, [0])
    bm25 = numbered.bm25()
    weights = {"rare": 9.0, "b": 1.0, "a": 0.5}
    clauses = [Clause(numbered.postings(term), weights[term], bm25) for term in weights]
    expected = slow_scores(clauses, SIZE, bm25)
    allowed = np.ones(SIZE, dtype=bool)
    allowed[::800] = False
    for k in (1, 10, 60):
        for mask in (None, allowed):
            hits = best_of_any(clauses, k=k, sums=_sums(), allowed=mask)
            matching = {p for p in corpus if mask is None or mask[p]}
            assert pairs(hits) == slow_best(expected, matching.__contains__, k)


def test_a_list_too_short_for_a_threshold_is_summed_with_the_next() -> None:
    corpus = {n: ["a"] * (1 + n % 3) + ["b"] * (n % 2) for n in range(40_000)}
    corpus |= {7: ["x", "a"], 70_001: ["x"]}
    numbered = Numbered(corpus, SIZE, [0])
    bm25 = numbered.bm25()
    clauses = [
        Clause(numbered.postings(term), weight, bm25)
        for term, weight in (("x", 5.0), ("a", 1.5), ("b", 1.0))
    ]
    hits = best_of_any(clauses, k=10, sums=_sums())
    expected = slow_best(slow_scores(clauses, SIZE, bm25), corpus.__contains__, 10)
    assert pairs(hits) == expected


def test_a_query_of_several_fields_adds_their_scores() -> None:
    numbered = Numbered({1: ["a", "b"], 5: ["a", "a", "c"], 9: ["b"]}, SIZE, [0])
    body, title = numbered.bm25(), numbered.bm25(k1=0.3, b=0.1)
    clauses = [
        Clause(numbered.postings("a"), 1.0, body),
        Clause(numbered.postings("b"), 2.0, title),
        Clause(numbered.postings("c"), 1.5, body),
    ]
    scores = sum(slow_scores([clause], SIZE, clause.bm25) for clause in clauses)
    assert isinstance(scores, np.ndarray)
    expected = slow_best(scores, numbered.corpus.__contains__, 3)
    assert pairs(best_of_any(clauses, k=3, sums=_sums())) == expected


def test_no_clauses_match_nothing() -> None:
    assert pairs(best_of_any([], k=3, sums=_sums())) == []


def test_the_buffer_is_reset_after_an_evaluation_that_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbered = Numbered({1: ["a", "b"], 5: ["a"]}, SIZE, [0])
    clauses = [Clause(numbered.postings(term), 1.0, numbered.bm25()) for term in "ab"]

    def fail(self: PostingList, passages: object) -> None:
        raise MemoryError

    monkeypatch.setattr(PostingList, "find", fail)
    sums = _sums()
    with pytest.raises(MemoryError):
        best_of_any(clauses, k=3, sums=sums)
    assert not sums.any()


@given(values=st.lists(st.integers(0, 1000), min_size=1), count=st.integers(1, 20))
def test_top_rows_include_the_highest_values(values: list[int], count: int) -> None:
    array = np.array(values)
    highest = sorted(array[top_rows(array, count)].tolist(), reverse=True)[:count]
    assert highest == sorted(values, reverse=True)[:count]
