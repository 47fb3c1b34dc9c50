"""Invented hits for the golden outputs."""

from __future__ import annotations

from search.results import Bridged, Copies, Hit, Match, ReadAs

_KOREAN = (
    "정부는 오늘 새로운 도서관 정책을 발표했다. 지역마다 작은 도서관을 두고,\n밤에도 문을 열어 "
    "누구나 책을 빌릴 수 있게 한다는 것이다. 예산은 내년부터 3년 동안 나누어 쓴다. 담당 부처는 "
    "“먼저 열 곳에서 시험해 보고 넓혀 가겠다”고 밝혔다. 사서의 수도 늘어난다."
)
_ENGLISH = (
    "The library opens at nine. Readers may borrow up to ten books, and keep them for three weeks. "
    "A book that is asked for by another reader cannot be renewed. The new library policy also "
    "lets a reader return books at any branch, by day or by night."
)
_CODE = "int\x1b[31m main(void)\t{\n\treturn library();\n}"


def _matches(text: str, *words: tuple[str, str, str]) -> tuple[Match, ...]:
    found = []
    for surface, word, term in words:
        start = text.find(surface)
        while start >= 0:
            end = start + len(surface)
            found.append(Match(start=start, end=end, word=word, term=term))
            start = text.find(surface, end)
    return tuple(sorted(found, key=lambda match: match.start))


HITS = (
    Hit(
        rank=1,
        score=12.345678901,
        document="news/2024/library.txt",
        path="news/2024/library.txt",
        title="작은 도서관을 지역마다 두기로",
        language="ko",
        date="2024-03-02",
        text=_KOREAN,
        line=12,
        start=310,
        end=310 + len(_KOREAN),
        ordinal=2,
        heading="",
        matches=_matches(
            _KOREAN,
            ("도서관", "도서관", "도서관"),
            ("정책을", "정책", "정책"),
            ("시험해", "시험", "시험"),
        ),
        why={"도서관": ("도서관",), "정책": ("정책",), "시험": ("시험", "시험하다")},
        metadata={"author": "홍길동"},
    ),
    Hit(
        rank=2,
        score=7.5,
        document="handbook-7",
        path="a/rather/long/path/to/the/handbook of readers.jsonl",
        title="A handbook for the readers of a public library, with rules and hours",
        language="en",
        date="",
        text=_ENGLISH,
        line=7,
        start=0,
        end=len(_ENGLISH),
        ordinal=0,
        heading="Borrowing and returning",
        matches=_matches(
            _ENGLISH, ("library", "도서관", "librari"), ("policy", "policy", "polici")
        ),
        why={"도서관": ("librari",), "policy": ("polici",)},
        bridged=(
            Bridged(asked="도서관", other="library", source="glossary", weight=0.9),
            Bridged(asked="작은 도서관", other="branch", source="parallel documents", weight=0.25),
        ),
        read_as=(ReadAs(typed="도서과", understood="도서관", how="spelling"),),
        copies=Copies(12, ("old/handbook.txt", "a/rather/long/path/to/the/handbook.html")),
    ),
    Hit(
        rank=10,
        score=0.25,
        document="handbook-7",
        path="src/main.c",
        title="",
        language="",
        date="2019",
        text=_CODE,
        line=1,
        start=0,
        end=len(_CODE),
        ordinal=0,
        heading="",
        matches=_matches(_CODE, ("library", "library", "librari")),
        why={"library": ("librari",)},
    ),
)
