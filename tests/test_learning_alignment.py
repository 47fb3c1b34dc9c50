"""Lines are aligned by length, by equality and by shared words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.bridge.learning import alignment, alignment_costs
from index.bridge.learning import line_pairs as line_pairs_module
from index.bridge.learning.alignment import align
from index.bridge.learning.line_pairs import line_pairs

Bead = tuple[tuple[int, ...], tuple[int, ...]]

KOREAN = [
    "정부는 2024년 예산을 국회에 제출하였다",
    "동반자",
    "양국 장관은 서울에서 회담을 열고 앞으로 5년 동안의 협력 계획을 함께 세우기로 했다",
    "회의록은 Annex A에 있다",
    "다음 회의는 내년 봄에 열린다",
    "예산안을 심의할 위원회는 모두 21명의 의원으로 구성되며 위원장은 호선한다",
]
ENGLISH = [
    "The government submitted the budget for 2024 to parliament",
    "Partners",
    "The ministers met in Seoul and agreed to draw up a joint plan of cooperation for 5 more years",
    "The minutes are in Annex A",
    "The next meeting will be held next spring",
    "The committee on the budget has 21 members of parliament who elect one of them to the chair",
]


def beads(korean: list[str], english: list[str]) -> list[Bead]:
    found = align([(korean, english)])
    return [(tuple(range(k, k + m)), tuple(range(e, e + n))) for _, k, m, e, n in found.tolist()]


def ones(*pairs: tuple[int, int]) -> list[Bead]:
    return [((korean,), (english,)) for korean, english in pairs]


def test_parallel_lines_are_aligned_one_to_one() -> None:
    assert beads(KOREAN, ENGLISH) == ones(*((i, i) for i in range(6)))


def test_a_line_more_on_either_side_is_left_out() -> None:
    more = [*ENGLISH[:2], "A line with no counterpart in the Korean text " * 6, *ENGLISH[2:]]
    expected = ones((0, 0), (1, 1), (2, 3), (3, 4), (4, 5), (5, 6))
    assert beads(KOREAN, more) == expected
    swapped = [(english, korean) for korean, english in beads(more, KOREAN)]
    assert swapped == expected


def test_a_line_may_be_two_in_the_other_language() -> None:
    cut = ENGLISH[2].index(" and agreed")
    split = [*ENGLISH[:2], ENGLISH[2][:cut], ENGLISH[2][cut:], *ENGLISH[3:]]
    assert ((2,), (2, 3)) in beads(KOREAN, split)
    assert ((2, 3), (2,)) in beads(split, KOREAN)


def test_equal_lines_anchor_the_alignment() -> None:
    korean = ["가나다", "Untranslated text, whatever its length", "라마바"]
    english = ["abc def", "xyz", "A second one", *korean[1:2], "ghi jkl"]
    assert ones((1, 3), (2, 4)) == beads(korean, english)[-2:]


@pytest.mark.parametrize(("korean", "english"), [([], []), (["가"], []), ([], ["a"])])
def test_where_one_text_is_empty_nothing_is_aligned(korean: list[str], english: list[str]) -> None:
    assert beads(korean, english) == []


def test_no_documents_give_no_beads() -> None:
    assert len(align([])) == 0


lines = st.lists(st.sampled_from([*KOREAN, *ENGLISH, "1", ""]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(lines, lines), max_size=5))
def test_documents_are_aligned_as_each_would_be_alone(
    documents: list[tuple[list[str], list[str]]],
) -> None:
    found = align(documents)
    together = [
        [
            (tuple(range(k, k + m)), tuple(range(e, e + n)))
            for d, k, m, e, n in found.tolist()
            if d == number
        ]
        for number in range(len(documents))
    ]
    assert together == [beads(*document) for document in documents]
    for (korean, english), runs in zip(documents, together, strict=True):
        ours = [line for run, _ in runs for line in run]
        theirs = [line for _, run in runs for line in run]
        assert ours == sorted(set(ours))
        assert theirs == sorted(set(theirs))
        assert set(ours) <= set(range(len(korean)))
        assert set(theirs) <= set(range(len(english)))


@pytest.mark.parametrize("limit", ["_MAX_CELLS", "_MAX_DIAGONAL_CELLS"])
def test_a_batch_that_is_full_is_followed_by_another(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    documents = [(KOREAN, ENGLISH[1:]), (KOREAN[1:], ENGLISH), (KOREAN * 9, ENGLISH)]
    whole = align(documents)
    monkeypatch.setattr(alignment, limit, 1)
    assert align(documents)[:, 1].tolist() == whole[:, 1].tolist()


def test_costs_are_computed_in_blocks_or_one_diagonal_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents = [(KOREAN, ENGLISH[1:]), (KOREAN[1:], ENGLISH), (KOREAN * 9, ENGLISH * 10)]
    together = align(documents)
    monkeypatch.setattr(alignment_costs, "_BLOCK_CELLS", 1)
    apart = align(documents)
    assert apart[:, 1].tolist() == together[:, 1].tolist()
    assert apart[:, 3].tolist() == together[:, 3].tolist()


def test_lines_behind_the_most_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "MAX_LINES", 2)
    assert beads(KOREAN, ENGLISH[:5]) == ones((0, 0), (1, 1))
    assert len(beads(KOREAN, ENGLISH)) == 6


def test_texts_of_very_different_lengths_are_not_aligned() -> None:
    assert beads(KOREAN, ENGLISH * 10) == []


def test_of_very_many_lines_some_documents_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_pairs_module, "_MAX_LINES", 4)
    documents = [("동반자", "Partner"), ("관계", "Relation"), ("회담", "Talks"), ("예산", "Budget")]
    assert [pair.document for pair in line_pairs(documents)] == [0, 2]


def pairs(korean: str, english: str) -> list[tuple[str, str]]:
    return [pair[1:] for pair in line_pairs([(korean, english)])]


def test_lines_left_untranslated_teach_nothing() -> None:
    korean = "동반자\nLeft in English\n\n100 %\n  관계  \n동반자"
    english = "Partner\nLeft in English\n\n100 %\nRelation\nPartner"
    assert pairs(korean, english) == [("동반자", "Partner"), ("관계", "Relation")]


def test_english_with_hangul_in_it_is_no_translation() -> None:
    assert pairs("동반자", "a 동반자") == []


def test_short_texts_that_do_not_align_are_paired_as_a_whole() -> None:
    korean, english = " ".join(KOREAN), "\n".join(ENGLISH)
    assert pairs(korean, english) == [(korean, english)]
    assert pairs(" ".join(KOREAN * 20), "\n".join(ENGLISH * 20)) == []
