from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.document import Document, Problem, State
from corpus.readers import read
from corpus.readers.html.attributes import with_few_attributes
from corpus.readers.html.clutter import is_clutter_line

NEWS = """<!DOCTYPE html>
<html lang="ko"><head><meta charset="utf-8">
<title>한·몽골, 공급망 협력 넓힌다 | 새벽신문</title>
<meta property="og:title" content="한·몽골, 공급망 협력 넓힌다">
<meta property="article:published_time" content="2024-11-14T09:30:00+09:00">
<style>p { color: red }</style>
<script>
var words = "<p>스크립트</p>";
</script></head><body>
<a href="#main">본문 바로가기</a>
<header><a href="/login">로그인</a> <a href="/join">회원가입</a>
<nav><ul><li><a href="/p">정치</a></li><li><a href="/e">경제</a></li></ul></nav></header>
<div class="cookie-notice">이 사이트는 쿠키를 사용합니다. <button>동의</button></div>
<div class="adblock"><p>광고 차단 프로그램을 꺼 주세요.</p></div>
<div id="main"><p class="path">홈 &gt; 정치 &gt; 외교</p>
<h1>한·몽골, 공급망 협력 넓힌다</h1>
<div class="snsShare"><a href="#">페이스북</a> <a href="#">공유하기</a></div>
<div class="newsBody">
<p>한국과 몽골이 핵심 광물의 공급망을 함께 살피기로 했다.
두 나라 장관은 서울에서 만나 이렇게 뜻을 모았다고 외교부가 밝혔다.</p>
<!-- 광고
자리 -->
<h2>구리와 몰리브덴</h2>
<p>몽골에는 구리와 몰리브덴이 많이 묻혀 있다.<br>한국 기업은 <b>제련</b> 기술을
갖고 있어 서로 도울 수 있다고 연구자들은 말한다.</p>
<ul><li>공동 탐사</li>
<li>인력 교류<p>해마다 스무 명</p></li></ul>
<table><tr><th>연도</th><th>교역액</th></tr>
<tr><td>2022년</td><td><p>5억 달러</p></td></tr></table>
<p>두 나라는 내년 봄에 다시 만나 진전을 점검할 계획이다.</p>
</div>
<p>무단전재 및 재배포 금지</p>
<div class="relatedNews"><h3>관련 기사</h3>
<ul><li><a href="/1">중앙아시아 순방 마쳐</a></li></ul></div>
<div><h3>많이 본 뉴스</h3><ol><li><a href="/3">내일 전국에 비</a></li></ol></div>
<div id="comments"><h4>댓글 3</h4><p>로그인 후 댓글을 쓸 수 있습니다.</p></div>
</div><footer><p>새벽신문 | 대표전화 02-000-0000</p></footer>
</body></html>
"""
MAIN = """한·몽골, 공급망 협력 넓힌다

한국과 몽골이 핵심 광물의 공급망을 함께 살피기로 했다. \
두 나라 장관은 서울에서 만나 이렇게 뜻을 모았다고 외교부가 밝혔다.

구리와 몰리브덴

몽골에는 구리와 몰리브덴이 많이 묻혀 있다.
한국 기업은 제련 기술을 갖고 있어 서로 도울 수 있다고 연구자들은 말한다.

- 공동 탐사
- 인력 교류
해마다 스무 명

연도 | 교역액
2022년 | 5억 달러

두 나라는 내년 봄에 다시 만나 진전을 점검할 계획이다."""
CLUTTER = (
    *(
        "로그인",
        "회원가입",
        "정치",
        "쿠키",
        "광고",
        "페이스북",
        "공유",
        "무단전재",
        "관련 기사",
        "순방",
    ),
    *("많이 본", "전국에 비", "댓글", "대표전화", "스크립트", "바로가기", "홈 >"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def document(path: Path, content: str, encoding: str = "utf-8") -> Document:
    path.write_bytes(content.encode(encoding))
    (found,) = read(path, name="page.html")
    assert isinstance(found, Document), found
    return found


def test_only_the_main_text_of_a_news_page_is_kept(path: Path) -> None:
    found = document(path, NEWS)

    assert found.text == MAIN
    assert found.title == "한·몽골, 공급망 협력 넓힌다 | 새벽신문"
    assert (found.date, found.language) == ("2024-11-14", "ko")


def test_every_line_of_the_text_has_its_line_in_the_source(path: Path) -> None:
    found = document(path, NEWS)

    source = NEWS.split("\n")
    for line in re.finditer(r"[^\n|-][^\n|]*", MAIN):
        first = line[0].split()[0]
        assert first in source[found.line_at(line.start()) - 1]


def test_headings_are_kept_with_their_offsets(path: Path) -> None:
    found = document(path, NEWS).headings

    assert [heading.text for heading in found] == ["한·몽골, 공급망 협력 넓힌다", "구리와 몰리브덴"]
    assert all(heading.text == MAIN[heading.start : heading.end] for heading in found)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(re.sub(r' (class|id)="[^"]*"', "", NEWS), id="no names"),
        pytest.param(re.sub(r"(?s)<h2>.*</table>", "", NEWS), id="short"),
        pytest.param(
            re.sub(r'<div id="main">((?s:.*))</div><footer>', r"<main>\1</main><footer>", NEWS),
            id="main part",
        ),
        pytest.param(
            re.sub(r"</?(ul|ol|li|div|table|tr|t[hd])\b[^>]*>", " ", NEWS), id="no structure"
        ),
    ],
)
def test_clutter_is_removed(path: Path, page: str) -> None:
    text = document(path, page).text

    assert "공급망을 함께 살피기로 했다" in text
    assert "점검" in text
    missed = [word for word in CLUTTER if word in text]
    if "<div" in page:
        assert missed == []
    else:  # in a single element, headings and single words look like text
        assert not {"로그인", "회원가입", "쿠키", "광고", "무단전재"} & set(missed)


