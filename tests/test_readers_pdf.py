"""The reader of PDF: text by page, whole words, headings, and what it says of unread pages."""

from __future__ import annotations

import random
from contextlib import closing
from ctypes import c_ushort
from io import BytesIO

import pypdfium2.raw as native
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfAttachment, PdfDocument

from corpus.document import PAGE, Document, Problem, State
from corpus.page_labels import kept_labels, label_of
from corpus.readers import read_opened
from corpus.readers.pdf.garbled import HYPHEN, is_garbled, shifted_back
from corpus.readers.pdf.line_breaks import WRAP, with_whole_words
from corpus.readers.pdf.pages import read_pages
from corpus.readers.pdf.running_lines import without_running_lines
from tests.pdf_writer import pdf

SENTENCE = "the garden of the library is open to all who read in it and to their friends"


def found(data: bytes) -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="a.pdf", suffix=".pdf"))


def document(data: bytes) -> Document:
    (one,) = found(data)
    assert isinstance(one, Document)
    return one


def reasons(data: bytes) -> list[str]:
    return [one.reason for one in found(data) if isinstance(one, Problem)]


def test_every_page_is_a_place_of_the_document() -> None:
    read = document(pdf([["첫째 쪽의 글."], ["둘째 쪽의 글."]]))
    assert (read.unit, read.text) == (PAGE, "첫째 쪽의 글.\n\n둘째 쪽의 글.")
    assert [read.line_at(read.text.index(word)) for word in ("첫째", "둘째")] == [1, 2]


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    read = document(pdf([["강을 건너는 다리를 놓으려"], ["사람들이 모였다."]]))
    assert read.text == "강을 건너는 다리를 놓으려\n사람들이 모였다."


def test_title_author_and_dates_are_those_that_are_stated() -> None:
    stated = {
        "Title": "강과 바다",
        "Author": "김하나",
        "CreationDate": "D:20240305",
        "ModDate": "D:20250101",
    }
    read = document(pdf([["짧은 글"]], information=stated))
    assert (read.title, read.date) == ("강과 바다", "2024-03-05")
    assert read.metadata == {"author": "김하나", "modified": "2025-01-01"}


@pytest.mark.parametrize("title", ["제목 없음", "untitled", "3", "Microsoft Word - a.docx", ""])
def test_a_title_that_a_program_made_gives_way_to_the_file_name(title: str) -> None:
    assert document(pdf([["짧은 글"]], information={"Title": title})).title == "a"


def test_the_outline_gives_headings_where_their_words_are_on_the_page() -> None:
    pages = [["1. 서론", "이 글은 짧다."], ["2. 결론", "끝이다."]]
    read = document(pdf(pages, outline=[("서론", 0), ("없는 제목", 0), ("2. 결론", 1)]))
    assert [heading.text for heading in read.headings] == ["서론", "2. 결론"]
    assert [read.text[one.start : one.end] for one in read.headings] == ["1. 서론", "2. 결론"]


def test_pages_without_text_are_named() -> None:
    data = pdf([["글이 있는 쪽"], [], []], drawn=True)
    assert reasons(data) == ["has no text on some pages, which may be scanned: pages 2–3"]
    assert reasons(pdf([[]], drawn=True)) == ["has no text; it may be scanned: page 1"]
    assert reasons(pdf([[]])) == ["has no text; its pages are empty: page 1"]


def test_a_page_of_signs_without_meaning_is_named_and_not_read() -> None:
    private = {sign: chr(0xE000 + ord(sign)) for sign in "qwert "}
    data = pdf([["qwertqwert"], ["abcd"]], table=private)
    read, problem = found(data)
    assert isinstance(read, Document)
    assert read.text == "abcd"
    assert problem == Problem(
        path="a.pdf", reason="has pages whose font gives no readable characters: page 1"
    )


