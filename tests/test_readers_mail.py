"""Mails are read with what is attached to them, and say what of it could not be read."""

import random
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO

import pytest
from pdf_writer import pdf

from corpus.document import PAGE, Document, Problem, State
from corpus.readers import read_opened

MUTATIONS = 100
ENVELOPE = b"From kim@example.com Mon Mar  4 09:30:00 2024\n"


def found(data: bytes, name: str = "mail.eml", suffix: str = ".eml") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name=name, suffix=suffix))


def documents(data: bytes, name: str = "mail.eml", suffix: str = ".eml") -> list[Document]:
    read = found(data, name, suffix)
    assert all(isinstance(item, Document) for item in read), read
    return [item for item in read if isinstance(item, Document)]


def document(data: bytes) -> Document:
    (only,) = documents(data)
    return only


def problems(data: bytes, suffix: str = ".eml") -> list[tuple[str, State]]:
    read = found(data, suffix=suffix)
    return [(item.reason, item.state) for item in read if isinstance(item, Problem)]


def mail(text: str = "회의 자료를 보냅니다.", subject: str = "자료") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "김하나 <hana@example.com>"
    message["To"] = "lee@example.com"
    message["Subject"] = subject
    message["Date"] = "Mon, 04 Mar 2024 23:30:00 +0900"
    message.set_content(text, charset="utf-8", cte="8bit")
    return message


def attach(message: EmailMessage, data: bytes, name: str, kind: str = "octet-stream") -> None:
    message.add_attachment(data, maintype="application", subtype=kind, filename=name)


def test_subject_date_and_addresses_are_stated_and_the_lines_are_those_of_the_file() -> None:
    data = mail("첫 줄\n\n둘째 줄").as_bytes()
    read = document(data)
    assert (read.title, read.date, read.language) == ("자료", "2024-03-04", "ko")
    assert dict(read.metadata) == {"from": "김하나 <hana@example.com>", "to": "lee@example.com"}
    assert read.text == "첫 줄\n\n둘째 줄"
    line = data.split(b"\n").index("둘째 줄".encode()) + 1
    assert read.line_at(read.text.index("둘째")) == line


@pytest.mark.parametrize("charset", ["ks_c_5601-1987", "euc-kr", "CP949", "x-unknown", "utf-8"])
def test_korean_charsets_are_read_as_what_they_are_whatever_their_name(charset: str) -> None:
    text = "뷁을 쓰는 사람도 있습니다"
    for encoded in (text.encode("cp949"), text.encode()):
        head = f'Content-Type: text/plain; charset="{charset}"\n'.encode()
        assert document(head + b"Content-Transfer-Encoding: 8bit\n\n" + encoded).text == text


@pytest.mark.parametrize(("charset", "text"), [("iso-2022-kr", "안녕"), ("koi8-r", "Привет всем")])
def test_other_charsets_are_taken_at_their_word(charset: str, text: str) -> None:
    data = f"Content-Type: text/plain; charset={charset}\n\n".encode() + text.encode(charset)
    assert document(data).text == text


def test_what_is_declared_as_iso_8859_1_is_read_with_the_signs_of_windows_1252() -> None:
    data = b"Content-Type: text/plain; charset=iso-8859-1\n\n" + "„Größe“ – 5 €".encode("cp1252")
    assert document(data).text == "„Größe“ – 5 €"


def test_headers_are_decoded_also_where_a_character_is_parted_or_nothing_is_declared() -> None:
    word = b64encode("회수".encode("cp949")).decode()
    encoded = f"Subject: =?ks_c_5601-1987?B?{word}?=\n =?ks_c_5601-1987?Q?=C0=FB?= [x]\n\ntext"
    assert document(encoded.encode()).title == "회수적 [x]"
    assert document("Subject: 주간 회의 결과\n\ntext".encode("cp949")).title == "주간 회의 결과"
    assert document(b"Subject: =?none?B?VEV?=\n\ntext").title


