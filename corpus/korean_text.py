"""Tells Korean text from text of another language that was decoded as Korean."""

from __future__ import annotations

import re

# Western text decodes to rare syllables (don’t: 밺), Chinese and Japanese text to Hanja among rare
# syllables. Korean uses the 2,350 syllables of KS X 1001; these make up well over half of any
# running text, and some of nearly every name or title.
_COMMON = frozenset(
    "가각간갈감강개거건것게겠결경계고공과관교구국군권그근금급기긴길김까께나난날남내년노"
    "는능니다단달당대더데도독동되된될두드든들등때라란람래러런럼려력로록료류르른를름리린마만많말"
    "면명모무문물미민및바박반발방배번법변별병보본부북분불비사산상생서선설성세소속수술스습시식신실심"
    "아안않알았야약양어언업없에여역연열영예오와외요용우운원위유으은을음의이인일임입있자작장재저적전"
    "점정제조종주준중지직진집차참책처천청체초총최추출치크키타터통트특파판페평포표품프피하학한할함합항해"
    "했행향현형호화확환활황회획후히"
)
_SYLLABLE = re.compile("[가-힣]")
# The other characters of KS X 1001 that Korean texts use: punctuation, units, boxes.
_SIGN = re.compile(
    "[\u00a1-\u00ff\u2010-\u206f\u2100-\u22ff\u2460-\u24ff\u2500-\u27bf\u3000-\u303f\u3131-\u318e"
    "\u3200-\u33ff\uff01-\uff5e]"
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

# Shares of the syllables. A short text, such as a title, has many names and few common syllables.
_LEAST_COMMON = 0.4
_LEAST_COMMON_SHORT = 0.2
_SHORT = 20
_MOST_RARE = 0.1
_LEAST_SYLLABLES = 0.5  # of the syllables and foreign characters


def looks_korean(text: str) -> bool:
    """Return whether the characters of `text` above ASCII are those of Korean text."""
    syllables = "".join(_SYLLABLE.findall(text))
    if not syllables:
        return False
    foreign = len(_NOT_ASCII.findall(text)) - len(syllables) - len(_SIGN.findall(text))
    common = sum(map(_COMMON.__contains__, syllables))
    short = _LEAST_COMMON_SHORT if foreign else 0  # a foreign name may have none
    least = _LEAST_COMMON if len(syllables) > _SHORT else short
    return (
        len(syllables) >= _LEAST_SYLLABLES * (len(syllables) + foreign)
        and _rare(syllables) <= _MOST_RARE * len(syllables)
        and common >= least * len(syllables)
    )


def _rare(syllables: str) -> int:
    """Count the syllables that CP949 adds to KS X 1001: one of their two bytes is below 0xA1."""
    encoded = syllables.encode("cp949")
    return sum(min(pair) < 0xA1 for pair in zip(encoded[::2], encoded[1::2], strict=True))
