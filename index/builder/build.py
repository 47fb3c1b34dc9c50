"""Builds an index: what changed in the folders is read, analysed, inverted and committed.

Whatever stops a build before its commit leaves the index as it was. What Kiwi had done by then
stays in the lexicon, so that the next build does not do it again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from corpus import SUFFIXES, Problem
from corpus.changes import Changes, Fingerprint, compare
from corpus.errors import CorpusError
from corpus.text_file import TextSource
from corpus.walk import SourceFile, name_of, walk

from ..bridge.glossary_file import read_glossary
from ..bridge.learning.parallel_files import read_pairs
from ..directory.catalogue import Catalogue, CataloguedFile
from ..directory.commit import SEGMENT_NAME
from ..directory.damage import reported_damage
from ..directory.directory_reader import DirectoryReader
from ..directory.location import has_index, index_option_for
from ..ingest.batch import Batch
from ..ingest.bridge_store import BridgeStore
from ..ingest.bridge_update import UserTranslations
from ..whoosh.writer import IndexWriter
from .build_report import BuildReport, Progress, nothing_to_read, refused, unreadable
from .reader_pool import batches_of

_DOCUMENT_TOO = "{} is indexed as a document too: add it to .chajaignore to exclude it"


def build(
    directory: Path,
    roots: Sequence[Path] = (),
    *,
    dictionary: Path | None = None,
    glossaries: Sequence[TextSource] = (),
    pairs: TextSource | None = None,
    rebuild: bool = False,
    wait: float | None = None,
    strict: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> BuildReport:
    """Bring the index in `directory` up to date with the folders and files `roots`.

    Without roots, those of earlier builds. `dictionary` gives words of the user's, `glossaries`
    what words are in the other language, `pairs` which files are translations of each other, by
    paths from the folder it stands in, or from the current one where it is a pipe: the index keeps
    all three. `rebuild` makes the index anew and replaces the old one when it is done;
    `wait` is how many seconds to wait for another build; `strict` lets any problem stop the build.

    Raises CorpusError, IndexLocked, AnalyserMismatch, IndexDamaged, IndexOutdated and OSError;
    the index is then as it was before.
    """
    for root in roots:
        walk([root], base=directory.parent, suffixes=SUFFIXES)  # a missing one raises at once
    given = _given(glossaries, pairs, base=directory.parent)
    told = [source for source in (*glossaries, pairs, dictionary) if isinstance(source, Path)]
    writer = IndexWriter(directory, wait=wait, dictionary=dictionary, rebuild=rebuild)
    try:
        return _Build(writer, given, told, strict=strict, progress=progress).run(roots)
    finally:
        writer.cancel()


class _Build:
    """One build, from the walk to the commit."""

    def __init__(
        self,
        writer: IndexWriter,
        given: UserTranslations,
        told: Sequence[Path],
        *,
        strict: bool,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._started = time.perf_counter()
        self._writer = writer
        self._store = writer.store
        self._directory = writer.store.directory
        self._analyzer = writer.analyzer
        self._given = given
        self._told = told
        self._strict = strict
        self._progress = progress
        self._others: Counter[str] = Counter()

    def run(self, roots: Sequence[Path]) -> BuildReport:
        roots = list(roots) or self._known_roots()
        fresh, store = self._writer.is_fresh, self._store
        base = self._directory.parent
        sources = [name_of(root, base) for root in roots]
        before = store.catalogue()
        below = {name: file for name, file in before.files.items() if _is_below(name, sources)}
        found, problems = self._walk(roots, base)
        if fresh and not (found or has_index(self._directory)):
            raise nothing_to_read(roots, problems)
        changes = _without_unreadable(
            compare(found, {name: file.fingerprint for name, file in below.items()}), problems
        )
        bridge = BridgeStore(store, self._given, fresh=fresh)
        files = self._take_in(changes, problems, below)
        after = _catalogue(before, files, changes, sources)
        if fresh or after != before or bridge.is_due:
            due = (*changes.added, *changes.updated)
            self._writer.delete_paths(file.name for file in due if files[file.name].was_read)
            self._writer.delete_paths(changes.removed)
            self._writer.apply(
                after, bridge=lambda snapshot: bridge.file(snapshot, self._analyzer, after.files)
            )
        told = (name_of(path, base) for path in self._told)
        notes = [_DOCUMENT_TOO.format(name) for name in told if name in after.files]
        report = self._report(store, changes, problems)
        return replace(
            report,
            unreadable=unreadable(problems, after.files),
            notes=(*bridge.notes, *notes),
            learning=bridge.learning,
        )

    def _known_roots(self) -> list[Path]:
        """Return what earlier builds were told of."""
        if has_index(self._directory):
            sources = DirectoryReader.open(self._directory).catalogue().sources
            if sources:
                return [self._known_root(name) for name in sources]
        raise CorpusError(
            f"{self._directory}: no folder was given, and no earlier build was given one",
            hint=f"Give a folder: chaja build{index_option_for(self._directory)} FOLDER",
        )

    def _known_root(self, name: str) -> Path:
        root = self._directory.parent / name
        if not root.exists():
            raise CorpusError(
                f"{root}: was indexed by an earlier build and no longer exists",
                hint="Restore it, or rebuild the index with the folders to keep: "
                f"chaja build --rebuild{index_option_for(self._directory)} FOLDER",
            )
        return root

    def _walk(self, roots: Sequence[Path], base: Path) -> tuple[list[SourceFile], list[Problem]]:
        found: list[SourceFile] = []
        problems: list[Problem] = []
        for item in walk(roots, base=base, suffixes=SUFFIXES, others=self._others):
            if isinstance(item, Problem):
                problems.append(item)
            elif not _is_stored_text(item.path):
                found.append(item)
        return found, problems

    def _take_in(
        self,
        changes: Changes,
        problems: list[Problem],
        known: Mapping[str, CataloguedFile],
    ) -> dict[str, CataloguedFile]:
        """Add what is new and changed; return the files to catalogue, and add to `problems`."""
        due = (*changes.added, *changes.updated)
        files = _retouched(changes.touched, known)
        problems += _remembered(known, changes)
        with batches_of(due) as batches:
            read = self._read(batches)
            for done, file in enumerate(due):
                self._tell("reading", done, len(due))
                self._refuse(problems)
                taken = next(read)
                files[file.name] = taken
                problems += taken.problems
            self._refuse(problems)
            self._tell("writing", len(due), len(due))
            self._writer.flush()
        return files

    def _read(self, batches: Iterable[Batch]) -> Iterator[CataloguedFile]:
        """Write batches; yield what each file was like, in their order."""
        for batch in batches:
            self._writer.add_batch(batch)
            yield from batch.files

    def _refuse(self, problems: Sequence[Problem]) -> None:
        if self._strict and problems:
            raise refused(problems)

    def _tell(self, stage: str, done: int, files: int) -> None:
        if self._progress is not None:
            seconds = time.perf_counter() - self._started
            self._progress(
                Progress(
                    stage=stage,
                    files_done=done,
                    files=files,
                    passages=self._writer.passages,
                    seconds=seconds,
                )
            )

    def _report(
        self, store: DirectoryReader, changes: Changes, problems: Iterable[Problem]
    ) -> BuildReport:
        directory = self._directory
        with reported_damage(directory), closing(store.snapshot()) as snapshot:
            documents, passages = snapshot.documents, snapshot.passages
        return BuildReport(
            added=len(changes.added),
            updated=len(changes.updated),
            removed=len(changes.removed),
            unchanged=changes.unchanged + len(changes.touched),
            documents=documents,
            passages=passages,
            problems=tuple(problems),
            other_files=self._others.total(),
            seconds=time.perf_counter() - self._started,
            kiwi_seconds=self._analyzer.kiwi_seconds,
            new_words=self._analyzer.new_words,
        )


def _given(
    glossaries: Sequence[TextSource], pairs: TextSource | None, *, base: Path
) -> UserTranslations:
    """Return what the user's files say of the other language. Raises CorpusError."""
    entries = [entry for source in glossaries for entry in read_glossary(source)]
    declared = read_pairs(pairs) if pairs is not None else []
    # A pipe stands in no folder of the user's.
    folder = pairs.parent if isinstance(pairs, Path) and pairs.is_file() else Path()
    names = [
        (name_of(folder / first, base), name_of(folder / second, base))
        for first, second in declared
    ]
    return UserTranslations(tuple(entries), tuple(names))


