"""Words in Han characters and in Hangul find each other, in phrases too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.builder.build import build
from index.verify import verify
from search.searcher import Searcher

TEXTS = {
    "관세": "美 재무부가 관세를 낮추자 中 상무부도 물러섰다",
    "한글": "미국 재무부와 중국 상무부. 미 재무부는 말을 아꼈다",
    "붙임": "美재무부 고위 인사와 前대통령의 만남",
    "띄움": "전 대통령을 만난 미재무부 인사",
    "학문": "國際關係 연구자의 勞動 이야기",
    "논문": "국제관계론 입문과 국제 관계의 역사",
    "회의": "회의中 나온 말은 15日 공개",
    "점": "美·中 회담에 앞서",
    "주석": "고려가요(高麗歌謠) 낭송회와 판소리(辛在孝) 강연",
    "조사": "향가(鄕歌)의 해독, 時調(시조)를 읽다",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("hanja")
    rows = (json.dumps({"id": name, "text": text}) + "\n" for name, text in TEXTS.items())
    (folder / "texts.jsonl").write_text("".join(rows), encoding="utf-8")
    build(folder / ".chaja", [folder])
    with Searcher.open(folder / ".chaja") as found:
        yield found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"미 재무부"', {"관세", "한글", "붙임", "띄움"}),
        ('"美 재무부"', {"관세", "한글", "붙임", "띄움"}),
        ('"미국 재무부"', {"관세", "한글", "붙임"}),
        ("+미국 +재무부", {"관세", "한글", "붙임"}),
        ('"전 대통령"', {"붙임", "띄움"}),
        ('"前대통령"', {"붙임", "띄움"}),
        ('"前 대통령"', {"붙임", "띄움"}),
        ("+중국", {"관세", "한글", "점"}),
        ("+일본", set()),
        ("+국제관계", {"학문", "논문"}),
        ("+國際關係", {"학문", "논문"}),
        ('"국제 관계"', {"학문", "논문"}),
        ('"國際 關係"', {"학문", "논문"}),
        ('"국제관계 연구자"', {"학문"}),
        ('"國際關係 입문"', set()),
        ("노동", {"학문"}),
        ("로동", {"학문"}),
        ('"고려가요 낭송회"', {"주석"}),
        ('"高麗歌謠 낭송회"', {"주석"}),
        ('"고려가요(高麗歌謠) 낭송회"', {"주석"}),
        ('"판소리 강연"', set()),
        ('"향가의 해독"', {"조사"}),
        ('"시조를 읽다"', {"조사"}),
    ],
)
def test_han_characters_and_hangul_find_each_other(
    searcher: Searcher, query: str, expected: set[str]
) -> None:
    found = searcher.search(query, bridge=False)
    assert {hit.document for hit in found} == expected
    assert found.read_as == ()


@pytest.mark.parametrize("query", ["미국", "美", "미국 재무부"])
def test_the_character_that_stands_for_a_word_is_marked(searcher: Searcher, query: str) -> None:
    (hit,) = [hit for hit in searcher.search(query) if hit.document == "관세"]
    assert "美" in {hit.text[match.start : match.end] for match in hit.matches}


def test_a_text_with_the_characters_asked_for_comes_first(searcher: Searcher) -> None:
    assert searcher.search("國際關係")[0].document == "학문"
    assert searcher.search("+美")[0].document in {"관세", "붙임", "점"}


def test_the_postings_are_those_of_the_text(searcher: Searcher) -> None:
    assert not verify(Path(searcher.info().directory), deep=True).damage
