"""Finds names across scripts by their sound: 블링컨 and Blinken.

Likeness of sound is weak evidence (사람, Salem): a pair needs enough consonants, has to be the
best of both its words, and weighs less than evidence from documents or the user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from ...arrays.array_types import Float32s, Int64s, Mask, UInt8s
from ...arrays.ragged import range_indices
from ...value import NamedTuple
from ..entry import Entry, Source
from .romanize import english_sounds, korean_sounds
from .sound_distance import distances, sound_codes

LEAST_WEIGHT, MOST_WEIGHT = 0.1, 0.4
# Pairs with the same consonants whose distance is computed, rarest consonants first: half a second.
MOST_CANDIDATES = 200_000

_LATIN = re.compile("[a-z]{4,}")
# The readings of Hanja. A word of nothing else may be any Korean word and sound like a name by
# accident; foreign names mostly have another syllable.
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
# By the rules, foreign names are written without tense consonants (but for the ㅆ of Japanese ones)
# and ㅢ, and with seven of the final consonants.
_EXCLUDED_INITIALS, _EXCLUDED_VOWEL = {1, 4, 8, 13}, 19
_FINALS = {0, 1, 4, 8, 16, 17, 19, 21}

# The greatest distance of two words, for each of their consonants. Foreign-looking words need two
# consonants and four sounds; words that may be Korean sound alike by accident unless they are long.
MAX_DISTANCE = 0.1
_MAX_DISTANCE_SHORT = 0.05
_MAX_DISTANCE_KOREAN = 0.07
_MAX_DISTANCE_KOREAN_SHORT = 0.03
_LONG_KOREAN, _MIN_KOREAN = 7, 6  # sounds
_SHORT_CONSONANTS = 2
_MIN_SOUNDS = 4

# Classes of consonants that spellings confuse; vowels, glides and h have none.
_CLASSES = {"gk": 1, "dtD": 2, "bp": 3, "szc": 4, "m": 5, "nq": 6, "lrL": 7}
_VELAR, _NASAL = 1, 6
# The classes of ambiguous sounds, for each combination of their readings.
_READINGS = (
    {"FJC": 4, "R": 0},
    {"F": 2, "JCH": 1, "R": 0},
    {"FJC": 4, "R": 7},
    {"F": 2, "JCH": 1, "R": 7},
)
_BITS = 3
# Skeletons of one consonant match too many words.
_MIN_SKELETON = 1 << _BITS


def pairs_by_sound(korean: Sequence[str], english: Sequence[str]) -> list[Entry]:
    """Return entries of words that sound alike, in the order of `korean`, no word in two of them.

    Both are index terms; Korean ones of two syllables or more count, English ones of four letters
    or more. Weights are from 0.1 to 0.4, by distance.
    """
    ours = [word for word in korean if len(word) > 1 and _NAME_SYLLABLES.issuperset(word)]
    theirs = [word for word in english if _LATIN.fullmatch(word)]
    if not ours or not theirs:
        return []
    left, right = sound_codes(korean_sounds(ours)), sound_codes(english_sounds(theirs))
    is_foreign = np.array([not _HANJA_SYLLABLES.issuperset(word) for word in ours])
    pairs = _candidates(left, right, is_foreign)
    far = distances(left[pairs.left], right[pairs.right])
    far /= pairs.consonants
    near = np.flatnonzero(far <= _limits(pairs, is_foreign, _sound_counts(left)))
    best = near[_mutual_best(pairs.left[near], pairs.right[near], far[near])]
    return [
        Entry(ours[pairs.left[row]], theirs[pairs.right[row]], _weight(far[row]), Source.NAME)
        for row in best
    ]


def _candidates(left: UInt8s, right: UInt8s, is_foreign: Mask) -> Pairs:
    """Return the pairs with the same consonants, of words with enough sounds."""
    ours = np.flatnonzero(_sound_counts(left) >= np.where(is_foreign, _MIN_SOUNDS, _MIN_KOREAN))
    theirs = np.flatnonzero(_sound_counts(right) >= _MIN_SOUNDS)
    pairs = pairs_of(left[ours], right[theirs], most=MOST_CANDIDATES)
    return Pairs(ours[pairs.left], theirs[pairs.right], pairs.consonants)


def _limits(pairs: Pairs, is_foreign: Mask, sounds: Int64s) -> Float32s:
    """Return the greatest distance of each pair; below 0 where no distance is near enough."""
    foreign = is_foreign[pairs.left]
    long = sounds[pairs.left] >= _LONG_KOREAN
    short = pairs.consonants <= _SHORT_CONSONANTS
    limits = np.select(
        [foreign & short, foreign, short, long],
        [_MAX_DISTANCE_SHORT, MAX_DISTANCE, -1.0, _MAX_DISTANCE_KOREAN],
        _MAX_DISTANCE_KOREAN_SHORT,
    )
    return limits.astype(np.float32)


def _sound_counts(codes: UInt8s) -> Int64s:
    """Return the number of sounds of each word without ㅡ, which only separates consonants."""
    counts: Int64s = np.count_nonzero((codes > 0) & (codes != ord("x")), axis=1)
    return counts


def _mutual_best(left: Int64s, right: Int64s, far: Float32s) -> Int64s:
    """Return, in order, the pairs that are nearer than all others of either word."""
    best = np.ones(len(far), bool)
    for words in (left, right):
        order = np.lexsort((far, words))
        word, distance = words[order], far[order]
        is_same = word[1:] == word[:-1]
        first = np.append(True, ~is_same)[: len(order)]
        tied = np.append(is_same & (distance[1:] == distance[:-1]), False)[: len(order)]
        best[order] &= first & ~tied
    return np.flatnonzero(best)


def _weight(far: float) -> float:
    """Return the weight of a pair: 0.4 for the same sounds, 0.1 for the greatest distance."""
    return round(MOST_WEIGHT - (MOST_WEIGHT - LEAST_WEIGHT) * min(float(far) / MAX_DISTANCE, 1), 2)


def _is_in_names(syllable: int) -> bool:
    rest, final = divmod(syllable, 28)
    initial, vowel = divmod(rest, 21)
    return initial not in _EXCLUDED_INITIALS and vowel != _EXCLUDED_VOWEL and final in _FINALS


_NAME_SYLLABLES = frozenset(chr(0xAC00 + code) for code in range(11172) if _is_in_names(code))


class Pairs(NamedTuple):
    """Pairs of rows of two matrices with the same consonants, and the number of these."""

    left: Int64s
    right: Int64s
    consonants: Int64s


def pairs_of(korean: UInt8s, english: UInt8s, *, most: int) -> Pairs:
    """Return the distinct pairs of words with the same consonants.

    Of more than `most` pairs, those with the most frequent consonants are left out.
    """
    ours = _skeletons(korean, {})
    theirs, words = _readings(english)
    order = np.argsort(theirs, kind="stable")
    theirs, words = theirs[order], words[order]
    first = np.searchsorted(theirs, ours, "left")
    sizes = np.searchsorted(theirs, ours, "right") - first
    sizes[ours < _MIN_SKELETON] = 0
    sizes = _rarest(ours, sizes, most)
    left = np.repeat(np.arange(len(ours)), sizes)
    return Pairs(left, words[range_indices(first, sizes)], _consonants(ours[left]))


def _rarest(skeletons: Int64s, sizes: Int64s, most: int) -> Int64s:
    """Return `sizes` with zeros for the skeletons that have the most pairs; `most` remain."""
    if sizes.sum() <= most:
        return sizes
    _, group = np.unique(skeletons, return_inverse=True)
    pairs = np.bincount(group, weights=sizes).astype(np.int64)
    order = np.argsort(pairs, kind="stable")
    is_kept = np.zeros(len(pairs), bool)
    is_kept[order[np.cumsum(pairs[order]) <= most]] = True
    return np.where(is_kept[group], sizes, 0)


def _readings(codes: UInt8s) -> tuple[Int64s, Int64s]:
    """Return the distinct skeletons of all readings of each row, and their rows."""
    seen: list[Int64s] = []
    rows: list[Int64s] = []
    for reading in _READINGS:
        skeletons = _skeletons(codes, reading)
        is_new = np.all([skeletons != other for other in seen], axis=0) if seen else skeletons >= 0
        seen.append(skeletons)
        rows.append(np.flatnonzero(is_new))
    found = [skeletons[row] for skeletons, row in zip(seen, rows, strict=True)]
    return np.concatenate(found), np.concatenate(rows)


def _skeletons(codes: UInt8s, reading: Mapping[str, int]) -> Int64s:
    """Return the consonants of each row as one number, the first consonant its highest digit."""
    classes = np.zeros(128, np.int64)
    for sounds, number in {**_CLASSES, **reading}.items():
        classes[np.frombuffer(sounds.encode(), np.uint8)] = number
    skeletons = np.zeros(len(codes), np.int64)
    previous = np.zeros(len(codes), np.int64)
    for sounds in np.ascontiguousarray(codes.T):
        column = classes[sounds]
        # The g of ng is heard or not (싱어, 몽골), and spelt in English either way.
        counts = (column > 0) & ~((column == _VELAR) & (previous == _NASAL))
        np.copyto(skeletons, (skeletons << _BITS) + column, where=counts)
        previous = column
    return skeletons


def _consonants(skeletons: Int64s) -> Int64s:
    """Return the number of consonants of each skeleton."""
    return (np.frexp(skeletons)[1] + _BITS - 1) // _BITS
