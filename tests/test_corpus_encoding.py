from __future__ import annotations

import codecs
import random
from io import BytesIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.encoding import decode
from corpus.errors import CorpusError
from corpus.text_file import Lines

KOREAN_PARTS = (
    (
        "외교부는",
        "두 나라는",
        "정부 대표단은",
        "연구진은",
        "장관이",
        "시민들은",
        "국회의원 김보람은",
    ),
    (
        "공급망을",
        "기후 변화에",
        "핵심 광물을",
        "학술(學術) 교류를",
        "한·미 협력을",
        "‘경제 안보’를",
        "COVID-19 대응을",
    ),
    (
        "논의했다.",
        "살펴보았다.",
        "강화하기로 했다.",
        "점검할 계획이다.",
        "맡겠다고 밝혔다.",
        "다루지 않았다.",
    ),
)
ENGLISH_PARTS = (
    (
        "The minister",
        "Both delegations",
        "A café owner",
        "Researchers",
        "Pokémon’s makers",
        "“Partners”",
    ),
    (
        "discussed the résumé of",
        "welcomed",
        "didn’t mention",
        "paid £5 for",
        "praised",
        "would review",
    ),
    (
        "the summit — again.",
        "supply chains…",
        "the naïve plan.",
        "‘climate’ goals.",
        "minerals at 20°C.",
    ),
)
# CP949 decodes what the EUC-KR codec of Python encodes, except the rarest syllables.
KOREAN_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "cp949", "euc-kr")
ENGLISH_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "cp1252")


def encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16-be-mark":
        return codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return text.encode(encoding)


def written(parts: tuple[tuple[str, ...], ...], length: int, chance: random.Random) -> str:
    sentences: list[str] = []
    while sum(map(len, sentences)) < length:
        sentences.append(" ".join(chance.choice(part) for part in parts))
    return "\n".join(sentences)[:length].strip()


def test_a_thousand_files_of_mixed_encodings_are_decoded() -> None:
    chance = random.Random(20241114)
    wrong = []
    for number in range(1000):
        korean = number % 2 == 0
        length = chance.choice((12, 20, 20, 45, 120, 600, 5000))
        text = written(KOREAN_PARTS if korean else ENGLISH_PARTS, length, chance)
        encoding = chance.choice(KOREAN_ENCODINGS if korean else ENGLISH_ENCODINGS)
        if decode(encoded(text, encoding)).text != text:
            wrong.append((encoding, text[:40]))

    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["Plain words.", "한국과 몽골\n", "가 가 가", "영락경(瓔珞經) 해설"]
)
def test_utf_16_without_a_bom_is_detected_by_its_nuls(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    "text", ["회(National)", "똠방각하", "펲시와 콜라", "한글", "임종석", "커 티젠 쉬"]
)
def test_a_few_syllables_in_cp949_are_korean(text: str) -> None:
    assert decode(text.encode("cp949")).text == text


def test_euc_kr_filler_sequences_are_composed() -> None:
    text = "이회창은 펲시를 마셨다"
    assert len(text.encode("euc-kr")) > len(text.encode("cp949"))

    assert decode(text.encode("euc-kr")).text == text


@pytest.mark.parametrize(
    "text", ["café", "naïve “don’t”", "Việt Nam", "Brâncuși și Țara", "ł", "µ"]
)
def test_accents_in_utf_8_are_not_taken_for_korean(text: str) -> None:
    assert decode(text.encode()).text == text


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_every_end_of_line_becomes_a_line_feed(ending: str) -> None:
    assert decode(f"하나{ending}둘{ending}{ending}셋".encode()).text == "하나\n둘\n\n셋"


@pytest.mark.parametrize(
    ("data", "label", "bad"),
    [
        ("첫 줄이다.\n둘째 ".encode() + b"\xff\xfe\xfa" + "줄이다.\n".encode(), "utf-8-sig", 3),
        (
            "첫 줄이다.\n둘째 ".encode("cp949")
            + b"\xff"
            + " 줄이다. 끝까지 읽는다.\n".encode("cp949"),
            "cp949",
            1,
        ),
        ("첫 줄이다.\n둘째 줄".encode()[:-1], "utf-8-sig", 2),
    ],
)
def test_invalid_bytes_are_replaced_and_counted(data: bytes, label: str, bad: int) -> None:
    decoded = decode(data)

    assert (decoded.encoding, decoded.bad, decoded.line) == (label, bad, 2)
    assert decoded.text.count("\ufffd") == bad
    assert decoded.text.startswith("첫 줄이다.\n둘째 ")


def test_declared_encoding_decides_if_detection_is_ambiguous() -> None:
    japanese = "外務省は発表した。".encode("shift_jis")

    assert decode(japanese, declared="Shift_JIS").text == "外務省は発表した。"
    assert decode("뷁".encode("cp949"), declared="ks_c_5601-1987").text == "뷁"


@pytest.mark.parametrize(
    "declared", ["euc-kr", "unicode_escape", "rot13", "hex", "no-such", "utf-16"]
)
def test_utf_8_overrides_the_declared_encoding(declared: str) -> None:
    assert decode("한국과 몽골".encode(), declared=declared).text == "한국과 몽골"


