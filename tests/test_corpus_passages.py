from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import passages
from corpus.document import Document, Heading, Passage
from corpus.passages import TARGET, split

# The machine that runs the tests may be busy.
untimed = settings(deadline=None)

WORDS = [
    "가",
    "외교",
    "전략적",
    "APEC",
    "a",
    "policy.",
    "했다.",
    "2024.",
    "U.S.",
    "e.g.",
    "(끝!)",
    "x" * 30,
]
GAPS = [" ", "  ", "\n", "\n\n", "\n \n", "\t", ", ", "\n- ", "\n| ", "\r\n", "\u3000"]
TEXTS = st.lists(st.sampled_from(WORDS + GAPS), max_size=120).map("".join)
GRAPHEMES = [
    ["a"],
    [" "],
    ["각"],
    [unicodedata.normalize("NFD", "각")],
    ["가\u11a8"],
    ["e\u0301\u0323"],
    ["👨\u200d👩\u200d👧"],
    ["👍🏽"],
    ["❤\ufe0f"],
    [",", "🇰🇷"],
]


def document(text: str, *headings: Heading) -> Document:
    return Document(id="1", path="a.md", title="", text=text, language="mixed", headings=headings)


def marked(text: str) -> Document:
    """Return a document whose lines that begin with "#" are headings."""
    headings, offset = [], 0
    for line in text.splitlines(keepends=True):
        if line.startswith("#"):
            end = offset + len(line.rstrip())
            headings.append(Heading(start=offset, end=end, text=line.lstrip("#").strip()))
        offset += len(line)
    return document(text, *headings)


