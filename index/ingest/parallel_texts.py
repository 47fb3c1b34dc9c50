"""The texts that the bridge learns from: of an index, or of batches that are in no segment yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Protocol, Self, TypeAlias

import numpy as np

from corpus.document import ENGLISH, LANGUAGES

from ..arrays.files import parsing
from ..arrays.ragged import concatenated
from ..bridge.evidence.bitext import bitext
from ..bridge.evidence.extract import Evidence, Kind, term_prefix
from ..bridge.learning.parallel_files import parallel_paths
from ..directory.catalogue import CataloguedFile
from ..schema import Field
from ..segment.doc_store import records_in
from ..snapshot import Snapshot
from ..value import NamedTuple
from .inversion import CollectedBatches

_ENGLISH = LANGUAGES.index(ENGLISH)

Pairs: TypeAlias = Sequence[tuple[str, str]]


class FileText(NamedTuple):
    """The text of a file, and whether it is in English."""

    text: str = ""
    is_english: bool = False


class BridgeSource(Protocol):
    """What learning asks of an index; deleted documents are none of it."""

    @property
    def documents(self) -> int:
        """The number of documents."""

    @property
    def passages(self) -> int:
        """The number of passages."""

    def evidence(self, prefix: bytes = b"") -> Iterable[tuple[bytes, int]]:
        """Yield the terms of evidence that begin so, each with the number of its documents."""

    def body_terms(self) -> Iterable[bytes]:
        """Yield the terms of all texts, some perhaps again, those of deleted ones included."""

    def texts(self, paths: Sequence[str]) -> Callable[[str], FileText]:
        """Return a function that returns the texts of these paths, best asked in their order."""

    def bitexts(self, both: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
        """Yield the Korean and the English text of documents in both languages."""


@dataclass(frozen=True, slots=True)
class ParallelFiles:
    """The pairs of indexed files that are translations, each in one order.

    `marks` are hashes of 56 bits of the names and the contents of the two files of each pair.
    """

    pairs: Pairs
    marks: Sequence[int]

    @classmethod
    def of(
        cls, files: Mapping[str, CataloguedFile], evidence: Iterable[Evidence], declared: Pairs
    ) -> Self:
        """Return the pairs of some files: by their names, by links in them, or as declared."""
        named = parallel_paths(files)
        linked = [(item.first, item.second) for item in evidence if item.kind is Kind.TRANSLATION]
        once: dict[frozenset[str], tuple[str, str]] = {}
        for pair in (*named, *linked, *declared):
            if set(pair) <= files.keys():
                once.setdefault(frozenset(pair), pair)
        pairs = list(once.values())
        return cls(pairs, [_mark(pair, files) for pair in pairs])


def _mark(pair: tuple[str, str], files: Mapping[str, CataloguedFile]) -> int:
    names = "\0".join(f"{path}\0{files[path].fingerprint.digest}" for path in sorted(pair))
    return int.from_bytes(blake2b(names.encode(errors="surrogatepass"), digest_size=7).digest())


def pair_texts(
    pairs: Iterable[tuple[str, str]], text_of: Callable[[str], FileText]
) -> Iterator[tuple[str, str]]:
    """Yield the texts of the files of each pair, the Korean one first.

    If both are in the same language, such as a page left untranslated, keep the order of the pair.
    """
    for pair in pairs:
        first, second = map(text_of, pair)
        if first.is_english and not second.is_english:
            first, second = second, first
        yield first.text, second.text


def indexed_text(snapshot: Snapshot, path: str) -> FileText:
    """Return the text of the documents of a path."""
    passages = _passages_with(snapshot, Field.PATH, path)
    return FileText("\n".join(_texts(snapshot, passages)), _is_english(snapshot, passages))


def both_texts(snapshot: Snapshot, both: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
    """Yield the Korean and the English text of documents in both languages."""
    for item in both:
        first = _passages_with(snapshot, Field.BRIDGE, item.term())[0]
        document = snapshot.stored_document(first)
        passages = range(first, int(snapshot.firsts[snapshot.doc_values.document[first] + 1]))
        texts = _texts(snapshot, passages)
        if found := bitext(str(document["title"]), texts, document["metadata"]):
            yield found.korean, found.english


class SnapshotSource:
    """What learning asks of the segments that a snapshot shows."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.documents = snapshot.documents
        self.passages = snapshot.passages

    def evidence(self, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """Yield what the protocol says, in the order of the segments."""
        snapshot = self._snapshot
        for term in snapshot.terms(Field.BRIDGE, prefix):
            if frequency := snapshot.passage_frequency(Field.BRIDGE, term):
                yield term, frequency

    def body_terms(self) -> Iterator[bytes]:
        """Yield the terms of each segment."""
        # Not `terms`, which would keep every number and identifier of a log in memory.
        return self._snapshot.terms_of_segments(Field.BODY)

    def texts(self, paths: Sequence[str]) -> Callable[[str], FileText]:
        """Return `indexed_text` for the snapshot."""
        return partial(indexed_text, self._snapshot)

    def bitexts(self, both: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
        """Yield `both_texts` of the snapshot."""
        return both_texts(self._snapshot, both)


def _passages_with(snapshot: Snapshot, field: Field, term: str) -> list[int]:
    """Return the passages, ascending, that contain a term of a field without positions."""
    postings = snapshot.posting_list(field, term.encode())
    if postings is None:
        return []
    passages = postings.passages
    if snapshot.has_deleted:
        passages = passages[snapshot.alive.take(passages)]
    numbers: list[int] = passages.tolist()
    return numbers


def _is_english(snapshot: Snapshot, passages: list[int]) -> bool:
    if not passages:
        return False
    doc_values = snapshot.doc_values
    return int(doc_values.language[doc_values.document[passages[0]]]) == _ENGLISH


def _texts(snapshot: Snapshot, passages: Iterable[int]) -> list[str]:
    return [str(snapshot.stored(passage)["text"]) for passage in passages]


def evidence_in(term: bytes) -> Evidence:
    """Return the evidence that is a term of an index. Raises CorruptFile for another term."""
    with parsing(Field.BRIDGE.value):
        return Evidence.of_term(term.decode())


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """What the next commit will have, before it is in segments.

    `batches` have the documents of the files that are `read`, `committed` those of the others.
    """

    batches: CollectedBatches
    committed: BridgeSource
    read: Set[str]

    def links(self) -> list[Evidence]:
        """Return the links to translations, in the order that an index has them."""
        prefix = term_prefix(Kind.TRANSLATION)
        terms = {term.encode() for terms in self.batches.evidence for term in terms}
        found = {term for term in terms if term.startswith(prefix)}
        found.update(term for term, _ in self.committed.evidence(prefix))
        return list(map(evidence_in, sorted(found)))

    def texts(self, paths: Sequence[str]) -> Callable[[str], FileText]:
        """Return a function that returns the texts of some files."""
        found = collected_texts(self.batches, [path for path in paths if path in self.read])
        committed = self.committed.texts([path for path in paths if path not in self.read])

        def text_of(path: str) -> FileText:
            if path in self.read:
                return found.get(path, FileText())
            return committed(path)

        return text_of


def collected_texts(batches: CollectedBatches, paths: Iterable[str]) -> dict[str, FileText]:
    """Return the texts of those of some paths that have documents in the batches."""
    wanted = set(paths)
    counts, languages = concatenated(batches.passage_counts), concatenated(batches.languages)
    is_wanted = np.array([path in wanted for path in batches.paths], np.bool_)
    documents = np.repeat(np.arange(len(counts)), counts)
    texts: dict[str, list[str]] = {}
    english: dict[str, bool] = {}
    first = 0
    for block in batches.passages:
        owners = documents[first : first + block.records]
        first += block.records
        rows = np.flatnonzero(is_wanted[owners])
        if len(rows):
            for owner, record in zip(owners[rows].tolist(), records_in(block, rows), strict=True):
                path = batches.paths[owner]
                texts.setdefault(path, []).append(str(record["text"]))
                english.setdefault(path, int(languages[owner]) == _ENGLISH)
    return {path: FileText("\n".join(some), english[path]) for path, some in texts.items()}
