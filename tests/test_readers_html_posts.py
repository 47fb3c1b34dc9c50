from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.readers.html.blocks import blocks_of
from corpus.readers.html.dom import body_of, parse
from corpus.readers.html.posts import post_rows
from corpus.readers.html.reader import read

ARTICLE = (
    "<p>강가의 물레방아를 다시 돌리려고 마을 사람들이 봄부터 나무를 깎고 있으며, 가을걷이 전에는 "
    "첫 방아를 찧을 수 있을 것이라고 목수가 말했다.</p><p>물길은 옛 지도를 보고 찾았는데, 둑 아래 "
    "돌로 쌓은 자리가 그대로 남아 있어서 새로 파지 않아도 되었다고 한다. 보러 오는 이도 늘었다.</p>"
)
ANSWERS = (
    "느티나무보다는 소나무가 물에 오래 견딘다고 들었습니다",
    "저희 동네 것은 참나무인데 십 년째 멀쩡합니다",
    "굴대는 쇠로 바꾸는 편이 낫지 않을까요",
)


def text_of(page: str) -> str:
    document = next(read(BytesIO(page.encode()), name="page.html"))
    assert isinstance(document, Document)
    return document.text


def thread(reply: str, answers: tuple[str, ...] = ANSWERS, article: str = ARTICLE) -> str:
    replies = "".join(reply.replace("%s", text) for text in answers)
    return (
        f"<html><body><h1>물레방아 나무 고르기</h1><div class='view'>{article}</div>"
        f"<div class='buttons'><a href='/up'>올리기</a></div>{replies}</body></html>"
    )


REPLIES = {
    "a reply named so": "<div class='reply'><p>%s</p></div>",
    "an unnamed article with a date": "<article><b>이슬</b> 24-11-14 10:00<div>%s</div></article>",
    "a row of comments": "<li class='cmt_row'><div>바람</div><div class='cmt_text'>%s</div></li>",
    "a date below": "<div class='unit'><div>노을</div><p>%s</p><div>2024.11.14. 10:10</div></div>",
    "a time ago": "<section class='q'><p>단비 · 3시간 전</p><p>%s</p></section>",
    "an author and a command": (
        "<div class='item'><div class='comment_meta'><a href='/m'>달</a> 오늘</div><p>%s</p>"
        "<a href='#'>댓글달기</a></div>"
    ),
}


@pytest.mark.parametrize("kind", REPLIES)
def test_replies_that_are_much_of_a_thread_are_kept(kind: str) -> None:
    text = text_of(thread(REPLIES[kind]))
    assert [answer for answer in ANSWERS if answer not in text] == []
    assert "댓글달기" not in text
    assert "올리기" not in text


COMMENT = "<li class='comment'><span>꽃잎</span> 2024.11.14<p>%s</p></li>"


@pytest.mark.parametrize(("number", "is_kept"), [(2, False), (5, True)])
def test_a_few_short_comments_under_a_long_article_go_and_many_stay(
    number: int, is_kept: bool
) -> None:
    comments = tuple(f"{count}번째로 응원합니다" for count in range(1, number + 1))
    text = text_of(thread(f"<ul class='comments'>{COMMENT}</ul>", article=ARTICLE * 6))
    assert [answer in text for answer in ANSWERS] == [False] * len(ANSWERS)
    listed = "".join(COMMENT.replace("%s", comment) for comment in comments)
    text = text_of(thread(f"<ul class='comments'>{listed}</ul>", ("",), article=ARTICLE * 6))
    assert [comment in text for comment in comments] == [is_kept] * number


@pytest.mark.parametrize(
    "other",
    [
        "<div class='card'><h3><a href='/1'>다른 글</a></h3><p>2024.11.14</p><p>%s</p></div>",
        "<div class='card'><p>2024.11.14</p><p><a href='/1'>%s</a></p></div>",
        "<div class='card'><div>빠른 배송</div><p>%s</p></div>",
        "<form class='comment'><div class='reply'><p>이름</p><p>%s</p></div></form>",
        "<div class='comments'><div class='ad'><p>오늘</p><p>%s</p></div></div>",
    ],
    ids=["summary", "link", "no author or date", "form", "clutter"],
)
def test_what_only_looks_like_posts_is_left_out(other: str) -> None:
    text = text_of(thread(other, article=f"<article>{ARTICLE * 3}</article>"))
    assert [answer for answer in ANSWERS if answer in text] == []


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(10, 400))
def test_posts_are_kept_if_they_are_many_or_much_of_the_text(sizes: list[int], found: int) -> None:
    posts = "".join(f"<div class='reply'><p>{'가' * size}</p></div>" for size in sizes)
    page = parse(f"<body><p>{'나' * found}</p><div>{posts}</div></body>")
    blocks = list(blocks_of(body_of(page)))
    around = [[block.parent, *block.parent.iterancestors()] for block in blocks]

    rows = post_rows(blocks, around, set(), [True] + [False] * len(sizes))

    is_kept = len(sizes) >= 5 or (len(sizes) > 1 and sum(sizes) >= 0.15 * found)
    assert rows == (set(range(1, len(sizes) + 1)) if is_kept else set())