def test_the_plain_text_is_preferred_to_the_page_unless_it_is_blank() -> None:
    message = mail("평문입니다.")
    message.add_alternative("<p>웹 쪽입니다.</p>", subtype="html")
    assert document(message.as_bytes()).text == "평문입니다."
    message = mail(" \n")
    message.add_alternative("<p>웹 쪽</p><style>p {}</style><blockquote>인용</blockquote>", "html")
    assert document(message.as_bytes()).text == "웹 쪽\n\n인용"


def test_a_page_that_is_not_read_costs_its_text_and_not_the_mail() -> None:
    problem, read = found(b"Subject: news\nContent-Type: text/html\n\n" + b"<div>" * 1_100_000)
    assert isinstance(read, Document)
    assert read.text == "news"
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("has a text that ")


def test_quoted_text_stays() -> None:
    assert document(mail("네.\n\n> 갈까요?\n").as_bytes()).text == "네.\n\n> 갈까요?"


def test_words_that_a_program_parted_at_its_line_ends_are_whole() -> None:
    head = b"Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n"
    read = document(head + "한 줄이 길 \n어서 나뉨\n다음".encode())
    assert read.text == "한 줄이 길어서 나뉨\n다음"
    assert read.line_at(read.text.index("다음")) == 5


def test_a_quotation_and_the_line_above_a_signature_end_a_line_that_would_go_on() -> None:
    head = b"Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n\n"
    read = document(head + "> 인용 \n답 \n-- \n서명".encode())
    assert read.text == "> 인용\n답\n--\n서명"


def test_lines_of_quoted_printable_text_are_those_of_the_file() -> None:
    head = b"Subject: a\nContent-Transfer-Encoding: quoted-printable\n\n"
    read = document(head + b"one =\ngoes on\ntwo\n")
    assert read.text == "one goes on\ntwo"
    assert [read.line_at(0), read.line_at(read.text.index("two"))] == [4, 6]


def test_attachments_are_documents_under_their_mail_with_their_own_places() -> None:
    message = mail()
    attach(message, pdf([["첫 쪽"], ["둘째 쪽"]]), "보고서.pdf")
    attach(message, "메모".encode("cp949"), "메모.txt")
    attach(message, b"other", "메모.txt")
    _, report, memo, other = documents(message.as_bytes())
    assert [report.id, memo.id, other.id] == [
        "mail.eml › 보고서.pdf",
        "mail.eml › 메모.txt",
        "mail.eml › 메모.txt (2)",
    ]
    assert (report.path, report.unit, report.date) == ("mail.eml", PAGE, "2024-03-04")
    assert report.metadata["attachment"] == "보고서.pdf"
    assert memo.text == "메모"
    assert memo.line_at(len(memo.text)) == memo.line > 10


def part_of(kind: str, content: bytes, encoding: str = "8bit") -> bytes:
    """Return a mail with this part only, whose content begins at line 8."""
    head = "Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    head += f"Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + content + b"\n--b--\n"


def test_an_attached_text_is_read_in_the_charset_that_its_part_declares() -> None:
    kind = "text/plain; charset=koi8-r; name=a.txt"
    _, read = documents(part_of(kind, "Привет всем".encode("koi8-r")))
    assert read.text == "Привет всем"
    kind = "text/plain; charset=utf-8; name=a.txt"
    _, read, problem = found(part_of(kind, "첫 줄\n낱말".encode() + b"\xea\xb0"))
    assert isinstance(problem, Problem)
    assert problem.reason == (
        "its attachment a.txt, line 2, 2 bytes are not valid UTF-8; replaced with \ufffd"
    )
    assert problems(part_of(kind, b"\x01\x02" * 9))[-1] == (
        "its attachment a.txt is not text: it contains control characters",
        State.UNKNOWN,
    )


