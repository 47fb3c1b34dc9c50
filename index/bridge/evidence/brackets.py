"""Parses the text in brackets: separates terms from dates, sources and remarks."""

from __future__ import annotations

import re
from functools import lru_cache

from ...value import NamedTuple

# More English words make a sentence, more Korean ones a remark.
_MAX_ENGLISH_WORDS = 8
_MAX_KOREAN_WORDS = 5
# Each bracket is parsed for glosses and for acronyms, and texts repeat their brackets.
_CACHE_SIZE = 1_000

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
# Units, eras and Latin abbreviations; then words that introduce a remark or a credit.
_NOT_TERMS = frozenset(
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
# Function words, which acronyms leave out.
_FUNCTION_WORDS = frozenset(
    "a an the of and for in on to at by with de la le du von der & s".split()  # noqa: SIM905 - the same
)
# Words of clauses; no term has one.
_CLAUSE_WORDS = frozenset(
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


class BracketTerms(NamedTuple):
    """The English terms in brackets, and the first Korean one or an empty string."""

    english: tuple[str, ...]
    korean: str


@lru_cache(_CACHE_SIZE)
def bracket_terms(text: str) -> BracketTerms:
    """Return the terms in the brackets around `text`."""
    if _ADDRESS.search(text):
        return BracketTerms((), "")
    english: list[str] = []
    korean = ""
    skip_next = is_alternative = False
    for part in map(str.strip, _PART.findall(_DASH.sub(";", text) if _spells_out(text) else text)):
        if part in ";·/=|；":
            is_alternative = True
        elif part.lower() in _ENGLISH_LABELS:
            pass
        elif _OTHER_LABEL.fullmatch(part) and ":" in text:
            skip_next = True
        elif skip_next:
            skip_next = False
        else:
            if is_term(part):
                if not english or is_alternative or _are_forms(english[0], part):
                    english.append(part)
            elif _HANGUL.search(part):
                if korean or not _is_korean_term(part):
                    break
                korean = part
            elif _LATIN_LETTER.search(part):
                break
            is_alternative = False
    return BracketTerms(tuple(english), korean)


def _are_forms(term: str, other: str) -> bool:
    """Return whether one of two terms is the acronym of the other."""
    return expands(term, other) or expands(other, term)


def is_acronym(term: str) -> bool:
    """Return whether a term is written as an acronym: APEC, G20, R&D."""
    return _ACRONYM.fullmatch(term) is not None


def expands(acronym: str, phrase: str) -> bool:
    """Return whether the letters of `acronym` abbreviate the words of `phrase`."""
    if not is_acronym(acronym) or not _SPACE.search(phrase):
        return False
    letters = [letter for letter in acronym.lower() if letter.isalpha()]
    words = _SPACE.split(phrase.lower())
    return len(words) <= 2 * len(letters) + 1 and _are_initials(letters, words)


def content_words(term: str) -> list[str]:
    """Return the words of an English term without function words, or all if it has no others."""
    words = [word for word in _SPACE.split(term) if word]
    return [word for word in words if word.lower() not in _FUNCTION_WORDS] or words


def _spells_out(text: str) -> bool:
    """Return whether a single dash separates an acronym from its expansion."""
    sides = _DASH.split(text)
    return len(sides) == 2 and (is_acronym(sides[0]) or is_acronym(sides[1]))


def _are_initials(letters: list[str], words: list[str]) -> bool:
    """Return whether the letters are the initials of the words, in order, function words aside."""
    if not letters or words[0][:1] != letters[0]:
        return False
    used = 0
    for word in words:
        if used < len(letters) and word[:1] == letters[used]:
            used += 1
        elif word not in _FUNCTION_WORDS:
            return False
    return used == len(letters)


def is_term(part: str) -> bool:
    """Return whether a text can be an English term."""
    if not _ENGLISH.fullmatch(part) or sum(map(str.isalpha, part)) < 2:
        return False
    words = part.lower().split()
    if len(words) > _MAX_ENGLISH_WORDS or words[0] in _OPENINGS:
        return False
    if len(words) == 1:
        return not (words[0] in _NOT_TERMS or words[0] in _CLAUSE_WORDS or _ROMAN.fullmatch(part))
    return _CLAUSE_WORDS.isdisjoint(words) and _VERSIONS.isdisjoint(words)


def _is_korean_term(part: str) -> bool:
    return (
        _KOREAN.fullmatch(part) is not None
        and part.count(" ") < _MAX_KOREAN_WORDS
        and len(part) > 1
        and not _KOREAN_REMARK.fullmatch(part)
    )
