"""Subtitles are read as the lines that are shown, at their lines of the file."""

import random
from io import BytesIO

import pytest

from corpus.document import LINE, Document, Problem, State
from corpus.readers import read_opened


def found(data: bytes, suffix: str = ".srt") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name=f"film{suffix}", suffix=suffix))


def document(text: str, suffix: str = ".srt", encoding: str = "utf-8") -> Document:
    (only,) = found(text.encode(encoding), suffix)
    assert isinstance(only, Document)
    return only


SRT = """1
00:00:01,000 --> 00:00:02,500
<i>안녕하세요.</i>
{\\an8}반갑습니다.

2
00:00:03,000 --> 00:00:04,000
1984
"""
VTT = """WEBVTT - title

STYLE
::cue { color: red }

NOTE a remark

intro
00:01.000 --> 00:02.000 align:start
<v Kim>Tom &amp; <00:01.500><c>Jerry</c>

00:02.000 --> 00:03.000
Tom &amp; Jerry
They run 3 < 5 miles.
"""


def test_numbers_times_and_marks_are_left_out_and_spoken_numbers_stay() -> None:
    for encoding in ("utf-8", "cp949", "utf-16"):
        read = document(SRT, encoding=encoding)
        assert read.text == "안녕하세요.\n반갑습니다.\n1984"
        assert [read.line_at(at) for at in (0, 8, 15)] == [3, 4, 8]
        assert read.unit == LINE


def test_remarks_styles_and_names_are_left_out_and_a_line_that_rolls_on_is_there_once() -> None:
    read = document(VTT, ".vtt")
    assert read.text == "Tom & Jerry\nThey run 3 < 5 miles."
    assert read.line_at(read.text.index("They")) == 14


def test_subtitles_without_words_are_a_problem() -> None:
    (problem,) = found(b"1\n00:00:01,000 --> 00:00:02,500\n\n")
    assert isinstance(problem, Problem)
    assert problem.reason == "has no readable text"


def test_subtitles_of_too_many_bytes_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.subtitles._MOST_BYTES", 10)
    reason = "is a file of subtitles of more than 10 bytes"
    assert found(SRT.encode()) == [Problem(path="film.srt", reason=reason, state=State.TOO_LARGE)]


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    read, problem = found(SRT.encode().replace(b"1984", b"\xea\xb0"))
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert problem.line == 8


def test_damaged_subtitles_give_documents_and_problems_and_nothing_else() -> None:
    rng = random.Random(14)
    for _ in range(100):
        data = bytearray(VTT.encode())
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        read = found(bytes(data), ".vtt")
        assert read
        assert not any("Error" in item.reason for item in read if isinstance(item, Problem))
