"""Extracts glosses: translations that a text gives in brackets, as 개념적 틀(conceptual framework).

The text in brackets is classified first; then the start of the term before it is found, which is
the hard part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .brackets import BracketTerms, bracket_terms, expands, is_acronym
from .gloss_span import acronym_before, english_before, expansion_before, korean_before

_MAX_BRACKET = 120  # characters; a longer bracket has a sentence
_MAX_BEFORE = 100  # characters before the bracket, more than any term has
_BRACKETS = re.compile(rf"[(（]([^()（）\n]{{2,{_MAX_BRACKET}}})[)）]")
_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]{2}")
# A cheap condition that every acronym meets.
_CAPITALS = re.compile("[A-Z][A-Za-z0-9&+.-]{0,6}[A-Z]")

Pair = tuple[str, str]


def glosses(text: str) -> list[Pair]:
    """Return the distinct (Korean, English) glosses of `text`, in order, as written there.

    A term that is glossed with an acronym is paired with the acronym's expansions in `text` too.
    """
    if text.isascii() or not has_brackets(text) or not _LATIN.search(text):
        return []
    found = list(dict.fromkeys(pair for context in _brackets(text) for pair in _glosses(*context)))
    if not any(is_acronym(english) for _, english in found):
        return found
    return expanded(found, acronyms(text))


def acronyms(text: str) -> list[Pair]:
    """Return the distinct (acronym, expansion) pairs that the brackets of `text` give, in order."""
    if not has_brackets(text):
        return []
    return list(dict.fromkeys(pair for context in _brackets(text) for pair in _acronyms(*context)))


def expanded(found: Iterable[Pair], acronyms: Iterable[Pair]) -> list[Pair]:
    """Return the glosses `found`, each acronym followed by its expansions as glosses."""
    expansions: dict[str, list[str]] = {}
    for acronym, expansion in acronyms:
        expansions.setdefault(acronym, []).append(expansion)
    pairs = (
        (korean, written)
        for korean, english in found
        for written in (english, *expansions.get(english, ()))
    )
    return list(dict.fromkeys(pairs))


def has_brackets(text: str) -> bool:
    """Return whether a text has an opening bracket: most texts have none, and so no gloss."""
    return "(" in text or "（" in text


def _brackets(text: str) -> Iterator[Pair]:
    """Yield the text before each bracket, on the same line, and the text in it."""
    for found in _BRACKETS.finditer(text):
        start = found.start()
        before = text[max(0, start - _MAX_BEFORE) : start]
        yield before[before.rfind("\n") + 1 :], found[1]


def _glosses(before: str, bracket: str) -> Iterator[Pair]:
    if not _LATIN.search(bracket) and not (_HANGUL.search(bracket) and _LATIN.search(before)):
        return
    terms = bracket_terms(bracket)
    for english in terms.english:
        korean = korean_before(before, terms.english[0])
        if _HANGUL.search(korean):
            yield korean, english
    if terms.korean:
        yield from ((terms.korean, english) for english in _english_forms(before, terms))


def _english_forms(before: str, terms: BracketTerms) -> list[str]:
    """Return the English that a Korean bracket glosses: a term, or an acronym and its expansion."""
    for other in terms.english:
        if acronym := acronym_before(before, other):
            return [acronym, other]
    head = english_before(before, terms.korean)
    return [head] if head else []


def _acronyms(before: str, bracket: str) -> Iterator[Pair]:
    if not _CAPITALS.search(bracket) and not _CAPITALS.search(before.rstrip().rpartition(" ")[2]):
        return
    terms = bracket_terms(bracket).english
    for acronym in filter(is_acronym, terms):
        yield from ((acronym, other) for other in terms if expands(acronym, other))
    if not terms:
        return
    if is_acronym(terms[0]) and (expansion := expansion_before(before, terms[0])):
        yield terms[0], expansion
    if head := acronym_before(before, terms[0]):
        yield head, terms[0]