# The last things of an article, with links and a button behind them.
ENDING = """<h2>교역의 발자취</h2>
<table><tr><th>연도</th><th>교역액</th></tr><tr><td>2022년</td><td>5억 달러</td></tr></table>
<ul><li>공동 탐사</li><li>인력 교류</li></ul>
<pre>tar x</pre>
<h3>다른 글</h3><ul><li><a href="/1">중앙아시아 순방</a></li><li><a href="/2">비 소식</a></li></ul>
<p>공유하기</p>"""
ENDING_TEXT = """교역의 발자취

연도 | 교역액
2022년 | 5억 달러

- 공동 탐사
- 인력 교류

tar x"""
PARAGRAPH = "한국과 몽골이 핵심 광물의 공급망을 함께 살피기로 했다고 외교부가 밝혔다. " * 3


@pytest.mark.parametrize("tag", ["article", "main"])
def test_a_table_and_a_list_at_the_end_of_an_article_are_kept_with_their_heading(
    path: Path, tag: str
) -> None:
    page = (
        f"<body><{tag}><h1>공급망</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p>{ENDING}</{tag}>"
        "<div><h3>공동 탐사</h3><ul><li>인력 교류</li><li>5억 달러</li></ul></div></body>"
    )
    text = document(path, page).text
    assert text == f"공급망\n\n{PARAGRAPH.strip()}\n\n{PARAGRAPH.strip()}\n\n{ENDING_TEXT}"


def test_text_outside_articles_is_not_the_end_of_one(path: Path) -> None:
    articles = (
        f"<article><h1>{subject}</h1><p>{subject}, {PARAGRAPH}</p><p>{PARAGRAPH}</p></article>"
        for subject in ("공급망", "농업")
    )
    most_read = "<div><h3>많이 본 글</h3><ol><li>순방</li><li>비 소식</li></ol></div>"
    page = f'<body><div class="article-body">{"".join(articles)}{most_read}</div></body>'
    text = document(path, page).text
    assert "농업, 한국과" in text
    assert text.endswith("밝혔다.")


@pytest.mark.parametrize("end", range(900, len(NEWS), 97))
def test_a_truncated_page_is_read_to_its_end(path: Path, end: int) -> None:
    path.write_bytes(NEWS[:end].encode())

    (found,) = read(path, name="page.html")

    if "<p>한국과 몽골이 핵심" in NEWS[:end]:
        assert isinstance(found, Document)
        assert "한국과 몽골이 핵심" in found.text