def test_the_words_between_signs_without_meaning_are_read_and_the_page_is_named() -> None:
    private = {sign: chr(0xE000 + ord(sign)) for sign in "qwert"}
    words = "다음 함수가 모든 실수에서 연속일 때 옳은 값을 구하시오"
    data = pdf([["qwert" * 9, words], ["qwert" * 9, "다음 값을"]], table=private)
    read = found(data)[0]
    assert isinstance(read, Document)
    assert read.text == words
    assert reasons(data) == [
        "has pages whose font gives no readable characters: page 2",
        "has signs without characters on some pages, such as those of formulas: page 1",
    ]


def outlines(count: int, *, size: int = 10, draw: str = "f", curved: bool = True) -> str:
    """Return the outlines of letters, as many of them side by side."""
    side = f"0 {size} {size} {size} {size} 0 c" if curved else f"{size} {size} l"
    letter = f"0 0 m {f'{side} 0 0 l ' * 4}h {draw}"
    return "".join(
        f"q 1 0 0 1 {20 + 12 * (n % 40)} {700 - 12 * (n // 40)} cm {letter} Q\n"
        for n in range(count)
    )


def test_letters_that_are_drawn_as_curves_are_missing_and_said_to_be() -> None:
    read, problem = found(pdf([["1. (2, 3)"], ["4. (5)"]], drawing=outlines(300)))
    assert isinstance(read, Document)
    assert read.text == "1. (2, 3)\n\n4. (5)"
    assert problem == Problem(
        path="a.pdf",
        reason="draws letters as curves on some pages, where words are missing: pages 1–2",
    )


@pytest.mark.parametrize(
    "drawing",
    [
        outlines(50),  # a logo
        outlines(300, curved=False),  # a diagram
        outlines(300, draw="S"),
        outlines(300, size=90),
        "0 0 1 1 re f\n" * 5_000 + outlines(300),
    ],
)
def test_drawings_are_not_taken_for_letters(drawing: str) -> None:
    assert document(pdf([["글이 있는 쪽"]], drawing=drawing)).text == "글이 있는 쪽"


def test_outlines_beside_a_page_of_text_are_not_taken_for_its_words() -> None:
    assert not reasons(pdf([["글이 있는 쪽의 긴 줄"] * 35], drawing=outlines(65)))


def test_numbers_of_glyphs_in_a_font_without_a_table_are_not_taken_for_letters() -> None:
    def without_table(line: str) -> bytes:
        return pdf([[line]]).replace(b"/ToUnicode", b"/Nothing__")

    reason = "has no readable text, as its fonts give no characters: page 1"
    (problem,) = found(without_table("ᚠᚡᚢᚣ ᚤᚥ"))
    assert problem == Problem(path="a.pdf", reason=reason, state=State.GARBLED)
    assert document(without_table("강과 바다")).text == "강과 바다"
    assert document(pdf([["ᚠᚡᚢᚣ ᚤᚥ"]])).text == "ᚠᚡᚢᚣ ᚤᚥ"


def test_codes_that_are_shifted_by_a_constant_are_shifted_back() -> None:
    shifted = {sign: chr(ord(sign) - 29) for sign in SENTENCE if sign != " "}
    assert document(pdf([[SENTENCE[:40], SENTENCE[40:]]], table=shifted)).text.split() == (
        (SENTENCE[:40] + "\n" + SENTENCE[40:]).split()
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04", "is damaged: its end is missing"),  # the first bytes decide
        (b"words", "is not a PDF but another format"),
        (b"%PDF-1.7\n", "is damaged: it cannot be opened as a PDF"),
    ],
)
def test_a_file_that_is_no_pdf_is_a_problem_that_says_so(data: bytes, reason: str) -> None:
    assert reasons(data) == [reason]


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        ("Standard", "is protected by a password"),
        ("Other", "is protected in a way that Chaja does not read"),
    ],
)
def test_a_protected_file_is_said_to_be_protected(method: str, reason: str) -> None:
    (problem,) = found(pdf([["글"]], encryption=method))
    assert problem == Problem(path="a.pdf", reason=reason, state=State.PROTECTED)


