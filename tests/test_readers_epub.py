"""An EPUB is read chapter by chapter, in the order of its spine."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from corpus.document import CHAPTER, Document, Problem
from corpus.readers import read_opened
from tests.office_files import epub, zipped

METADATA = (
    "<dc:title>봄 이야기</dc:title><dc:creator>김하나</dc:creator><dc:date>1936-05-01</dc:date>"
    "<dc:language>ko</dc:language>"
)


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
    data = BytesIO()
    whole = ZipFile(BytesIO(epub({"a": "<p>글</p>", "b": "<p>빠진 글</p>"})))
    with ZipFile(data, "w") as target:
        for name in whole.namelist():
            if name != "b/b.xhtml":
                target.writestr(name, whole.read(name))
    document, problem = found_in(data.getvalue())

    assert isinstance(document, Document)
    assert isinstance(problem, Problem)
    assert document.text == "글"
    assert problem.reason == "was read in part; it is damaged: it has no b/b.xhtml"


def test_a_book_without_a_package_is_a_problem() -> None:
    (problem,) = found_in(zipped({"META-INF/container.xml": "<container/>"}))

    assert isinstance(problem, Problem)
    assert problem.reason == "is damaged: it names no package of a book"
