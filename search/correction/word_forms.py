"""The words that an English stem may stand for: the stem and an ending, if that has that stem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from index.analysis.english import stem
from index.analysis.normalize import normal_form
from index.schema import Field
from index.snapshot import Snapshot

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

# Passages that are read for a term, spread over all that hold it; one takes about 0.1 ms.
PASSAGES = 4
# A stem is its word but for the end, where y may have become i.
_CHANGED = 1
_WORD = re.compile("[a-z]+")


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


def written_forms(snapshot: Snapshot, term: str, *, passages: int = PASSAGES) -> Counter[str]:
    """Return the words that have a term for their stem, as some passages write them, counted.

    Nothing is counted where only titles hold the term.
    """
    found: Counter[str] = Counter()
    postings = snapshot.posting_list(Field.BODY, term.encode())
    if postings is None:
        return found
    places = np.unique(np.linspace(0, postings.size - 1, min(passages, postings.size)).astype(int))
    head = term[: max(1, len(term) - _CHANGED)]
    for passage in postings.passages_at(places).tolist():
        words = _WORD.findall(normal_form(str(snapshot.stored(passage)["text"])))
        found.update(word for word in words if word.startswith(head) and stem(word) == term)
    return found
