"""HWP 5 files are read with all their text, in reading order, and say what cannot be read."""

import random
import struct
from collections.abc import Callable
from io import BytesIO

import hwp_writer as hwp
import numpy as np
import pytest

from corpus.document import PARAGRAPH, Document, Problem, State
from corpus.errors import CorpusError
from corpus.readers import read_opened
from corpus.readers.hwp import compound
from corpus.readers.hwp.aes import decrypt
from corpus.readers.hwp.equation import written
from corpus.readers.hwp.shapes import with_levels
from corpus.readers.list_numbers import Counter, Level
from corpus.readers.number_forms import written as written_number

MUTATIONS = 100


def found(data: bytes, name: str = "보고서.hwp") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name=name, suffix=".hwp"))


def document(data: bytes, name: str = "보고서.hwp") -> Document:
    (only,) = found(data, name)
    assert isinstance(only, Document)
    return only


def reason(data: bytes) -> str:
    (only,) = found(data)
    assert isinstance(only, Problem)
    return only.reason


def test_places_are_the_paragraphs_of_the_body_through_all_sections() -> None:
    first = hwp.paragraph("첫 문단") + hwp.paragraph("둘째 문단")
    read = document(hwp.hwp(first, hwp.paragraph("다음 구역")))
    assert read.text == "첫 문단\n\n둘째 문단\n\n다음 구역"
    assert [read.line_at(read.text.index(word)) for word in ("첫", "둘째", "다음")] == [1, 2, 3]
    assert read.unit == PARAGRAPH


def test_a_row_of_a_table_is_a_line_and_belongs_to_the_paragraph_that_holds_the_table() -> None:
    table = hwp.table([["사업", "예산"], ["도로", "9억"]])
    section = hwp.paragraph("앞") + hwp.paragraph("표" + hwp.place(11), table)
    read = document(hwp.hwp(section))
    assert read.text == "앞\n\n표\n\n사업\t예산\n도로\t9억"
    assert read.line_at(read.text.index("9억")) == 2


def test_notes_comments_and_boxes_are_read_and_a_note_is_referred_to() -> None:
    inner = hwp.text_list(hwp.paragraph("주석 글", level=2))
    note = hwp.control("fn  ", struct.pack("<IHHI", 1, 0, ord(")"), 0), inner)
    comment = hwp.control("tcmt", b"", hwp.text_list(hwp.paragraph("숨은 글", level=2)))
    box_text = hwp.text_list(hwp.paragraph("상자 글", level=3), level=3)
    box = hwp.control("gso ", bytes(42), hwp.record(76, bytes(8), box_text, level=2))
    text = f"본문{hwp.place(17)} 글{hwp.place(15)}{hwp.place(11)}"
    read = document(hwp.hwp(hwp.paragraph(text, note, comment, box)))
    assert read.text == "본문1) 글\n\n주석 글\n\n숨은 글\n\n상자 글"


def test_a_header_that_sections_repeat_is_there_once_and_above() -> None:
    head = hwp.control("head", bytes(8), hwp.text_list(hwp.paragraph("머리말", level=2)))
    section = hwp.paragraph(hwp.place(16) + "글", head)
    assert document(hwp.hwp(section, section)).text == "머리말\n\n글\n\n글"


def test_automatic_numbers_are_made_from_the_shapes() -> None:
    shapes = hwp.numbering([("제^1조", 0), ("^2.", 8)]) + hwp.paragraph_shape()
    shapes += hwp.paragraph_shape(2, 1, 0) + hwp.paragraph_shape(2, 1, 1)
    lines = [("목적", 1), ("하나", 2), ("둘", 2), ("정의", 1), ("하나", 2)]
    section = b"".join(hwp.paragraph(text, shape=shape) for text, shape in lines)
    read = document(hwp.hwp(section, shapes=shapes))
    assert read.text.split("\n") == ["제1조 목적", "가. 하나", "나. 둘", "제2조 정의", "가. 하나"]


def test_short_paragraphs_of_the_outline_are_headings() -> None:
    shapes = hwp.numbering([("^1.", 0)]) + hwp.paragraph_shape() + hwp.paragraph_shape(1, 0, 0)
    outline = hwp.control("secd", bytes(14) + struct.pack("<H", 1) + bytes(8))
    section = hwp.paragraph(hwp.place(2) + "배경", outline, shape=1) + hwp.paragraph("본문이다.")
    section += hwp.paragraph("이것은 문장이다.", shape=1)
    read = document(hwp.hwp(section, shapes=shapes))
    assert [heading.text for heading in read.headings] == ["1. 배경"]


