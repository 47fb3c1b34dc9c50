"""Dates in their usual spellings meet each other, in queries and in filters."""

from __future__ import annotations

from pathlib import Path

import pytest
from search_corpus import built

from search.query.dates import iso_date, spellings
from search.query.tree import date_range
from search.searcher import Searcher

DAY = ("2024년 11월 5일", "2024.11.05.", "2024. 11. 5.", "2024-11-5", "2024/11/05", "Nov. 5, 2024")
DAYS = (*DAY, "November 5, 2024", "5 november 2024", "5 Nov. 2024", "2024년11월5일")


@pytest.mark.parametrize("written", DAYS)
def test_a_day_is_read_in_every_usual_spelling(written: str) -> None:
    assert iso_date(written) == "2024-11-05"
    assert date_range(written) == ("2024-11-5" if written == "2024-11-5" else "2024-11-05",) * 2


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024년", "2024"),
        ("2024년 11월", "2024-11"),
        ("2024.11", "2024-11"),
        ("Nov 2024", "2024-11"),
        ("2024.13", ""),
        ("2024-11.05", ""),
        ("3.11.7", ""),
        ("11월", ""),
        ("May I", ""),
    ],
)
def test_months_and_years_are_dates_and_other_numbers_are_not(written: str, expected: str) -> None:
    assert iso_date(written) == expected


def test_only_days_and_months_have_other_spellings() -> None:
    assert "2024년 11월 5일" in spellings("2024-11-05")
    assert not spellings("2024년")
    assert not spellings("정상회담")


def test_a_filter_takes_ranges_of_any_spelling() -> None:
    assert date_range("2024년 3월..Nov. 15, 2024") == ("2024-03", "2024-11-15")
    assert date_range("2024.02.30") is None


@pytest.mark.kiwi
def test_a_date_finds_its_other_spellings(tmp_path: Path) -> None:
    for number, written in enumerate(DAY):
        (tmp_path / f"{number}.txt").write_text(f"회의는 {written} 열렸다.", encoding="utf-8")
    (tmp_path / "other.txt").write_text("2024년 11월 6일, 2024-12-05", encoding="utf-8")
    built(tmp_path)
    everything = {f"{number}.txt" for number in range(len(DAY))}
    with Searcher.open(tmp_path / ".chaja") as searcher:
        for written in DAY:
            assert {hit.path for hit in searcher.phrase(written, strict=True)} == everything
            hits = searcher.search(f'+"{written}"', strict=True)
            assert {hit.path for hit in hits} == everything
