"""Finds names of Koreans in English texts: 조태열 and Cho Tae-yul, 윤석열 and Yoon Suk Yeol.

There are few family names, each with its usual spellings, and they come first. That is so much
surer than sound alone that two more syllables are enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ..entry import Entry, Source
from .names import MOST_WEIGHT
from .romanize import english_sounds, korean_sounds
from .sound_distance import distance

# Korean names by their family name and the classes of the initials of the other two syllables.
NameIndex: TypeAlias = dict[tuple[str, str, str], list[str]]

# Family names, each with its usual spellings.
_SPELLINGS = """
    김 Kim Gim, 이 Lee Yi Rhee, 박 Park Pak Bak, 최 Choi Choe, 정 Jung Jeong Chung, 강 Kang Gang,
    조 Cho Jo, 윤 Yoon Yun, 장 Jang Chang, 임 Lim Im Rim, 한 Han Hahn, 오 Oh, 서 Seo Suh,
    신 Shin Sin, 권 Kwon Gwon, 황 Hwang, 안 Ahn An, 송 Song, 류 Ryu Ryoo, 유 Yoo Yu You,
    전 Jeon Chun Jun, 홍 Hong, 고 Ko Koh Go, 문 Moon Mun, 손 Son Sohn, 양 Yang, 배 Bae Pae,
    백 Baek Paik Paek, 허 Heo Hur Huh, 남 Nam, 심 Sim Shim, 노 Noh Roh No, 하 Ha Hah, 반 Ban,
    나 Na Ra, 민 Min, 진 Jin Chin, 지 Ji Chi, 우 Woo, 구 Koo Goo Gu, 추 Choo Chu, 곽 Kwak Gwak,
    차 Cha, 주 Joo Ju Chu, 성 Sung Seong, 원 Won, 천 Cheon Chun, 방 Bang Pang, 변 Byun Byeon,
    염 Yeom Yum, 여 Yeo, 도 Do, 소 So, 석 Seok Suk, 선 Sun Seon, 현 Hyun Hyeon, 함 Ham Hahm,
    엄 Um Eom, 채 Chae, 태 Tae, 명 Myung
"""
# The family names of each spelling: Chun is 전 or 천.
_FAMILIES: dict[str, str] = {}
for _family, *_names in map(str.split, _SPELLINGS.split(",")):
    for _spelling in _names:
        _FAMILIES[_spelling] = _FAMILIES.get(_spelling, "") + _family
_KOREAN_FAMILIES = frozenset("".join(_FAMILIES.values()))
_NAME = re.compile(
    r"([A-Z][a-z]{1,6}) ([A-Z][a-z]{1,6})(?:-([A-Za-z][a-z]{1,6})| ([A-Z][a-z]{1,6}))\b"
)
# A cheaper pattern for what may be a name: beginning with a set of letters, without a look-behind,
# it soon fails in texts without names.
_CANDIDATE = re.compile(
    f"([{''.join(sorted({family[0] for family in _FAMILIES}))}][a-z]{{1,6}})"
    "(?= [A-Z][a-z]{1,6}[- ][A-Za-z][a-z])"
)
_WORD_CHARACTER = re.compile(r"\w")
_KOREAN = re.compile("[가-힣]{3}")
# The class of the first sound of a syllable: spellings confuse those of one class.
_INITIALS = str.maketrans("gkJdtFbpzcCsHhlrLaeiouvxyw", "kkktttppssssHHlll" + " " * 9)
_MAX_DISTANCE = 0.45  # of each syllable of a given name, exclusive


def names_in(text: str) -> list[str]:
    """Return the distinct likely names of Koreans in an English text, in order."""
    starts = [match.start() for match in _CANDIDATE.finditer(text) if match[1] in _FAMILIES]
    if not starts:  # as in most texts
        return []
    found = (
        name[0]
        for start in starts
        if not (start and _WORD_CHARACTER.match(text, start - 1))
        and (name := _NAME.match(text, start))
    )
    return list(dict.fromkeys(found))


def pairs_of_names(korean: Iterable[str], english: Sequence[str]) -> list[Entry]:
    """Return entries for the names that are in both languages, in the order of `english`.

    `korean` are index terms, of which those of three syllables count; `english` are names from
    `names_in`. A name that fits several Korean ones equally well gives no entry.
    """
    index: NameIndex = {}
    for term in korean:
        if _KOREAN.fullmatch(term) and term[0] in _KOREAN_FAMILIES:
            first, second = korean_sounds([*term[1:]])
            index.setdefault((term[0], _initial(first), _initial(second)), []).append(term)
    return [
        Entry(nearest, name, MOST_WEIGHT, Source.NAME)
        for name in english
        if (nearest := _nearest(name, index))
    ]


def _nearest(name: str, index: NameIndex) -> str:
    """Return the Korean name that sounds most like an English one, or an empty string."""
    found = _NAME.fullmatch(name)
    if not found or found[1] not in _FAMILIES:
        return ""
    spelling, first, *second = found.groups()
    sounds = english_sounds([first.lower(), (second[0] or second[1]).lower()])
    initials = _initial(sounds[0]), _initial(sounds[1])
    distances = {
        term: max(map(distance, korean_sounds([*term[1:]]), sounds))
        for family in _FAMILIES[spelling]
        for term in index.get((family, *initials), ())
    }
    best = min(distances.values(), default=_MAX_DISTANCE)
    nearest = [term for term, far in distances.items() if far == best < _MAX_DISTANCE]
    return nearest[0] if len(nearest) == 1 else ""


def _initial(sounds: str) -> str:
    return sounds[:1].translate(_INITIALS)
