"""Finds where the term before a bracket begins; in doubt, takes the shorter span."""

from __future__ import annotations

import re
from itertools import takewhile

from ...analysis.normalize import normal_form
from ..sound.romanize import english_sounds, korean_sounds
from ..sound.sound_distance import distance
from .brackets import content_words, expands, is_acronym, is_term

_MAX_QUOTED_WORDS = 6
_QUOTES = {"’": "‘", "”": "“", "」": "「", "』": "『", "》": "《", "〉": "〈", "'": "'", '"': '"'}
# Matched on the reversed text: anchored there, a bounded number of words takes linear time.
_REVERSED_WORDS = re.compile(r"[\w·‧・&\-]+(?: [\w·‧・&\-]+){0,7}")
_REVERSED_LATIN_WORDS = re.compile(
    r"[A-Za-z\u00c0-\u024f0-9'’.&\-]+(?: [A-Za-z\u00c0-\u024f0-9'’.&\-]+){0,7}"
)
_HANGUL_WORD = re.compile("[가-힣0-9A-Za-z·‧・&-]*[가-힣]")
_NOT_HANGUL = re.compile("[^가-힣]")
_NUMERAL = re.compile(
    r"[0-9]+(?:년|월|일|명|개|차|회|위|년대|세기|조|호|시|분|살|세|번|만|억)?[가-힣]?"
)

# A particle or an ending closes a word, so that the term begins after it.
_INFLECTED = re.compile(
    ".+(?:[은는을를]|째|[의에]|에서|에게|으로|까지|부터|처럼|보다|마다|라고|이란|이나|거나|된|될|던|할|하고|되고|이고|하며|되며"
    "|이며|하여|되어|위해|통해|대해|의해|따라|따른|하게|적인|로운|러운|다운|까운|있던|하던|해서|어서|아서|여서|지만|는데"
    "|면서|이자|시킨|어진|에는|에도|와의|과의|대로|같이|인)"
    "|..+(?:[이가로과와도고며]|만|한|들)"
)
_UNINFLECTED = frozenset(
    """
    국가 평가 전문가 추가 증가 참가 어린이 회의 정의 주의 협의 강의 동의 논의 합의 의의 심의 결의
    건의 민주주의 사회주의 자본주의 북한 남한 제한 권한 무한 한반도 마을 가을 노을 개인 한국인
    외국인 확인 원인 법인 노인 공인 국제회의 정상회의 안전보장회의 원자로 도로 제도 고속도로 철도
    인도 지도 태도 온도 속도 아동 이라크
    """.split()  # noqa: SIM905 - a list of words reads as prose
)
_NEVER_IN_TERM = frozenset(
    """
    이 그 저 각 두 세 네 첫 한 및 또 또는 혹은 즉 등 더 약 총 위 내 후 뒤 전 때 중 당시 이후 이전
    모든 여러 다른 매우 가장 이른바 소위 일명 흔히 바로 특히 현재 최근 또한 다음 그리고 하지만
    그러나 통칭 따라서 이러한 그러한 어떤 같은 새 본 동 현 구 전직 이어 한편 예를 함께 다시 이미
    아직 결국 주로 대한 위한 관한 의한 통한 있는 없는
    """.split()  # noqa: SIM905 - the same
)
# Words before brackets that are not glosses.
_NOT_A_TERM = re.compile(
    ".*(?:[를는]|에서|으로|에게|하고|하며|하여|한다|했다|된다|됐다|이다|였다|었다|았다|는다|준다|니다|난다|란다|지만|는데|때문"
    "|하던|라고|[했됐였었았줬]고|이라|까지|부터)"
    "|(?:것|등|경우|정도|이상|이하|사진|출처|자료|제공|기자|참고|참조|그림|표|수|뜻|때|및|또는|그렇게|다만)"
)
_NAME_CONNECTORS = frozenset({"of", "for", "and", "on"})
_OFFICE = re.compile("..+[부처청원회국법소관실단]")
_FUNCTION_WORDS = frozenset(
    """
    a an the of and or for in on to at by with from as is are was were be been has have had its his
    her their our your this that these those called named between into via than about
    """.split()  # noqa: SIM905 - the same
)
# Mean cost per sound up to which two words count as one name.
_MAX_SOUND_COST = 0.2
# Vowels, glides and silent letters. Each other consonant that only one word has costs this or more.
_WEAK_SOUNDS = dict.fromkeys(map(ord, "aeiouvxywR"))
_MIN_CONSONANT_COST = 0.5
_MIN_FIRST_NAME = 3  # letters of the English word that the span has to begin with
_MAX_EXTRA_WORDS = 2  # of Korean beyond the English ones: 카라코람 고개(Karakoram)
# Generic heads of the names of organisations and plans, as a word of their own or as a suffix.
_GENERIC_HEADS = tuple(
    """
    협회 연맹 위원회 기구 프로그램 시스템 센터 연구소 대학원 공사 본부 협의체 회의 협정 조약 재단
    은행 공단
    """.split()  # noqa: SIM905 - the same
)
_SYLLABLES = 2  # for a word of English, or a letter of an acronym
_MAX_ACRONYM_WORDS = 3
_COMPOUND_SYLLABLES = 4  # a word this long is a term by itself