def test_a_title_with_half_a_character_costs_itself_and_not_the_document() -> None:
    whole = pdf([["서론"]], information={"Title": "보고서"}, outline=[("서론", 0)])
    data = whole.replace("보고".encode("utf-16-be").hex().upper().encode(), b"D800D800")
    data = data.replace(
        b"FEFF" + "서론".encode("utf-16-be").hex().upper().encode(), b"FEFFD800D800"
    )
    assert data.count(b"D800D800") == 2
    read = document(data)
    assert (read.title, read.text, read.headings) == ("a", "서론", ())


def test_headings_at_the_same_place_are_one() -> None:
    read = document(pdf([["1. 서론", "본문"]], outline=[("서론", 0), ("1. 서론", 0)]))
    assert [heading.text for heading in read.headings] == ["서론"]


def test_too_many_pages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.pdf.reader._MOST_PAGES", 2)
    assert reasons(pdf([["하나"], ["둘째"], ["셋째"]])) == [
        "has 3 pages, of which only the first 2 are read"
    ]


def test_too_many_characters_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.pdf.reader._MOST_CHARACTERS", 5)
    assert reasons(pdf([["하나"], ["둘째 쪽"], ["셋째"]])) == [
        "has 3 pages, of which only the first 2 are read"
    ]


# ---- labels of pages


def test_pages_have_the_labels_that_the_file_states() -> None:
    stated = "0 << /S /r >> 2 << /S /D /P (A-) /St 9 >>"
    read = document(pdf([[f"쪽 {number}"] for number in range(5)], labels=stated))
    assert [label_of(read.labels, page) for page in range(1, 6)] == [
        "i",
        "ii",
        "A-9",
        "A-10",
        "A-11",
    ]


@pytest.mark.parametrize("stated", ["", "0 << /S /D >>", f"0 << /P ({'x' * 99}) >>", "0 << >>"])
def test_numbers_of_pages_and_what_is_no_label_are_not_kept(stated: str) -> None:
    assert document(pdf([["하나"], ["둘째"]], labels=stated)).labels == ()


@given(st.lists(st.text("09iA-", max_size=3), max_size=9))
def test_every_label_follows_from_those_that_are_kept(labels: list[str]) -> None:
    kept = kept_labels(labels)
    for page, label in enumerate(labels, start=1):
        assert label_of(kept, page) == ("" if label == str(page) else label)


# ---- fields, notes and forms


def field(kind: str, value: str) -> dict[str, str]:
    return {"Subtype": "/Widget", "FT": f"/{kind}", "T": value, "V": value}


def test_values_of_fields_and_notes_follow_the_text_of_their_page_each_once() -> None:
    fields = [
        field("Tx", "홍길동\r둘째 줄"),
        field("Ch", "서울"),
        {"Subtype": "/Text", "Contents": "고칠 것"},
        {"Subtype": "/Highlight", "Contents": "고칠 것"},
        {"Subtype": "/Text"},
    ]
    read = document(pdf([["이름과 사는 곳"], ["다음 쪽"]], annotations=fields))
    assert read.text == "이름과 사는 곳\n홍길동\n둘째 줄\n서울\n고칠 것\n\n다음 쪽"
    assert document(pdf([[]], annotations=fields[:1])).text == "홍길동\n둘째 줄"


def test_a_note_on_a_scanned_page_is_read_and_the_page_is_named() -> None:
    note = {"Subtype": "/Text", "Contents": "고칠 것"}
    read, problem = found(pdf([[], ["다음 쪽"]], drawn=True, annotations=[note]))
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert read.text == "고칠 것\n다음 쪽"
    assert problem.reason == "has no text on some pages, which may be scanned: page 1"


def test_what_nobody_wrote_is_no_text_of_the_page() -> None:
    others = [
        {"Subtype": "/Link", "Contents": "link"},
        {"Subtype": "/Popup", "Contents": "popup"},
        {"Subtype": "/Widget", "FT": "/Btn", "T": "button", "V": "/Yes"},
        {"Subtype": "/Widget", "FT": "/Sig", "T": "signature"},
    ]
    assert document(pdf([["짧은 글"]], annotations=others)).text == "짧은 글"


