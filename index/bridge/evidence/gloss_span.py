"""Where the term before a bracket begins; where it is not sure, the shorter one."""

from __future__ import annotations

import re
from itertools import takewhile

from ...analysis.normalize import normal_form
from ..sound.romanize import english_sounds, korean_sounds
from ..sound.sound_distance import distance
from .brackets import content_words, expands, is_acronym, is_term

_MOST_QUOTED = 6  # words
_QUOTES = {"’": "‘", "”": "“", "」": "「", "』": "『", "》": "《", "〉": "〈", "'": "'", '"': '"'}
# Words from the right: read backwards, a pattern with a bounded number of them is linear.
_WORDS_BACKWARDS = re.compile(r"[\w·‧・&\-]+(?: [\w·‧・&\-]+){0,7}")
_LATIN_BACKWARDS = re.compile(
    r"[A-Za-z\u00c0-\u024f0-9'’.&\-]+(?: [A-Za-z\u00c0-\u024f0-9'’.&\-]+){0,7}"
)
_HANGUL_WORD = re.compile("[가-힣0-9A-Za-z·‧・&-]*[가-힣]")
_NOT_HANGUL = re.compile("[^가-힣]")
_NUMBERED = re.compile(
    r"[0-9]+(?:년|월|일|명|개|차|회|위|년대|세기|조|호|시|분|살|세|번|만|억)?[가-힣]?"
)

# What ends a word that is no part of the term behind it: a particle, an ending.
_INFLECTED = re.compile(
    ".+(?:[은는을를]|째|[의에]|에서|에게|으로|까지|부터|처럼|보다|마다|라고|이란|이나|거나|된|될|던|할|하고|되고|이고|하며|되며"
    "|이며|하여|되어|위해|통해|대해|의해|따라|따른|하게|적인|로운|러운|다운|까운|있던|하던|해서|어서|아서|여서|지만|는데"
    "|면서|이자|시킨|어진|에는|에도|와의|과의|대로|같이|인)"
    "|..+(?:[이가로과와도고며]|만|한|들)"
)
_NO_INFLECTION = frozenset(
    """
    국가 평가 전문가 추가 증가 참가 어린이 회의 정의 주의 협의 강의 동의 논의 합의 의의 심의 결의
    건의 민주주의 사회주의 자본주의 북한 남한 제한 권한 무한 한반도 마을 가을 노을 개인 한국인
    외국인 확인 원인 법인 노인 공인 국제회의 정상회의 안전보장회의 원자로 도로 제도 고속도로 철도
    인도 지도 태도 온도 속도 아동 이라크
    """.split()  # noqa: SIM905 - a list of words reads as prose
)
_NEVER_PART = frozenset(
    """
    이 그 저 각 두 세 네 첫 한 및 또 또는 혹은 즉 등 더 약 총 위 내 후 뒤 전 때 중 당시 이후 이전
    모든 여러 다른 매우 가장 이른바 소위 일명 흔히 바로 특히 현재 최근 또한 다음 그리고 하지만
    그러나 통칭 따라서 이러한 그러한 어떤 같은 새 본 동 현 구 전직 이어 한편 예를 함께 다시 이미
    아직 결국 주로 대한 위한 관한 의한 통한 있는 없는
    """.split()  # noqa: SIM905 - the same
)
# What stands before brackets that explain something else than a term.
_NO_TERM = re.compile(
    ".*(?:[를는]|에서|으로|에게|하고|하며|하여|한다|했다|된다|됐다|이다|였다|었다|았다|는다|준다|니다|난다|란다|지만|는데|때문"
    "|하던|라고|[했됐였었았줬]고|이라|까지|부터)"
    "|(?:것|등|경우|정도|이상|이하|사진|출처|자료|제공|기자|참고|참조|그림|표|수|뜻|때|및|또는|그렇게|다만)"
)
_WITHIN = frozenset({"of", "for", "and", "on"})
_OFFICE = re.compile("..+[부처청원회국법소관실단]")
_ENGLISH_JOINTS = frozenset(
    """
    a an the of and or for in on to at by with from as is are was were be been has have had its his
    her their our your this that these those called named between into via than about
    """.split()  # noqa: SIM905 - the same
)
_SOUNDS_ALIKE = 0.2  # the price of a sound, on average
# Vowels and what may be silent. Of the others, one that only one word has costs this at least.
_WEAK = dict.fromkeys(map(ord, "aeiouvxywR"))
_LEAST_CONSONANT = 0.5
_SHORTEST_HEARD = 3  # letters of a word that the term is to begin with
_MORE_WORDS = 2  # that Korean may have: 카라코람 고개(Karakoram)
# What is said of an organisation or a plan behind its name, in a word of its own or not.
_KINDS = tuple(
    """
    협회 연맹 위원회 기구 프로그램 시스템 센터 연구소 대학원 공사 본부 협의체 회의 협정 조약 재단
    은행 공단
    """.split()  # noqa: SIM905 - the same
)
_SYLLABLES = 2  # for a word of English, or a letter of an acronym
_MOST_ABBREVIATED = 3  # words
_LONG_WORD = 4  # syllables: a compound that is a term by itself


