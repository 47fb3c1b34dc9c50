"""The words that an English stem may stand for: the stem and an ending, if that has that stem."""

from __future__ import annotations

from collections.abc import Iterator

from index.analysis.english import stem

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
# Endings that most words take: one is believed of a word that no document was seen to have.
INFLECTIONS = frozenset(("", "s", "es", "ed", "ing", "ly", "e"))
# What is written twice before an ending: planned, running.
_DOUBLED = frozenset("bdfgklmnprtz")


def word_forms(term: str, *, length: int, slack: int) -> Iterator[str]:
    """Yield the words of about a length, `slack` letters more or fewer, that have a stem."""
    for base in _bases(term):
        for ending in ENDINGS:
            form = base + ending
            if abs(len(form) - length) <= slack and (form == term or stem(form) == term):
                yield form


def _bases(term: str) -> Iterator[str]:
    """Yield what endings stand behind: the stem, or what it was made of."""
    yield term
    if term[-1] in "ie":  # strategi of strategy, move of moving
        yield term[:-1]
    if term[-1] in _DOUBLED:
        yield term + term[-1]
