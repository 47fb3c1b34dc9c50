"""English: the stem of a word, and the words that carry a sentence but not its subject."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Left out of a query while another word stands in it. They are indexed, so that a phrase holds
# its words and "to be or not to be" finds itself.
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


@cache
def _stemmer() -> Callable[[str], str]:
    # Imported when the first English word is met: a Korean query never pays for it.
    from Stemmer import Stemmer

    stem: Callable[[str], str] = Stemmer("english").stemWord
    return stem


def stem(word: str) -> str:
    """Return the Porter2 stem of a lower-case word; words of other languages pass unharmed."""
    return _stemmer()(word)