def texts(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(TEXTS)
    offsets = draw(st.lists(st.integers(0, len(text)), max_size=8))
    headings = [
        Heading(start=start, end=min(len(text), start + draw(st.integers(0, 30))), text="제목")
        for start in offsets
    ]
    return document(text, *headings)


sizes = st.tuples(st.integers(1, 60), st.integers(0, 60)).map(lambda pair: (pair[0], sum(pair)))


def assert_sound(document: Document, passages: list[Passage], limit: int) -> None:
    text, offset = document.text, 0
    for ordinal, passage in enumerate(passages):
        assert passage.ordinal == ordinal
        assert not text[offset : passage.start].strip(), "text was lost"
        assert offset <= passage.start < passage.end <= len(text)
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        assert len(passage.text) <= limit
        assert passage.line == document.line_at(passage.start)
        offset = passage.end
    assert not text[offset:].strip(), "text was lost at the end"


@untimed
@given(documents(), sizes)
def test_all_text_is_in_exactly_one_passage_that_is_not_too_long(
    document: Document, size: tuple[int, int]
) -> None:
    target, limit = size
    assert_sound(document, split(document, target=target, limit=limit), limit)


@untimed
@given(documents(), sizes)
def test_only_other_headings_precede_a_heading_in_its_passage(
    document: Document, size: tuple[int, int]
) -> None:
    covered = {
        offset for heading in document.headings for offset in range(heading.start, heading.end)
    }
    for passage in split(document, target=size[0], limit=size[1]):
        for heading in document.headings:
            before = range(passage.start, min(heading.start, passage.end))
            if passage.start < heading.start < passage.end:
                assert all(at in covered or document.text[at].isspace() for at in before)


@untimed
@given(TEXTS, sizes)
def test_a_word_is_split_only_if_it_is_longer_than_the_limit(
    text: str, size: tuple[int, int]
) -> None:
    target, limit = size
    passages = split(document(text), target=target, limit=limit)
    for passage, following in pairwise(passages):
        if passage.end == following.start:
            run = text[: passage.end].split()[-1] + text[passage.end :].split()[0]
            assert len(run) > limit


@untimed
@given(st.lists(st.sampled_from(GRAPHEMES), max_size=150), st.integers(1, 20))
def test_graphemes_are_never_split(pieces: list[list[str]], target: int) -> None:
    graphemes = [grapheme for piece in pieces for grapheme in piece]
    edges, text = {0}, ""
    for grapheme in graphemes:
        text += grapheme
        edges.add(len(text))
    for passage in split(document(text), target=target, limit=target + 20):
        assert {passage.start, passage.end} <= edges


@untimed
@given(TEXTS)
def test_a_short_text_is_one_passage(text: str) -> None:
    passages = split(document(text), target=len(text) + 1)
    assert texts(passages) == ([text.strip()] if text.strip() else [])


def test_short_paragraphs_are_joined() -> None:
    text = "\n\n".join(f"메뉴 {number}" for number in range(20))
    assert len(split(document(text), target=100)) == 2


def test_paragraphs_below_the_target_stay_whole() -> None:
    paragraphs = ["한국은 회의를 열었다. " * count + "끝." for count in (5, 6, 5)]
    assert texts(split(document("\n\n".join(paragraphs)), target=100)) == paragraphs


def test_a_long_paragraph_is_cut_evenly_between_sentences() -> None:
    sentences = [f"회의는 {number}년에 열렸다." for number in range(2000, 2030)]
    passages = split(document(" ".join(sentences)), target=400)
    assert " ".join(texts(passages)) == " ".join(sentences)
    assert {len(passage.text) for passage in passages} == {len(" ".join(sentences[:15]))}


def test_a_sentence_up_to_the_limit_stays_whole() -> None:
    short, long = "말하자면 " * 9 + "짧다.", "긴 " * 60 + "말이다."
    passages = split(document(f"{short} {long} {short}"), target=80, limit=160)
    assert texts(passages) == [short, long, short]


def test_a_sentence_beyond_the_limit_is_split_evenly_at_commas() -> None:
    sentence = ", ".join(["하나 둘 셋"] * 40) + "이다."
    passages = split(document(f"{sentence} 다음 문장이다."), target=100, limit=150)
    assert all(text.endswith(("셋,", ".")) for text in texts(passages))
    assert min(len(text) for text in texts(passages)[:-1]) > 60


def test_a_long_run_of_letters_is_cut_at_its_punctuation() -> None:
    passages = split(document(",".join(["값123"] * 200)), target=50, limit=60)
    assert all(text.endswith(("값123", ",")) for text in texts(passages))
    assert all(text.startswith("값") for text in texts(passages))


def test_a_word_just_below_the_limit_stays_whole() -> None:
    assert texts(split(document("ab " + "x" * 79), target=40, limit=80)) == ["ab", "x" * 79]


@pytest.mark.parametrize(
    "rows",
    [
        [f"- 항목 {number} 설명. 덧붙임" for number in range(40)],
        [f"| {number} | 약어 U.S. Dept. 값 |" for number in range(40)],
        [f"{number}\t값. 다른 값\t끝" for number in range(40)],
        [f"{number}. 항목. 덧붙임" for number in range(40)],
    ],
)
def test_items_and_rows_stay_whole(rows: list[str]) -> None:
    passages = split(document("\n".join(rows)), target=100)
    assert "\n".join(texts(passages)) == "\n".join(rows)
    assert {line for text in texts(passages) for line in text.splitlines()} == set(rows)


@pytest.mark.parametrize(
    "sentence",
    [
        "회의는 2024. 3. 5. 경주에서 열렸다.",
        "성장률은 3.14 퍼센트였다.",
        "Dr. Kim met Prof. Lee in Washington.",
        "The U.S. Congress agreed with J. Park.",
        "Partners, e.g. Mongolia, i.e. one of them, agreed.",
        "See No. 12 and Fig. 3 (cf. Vol. 2) there.",
        'He read "Mr. Sunshine" at 5 p.m. that day.',
        "It grew by approx. five percent.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    text = " ".join([sentence] * 12)
    for passage in split(document(text), target=60, limit=200):
        assert passage.text.startswith(sentence)
        assert passage.text.endswith(sentence)


@pytest.mark.parametrize(
    ("end", "gap"),
    [(".", " "), ("!", " "), ("?", "\u3000"), ("。", ""), ("！", ""), ('."', " "), ("…’)", " ")],
)
def test_a_sentence_ends_with_its_closing_quotes(end: str, gap: str) -> None:
    sentence = "정부는 협력을 넓히기로 했다" + end
    passages = split(document(gap.join([sentence] * 12)), target=50, limit=200)
    assert len(passages) >= 4
    assert all(text.endswith(sentence) for text in texts(passages))


def test_an_item_number_stays_with_its_item() -> None:
    lines = "\n".join(f"{mark}. 협력 사업의 개요와 계획" for mark in "가나다라마바사아자차")
    for text in texts(split(document(lines), target=60)):
        assert text[1] == "."
        assert text.endswith("계획")


def test_a_heading_begins_the_passage_of_its_text() -> None:
    passages = split(marked("앞글.\n\n# 외교\n본문.\n\n## ODA\n\n다른 본문.\n"))
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("", "앞글."),
        ("외교", "# 외교\n본문."),
        ("ODA", "## ODA\n\n다른 본문."),
    ]


def test_consecutive_headings_stay_with_the_text_that_follows() -> None:
    (passage,) = split(marked("# 하나\n\n## 둘\n\n### 셋\n본문."))
    assert passage.text == "# 하나\n\n## 둘\n\n### 셋\n본문."
    assert passage.heading == "셋"


def test_a_heading_is_never_left_alone_above_a_long_text() -> None:
    sentence = "국제개발협력은 넓은 말이고 여러 나라가 함께 한다. "
    passages = split(marked("# " + "긴 제목 " * 15 + "\n\n" + sentence * 20), target=100)
    assert passages[0].text.endswith("한다.")
    assert {passage.heading for passage in passages} == {("긴 제목 " * 15).strip()}


def test_headings_without_text_are_a_passage() -> None:
    passages = split(marked("본문.\n# 끝\n## 정말 끝\n"))
    assert texts(passages) == ["본문.", "# 끝\n## 정말 끝"]


def test_headings_longer_than_a_passage_are_cut_like_text() -> None:
    long = marked("\n".join(f"# 제목 {number}" for number in range(40)) + "\n본문.")
    assert_sound(long, split(long, target=50), 100)


def test_lines_come_from_the_map_if_the_text_is_not_a_slice_of_the_file() -> None:
    doc = Document(
        id="1", path="a.html", title="", text="하나.\n둘.", language="ko", lines=((0, 7), (4, 19))
    )
    assert [passage.line for passage in split(doc, target=3)] == [7, 19]


def test_lines_are_counted_from_the_line_that_the_text_starts_on() -> None:
    doc = Document(id="1", path="a.md", title="", text="\n하나.\n둘.", language="ko", line=5)
    assert [passage.line for passage in split(doc, target=3)] == [6, 7]


@pytest.mark.parametrize(
    "text",
    [
        "한국은 2024. 3. 5. 기준으로 Dr. Kim과 U.S. policy를 검토했다. " * 3000,
        "가" * 100_000,
        "\u0301" * 50_000,
        "\t".join(["셀 값"] * 20_000),
        "\n".join(["| 셀 | 값 |"] * 10_000),
        ",".join(["셀값"] * 30_000),
        "a. " * 30_000,
        "🇰🇷" * 20_000,
        ("x" + " " * 3000) * 30,
        "\n" * 100_000 + "끝",
    ],
    ids=[
        "one line",
        "syllables",
        "marks",
        "tabs",
        "table",
        "commas",
        "stops",
        "flags",
        "blanks",
        "lines",
    ],
)
def test_a_large_text_of_any_shape_gives_bounded_passages(text: str) -> None:
    doc = document(text)
    assert_sound(doc, split(doc), 2 * TARGET)


@pytest.mark.parametrize(("target", "limit"), [(0, 10), (-1, None), (20, 10)])
def test_impossible_sizes_are_rejected(target: int, limit: int | None) -> None:
    with pytest.raises(ValueError, match="1 <= target <= limit"):
        split(document("text"), target=target, limit=limit)


@given(st.sets(st.integers(0, 40)), st.integers(0, 40))
def test_the_nearest_cut_is_chosen_and_the_first_of_two(cuts: set[int], share: int) -> None:
    expected = min(sorted(cuts), key=lambda cut: abs(cut - share), default=None)
    assert passages._nearest(iter(sorted(cuts)), share) == expected
