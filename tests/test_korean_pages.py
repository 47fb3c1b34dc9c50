"""Reads pages in the manner of Korean sites: what belongs to their text stays, the clutter goes.

Each file of `data/korean_pages` is a page of one kind. In it ⟪…⟫ marks what must stay and ⟦…⟧ what
must go; a field such as {first} is filled with the words of a subject.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.readers.html.reader import read

PAGES = sorted((Path(__file__).parent / "data" / "korean_pages").glob("*.html"))
FIELDS = ("title", "first", "second", "third", "short", "item1", "item2")
SUBJECTS = {
    "a village": (
        "산골 마을의 돌담을 다시 쌓는 사람들",
        "가람골 주민들이 지난여름 큰비에 무너진 돌담을 가을 내내 손수 다시 쌓고 있으며, 이 일에는 "
        "이웃 마을의 젊은이들도 주말마다 나와 힘을 보태고 있다고 이장이 전했다.",
        "돌을 고르는 일은 여든이 넘은 어른들이 맡았는데, 어느 돌이 어디에 있었는지를 아직도 "
        "기억하기 때문이라고 한다. 빠진 돌은 개울에서 새로 주워 온다.",
        "공사는 첫눈이 오기 전에 마무리할 계획이며, 봄에는 담 아래에 수국을 심기로 했다.",
        "큰비가 지나간 자리에 담이 다시 선다.",
        "무너진 돌담",
        "수국 모종",
    ),
    "a kitchen": (
        "된장을 오래 두고 먹는 법",
        "메주를 띄우는 방은 낮에도 서늘해야 하고 바람이 잘 들어야 하는데, 요즘 집에서는 베란다 "
        "한쪽에 발을 치고 채반을 올려 두는 것만으로도 비슷한 조건을 만들 수 있습니다.",
        "소금물은 달걀을 띄워 동전만 한 크기가 물 위로 나오면 알맞습니다. 너무 짜면 맛이 드는 데 "
        "오래 걸리고, 싱거우면 여름을 나지 못합니다.",
        "항아리 뚜껑은 맑은 날 오전에 열어 두었다가 해가 지기 전에 덮어 주면 됩니다.",
        "손이 가는 만큼 맛이 듭니다.",
        "잘 마른 메주",
        "굵은 소금",
    ),
    "a library": (
        "저녁에 여는 도서관 강좌 수강생 모집",
        "너울도서관은 낮에 시간을 내기 어려운 직장인을 위하여 다음 달부터 저녁 강좌 네 개를 새로 "
        "열고, 누구나 무료로 들을 수 있도록 강의실을 밤 열 시까지 개방한다고 밝혔습니다.",
        "강좌마다 스무 명을 뽑으며, 신청자가 많으면 처음 듣는 분을 먼저 뽑습니다. 지난 강좌의 "
        "녹화본은 자료실에서 볼 수 있습니다.",
        "신청은 도서관 일 층 안내대나 전화로 할 수 있고, 결과는 문자로 알려 드립니다.",
        "퇴근길에 들러 주세요.",
        "옛 지도 읽기",
        "책 고치기",
    ),
}


def page(path: Path, subject: str) -> tuple[str, list[str], list[str]]:
    """Return a page, what must stay of it, and what must go."""
    markup = path.read_text(encoding="utf-8")
    for field, words in zip(FIELDS, SUBJECTS[subject], strict=True):
        markup = markup.replace(f"{{{field}}}", words)
    wanted, unwanted = (re.findall(pattern, markup) for pattern in ("⟪(.*?)⟫", "⟦(.*?)⟧"))
    return re.sub("[⟪⟫⟦⟧]", "", markup), wanted, unwanted


def missing(path: Path, subject: str) -> tuple[list[str], list[str], int]:
    """Return what is lost and what is left in error, and how much must go."""
    markup, wanted, unwanted = page(path, subject)
    found = next(read(BytesIO(markup.encode()), name=path.name))
    assert isinstance(found, Document)
    text = " ".join(found.text.split())
    return (
        [words for words in wanted if words not in text],
        [words for words in unwanted if words in text],
        len(unwanted),
    )


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_belongs_to_the_text_of_a_korean_page_stays(path: Path, subject: str) -> None:
    assert missing(path, subject)[0] == []


def test_of_the_clutter_of_korean_pages_nine_tenths_go() -> None:
    pages = [missing(path, subject) for path in PAGES for subject in SUBJECTS]
    left = [words for _, kept, _ in pages for words in kept]
    assert len(left) <= 0.1 * sum(number for *_, number in pages), left
