from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.metadata import find_date, parse_date, stated_title


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Date: 2024-11-14", "2024-11-14"),
        ("2024.11.14", "2024-11-14"),
        ("2024.11.14.", "2024-11-14"),
        ("2024. 11. 14.", "2024-11-14"),
        ("2024. 1. 4. (목)", "2024-01-04"),
        ("2024/1/4", "2024-01-04"),
        ("2024년 11월 14일", "2024-11-14"),
        ("작성일: 2024년 11월 14일 (목) 오전 10:30", "2024-11-14"),
        ("입력 2024.11.14 09:30", "2024-11-14"),
        ("입력 2024.11.14 09:30 | 수정 2024.11.15 11:00", "2024-11-14"),
        ("등록일시 : 2024-11-14 09:30:12", "2024-11-14"),
        ("날짜：2024-11-14", "2024-11-14"),
        ("**Published:** 2024-11-14", "2024-11-14"),
        ("Last Updated : November 14, 2024 at 10:30 am", "2024-11-14"),
        ("November 14th, 2024", "2024-11-14"),
        ("Published on 14 November 2024", "2024-11-14"),
        ("Thursday, Nov. 14, 2024", "2024-11-14"),
        ("[2024-11-14T09:30:00+09:00]", "2024-11-14"),
        ("Date: 2023-02-29", ""),
        ("2024-13-01", ""),
        ("0999-01-01", ""),
        ("3024-01-01", ""),
        ("두 나라는 2024년 11월 14일에 만났다.", ""),
        ("The talks of November 14, 2024 went well.", ""),
        ("2024-11-14 was the day on which the ministers met", ""),
        ("Version 2024.11.141", ""),
        ("2024", ""),
        ("Last Updated :", ""),
        ("Update: 12024-11-14", ""),
    ],
)
def test_a_date_is_found_alone_on_a_line_or_after_a_label(line: str, day: str) -> None:
    assert find_date(f"제목\n\n{line}\n\n본문이 이어진다.") == day


def test_a_date_below_the_top_lines_is_ignored() -> None:
    assert find_date("줄\n" * 15 + "Date: 2024-11-14") == ""
    assert find_date("줄\n" * 14 + "Date: 2024-11-14") == "2024-11-14"


def test_the_first_valid_date_is_returned() -> None:
    assert find_date("2024-02-30\n2024-03-01\n2024-04-01") == "2024-03-01"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-11-14", "2024-11-14"),
        ("2024-11-14T09:30:00Z", "2024-11-14"),
        ("2024-11-14 09:30", "2024-11-14"),
        ("20241114", "2024-11-14"),
        ("2024-11", "2024-11"),
        ("2024.11.", "2024-11"),
        ("2024년 11월", "2024-11"),
        ("Nov 2024", "2024-11"),
        ("2024", "2024"),
        ("2024년", "2024"),
        (' "14 Nov 2024" ', "2024-11-14"),
        ("Thu, 14 Nov 2024 09:30:00 GMT", "2024-11-14"),
        ("2024-02-30", ""),
        ("20241301", ""),
        ("999", ""),
        ("12345", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_field_has_a_date_to_the_day_month_or_year(value: str, date: str) -> None:
    assert parse_date(value) == date


@given(st.dates())
def test_every_date_is_parsed_in_every_form(date: object) -> None:
    year, month, day = str(date).split("-")
    forms = (
        f"{year}-{month}-{day}",
        f"{year}. {int(month)}. {int(day)}.",
        f"{year}년 {month}월 {day}일",
    )
    expected = str(date) if 1000 <= int(year) <= 2999 else ""

    assert {find_date(form) for form in forms} == {expected}
    assert {parse_date(form) for form in forms} == {expected}


@given(st.text("0123456789-./년월일 :Dateno,v입력\n"))
def test_no_text_breaks_the_search_for_a_date(text: str) -> None:
    assert len(find_date(text)) in {0, 10}
    assert len(parse_date(text)) in {0, 4, 7, 10}


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Microsoft Word - 회의록.hwp", "회의록"),
        ("Microsoft Office Excel - 명단.xls", "명단"),
        (" 사업 \n계획.docx", "사업 계획"),
        ("About Microsoft Word - basics", "About Microsoft Word - basics"),
        ("1984", "1984"),
        *((junk, "") for junk in ("문서1", "통합 문서 1", "PowerPoint 프레젠테이션", "제목 없음")),
        *((junk, "") for junk in ("12", "2024-03-05", "http://a.example/b", "Untitled-1", "")),
    ],
)
def test_a_title_is_stated_without_what_a_program_or_a_template_puts_there(
    stated: str, title: str
) -> None:
    assert stated_title(stated) == title
