"""The general glossary keeps its form, so that people can edit it and the bridge can read it."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from bridge_corpus import built
from bridge_corpus import plain_korean as plain_korean

from index.bridge.general import COMPILED, compile_general
from index.directory.location import FOLDER
from search.searcher import Searcher

FILE = Path(__file__).parents[1] / "index" / "bridge" / "general.tsv"
FEWEST_PAIRS = 1_500
HANGUL = re.compile("[가-힣]")
KOREAN = re.compile(r"[가-힣0-9][가-힣0-9· -]*")
ENGLISH = re.compile(r"[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9 .'’/&-]*")
SECTIONS = {
    "General: people, family, life",
    "Computing: the user's vocabulary",
    "Diplomacy and international relations",
    "Ministries, organisations and offices",
    "Countries",
}


class Row(NamedTuple):
    line: int
    korean: str
    english: str
    weight: str


@cache
def lines() -> list[str]:
    return FILE.read_text(encoding="utf-8").split("\n")


@cache
def rows() -> list[Row]:
    cells = (
        (number, text.split("\t"))
        for number, text in enumerate(lines(), 1)
        if text and not text.startswith("#")
    )
    return [Row(number, *row) for number, row in cells if len(row) == 3]


def sections() -> list[str]:
    """The comments that open a block of rows."""
    return [
        text.removeprefix("# ")
        for before, text, after in zip(lines(), lines()[1:], lines()[2:], strict=False)
        if not before and text.startswith("# ") and "\t" in after
    ]


def english_of(korean: str) -> set[str]:
    return {row.english for row in rows() if row.korean == korean}


def test_every_line_is_a_comment_or_a_row_of_three_columns_or_empty() -> None:
    odd = [
        number
        for number, text in enumerate(lines(), 1)
        if text and not text.startswith("#") and text.count("\t") != 2
    ]
    assert odd == []


def test_the_file_has_a_general_vocabulary() -> None:
    assert len(rows()) >= FEWEST_PAIRS


def test_no_pair_is_repeated() -> None:
    pairs = Counter((row.korean, row.english.lower()) for row in rows())
    assert [pair for pair, times in pairs.items() if times > 1] == []


def test_the_rows_of_a_korean_word_are_adjacent() -> None:
    starts = Counter(
        row.korean
        for before, row in zip([None, *rows()], rows(), strict=False)
        if before is None or before.korean != row.korean
    )
    assert [korean for korean, times in starts.items() if times > 1] == []


def test_the_left_side_is_korean() -> None:
    odd = [r for r in rows() if not KOREAN.fullmatch(r.korean) or not HANGUL.search(r.korean)]
    assert odd == []


def test_the_right_side_is_english() -> None:
    assert [row for row in rows() if not ENGLISH.fullmatch(row.english)] == []


def test_no_side_has_spaces_to_spare() -> None:
    odd = [r for r in rows() for s in (r.korean, r.english) if s != " ".join(s.split())]
    assert odd == []


def test_a_weight_is_empty_or_above_0_and_at_most_1() -> None:
    assert [row for row in rows() if row.weight and not 0 < float(row.weight) <= 1] == []


def test_the_sections_that_the_issue_asks_for_are_there() -> None:
    assert set(sections()) >= SECTIONS


def test_no_section_is_repeated() -> None:
    assert [name for name, times in Counter(sections()).items() if times > 1] == []


def test_the_head_describes_how_to_edit_the_file_and_its_license() -> None:
    head = "\n".join(lines()[: lines().index("")])
    assert "To mend it" in head
    assert "LICENSE" in head


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("책", "book"),
        ("먹다", "eat"),
        ("저장", "save"),
        ("외교부", "Ministry of Foreign Affairs"),
        ("국무총리", "prime minister"),
        ("전략적 동반자 관계", "strategic partnership"),
        ("국제통화기금", "IMF"),
        ("몽골", "Mongolia"),
        ("울란바토르", "Ulaanbaatar"),
    ],
)
def test_common_words_have_their_usual_translation(korean: str, english: str) -> None:
    assert english in english_of(korean)


def test_the_compiled_glossary_is_up_to_date_with_the_file(tmp_path: Path) -> None:
    compile_general(tmp_path / "general.bridge")
    written = (tmp_path / "general.bridge").read_bytes()
    assert written == COMPILED.read_bytes(), "python -m index.bridge.general compiles it"


@pytest.mark.usefixtures("plain_korean")
def test_a_rare_bracket_behind_a_word_of_the_glossary_is_no_translation(tmp_path: Path) -> None:
    texts = ["파일(zeppelin)", "쌍동선(catamaran)", "zeppelin", "catamaran"]
    built(tmp_path, {f"{number}.txt": text for number, text in enumerate(texts)})
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert {hit.path for hit in searcher.search("파일")} == {"0.txt"}
        assert {hit.path for hit in searcher.search("쌍동선")} == {"1.txt", "3.txt"}


@pytest.mark.usefixtures("plain_korean")
def test_a_stop_word_between_hyphens_is_not_translated(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "A read-only file.", "b.txt": "파일 읽기 오직"})
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert [hit.path for hit in searcher.search("read-only")][:1] == ["a.txt"]
