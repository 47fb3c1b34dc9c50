"""`repair()`: keeps what is sound of a damaged index, and reads the rest from the files again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np

from corpus.changes import UNKNOWN
from corpus.errors import CorpusError, IndexDamaged
from corpus.readers import PLAIN
from corpus.text_file import PART

from ..analysis.analyzer import Analyzer
from ..analyzers import check_analyzer
from ..arrays.files import CorruptFile
from ..builder.build import build
from ..builder.build_report import BuildReport, Progress
from ..directory.catalogue import Catalogue
from ..directory.commit import Commit, commit_file_name, generations, last_number, latest_about
from ..directory.damage import reported_damage
from ..directory.directory_reader import lexicon_path
from ..directory.directory_writer import DirectoryWriter
from ..directory.location import index_option_for
from ..directory.lock import writer_lock
from ..directory.salvage import readable_catalogue, sound_states
from ..ingest.bridge_store import readable_bridge
from ..ingest.ingest_pipeline import IngestPipeline, Learner, SegmentBuffer
from ..ingest.stored_text import batch_of, chunks
from ..ingest.writable_analyzer import open_writable_analyzer
from ..segment.content import Segment, SegmentContent
from ..segment.segment_reader import SegmentReader
from ..snapshot import Snapshot
from ..verify import FileDamage, verify
from .stored_segment import StoredSegment, paths_in

# Passages whose words are learned again at once, in whole documents.
_AT_ONCE = 20_000
_NO_COMMIT = "no commit can be kept: the index was rebuilt from its files"
_LOST = "documents that programs added are lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What a repair found and did; `damage` is empty if there was nothing to do.

    `inverted` segments were made again from their stored text, `dropped` ones could not be kept,
    and `due` files had, or may have had, documents in those. `lost` are paths of documents that no
    file has. `notes` are for the user. `build` is the report of the build that read what was due,
    None if it failed with `failure`; what could be kept is then committed.
    """

    damage: tuple[FileDamage, ...]
    inverted: int = 0
    dropped: int = 0
    due: int = 0
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    build: BuildReport | None = None
    failure: CorpusError | None = None


