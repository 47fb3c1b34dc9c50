"""What stands in brackets: which of it can be a term, and which is a date, a source, a remark."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# More English words make a sentence, more Korean ones a remark.
MOST_WORDS = 8
_MOST_KOREAN_WORDS = 5
# Brackets whose terms are remembered: each is asked for twice, and texts repeat theirs.
_MOST_REMEMBERED = 1_000

_PART = re.compile(r"[^,;:·/=|、，；：\t]+(?<!\s)|[;·/=|；]")
_SPACE = re.compile(r"[\s\-]+")
_DASH = re.compile(r"\s[-–—~]\s")
_LETTERS = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_WORD = rf"[{_LETTERS}][{_LETTERS}0-9'’.+&\-]*"
_ENGLISH = re.compile(rf"(?:{_WORD}|&)(?: (?:[\"“'‘]?{_WORD}[\"”'’]?|&))*[!?]?")
_KOREAN = re.compile("[가-힣][가-힣0-9·]*(?: [가-힣0-9·]+)*")
_HANGUL = re.compile("[가-힣]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_ADDRESS = re.compile(r"@|://|[Ww]{3}\.|[a-z]\.[a-z]")
_ROMAN = re.compile("[IVXLC]+")
_ACRONYM = re.compile("(?=.*[A-Z].*[A-Z])[A-Za-z0-9&+.-]{2,8}")

_ENGLISH_LABELS = {"영어", "영", "영문", "영문명", "영어명", "english", "eng"}
_OTHER_LABEL = re.compile("[가-힣]{1,6}(?:어|문)")
# Units, eras, Latin abbreviations and what introduces a remark or a credit.
_NO_TERMS = frozenset(
    """
    km cm mm nm kg mg ml kb mb gb tb hz khz mhz ghz kw mw gw kwh mwh mph kmh usd krw eur jpy bc ad
    bce ce am pm pt px inch inches etc
    """.split()  # noqa: SIM905 - a list of words reads as prose
)
_OPENINGS = frozenset(
    """
    see cf eg e.g. e.g ie i.e. i.e vol vol. no no. pp pp. p. fig fig. figure table chapter section
    photo photos picture image source sources via from by with feat feat. ft. vocal inst inst. ver
    ver. prod prod. to not or and but if in on at for as reuters yonhap afp upi click tel fax
    e-mail email http https copyright
    """.split()  # noqa: SIM905 - the same
)
_VERSIONS = frozenset({"ver", "ver.", "feat", "feat.", "inst", "inst."})
# Words that only join others; acronyms leave them out.
_JOINTS = frozenset(
    "a an the of and for in on to at by with de la le du von der & s".split()  # noqa: SIM905 - the same
)
# No term has a word that only a clause has.
_CLAUSE = frozenset(
    """
    i you he she it we they me him them there this that these those is are was were be been am
    has have had do does did can could will would shall should may might must who what which when
    where there's it's don't doesn't
    """.split()  # noqa: SIM905 - the same
)
_KOREAN_REMARK = re.compile(
    "(?:이하|이후|당시|현재|현|구|전|약|총|각|예|단|즉|또는|사진|출처|자료|제공|참고|참조|생략|가명"
    "|별세|출생|사망)(?: .*)?"
    "|.*(?:[은는을를다음함됨임]|에서|으로|에게|까지|부터|하고|하여|하기|하며|지만|참조|참고|생략|제외"
    "|포함|기자|기준|뉴스|제공|사진|관련|이상|이하|미만|가능|필요|동일|별도|이전|이후|[0-9년월일])"
)


class Inside(NamedTuple):
    """The terms in brackets: English ones, and the first that is Korean or nothing."""

    english: tuple[str, ...]
    korean: str


@lru_cache(_MOST_REMEMBERED)
def inside(text: str) -> Inside:
    """Return the terms that stand in brackets around `text`."""
    if _ADDRESS.search(text):
        return Inside((), "")
    english: list[str] = []
    korean = ""
    skip = apart = False
    for part in _PART.findall(_DASH.sub(";", text) if _spells_out(text) else text):
        part = part.strip()
        if part in ";·/=|；":
            apart = True
            continue
        if part.lower() in _ENGLISH_LABELS:
            continue
        if _OTHER_LABEL.fullmatch(part) and ":" in text:
            skip = True
            continue
        if skip:
            skip = False
            continue
        if is_term(part):
            if not english or apart or expands(english[0], part) or expands(part, english[0]):
                english.append(part)
        elif _HANGUL.search(part):
            if korean or not _is_korean_term(part):
                break
            korean = part
        elif _LATIN_LETTER.search(part):
            break
        apart = False
    return Inside(tuple(english), korean)


def is_acronym(term: str) -> bool:
    """Tell whether a term is written as one: APEC, G20, R&D."""
    return _ACRONYM.fullmatch(term) is not None


def expands(acronym: str, phrase: str) -> bool:
    """Tell whether the words of `phrase` are what the letters of `acronym` stand for."""
    if not is_acronym(acronym) or not _SPACE.search(phrase):
        return False
    letters = [letter for letter in acronym.lower() if letter.isalpha()]
    words = _SPACE.split(phrase.lower())
    return len(words) <= 2 * len(letters) + 1 and _spelt(letters, words)


def content_words(term: str) -> list[str]:
    """Return the words of an English term but for those that only join others."""
    words = [word for word in _SPACE.split(term) if word]
    return [word for word in words if word.lower() not in _JOINTS] or words


def _spells_out(text: str) -> bool:
    """Tell whether a dash parts an acronym from its expansion, and is none of a name's."""
    ends = _DASH.split(text)
    return len(ends) == 2 and (is_acronym(ends[0]) or is_acronym(ends[1]))


def _spelt(letters: list[str], words: list[str]) -> bool:
    """Tell whether the letters begin the words, in order, but for small words left out."""
    if not letters or words[0][:1] != letters[0]:
        return False
    at = 0
    for word in words:
        if at < len(letters) and word[:1] == letters[at]:
            at += 1
        elif word not in _JOINTS:
            return False
    return at == len(letters)


def is_term(part: str) -> bool:
    """Tell whether what is written can be an English term."""
    if not _ENGLISH.fullmatch(part) or sum(map(str.isalpha, part)) < 2:
        return False
    words = part.lower().split()
    if len(words) > MOST_WORDS or words[0] in _OPENINGS:
        return False
    if len(words) == 1:
        return not (words[0] in _NO_TERMS or words[0] in _CLAUSE or _ROMAN.fullmatch(part))
    return _CLAUSE.isdisjoint(words) and _VERSIONS.isdisjoint(words)


def _is_korean_term(part: str) -> bool:
    """Tell whether a part of brackets can be a Korean term and is not a remark."""
    return (
        _KOREAN.fullmatch(part) is not None
        and part.count(" ") < _MOST_KOREAN_WORDS
        and len(part) > 1
        and not _KOREAN_REMARK.fullmatch(part)
    )
