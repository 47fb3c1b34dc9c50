"""The translations that a text itself states: 개념적 틀(conceptual framework).

What stands in brackets is sorted out first, then the term before them is measured: where it
begins is the hard part, and when in doubt it is the shorter one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .brackets import Inside, expands, inside, is_acronym
from .gloss_span import acronym_before, english_before, expansion_before, korean_before

# Brackets that hold more hold a sentence; no term before them is longer.
_MOST_INSIDE = 120
_MOST_BEFORE = 100
_BRACKETS = re.compile(rf"[(（]([^()（）\n]{{2,{_MOST_INSIDE}}})[)）]")
_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]{2}")
# What any acronym has.
_CAPITALS = re.compile("[A-Z][A-Za-z0-9&+.-]{0,6}[A-Z]")

Pair = tuple[str, str]


def glosses(text: str) -> list[Pair]:
    """Return the (Korean, English) pairs that the brackets of `text` state, in order, each once.

    Both are as written, without the particles around them. Where the text says what an acronym
    stands for, what is glossed with one is glossed with its expansion too.
    """
    if text.isascii() or not has_brackets(text) or not _LATIN.search(text):
        return []
    found = list(dict.fromkeys(pair for around in _brackets(text) for pair in _stated(*around)))
    if not any(is_acronym(english) for _, english in found):
        return found
    return expanded(found, acronyms(text))


def acronyms(text: str) -> list[Pair]:
    """Return the (acronym, expansion) pairs that the brackets of `text` state, each once."""
    if not has_brackets(text):
        return []
    return list(dict.fromkeys(pair for around in _brackets(text) for pair in _spelt_out(*around)))


def expanded(found: Iterable[Pair], acronyms: Iterable[Pair]) -> list[Pair]:
    """Return the glosses `found`, and those with an acronym once more with its expansions."""
    expansions: dict[str, list[str]] = {}
    for acronym, expansion in acronyms:
        expansions.setdefault(acronym, []).append(expansion)
    pairs: dict[Pair, None] = {}
    for korean, english in found:
        pairs[korean, english] = None
        pairs.update(((korean, expansion), None) for expansion in expansions.get(english, ()))
    return list(pairs)


def has_brackets(text: str) -> bool:
    """Tell whether a text has what all that is stated needs: most have none."""
    return "(" in text or "（" in text


def _brackets(text: str) -> Iterator[Pair]:
    """Yield what stands before brackets, on the same line, and in them."""
    for found in _BRACKETS.finditer(text):
        start = found.start()
        before = text[max(0, start - _MOST_BEFORE) : start]
        yield before[before.rfind("\n") + 1 :], found[1]


def _stated(before: str, within: str) -> Iterator[Pair]:
    if not _LATIN.search(within) and not (_HANGUL.search(within) and _LATIN.search(before)):
        return
    terms = inside(within)
    if terms.english:
        for english in terms.english:
            korean = korean_before(before, terms.english[0])
            if _HANGUL.search(korean):
                yield korean, english
    if terms.korean:
        yield from ((terms.korean, english) for english in _named(before, terms))


def _named(before: str, terms: Inside) -> list[str]:
    """Return the English before brackets with a Korean term, and what they spell it out as."""
    for other in terms.english:
        if acronym := acronym_before(before, other):
            return [acronym, other]
    head = english_before(before, terms.korean)
    return [head] if head else []


def _spelt_out(before: str, within: str) -> Iterator[Pair]:
    if not _CAPITALS.search(within) and not _CAPITALS.search(before.rstrip().rpartition(" ")[2]):
        return
    terms = inside(within).english
    for acronym in filter(is_acronym, terms):
        yield from ((acronym, other) for other in terms if expands(acronym, other))
    if not terms:
        return
    if is_acronym(terms[0]) and (expansion := expansion_before(before, terms[0])):
        yield terms[0], expansion
    if head := acronym_before(before, terms[0]):
        yield head, terms[0]
