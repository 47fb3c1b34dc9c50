"""The door for programs that search with Whoosh: an index of Chaja as one of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.index import TOC, FileIndex

from corpus.errors import AnalyserMismatch

from ..directory.commit import contents_name
from ..directory.damage import reported_damage
from ..directory.directory_reader import commit_in_force
from ..directory.location import locate
from .analyzer import WordAnalyzer
from .codec import ArraySegment
from .schema import schema
from .storage import ReadOnlyStorage, read_only


def open_whoosh(directory: Path | str) -> ArrayIndex:
    """Open the index in `directory` for Whoosh: its queries, parser, facets, on Chaja's arrays.

        with open_whoosh(".chaja").searcher() as searcher:
            for hit in searcher.search(Phrase("body", ["전략", "동반자"]), limit=10):
                print(hit["path"], hit["line"], hit["text"])

    A document of Whoosh's is a passage; its number counts from 0 over all segments. The words of a
    title stand at the first passage of its document, with their count as the length of `title`.

    - Nothing can be written: writers and locks raise Whoosh's ReadOnlyError.
    - A searcher sees the commit it was opened at. After a build, ask for a fresh one; each thread
      needs its own. After a rebuild with another analyser, AnalyserMismatch: open the index anew.
    - `optimize` has no effect: Whoosh 2.7.4 can loop for ever in it, so no list offers blocks to
      skip. Keep `optimize=False` where other indexes are searched by the same program.
    - Do not use the query `Require`, which matches the complement in Whoosh 2.7.4.
    - Scores are Whoosh's. Its inverse frequency gives a word of every passage weight 1, and
      deleted passages count until their segment is merged; Chaja's own ranking does neither.
    - A phrase with slop 1 is exact. Sort or group by `path`, or by a StoredFieldFacet.

    Raises IndexMissing, IndexDamaged and IndexOutdated; searching raises IndexDamaged.
    """
    return ArrayIndex(locate(Path(directory), start=Path()))


class ArrayIndex(FileIndex):  # type: ignore[misc]  # Whoosh has no types
    """An index of Chaja as Whoosh's FileIndex; `open_whoosh` tells how to use it."""

    def __init__(self, directory: Path) -> None:
        self.storage = ReadOnlyStorage(directory)
        self.indexname = directory.name
        self._directory = directory
        self._about = commit_in_force(directory).about
        self._analyzer = WordAnalyzer(directory, self._about)
        self._schema = schema(self._analyzer)

    def close(self) -> None:
        """Close the lexicon; searchers are closed by whoever opened them."""
        self._analyzer.close()

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
        if commit.about.analyser != self._about.analyser:
            raise AnalyserMismatch(
                f"{self._directory}: was rebuilt with another analyzer", hint="Open it again."
            )
        segments = [ArraySegment(self._directory, segment) for segment in commit.segments]
        return TOC(self._schema, segments, commit.generation)

    writer = read_only
