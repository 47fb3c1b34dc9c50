"""Takes running heads and feet out of all pages but the first that has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

_EDGE = 3  # lines at the beginning and at the end of a page, in the order of its content
_LEAST_PAGES = 3
_SHARE = 0.6  # of the pages
_NUMBER = re.compile("[0-9]+")
_LONGEST = 200  # characters


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """Return the pages without the lines that most have at their edges, but where they are first.

    Lines that differ in numbers are the same, unless the numbers are no page numbers.
    """
    seen = Counter(
        mask for page in pages for mask in {_masked(line) for _, line in _edges(page.split("\n"))}
    )
    filled = sum(1 for page in pages if page and not page.isspace())
    running = {
        mask for mask, count in seen.items() if count >= max(_LEAST_PAGES, _SHARE * filled)
    } - {""}
    if not running:
        return list(pages)
    return list(_stripped(pages, running))


def _stripped(pages: Sequence[str], running: set[str]) -> Iterator[str]:
    first: dict[str, tuple[int, str]] = {}
    for index, page in enumerate(pages):
        lines = page.split("\n")
        for place, line in _edges(lines):
            mask = _masked(line)
            if mask not in running:
                continue
            before, kept = first.setdefault(mask, (index, line))
            # Lines of one page that differ in numbers are no running ones, but perhaps a list.
            is_first = before == index and (line is kept or line.strip() != kept.strip())
            if not is_first and _says_nothing_new(line, kept, index - before, len(pages)):
                lines[place] = ""
        # A page of nothing else says what it has to say with them.
        yield "\n".join(filter(None, lines)) if any(map(str.strip, lines)) else page


def _edges(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the first and last lines, with their places."""
    middle = len(lines) // 2
    for place in (
        *range(min(_EDGE, middle + 1)),
        *range(max(middle + 1, len(lines) - _EDGE), len(lines)),
    ):
        yield place, lines[place]


def _masked(line: str) -> str:
    return _NUMBER.sub("0", line.strip()) if len(line) <= _LONGEST else ""


def _says_nothing_new(line: str, kept: str, pages_on: int, pages: int) -> bool:
    """Return whether the numbers of a line are those of the kept one, or count pages."""
    known = set(map(int, _NUMBER.findall(kept)))
    return all(
        number <= pages or number in known or number - pages_on in known
        for number in map(int, _NUMBER.findall(line))
    )
