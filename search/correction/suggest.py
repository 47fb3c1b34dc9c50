"""The most likely correction of one word that finds nothing.

Tried in this order, and the first whose result is in the index is taken: the wrong keyboard
layout; missing spaces; mistyped keys. The caller decides whether a word is to be corrected at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, TypeAlias, get_args
from unicodedata import normalize

from index.analysis.hangul_keys import as_hangul, as_latin, is_hangul, keys_of
from index.analysis.normalize import normal_form
from index.analysis.syllables import is_syllable
from index.value import replace, value

from .spacing import joinable_runs, pieces, split
from .spelling import is_comparable, similar_words
from .vocabulary import Vocabulary

Way: TypeAlias = Literal["keyboard", "spacing", "spelling"]
WAYS: tuple[Way, ...] = get_args(Way)
_MAX_LENGTH = 64
# Shorter words are the keys of another by chance: `so` is 내, 줏 `wnt`.
_MIN_LETTERS = 3
_MIN_SYLLABLES = 2
_MAX_JOSA = 4


@value
class Correction:
    """A word as typed, and as understood; several words are separated by spaces.

    `distance` is the edit distance of a misspelling (10 for a key replaced by any other), else 0.
    """

    typed: str
    understood: str
    how: Way
    distance: int = 0


def correct_word(
    typed: str, vocabulary: Vocabulary, *, ways: Collection[Way] = WAYS
) -> Correction | None:
    """Return the correction of a word that is in no passage, in one of the `ways`, or None.

    `typed` keeps its capital letters, which tell what was typed with the wrong keyboard layout.
    """
    word = normal_form(typed)
    if not 0 < len(typed) <= _MAX_LENGTH:
        return None
    vocabulary.expect_words(_asked(typed, word, vocabulary, ways))
    return (
        ("keyboard" in ways and _keyboard(typed, vocabulary))
        or ("spacing" in ways and _spacing(typed, word, vocabulary))
        or ("spelling" in ways and _spelling(typed, word, vocabulary))
        or None
    )


def _asked(typed: str, word: str, vocabulary: Vocabulary, ways: Collection[Way]) -> Iterator[str]:
    """Yield the words that decide whether the layout or the spacing was wrong."""
    if "keyboard" in ways:
        for retyped in _retyped(normalize("NFC", typed)):
            yield from _stems(retyped, vocabulary)
            if is_hangul(retyped):
                yield from pieces(retyped)
    if "spacing" in ways:
        yield from pieces(word)


def correct_spacing(
    typed: Sequence[str], vocabulary: Vocabulary, *, unmatched: Iterable[str]
) -> list[tuple[int, int, Correction]]:
    """Return the runs of neighbouring words that are one: start, end and correction, in order.

    Only runs with an `unmatched` word, the longest first: 전 략 적 is 전략적.
    """
    words = [normal_form(word) for word in typed]
    rare = set(map(normal_form, unmatched))
    runs = joinable_runs(words, vocabulary, unmatched=rare)
    return [
        (start, end, Correction(" ".join(typed[start:end]), "".join(words[start:end]), "spacing"))
        for start, end in runs
    ]


def nearest(typed: str, vocabulary: Vocabulary, *, limit: int = 3) -> list[str]:
    """Return the words most similar to one that has no correction, the most similar first."""
    found = similar_words(normal_form(typed), vocabulary)
    return list(dict.fromkeys(similar.word for similar in found))[:limit]


def _keyboard(typed: str, vocabulary: Vocabulary) -> Correction | None:
    for word in _retyped(normalize("NFC", typed)):
        frequencies = map(vocabulary.word_frequency, _stems(word, vocabulary))
        if any(frequencies):
            return Correction(typed, word, "keyboard")
        # Not for Latin: words are rarely run together, and three letters are a word by chance.
        spaced = _spacing(typed, word, vocabulary) if is_hangul(word) else None
        if spaced:
            return replace(spaced, how="keyboard")
    return None


def _retyped(typed: str) -> Iterator[str]:
    """Yield what the keys of a word type in the other alphabet, if that is long enough."""
    for word in (*as_hangul(typed), as_latin(typed)):
        latin, hangul = sorted((typed, word), key=len, reverse=True)
        if len(latin) >= _MIN_LETTERS and len(hangul) >= _MIN_SYLLABLES:
            yield word


def _spacing(typed: str, word: str, vocabulary: Vocabulary) -> Correction | None:
    """Return the words that a word is made of, unless one mistyped key explains it as well."""
    pieces = split(word, vocabulary)
    if not pieces or similar_words(word, vocabulary, edits=1):
        return None
    return Correction(typed, " ".join(pieces), "spacing")


def _spelling(typed: str, word: str, vocabulary: Vocabulary) -> Correction | None:
    if len(word) == 1:  # very many syllables are one key away
        return None
    if is_hangul(word):
        expected = map(keys_of, _stems(word, vocabulary))
        vocabulary.expect_similar(keys for keys in expected if is_comparable(keys))
    for stem in _stems(word, vocabulary):
        found = similar_words(stem, vocabulary)
        if found:
            return Correction(typed, found[0].word, "spelling", found[0].distance)
    return None


def _stems(word: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield a word, and what is left of it without an ending that the lexicon knows."""
    yield word
    if not all(map(is_syllable, word)):
        return
    cuts = range(len(word) - 1, max(_MIN_SYLLABLES, len(word) - _MAX_JOSA) - 1, -1)
    known = vocabulary.endings(word[cut:] for cut in cuts)
    yield from (word[:cut] for cut in cuts if word[cut:] in known)
