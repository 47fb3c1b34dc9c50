"""Where in one passage the words of a phrase stand side by side, for its highlights.

`topk/phrase.py` answers the same on the posting lists of all passages at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.analysis.analyzer import Token

from .phrase import with_places
from .reading import QueryWord

Places = dict[str, set[int]]


def occurrences(
    tokens: Sequence[Token], words: Sequence[QueryWord], *, slop: int = 0
) -> list[tuple[int, int]]:
    """Return the positions, start and end, of each occurrence of a phrase in a passage.

    Of its tokens, those that have one of the terms of the phrase are enough.
    """
    places: Places = {}
    for token in tokens:
        for part in token.word.parts:
            places.setdefault(part.term, set()).add(token.position + part.position)
    found: dict[int, int] | None = None  # where an occurrence ends so far, and where it started
    for word in with_places(words):
        pairs = list(_word_places(word, places))
        if found is None:
            found = {end: start for start, end in pairs}
        else:
            found = {
                end: found[before]
                for start, end in pairs
                for before in found
                if start - slop <= before <= start
            }
    return sorted((start, end) for end, start in (found or {}).items())


def terms_of(words: Sequence[QueryWord]) -> set[str]:
    """Return the terms that an occurrence of a phrase may be made of."""
    readings = {term for word in words for term, _ in word.readings}
    return readings.union(*(word.wholes for word in words))


def _word_places(word: QueryWord, places: Places) -> Iterator[tuple[int, int]]:
    """Yield where a word starts and the place behind it, in either of its forms."""
    (first, offset), *rest = word.readings or (("", 0),)
    for place in places.get(first, ()):
        start = place - offset
        if all(start + position in places.get(term, ()) for term, position in rest):
            yield start, start + word.word.width
    for whole in word.wholes:
        for start in places.get(whole, ()):
            for width in {1, max(1, word.word.width)}:
                yield start, start + width
