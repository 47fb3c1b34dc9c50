"""Detects the clutter of a page: menus, notices, buttons, lists of other pages."""

from __future__ import annotations

import re
from functools import lru_cache

from .dom import Element, body_of

# A class, id or role marks a part of the page as clutter if all its words are of these two lists,
# and one of the first: "related-news" and "snsShare", but not "social-policy", "has-sidebar" or
# "js-quickEditTarget". "_" and capitals separate words.
_CLUTTER_WORDS = (
    "nav navi navigation navbar gnb lnb snb fnb menu submenu breadcrumb breadcrumbs skip "
    "skipnav sitemap login signin signup logout searchbox search pagination paging pager "
    "cookie cookies consent gdpr adblock adblocker adbox ad ads advert advertisement adsense "
    "adfit banner banners popup popover modal dialog tooltip toast sns share sharing social "
    "socials shares related relation relate recommend recommended recommendation "
    "recommendations popular ranking rank trending mostread mostviewed bestclick newsletter "
    "subscribe subscription donate donation disqus livere copyright sidebar aside footer foot "
    "gotop contentinfo complementary menubar toolbar alertdialog printonly utilmenu util "
    "quickmenu quick hashtag hashtags taglist tags sponsor sponsored promo paywall toc author "
    "byline bio"
)
_NEUTRAL_WORDS = (
    "box boxes list lists wrap wrapper area container block blocks section sec inner outer item "
    "items bar top bottom left right widget widgets module mod btn btns button buttons link links "
    "icon icons news post posts article articles notice form view header head title ul ol li dl "
    "group panel layer pop content contents con cont row col column div page site global main "
    "sub body text txt info tool tools description desc entry mega level image img thumb label "
    "name sign up tagline reply respond new more all go to and of the a b c d e f g id ui el "
    "mobile desktop pc web"
)
_CLUTTER = frozenset(_CLUTTER_WORDS.split())
_REPLIES = frozenset(("comment", "comments"))
_KNOWN = _CLUTTER.union(_REPLIES, _NEUTRAL_WORDS.split())
_TAGS = frozenset(("nav", "aside", "dialog", "menu"))
_FRAME = frozenset(("header", "footer"))  # of the page, unless in an article
# The extractor copies the page several times: without these it takes half as long.
_NOT_TEXT = ("script", "style", "svg", "noscript", "template", "iframe", "object", "math", "canvas")
_MAIN = frozenset(("html", "body", "main", "article"))
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

# A part with more than this share of the text is the main text.
_MOST_TEXT = 0.4

_SHORT_LINE = 200
_NOTICE = re.compile(
    r"(?:광고\s?차단|애드\s?블록|ad[\s-]?block)"
    r"|(?:이|본|저희|당)\s?(?:웹\s?)?사이트(?:는|에서는)?.{0,40}쿠키|쿠키(?:를|의)?\s?사용.{0,20}동의"
    r"|(?:we|this\s(?:web)?site|our\s(?:web)?site)\s.{0,40}cookies|accept\s(?:all\s)?cookies"
    r"|로그인(?:을)?\s?(?:후|하(?:시면|신|셔야|세요|면))|(?:log|sign)\s?in\sto\s"
    r"|공공\s?누리|공식\s전자\s?정부\s누리집|만족하(?:셨|십)(?:습)?니까|만족도\s?조사|도움이\s?되(?:었|셨)(?:나요|습니까)"
    r"|^(?:- )?(?:이전|다음)\s?(?:글|기사)[\s|:]+\S|(?:최종|최근)\s?수정\s?(?:일|시각)\s?[:|]"
    r"|무단\s?전재|재배포\s?금지|all\srights\sreserved|copyright\s?(?:©|ⓒ|\(c\))",
    re.IGNORECASE,
)
_COMMAND = (
    r"(?:로그인|로그아웃|회원\s?가입|마이\s?페이지|구독(?:\s?신청|하기)?|후원(?:하기)?|공유(?:하기)?|스크랩|인쇄(?:하기)?"
    r"|글자\s?(?:크게|작게|크기)|본문\s?바로\s?가기|메뉴(?:\s?(?:열기|닫기))?|검색|전체\s?메뉴|전체\s?보기|맨\s?위로|목록(?:으로)?"
    r"|페이스북|트위터|카카오톡|카카오스토리|네이버\s?(?:블로그|밴드)|밴드|URL\s?복사|링크\s?복사|댓글\s?(?:목록|쓰기|달기|(?:\d+\s?[건개]?)?)|좋아요(?:\s?\d+)?"
    r"|(?:비?추천|조회)\s?수?(?:\s?[\d,]+\s?[회건]?)?|첨부\s?파일|페이지\s?정보"
    r"|본문|글쓴이|날짜|신고(?:하기)?|관련\s?(?:기사|글)|advertisements?|permalink"
    r"|이전\s?(?:글|기사)|다음\s?(?:글|기사)|홈|닫기|더\s?보기|동의|확인"
    r"|log\s?in|log\s?out|sign\s?(?:in|up)|register|subscribe|share|print|e-?mail|tweet|facebook|twitter"
    r"|x|linkedin|whatsapp|copy\s(?:link|url)|skip\sto\s(?:main\s)?content|menu|search|home|close|top"
    r"|comments?(?:\s?\(?\d+\)?)?|read\smore|accept|decline|save|listen)"
)
# Each command is read in one way only: "메뉴 닫기" is one command, and two.
_COMMAND_LINE = re.compile(rf"(?:(?>{_COMMAND})[\s|·/,:>»-]*+)+", re.IGNORECASE)

