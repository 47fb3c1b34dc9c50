"""A batch: part of the corpus after reading, as word ids and stored fields.

It is compact, arrays and stored text, because it may come from another process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus import LANGUAGES, Document, Passage

from ..analysis.word_ids import NO_TEXTS, Texts, WordIds
from ..bridge.evidence.extract import evidence_terms
from ..directory.catalogue import CataloguedFile
from ..schema import span_of, stored_document, stored_passage, title_key
from ..segment.doc_store import Block, StoredFields
from .field_terms import field_terms, other_text
from .text_key import text_key

# Distinct words before word ids restart at 0; bounds the memory for tables by word id.
_MOST_WORDS = 100_000
_LANGUAGE_NUMBERS = {language: number for number, language in enumerate(LANGUAGES)}
_NO_DAYS = span_of("")


@dataclass(slots=True)
class Batch:
    """Some files, or a part of one, in their order.

    `files` are those read to their end. `words` are new words: their ids continue those of the
    last batch of the same `reader`, or start at 0 if `starts_anew`. `passages` and `documents` are
    their stored fields. The last nine lists have an item per document: path, title key, text key,
    language number, first and last day and time of the file as in the doc values, number of
    passages, evidence for the bridge, and the terms of its fields. `others` are the words of file
    names and fields.
    """

    starts_anew: bool
    reader: int = 0
    files: list[CataloguedFile] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    bodies: Texts = NO_TEXTS
    titles: Texts = NO_TEXTS
    others: Texts = NO_TEXTS
    passages: list[StoredFields | Block] = field(default_factory=list)
    documents: list[StoredFields | Block] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    title_keys: list[int] = field(default_factory=list)
    text_keys: list[int] = field(default_factory=list)
    languages: list[int] = field(default_factory=list)
    days: list[tuple[int, int]] = field(default_factory=list)
    modified: list[int] = field(default_factory=list)
    passage_counts: list[int] = field(default_factory=list)
    evidence: list[list[str]] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)


class Batcher:
    """Collects documents and their passages into batches."""

    def __init__(self) -> None:
        self._start_anew()

    def _start_anew(self) -> None:
        self._word_ids = WordIds()
        self._bodies, self._titles, self._others = (self._word_ids.collector() for _ in range(3))
        self._batch = Batch(starts_anew=True)

    @property
    def word_count(self) -> int:
        """The approximate number of words in the bodies of the next batch."""
        return len(self._bodies)

    @property
    def file_count(self) -> int:
        """The number of files in the next batch."""
        return len(self._batch.files)

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """Add a document and its passages, at least one."""
        for passage in passages:
            self._bodies.add(passage.text)
        self._titles.add(document.title)
        self._others.add(other_text(document, passages))
        batch = self._batch
        batch.passages += map(stored_passage, passages)
        batch.documents.append(stored_document(document))
        batch.passage_counts.append(len(passages))
        batch.evidence.append(evidence_terms(document, [passage.text for passage in passages]))
        batch.fields.append(field_terms(document))
        batch.paths.append(document.path)
        batch.title_keys.append(title_key(document.title))
        batch.text_keys.append(text_key(document, passages))
        batch.languages.append(_LANGUAGE_NUMBERS.get(document.language, len(LANGUAGES)))
        batch.days.append(span_of(document.date) if document.date else _NO_DAYS)
        batch.modified.append(document.modified)

    def end_file(self, file: CataloguedFile) -> None:
        """Mark a file as completely added."""
        self._batch.files.append(file)

    def take(self) -> Batch:
        """Return a batch of what was added since the last call."""
        batch = self._batch
        batch.bodies, batch.titles = self._bodies.take(), self._titles.take()
        batch.others = self._others.take()
        batch.words = self._word_ids.new_words()
        if len(self._word_ids) > _MOST_WORDS:
            self._start_anew()
        else:
            self._batch = Batch(starts_anew=False)
        return batch