def test_notes_are_read_without_any_field_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.pdf.fields._MOST_FIELDS", 2)
    notes = [{"Subtype": "/Text", "Contents": word} for word in ("하나", "둘", "셋")]
    without_form = pdf([["짧은 글"]], annotations=notes).replace(b"/AcroForm", b"/Nothing_")
    assert document(without_form).text == "짧은 글\n하나\n둘"


@pytest.mark.parametrize("scale", [10, 10_000])
def test_text_in_a_form_is_read_however_small_its_units_are(scale: int) -> None:
    assert document(pdf([["글이 있는 쪽", "다음 줄"]], scale=scale)).text == "글이 있는 쪽\n다음 줄"


# ---- running heads and feet


def test_a_line_at_the_edge_of_most_pages_stays_on_the_first_only() -> None:
    pages = [
        f"Annual report\ntext of {name}\nmore of {name}\nPage {n} of 4"
        for n, name in enumerate("abcd", 1)
    ]
    first, *others = without_running_lines(pages)
    assert first == pages[0]
    assert others == [f"text of {name}\nmore of {name}" for name in "bcd"]


def test_numbered_lines_at_the_edge_of_the_first_page_that_has_them_all_stay() -> None:
    page = "\n".join(["1. 목적", "2. 목적", *(f"본문 {number}줄" for number in range(9))])
    first, *others = without_running_lines([page] * 4)
    assert first == page
    assert not any("목적" in other for other in others)


def test_an_amount_at_the_edge_of_every_page_is_no_page_number() -> None:
    pages = [
        f"text\n{name}\nmore\ntotal {amount}"
        for name, amount in zip("abcd", (120, 77, 954, 31), strict=True)
    ]
    assert all("total" in page for page in without_running_lines(pages))


def test_a_page_of_such_lines_only_keeps_them() -> None:
    pages = [f"Sheet {number}" for number in range(1, 5)]
    assert without_running_lines(pages) == pages


@given(st.lists(st.text("ab \n1", max_size=30), max_size=12))
def test_no_line_is_lost_from_all_pages(pages: list[str]) -> None:
    kept = "\n".join(without_running_lines(pages)).split("\n")
    kept_lines = {line.strip() for line in kept}
    wanted = {line.strip() for page in pages for line in page.split("\n")}
    assert {line for line in wanted if "1" not in line} - {""} <= kept_lines


# ---- line breaks


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        (["넓은 바다를 건너가는 배", "들이 모였다"], WRAP),
        (["넓은 바다를 건너가는 배", "들이 아주 많이 그 자리에 모였다"], "\n"),  # beyond the margin
        (["넓은 바다를 건너가는 배", "", "들이 모였다"], "\n"),
        (["바다의 배", "들이 있다"], "\n"),
    ],
)
def test_a_line_that_reaches_the_margin_is_marked_as_one_that_may_go_on(
    lines: list[str], mark: str
) -> None:
    with closing(PdfDocument(pdf([lines]))) as opened:
        (page,) = read_pages(opened, most=9)
    assert page.text == mark.join(filter(None, lines))


def test_a_word_that_the_document_has_elsewhere_is_whole_over_a_line_end() -> None:
    assert with_whole_words(["도서관은 크다. 작은 도서\n관은 없다."]) == [
        "도서관은 크다. 작은 도서관은\n없다."
    ]


def test_a_particle_joins_the_word_before_it() -> None:
    assert with_whole_words(["넓은 바다\n를 건넜다."]) == ["넓은 바다를\n건넜다."]


def test_words_and_the_numbers_of_paragraphs_stay_apart() -> None:
    for text in ("가장\n먼저", "바다를\n가. 건넜다", "일반\n회계"):
        assert with_whole_words([text]) == [text]
    assert with_whole_words([f"가장{WRAP}먼저"]) == ["가장\n먼저"]


