"""Pairs Korean files with their English versions, by their paths or by a list of pairs."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from functools import cache
from io import StringIO

from corpus.errors import CorpusError
from corpus.text_file import TextSource, read_source, source_name

# Language marks of Korean folders and names: ko/x, x_kor.txt, x.ko-KR.md, 보고서(국문).
_KOREAN = re.compile(
    "((?<![a-z])k(?:or(?:ean)?|o(?:[-_]?kr)?|r)(?![a-z])|한국어|국문|한글)", re.IGNORECASE
)
# Their English counterparts; of two that exist, the first is taken.
_ENGLISH = (
    *("en", "eng", "english", "en-us", "en-US", "en_us", "en_US", "en-gb", "en-GB", "en_gb"),
    *("en_GB", "enus", "enUS"),
)
_HANGUL_FIRST = ("영어", "영문", *_ENGLISH[:3])
# Paths with more marks are skipped: any of the marks may be the one that differs.
_MAX_MARKS = 8
_ONE_MARK = 3  # the parts that a path is split into by one mark

_MAX_ROW = 10_000  # characters
_PADDING = "\r\n\0 \ufeff"
_COLUMN_NAMES = frozenset(
    {"ko", "kr", "kor", "korean", "en", "eng", "english", "한국어", "영어", "국문", "영문"}
)


def parallel_paths(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of a Korean and an English path that differ in their language marks.

    Folders end with "/". The pairs are sorted by their Korean paths, and no path is in two.
    """
    known = dict.fromkeys(paths)
    marked = _marked(known)
    english_folders = _english_folders(marked, known)
    pairs: dict[str, str] = {}
    for folder, names in marked.items():
        for english, korean in _pairs_in(folder, names, english_folders.get(folder, ()), known):
            pairs[english] = min(korean, pairs.get(english, korean))
    return sorted((korean, english) for english, korean in pairs.items() if korean not in pairs)


def _marked(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return the names of all paths that may have a Korean mark, by their folders."""
    marked: dict[str, set[str]] = {}
    for path in paths:
        # Ten times as fast as the pattern, and most paths have no mark.
        lower = path.lower()
        if "ko" in lower or "kr" in lower or "국" in lower or "한글" in lower:
            start = path.rfind("/") + 1
            marked.setdefault(path[:start], set()).add(path[start:])
    return marked


def _english_folders(folders: Iterable[str], paths: Iterable[str]) -> dict[str, list[str]]:
    """Return the English counterparts that exist of each folder with a Korean mark."""
    named = {folder: names for folder in folders if (names := _english_names(folder))}
    existing = {path[: path.rfind("/") + 1] for path in paths} if named else set()
    return {folder: list(filter(existing.__contains__, names)) for folder, names in named.items()}


def _pairs_in(
    folder: str, names: Set[str], english_folders: Sequence[str], known: Container[str]
) -> Iterator[tuple[str, str]]:
    """Yield the (English, Korean) pairs of paths of the names in a folder."""
    left = names
    for english in english_folders:
        same = {name for name in left if english + name in known}
        left = left - same
        yield from ((english + name, folder + name) for name in same)
    for name in left:
        for path in (f + n for n in _english_names(name) for f in (folder, *english_folders)):
            if path in known:
                yield path, folder + name
                break


def _english_names(path: str) -> list[str]:
    """Return the English counterparts of a Korean folder or name, most likely first."""
    parts = _KOREAN.split(path)
    if not 1 < len(parts) <= 2 * _MAX_MARKS:
        return []
    if len(parts) == _ONE_MARK:
        start, mark, end = parts
        return [start + form + end for form in _forms(mark)]
    names = []
    for forms in zip(*map(_forms, parts[1::2]), strict=True):
        parts[1::2] = forms
        names.append("".join(parts))
    for mark in _KOREAN.finditer(path):
        names += [path[: mark.start()] + form + path[mark.end() :] for form in _forms(mark[0])]
    return names


@cache
def _forms(mark: str) -> tuple[str, ...]:
    """Return the English counterparts of a mark, in its case: KOR becomes ENG."""
    if not mark.isascii():
        return _HANGUL_FIRST + _ENGLISH[: len(_ENGLISH) - len(_HANGUL_FIRST)]
    if mark.isupper():
        return tuple(form.upper() for form in _ENGLISH)
    if mark[0].isupper():
        return tuple(form[0].upper() + form[1:] for form in _ENGLISH)
    return _ENGLISH


def read_pairs(source: TextSource) -> list[tuple[str, str]]:
    """Return the distinct pairs of paths in a file or a stream, in order.

    A row is two paths, separated by a tab; the Korean one comes first in the result if the paths
    have language marks. Comments (#) and column names are skipped. Raises CorpusError, which names
    the file and the line.
    """
    name = source_name(source)
    rows: dict[tuple[str, str], None] = {}
    for number, line in enumerate(StringIO(read_source(source)), start=1):
        text = line.strip(_PADDING)
        if text and not text.startswith("#"):
            paths = _parse_row(text, f"{name}, line {number}")
            if rows or not _COLUMN_NAMES.issuperset(path.lower() for path in paths):
                rows[_korean_first(*paths)] = None
    return list(rows)


def _parse_row(text: str, location: str) -> tuple[str, str]:
    paths = [path for cell in text.split("\t") if (path := cell.strip())]
    reason = ""
    if len(text) > _MAX_ROW:
        reason = f"it is longer than {_MAX_ROW:,} characters"
    elif len(paths) != 2:
        reason = f"it has {len(paths)} paths, not 2"
    elif paths[0] == paths[1]:
        reason = "both paths are the same"
    if reason:
        raise CorpusError(
            f"{location}, is not a pair of files: {reason}",
            hint="A line is: path of the Korean file<TAB>path of the English file",
        )
    return paths[0], paths[1]


def _korean_first(first: str, second: str) -> tuple[str, str]:
    """Return two paths in the order of their language marks, if they have them."""
    if parallel_paths([first, second]) == [(second, first)]:
        return second, first
    return first, second
