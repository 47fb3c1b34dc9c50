"""The words of an English stem: the stem and an ending, where stemming gives that stem again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from index.analysis.english import stem
from index.analysis.normalize import normal_form

ENDINGS = (
    "",
    *"""
    s es ed d e ing ings y ly er ers or ors ment ments ion ions ation ations al ally ational ive
    ives able ible ably ness ity ities ies ied ic ical ically ics ful less est ism ist ists ous
    ance ence ances ences ant ent ants ents ize izes ized izing ization ise ises ised ising
    isation ability ibility fully ively ously ate ates ated ating ator ators ative atives ately
    atively ingly edly ered ering ional ionally ioning ioned icate icates icated icating ication
    ications ently antly ential entially ial ially iously mental
    """.split(),  # noqa: SIM905 - a list of endings reads as prose
)
LONGEST_ENDING = max(map(len, ENDINGS))
# Letters that are doubled before an ending: planned, running.
_DOUBLED = frozenset("bdfgklmnprtz")

_WORD = re.compile("[a-z]+")


def word_forms(term: str, *, length: int, slack: int) -> Iterator[str]:
    """Yield the words of a stem whose length is `length`, give or take `slack` letters."""
    for base in _bases(term):
        for ending in ENDINGS:
            form = base + ending
            if abs(len(form) - length) <= slack and (form == term or stem(form) == term):
                yield form


def _bases(term: str) -> Iterator[str]:
    """Yield what endings are added to: the stem, and what it may be derived from."""
    yield term
    if term[-1] in "ie":  # strategi of strategy, move of moving
        yield term[:-1]
    if term[-1] in _DOUBLED:
        yield term + term[-1]


def written_forms(term: str, texts: Iterable[str]) -> Counter[str]:
    """Return the words of a stem in some texts, counted."""
    found: Counter[str] = Counter()
    for text in texts:
        words = _WORD.findall(normal_form(text))
        found.update(word for word in words if stem(word) == term)
    return found
