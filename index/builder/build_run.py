"""One build of an index, from the walk to the commit."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus import Problem
from corpus.changes import UNKNOWN, Changes, compare
from corpus.errors import CorpusError
from corpus.readers import ReadOptions, suffixes, tesseract
from corpus.walk import SourceFile, name_of, path_on_disk, walk

from ..arrays.files import WrittenFile
from ..directory.catalogue import Catalogue, CataloguedFile
from ..directory.commit import COMMIT_NAME, SEGMENT_NAME
from ..directory.location import index_option_for
from ..directory.salvage import readable_catalogue
from ..health import states
from ..ingest.batch import Batch
from ..ingest.bridge_store import BridgeStore
from ..ingest.bridge_update import UserTranslations
from ..ingest.parallel_texts import BridgeSource
from ..ingest.writable_analyzer import is_unbuilt
from ..whoosh.writer import IndexWriter
from .build_report import BuildReport, Progress, nothing_to_read, refused, unreadable
from .file_changes import (
    catalogue_after,
    due_again,
    is_below,
    known_problems,
    lost_files,
    without_large,
    without_unreadable,
)
from .given_documents import GivenDocuments, SourceDocument
from .korean_files import are_korean
from .read_limits import DEFAULT_LIMITS, ReadLimits
from .reader_pool import batches_of

# A larger file is rather a disk image or a dump than a document.
MAX_FILE_SIZE = 2_000_000_000  # bytes

# Files of more bytes than so many for each word of the lexicon have words that it does not have.
# A lexicon of fewer words counts as of so many: the files are then read before Kiwi is loaded.
_BYTES_A_WORD = 20
_FEW_WORDS = 5_000

_LOST = "{}{}: read by an earlier build, and not by this one; chaja health has the reason"
_DROPPED = (
    "{:,} documents that a program gave are not in the new index, and have to be given again: {}"
)
_NO_OCR = "pages without text are not read by OCR: {}; then build with --ocr again"
_DOCUMENT_TOO = "{} is indexed as a document too: add it to .chajaignore to exclude it"


@dataclass(slots=True)
class BuildRun:
    """One build, from the walk to the commit; `inputs` are its files that are not documents.

    Names in the index are relative to the folder `base`.
    """

    writer: IndexWriter
    base: Path
    given: UserTranslations
    inputs: Sequence[Path]
    documents: Iterable[SourceDocument] | None = None
    remove: Collection[str] = ()
    strict: bool = False
    max_file_size: int = MAX_FILE_SIZE
    read_limits: ReadLimits = DEFAULT_LIMITS
    archives: bool | None = None
    ocr: bool | None = None
    always: bool = False
    progress: Callable[[Progress], None] | None = None
    other_files: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.perf_counter)
    counts: tuple[int, int] | None = None
    notes: list[str] = field(default_factory=list)

    def run(self, roots: Sequence[Path]) -> BuildReport:
        """Bring the index up to date with the roots. Raises what `build` raises."""
        fresh, store, base = self.writer.is_fresh, self.writer.store, self.base
        before = store.catalogue()
        last = readable_catalogue(store.directory) if fresh else before
        roots = list(roots) or self._earlier_roots(last.sources)
        options = self._usable(last.options)
        known = due_again(before, options)
        sources = [name_of(root, base) for root in roots]
        below = {name: file for name, file in known.files.items() if is_below(name, sources)}
        names, changes, problems, large = self._changes(roots, base, below, options)
        bridge = BridgeStore(store, self.given, fresh=fresh)
        files = {*before.files, *names}.difference(changes.removed)
        given = self._add_given(before.documents, files)
        problems += given.problems
        for problem in large:
            below.pop(problem.path, None)
        left_out = {problem.path: CataloguedFile(UNKNOWN, (problem,)) for problem in large}
        roots_on_disk = [path_on_disk(root, base) for root in roots]

        def after_reading(files: Mapping[str, CataloguedFile]) -> Catalogue:
            read = {**files, **left_out}
            digests = given.digests
            return catalogue_after(known, read, changes, roots_on_disk, options, documents=digests)

        def prepare(files: Mapping[str, CataloguedFile], due: Set[str]) -> None:
            self.writer.prepare(bridge, after_reading(files).files, read=due)

        read = self._apply_changes(changes, problems, below, options, prepare)
        after = after_reading(read)
        if fresh or self.always or after != before or bridge.is_due:
            self.writer.apply(after, bridge=lambda new: self._bridge_file(bridge, new, after))
        if fresh and (dropped := last.documents.keys() - after.documents.keys()):
            self.notes.append(_DROPPED.format(len(dropped), min(dropped)))
        lost = lost_files(after, [*read, *left_out])
        return self._report(changes, given, problems, after, bridge, lost=lost)

    def _earlier_roots(self, sources: Sequence[str]) -> list[Path]:
        """Return the roots of earlier builds where this one reads them. Raises CorpusError."""
        is_of_documents = self.documents is not None or bool(self.remove)
        if is_of_documents and not (self.writer.is_fresh and sources):
            return []
        return _known_roots(self.writer.store.directory, self.base, sources)

    def _changes(
        self,
        roots: Sequence[Path],
        base: Path,
        below: Mapping[str, CataloguedFile],
        options: ReadOptions,
    ) -> tuple[Set[str], Changes, list[Problem], list[Problem]]:
        """Return the files below the roots, what changed, all problems, and those of large files.

        The files are those that are documents, by name.
        """
        found, problems = self._walked(roots, base, options)
        if roots and not found and is_unbuilt(self.writer.store.directory):
            raise nothing_to_read(roots, problems)
        changes = compare(found, {name: file.fingerprint for name, file in below.items()})
        changes = without_unreadable(changes, problems)
        changes, large = without_large(changes, most=self.max_file_size)
        return {file.name for file in found}, changes, problems + large, large

    def _walked(
        self, roots: Sequence[Path], base: Path, options: ReadOptions
    ) -> tuple[list[SourceFile], list[Problem]]:
        """Return the files below the roots that are documents, and what could not be walked."""
        others = self.other_files
        items = list(walk(roots, base=base, suffixes=suffixes(options), unsupported=others))
        files = [item for item in items if isinstance(item, SourceFile)]
        found = [file for file in files if not _is_of_index(file.path)]
        return found, [item for item in items if isinstance(item, Problem)]

    def _usable(self, last: ReadOptions) -> ReadOptions:
        """Return the options, without OCR where it cannot be done, which a note says.

        Those that are None are as in the last build.
        """
        asked = {"archives": self.archives, "ocr": self.ocr}
        given = {name: value for name, value in asked.items() if value is not None}
        options = last._replace(**given)
        if options.ocr and (reason := tesseract.missing()):
            self.notes.append(_NO_OCR.format(reason))
            return options._replace(ocr=False)
        return options

    def _add_given(self, known: Mapping[str, str], files: Set[str]) -> GivenDocuments:
        """Add the documents that a program gave, in place of those of the same names.

        `known` has the digests of those in the index, `files` are the names of its files.
        """
        given = GivenDocuments(self.documents or (), self.remove, known, files)
        for number, document in enumerate(given, 1):
            self._check_strict(given.problems)
            self.writer.add(document)
            self._report_progress("reading", number, number)
        self._check_strict(given.problems)
        self.writer.delete_paths(given.changed)
        return given

    def _bridge_file(self, bridge: BridgeStore, new: BridgeSource, after: Catalogue) -> WrittenFile:
        # Counted here: to open the new commit again could fail, when it is in force already.
        self.counts = new.documents, new.passages
        return bridge.file(new, self.writer.analyzer, after.files)

    def _apply_changes(
        self,
        changes: Changes,
        problems: list[Problem],
        known: Mapping[str, CataloguedFile],
        options: ReadOptions,
        prepare: Callable[[Mapping[str, CataloguedFile], Set[str]], None],
    ) -> dict[str, CataloguedFile]:
        """Add and delete files; return the new entries of the catalogue, and extend `problems`.

        `prepare` is called with the entries, and the names of the files that were read, while
        Kiwi is at the last words.
        """
        due = (*changes.added, *changes.updated)
        files = {
            name: replace(known[name], fingerprint=fingerprint)
            for name, fingerprint in changes.touched.items()
        }
        problems += known_problems(known, changes)
        self._expect_words(due)
        with batches_of(due, limits=self.read_limits, options=options) as batches:
            read = self._read(batches)
            for done, file in enumerate(due):
                self._report_progress("reading", done, len(due))
                self._check_strict(problems)
                files[file.name] = catalogued = next(read)
                problems += catalogued.problems
            self._check_strict(problems)
            self._report_progress("writing", len(due), len(due))
            prepare(files, {file.name for file in due})
            self.writer.flush()
        was_read = {file.name: files[file.name].was_read for file in due}
        self.writer.delete_paths(name for name, read in was_read.items() if read)
        self.writer.discard_paths(name for name, read in was_read.items() if not read)
        self.writer.delete_paths(changes.removed)
        return files

    def _expect_words(self, due: Sequence[SourceFile]) -> None:
        """Have Kiwi loaded while the first files are read, if they will bring it new words."""
        known = max(len(self.writer.analyzer.lexicon), _FEW_WORDS)
        if sum(file.size for file in due) > _BYTES_A_WORD * known and are_korean(due):
            self.writer.analyzer.korean.start()

    def _read(self, batches: Iterable[Batch]) -> Iterator[CataloguedFile]:
        """Add batches to the index, and yield their files, in order."""
        for batch in batches:
            self.writer.add_batch(batch)
            yield from batch.files

    def _check_strict(self, problems: Sequence[Problem]) -> None:
        if self.strict and problems:
            raise refused(problems)

    def _report_progress(self, stage: str, done: int, files: int) -> None:
        if self.progress is not None:
            passages, seconds = self.writer.passages, time.perf_counter() - self.started
            self.progress(
                Progress(
                    stage=stage, files_done=done, files=files, passages=passages, seconds=seconds
                )
            )

    def _report(
        self,
        changes: Changes,
        given: GivenDocuments,
        problems: list[Problem],
        after: Catalogue,
        bridge: BridgeStore,
        *,
        lost: Sequence[str],
    ) -> BuildReport:
        analyzer = self.writer.analyzer
        documents, passages = self.counts or self.writer.count()
        inputs = (name_of(path, self.base) for path in self.inputs)
        found = states(after.files.items())
        notes = self.notes + [_DOCUMENT_TOO.format(name) for name in inputs if name in after.files]
        if lost:
            notes.append(_LOST.format(lost[0], f" and {len(lost) - 1:,} more" * (len(lost) > 1)))
        return BuildReport(
            added=len(changes.added) + given.added,
            updated=len(changes.updated) + given.updated,
            removed=len(changes.removed) + given.removed,
            unchanged=changes.unchanged + len(changes.touched) + given.unchanged,
            documents=documents,
            passages=passages,
            problems=tuple(problems),
            other_files=self.other_files,
            seconds=time.perf_counter() - self.started,
            kiwi_seconds=analyzer.kiwi_seconds,
            new_words=analyzer.new_words,
            unreadable=unreadable(found),
            postponed=len({problem.path for problem in problems if problem.passing}),
            states=found,
            notes=(*self.writer.notes, *bridge.notes, *given.notes, *notes),
            learning=bridge.learning,
        )


def _known_roots(directory: Path, base: Path, sources: Sequence[str]) -> list[Path]:
    """Return the roots of earlier builds of an index, of these names. Raises CorpusError."""
    if not sources:
        raise CorpusError(
            f"{directory}: no folder was given, and no earlier build was given one",
            hint=f"Give a folder: chaja build{index_option_for(directory)} FOLDER",
        )
    roots = [base / name for name in sources]
    for root in roots:
        if not root.exists():
            raise CorpusError(
                f"{root}: was indexed by an earlier build and no longer exists",
                hint="Restore it, or rebuild the index with the folders to keep: "
                f"chaja build --rebuild{index_option_for(directory)} FOLDER",
            )
    return roots


def _is_of_index(path: Path) -> bool:
    """Return whether a file is a doc store or a commit file, of this index or another."""
    if path.suffix == ".txt":
        return SEGMENT_NAME.fullmatch(path.stem) is not None
    is_commit = COMMIT_NAME.fullmatch(path.name) is not None
    return is_commit and path.with_suffix(".files").exists()