def korean_before(text: str, english: str) -> str:
    """Return the Korean term at the end of `text` that `english` translates, or an empty string."""
    text = text.rstrip()
    if text[-1:] in _QUOTES:
        return _quoted(text)
    words = _last_words(_REVERSED_WORDS, text)
    if not words or not _HANGUL_WORD.fullmatch(words[-1]) or _NOT_A_TERM.fullmatch(words[-1]):
        return ""
    size = _transcribed_size(words, english) or _translated_size(words, english)
    return " ".join(words[-size:])


def english_before(text: str, korean: str) -> str:
    """Return the English term at the end of `text` that `korean` translates, or an empty string."""
    has_space = text.endswith(" ")
    text = text.rstrip()
    if text[-1:] in _QUOTES:
        quoted = _quoted(text)
        return quoted if is_term(quoted) else ""
    words = _latin_words(text)
    if not words:
        return ""
    # ROK (한국) is a gloss, INT(숫자) a function and its argument.
    if is_acronym(words[-1]) and sum(map(str.isalpha, words[-1])) <= len(korean) + has_space:
        return words[-1]
    spans = [" ".join(words[-size:]) for size in range(1, min(len(words), 4) + 1)]
    sounds = english_sounds(["".join(_letters(span)) for span in spans])
    if nearest := _nearest(_hangul_sounds([korean]) * len(spans), sounds):
        return spans[nearest - 1]
    if words[-1].isupper():
        return ""  # mostly the name of a function before its arguments
    most = korean.count(" ") + 1 if " " in korean else max(1, len(korean) // 2)
    size = 0
    while size < min(most, len(words)) and _may_begin_term(words[-size - 1]):
        size += 1
    if words[-1][:1].isupper():
        return _proper_name(words, max(size, 1), is_office=_OFFICE.fullmatch(korean) is not None)
    return " ".join(words[-size:]) if size else ""


def _proper_name(words: list[str], size: int, *, is_office: bool) -> str:
    """Extend a span to the left over capitalised words; that of an office over "of" and so on."""
    while size < len(words):
        word, *following = words[-size - 1 :: -1]
        if word[:1].isupper():
            size += 1
        elif is_office and word in _NAME_CONNECTORS and "".join(following[:1]).istitle():
            size += 2
        else:
            break
    return " ".join(words[-size:])


def expansion_before(text: str, acronym: str) -> str:
    """Return the words at the end of `text` that `acronym` abbreviates, or an empty string."""
    words = _latin_words(text.rstrip())
    spans = (" ".join(words[-size:]) for size in range(2, len(words) + 1))
    return next((span for span in spans if expands(acronym, span)), "")


def acronym_before(text: str, expansion: str) -> str:
    """Return the last word of `text` if it abbreviates `expansion`, or an empty string."""
    word = "".join(text.split()[-1:])
    return word if expands(word, expansion) else ""


def _last_words(reversed_words: re.Pattern[str], text: str) -> list[str]:
    found = reversed_words.match(text[::-1])
    return found[0][::-1].split() if found else []


def _latin_words(text: str) -> list[str]:
    words = _last_words(_REVERSED_LATIN_WORDS, text)
    # A full stop ends a sentence, unless it is that of an initial.
    ends = [index for index, word in enumerate(words) if word.endswith(".") and len(word) > 2]
    return words[ends[-1] + 1 :] if ends else words


def _may_begin_term(word: str) -> bool:
    return word.lower() not in _FUNCTION_WORDS and word[:1].isalpha()


def _quoted(text: str) -> str:
    """Return the text within the quotation marks at the end of `text`, if it can be a term."""
    start = text.rfind(_QUOTES[text[-1]], 0, -1)
    quoted = text[start + 1 : -1].strip() if start >= 0 else ""
    words = quoted.split()
    if not 0 < len(words) <= _MAX_QUOTED_WORDS or _NOT_A_TERM.fullmatch(words[-1]):
        return ""
    return quoted


def _transcribed_size(words: list[str], english: str) -> int:
    """Return how many of the last words transcribe the English ones by sound, or 0."""
    english_words = _letters(english)
    if not english_words or len(words) < 2:
        return 0
    word_sounds = _hangul_sounds(words[: -len(english_words) - _MAX_EXTRA_WORDS - 1 : -1])
    span_sounds = ["".join(word_sounds[last::-1]) for last in range(len(word_sounds))]
    if size := _nearest(span_sounds, english_sounds(["".join(english_words)]) * len(span_sounds)):
        return size
    sounds = english_sounds(english_words)
    first = sounds[0] if len(english_words[0]) >= _MIN_FIRST_NAME else ""
    if size := _nearest(word_sounds, [first] * len(word_sounds)):
        return size
    if english.islower():
        return 0  # not a name: a borrowed last word is no evidence for the words before it
    costs = (min(_mean_cost(word, other) for other in sounds) for word in word_sounds)
    return sum(1 for _ in takewhile(lambda cost: cost <= _MAX_SOUND_COST, costs))


def _nearest(korean: list[str], english: list[str]) -> int:
    """Return the number, from 1, of the pair that sounds most alike, or 0 if none is near."""
    costs = list(map(_mean_cost, korean, english))
    best = min(costs, default=1.0)
    return costs.index(best) + 1 if best <= _MAX_SOUND_COST else 0


def _hangul_sounds(words: list[str]) -> list[str]:
    return korean_sounds([_NOT_HANGUL.sub("", word) for word in words])


def _letters(english: str) -> list[str]:
    """Return the words of an English term in lower-case ASCII letters."""
    return re.findall("[a-z]+", normal_form(english).replace("'", "").replace(".", ""))


def _mean_cost(korean: str, english: str) -> float:
    """Return the edit cost of two words per sound; 1 if their consonants alone rule them out."""
    sounds = len(korean) + len(english)
    extra = abs(len(korean.translate(_WEAK_SOUNDS)) - len(english.translate(_WEAK_SOUNDS)))
    too_far = extra * _MIN_CONSONANT_COST > sounds * _MAX_SOUND_COST / 2
    if not korean or not english or too_far:
        return 1.0
    return 2 * distance(korean, english) / sounds


def _translated_size(words: list[str], english: str) -> int:
    """Return how many of the last words translate the English ones, 1 or more."""
    if is_acronym(english):
        return _abbreviated_size(words, sum(map(str.isalpha, english)))
    most = len(content_words(english))
    return 1 if len(words[-1]) >= _SYLLABLES * most else _term_size(words, most)


def _abbreviated_size(words: list[str], letters: int) -> int:
    """Return how many of the last words an acronym of so many letters abbreviates."""
    if len(words[-1]) >= _COMPOUND_SYLLABLES and not words[-1].endswith(_GENERIC_HEADS):
        return 1
    size, syllables = 1, len(words[-1])
    while syllables < _SYLLABLES * letters and size < min(_MAX_ACRONYM_WORDS, len(words)):
        size += 1
        syllables += len(words[-size])
    return _term_size(words, size)


def _term_size(words: list[str], most: int) -> int:
    """Return how many of the last words, `most` at most, can be one term."""
    most += words.count("&")
    size = 1
    while size < min(most, len(words)) and _may_modify(words[-size - 1]):
        size += 1
    return size - (words[-size] == "&")  # a term does not begin with it


def _may_modify(word: str) -> bool:
    """Return whether a word can belong to the same term as the word after it."""
    if word == "&":
        return True
    if word in _NEVER_IN_TERM or _NUMERAL.fullmatch(word) or not _HANGUL_WORD.fullmatch(word):
        return False
    return word in _UNINFLECTED or not _INFLECTED.fullmatch(word)