def test_the_title_is_the_text_in_the_largest_letters() -> None:
    shapes = hwp.character_shape(10) + hwp.character_shape(20)
    section = hwp.paragraph("담당 부서") + hwp.paragraph("사업 계획", size=1)
    section += hwp.paragraph("길게 이어지는 본문 " * 3)
    assert document(hwp.hwp(section, shapes=shapes)).title == "사업 계획"


def test_the_own_letter_of_hangul_is_read_as_han_and_pairs_of_surrogates_as_characters() -> None:
    assert document(hwp.hwp(hwp.paragraph("\uf53a글, ᄒᆞᆫ글, 😀"))).text == "한글, 한글, 😀"


def test_a_table_nested_deeper_than_any_page_is_reported_and_what_is_around_it_read() -> None:
    inner = hwp.paragraph("속", level=200)
    for level in range(198, 0, -2):
        cell = hwp.text_list(inner, data=bytes(34), level=level + 1)
        body = hwp.record(77, bytes(18), level=level + 1)
        table = hwp.control("tbl ", bytes(40), body, cell, level=level)
        inner = hwp.paragraph("겉" + hwp.place(11), table, level=level - 1)
    read, problem = found(hwp.hwp(hwp.paragraph("글") + inner.replace(b"", b"")))
    assert isinstance(read, Document)
    assert read.text.startswith("글")
    assert isinstance(problem, Problem)
    assert "nested too deeply" in problem.reason
    assert problem.state is State.TOO_LARGE


def distributed(section: bytes) -> bytes:
    """Return the stream of a document for distribution, with a key of zeros."""
    seed = 3
    plain = bytearray(struct.pack("<I", seed) + bytes(252))
    return hwp.record(28, _hidden(bytes(plain), seed)) + _encrypted(hwp.deflated(section))


def _hidden(data: bytes, seed: int) -> bytes:
    """Hide the bytes behind the seed: each run of up to 16 by one of rand()'s numbers."""
    numbers = []
    for _ in range(1000):
        seed = (seed * 214013 + 2531011) % 2**32
        numbers.append(seed >> 16 & 0x7FFF)
    masks = [number & 255 for number, run in zip(numbers[::2], numbers[1::2], strict=True)
             for _ in range((run & 15) + 1)]  # fmt: skip
    return data[:4] + bytes(a ^ b for a, b in zip(data[4:], masks[4:], strict=False))