def test_other_languages_are_detected_by_the_library() -> None:
    russian = "Министры обсудили сотрудничество двух стран и подписали соглашение. " * 5

    assert decode(russian.encode("cp1251")).text == russian


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (b"PK\x03\x04word/document.xml", "a ZIP"),
        (b"\x89PNG\r\n\x1a\n", "a PNG"),
        (b"GIF89a\x01\x00\x01\x00\x80\x00\x00", "a GIF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an HWP"),
        (b"abc\x00def\x00\x01\x02ghi", "NUL"),
        (bytes(range(1, 32)) * 4, "control characters"),
        (bytes(range(128, 256)) * 4, "known encoding"),
    ],
)
def test_binary_formats_are_rejected_by_name(data: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        decode(data)


def test_a_text_may_begin_with_the_signature_of_a_format() -> None:
    assert decode(b"GIF89a is a format of images.").text == "GIF89a is a format of images."


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "cp1252", "utf-16"])
def test_a_few_nul_bytes_are_dropped(encoding: str) -> None:
    text = ("The minister’s plan.\n" if encoding == "cp1252" else "장관의 계획과 그 뒤의 일\n") * 5
    half = len(text) // 2
    damaged = f"{text[:half]}\0{text[half:]}".encode(encoding) + bytes(5000)

    assert decode(damaged).text == text


@pytest.mark.parametrize(
    "data",
    [
        bytes(5000),
        b"key\0value\0other key\0other value\0",
        "가나다라".encode("utf-32-le"),
        b"notes.txt".ljust(257, b"\0") + b"ustar  \0".ljust(255, b"\0") + b"plain words " * 999,
    ],
)
def test_what_has_many_nul_bytes_is_no_text(data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"NUL|tar"):
        decode(data)


def test_nul_bytes_before_the_first_korean_line_do_not_decide_the_encoding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corpus.encoding.SAMPLE", 64)
    text = "plain words. " * 20 + "한국과 몽골의 관계를 살펴본다."

    assert decode(b"log\0" + text.encode("cp949")).text == "log" + text


def mixed(lines: list[tuple[str, str]], ending: str = "\n") -> tuple[str, bytes]:
    """Return lines, each with its encoding, as a text and as bytes."""
    data = ending.encode().join(text.encode(encoding) for text, encoding in lines)
    return "\n".join(text for text, _ in lines), data


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("main", ["utf-8", "cp949", "both"])
def test_each_line_of_a_file_in_two_encodings_is_decoded(main: str, ending: str) -> None:
    chance = random.Random(main)
    weights = {"utf-8": (9, 1), "cp949": (1, 9), "both": (1, 1)}[main]
    for _ in range(50):
        encodings = chance.choices(("utf-8", "cp949"), weights, k=40)
        text, data = mixed(
            [(written(KOREAN_PARTS, 20, chance), encoding) for encoding in encodings], ending
        )
        assert decode(data).text == text


def test_a_line_of_windows_1252_in_a_file_in_utf_8_is_decoded() -> None:
    text, data = mixed(
        [("한국과 몽골", "utf-8")] * 9 + [("the minister’s “plan” for cafés", "cp1252")]
    )

    decoded = decode(data)

    assert (decoded.text, decoded.bad) == (text, 0)


def test_a_damaged_line_stays_in_the_encoding_of_its_file() -> None:
    line = "한국과 몽골의 관계".encode()

    decoded = decode(b"\n".join([line, line[:-1], line]))

    assert (decoded.bad, decoded.line) == (2, 2)
    assert decoded.text.split("\n")[0] == decoded.text.split("\n")[2] == line.decode()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["정부는 공급망을 점검했다.", "plain", "커피 한 잔", "가" * 40, "\0", ""]
            ),
            st.sampled_from(["utf-8", "cp949"]),
        ),
        min_size=1,
    ),
    st.integers(1, 50),
)
def test_a_file_read_line_by_line_is_decoded_as_it_is_at_once(
    lines: list[tuple[str, str]], chunk: int
) -> None:
    _, data = mixed(lines)
    assume(data)
    try:
        whole = decode(data)
    except CorpusError:
        return
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("corpus.text_file._CHUNK", chunk)
        read = Lines(BytesIO(data))
        assert "".join(line.text for line in read) == whole.text
        assert (read.encoding, sum(line.bad for line in read)) == (whole.encoding, whole.bad)


def test_a_log_that_begins_with_nul_bytes_is_read() -> None:
    text = "2024-11-15 시작\n2024-11-16 끝\n"

    read = Lines(BytesIO(bytes(3 << 20) + text.encode("cp949")))

    assert "".join(line.text for line in read) == text


def test_a_long_ascii_beginning_does_not_decide_the_encoding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corpus.encoding.SAMPLE", 64)
    text = "plain words. " * 20 + "한국과 몽골의 관계를 살펴본다."

    assert decode(text.encode("cp949")).text == text
    assert decode(text.encode()).text == text


@pytest.mark.parametrize("size", [64, 65, 66, 67])
def test_a_sample_may_end_inside_a_character(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.encoding.SAMPLE", size)
    text = "가나다 한국과 몽골의 관계를 살펴본다. " * 10

    for encoding in ("utf-8", "cp949", "utf-16-le"):
        assert decode(text.encode(encoding)).text == text


@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\r\0\ufeff", exclude_categories=["Cc"])
    )
)
def test_utf_8_with_a_bom_is_always_decoded(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()).text == text


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_an_error(data: bytes) -> None:
    try:
        decoded = decode(data)
    except CorpusError:
        return
    assert "\r" not in decoded.text
    decoded.text.encode()