def test_base64_is_read_as_far_as_it_is_valid() -> None:
    encoded = b64encode("잘린 글".encode())
    for content in (encoded, encoded.rstrip(b"="), b"*" + encoded + b"\n-- list"):
        assert document(part_of("text/plain; charset=utf-8", content, "base64")).text == "잘린 글"
    whole = b64encode(b"clipped")
    for size in range(2, len(whole)):
        read = document(part_of("text/plain; charset=utf-8", whole[:size], "base64"))
        assert read.text == "clipped"[: size * 6 // 8]


def test_a_mail_of_several_parts_that_is_cut_off_is_read_and_what_is_missing_is_said() -> None:
    message = mail()
    attach(message, "메모".encode("cp949"), "메모.txt")
    whole = message.as_bytes()
    documents(whole)
    *read, problem = found(whole[: whole.rindex(b"\n--")])
    assert [item.id for item in read if isinstance(item, Document)] == [
        "mail.eml",
        "mail.eml › 메모.txt",
    ]
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("is cut off: the end of its last part")
    assert problem.state is State.PART


def test_a_mail_that_is_attached_as_base64_has_the_line_of_its_part() -> None:
    inner = b64encode(mail("안쪽 글", subject="전달").as_bytes())
    read = documents(part_of("message/rfc822", inner, "base64"))[-1]
    assert (read.title, read.text, read.line_at(len(read.text))) == ("전달", "안쪽 글", 8)


def test_a_mail_in_a_mail_is_a_document_with_its_attachments_below_it() -> None:
    inner = mail("안쪽 글", subject="전달")
    attach(inner, b"deep text", "a.txt")
    message = mail()
    message.add_attachment(inner, filename="전달.eml")
    ids = [read.id for read in documents(message.as_bytes())]
    assert ids == ["mail.eml", "mail.eml › 전달.eml", "mail.eml › 전달.eml › a.txt"]


@pytest.mark.parametrize(
    ("data", "name", "kind", "reason", "state"),
    [
        (b"x", "winmail.dat", "ms-tnef", "winmail.dat holds files in Outlook", State.UNKNOWN),
        (b"x", "smime.p7m", "pkcs7-mime", "smime.p7m is encrypted", State.PROTECTED),
        (b"x", "계약.zip", "zip", "계약.zip is an archive; build with", State.UNKNOWN),
        (b"x", "계약.7z", "x-7z-compressed", "계약.7z is of a kind", State.UNKNOWN),
        (b"%PDF-1.7", "scan.pdf", "pdf", "scan.pdf is damaged", None),
        (b"", "빈.hwp", "x-hwp", "빈.hwp is empty", None),
    ],
)
def test_an_attachment_that_is_not_read_is_named_and_the_mail_is_given(
    data: bytes, name: str, kind: str, reason: str, state: State | None
) -> None:
    message = mail()
    attach(message, data, name, kind)
    read, problem = found(message.as_bytes())
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(f"its attachment {reason}")
    assert state in (None, problem.state)


def test_pictures_are_no_problem_and_a_mail_without_text_has_its_subject() -> None:
    message = mail("", subject="사진")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    assert document(message.as_bytes()).text == "사진"
    del message["Subject"]
    assert problems(message.as_bytes()) == [("has no text", State.NO_TEXT)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"no headers at all\n", "is damaged, or no mail"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "is an HWP or an older office document"),
        (b"From: a@example.com\n\n \n", "has no readable text"),
    ],
)
def test_what_is_no_mail_or_has_no_text_is_said(data: bytes, reason: str) -> None:
    ((said, _),) = problems(data)
    assert said.startswith(reason)


def test_a_mail_of_very_many_parts_is_read_in_part_and_that_is_said() -> None:
    head = b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n"
    data = head + b"--b\nContent-Type: text/plain; name=a.txt\n\ntext\n" * 5_000
    read = found(data)
    assert len({item.id for item in read if isinstance(item, Document)}) == 2_001
    assert problems(data)[-1][0].startswith("has more than 2,000 parts")


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed; boundary=b%d"])
def test_a_mail_nested_very_deep_is_read_in_part_and_that_is_said(kind: str) -> None:
    data = b""
    for number in range(200):
        head = f"Subject: a\nContent-Type: {kind.replace('%d', str(number))}\n\n"
        data += head.encode() + (f"--b{number}\n".encode() if "%" in kind else b"")
    said, state = problems(data + b"\nend")[-1]
    assert "nested deeper than 20 levels" in said
    assert state is State.PART


