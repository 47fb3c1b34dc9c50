"""Finds dates and titles in texts, rows and pages; none is guessed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath

from corpus.nfc import nfc

# Where the date of a text is searched for: later lines are more likely to mention other days.
_TOP_LINES = 15
_TOP_CHARACTERS = 5_000
_LONGEST_LINE = 120  # characters, of a date with its label

_MONTH_NAMES = (
    "january,jan february,feb march,mar april,apr may june,jun july,jul august,aug "
    "september,sept,sep october,oct november,nov december,dec"
)
_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split(), start=1)
    for name in names.split(",")
}
_MONTH = "|".join(_MONTHS)

# Every date has one, and few lines do.
_YEAR = re.compile(r"[12]\d{3}")
_TO_THE_DAY = "|".join(
    (
        r"(?P<y1>[12]\d{3})\s?[-./]\s?(?P<m1>\d{1,2})\s?[-./]\s?(?P<d1>\d{1,2})(?!\d)\.?",
        r"(?P<y2>[12]\d{3})\s?년\s?(?P<m2>\d{1,2})\s?월\s?(?P<d2>\d{1,2})\s?일",
        rf"(?P<n3>{_MONTH})\.?\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y3>[12]\d{{3}})(?!\d)",
        rf"(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<n4>{_MONTH})\.?,?\s(?P<y4>[12]\d{{3}})(?!\d)",
    )
)
_COARSER = "|".join(
    (
        r"(?P<y5>[12]\d{3})(?P<m5>\d{2})(?P<d5>\d{2})(?!\d)",
        r"(?P<y6>[12]\d{3})\s?[-./]\s?(?P<m6>\d{1,2})(?!\d)\.?",
        r"(?P<y7>[12]\d{3})\s?년\s?(?P<m7>\d{1,2})\s?월",
        rf"(?P<n8>{_MONTH})\.?,?\s(?P<y8>[12]\d{{3}})(?!\d)",
        r"(?P<y9>[12]\d{3})(?!\d)\s?년?",
    )
)
_WEEKDAY = (
    r"(?:[,\s]*\(?(?:[월화수목금토일](?:요일)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|"
    r"sun)(?:day)?)\)?[,.]?)?"
)
_CLOCK = (
    r"(?:[T,\s]*(?:at\s)?(?:오전|오후|am|pm)?\s?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:am|pm)?"
    r"\s?(?:Z|[A-Z]{2,4}|[+-]\d{2}:?\d{2})?)?"
)
_LABEL = (
    r"(?:date(?:line)?|published(?:\s(?:on|at|date))?|publication\sdate|posted(?:\son)?|"
    r"(?:last\s)?updated(?:\son)?|released?(?:\son)?|issued(?:\son)?|날짜|일자|일시|입력(?:일시?)?|"
    r"등록(?:일시?|일자)?|작성(?:일시?|일자)?|게시(?:일)?|발행(?:일)?|수정(?:일시?)?|최종\s?수정(?:일)?|"
    r"보도(?:일시?|일자)|배포(?:일시?|일자)?)"
)

_LINE = re.compile(
    rf"[\s\-*•>\[(【]*+(?:{_LABEL}\**+\s?[:：|]?\**+\s*)?(?:{_WEEKDAY}[,\s]+)?(?:{_TO_THE_DAY})"
    rf"{_WEEKDAY}{_CLOCK}[\s\])】.*]*",
    re.IGNORECASE,
)
# Text may follow a date with a label ("입력 2024.11.14 09:30 | 수정 2024.11.15"), not a bare date.
_LABELLED = re.compile(
    rf"[\s\-*•>\[(【]*+{_LABEL}\**+\s?[:：|]?\**+\s*(?:{_TO_THE_DAY})", re.IGNORECASE
)
_VALUE = re.compile(rf"(?:{_WEEKDAY}[,\s]+)?(?:{_TO_THE_DAY}|{_COARSER})", re.IGNORECASE)

_LONGEST_TITLE = 120  # characters
_WORD = re.compile(r"\S")
# Not blank, nor a sign that shows nothing by itself: controls, fillers, joiners, marks, selectors.
_VISIBLE = re.compile(
    "[^\\s\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SENTENCE_ENDS = (".", "。", ",", ";", ":", "!", "…")
# What programs put before and behind the name of a file that they take for a title.
_PROGRAM = re.compile(r"\Amicrosoft (?:office )?\w+ -(?: |\Z)", re.IGNORECASE)
_SUFFIX = re.compile(
    r"\.(?:hwpx?|docx?|pptx?|xlsx?|pdf|odt|odp|ods|rtf|tex|dvi|indd|qxd|html?|txt)$", re.IGNORECASE
)
# What programs and templates write when nobody has stated a title; a year may be one.
_EMPTY_TITLE = re.compile(
    r"(?!\W*\d{4}\W*\Z)"
    r"(?:untitled|no ?title|title|document|book|workbook|presentation|slide|pdf|문서|(?:새|빈) 문서"
    r"|통합 ?문서|프레젠테이션|슬라이드|제목|무제|제목 ?없음|이름 ?없음|없음"
    r"|(?:microsoft )?powerpoint(?: presentation| 프레젠테이션)?"
    r"|(?:https?|file)://\S*|about:blank)?[\W\d_]*",
    re.IGNORECASE,
)
# What programs write when nobody has said who the author is.
_EMPTY_AUTHOR = re.compile(
    r"(?:(?:a satisfied )?microsoft(?: office| corporation)*(?: user)?|(?:windows )?(?:user|사용자)"
    r"|admin(?:istrator)?|관리자|owner|pc|unknown|un-named|anonymous|array\(.*"
    r"|python-docx|python-pptx|openpyxl|xlsxwriter|apache poi)?[\W\d_]*",
    re.IGNORECASE,
)


def find_date(text: str) -> str:
    """Return the first date in the top lines of a text, as YYYY-MM-DD, or "".

    The date is alone on its line or follows a label such as "Date:" or "입력".
    """
    top = text[:_TOP_CHARACTERS]
    if not _YEAR.search(top):
        return ""
    for line in top.split("\n", _TOP_LINES)[:_TOP_LINES]:
        if not _YEAR.search(line):
            continue
        line = " ".join(line.split())
        found = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        found = found or _LABELLED.match(line, 0, _LONGEST_LINE)
        if found and (day := _iso(found)):
            return day
    return ""


def parse_date(value: str) -> str:
    """Return the date at the beginning of a field in ISO 8601, to the day, month or year, or "".

    "2024-11" and "2024" are accepted; text after the date, such as a time, is ignored.
    """
    found = _VALUE.match(" ".join(value[:_LONGEST_LINE].split()).strip("\"'"))
    return _iso(found) if found else ""


def _iso(found: re.Match[str]) -> str:
    part = {name[0]: value for name, value in found.groupdict().items() if value}
    month = _MONTHS[part["n"].lower()] if "n" in part else int(part.get("m", 1))
    try:
        day = date(int(part["y"]), month, int(part.get("d", 1))).isoformat()
    except ValueError:  # such as 2023-02-29
        return ""
    if "d" in part:
        return day
    return day[:7] if "m" in part or "n" in part else day[:4]


def tidy_title(title: str) -> str:
    """Return `title` in NFC on one line, stripped; "" if nothing of it is visible."""
    title = nfc(" ".join(title.split()))
    return title if _VISIBLE.search(title) else ""


def stated_title(title: str) -> str:
    """Return `title` as `tidy_title` does, without the name of a program or the suffix of a file.

    "" if it is only what a program or a template writes.
    """
    title = _SUFFIX.sub("", _PROGRAM.sub("", tidy_title(title)))
    return "" if _EMPTY_TITLE.fullmatch(title) else title


def stated_author(author: str) -> str:
    """Return `author` as `tidy_title` does; "" if it is only what a program writes."""
    author = tidy_title(author)
    return "" if _EMPTY_AUTHOR.fullmatch(author) else author


def file_title(name: str) -> str:
    """Return the file name without folders and suffix, in NFC."""
    path = PurePosixPath(name)
    return tidy_title(path.stem) or path.name


def first_line_title(text: str) -> str:
    """Return the first line if it looks like a title, else "".

    It does if it is short and precedes a blank line, or a line that is too long for a title.
    """
    first = _WORD.search(text)
    start = text[first.start() : first.start() + 4 * _LONGEST_TITLE] if first else ""
    line, _, rest = start.partition("\n")
    line = line.strip()
    if len(line) > _LONGEST_TITLE or not any(map(str.isalnum, line)) or find_date(line):
        return ""
    following = rest.partition("\n")[0].strip()
    if rest and not following:
        return tidy_title(line)
    apart = len(following) > _LONGEST_TITLE and not line.endswith(_SENTENCE_ENDS)
    return tidy_title(line) if apart else ""