def korean_before(text: str, english: str) -> str:
    """Return the Korean term at the end of `text` that `english` translates, or nothing."""
    text = text.rstrip()
    if text[-1:] in _QUOTES:
        return _quoted(text)
    found = _WORDS_BACKWARDS.match(text[::-1])
    words = found[0][::-1].split() if found else []
    if not words or not _HANGUL_WORD.fullmatch(words[-1]) or _NO_TERM.fullmatch(words[-1]):
        return ""
    heard = _heard(words, english)
    return " ".join(words[-heard:] if heard else words[-_translated(words, english) :])


def english_before(text: str, korean: str) -> str:
    """Return the English term at the end of `text` that `korean` translates, or nothing."""
    spaced = text.endswith(" ")
    text = text.rstrip()
    if text[-1:] in _QUOTES:
        quoted = _quoted(text)
        return quoted if is_term(quoted) else ""
    words = _latin_words(text)
    if not words:
        return ""
    # ROK (한국) is a gloss, INT(숫자) what a function is given.
    if is_acronym(words[-1]) and sum(map(str.isalpha, words[-1])) <= len(korean) + spaced:
        return words[-1]
    ends = [" ".join(words[-count:]) for count in range(1, min(len(words), 4) + 1)]
    sounds = english_sounds(["".join(_letters(end)) for end in ends])
    if heard := _closest(_hangul_sounds([korean]) * len(ends), sounds):
        return ends[heard - 1]
    if words[-1].isupper():
        return ""  # the name of a function, more often than not, before what it is given
    most = korean.count(" ") + 1 if " " in korean else max(1, len(korean) // 2)
    count = 0
    while count < min(most, len(words)) and _may_begin(words[-count - 1]):
        count += 1
    if words[-1][:1].isupper():
        return _named(words, max(count, 1), across=_OFFICE.fullmatch(korean) is not None)
    return " ".join(words[-count:]) if count else ""


def _named(words: list[str], count: int, *, across: bool) -> str:
    """Return the name that the last words are, `count` at least; `across` of, for and and too."""
    while count < len(words):
        if words[-count - 1][:1].isupper():
            count += 1
        elif (
            across and words[-count - 1] in _WITHIN and "".join(words[: -count - 1][-1:]).istitle()
        ):
            count += 2
        else:
            break
    return " ".join(words[-count:])


def expansion_before(text: str, acronym: str) -> str:
    """Return the last words of `text` that `acronym` stands for, or nothing."""
    words = _latin_words(text.rstrip())
    for count in range(2, len(words) + 1):
        if expands(acronym, phrase := " ".join(words[-count:])):
            return phrase
    return ""


def acronym_before(text: str, expansion: str) -> str:
    """Return the last word of `text` if `expansion` spells it out, or nothing."""
    word = text.split()[-1:]
    return word[0] if word and expands(word[0], expansion) else ""


def _latin_words(text: str) -> list[str]:
    found = _LATIN_BACKWARDS.match(text[::-1])
    words = found[0][::-1].split() if found else []
    # A full stop ends a sentence, unless it is that of an initial.
    ends = [at for at, word in enumerate(words) if word.endswith(".") and len(word) > 2]
    return words[ends[-1] + 1 :] if ends else words


def _may_begin(word: str) -> bool:
    return word.lower() not in _ENGLISH_JOINTS and word[:1].isalpha()


def _quoted(text: str) -> str:
    """Return what the quotation marks at the end of `text` hold, if it can be a term."""
    begin = text.rfind(_QUOTES[text[-1]], 0, -1)
    quoted = text[begin + 1 : -1].strip() if begin >= 0 else ""
    words = quoted.split()
    if not 0 < len(words) <= _MOST_QUOTED or _NO_TERM.fullmatch(words[-1]):
        return ""
    return quoted


def _heard(words: list[str], english: str) -> int:
    """Return how many of the last words are the English ones as Koreans hear them, or 0."""
    theirs = _letters(english)
    if not theirs or len(words) < 2:
        return 0
    last = words[: -len(theirs) - _MORE_WORDS - 1 : -1]
    each = _hangul_sounds(last)
    ours = ["".join(each[count::-1]) for count in range(len(each))]
    if closest := _closest(ours, english_sounds(["".join(theirs)]) * len(ours)):
        return closest
    sounds = english_sounds(theirs)
    first = sounds[0] if len(theirs[0]) >= _SHORTEST_HEARD else ""
    if begin := _closest(each, [first] * len(each)):
        return begin
    if english.islower():
        return 0  # no name: that its last word was borrowed says nothing of the others
    return sum(1 for _ in takewhile(lambda word: _is_among(word, sounds), each))


def _is_among(word: str, sounds: list[str]) -> bool:
    return any(_far(word, other) <= _SOUNDS_ALIKE for other in sounds)


def _closest(ours: list[str], theirs: list[str]) -> int:
    """Return which of the pairs sounds most alike, from 1, or 0 where none does."""
    far = [_far(*pair) for pair in zip(ours, theirs, strict=True)]
    best = min(far, default=1.0)
    return far.index(best) + 1 if best <= _SOUNDS_ALIKE else 0


def _hangul_sounds(words: list[str]) -> list[str]:
    return korean_sounds([_NOT_HANGUL.sub("", word) for word in words])


def _letters(english: str) -> list[str]:
    """Return the words of an English term in small ASCII letters."""
    return re.findall("[a-z]+", normal_form(english).replace("'", "").replace(".", ""))


def _far(ours: str, theirs: str) -> float:
    """Return how far two words are for each of their sounds; far, where that is soon clear."""
    sounds = len(ours) + len(theirs)
    more = abs(len(ours.translate(_WEAK)) - len(theirs.translate(_WEAK)))
    if not ours or not theirs or more * _LEAST_CONSONANT > sounds * _SOUNDS_ALIKE / 2:
        return 1.0
    return 2 * distance(ours, theirs) / sounds


def _translated(words: list[str], english: str) -> int:
    """Return how many of the last words translate the English ones."""
    if is_acronym(english):
        return _abbreviated(words, sum(map(str.isalpha, english)))
    most = len(content_words(english))
    if len(words[-1]) >= _SYLLABLES * most:
        return 1
    return _belonging(words, most)


def _abbreviated(words: list[str], letters: int) -> int:
    """Return how many of the last words an acronym of so many letters stands for."""
    if len(words[-1]) >= _LONG_WORD and not words[-1].endswith(_KINDS):
        return 1
    count, size = 1, len(words[-1])
    while size < _SYLLABLES * letters and count < min(_MOST_ABBREVIATED, len(words)):
        count += 1
        size += len(words[-count])
    return _belonging(words, count)


def _belonging(words: list[str], most: int) -> int:
    """Return how many of the last words, `most` at most, can be one term."""
    most += words.count("&")
    count = 1
    while count < min(most, len(words)) and _may_belong(words[-count - 1]):
        count += 1
    # What joins two words begins none.
    return count - (words[-count] == "&")


def _may_belong(word: str) -> bool:
    """Tell whether a word can be part of a term that goes on behind it."""
    if word == "&":
        return True
    if word in _NEVER_PART or _NUMBERED.fullmatch(word) or not _HANGUL_WORD.fullmatch(word):
        return False
    return word in _NO_INFLECTION or not _INFLECTED.fullmatch(word)
