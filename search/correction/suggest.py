"""A word that finds nothing, understood as one that does.

Tried in this order, and the first that leads to a word in enough passages is taken: the keyboard
was set to the other alphabet; spaces are missing; Han characters stand for Hangul, or the other
way round; keys were mistyped. Han characters come before slips, since no key is wrong then: 학술 is
學術 before it is a slip of 학습. Who calls decides whether a word is to be mended at all: one that
finds what it says never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from unicodedata import normalize

from index.analysis.normalize import normal_form

from . import hangul_keys, hanja
from .hangul_keys import is_hangul, is_syllable
from .spacing import joined, split
from .spelling import near_words
from .vocabulary import Vocabulary

How = Literal["keyboard", "spacing", "hanja", "spelling"]

# What is meant must be in so many times the passages that hold the word as it was typed.
MANY_TIMES = 50
# The fewest passages that what is meant must be in.
LEAST = 1

_LONGEST = 64
# A word of fewer letters or syllables is another's keys by chance: `so` is 내, 줏 `wnt`.
_SHORTEST_TYPED = 3
_FEWEST_SYLLABLES = 2
_MOST_JOSA = 4
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed, and as it was understood; several words with spaces between them.

    `distance` is what the slips cost where keys were mistyped (10 is a key for any other), else 0.
    """

    typed: str
    understood: str
    how: How
    distance: int = 0


def correct_word(typed: str, vocabulary: Vocabulary, *, found: int = 0) -> Correction | None:
    """Return what a word was meant to be, or None where nothing is near enough.

    `typed` is the word with its capital letters, which a keyboard set to the other alphabet needs;
    `found` is how many passages hold it.
    """
    word = normal_form(typed)
    if not 0 < len(typed) <= _LONGEST:
        return None
    least = max(LEAST, MANY_TIMES * found)
    return next(filter(None, _corrections(typed, word, vocabulary, least)), None)


def correct_spacing(
    typed: Sequence[str], vocabulary: Vocabulary, *, lacking: Iterable[str], least: int = LEAST
) -> list[tuple[int, int, Correction]]:
    """Return neighbouring words of a query that are one: the first, the one behind them, the word.

    In order. The longest runs are taken, of those with a word that is `lacking`: 전 략 적 is
    전략적.
    """
    words = [normal_form(word) for word in typed]
    found = []
    for run in joined(words, vocabulary, lacking=set(map(normal_form, lacking)), least=least):
        written = " ".join(typed[run.first : run.behind])
        found.append((run.first, run.behind, Correction(written, run.word, "spacing")))
    return found


def nearest(typed: str, vocabulary: Vocabulary, *, limit: int = _NEAREST) -> list[str]:
    """Return the words of the index nearest to one that nothing mends, the nearest first."""
    found = near_words(normal_form(typed), vocabulary, slips=2)
    return list(dict.fromkeys(near.word for near in found))[:limit]


def _corrections(
    typed: str, word: str, vocabulary: Vocabulary, least: int
) -> Iterator[Correction | None]:
    """Yield what each way of reading a word makes of it, in the order in which they count."""
    yield _other_keyboard(typed, vocabulary, least)
    yield _spaced(typed, word, vocabulary, least)
    yield _other_script(typed, word, vocabulary, least)
    yield _spelled(typed, word, vocabulary, least)


def _other_keyboard(typed: str, vocabulary: Vocabulary, least: int) -> Correction | None:
    for word in _retyped(normalize("NFC", typed)):
        if _known(word, vocabulary) >= least:
            return Correction(typed, word, "keyboard")
        # Latin words run together are too seldom typed so, and three letters are soon a word.
        spaced = _spaced(typed, word, vocabulary, least) if is_hangul(word) else None
        if spaced:
            return replace(spaced, how="keyboard")
    return None


def _retyped(typed: str) -> Iterator[str]:
    """Yield what the keys of a word write in the other alphabet, where that is long enough."""
    for word in (*hangul_keys.as_hangul(typed), hangul_keys.as_latin(typed)):
        latin, hangul = sorted((typed, word), key=len, reverse=True)
        if len(latin) >= _SHORTEST_TYPED and len(hangul) >= _FEWEST_SYLLABLES:
            yield word


def _spaced(typed: str, word: str, vocabulary: Vocabulary, least: int) -> Correction | None:
    """Return the words that one is made of, unless a slip of one key explains it as well."""
    pieces = split(word, vocabulary, least=least)
    if not pieces or near_words(word, vocabulary, least=least, slips=1):
        return None
    return Correction(typed, " ".join(pieces), "spacing")


def _other_script(typed: str, word: str, vocabulary: Vocabulary, least: int) -> Correction | None:
    readings = hanja.hangul_of(word)
    found = {reading: vocabulary.passages_of(reading) for reading in readings}
    for stem in _stems(word, vocabulary):
        found.update(hanja.hanja_of(stem, vocabulary) if not found else {})
    best = max(found, key=found.__getitem__, default="")
    if best and found[best] >= least:
        return Correction(typed, best, "hanja")
    # 國際關係 where the text has 국제 and 관계, one word or two.
    pieces = next(filter(None, (split(word, vocabulary, least=least) for word in readings)), ())
    return Correction(typed, " ".join(pieces), "hanja") if pieces else None


def _spelled(typed: str, word: str, vocabulary: Vocabulary, least: int) -> Correction | None:
    if len(word) == 1:  # a syllable is a slip away from very many others
        return None
    for stem in _stems(word, vocabulary):
        found = near_words(stem, vocabulary, least=least)
        if found:
            return Correction(typed, found[0].word, "spelling", found[0].distance)
    return None


def _known(word: str, vocabulary: Vocabulary) -> int:
    """Return how many passages hold a word, with or without a particle behind it."""
    return next(filter(None, map(vocabulary.passages_of, _stems(word, vocabulary))), 0)


def _stems(word: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield a word, and then what is left of it without an ending that the lexicon knows."""
    yield word
    if not is_hangul(word) or not all(map(is_syllable, word)):
        return
    cuts = range(len(word) - 1, max(_FEWEST_SYLLABLES, len(word) - _MOST_JOSA) - 1, -1)
    known = vocabulary.endings(word[cut:] for cut in cuts)
    yield from (word[:cut] for cut in cuts if word[cut:] in known)