def test_a_space_before_the_line_end_stays_a_space() -> None:
    assert with_whole_words(["미비한 \n사항"]) == ["미비한 사항"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (f"inter{HYPHEN}national", "international"),
        (f"Just-in-{'Time'} and Just-in{HYPHEN}Time", "Just-in-Time and Just-in-Time"),
        (f"a well-known word, well{HYPHEN}known", "a well-known word, well-known"),
    ],
)
def test_a_hyphen_at_a_line_end_stays_only_in_compounds(text: str, whole: str) -> None:
    assert with_whole_words([text]) == [whole]


@given(st.lists(st.text(f"가나를 \n{WRAP}.", max_size=40), max_size=4))
def test_joining_changes_nothing_but_white_space(pages: list[str]) -> None:
    joined = with_whole_words(pages)
    assert ["".join(page.split()) for page in joined] == ["".join(page.split()) for page in pages]
    assert not any(WRAP in page for page in joined)


def test_text_in_a_natural_language_is_not_taken_for_garbled() -> None:
    for text in (SENTENCE, SENTENCE.upper(), "강과 바다 " * 20):
        assert not is_garbled(text)
        assert shifted_back(text) == ""


# ---- attached files


def with_files(files: dict[str, bytes], *, on_page: bool = False) -> bytes:
    """Return a PDF with files attached to it, or to a place on its page."""
    saved = BytesIO()
    with closing(PdfDocument(pdf([["글이 있는 쪽"]]))) as opened:
        page = opened[0]
        for name, content in files.items():
            if on_page:
                annotation = native.FPDFPage_CreateAnnot(page, native.FPDF_ANNOT_FILEATTACHMENT)
                signs = (c_ushort * (len(name) + 1))(*map(ord, name))
                file = PdfAttachment(native.FPDFAnnot_AddFileAttachment(annotation, signs), opened)
            else:
                file = opened.new_attachment(name)
            file.set_data(content)
            if on_page:
                native.FPDFPage_CloseAnnot(annotation)
        page.close()
        opened.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("on_page", [True, False])
def test_attached_files_are_documents_inside(on_page: bool) -> None:
    files = {"a 메모.txt": "강과 바다".encode(), "b.pdf": pdf([["산과 들"]]), "c.png": b"\x89PNG"}
    read, note, inner = found(with_files({**files, "d.xml": b"<a/>"}, on_page=on_page))
    assert isinstance(read, Document)
    assert isinstance(note, Document)
    assert isinstance(inner, Document)
    assert (read.id, note.id, inner.id) == ("a.pdf", "a.pdf › a 메모.txt", "a.pdf › b.pdf")
    assert (read.text, note.text, inner.text) == ("글이 있는 쪽", "강과 바다", "산과 들")
    assert (note.path, note.metadata) == ("a.pdf", {"attachment": "a 메모.txt"})


def test_an_attached_file_that_is_not_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.exe": b"MZ", "b.pdf": b"words", "c.txt": b"long text", "d.txt": b"other"}
    monkeypatch.setattr("corpus.readers.pdf.attachments._MOST_BYTES", 5)
    monkeypatch.setattr("corpus.readers.pdf.attachments._MOST", 3)
    assert reasons(with_files(files)) == [
        "its attachment a.exe is of a kind that Chaja does not read",
        "its attachment b.pdf is not a PDF but another format",
        "its attachment c.txt has more than 5 bytes",
        "has more than 3 attached files, of which the others are not read",
    ]


def test_an_attached_file_whose_content_is_missing_is_named() -> None:
    data = with_files({"a.txt": b"words"}).replace(b"/EF", b"/XX")
    assert reasons(data) == [
        "its attachment a.txt cannot be unpacked: it is damaged, or stored in an unusual way"
    ]


# ---- damage


def test_a_damaged_file_gives_documents_and_problems_only() -> None:
    whole = pdf([["강과 바다", "산과 들"], ["river and sea"]], outline=[("강과 바다", 0)])
    chance = random.Random(14)
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        some = found(bytes(data[: chance.randrange(len(data) // 2, len(data) + 1)]))
        assert some
        assert all(isinstance(one, (Document, Problem)) for one in some)
