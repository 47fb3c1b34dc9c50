"""Decides which files a build reads, and what the catalogue has of them afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from corpus import Problem
from corpus.changes import CHANGED, NO_DIGEST, UNKNOWN, UNTRUSTED, Changes, Fingerprint
from corpus.document import State
from corpus.ignore import IGNORE_FILE
from corpus.names import readable
from corpus.readers import ReadOptions
from corpus.state import HAS_TEXT

from ..directory.catalogue import Catalogue, CataloguedFile


def due_again(catalogue: Catalogue, options: ReadOptions) -> Catalogue:
    """Return a catalogue whose files with problems are due, in the state in which they are.

    Only if more is read with `options` than before. Also those below no root of this build, which a
    later one reads.
    """
    if all(now <= then for now, then in zip(options, catalogue.options, strict=True)):
        return catalogue
    files = {
        name: replace(file, fingerprint=_due(file.fingerprint)) if file.problems else file
        for name, file in catalogue.files.items()
    }
    return replace(catalogue, files=files)


def _due(fingerprint: Fingerprint) -> Fingerprint:
    """Return a fingerprint that no file has, of which as much was read."""
    if fingerprint in (UNKNOWN, CHANGED):
        return fingerprint
    digest = NO_DIGEST if fingerprint.digest == NO_DIGEST else CHANGED.digest
    return replace(fingerprint, modified=UNTRUSTED, digest=digest)


def without_unreadable(changes: Changes, problems: Iterable[Problem]) -> Changes:
    """Keep the documents of files and folders that cannot be read now: they may still exist."""
    unreadable = [_unread_place(problem) for problem in problems]
    removed = tuple(name for name in changes.removed if not is_below(name, unreadable))
    return replace(changes, removed=removed)


def _unread_place(problem: Problem) -> str:
    """Return what a problem of the walk left out: for that of an ignore file, its folder."""
    folder, _, name = problem.path.rpartition("/")
    return folder or "." if problem.passing and name == IGNORE_FILE else problem.path


def without_large(changes: Changes, *, most: int) -> tuple[Changes, list[Problem]]:
    """Leave out the files of more than `most` bytes; return a problem for each of them as well."""
    added = tuple(file for file in changes.added if file.size <= most)
    updated = tuple(file for file in changes.updated if file.size <= most)
    large = [file for file in (*changes.added, *changes.updated) if file.size > most]
    reason = f"is larger than {most:,} bytes (--max-file-size)"
    problems = [Problem(path=file.name, reason=reason, state=State.TOO_LARGE) for file in large]
    return replace(changes, added=added, updated=updated), problems


def is_below(name: str, sources: Iterable[str]) -> bool:
    """Return whether a file is one of `sources` or below one; all names are from `name_of`."""
    return any(_contains(source, name) for source in sources)


def _contains(source: str, name: str) -> bool:
    if source.strip("./"):
        return name == source or name.startswith(source + "/")
    # The base (".") or a parent of it ("../.."): it contains names with no more "..".
    return name.split("/").count("..") <= source.split("/").count("..")


def known_problems(known: Mapping[str, CataloguedFile], changes: Changes) -> list[Problem]:
    """Return the problems of files that are not read again."""
    stale = {file.name for file in changes.updated} | set(changes.removed)
    return [
        problem for name, file in known.items() if name not in stale for problem in file.problems
    ]


def catalogue_after(
    before: Catalogue,
    files: Mapping[str, CataloguedFile],
    changes: Changes,
    sources: Iterable[str],
    options: ReadOptions,
    documents: Mapping[str, str],
) -> Catalogue:
    """Return the new catalogue; `files` were read, or have a new fingerprint or problem.

    `documents` are those given by programs.
    """
    read = {name: _with_earlier(file, before.files.get(name)) for name, file in files.items()}
    removed = set(changes.removed)
    kept = {name: file for name, file in before.files.items() if name not in removed}
    # By name: a folder may have been renamed to another normal form.
    named = {readable(source): source for source in (*before.sources, *sources)}
    return Catalogue(kept | read, tuple(sorted(named.values())), options, documents)


def _with_earlier(file: CataloguedFile, before: CataloguedFile | None) -> CataloguedFile:
    """Return a file with its state when it was read before, if it is another one now."""
    if before is None:
        return file
    if not before.was_read:
        return file if file.was_read else replace(file, earlier=before.earlier)
    return file if file.state is before.state else replace(file, earlier=before.state)


def lost_files(after: Catalogue, read: Iterable[str]) -> list[str]:
    """Return the files among those just `read` that had text when they were read before."""
    return [
        name
        for name in read
        if (file := after.files[name]).earlier in HAS_TEXT and file.state not in HAS_TEXT
    ]
