"""IBM Model 1 learns translations from the co-occurrences of terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays.array_types import Int64s
from index.arrays.ids import numbered
from index.bridge.learning.learn import fit as fit_of
from index.bridge.learning.learn import take_lines
from index.bridge.learning.model1 import Cooccurrences, Links, TermSets, TranslationTable
from index.bridge.learning.model1 import train as train_model


def units(rows: list[list[int]]) -> TermSets:
    terms = [term for row in rows for term in sorted(set(row))]
    return TermSets(np.array(terms, np.int64), np.array([len(set(row)) for row in rows], np.int64))


def train(korean: TermSets, english: TermSets) -> tuple[TranslationTable, Links]:
    return train_model(Cooccurrences.of(korean, english))


def fit(korean: TermSets, english: TermSets, documents: Int64s) -> float | None:
    return fit_of(Cooccurrences.of(korean, english), documents)


def weights(found: TranslationTable) -> dict[tuple[int, int], float]:
    pairs = zip(found.korean.tolist(), found.english.tolist(), strict=True)
    return dict(zip(pairs, found.weights.tolist(), strict=True))


def test_frequent_cooccurrences_explain_away_the_rest() -> None:
    rows = [[one, other] for one in range(8) for other in range(one)]
    found, _ = train(units(rows), units(rows))
    learned = weights(found)
    for (korean, english), weight in learned.items():
        assert weight > 0.6 if korean == english else weight < 0.1


def test_a_pair_seen_once_has_half_the_weight_at_most() -> None:
    found, _ = train(units([[0]]), units([[0]]))
    assert 0.0 < weights(found)[0, 0] <= 0.5
    rows = [[number % 20] for number in range(400)]
    often, _ = train(units(rows), units(rows))
    assert weights(often)[0, 0] > 0.75


def test_cooccurrences_count_the_lines_of_a_pair() -> None:
    found, _ = train(units([[0, 1], [0], [1]]), units([[0], [0], [1]]))
    assert weights(found).keys() == {(0, 0), (1, 0), (1, 1)}
    assert found.cooccurrences.tolist() == [2, 1, 1]


def test_links_are_between_positions_of_the_same_line() -> None:
    korean, english = units([[0, 1], [], [2]]), units([[0], [1], [0, 2]])
    _, links = train(korean, english)
    pairs = list(zip(links.korean.tolist(), links.english.tolist(), strict=True))
    assert pairs == [(0, 0), (1, 0), (2, 2), (2, 3)]


@given(st.lists(st.tuples(*[st.lists(st.integers(0, 5), max_size=4)] * 2), max_size=8))
def test_weights_and_posteriors_are_shares(both: list[tuple[list[int], list[int]]]) -> None:
    korean, english = units([row for row, _ in both]), units([row for _, row in both])
    found, links = train(korean, english)
    assert ((found.weights >= 0) & (found.weights < 1)).all()
    assert (found.links <= found.cooccurrences).all()
    for places, shares in ((links.korean, links.of_korean), (links.english, links.of_english)):
        assert (np.bincount(places, shares, minlength=1) <= 1 + 1e-9).all()


def test_lines_are_taken_by_number_or_by_mask() -> None:
    some = units([[0, 1], [2], [], [3]])
    assert take_lines(some, np.array([3, 0])).terms.tolist() == [3, 0, 1]
    assert take_lines(some, np.array([False, True, True, False])).sizes.tolist() == [1, 0]


def random_rows(seed: int, count: int) -> list[list[int]]:
    return np.random.default_rng(seed).integers(0, 40, (count, 6)).tolist()


@pytest.mark.parametrize("one_document", [True, False])
def test_translations_fit_and_other_texts_do_not(one_document: bool) -> None:
    count = 300
    documents = np.zeros(count, np.int64) if one_document else np.arange(count)
    korean = units(random_rows(1, count))
    same, other = (
        fit(korean, korean, documents),
        fit(korean, units(random_rows(2, count)), documents),
    )
    assert same is not None
    assert other is not None
    assert same > 0.5
    assert other < 0.1


def test_a_few_lines_are_too_little_to_tell() -> None:
    few = units(random_rows(1, 4))
    assert fit(few, few, np.arange(4)) is None
    assert fit(units([]), units([]), np.zeros(0, np.int64)) is None


@given(
    st.lists(
        st.tuples(*[st.lists(st.integers(0, 5), max_size=4)] * 2, st.booleans()),
        max_size=8,
    )
)
def test_a_subset_is_trained_as_if_alone(
    both: list[tuple[list[int], list[int], bool]],
) -> None:
    every = Cooccurrences.of(units([row for row, _, _ in both]), units([row for _, row, _ in both]))
    some = [row for row in both if row[2]]
    alone, _ = train(units([row for row, _, _ in some]), units([row for _, row, _ in some]))
    found, links = train_model(every.subset(np.array([row[2] for row in both], np.bool_)))
    assert weights(found) == pytest.approx(weights(alone))
    assert found.cooccurrences.tolist() == alone.cooccurrences.tolist()
    places = np.flatnonzero(np.repeat([row[2] for row in both], every.sides[0].sizes))
    assert set(links.korean.tolist()) <= set(places.tolist())


@given(st.lists(st.integers(0, 2**62) | st.integers(0, 9)))
def test_keys_are_numbered_in_their_order(keys: list[int]) -> None:
    distinct, numbers = numbered(np.array(keys, np.int64))
    assert distinct.tolist() == sorted(set(keys))
    assert distinct[numbers].tolist() == keys