def test_a_reference_page_of_short_lines_is_kept_whole(path: Path) -> None:
    rows = "".join(
        f'<div class="embedded"><h2>명령 {number}</h2><p>문서를 {number}번 저장합니다.</p>'
        f"<pre>save {number}\n  again</pre></div>\n"
        for number in range(40)
    )
    found = document(
        path, f"<html><body><nav>차례</nav><div><h1>명령</h1>{rows}</div></body></html>"
    )

    assert "차례" not in found.text
    assert all(f"문서를 {number}번 저장합니다." in found.text for number in range(40))
    assert [heading.text for heading in found.headings] == [
        "명령",
        *(f"명령 {n}" for n in range(40)),
    ]
    assert "save 7\n  again" in found.text
    assert found.title == "명령"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<html><body><p>안녕</p></body></html>", "안녕"),
        ("그냥 글 <b>굵게</b> 끝", "그냥 글 굵게 끝"),
        ("<p>하나<p>둘<div>셋", "하나\n\n둘\n\n셋"),
        ("<body><nav>메뉴와 차례뿐인 쪽</nav></body>", "메뉴와 차례뿐인 쪽"),
        ("<body><a href='/'>이어지는 쪽</a></body>", "이어지는 쪽"),
        ("<table><tr><td>칸</td><td><br>둘<br>셋</td><td></td></tr></table>", "칸 | 둘 셋"),
        ("<table><tr><td><h2>제목</h2><p>글</p></td><td>곁</td></tr></table>", "제목\n\n글\n\n곁"),
        ("<pre>\n  하나\n\n    둘\n</pre>", "  하나\n\n    둘"),
        (
            "<p hidden>숨은 글</p><p style='display: none'>숨은 글</p><p>보이는 긴 글이다</p>",
            "보이는 긴 글이다",
        ),
        ("<pre>하나&#13;&#10;둘</pre>&#10;&#10;", "하나\n둘"),
        ("<p>AT&amp;T &lt;b&gt; &#xAC00;</p>", "AT&T <b> 가"),
    ],
)
def test_a_page_without_an_article_gives_its_visible_text(path: Path, page: str, text: str) -> None:
    found = document(path, page)

    assert found.text == text
    assert found.line_at(len(text)) <= page.count("\n") + 1


@pytest.mark.parametrize(
    "page", ["<html></html>", "<!-- 글 -->", "<script>1</script>", "<br>", "&nbsp;"]
)
def test_a_page_without_words_is_a_problem(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8")

    (found,) = read(path, name="page.html")

    assert isinstance(found, Problem)
    assert found.reason == "has no readable text"


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
@pytest.mark.parametrize("declared", ["euc-kr", "ks_c_5601-1987", "utf-8", "no-such"])
def test_a_page_with_a_wrong_declaration_is_decoded(
    path: Path, declared: str, encoding: str
) -> None:
    page = f'<?xml version="1.0"?><html><head><meta charset="{declared}"></head>' + NEWS[200:]

    assert document(path, page, encoding).text == MAIN


def test_text_in_linked_data_only_is_not_used(path: Path) -> None:
    data = '{"@type": "NewsArticle", "articleBody": "' + "두 나라는 협력하기로 했다. " * 20 + '"}'
    page = f'<body><p>불러오는 중이다.</p><script type="application/ld+json">{data}</script></body>'

    assert document(path, page).text == "불러오는 중이다."


def test_invalid_bytes_are_a_problem_with_their_line(path: Path) -> None:
    path.write_bytes("<p>한국과\n몽골".encode() + b"\xff" + "의 관계</p>".encode())

    found, problem = read(path, name="page.html")

    assert isinstance(found, Document)
    assert found.text == "한국과 몽골\ufffd의 관계"
    assert problem == Problem(
        path="page.html", reason="1 byte is not valid UTF-8; replaced with \ufffd", line=2
    )


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>쪽</title><meta property='og:title' content='글'>", "쪽"),
        ("<title> </title><meta property='og:title' content='글'>", "글"),
        ("<svg><title>그림</title></svg>", "머리"),
    ],
)
def test_the_title_is_from_the_head_or_the_first_heading(path: Path, head: str, title: str) -> None:
    page = f"<html><head>{head}</head><body><h1>머리</h1><p>글이다.</p></body></html>"

    assert document(path, page).title == title
    assert document(path, "<p>글이다.</p>").title == "page"


