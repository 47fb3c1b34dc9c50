"""Whether a Korean word is right as it stands, by the morphemes that Kiwi reads in it.

Kiwi reads any string: an unknown one as a noun that its dictionary lacks, a misspelled one often as
a chain of short morphemes (반도채 as 반 + 도 + 채). A word is right if it is one word of the
dictionary, or a compound of its longer nouns, with affixes, particles and endings around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

_NOUNS = frozenset({"NNG", "NNP", "XR"})
_PREDICATES = frozenset({"VV", "VA", "VX", "VCN"})
_OPEN = _NOUNS | _PREDICATES | {"NNB", "NR", "NP", "MAG", "MAJ", "MM", "IC"}
_AFFIXES = ("XPN", "XSN")
# What follows a noun or a verb stem: particles, endings, 이다, and 하다 as a suffix.
_FOLLOWING = ("J", "E", "VCP", "XSV", "XSA", "XSM")
# Nouns of one syllable are in too many misspellings.
_SHORTEST = 2


class Morpheme(Protocol):
    """What is asked of Kiwi's tokens; `oov` ones are in no dictionary."""

    tag: str
    len: int
    oov: bool


def is_word(text: str, readings: Sequence[tuple[Sequence[Morpheme], float]]) -> bool:
    """Return whether a word is right, by Kiwi's readings of it, the best one first."""
    if len(text) < _SHORTEST:
        return True
    known = [tokens for tokens, _ in readings if not any(token.oov for token in tokens)]
    best = readings[0][0]
    if best in known and (_is_inflected(best) or _is_compound(best)):
        return True
    return any(map(_is_dictionary_form, known))


def is_entry(readings: Iterable[tuple[Sequence[Morpheme], float]]) -> bool:
    """Return whether a word is one noun or other morpheme of the dictionary, in any reading."""
    return any(len(tokens) == 1 and not tokens[0].oov for tokens, _ in readings)


def _is_dictionary_form(tokens: Sequence[Morpheme]) -> bool:
    """Return whether one morpheme of two or more syllables is the word, but for a verb's ending.

    It is right in any reading; with particles only in the best, as 마법사 + 이 is for 마법사의.
    """
    first, *rest = tokens
    if not rest:
        return True
    is_verb = _tag(first) in _PREDICATES and first.len >= _SHORTEST
    return is_verb and all(token.tag.startswith("E") for token in rest)


def _is_inflected(tokens: Sequence[Morpheme]) -> bool:
    """Return whether a word is one content morpheme and what may follow it."""
    first, *rest = tokens
    if _tag(first) in _PREDICATES or (_tag(first) in _OPEN and first.len >= _SHORTEST):
        return all(map(_may_follow, rest))
    return _tag(first) in _NOUNS and all(token.tag.startswith("J") for token in rest)


def _may_follow(token: Morpheme) -> bool:
    return _tag(token).startswith(_FOLLOWING)


def _is_compound(tokens: Sequence[Morpheme]) -> bool:
    """Return whether morphemes are nouns of two or more syllables, with affixes and particles."""
    core = list(tokens)
    while core and _may_follow(core[-1]):
        core.pop()
    nouns = [token for token in core if _tag(token) not in _AFFIXES]
    return bool(nouns) and all(_tag(n) in _NOUNS and n.len >= _SHORTEST for n in nouns)


def _tag(token: Morpheme) -> str:
    """Return the tag without the suffix of irregular inflection: VV-I is VV."""
    return token.tag.partition("-")[0]
