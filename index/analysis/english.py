"""English: stems and stop words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ..fork_locks import import_before_fork
from .english_spelling import PAIRS, common_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Dropped from queries that have other words. They are indexed, so that phrases match exactly and
# "to be or not to be" finds itself.
STOP_WORDS = frozenset(
    """
    a about above after again against all am an and any are as at be because been before being
    below between both but by can cannot could did do does doing down during each few for from
    further had has have having he her here hers herself him himself his how i if in into is it
    its itself let me more most must my myself no nor not of off on once only or other ought our
    ours ourselves out over own same shall she should so some such than that the their theirs
    them themselves then there these they this those through to too under until up very was we
    were what when where which while who whom why will with would you your yours yourself
    yourselves
    aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mustn't shan't
    shouldn't wasn't weren't won't wouldn't i'm i've i'll i'd you're you've you'll you'd he's
    he'll he'd she's she'll she'd it's it'll we're we've we'll we'd they're they've they'll
    they'd that's there's here's what's who's where's when's why's how's let's
    """.split()  # noqa: SIM905 - a list of words reads as prose, not as 180 literals
)


import_before_fork("Stemmer")


@cache
def _stemmer() -> Callable[[str], str]:
    # Imported for the first English word, so that Korean queries do not pay for it.
    from Stemmer import Stemmer

    stem: Callable[[str], str] = Stemmer("english").stemWord
    return stem


@cache
def _american() -> Mapping[str, str]:
    """Return the stems of British spellings, each with that of the American one."""
    porter2 = _stemmer()
    return {porter2(british): porter2(american) for british, american in PAIRS}


def stem(word: str) -> str:
    """Return the stem of a lower-case word; other scripts are returned unchanged.

    It is Porter2's, of the base of an irregular form and of the American spelling.
    """
    found = _stemmer()(common_form(word))
    return _american().get(found, found)


def spelled_stem(word: str) -> str:
    """Return the stem of a word by its letters alone, for wildcards: harbour of harbours."""
    return _stemmer()(word)