@pytest.mark.parametrize(
    ("markup", "date"),
    [
        ("<meta name='DC.date' content='2024-11'>", "2024-11"),
        ("<meta itemprop='datePublished' content='2024-11-14'>", "2024-11-14"),
        (
            '<script type="application/ld+json">{"datePublished": "2024-11-14T01:00Z"}</script>',
            "2024-11-14",
        ),
        ("<time itemprop='datePublished' datetime='2024-11-14'>어제</time>", "2024-11-14"),
        ("<article><p>글</p><time datetime='2024-11-14'>어제</time></article>", "2024-11-14"),
        ("<p>작성일: 2024년 11월 14일</p>", "2024-11-14"),
        ("<time datetime='2024-11-14'>어제</time>", ""),
        ("<meta name='date' content='어제'>", ""),
        ("<p>두 나라는 2024년 11월 14일에 만났다.</p>", ""),
    ],
)
def test_the_date_is_read_from_the_markup(path: Path, markup: str, date: str) -> None:
    assert document(path, f"<html><body>{markup}<p>글이다.</p></body></html>").date == date


def test_a_page_on_which_the_extractor_fails_is_still_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)

    assert "한국과 몽골이 핵심" in document(path, NEWS).text


def test_hundreds_of_unclosed_tags_are_read(path: Path) -> None:
    assert document(path, "<font>" * 1500 + "<p>글이다.</p>").text == "글이다."


def test_a_page_nested_too_deeply_is_a_problem(path: Path) -> None:
    path.write_text("<p>글</p>" + "<div>" * 50_000 + "<p>글이다.</p>", encoding="utf-8")

    reason = "has elements nested too deeply"
    (found,) = read(path, name="page.html")
    assert found == Problem(path="page.html", reason=reason, state=State.TOO_LARGE)


def test_an_element_keeps_its_first_thousand_attributes_and_the_page_its_lines(
    path: Path,
) -> None:
    excess = "".join(f'\nz{number}=">"' for number in range(3000))
    page = f"<div class=main{excess}>\n<p>몽골에는 구리가 많이 묻혀 있다.</p></div>"
    found = document(path, page)
    assert found.text == "몽골에는 구리가 많이 묻혀 있다."
    assert found.line_at(0) == 3002


@pytest.mark.parametrize(
    "start",
    ["<script>if (a <b ", "<!-- <b ", "<title>글 <b ", "<style><b "],
)
def test_what_is_no_tag_keeps_its_words(path: Path, start: str) -> None:
    kind = start[1 : start.find(">")] if ">" in start else "!--"
    end = "-->" if kind == "!--" else f"</{kind}>"
    page = f"{start}{'word ' * 3000}{end}<p>몽골에는 구리가 많이 묻혀 있다.</p>"
    assert with_few_attributes(page) == page


def test_a_page_of_a_million_tags_is_a_problem(path: Path) -> None:
    path.write_text("<p>글</p>" * 500_001, encoding="utf-8")
    reason = "has more than 1,000,000 tags"
    (found,) = read(path, name="page.html")
    assert found == Problem(path="page.html", reason=reason, state=State.TOO_LARGE)


def test_a_page_of_many_elements_each_in_many_others_is_a_problem(path: Path) -> None:
    path.write_text("<div>글" * 1500 + "<i>글</i>" * 20_000, encoding="utf-8")
    reason = "has too many elements nested too deeply"
    (found,) = read(path, name="page.html")
    assert found == Problem(path="page.html", reason=reason, state=State.TOO_LARGE)


def test_a_page_of_more_than_64_mib_is_a_problem(path: Path) -> None:
    path.write_bytes(b"<p>x" + b" " * (1 << 26))
    reason = "is a page of more than 67,108,864 bytes"
    (found,) = read(path, name="page.html")
    assert found == Problem(path="page.html", reason=reason, state=State.TOO_LARGE)


def test_a_large_table_is_read_without_the_extractor(path: Path) -> None:
    rows = "<tr>" + "<td>칸" * 6000 + "</tr>"
    found = document(path, f"<nav>메뉴</nav><table>{rows}</table><p>표 아래의 글이다.</p>")
    assert found.text.startswith("칸 | 칸")
    assert found.text.endswith("표 아래의 글이다.")


def test_a_row_of_commands_is_clutter_in_whatever_way_it_is_read() -> None:
    assert is_clutter_line("메뉴 닫기 " * 30)
    assert not is_clutter_line("메뉴닫기" * 48 + "글")  # which could be read in 2^48 ways


