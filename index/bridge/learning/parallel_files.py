"""Which files are a Korean and an English version of the same: by their paths, or as told."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from functools import cache
from io import StringIO

from corpus.errors import CorpusError
from corpus.text_file import TextSource, name_of_source, source_text

# What folders and names say that they are Korean with: ko/x, x_kor.txt, x.ko-KR.md, 보고서(국문).
_KOREAN = re.compile(
    "((?<![a-z])k(?:or(?:ean)?|o(?:[-_]?kr)?|r)(?![a-z])|한국어|국문|한글)", re.IGNORECASE
)
# What stands for it in the English path; of two that there are, the first.
_ENGLISH = (
    *("en", "eng", "english", "en-us", "en-US", "en_us", "en_US", "en-gb", "en-GB", "en_gb"),
    *("en_GB", "enus", "enUS"),
)
_IN_HANGUL = ("영어", "영문", "en", "eng", "english")
# A path with more marks is not looked at: each may be the one that counts.
_MOST_MARKS = 8
# What a path with one mark is cut into: what stands before it, the mark, and the rest.
_ONE_MARK = 3

_LONGEST_ROW = 10_000
_AROUND = "\r\n\0 \ufeff"
_HEADINGS = frozenset(
    {"ko", "kr", "kor", "korean", "en", "eng", "english", "한국어", "영어", "국문", "영문"}
)


def parallel_paths(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of a Korean and an English path that differ in the language they name.

    Folders end with "/". The pairs are in the order of their Korean paths, and no path is in two.
    """
    known = dict.fromkeys(paths)
    twins = _twins(marked := _marked(known), known)
    taken: dict[str, str] = {}
    for folder, names in marked.items():
        for english, korean in _pairs_in(folder, names, twins.get(folder, ()), known):
            taken[english] = min(korean, taken.get(english, korean))
    return sorted((korean, english) for english, korean in taken.items() if korean not in taken)


def _marked(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return by their folders the names of all paths that may be marked as Korean."""
    marked: dict[str, set[str]] = {}
    for path in paths:
        # A search for marks takes ten times as long as this, and most paths have none.
        lower = path.lower()
        if "ko" in lower or "kr" in lower or "국" in lower or "한글" in lower:
            start = path.rfind("/") + 1
            marked.setdefault(path[:start], set()).add(path[start:])
    return marked


def _twins(folders: Iterable[str], paths: Iterable[str]) -> dict[str, list[str]]:
    """Return for each folder that is marked those that there are of its names in English."""
    called = {folder: others for folder in folders if (others := _in_english(folder))}
    there = {path[: path.rfind("/") + 1] for path in paths} if called else set()
    return {folder: list(filter(there.__contains__, others)) for folder, others in called.items()}


def _pairs_in(
    folder: str, names: Set[str], twins: Sequence[str], known: Container[str]
) -> Iterator[tuple[str, str]]:
    """Yield the English path for each Korean one of a folder, where there is one, with that."""
    left = names
    for twin in twins:
        same = {name for name in left if twin + name in known}
        left = left - same
        yield from ((twin + name, folder + name) for name in same)
    places = (folder, *twins)
    for name in left:
        if english := _first_of(_in_english(name), places, known):
            yield english, folder + name


def _first_of(names: Iterable[str], places: Sequence[str], known: Container[str]) -> str:
    """Return the first path that there is, or ""."""
    for name in names:
        for place in places:
            if (path := place + name) in known:
                return path
    return ""


def _in_english(path: str) -> list[str]:
    """Return what a Korean folder or name may be called in English, the likeliest first."""
    parts = _KOREAN.split(path)
    if not 1 < len(parts) <= 2 * _MOST_MARKS:
        return []
    if len(parts) == _ONE_MARK:
        start, mark, end = parts
        return [start + form + end for form in _forms(mark)]
    called = []
    for forms in zip(*map(_forms, parts[1::2]), strict=True):
        parts[1::2] = forms
        called.append("".join(parts))
    for mark in _KOREAN.finditer(path):
        called += [path[: mark.start()] + form + path[mark.end() :] for form in _forms(mark[0])]
    return called


@cache
def _forms(mark: str) -> tuple[str, ...]:
    """Return the English marks for a Korean one, in its letters: KOR becomes ENG."""
    if not mark.isascii():
        return _IN_HANGUL + _ENGLISH[: len(_ENGLISH) - len(_IN_HANGUL)]
    if mark.isupper():
        return tuple(form.upper() for form in _ENGLISH)
    if mark[0].isupper():
        return tuple(form[0].upper() + form[1:] for form in _ENGLISH)
    return _ENGLISH


def read_pairs(source: TextSource) -> list[tuple[str, str]]:
    """Return the pairs of paths that a file or a stream tells, in its order, each once.

    A row is two paths as it has them, parted by a tab; the Korean one comes first in the result
    where the paths say which it is. Lines that begin with # say nothing, and column names neither.
    Raises CorpusError, which names the file and the line.
    """
    name = name_of_source(source)
    rows: dict[tuple[str, str], None] = {}
    for number, line in enumerate(StringIO(source_text(source)), start=1):
        text = line.strip(_AROUND)
        if text and not text.startswith("#"):
            cells = _cells(text, f"{name}, line {number}")
            if rows or not _HEADINGS.issuperset(cell.lower() for cell in cells):
                rows[_korean_first(*cells)] = None
    return list(rows)


def _cells(text: str, place: str) -> tuple[str, str]:
    cells = [cell.strip() for cell in text.split("\t")]
    paths = [cell for cell in cells if cell]
    reason = ""
    if len(text) > _LONGEST_ROW:
        reason = f"it is longer than {_LONGEST_ROW:,} characters"
    elif len(paths) != 2:
        reason = f"it has {len(paths)} paths, not 2"
    elif paths[0] == paths[1]:
        reason = "both paths are the same"
    if reason:
        raise CorpusError(
            f"{place}, is not a pair of files: {reason}",
            hint="A line is: path of the Korean file<TAB>path of the English file",
        )
    return paths[0], paths[1]


def _korean_first(first: str, second: str) -> tuple[str, str]:
    """Return two paths in the order of their languages, where they say them."""
    if parallel_paths([first, second]) == [(second, first)]:
        return second, first
    return first, second
