"""What is passed on of files that were read: passages as word numbers, and what is stored of them.

A batch is compact, arrays beside the stored text, for it may come from another process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus import LANGUAGES, Document, Passage

from ..analysis.word_ids import NO_TEXTS, Texts, WordIds
from ..bridge.evidence.extract import evidence_of
from ..directory.catalogue import CataloguedFile
from ..schema import span_of, stored_document, stored_passage
from ..segment.doc_store import Block, StoredFields

# Distinct words before numbers start anew: the memory of those who keep a number for each.
_MOST_WORDS = 500_000
_NUMBERS = {language: number for number, language in enumerate(LANGUAGES)}
_NO_DAYS = span_of("")


@dataclass(slots=True)
class Batch:
    """Some files, or a part of one, in their order.

    `files` are those read to their end. `words` go on where those of the batch before of the same
    `reader` ended, or, if `starts_anew`, word numbers are counted from 0 again. `passages` and
    `documents` are what is stored of them; a document has a `path`, a `language` and two `days` as
    in Measures, and `held` passages, and tells (`told`) what bridge/evidence.py finds in them.
    """

    starts_anew: bool
    reader: int = 0
    files: list[CataloguedFile] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    bodies: Texts = NO_TEXTS
    titles: Texts = NO_TEXTS
    passages: list[StoredFields | Block] = field(default_factory=list)
    documents: list[StoredFields | Block] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    languages: list[int] = field(default_factory=list)
    days: list[tuple[int, int]] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    told: list[list[str]] = field(default_factory=list)


class Batcher:
    """Collects documents and their passages until they are made a batch of."""

    def __init__(self) -> None:
        self._start_anew()

    def _start_anew(self) -> None:
        self._numbering = WordIds()
        self._bodies, self._titles = self._numbering.collector(), self._numbering.collector()
        self._batch = Batch(starts_anew=True)

    @property
    def word_count(self) -> int:
        """How many words of text, about, wait to be made a batch of."""
        return len(self._bodies)

    @property
    def file_count(self) -> int:
        """How many files do."""
        return len(self._batch.files)

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Take in a document and its passages, of which there is at least one."""
        for passage in passages:
            self._bodies.add(passage.text)
        self._titles.add(document.title)
        batch = self._batch
        batch.passages += map(stored_passage, passages)
        batch.documents.append(stored_document(document))
        batch.held.append(len(passages))
        batch.told.append(evidence_of(document, [passage.text for passage in passages]))
        batch.paths.append(document.path)
        batch.languages.append(_NUMBERS.get(document.language, len(LANGUAGES)))
        batch.days.append(span_of(document.date) if document.date else _NO_DAYS)

    def end_file(self, file: CataloguedFile) -> None:
        """Tell that all of a file was added."""
        self._batch.files.append(file)

    def take(self) -> Batch:
        """Return what was added since this was asked last."""
        batch = self._batch
        batch.bodies, batch.titles = self._bodies.take(), self._titles.take()
        batch.words = self._numbering.new_words()
        if len(self._numbering) > _MOST_WORDS:
            self._start_anew()
        else:
            self._batch = Batch(starts_anew=False)
        return batch