def test_the_extractor_writes_nothing_to_the_terminal(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    document(path, "<p>x</p>")

    assert capfd.readouterr() == ("", "")


# What stands around the text of a page in Korea: each row is the markup with %s for the text, then
# words that are wanted and words that are not.
LONG = (
    f"<p>{PARAGRAPH}</p>"
    f"<p>내년에는 조사단이 사막 남쪽의 광산을 찾아갈 예정이라고 덧붙였다. {PARAGRAPH}</p>"
)
AROUND = {
    "press release with a table, an attachment and a closing line": (
        '<div id="gnb"><a href="/">홈</a></div><div class="board_view"><h3>조사 결과 발표</h3>'
        '<div class="view_cont">%s</div><table><tr><th>구분</th><th>금액</th></tr>'
        "<tr><td>탐사비</td><td>12억 원</td></tr></table><p>붙임: 세부 내역 1부. 끝.</p></div>"
        '<div id="footer">우편번호 00000</div>',
        ("조사 결과 발표", "12억 원", "붙임: 세부 내역"),
        ("우편번호",),
    ),
    "news with a lead and a caption": (
        '<div class="header_wrap"><h1 class="title">사막의 구리</h1><div class="summary">'
        "광산을 함께 살피기로 하면서 두 나라의 기업도 바빠졌다는 이야기가 나온다</div></div>"
        '<div class="article_body">%s<figure><img><figcaption>조사단의 차량</figcaption>'
        "</figure><p>차량은 모두 스무 대이다. 두 달 동안 삼천 킬로미터를 달린다.</p></div>"
        '<div class="article_relation"><a href="/1">다른 기사</a></div>',
        ("사막의 구리", "기업도 바빠졌다", "조사단의 차량", "스무 대"),
        ("다른 기사",),
    ),
    "blog with a list, a definition and code": (
        '<div class="entry-content">%s<ul><li>장갑</li><li>망치</li></ul>'
        "<dl><dt>정련</dt><dd>불순물을 뺀다</dd></dl><pre>make ore</pre>"
        "<p>준비물은 이것으로 모두이다. 무거운 것은 차에 둔다. 물은 넉넉히 챙긴다.</p></div>"
        '<div class="related-posts"><a href="/2">지난 글</a></div>',
        ("장갑", "불순물을 뺀다", "make ore"),
        ("지난 글",),
    ),
    "answers under questions that are links": (
        '<div class="faq"><a href="#a1">광산은 언제 여나요?</a><div id="a1">%s</div>'
        '<a href="javascript:open(2)">누가 가나요?</a><div id="a2"><p>조사단 열 명이 먼저 떠난다고 '
        "외교부가 밝혔으며, 나머지는 봄에 뒤따른다.</p></div></div>",
        ("광산은 언제 여나요?", "누가 가나요?", "조사단 열 명"),
        (),
    ),
    "modifiers and topics in names": (
        '<div class="has-sidebar js-social"><div class="no-menu location">%s</div>'
        '<div class="member"><h2>회원</h2><p>회원은 열 나라이다.</p></div>'
        '<div class="sns-share">공유 주소</div></div>',
        ("회원은 열 나라이다.",),
        ("공유 주소",),
    ),
}


@pytest.mark.parametrize("kind", AROUND)
def test_what_belongs_to_a_text_stays_and_what_stands_around_it_goes(path: Path, kind: str) -> None:
    markup, wanted, unwanted = AROUND[kind]
    text = document(path, f"<body>{markup.replace('%s', LONG)}</body>").text
    assert [words for words in (*wanted, "광산을 찾아갈 예정") if words not in text] == []
    assert [words for words in unwanted if words in text] == []


@pytest.mark.parametrize(
    "post",
    [
        '<article class="message"><div class="message-main js-quickEditTarget">%s</div></article>',
        '<div class="reply"><p>%s</p></div>',
        '<li class="post"><b>돌담</b><div>%s</div></li>',
    ],
)
def test_a_page_of_a_forum_keeps_every_post(path: Path, post: str) -> None:
    posts = [f"{number}번째 답입니다. 가마는 {number}리 밖에 있습니다." for number in range(2, 9)]
    first = post.replace("%s", PARAGRAPH)
    page = "".join((first, *(post.replace("%s", text) for text in posts)))
    text = document(path, f'<body><div class="board"><h1>가마 찾기</h1>{page}</div></body>').text
    assert [text_of_post for text_of_post in posts if text_of_post not in text] == []