def _encrypted(data: bytes) -> bytes:
    """Return what decrypts to `data`, with a key of zeros: by the steps of FIPS 197, 5.1."""
    data = data.ljust(-(-len(data) // 16) * 16, b"\0")
    return b"".join(_block(data[at : at + 16]) for at in range(0, len(data), 16))


def _block(block: bytes) -> bytes:
    from corpus.readers.hwp import aes

    substitution, _ = aes._substitutions()
    keys = aes._round_keys(bytes(16))
    state = np.frombuffer(block, np.uint8) ^ keys[0]
    for number in range(1, 11):
        state = substitution[state][np.argsort(aes._UNSHIFTED)]
        if number < 10:
            columns = state.reshape(4, 4)
            mixed = np.zeros_like(columns)
            for turn, factor in enumerate((2, 3, 1, 1)):
                mixed ^= aes._products(factor)[np.roll(columns, -turn, axis=1)]
            state = mixed.reshape(16)
        state = state ^ keys[number]
    return state.tobytes()


def test_a_document_for_distribution_is_read_from_its_encrypted_text() -> None:
    decoy = hwp.paragraph("이 문서는 다른 판에서 읽으시오")
    text = hwp.paragraph("배포하는 글")
    assert document(hwp.hwp(decoy, flags=5, more=distributed(text))).text == "배포하는 글"


@pytest.mark.parametrize(
    ("key", "cipher", "plain"),
    [  # FIPS 197, appendices B and C.1
        (
            "2b7e151628aed2a6abf7158809cf4f3c",
            "3925841d02dc09fbdc118597196a0b32",
            "3243f6a8885a308d313198a2e0370734",
        ),
        (
            "000102030405060708090a0b0c0d0e0f",
            "69c4e0d86a7b0430d8cdb78070b4c55a",
            "00112233445566778899aabbccddeeff",
        ),
    ],
)
def test_the_vectors_of_fips_197_are_decrypted(key: str, cipher: str, plain: str) -> None:
    data = bytes.fromhex(cipher)
    assert decrypt(3 * data + b"rest", bytes.fromhex(key)) == 3 * bytes.fromhex(plain)


@pytest.mark.parametrize(
    ("number", "name", "shown"),
    [
        (3, "DIGIT", "3"),
        (21, "CIRCLED_DIGIT", "㉑"),
        (36, "CIRCLED_DIGIT", "㊱"),
        (14, "ROMAN_CAPITAL", "XIV"),
        (15, "HANGUL_SYLLABLE", "가가"),
        (27, "LATIN_SMALL", "aa"),
        (21, "HANGUL_PHONETIC", "이십일"),
        (10, "IDEOGRAPH", "十"),
        (101, "HANGUL_PHONETIC", "백일"),
        (15, "CIRCLED_HANGUL_JAMO", "(15)"),
        (2**32, "LATIN_SMALL", "vvvvvvvvv"),
        (2, "of a later version", "2"),
    ],
)
def test_numbers_are_written_as_hangul_writes_them(number: int, name: str, shown: str) -> None:
    assert written_number(number, name) == shown


def test_levels_below_start_anew_and_levels_left_out_count_as_begun() -> None:
    texts = [with_levels(text, level) for level, text in enumerate(("^1.", "^1.^2.", "^n)", "^N"))]
    counter = Counter({level: Level("DIGIT", text) for level, text in enumerate(texts)})
    assert [counter.next(level) for level in (1, 1, 0, 1, 2, 3)] == [
        "1.1. ", "1.2. ", "2. ", "2.1. ", "2.1.1) ", "2.1.1.1. ",
    ]  # fmt: skip


def test_a_level_has_begun_once_there_was_a_paragraph_of_one_below_it() -> None:
    shapes = hwp.numbering([("^1.", 8), ("^2)", 0)])
    shapes += hwp.paragraph_shape(2, 1, 0) + hwp.paragraph_shape(2, 1, 1)
    section = hwp.paragraph("아래", shape=1) + hwp.paragraph("위", shape=0)
    assert document(hwp.hwp(section, shapes=shapes)).text == "1) 아래\n나. 위"


def test_a_level_that_its_numbering_does_not_have_has_no_number() -> None:
    only = struct.pack("<IHHIH", 0, 0, 0, 0, 2) + "^1".encode("utf-16-le")
    shapes = hwp.record(23, only) + hwp.paragraph_shape(2, 1, 0) + hwp.paragraph_shape(2, 1, 1)
    section = hwp.paragraph("글", shape=0) + hwp.paragraph("글", shape=1)
    assert document(hwp.hwp(section, shapes=shapes)).text == "1 글\n글"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"HWP Document File V3.00 \x1a\1\2\3\4\5" + bytes(100), "is an HWP 3 file"),
        (b"<?xml version='1.0'?><HWPML Version='2.8'>", "is an HWPML file"),
        (b"%PDF-1.7\n", "is damaged: it cannot be opened as a PDF"),  # the first bytes decide
        (hwp.hwp(hwp.paragraph("글"), flags=3), "is protected by a password"),
        (hwp.hwp(hwp.paragraph("글"), flags=17), "is protected by DRM"),
        (hwp.hwp(hwp.paragraph("글"), flags=257), "is protected by a certificate"),
        (hwp.hwp(hwp.paragraph("글"), flags=5, more=b"none"), "is damaged: a text stream"),
        (hwp.hwp(), "is damaged: it has no text streams"),
        (hwp.compound({"Other": b"text"}), "is an older office document"),
        (hwp.hwp(hwp.paragraph("글"))[:600], "is damaged"),
        (hwp.hwp(hwp.paragraph("글"))[:4], "is damaged: only its first bytes are there"),
        (b" \n" + bytes(5000), "has no readable text"),
        (hwp.compound({"FileHeader": b""}), "is damaged: its header is missing"),
        (hwp.hwp(hwp.paragraph("")), "has no readable text"),
    ],
)
def test_a_file_that_gives_no_document_says_why(data: bytes, words: str) -> None:
    assert words in reason(data)


