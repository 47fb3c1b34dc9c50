from __future__ import annotations

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import LINE, SLIDE, Document, Problem, State
from corpus.readers import ole, read_opened
from corpus.readers.outlook import reader
from corpus.readers.outlook.compressed_rtf import unpacked
from tests.office_files import pptx, shape
from tests.older_office_files import attached, properties, recipient
from tests.ole_writer import container, ticks

SUBJECT, BODY, HTML, RTF, HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
SENDER, ADDRESS, SENT, PAGE = 0x0C1A, 0x5D01, 0x0039, 0x3FFD
DATA, NAME, SHORT_NAME, TYPE = 0x3701, 0x3707, 0x3704, 0x370E
SIMPLE = {SUBJECT: "회의", BODY: "첫 줄\r\n\r\n둘째 줄\r\n"}


def found(*streams: dict[str, bytes], suffix: str = ".msg") -> list[Document | Problem]:
    data = container({path: held for each in streams for path, held in each.items()})
    return list(read_opened(BytesIO(data), name="a.msg", suffix=suffix))


def documents(*streams: dict[str, bytes]) -> list[Document]:
    read = found(*streams)
    assert all(isinstance(each, Document) for each in read), read
    return [each for each in read if isinstance(each, Document)]


def test_a_message_has_its_subject_as_title_and_its_people_as_metadata() -> None:
    values = {**SIMPLE, SENDER: "홍길동", ADDRESS: "hong@a.example"}
    people = recipient(0, "Kim", "kim@b.example") | recipient(1, "Lee", "", 2)
    (read,) = documents(properties(values, moments={SENT: ticks(2024, 3, 5)}), people)
    assert (read.id, read.title, read.date, read.language) == ("a.msg", "회의", "2024-03-05", "ko")
    assert read.text == "첫 줄\n\n둘째 줄"
    assert (read.unit, read.line_at(0), read.line_at(5)) == (LINE, 1, 3)
    assert read.metadata == {
        "from": "홍길동 <hong@a.example>",
        "to": "Kim <kim@b.example>",
        "cc": "Lee",
    }


def test_the_headers_of_the_transport_give_the_day_where_it_was_sent() -> None:
    headers = "From: Hong <hong@a.example>\r\nDate: Tue, 5 Mar 2024 08:00:00 +0900\r\n\r\n"
    values = {**SIMPLE, SENDER: "Hong", HEADERS: headers, 0x0E04: "all"}
    (read,) = documents(properties(values, moments={SENT: ticks(2024, 3, 4)}))
    assert (read.date, read.metadata) == (
        "2024-03-05",
        {"from": "Hong <hong@a.example>", "to": "all"},
    )


@pytest.mark.parametrize("page", [949, 1252, 0])
def test_texts_of_one_byte_a_character_are_in_the_code_page_of_the_message_or_korean(
    page: int,
) -> None:
    values = {SUBJECT: "회의 일정", BODY: "총무과에서 알려 드립니다. 펲시", PAGE: page}
    (read,) = documents(properties(values, codec="cp949"))
    assert (read.title, read.text) == (values[SUBJECT], values[BODY])


def test_a_page_is_read_where_there_is_no_plain_text_and_rtf_where_there_is_neither() -> None:
    page = "<html><body><h1>제목</h1><p>본문</p></body></html>"
    (read,) = documents(properties({SUBJECT: "s", BODY: " \r\n", HTML: page.encode()}))
    assert (read.text, read.headings[0].text) == ("제목\n\n본문", "제목")
    (read,) = documents(properties({SUBJECT: "s", HTML: page}))
    assert read.text == "제목\n\n본문"
    rtf = rb"{\rtf1\ansi\ansicpg949\fromhtml1 {\*\htmltag <p>}\htmlrtf {\htmlrtf0 "
    rtf += rb"\'c7\'d1\'b1\'db}\par}"
    (read,) = documents(properties({SUBJECT: "s", RTF: plain_rtf(rtf)}))
    assert read.text == "한글"


def plain_rtf(rtf: bytes) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def test_packed_rtf_repeats_what_came_before() -> None:
    # {\rtf1\ansi\ansicpg1252\pard hello world}, the example of [MS-OXRTFCP]
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af320"
        "68656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"short", "its text is damaged: its RTF is cut off"),
        (bytes(20), "its text is damaged: its RTF is packed in an unknown way"),
        (
            struct.pack("<II4sI", 0, 1 << 30, b"LZFu", 0),
            "its text is an RTF longer than 16,777,216 bytes",
        ),
    ],
)
def test_a_text_that_cannot_be_unpacked_is_told(data: bytes, reason: str) -> None:
    read, problem = found(properties({SUBJECT: "회의", RTF: data}))
    assert isinstance(read, Document)
    assert read.text == "회의"
    reason = f"was read in part; {reason}"
    assert problem == Problem(path="a.msg", reason=reason, state=State.PART)


