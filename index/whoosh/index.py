"""The door for programs that search with Whoosh: an index of Chaja as one of theirs."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from whoosh.codec import base
from whoosh.index import TOC, FileIndex, LockError

from corpus.errors import AnalyzerMismatch, IndexLocked

from ..directory.commit import contents_name
from ..directory.damage import reported_damage
from ..directory.directory_reader import commit_in_force
from ..directory.location import locate
from ..segment.content import Segment
from .schema import WordAnalyzer, schema
from .segment import ArrayDocuments, OpenSegment, ReadOnlyStorage, read_only
from .terms import ArrayTerms
from .writer import IndexWriter


def open_index(directory: Path | str) -> ArrayIndex:
    """Open the index in `directory` for Whoosh: its queries, parser, facets, on Chaja's arrays.

        with open_index(".chaja").searcher() as searcher:
            for hit in searcher.search(Phrase("body", ["전략", "동반자"], slop=2), limit=10):
                print(hit["path"], hit["line"], hit["body"])

    A document of Whoosh's is a passage; its number counts from 0 over all segments. The words of a
    title stand at the first passage of its document, with their count as the length of `title`.
    A phrase with slop 1 is exact.

    - A searcher sees the commit it was opened at. After another, ask for a fresh one; each thread
      needs its own. After a rebuild with another analyser, AnalyserMismatch: open the index anew.
    - `optimize` has no effect: Whoosh 2.7.4 can loop for ever in it, so no list offers blocks to
      skip. Keep `optimize=False` where other indexes are searched by the same program.
    - Do not use the query `Require`, which matches the complement in Whoosh 2.7.4.
    - Scores are Whoosh's. Its inverse frequency gives a word of every passage weight 1, and
      deleted passages count until their segment is merged; the index that `search.whoosh` opens
      ranks as Chaja does.

    Raises IndexMissing, IndexDamaged and IndexOutdated; searching raises IndexDamaged.
    """
    return ArrayIndex(locate(Path(directory), start=Path()))


class ArrayIndex(FileIndex):  # type: ignore[misc]  # Whoosh has no types
    """An index of Chaja as Whoosh's FileIndex; `open_index` tells how to use it."""

    def __init__(self, directory: Path) -> None:
        self.storage = ReadOnlyStorage(directory)
        self.indexname = directory.name
        self._directory = directory
        self._about = commit_in_force(directory).about
        self.analyzer = WordAnalyzer(directory, self._about)
        self._schema = schema(self.analyzer)

    def close(self) -> None:
        """Close the lexicon; searchers are closed by whoever opened them."""
        self.analyzer.close()

    def latest_generation(self) -> int:
        """Return the number of the commit in force."""
        return commit_in_force(self._directory).generation

    def last_modified(self) -> float:
        """Return when the commit in force was made, in seconds since 1970."""
        modified: float = self.storage.file_modified(contents_name(self.latest_generation()))
        return modified

    def reader(self, reuse: Any = None) -> Any:  # noqa: ANN401 - Whoosh's
        """Return a reader of the commit in force. Raises IndexDamaged and AnalyserMismatch."""
        with reported_damage(self._directory, missing=True):
            return super().reader(reuse=reuse)

    def _read_toc(self) -> TOC:
        commit = commit_in_force(self._directory)
        if commit.about.analyzer_fingerprint != self._about.analyzer_fingerprint:
            raise AnalyzerMismatch(
                f"{self._directory}: was rebuilt with another analyzer", hint="Open it again."
            )
        segments = [ArraySegment(self._directory, segment) for segment in commit.segments]
        return TOC(self._schema, segments, commit.generation)

    add_field = remove_field = read_only

    def writer(self, *, timeout: float = 0.0, **_: object) -> IndexWriter:
        """Return a writer, waiting `timeout` seconds for another one. Raises Whoosh's LockError."""
        try:
            return IndexWriter(self._directory, wait=timeout)
        except IndexLocked as error:
            raise LockError(str(error)) from error


class ArrayCodec(base.Codec):  # type: ignore[misc]  # Whoosh has no types
    """Reads segments of Chaja; every writer it is asked for raises ReadOnlyError."""

    def terms_reader(self, storage: ReadOnlyStorage, segment: ArraySegment) -> ArrayTerms:
        """Return the reader of a segment's terms and posting lists."""
        return ArrayTerms(segment.opened)

    def per_document_reader(
        self, storage: ReadOnlyStorage, segment: ArraySegment
    ) -> ArrayDocuments:
        """Return the reader of a segment's lengths, deletions and stored fields; it closes it."""
        return ArrayDocuments(segment.opened)

    per_document_writer = field_writer = postings_writer = new_segment = read_only


class ArraySegment(base.Segment):  # type: ignore[misc]  # Whoosh has no types
    """A segment of one commit as Whoosh knows it, to be opened once."""

    def __init__(self, directory: Path, segment: Segment) -> None:
        self.indexname = segment.name
        self.compound = False
        self._directory = directory
        self._segment = segment

    @cached_property
    def opened(self) -> OpenSegment:
        """The arrays, opened when asked for: both readers share them."""
        return OpenSegment(self._directory, self._segment)

    def codec(self) -> ArrayCodec:
        """Return what reads it."""
        return ArrayCodec()

    def segment_id(self) -> str:
        """Return its name, which its files begin with."""
        return self._segment.name

    def doc_count_all(self) -> int:
        """Return how many passages it has, deleted ones included."""
        return self._segment.passages

    def deleted_count(self) -> int:
        """Return how many of its passages are deleted."""
        return self._segment.deleted

    delete_document = set_doc_count = read_only