def test_a_stream_that_is_cut_off_gives_its_text_and_a_problem() -> None:
    section = b"".join(
        hwp.paragraph(f"{number}번째 문단 {random.random()}") for number in range(900)
    )
    whole = hwp.deflated(section)
    streams = {
        "FileHeader": b"HWP Document File".ljust(36, b"\0") + struct.pack("<I", 1) + bytes(216),
        "DocInfo": hwp.deflated(b""),
        "BodyText/Section0": whole[: len(whole) // 2],
    }
    read, problem = found(hwp.compound(streams))
    assert isinstance(read, Document)
    assert read.text.startswith("0번째")
    assert isinstance(problem, Problem)
    assert problem.reason == "was read in part; it is damaged, and some of its text is missing"
    assert problem.state is State.DAMAGED


def with_summary(data: bytes) -> bytes:
    streams = {
        "\x05HwpSummaryInformation": data,
        "FileHeader": b"HWP Document File".ljust(36, b"\0") + struct.pack("<I", 0) + bytes(216),
        "DocInfo": b"",
        "BodyText/Section0": hwp.paragraph("알림") + hwp.paragraph("도로 정비 사업 계획"),
    }
    return hwp.compound(streams)


def test_the_summary_gives_the_title_up_to_its_first_nul_and_the_day_in_korea() -> None:
    read = document(with_summary(hwp.summary("도로 정비 사업 계획\0of an older title")))
    assert (read.title, read.date) == ("도로 정비 사업 계획", "2024-05-02")
    assert read.metadata == {"modified": "2024-05-02"}


def test_a_damaged_summary_that_counts_billions_is_read_at_once() -> None:
    read = document(with_summary(hwp.summary("도로 정비 사업 계획", count=2**32 - 1)))
    assert read.title == "도로 정비 사업 계획"


def hwp_file() -> bytes:
    shapes = hwp.numbering([("^1.", 0)]) + hwp.paragraph_shape(2, 1, 0) + hwp.character_shape(10)
    table = hwp.table([["가", "나"], ["다", "라"]])
    return hwp.hwp(hwp.paragraph("글" + hwp.place(11), table), shapes=shapes)


def hwpx_file() -> bytes:
    return hwp.hwpx(hwp.p(hwp.t("글"), hwp.tbl([[hwp.p(hwp.t("가")), hwp.p(hwp.t("나"))]])))


@pytest.mark.parametrize("whole", [hwp_file, hwpx_file])
def test_a_damaged_file_gives_documents_and_problems_only(whole: Callable[[], bytes]) -> None:
    data = whole()
    chance = random.Random(14)
    for _ in range(MUTATIONS):
        mutated = bytearray(data)
        for _ in range(chance.randrange(1, 20)):
            mutated[chance.randrange(len(mutated))] = chance.randrange(256)
        kept = mutated[: chance.randrange(len(mutated))] if chance.random() < 0.2 else mutated
        for each in found(bytes(kept)):
            if isinstance(each, Problem):
                assert not each.passing, each.reason


def test_damaged_records_give_documents_and_problems_only() -> None:
    section = hwp.paragraph("글" + hwp.place(11), hwp.table([["가", "나"]]))
    chance = random.Random(5)
    for _ in range(MUTATIONS):
        mutated = bytearray(section)
        for _ in range(chance.randrange(1, 10)):
            mutated[chance.randrange(len(mutated))] = chance.randrange(256)
        for each in found(hwp.hwp(bytes(mutated), shapes=bytes(mutated))):
            assert isinstance(each, Document) or not each.passing, each.reason


def test_an_aes_key_has_sixteen_bytes() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        decrypt(bytes(16), b"short")


def test_the_reader_itself_raises_errors_of_the_corpus_only() -> None:
    from corpus.readers.hwp.reader import read

    with pytest.raises(CorpusError, match="not an HWP document"):
        list(read(BytesIO(b"plain text"), name="a.hwp"))


def test_a_file_that_is_cut_off_anywhere_is_damaged_and_not_of_another_kind() -> None:
    data = hwp.hwp(b"".join(hwp.paragraph(f"{number}번째 글") for number in range(999)))
    for length in range(8, len(data), 999):
        *_, problem = found(data[:length])
        assert isinstance(problem, Problem)
        assert problem.state is State.DAMAGED


def test_more_text_than_the_limit_is_said_to_be_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compound, "MOST_BYTES", 4000)
    read, problem = found(hwp.hwp(b"".join(hwp.paragraph(f"{at}번째 글") for at in range(99))))
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert problem.reason == "was read in part; it has more than 4,000 bytes of text"
    assert problem.state is State.TOO_LARGE


