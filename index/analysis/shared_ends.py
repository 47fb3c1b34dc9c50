"""Lists of names that share an end, or a start: 초·중·고등학교, 상·하반기, 국내·외.

A list has a lexicon key of its own, whose analysis has the members that are words as EXTRA terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..value import NamedTuple
from .lexicon import Analysis
from .word import Part, Role

_DOT = "·"


class Member(NamedTuple):
    """What a name of a list may be in full, and where it stands in the list with its dots."""

    word: str
    start: int
    end: int


def list_key(names: Iterable[str]) -> str:
    """Return the lexicon key of a list of names."""
    return _DOT + _DOT.join(names)


def is_list(key: str) -> bool:
    """Return whether a lexicon key is that of a list."""
    return key[0] == _DOT


def members(key: str, stem: Callable[[str], str]) -> Iterator[Member]:
    """Yield what the names of a list may be in full; `stem` returns a word without particles."""
    *names, last = key[1:].split(_DOT)
    last = stem(last)
    end = len(_DOT.join([*names, last]))
    start = 0
    for name in names:
        for cut in range(1, len(last)):
            yield Member(name + last[cut:], start, end)
        start += len(name) + 1
    for cut in range(1, len(names[0])):
        yield Member(names[0][:cut] + last, 0, end)


def list_analysis(found: Sequence[Member]) -> Analysis:
    """Return the analysis of a list whose members are these words."""
    return tuple([Part(m.word, Role.EXTRA, 0, m.start, m.end) for m in found]), 0
