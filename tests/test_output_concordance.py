"""A concordance keeps its matches in one column, and tables and bars say what they should."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.concordance.lines import ConcordanceLine
from search.keyness.telling_words import TellingWord, TellingWords
from search.keyness.trend import Course, PeriodCount, Trend
from search.output.bars import bar
from search.output.concordance import concordance_lines, concordance_rows
from search.output.delimited import delimited_lines
from search.output.keyness import telling_lines, trend_lines
from search.output.terminal import Palette, display_width, last_fitting
from search.output.text import View

MIXED = st.text(st.sampled_from("ab 가나 한漢 é👍ﾊ（—"), max_size=80)
MARKED = Palette(match="[", end="]")


def line(left: str, match: str, right: str, **more: object) -> ConcordanceLine:
    fixed = {"document": "a.txt", "path": "a.txt", "line": 3, "start": 0, "end": 1, "ordinal": 0}
    empty = dict.fromkeys(("title", "language", "date"), "")
    return ConcordanceLine(left=left, match=match, right=right, **(fixed | empty | more))


LINES = [
    line("우리 정부는 한미 ", "전략", "적 동반자 관계를 넓히기로 했다고 발표하였다. " * 3),
    line("The " * 30, "strategic partnership", " of both countries is a matter of trade " * 3),
    line("", "戰略", "", path="자료/아주 긴 폴더의 이름/그 안의 파일 하나.txt", document="x"),
]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_matches_begin_in_one_column_and_no_line_is_too_wide(width: int) -> None:
    view = View(width=width, palette=MARKED)
    shown = list(concordance_lines(LINES, view))
    columns = {display_width(text.partition("[")[0]) for text in shown}
    assert len(columns) == 1
    assert all(display_width(text) - len("[]") <= width for text in shown)
    assert max(map(display_width, shown)) > width * 0.9
    assert shown[0].startswith("a.txt:3 ")


def test_the_ends_of_contexts_next_to_the_match_are_shown() -> None:
    first, second, third = concordance_lines(LINES, View(width=80, palette=MARKED))
    assert "정부는 한미 [전략]적 동반자" in first
    assert "The The [strategic partnership] of both" in second
    assert third.endswith("[戰略]")
    assert "하나.txt:3" in third


@given(st.lists(st.tuples(MIXED, MIXED.filter(str.strip), MIXED), min_size=1), st.integers(40, 130))
def test_any_texts_are_aligned(parts: list[tuple[str, str, str]], width: int) -> None:
    view = View(width=width, palette=MARKED)
    shown = list(concordance_lines([line(*texts) for texts in parts], view))
    assert len({display_width(text.partition("[")[0]) for text in shown}) == 1
    assert all(display_width(text) - len("[]") <= width for text in shown)


@pytest.mark.parametrize("width", [0, 5, 30, 90])
def test_a_given_width_is_that_of_each_side(width: int) -> None:
    for text in concordance_lines(LINES[:2], View(palette=MARKED), width=width):
        before, _, rest = text.partition("[")
        assert display_width(before) == len("a.txt:3  ") + width
        assert width - 2 <= display_width(rest.partition("]")[2]) <= width


@given(MIXED, st.integers(0, 60))
def test_the_end_of_a_text_fits_and_could_not_be_longer(text: str, width: int) -> None:
    end = last_fitting(text, width)
    assert text.endswith(end)
    assert display_width(end) <= width
    longer = text[len(text) - len(end) - 1 :] if len(end) < len(text) else ""
    assert not longer or display_width(longer) > width


def test_a_mark_is_not_left_without_its_letter() -> None:
    assert last_fitting("xe\u0301y", 1) == "y"
    assert last_fitting("xe\u0301y", 2) == "e\u0301y"
    assert last_fitting("\u0301y", 1) == "\u0301y"


# ---- tables


def test_csv_is_read_back_and_has_no_formula() -> None:
    odd = line("=1+1, ", 'say "yes"', " -x", title="@x", line=7, unit="page", crossed=True)
    rows = list(csv.reader(io.StringIO("\n".join(delimited_lines(concordance_rows([odd]))))))
    cells = dict(zip(*rows, strict=True))
    assert cells["left"] == "'=1+1, "
    assert (cells["match"], cells["right"], cells["title"]) == ('say "yes"', "' -x", "'@x")
    assert (cells["place"], cells["crossed"]) == ("p7", "true")


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=4))
def test_tabs_part_cells_and_nothing_else_does(rows: list[list[str]]) -> None:
    lines = list(delimited_lines(rows, tabs=True))
    assert [len(text.split("\t")) for text in lines] == [2] * len(rows)
    assert all(text.isprintable() or "\t" in text for text in lines)


# ---- bars


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(1, 80))
def test_bars_grow_with_their_values(some: float, other: float, width: int) -> None:
    low, high = sorted((some, other))
    short, long = (bar(value, largest=high, width=width) for value in (low, high))
    assert len(short) <= len(long) <= width
    assert bool(short) == (low > 0)
    assert long == "█" * width or not high


def test_bars_have_eighths_of_a_column() -> None:
    shown = [bar(value, largest=16, width=2) for value in (0, 1, 4, 8, 12, 16)]
    assert shown == ["", "▏", "▌", "█", "█▌", "██"]


def telling(word: str, keyness: float) -> TellingWord:
    return TellingWord(word=word, term=word, share=0.5, other_share=0.0001, keyness=keyness)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_words_and_bars_fit_the_terminal(width: int) -> None:
    found = TellingWords(words=(telling("축", 1234.5), telling("series", 617.25)))
    shown = list(telling_lines(found, View(width=width), names=["차트"]))
    assert all(display_width(text) <= width for text in shown)
    assert shown[1].startswith("축       50%  <0.1%  1,234  ██")
    assert shown[1].count("█") in (2 * shown[2].count("█"), 2 * shown[2].count("█") + 1)


def test_two_results_are_two_tables_under_their_queries() -> None:
    found = TellingWords(words=(telling("축", 20),), other_words=(telling("창", 30),))
    shown = list(telling_lines(found, View(), names=["차트", "매크로"]))
    assert [shown[0], shown[3], shown[4]] == ["차트", "", "매크로"]
    assert "there" in shown[1]


def test_a_trend_has_a_row_for_each_query_in_each_period() -> None:
    trend = Trend(
        by="year",
        whole=(PeriodCount("2023", 40, 20), PeriodCount("", 9, 4)),
        courses=(
            Course(query="반도체", counts=(PeriodCount("2023", 12, 10), PeriodCount("", 0, 0))),
            Course(query="배터리", counts=(PeriodCount("2023", 5, 5), PeriodCount("", 4, 4))),
        ),
    )
    shown = list(trend_lines(trend, View(width=60)))
    assert [text.split() for text in shown] == [
        ["year", "documents", "share"],
        ["2023", "반도체", "10", "50%", shown[1].split()[-1]],
        ["배터리", "5", "25%", shown[2].split()[-1]],
        ["none", "반도체", "0", "0%"],
        ["배터리", "4", "100%", shown[4].split()[-1]],
    ]
    assert len(shown[4].split()[-1]) == 2 * len(shown[1].split()[-1])
    assert all(display_width(text) <= 60 for text in shown)
