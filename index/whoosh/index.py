"""The index for programs that search with Whoosh."""

from __future__ import annotations

from pathlib import Path

from whoosh.index import TOC, FileIndex, LockError
from whoosh.reading import IndexReader

from corpus.errors import AnalyzerMismatch, IndexLocked

from ..directory.commit import commit_file_name
from ..directory.damage import reported_damage
from ..directory.directory_reader import current_commit
from ..directory.location import locate
from .codec import ReadOnlyStorage, read_only, toc_of
from .schema import WordAnalyzer, schema
from .writer import IndexWriter


def open_index(directory: Path | str) -> ArrayIndex:
    """Open the index in `directory` for Whoosh: its queries, parser and facets on Chaja's arrays.

        with open_index(".chaja").searcher() as searcher:
            for hit in searcher.search(Phrase("body", ["전략", "동반자"], slop=2), limit=10):
                print(hit["path"], hit["line"], hit["body"])

    A Whoosh document is a passage, numbered from 0 over all segments. The terms of a title are
    indexed with the first passage of its document, with their count as the length of `title`.
    A phrase with slop 1 is exact.

    - A searcher sees the commit it was opened at; open another for later commits, and one for each
      thread. After a rebuild with another analyzer, AnalyzerMismatch: open the index again.
    - `optimize` has no effect: no list offers blocks to skip, because Whoosh 2.7.4 can skip them
      in an endless loop. Set `optimize=False` if the program searches other indexes as well.
    - Do not use the query `Require`, which matches the complement in Whoosh 2.7.4.
    - Scores are Whoosh's: its inverse frequency gives a word of every passage weight 1, and deleted
      passages count until their segment is merged. `search.whoosh.open_index` ranks as Chaja does.

    Raises IndexMissing, IndexDamaged and IndexOutdated; searching raises IndexDamaged.
    """
    return ArrayIndex(locate(Path(directory), start=Path()))


class ArrayIndex(FileIndex):  # type: ignore[misc]  # Whoosh has no types
    """A Chaja index as a Whoosh FileIndex; see `open_index`."""

    def __init__(self, directory: Path) -> None:
        self.storage = ReadOnlyStorage(directory)
        self.indexname = directory.name
        self._directory = directory
        self._about = current_commit(directory).about
        self.analyzer = WordAnalyzer(directory, self._about)
        self._schema = schema(self.analyzer)

    def close(self) -> None:
        """Close the lexicon; searchers are closed by their owners."""
        self.analyzer.close()

    def latest_generation(self) -> int:
        """Return the generation of the current commit."""
        return current_commit(self._directory).generation

    def last_modified(self) -> float:
        """Return the time of the current commit, in seconds since 1970."""
        modified: float = self.storage.file_modified(commit_file_name(self.latest_generation()))
        return modified

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """Return a reader of the current commit. Raises IndexDamaged and AnalyzerMismatch."""
        with reported_damage(self._directory, missing=True):
            return super().reader(reuse=reuse)

    def _read_toc(self) -> TOC:
        commit = current_commit(self._directory)
        if commit.about.analyzer_fingerprint != self._about.analyzer_fingerprint:
            raise AnalyzerMismatch(
                f"{self._directory}: was rebuilt with another analyzer", hint="Open it again."
            )
        return toc_of(commit, self._directory, self._schema)

    add_field = remove_field = read_only

    def writer(self, *, timeout: float = 0.0, **_: object) -> IndexWriter:
        """Return a writer; wait `timeout` seconds for another to end. Raises Whoosh's LockError."""
        try:
            return IndexWriter(self._directory, wait=timeout)
        except IndexLocked as error:
            raise LockError(str(error)) from error
