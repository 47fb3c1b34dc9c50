"""Names across scripts: 블링컨 and Blinken, found by how they sound.

Sounding alike proves little by itself (사람, Salem): a pair needs consonants enough, has to be
the best of both its words, and weighs less than whatever documents or people say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...arrays.array_types import Float32s, Int64s, Mask, UInt8s
from ...arrays.ragged import places_of
from ..entry import Entry, Source
from .romanize import english_sounds, korean_sounds
from .sound_distance import distances, sound_codes

LEAST_WEIGHT, MOST_WEIGHT = 0.1, 0.4
# Pairs of words with the same consonants that are looked at closer, the rarest consonants first:
# half a second's work.
MOST_CANDIDATES = 200_000

_LATIN = re.compile("[a-z]{4,}")
# The syllables that Hanja are read as. A word of no others may be any Korean word and sound like
# a name by accident; foreign names mostly have one that is not here.
_HANJA_SYLLABLES = frozenset(
    "가각간갈감갑강개객갱거건걸검겁게격견결겸경계고곡곤골공과곽관괄광괘괴굉교구국군굴궁권궐궤귀규균귤극근"
    "글금급긍기긴길김끽나낙난날남납낭내냉녀년념녕노농뇌뇨누눌뉴능니다단달담답당대댁덕도독돈돌동두둔득등"
    "라락란람랍랑래랭략량려력련렬렴렵령례로록론롱뢰료룡루류륙륜률륭릉리린림립마막만말망매맥맹면멸명모목몰몽"
    "묘무묵문물미민밀박반발방배백번벌범법벽변별병보복본봉부북분불붕비빈빙사삭산살삼삽상새색생서석선설섬섭성"
    "세소속손솔송쇄쇠수숙순술숭슬습승시식신실심십쌍씨아악안알암압앙애액앵야약양어억언얼엄업여역연열염엽영"
    "예오옥온옹와완왈왕왜외요욕용우욱운울웅원월위유육윤율융은을음읍응의이익인일임입잉자작잔잠잡장재쟁저적전"
    "절점접정제조족존졸종좌죄주죽준중즉즐즙증지직진질집징차착찬찰참창채책처척천철첨첩청체초촉촌총촬최추축춘"
    "출충췌취측층치칙친칠침칭쾌타탁탄탈탐탑탕태택토통퇴투특파판팔패팽편평폐포폭표품풍피필하학한할함합항해"
    "핵행향허헌험혁현혈협형혜호혹혼홀홍화확환활황회획횡효후훈훼휘휴흉흑흔흘흠흡흥희"
)
# Foreign names are written, by the rules for them, without tense consonants (ㅆ stands in Japanese
# ones), without ㅢ, and with seven of the final consonants.
_NEVER_INITIALS, _NEVER_VOWEL = {1, 4, 8, 13}, 19
_FINALS = {0, 1, 4, 8, 16, 17, 19, 21}

# How far two words may be, for each of their consonants. Those that look foreign need two of these
# and four sounds; those that could be Korean are alike by accident too often unless they are long.
FARTHEST = 0.1
_FARTHEST_SHORT = 0.05
_FARTHEST_KOREAN = 0.07
_FARTHEST_KOREAN_SHORT = 0.03
_LONG_KOREAN, _SHORT_KOREAN = 7, 6  # sounds
_FEW_CONSONANTS = 2
_FEWEST_SOUNDS = 4

# What spellings confuse is one class; vowels, glides and h are none.
_CLASSES = {"gk": 1, "dtD": 2, "bp": 3, "szc": 4, "m": 5, "nq": 6, "lrL": 7}
_VELAR, _NASAL = 1, 6
# The spellings that may be read in two ways, in each of the ways.
_READINGS = (
    {"FJC": 4, "R": 0},
    {"F": 2, "JCH": 1, "R": 0},
    {"FJC": 4, "R": 7},
    {"F": 2, "JCH": 1, "R": 7},
)
_BITS = 3
# A word of one or two consonants could be too many others.
_FEWEST = 1 << _BITS


def pairs_by_sound(korean: Sequence[str], english: Sequence[str]) -> list[Entry]:
    """Return the words that sound alike, each in one entry at most, in the order of `korean`.

    Both are index terms; of Korean those of two syllables and more count, of English those of
    four letters and more. Weights are from 0.1 to 0.4, the closer the higher.
    """
    ours = [word for word in korean if len(word) > 1 and _NAME_SYLLABLES.issuperset(word)]
    theirs = [word for word in english if _LATIN.fullmatch(word)]
    if not ours or not theirs:
        return []
    left, right = sound_codes(korean_sounds(ours)), sound_codes(english_sounds(theirs))
    foreign = np.array([not _HANJA_SYLLABLES.issuperset(word) for word in ours])
    pairs = _promising(left, right, foreign)
    far = distances(left[pairs.left], right[pairs.right])
    far /= pairs.consonants
    near = np.flatnonzero(far <= _limits(pairs, foreign, _heard(left)))
    best = near[_mutual(pairs.left[near], pairs.right[near], far[near])]
    return [
        Entry(ours[pairs.left[at]], theirs[pairs.right[at]], _weight(far[at]), Source.NAME)
        for at in best
    ]


def _promising(left: UInt8s, right: UInt8s, foreign: Mask) -> Pairs:
    """Return the pairs with the same consonants, of words with sounds enough."""
    ours = np.flatnonzero(_heard(left) >= np.where(foreign, _FEWEST_SOUNDS, _SHORT_KOREAN))
    theirs = np.flatnonzero(_heard(right) >= _FEWEST_SOUNDS)
    pairs = pairs_of(left[ours], right[theirs], most=MOST_CANDIDATES)
    return Pairs(ours[pairs.left], theirs[pairs.right], pairs.consonants)


def _limits(pairs: Pairs, foreign: Mask, sounds: Int64s) -> Float32s:
    """Return how far each pair may be; below 0 where no likeness is enough."""
    foreigner = foreign[pairs.left]
    long = sounds[pairs.left] >= _LONG_KOREAN
    few = pairs.consonants <= _FEW_CONSONANTS
    limits = np.select(
        [foreigner & few, foreigner, few, long],
        [_FARTHEST_SHORT, FARTHEST, -1.0, _FARTHEST_KOREAN],
        _FARTHEST_KOREAN_SHORT,
    )
    return limits.astype(np.float32)


def _heard(codes: UInt8s) -> Int64s:
    """Return how many sounds each word has but for ㅡ, which only parts consonants."""
    heard: Int64s = np.count_nonzero((codes > 0) & (codes != ord("x")), axis=1)
    return heard


def _mutual(left: Int64s, right: Int64s, far: Float32s) -> Int64s:
    """Return, in order, the pairs of which neither word has another as near."""
    best = np.ones(len(far), bool)
    for words in (left, right):
        order = np.lexsort((far, words))
        word, price = words[order], far[order]
        first = np.ones(len(order), bool)
        first[1:] = word[1:] != word[:-1]
        rival = np.zeros(len(order), bool)
        rival[:-1] = (word[1:] == word[:-1]) & (price[1:] == price[:-1])
        best[order] &= first & ~rival
    return np.flatnonzero(best)


def _weight(far: float) -> float:
    """Return the weight of a pair: 0.4 for the same sounds, 0.1 for the farthest."""
    return round(MOST_WEIGHT - (MOST_WEIGHT - LEAST_WEIGHT) * min(float(far) / FARTHEST, 1), 2)


def _can_be_of_a_name(syllable: int) -> bool:
    rest, final = divmod(syllable, 28)
    initial, vowel = divmod(rest, 21)
    return initial not in _NEVER_INITIALS and vowel != _NEVER_VOWEL and final in _FINALS


_NAME_SYLLABLES = frozenset(chr(0xAC00 + code) for code in range(11172) if _can_be_of_a_name(code))


class Pairs(NamedTuple):
    """Rows of two matrices of sounds that have the same consonants, and how many of these."""

    left: Int64s
    right: Int64s
    consonants: Int64s


def pairs_of(korean: UInt8s, english: UInt8s, *, most: int) -> Pairs:
    """Return the pairs of words with the same consonants, each pair once.

    Where there would be more than `most`, those whose consonants the most pairs have are left out.
    """
    ours = _skeletons(korean, {})
    theirs, words = _readings(english)
    order = np.argsort(theirs, kind="stable")
    theirs, words = theirs[order], words[order]
    first = np.searchsorted(theirs, ours, "left")
    sizes = np.searchsorted(theirs, ours, "right") - first
    sizes[ours < _FEWEST] = 0
    sizes = _rarest(ours, sizes, most)
    left = np.repeat(np.arange(len(ours)), sizes)
    right = words[places_of(first, sizes)]
    return Pairs(left, right, _length(ours[left]))


def _rarest(skeletons: Int64s, sizes: Int64s, most: int) -> Int64s:
    """Return `sizes` with zeros for the skeletons that have the most pairs, `most` remaining."""
    if sizes.sum() <= most:
        return sizes
    _, group = np.unique(skeletons, return_inverse=True)
    pairs = np.bincount(group, weights=sizes).astype(np.int64)
    order = np.argsort(pairs, kind="stable")
    kept = np.zeros(len(pairs), bool)
    kept[order[np.cumsum(pairs[order]) <= most]] = True
    return np.where(kept[group], sizes, 0)


def _readings(codes: UInt8s) -> tuple[Int64s, Int64s]:
    """Return the skeletons of all readings, and the row that each is of; no row has one twice."""
    seen: list[Int64s] = []
    rows: list[Int64s] = []
    for reading in _READINGS:
        skeletons = _skeletons(codes, reading)
        new = np.all([skeletons != other for other in seen], axis=0) if seen else skeletons >= 0
        seen.append(skeletons)
        rows.append(np.flatnonzero(new))
    found = [skeletons[row] for skeletons, row in zip(seen, rows, strict=True)]
    return np.concatenate(found), np.concatenate(rows)


def _skeletons(codes: UInt8s, reading: Mapping[str, int]) -> Int64s:
    """Return the consonants of each row as one number, the first consonant its highest digit."""
    table = _table(reading)
    skeletons = np.zeros(len(codes), np.int64)
    before = np.zeros(len(codes), np.int64)
    for sounds in np.ascontiguousarray(codes.T):
        column = table[sounds]
        # The g of ng is heard or not (싱어, 몽골), and spelt in English either way.
        counts = (column > 0) & ~((column == _VELAR) & (before == _NASAL))
        np.copyto(skeletons, (skeletons << _BITS) + column, where=counts)
        before = column
    return skeletons


def _length(skeletons: Int64s) -> Int64s:
    """Return how many consonants each skeleton has."""
    return (np.frexp(skeletons)[1] + _BITS - 1) // _BITS


def _table(reading: Mapping[str, int]) -> Int64s:
    table = np.zeros(128, np.int64)
    for sounds, number in {**_CLASSES, **reading}.items():
        for sound in sounds:
            table[ord(sound)] = number
    return table