def _is_below(name: str, sources: Iterable[str]) -> bool:
    """Tell whether a file is, or stands below, one of `sources`; both as `name_of` gives them."""
    return any(_holds(source, name) for source in sources)


def _holds(source: str, name: str) -> bool:
    if source.strip("./"):
        return name == source or name.startswith(source + "/")
    # The base itself (".") or a folder above it ("../.."): what climbs no higher is below.
    return name.split("/").count("..") <= source.split("/").count("..")


def _is_stored_text(path: Path) -> bool:
    """Tell whether a file is the stored text of an index, this or another, and no document."""
    return path.suffix == ".txt" and SEGMENT_NAME.fullmatch(path.stem) is not None


def _without_unreadable(changes: Changes, problems: Iterable[Problem]) -> Changes:
    """Keep the documents of folders that cannot be read now: they are not known to be gone."""
    unreadable = [problem.path for problem in problems]
    removed = tuple(name for name in changes.removed if not _is_below(name, unreadable))
    return replace(changes, removed=removed)


def _catalogue(
    before: Catalogue,
    files: Mapping[str, CataloguedFile],
    changes: Changes,
    sources: Iterable[str],
) -> Catalogue:
    """Return what the index is built from now: `files` were taken in, or touched."""
    read = {name: file for name, file in files.items() if file.was_read or name not in before.files}
    removed = set(changes.removed)
    kept = {name: file for name, file in before.files.items() if name not in removed}
    return Catalogue(kept | read, tuple(sorted({*before.sources, *sources})))


def _retouched(
    touched: Mapping[str, Fingerprint], catalogued: Mapping[str, CataloguedFile]
) -> dict[str, CataloguedFile]:
    return {
        name: replace(catalogued[name], fingerprint=fingerprint)
        for name, fingerprint in touched.items()
    }


def _remembered(catalogued: Mapping[str, CataloguedFile], changes: Changes) -> list[Problem]:
    """Return the problems of files that are not read again: they are as bad as they were."""
    read_again = {file.name for file in changes.updated} | set(changes.removed)
    return [
        problem
        for name, file in catalogued.items()
        if name not in read_again
        for problem in file.problems
    ]
