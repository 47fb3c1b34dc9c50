"""Builds an index: files that changed are read, analyzed, inverted and committed.

A build that stops before its commit leaves the index unchanged. Words that Kiwi has analyzed stay
in the lexicon for the next build.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

from corpus import SUFFIXES
from corpus.text_file import TextSource
from corpus.walk import name_of, walk

from ..bridge.glossary_file import read_glossary
from ..bridge.learning.parallel_files import read_pairs
from ..ingest.bridge_update import UserTranslations
from ..whoosh.writer import IndexWriter
from .build_report import BuildReport, Progress
from .build_run import MAX_FILE_SIZE, BuildRun
from .given_documents import SourceDocument
from .read_limits import DEFAULT_LIMITS, ReadLimits


def build(
    directory: Path,
    roots: Sequence[Path] = (),
    *,
    documents: Iterable[SourceDocument] | None = None,
    remove: Collection[str] = (),
    dictionary: Path | None = None,
    glossaries: Sequence[TextSource] = (),
    pairs: TextSource | None = None,
    rebuild: bool = False,
    wait: float | None = None,
    strict: bool = False,
    max_file_size: int = MAX_FILE_SIZE,
    read_limits: ReadLimits = DEFAULT_LIMITS,
    archives: bool | None = None,
    ocr: bool | None = None,
    shared: bool | None = None,
    always: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> BuildReport:
    """Bring the index in `directory` up to date with the folders and files `roots`.

    Without roots, use those of earlier builds; with `documents` or `remove`, only to `rebuild`.
    `documents` are added, or replace those of the same id if they differ; they stay until their id
    is in `remove` or a file has it as its name. `dictionary` has user words, `glossaries` their
    translations, and `pairs` the paths of files that are translations of each other, relative to
    its folder, or to the current folder for a pipe; the index keeps all three. `rebuild` builds a
    new index, which replaces the old one at the end. `wait` is the number of seconds to wait for
    another build. With `strict`, any problem stops the build; with `always`, it commits even if
    nothing has changed. A file of more than `max_file_size` bytes is not read; nor is one that is
    no plain text beyond `read_limits`. `archives` looks into ZIP archives, `ocr` reads pages
    without text by OCR; None is as in the last build. `shared` lets the group of the folder
    that contains the index use it, and False only its owner, as None does for a new index.

    Raises CorpusError, StoreError, OSError and what `documents` raises, and then leaves the index
    unchanged. What fails after the commit is in the notes of the report.
    """
    return build_with(
        partial(
            IndexWriter, directory, wait=wait, dictionary=dictionary, rebuild=rebuild, shared=shared
        ),
        roots,
        base=directory.parent,
        documents=documents,
        remove=remove,
        dictionary=dictionary,
        glossaries=glossaries,
        pairs=pairs,
        strict=strict,
        max_file_size=max_file_size,
        read_limits=read_limits,
        archives=archives,
        ocr=ocr,
        always=always,
        progress=progress,
    )


class ReadingOptions(TypedDict, total=False):
    """The options of `build` on what is read, and how."""

    documents: Iterable[SourceDocument] | None
    remove: Collection[str]
    strict: bool
    max_file_size: int
    read_limits: ReadLimits
    archives: bool | None
    ocr: bool | None
    progress: Callable[[Progress], None] | None


class BuildOptions(ReadingOptions, total=False):
    """The options of `build` that are the same wherever an index is."""

    glossaries: Sequence[TextSource]
    pairs: TextSource | None


def build_with(
    open_writer: Callable[[], IndexWriter],
    roots: Sequence[Path],
    *,
    base: Path,
    dictionary: Path | None = None,
    glossaries: Sequence[TextSource] = (),
    pairs: TextSource | None = None,
    always: bool = False,
    **options: Unpack[ReadingOptions],
) -> BuildReport:
    """Build as `build` does, with a writer that is opened once the arguments are known to be good.

    The names of files in the index are relative to `base`.
    """
    for root in roots:
        walk([root], base=base, suffixes=SUFFIXES)  # a missing one raises at once
    given = _user_translations(glossaries, pairs, base=base)
    inputs = [source for source in (*glossaries, pairs, dictionary) if isinstance(source, Path)]
    writer = open_writer()
    try:
        return BuildRun(writer, base, given, inputs, always=always, **options).run(roots)
    finally:
        writer.cancel()


def _user_translations(
    glossaries: Sequence[TextSource], pairs: TextSource | None, *, base: Path
) -> UserTranslations:
    """Read the user's glossaries and pairs. Raises CorpusError."""
    entries = [entry for source in glossaries for entry in read_glossary(source)]
    declared = read_pairs(pairs) if pairs is not None else []
    folder = pairs.parent if isinstance(pairs, Path) and pairs.is_file() else Path()
    names = [
        (name_of(folder / first, base), name_of(folder / second, base))
        for first, second in declared
    ]
    return UserTranslations(tuple(entries), tuple(names))