def test_attachments_are_documents_of_their_own_whatever_bytes_they_have() -> None:
    slides = pptx([shape("제목", placeholder="title")])
    assert b"\r" in slides or b"\n" in slides
    files = attached(0, {DATA: slides, NAME: "발표 자료.pptx"})
    files |= attached(1, {DATA: b"line\r\n--message-0\r\nend\r", SHORT_NAME: 'a"b\\c.txt'})
    files |= attached(2, {DATA: b"\x89PNG", NAME: "logo.png", TYPE: "image/png"})
    read = documents(properties(SIMPLE, moments={SENT: ticks(2024, 3, 5)}), files)
    assert [each.id for each in read] == [
        "a.msg",
        "a.msg › 발표 자료.pptx",
        "a.msg › a'b_c.txt",
    ]
    assert (read[1].unit, read[1].date) == (SLIDE, "2024-03-05")
    assert (read[2].text, read[2].line_at(8)) == ("line\n--message-0\nend\n", 2)


def test_an_attachment_without_a_name_is_no_part_of_the_text() -> None:
    file = attached(0, {DATA: b"<p>other</p>", TYPE: "text/html"})
    read = documents(properties(SIMPLE), file)
    assert [(each.id, each.text) for each in read[1:]] == [("a.msg › part 1", "other")]


def test_a_message_in_a_message_is_a_mail_below_it() -> None:
    path = "__attach_version1.0_#00000000/__substg1.0_3701000D/"
    inner = properties({SUBJECT: "안쪽", BODY: "글"}, head=24, path=path)
    inner |= attached(0, {DATA: b"note", NAME: "a.txt"}, inside=path)
    read = documents(properties(SIMPLE), attached(0, {0x3001: "안쪽"}), inner)
    assert [each.id for each in read] == ["a.msg", "a.msg › 안쪽", "a.msg › 안쪽 › a.txt"]
    assert read[1].title == "안쪽"


def test_a_mail_that_is_signed_is_read_from_what_stands_for_it() -> None:
    signed = (
        b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain\r\n\r\nsigned words\r\n--b--\r\n"
    )
    file = attached(0, {DATA: signed, NAME: "smime.p7m", TYPE: "multipart/signed"})
    read = documents(properties({SUBJECT: "s"}), file)
    assert [each.text for each in read][-1] == "signed words"


def test_what_is_attached_and_not_read_is_named() -> None:
    file = attached(0, {DATA: b"x", NAME: "a.bin"})
    _, problem = found(properties(SIMPLE), file)
    reason = "its attachment a.bin is of a kind that Chaja does not read"
    assert problem == Problem(path="a.msg", reason=reason, state=State.UNKNOWN)


def test_what_is_no_message_is_named() -> None:
    (problem,) = found({"Other": b"x"})
    reason = "is damaged, or no message of Outlook"
    assert problem == Problem(path="a.msg", reason=reason, state=State.DAMAGED)
    (read,) = read_opened(BytesIO(b"Subject: s\n\nwords\n"), name="a.msg", suffix=".msg")
    assert isinstance(read, Document)
    assert (read.title, read.text) == ("s", "words")


def test_a_message_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 50)
    (problem,) = found(properties(SIMPLE))
    reason = "is a mail of more than 50 bytes"
    assert problem == Problem(path="a.msg", reason=reason, state=State.TOO_LARGE)


def test_an_attachment_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ole, "MOST_BYTES", 5_000)
    file = attached(0, {DATA: bytes(6_000), NAME: "a.txt"})
    read, problem = found(properties(SIMPLE), file)
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("was read in part; its attachment a.txt is too large")


@pytest.mark.parametrize("suffix", [".eml", ".hwp", ".doc"])
def test_a_message_is_read_under_another_suffix(suffix: str) -> None:
    (read,) = found(properties(SIMPLE), suffix=suffix)
    assert isinstance(read, Document)


@given(st.binary(max_size=60), st.integers(0, 5_000))
def test_a_damaged_message_never_raises(junk: bytes, at: int) -> None:
    streams = properties(SIMPLE) | attached(0, {DATA: b"note", NAME: "a.txt"})
    data = container(streams)
    data = data[:at] + junk + data[at + len(junk) :]
    assert list(read_opened(BytesIO(data), name="a.msg", suffix=".msg"))
