"""Names of Koreans in English: 조태열 and Cho Tae-yul, 윤석열 and Yoon Suk Yeol.

There are few family names, each with its usual spellings, and they stand first: so much surer
than a likeness of sounds alone that two syllables more are enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ..entry import Entry, Source
from .names import MOST_WEIGHT
from .romanize import english_sounds, korean_sounds
from .sound_distance import distance

# Names by family name and the initials of the other syllables.
Terms: TypeAlias = dict[tuple[str, str, str], list[str]]

_SPELLINGS = {
    "김": "Kim Gim",
    "이": "Lee Yi Rhee",
    "박": "Park Pak Bak",
    "최": "Choi Choe",
    "정": "Jung Jeong Chung",
    "강": "Kang Gang",
    "조": "Cho Jo",
    "윤": "Yoon Yun",
    "장": "Jang Chang",
    "임": "Lim Im Rim",
    "한": "Han Hahn",
    "오": "Oh",
    "서": "Seo Suh",
    "신": "Shin Sin",
    "권": "Kwon Gwon",
    "황": "Hwang",
    "안": "Ahn An",
    "송": "Song",
    "류": "Ryu Ryoo",
    "유": "Yoo Yu You",
    "전": "Jeon Chun Jun",
    "홍": "Hong",
    "고": "Ko Koh Go",
    "문": "Moon Mun",
    "손": "Son Sohn",
    "양": "Yang",
    "배": "Bae Pae",
    "백": "Baek Paik Paek",
    "허": "Heo Hur Huh",
    "남": "Nam",
    "심": "Sim Shim",
    "노": "Noh Roh No",
    "하": "Ha Hah",
    "반": "Ban",
    "나": "Na Ra",
    "민": "Min",
    "진": "Jin Chin",
    "지": "Ji Chi",
    "우": "Woo",
    "구": "Koo Goo Gu",
    "추": "Choo Chu",
    "곽": "Kwak Gwak",
    "차": "Cha",
    "주": "Joo Ju Chu",
    "성": "Sung Seong",
    "원": "Won",
    "천": "Cheon Chun",
    "방": "Bang Pang",
    "변": "Byun Byeon",
    "염": "Yeom Yum",
    "여": "Yeo",
    "도": "Do",
    "소": "So",
    "석": "Seok Suk",
    "선": "Sun Seon",
    "현": "Hyun Hyeon",
    "함": "Ham Hahm",
    "엄": "Um Eom",
    "채": "Chae",
    "태": "Tae",
    "명": "Myung",
}  # fmt: skip - a line a name would make it three times as long
# What each spelling may be: Chun is 전 or 천.
_FAMILIES = {
    spelling: "".join(family for family, spelt in _SPELLINGS.items() if spelling in spelt.split())
    for spelling in " ".join(_SPELLINGS.values()).split()
}
_NAME = re.compile(
    r"([A-Z][a-z]{1,6}) ([A-Z][a-z]{1,6})(?:-([A-Za-z][a-z]{1,6})| ([A-Z][a-z]{1,6}))\b"
)
# What may be one: a search that begins with a set of letters, no condition before it, soon finds
# that there is none.
_LIKE_ONE = re.compile(
    f"([{''.join(sorted({family[0] for family in _FAMILIES}))}][a-z]{{1,6}})"
    "(?= [A-Z][a-z]{1,6}[- ][A-Za-z][a-z])"
)
_LETTER = re.compile(r"\w")
_KOREAN = re.compile("[가-힣]{3}")
# The first sound of a syllable by what spellings confuse.
_INITIALS = str.maketrans("gkJdtFbpzcCsHhlrLaeiouvxyw", "kkktttppssssHHlll" + " " * 9)
_FARTHEST = 0.45  # of each syllable of a given name


def may_have_names(text: str) -> bool:
    """Tell whether `names_in` may find something: most texts have nothing like it."""
    return _LIKE_ONE.search(text) is not None


def names_in(text: str) -> list[str]:
    """Return what looks like a Korean's name in an English text, in order, each once."""
    starts = (like.start() for like in _LIKE_ONE.finditer(text) if like[1] in _FAMILIES)
    begun = (at for at in starts if not (at and _LETTER.match(text, at - 1)))
    found = (name[0] for at in begun if (name := _NAME.match(text, at)))
    return list(dict.fromkeys(found))


def pairs_of_names(korean: Iterable[str], english: Sequence[str]) -> list[Entry]:
    """Return the names of people that stand in both languages, in the order of `english`.

    `korean` are index terms, of which those of three syllables count; `english` is what
    `names_in` finds. A name that could be several Korean ones is none.
    """
    terms: Terms = {}
    for term in korean:
        if _KOREAN.fullmatch(term) and term[0] in _SPELLINGS:
            first, second = korean_sounds([*term[1:]])
            terms.setdefault((term[0], _initial(first), _initial(second)), []).append(term)
    return [
        Entry(nearest, name, MOST_WEIGHT, Source.NAME)
        for name in english
        if (nearest := _nearest(name, terms))
    ]


def _nearest(name: str, terms: Terms) -> str:
    """Return the Korean name that sounds most like an English one, or nothing."""
    found = _NAME.fullmatch(name)
    if not found or found[1] not in _FAMILIES:
        return ""
    family, first, *second = found.groups()
    sounds = english_sounds([first.lower(), (second[0] or second[1]).lower()])
    initials = _initial(sounds[0]), _initial(sounds[1])
    far = {
        term: _far(term, sounds)
        for syllable in _FAMILIES[family]
        for term in terms.get((syllable, *initials), ())
    }
    best = min(far.values(), default=_FARTHEST)
    nearest = [term for term, price in far.items() if price == best < _FARTHEST]
    return nearest[0] if len(nearest) == 1 else ""


def _far(term: str, sounds: list[str]) -> float:
    """Return how far the syllable of a given name is that is farther than the other."""
    return max(map(distance, korean_sounds([*term[1:]]), sounds))


def _initial(sounds: str) -> str:
    return sounds[:1].translate(_INITIALS)