_BREADCRUMB = re.compile(r"(?:홈|home)\s*[>»›→]", re.IGNORECASE)


def prune(page: Element) -> tuple[set[Element], set[Element]]:
    """Remove the parts of a page that are not shown or are clutter by their names or tags.

    Returns the elements of the removed clutter, and those of the removed replies.
    """
    root = body_of(page)
    for element in list(page.iter(*_NOT_TEXT)):
        if element.getparent() is not None:
            element.drop_tree()
    sizes = _sizes(root)
    most = _MOST_TEXT * sizes[root]
    pruned: list[set[Element]] = []
    for is_pruned in (_is_clutter, _are_replies):
        pruned.append(set())
        for element in list(filter(is_pruned, root.iter())):
            if element is root or element in pruned[-1] or sizes[element] > most:
                continue
            if next(element.iter("h1"), None) is None:
                element.drop_tree()
                pruned[-1].update(element.iter())
    clutter, replies = pruned
    return clutter, replies


def is_clutter_line(text: str) -> bool:
    """Return whether a block is a command or notice of the site."""
    if len(text) > _SHORT_LINE:
        return False
    start = 2 * text.startswith("- ")
    return bool(
        _NOTICE.search(text) or _COMMAND_LINE.fullmatch(text, start) or _BREADCRUMB.match(text)
    )


def _sizes(root: Element) -> dict[Element, int]:
    """Return the number of characters in each element under `root`."""
    sizes: dict[Element, int] = {}
    for element in reversed(list(root.iter())):
        own = len((element.text or "").strip()) if isinstance(element.tag, str) else 0
        sizes[element] = sizes.get(element, 0) + own
        parent = element.getparent()
        if parent is not None:
            tail = len((element.tail or "").strip())
            sizes[parent] = sizes.get(parent, 0) + sizes[element] + tail
    return sizes


def _is_clutter(element: Element) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _MAIN:
        return False
    if tag in _TAGS:
        return True
    if tag in _FRAME and next(element.iterancestors("article", "main"), None) is None:
        return True
    hidden = element.get("hidden", "no") != "no" or element.get("aria-hidden", "") == "true"
    if hidden or _HIDDEN.search(element.get("style", "")) is not None:
        return True
    return any(
        name_words(name) & _CLUTTER for name in names_of(element) if name_words(name) <= _KNOWN
    )


def _are_replies(element: Element) -> bool:
    """Return whether an element holds replies of readers, by its name."""
    return any(
        name_words(name) & _REPLIES for name in names_of(element) if name_words(name) <= _KNOWN
    )


def names_of(element: Element) -> list[str]:
    """Return the names that a site gives to an element."""
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}".split()


@lru_cache(maxsize=4096)
def name_words(name: str) -> frozenset[str]:
    """Return the words of a name: those of "snsShare" are "sns" and "share"."""
    return frozenset(word.lower() for word in _NAME_WORD.findall(name))
