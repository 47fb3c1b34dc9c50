"""Formats the words that tell results apart, and trends, as text with bars and as JSON objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..keyness.telling_words import TellingWord, TellingWords
from ..keyness.trend import PeriodCount, Trend
from .bars import bar
from .json import attributes
from .summary import TOP_FOLDER
from .table import table
from .terminal import cut, display_width, printable
from .text import View

_LONGEST = 24  # columns of a word or a query
_BAR = (6, 40)  # columns of the longest bar, at least and at most
_GAP = 2
_UNDATED = "none"


def telling_lines(found: TellingWords, view: View, *, names: Sequence[str]) -> Iterator[str]:
    """Yield tables of telling words; `names` are those of the results, the second if two."""
    for position, words in enumerate((found.words, found.other_words)[: len(names)]):
        if position:
            yield ""
        if len(names) > 1:
            yield view.palette.paint(printable(names[position]), view.palette.title)
        yield from _telling_table(words, view, head=("here", "there" * (len(names) > 1) or "rest"))


def _telling_table(words: Sequence[TellingWord], view: View, *, head: Sequence[str]) -> list[str]:
    rows = [("word", *head, "G²")]
    rows += [
        (
            cut(printable(each.word), _LONGEST),
            _percent(each.share),
            _percent(each.other_share),
            f"{each.keyness:,.0f}",
        )
        for each in words
    ]
    return list(_with_bars(rows, [0.0, *(each.keyness for each in words)], view, right=(1, 2, 3)))


def trend_lines(trend: Trend, view: View) -> Iterator[str]:
    """Yield a row for each query in each period: documents, their share of all of it, and a bar."""
    rows = [(trend.by, "", "documents", "share")]
    without = TOP_FOLDER if trend.by == "folder" else _UNDATED
    shares = [0.0]
    for position, whole in enumerate(trend.whole):
        period = printable(whole.period) or without
        for course in trend.courses:
            count = course.counts[position]
            shares.append(share_of(count, whole))
            query = cut(printable(course.query), _LONGEST)
            rows.append((period, query, f"{count.documents:,}", _percent(shares[-1])))
            period = ""
    yield from _with_bars(rows, shares, view, right=(2, 3))


def share_of(count: PeriodCount, whole: PeriodCount) -> float:
    """Return the share of the documents of a period that a query matches, from 0 to 1."""
    return count.documents / whole.documents if whole.documents else 0.0


def _with_bars(
    rows: Sequence[tuple[str, ...]], values: Sequence[float], view: View, *, right: Sequence[int]
) -> Iterator[str]:
    """Yield the rows of a table, each with the bar of its value as far as there is room."""
    lines = [*table(rows, right=right)]
    used = max(map(display_width, lines)) + _GAP
    width = min(max(view.width - used, _BAR[0]), _BAR[1])
    largest = max(values)
    for line, value in zip(lines, values, strict=True):
        gap = " " * (used - display_width(line))
        drawn = bar(value, largest=largest, width=width)
        yield (line + gap + view.palette.paint(drawn, view.palette.location)).rstrip()


def _percent(share: float) -> str:
    return (
        f"{share:.0%}"
        if share >= 0.1 or share == 0
        else f"{share:.1%}"
        if share >= 0.0005
        else "<0.1%"
    )


def telling_object(found: TellingWords) -> dict[str, object]:
    """Return telling words; `words` and `other_words` are the most telling first."""
    return {
        "words": [_word_object(word) for word in found.words],
        "other_words": [_word_object(word) for word in found.other_words],
        "passages": found.passages,
        "other_passages": found.other_passages,
        "notes": list(found.notes),
    }


def _word_object(word: TellingWord) -> dict[str, object]:
    return attributes(word, "word", "term", "share", "other_share", "keyness")


def trend_object(trend: Trend) -> dict[str, object]:
    """Return a trend: for all documents and for each query the counts of each period."""
    return {
        "by": trend.by,
        "whole": [count._asdict() for count in trend.whole],
        "courses": [
            {"query": course.query, "counts": [count._asdict() for count in course.counts]}
            for course in trend.courses
        ],
        "notes": list(trend.notes),
    }