def repair(
    directory: Path,
    *,
    wait: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RepairReport:
    """Mend what checksums find damaged in an index, and bring it up to date with its files.

    Sound segments stay, and so does what the user gave if either commit has it. `wait` is the
    number of seconds to wait for a build. Raises IndexLocked, IndexOutdated, AnalyzerMismatch,
    OSError, and IndexDamaged if neither a commit nor the folders to build from can be read.
    """
    with writer_lock(directory / "lock", wait=wait), reported_damage(directory, missing=True):
        damage = _damage_of(directory)
        if not damage:
            return RepairReport(damage=())
        mending = _Mending(directory, {file.file for file in damage})
        is_kept = mending.commit()
    report = replace(mending.report(), damage=damage)
    if not is_kept:
        _check_sources(directory)
        report = replace(report, notes=(_NO_COMMIT, _LOST))
    # Without folders there is nothing to read.
    given = None if readable_catalogue(directory).sources else ()
    try:
        built = build(
            directory,
            documents=given,
            rebuild=not is_kept,
            wait=wait,
            progress=progress,
            always=True,
        )
        if not is_kept:
            # Once more, so that the commit before is sound as well.
            build(directory, wait=wait, always=True)
    except CorpusError as error:
        if not is_kept:
            raise
        return replace(report, failure=error)
    return replace(report, build=built)


def _damage_of(directory: Path) -> tuple[FileDamage, ...]:
    if not generations(directory) and readable_catalogue(directory).sources:
        return (FileDamage(commit_file_name(last_number(directory)), "is missing"),)
    found = verify(directory)
    return (*found.damage, *found.damage_before)


def _check_sources(directory: Path) -> None:
    """Raise IndexDamaged if it is not known which folders to build the index from."""
    if not readable_catalogue(directory).sources:
        raise IndexDamaged(
            f"{directory}: neither a commit nor the list of its files can be read",
            hint="Build it again, with the translations and the dictionary that can still be read: "
            f"chaja build --rebuild FOLDER{index_option_for(directory)}",
        )


@dataclass(slots=True)
class _Mending:
    """Commits what can be kept of an index; the caller holds the lock. `damaged` are file names."""

    directory: Path
    damaged: set[str]
    kept: list[Segment] = field(default_factory=list)
    inverted: int = 0
    dropped: list[Segment] = field(default_factory=list)
    due: set[str] = field(default_factory=set)
    # Of documents that programs gave, those to add again when they are given again.
    stale: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def report(self) -> RepairReport:
        return RepairReport(
            damage=(),
            inverted=self.inverted,
            dropped=len(self.dropped),
            due=len(self.due),
            lost=tuple(sorted(self.lost)),
            notes=tuple(self.notes),
        )

    def commit(self) -> bool:
        """Commit what can be kept of the newest readable state; return whether there is one.

        There is none if a later one, which is damaged, had another user dictionary. Raises
        AnalyzerMismatch.
        """
        about = latest_about(self.directory)
        for commit, catalogue in sound_states(self.directory)[:1]:
            analyzer = commit.about.analyzer_fingerprint
            if about is None or about.analyzer_fingerprint != analyzer:
                break
            writable = open_writable_analyzer(self.directory, dictionary=None, rebuild=True)
            with closing(writable):
                check_analyzer(self.directory, analyzer, writable.about.analyzer_fingerprint)
                self._commit(commit, catalogue, writable.analyzer)
                return True
        return False

    def _commit(self, commit: Commit, catalogue: Catalogue, analyzer: Analyzer) -> None:
        # A lexicon that lost a file may have fewer words than before, of deleted documents.
        about = replace(commit.about, words=0)
        store = DirectoryWriter.continuing(
            self.directory, commit._replace(about=about, bridge=None)
        )
        try:
            self._keep_segments(commit, store, analyzer)
            if self._has_damage(lexicon_path(self.directory, about.analyzer_fingerprint).name):
                self._learn_words(commit, analyzer)
            self._find_due(store, catalogue)
            files = {
                name: replace(file, fingerprint=UNKNOWN) if name in self.due else file
                for name, file in catalogue.files.items()
            }
            given = {
                name: "" if name in self.stale else digest
                for name, digest in catalogue.documents.items()
            }
            bridge, notes = readable_bridge(self.directory, damaged=self.damaged)
            self.notes += notes
            store.commit(
                self.kept,
                replace(catalogue, files=files, documents=given),
                bridge=store.write_bridge(bridge) if bridge is not None else None,
                built=about.built,
                words=len(analyzer.lexicon),
            )
        finally:
            with suppress(OSError):
                store.clear()

    def _has_damage(self, stem: str) -> bool:
        return any(name.startswith(stem) for name in self.damaged)

    def _keep_segments(self, commit: Commit, store: DirectoryWriter, analyzer: Analyzer) -> None:
        def keep(content: SegmentContent) -> None:
            self.kept.append(store.write(content))

        with closing(IngestPipeline(analyzer, keep)) as pipeline:
            for segment in commit.segments:
                damaged = self.damaged.intersection(file.name for file in segment.files)
                if not damaged:
                    self.kept.append(segment)
                elif damaged == {segment.postings.name} and self._invert(segment, pipeline):
                    self.inverted += 1
                else:
                    self.dropped.append(segment)
            pipeline.finish()

    def _invert(self, segment: Segment, pipeline: IngestPipeline) -> bool:
        """Add the documents of a segment again; return whether they are known."""
        try:
            stored = StoredSegment(self.directory, segment)
        except (CorruptFile, OSError):
            return False
        with closing(stored):
            for batch in stored.batches():
                pipeline.add(batch)
        return True

    def _learn_words(self, commit: Commit, analyzer: Analyzer) -> None:
        """Analyze the words of the kept segments that the lexicon has lost."""
        learner = Learner(analyzer, lambda words: None)
        for segment in commit.segments:
            if segment in self.kept:
                with closing(SegmentReader(self.directory, segment)) as reader:
                    firsts = reader.column("first_passage").astype(np.int64)
                    for documents in chunks(firsts, most=_AT_ONCE):
                        batch = batch_of(reader, documents, firsts)
                        learner.learn(SegmentBuffer().add(batch))
        learner.finish()

    def _find_due(self, store: DirectoryWriter, catalogue: Catalogue) -> None:
        """Find the files to read again, and the documents that none of them has."""
        if not self.dropped:
            return
        documents = self._documents(store)
        found = [paths_in(self.directory, some, damaged=self.damaged) for some in self.dropped]
        paths = set().union(*filter(None, found))
        self.lost = paths - catalogue.files.keys() - {path for path, _ in documents}
        if None not in found:
            self.due, self.stale = paths & catalogue.files.keys(), paths
            return
        self.notes.append(f"the text of a segment is lost: {_LOST} with it, if it had any")
        counts = Counter(path for path, _ in documents)
        # Only a short text of one document with its own name is known to be in one segment.
        whole = {path for path, id_ in documents if path == id_ and counts[path] == 1}
        self.due = {
            name
            for name, file in catalogue.files.items()
            if name not in whole
            or file.fingerprint.size > PART
            or PurePosixPath(name).suffix.lower() not in PLAIN
        }
        self.stale = set(catalogue.documents)

    def _documents(self, store: DirectoryWriter) -> Sequence[tuple[str, str]]:
        """Return path and id of each document that is kept."""
        with closing(Snapshot(store.open_segments(self.kept))) as snapshot:
            firsts = snapshot.firsts[:-1][snapshot.alive_documents].tolist()
            records = map(snapshot.stored_document, firsts)
            return [(str(record["path"]), str(record["id"])) for record in records]
