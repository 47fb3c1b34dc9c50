"""Small random documents, and segments made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from zlib import decompress

import numpy as np
from hypothesis import strategies as st

from corpus import Document, Passage
from index.analysis.analyzer import Analyzer
from index.analysis.korean import Korean
from index.analysis.lexicon import Analysis, Lexicon
from index.analysis.word import Part, Role
from index.directory.catalogue import Catalogue
from index.directory.commit import FORMAT, About
from index.directory.directory_writer import DirectoryWriter
from index.ingest.batch import Batch, Batcher
from index.ingest.ingest_pipeline import SegmentBuffer
from index.schema import Field
from index.segment.content import DocValues, FieldPostings, Postings, Segment, SegmentContent
from index.segment.doc_store import Block, StoredFields
from index.segment.segment_reader import SegmentReader

# Words of one part and of many, of none that takes a position, and one that gives a term twice.
KNOWN: dict[str, Analysis] = {
    "강": ((Part("강", Role.PRIMARY, 0, 0, 1),), 1),
    "강물": ((Part("강물", Role.PRIMARY, 0, 0, 2),), 1),
    "정상회의": (
        (
            Part("정상", Role.PRIMARY, 0, 0, 2),
            Part("회의", Role.PRIMARY, 1, 2, 4),
            Part("정상회의", Role.COMPOUND, 0, 0, 4),
        ),
        2,
    ),
    "은": ((Part("은", Role.FALLBACK, 0, 0, 1),), 0),
    "들어서": (
        (Part("듣다", Role.PRIMARY, 0, 0, 3), Part("들다", Role.COMPOUND, 0, 0, 3)),
        1,
    ),
    "東京": (
        (Part("東京", Role.PRIMARY, 0, 0, 2), Part("동경", Role.COMPOUND, 0, 0, 2)),
        1,
    ),
    "강강": ((Part("강", Role.PRIMARY, 0, 0, 1), Part("강", Role.COMPOUND, 0, 0, 2)), 1),
}
WORDS = (*KNOWN, "river", "rivers", "the", "covid-19", "r&d", "…", "U.S.", "2024")


class Untouched(Korean):
    """Kiwi without words: all are in the lexicon."""

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        raise LookupError(keys)


def analyzer() -> Analyzer:
    """Return an analyzer that knows WORDS and needs no Kiwi."""
    lexicon = Lexicon()
    lexicon.add(KNOWN)
    return Analyzer(lexicon, Untouched())


texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
Source = tuple[Document, list[Passage]]


@st.composite
def _sources(draw: st.DrawFn) -> list[Source]:
    sources: list[Source] = []
    for number in range(draw(st.integers(0, 8))):
        bodies = draw(st.lists(texts, max_size=3))
        document = Document(
            id=f"id{number}",
            path=f"문서{draw(st.integers(0, 3))}.txt",
            title=draw(texts),
            text="\n".join(bodies),
            language=draw(st.sampled_from(("ko", "en", "mixed", ""))),
            date=draw(st.sampled_from(("", "2024", "2024-11-14"))),
            metadata={"number": str(number)},
        )
        sources.append((document, passages_of(bodies)))
    return sources


def passages_of(bodies: Iterable[str]) -> list[Passage]:
    """Return texts as passages, whatever their offsets."""
    return [
        Passage(ordinal=n, text=body, start=n, end=n + len(body), line=n + 1)
        for n, body in enumerate(bodies)
    ]


sources = _sources()


def numbered_source(number: int, size: int) -> Source:
    """Return a document of its own path, of `size` passages with its number in them."""
    document = Document(id=str(number), path=f"{number}.txt", title="", text="", language="en")
    return document, passages_of([f"river {number}"] * size)


def content_of(some: Iterable[Source]) -> SegmentContent:
    """Invert documents."""
    inverter = SegmentBuffer()
    inverter.add(batch_of(some))
    return whole(inverter.content(analyzer().words, analyzer().verdicts))


def batch_of(some: Iterable[Source]) -> Batch:
    """Return documents as one batch, without those that have no passage, as in a build."""
    batcher = Batcher()
    for document, passages in some:
        if passages:
            batcher.add(document, passages)
    return batcher.take()


def whole(content: SegmentContent) -> SegmentContent:
    """Return a content that can be iterated more than once."""
    return SegmentContent(
        passages=unpacked(content.passages),
        documents=unpacked(content.documents),
        doc_values=content.doc_values,
        fields=list(content.fields),
    )


def unpacked(records: Iterable[StoredFields | Block]) -> list[StoredFields]:
    """Return stored fields, decompressing blocks."""
    found: list[StoredFields] = []
    for record in records:
        if isinstance(record, Block):
            lines = decompress(record.data).decode("utf-8", "surrogatepass").split("\n")
            assert len(lines) == record.records
            found += map(json.loads, lines)
        else:
            found.append(record)
    return found


def assert_same_content(one: SegmentContent, other: SegmentContent) -> None:
    assert unpacked(one.passages) == unpacked(other.passages)
    assert unpacked(one.documents) == unpacked(other.documents)
    for name in DocValues.__slots__:
        assert getattr(one.doc_values, name).tolist() == getattr(other.doc_values, name).tolist(), (
            name
        )
    for (field, mine), (other_field, theirs) in zip(one.fields, other.fields, strict=True):
        assert field == other_field
        assert mine.terms == theirs.terms
        for name in ("bounds", "passages", "frequencies", "positions"):
            assert getattr(mine, name).tolist() == getattr(theirs, name).tolist(), (field, name)


def lists_of(field: FieldPostings) -> dict[bytes, Postings]:
    """Return the posting list of each term."""
    ends = np.concatenate(([0], np.cumsum(field.frequencies))).astype(np.int64)
    has_positions = bool(len(field.positions))
    return {
        term: Postings(
            field.passages[start:end],
            field.frequencies[start:end],
            field.positions[ends[start] : ends[end]] if has_positions else field.positions,
        )
        for term, start, end in zip(
            field.terms, field.bounds.tolist(), field.bounds.tolist()[1:], strict=False
        )
    }


def new_store(directory: Path) -> DirectoryWriter:
    """Make an index without a segment."""
    store = DirectoryWriter.fresh(directory, About(FORMAT, "an analyzer", "today"))
    store.commit((), Catalogue(), built="today")
    return store


def written(
    store: DirectoryWriter, content: SegmentContent, gone: Iterable[str] = ()
) -> SegmentReader:
    """Write a segment and open it, the documents of the paths `gone` deleted."""
    (reader,) = store.open_segments([written_segment(store, content, gone)])
    return reader


def written_segment(
    store: DirectoryWriter, content: SegmentContent, gone: Iterable[str] = ()
) -> Segment:
    """Write a segment from which the documents of the paths `gone` are deleted."""
    segment = store.write(content)
    with closing(SegmentReader(store.directory, segment)) as reader:
        found = [reader.postings(Field.PATH, path.encode()) for path in gone]
    deleted = sorted(number for some in found if some for number in some.passages.tolist())
    return store.with_deletions(segment, np.array(deleted, np.int64)) if deleted else segment
