"""Names across scripts: 블링컨 and Blinken, found by how they sound.

Sounding alike proves little by itself (사람, Salem): a pair needs consonants enough, has to be
the best of both its words, and weighs less than whatever documents or people say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ..array_types import Float32s, Int64s, Mask, UInt8s
from .entry import Entry, Source
from .romanise import english_sounds, korean_sounds
from .skeletons import Pairs, pairs_of
from .sounds import distances, sound_codes

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