def with_object(data: bytes) -> bytes:
    """Return a file with an object, between two paragraphs."""
    shape = hwp.record(84, struct.pack("<IiiH6x", 0, 0, 0, 1), level=3)
    section = hwp.paragraph("앞") + hwp.paragraph(hwp.place(11), hwp.drawing(shape))
    header = b"HWP Document File".ljust(36, b"\0") + struct.pack("<I", 1) + bytes(216)
    return hwp.compound(
        {
            "FileHeader": header,
            "DocInfo": hwp.deflated(hwp.binary(7)),
            "BodyText/Section0": hwp.deflated(section + hwp.paragraph("뒤")),
            "BinData/BIN0007.OLE": hwp.deflated(data),
        }
    )


def test_the_texts_of_a_chart_are_read_in_their_place() -> None:
    chart = hwp.chart("분기별 판매", "판매", "1분기", "2분기", "1분기")
    read = document(with_object(hwp.chart_object(chart)))
    assert read.text == "앞\n\n분기별 판매\n판매\n1분기\n2분기\n\n뒤"


def test_another_object_is_passed_over_and_a_damaged_chart_is_reported() -> None:
    assert document(with_object(b"\4\0\0\0BM no container")).text == "앞\n\n뒤"
    read, problem = found(with_object(hwp.chart_object(hwp.chart("제목", "판매")[:-30])))
    assert isinstance(read, Document)
    assert read.text == "앞\n\n제목\n판매\n\n뒤"
    assert isinstance(problem, Problem)
    assert problem.reason == "was read in part; it is damaged: a chart is not well-formed XML"


def test_an_object_that_begins_a_line_is_above_the_text_and_a_floating_one_below() -> None:
    inside = hwp.text_list(hwp.paragraph("상자", level=3), level=3)
    for in_line, expected in ((True, "상자\n\n글"), (False, "글\n\n상자")):
        box = hwp.drawing(inside, in_line=in_line)
        assert document(hwp.hwp(hwp.paragraph(hwp.place(11) + "글", box))).text == expected


def test_runs_of_spaces_tabs_and_line_breaks_are_one() -> None:
    text = "보  도\t\x00\x00\x00\x00\x00\x00\t 자료\n \n끝"
    assert document(hwp.hwp(hwp.paragraph(text))).text == "보 도\t자료\n끝"


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("\U000f02b1 목적", "① 목적"),
        ("\U000f02ba\U000f02c4 범위", "⑪ 범위"),
        ("\U000f02ef 항목", "• 항목"),
        ("사용\uf09e양도", "사용·양도"),
        ("\uf0fe 예", "☑ 예"),
        ("끝\U000f081a\U000f081a시작", "끝 시작"),
        ("옛\uf0fe글", "옛\uf0fe글"),  # may be a letter
    ],
)
def test_signs_of_fonts_are_shown_as_those_of_unicode(own: str, shown: str) -> None:
    assert document(hwp.hwp(hwp.paragraph(own))).text == shown


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("y= SIGMA  `(x ^{2} +2x`+1)", "y= Σ (x2 +2x +1)"),
        ("{m _{fuel} TIMES 3} over {V} LEQ 0.01", "mfuel × 3 / V ≤ 0.01"),
        ('LEFT ( "평균 over" RIGHT ) != alpha', "( 평균 over ) ≠ α"),
        ("int _{0} ^{inf} f(x)dx", "∫0∞ f(x)dx"),
    ],
)
def test_the_script_of_an_equation_is_written_in_signs(script: str, shown: str) -> None:
    assert written(script) == shown


def test_a_storage_inside_itself_is_damage() -> None:
    data = bytearray(hwp.hwp(hwp.paragraph("글")))
    root = data.find("Root Entry".encode("utf-16-le"))
    data[root + 66] = 1  # a storage like others
    struct.pack_into("<I", data, root + 76, 0)  # whose first entry is itself
    (problem,) = found(bytes(data))
    assert isinstance(problem, Problem)
    assert problem.state is State.DAMAGED