def test_each_mail_of_a_mailbox_is_a_document_at_its_line() -> None:
    first = ENVELOPE + mail("앞\n\n>From 표시\nFrom the text", subject="하나").as_bytes()
    second = mail("뒤", subject="둘")
    attach(second, b"note", "a.txt")
    data = first + b"\n" + ENVELOPE + second.as_bytes()
    one, two, note = documents(data, "box.mbox", ".mbox")
    assert [one.id, two.id, note.id] == ["box.mbox#1", "box.mbox#2", "box.mbox#2 › a.txt"]
    assert one.text == "앞\n\nFrom 표시\nFrom the text"
    assert two.text == "뒤"
    assert two.line == data[: data.rindex("뒤".encode())].count(b"\n") + 1


def test_what_is_wrong_with_a_mail_of_a_mailbox_has_its_line() -> None:
    data = ENVELOPE + mail().as_bytes() + b"\n" + ENVELOPE + b"nothing\n"
    _, problem = found(data, suffix=".mbox")
    assert isinstance(problem, Problem)
    assert problem.line == data[: data.rindex(ENVELOPE)].count(b"\n") + 1


@pytest.mark.parametrize(
    ("data", "reason", "state"),
    [
        (b"", "is empty", State.NO_TEXT),
        (b"Subject: a\n\nb", "is damaged, or no mailbox", State.DAMAGED),
        (b"\x89PNG\r\n\x1a\n", "is a PNG image under the suffix of a mailbox", State.UNKNOWN),
    ],
)
def test_what_is_no_mailbox_is_said(data: bytes, reason: str, state: State) -> None:
    assert problems(data, suffix=".mbox") == [(reason, state)]


def test_too_large_a_mail_costs_itself_and_not_those_around_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large, small = mail("긴 글\n" * 100), mail("짧은 글")
    for module in ("mbox", "reader"):
        monkeypatch.setattr(f"corpus.readers.mail.{module}.MOST_BYTES", 500)
    data = b"\n".join(ENVELOPE + one.as_bytes() for one in (large, small))
    problem, read = found(data, suffix=".mbox")
    assert isinstance(read, Document)
    assert read.text == "짧은 글"
    assert isinstance(problem, Problem)
    assert (problem.line, problem.reason) == (
        1,
        "has a mail of more than 500 bytes, which is not read",
    )
    assert problems(large.as_bytes()) == [("is a mail of more than 500 bytes", State.TOO_LARGE)]


def mutated(data: bytes, rng: random.Random) -> bytes:
    changes: list[Callable[[bytes, int], bytes]] = [
        lambda data, at: data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :],
        lambda data, at: data[:at],
        lambda data, at: data[:at] + data[at + rng.randrange(99) :],
        lambda data, at: data[:at] + data[at - rng.randrange(99) :],
        lambda data, at: data[:at] + rng.choice((b"\n", b"\r", b"\0", b"=", b";")) + data[at:],
    ]
    for _ in range(rng.randint(1, 12)):
        data = rng.choice(changes)(data, rng.randrange(1, len(data) + 1))
        data = data or b"x"
    return data


@pytest.mark.parametrize("suffix", [".eml", ".mbox"])
def test_damaged_mails_give_documents_and_problems_and_nothing_else(suffix: str) -> None:
    message = mail()
    message.add_alternative("<p>웹 쪽입니다.</p>", subtype="html")
    message.add_attachment(mail("안쪽"), filename="전달.eml")
    attach(message, b"a,b\n1,2\n", "표.csv")
    data = ENVELOPE + message.as_bytes() + b"\n" + ENVELOPE + mail().as_bytes()
    rng = random.Random(14)
    for _ in range(MUTATIONS):
        read = found(mutated(data, rng), suffix=suffix)
        assert read
        texts = [item for item in read if isinstance(item, Document)]
        assert len({item.id for item in texts}) == len(texts)
        assert all(item.text.strip() and item.title for item in texts)
        assert not any("cannot be read" in item.reason for item in read if item not in texts)
