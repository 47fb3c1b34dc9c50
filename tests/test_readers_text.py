from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from corpus.document import Document, Problem
from corpus.readers import read


def document(path: Path, content: str, name: str = "notes/talks.txt") -> Document:
    path.write_bytes(content.encode())
    (found,) = read(path, name=name)
    assert isinstance(found, Document)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talks.txt"


def test_the_file_is_the_text(path: Path) -> None:
    content = "한·몽골 회담\n\nDate: 2024-11-14\n\n두 나라는 협력하기로 했다.\n"

    found = document(path, content)

    assert found.text == content
    assert (found.id, found.path) == ("notes/talks.txt", "notes/talks.txt")
    assert (found.title, found.date, found.language) == ("한·몽골 회담", "2024-11-14", "ko")
    assert found.line_at(content.index("두 나라")) == 5


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("제목\n\n본문이다.", "제목"),
        ("\n\n  제목  \n\n본문이다.", "제목"),
        ("제목\r\n\r\n본문이다.", "제목"),
        ("A title\n" + "long text " * 20, "A title"),
        ("A sentence.\n" + "long text " * 20, "talks"),
        ("첫 줄\n둘째 줄\n셋째 줄", "talks"),
        ("long text " * 20 + "\n\nmore", "talks"),
        ("2024-11-14\n\n본문이다.", "talks"),
        ("----\n\n본문이다.", "talks"),
        ("한 줄", "talks"),
        ("\n" * 1000 + "제목\n\n본문이다.", "제목"),
    ],
)
def test_a_separate_first_line_is_the_title(path: Path, content: str, title: str) -> None:
    assert document(path, content).title == title


def test_titles_are_in_nfc_and_the_text_is_unchanged(path: Path) -> None:
    spelt = unicodedata.normalize("NFD", "회담 결과")
    content = f"{spelt}\n\n{spelt}를 알린다."

    found = document(path, content)

    assert found.title == "회담 결과"
    assert found.text == content
    assert document(path, "한 줄", name=unicodedata.normalize("NFD", "결과.txt")).title == "결과"


def test_lines_are_counted_over_every_kind_of_ending(path: Path) -> None:
    found = document(path, "하나\r\n둘\r셋\n넷")

    assert [found.line_at(found.text.index(word)) for word in ("하나", "둘", "셋", "넷")] == [
        1,
        2,
        3,
        4,
    ]


def test_invalid_bytes_are_a_problem_after_the_document(path: Path) -> None:
    path.write_bytes("첫 줄\n\n둘째 ".encode() + b"\xff\xfe" + " 줄\n셋째 ".encode() + b"\xff")

    found, problem = read(path, name="talks.txt")

    assert isinstance(found, Document)
    assert found.text == "첫 줄\n\n둘째 \ufffd\ufffd 줄\n셋째 \ufffd"
    reason = "3 bytes are not valid UTF-8; replaced with \ufffd"
    assert problem == Problem(path="talks.txt", reason=reason, line=3)


def test_a_file_in_cp949_is_read_as_one_in_utf_8_is(path: Path) -> None:
    content = "회담 결과\n\n두 나라는 협력하기로 했다."
    path.write_bytes(content.encode("cp949"))

    (found,) = read(path, name="talks.txt")

    assert found == document(path, content, name="talks.txt")
