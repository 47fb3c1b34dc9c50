"""An EPUB is read chapter by chapter, in the order of its spine."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from corpus.document import CHAPTER, Document, Problem
from corpus.readers import read_opened
from tests.office_files import epub, zipped

METADATA = (
    "<dc:title>봄 이야기</dc:title><dc:creator>김하나</dc:creator><dc:date>1936-05-01</dc:date>"
    "<dc:language>ko</dc:language>"
)


def with_members(data: bytes, changed: Mapping[str, str], *, without: str = "") -> bytes:
    """Return an archive with other members as well, and without one of its own."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(file, "w") as target:
        for name in source.namelist():
            if name != without:
                target.writestr(name, source.read(name))
        for name, content in changed.items():
            target.writestr(name, content)
    return file.getvalue()


def found_in(data: bytes) -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="책.epub", suffix=".epub"))


def test_chapters_come_in_the_order_of_the_spine() -> None:
    chapters = {"b": "<h1>둘째 장</h1><p>뒤의 글</p>", "a": "<h1>첫째 장</h1><p>앞의 글</p>"}
    (document,) = found_in(epub(chapters, order=["a", "b"], metadata=METADATA))

    assert isinstance(document, Document)
    assert document.unit == CHAPTER
    assert document.text == "첫째 장\n\n앞의 글\n\n둘째 장\n\n뒤의 글"
    assert [place for _, place in document.lines] == [1, 2]
    assert [heading.text for heading in document.headings] == ["첫째 장", "둘째 장"]
    assert (document.title, document.date, document.language) == ("봄 이야기", "1936-05-01", "ko")
    assert document.metadata["author"] == "김하나"


def test_lists_tables_and_descriptions_of_pictures_are_read() -> None:
    body = (
        "<ul><li>하나</li><li>둘</li></ul><table><tr><td>가</td><td>나</td></tr></table>"
        "<p>그림 <img src='a.png' alt='하늘의 새'/></p>"
    )
    (document,) = found_in(epub({"a": body}))

    assert isinstance(document, Document)
    assert document.text == "- 하나\n- 둘\n가 | 나\n\n그림 하늘의 새"


def test_a_chapter_that_is_missing_is_named_and_the_others_are_read() -> None:
    book = epub({"a": "<p>글</p>", "b": "<p>빠진 글</p>"})
    document, problem = found_in(with_members(book, {}, without="b/b.xhtml"))

    assert isinstance(document, Document)
    assert isinstance(problem, Problem)
    assert document.text == "글"
    assert problem.reason == "was read in part; it is damaged: it has no b/b.xhtml"


def test_a_book_without_a_package_is_a_problem() -> None:
    (problem,) = found_in(zipped({"META-INF/container.xml": "<container/>"}))

    assert isinstance(problem, Problem)
    assert problem.reason == "is damaged: it names no package of a book"


def test_a_chapter_that_is_encrypted_is_named_and_a_font_is_not() -> None:
    book = epub({"a": "<p>글</p>", "b": "<p>잠긴 글</p>"})
    reference = '<e><CipherReference URI="{}"/></e>'
    font = {"META-INF/encryption.xml": reference.format("b/font.otf")}
    chapter = {"META-INF/encryption.xml": reference.format("b/b.xhtml")}

    (document,) = found_in(with_members(book, font))
    assert isinstance(document, Document)
    assert document.text == "글\n\n잠긴 글"
    document, problem = found_in(with_members(book, chapter))
    assert isinstance(document, Document)
    assert document.text == "글"
    assert isinstance(problem, Problem)
    assert problem.reason == "was read in part; it is protected against copying (DRM)"
