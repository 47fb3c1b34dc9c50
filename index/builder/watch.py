"""Waits for files of an index to change. The library watchfiles stays behind this module."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

from corpus.errors import CorpusError, MissingExtra

from ..directory.salvage import readable_catalogue

# Milliseconds: a program that saves a file writes several times, and a copied folder takes longer.
_QUIET = 300
_LONGEST = 5000
_SOON = 1000


def watched_roots(directory: Path) -> list[Path]:
    """Return the folders and files that builds of an index were given, and that exist."""
    return existing_roots(readable_catalogue(directory).sources, directory.parent)


def existing_roots(names: Iterable[str], base: Path) -> list[Path]:
    """Return the folders and files that exist, of names relative to `base`."""
    return [root for name in names if (root := base / name).exists()]


def changes(roots: Sequence[Path], *, index: str, own: Path | None = None) -> Iterator[int]:
    """Yield the number of paths that changed, each time that something has changed in the roots.

    The first number comes within a second, and may be 0: what changed before the watch began is in
    none. What is in `own`, the directory of the index, does not count. What changes while the
    caller is at work is in the next number. Errors name the `index`. Raises MissingExtra without
    watchfiles, CorpusError where nothing can be watched, and KeyboardInterrupt.
    """
    library = _watchfiles()
    real_own = None if own is None else os.path.realpath(own)
    if not roots:
        hint = "Build it again with the folders to index: chaja build FOLDER"
        raise CorpusError(f"{index}: none of its folders exists any more", hint=hint)

    def is_document(_: object, path: str) -> bool:
        # A root may be reached by `..` or a link, and paths begin as their root does.
        real = os.path.realpath(path)
        return real_own is None or (real != real_own and not real.startswith(real_own + os.sep))

    try:
        watched = library.watch(
            *roots,
            watch_filter=is_document,
            step=_QUIET,
            debounce=_LONGEST,
            rust_timeout=_SOON,
            yield_on_timeout=True,
        )
        yield len(next(watched))
        yield from filter(None, map(len, watched))
    except OSError as error:
        raise CorpusError(
            f"the folders cannot be watched: {error}",
            hint="Raise the limit, as in: sysctl fs.inotify.max_user_watches=1000000; or build "
            "at intervals, with cron.",
        ) from error


def _watchfiles() -> ModuleType:
    # Imported here: an optional dependency.
    try:
        import watchfiles
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "watching needs watchfiles, which is not installed",
            hint="install it: pip install 'chaja[watch]'",
        ) from error
    return watchfiles
