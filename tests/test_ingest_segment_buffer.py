"""A buffer inverts texts as the analyzer analyzes them, word by word."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_documents import (
    Source,
    analyzer,
    assert_same_content,
    batch_of,
    content_of,
    lists_of,
    numbered_source,
    passages_of,
    sources,
    whole,
)

from corpus import LANGUAGES, Document
from index.analysis.word import Role
from index.ingest import inversion
from index.ingest.batch import Batcher
from index.ingest.ingest_pipeline import SegmentBuffer
from index.schema import LAST_POSITION, Field, span_of
from index.segment.content import DocValues, FieldPostings

# term → passage → positions, ascending
Slow = dict[str, dict[int, list[int]]]


def positions_in(text: str) -> set[tuple[str, int]]:
    """Return the terms of a text, each with its position."""
    return {
        (part.term, token.position + part.position)
        for token in analyzer().tokens(text)
        for part in token.word.parts
    }


def bigrams(text: str) -> Counter[str]:
    return Counter(bigram for token in analyzer().tokens(text) for bigram in token.word.bigrams)


def length(text: str) -> int:
    counted = (Role.PRIMARY, Role.COMPOUND)
    tokens = analyzer().tokens(text)
    return sum(part.role in counted for token in tokens for part in token.word.parts)


def slowly(texts_of_passages: list[tuple[int, str]]) -> Slow:
    found: Slow = defaultdict(lambda: defaultdict(list))
    for passage, text in texts_of_passages:
        for term, position in sorted(positions_in(text)):
            found[term][passage].append(position)
    return found


def quickly(some: list[Source], field: Field) -> Slow:
    postings = dict(content_of(some).fields)[field]
    found: Slow = {}
    for term, one in lists_of(postings).items():
        rest = one.positions.tolist()
        found[term.decode()] = of_term = {}
        for passage, count in zip(one.passages.tolist(), one.frequencies.tolist(), strict=True):
            of_term[passage], rest = rest[:count], rest[count:]
        assert not rest
    assert postings.terms == sorted(postings.terms)
    return found


def numbered(some: list[Source]) -> list[tuple[int, Document, str]]:
    """Return (passage, document, text) of every passage, numbered as the buffer does."""
    all_of_them = [(document, passage.text) for document, passages in some for passage in passages]
    return [(number, document, text) for number, (document, text) in enumerate(all_of_them)]


def firsts(some: list[Source]) -> list[tuple[int, Document]]:
    """Return each document that has passages, with the number of its first."""
    seen: dict[str, tuple[int, Document]] = {}
    for number, document, _ in numbered(some):
        seen.setdefault(document.id, (number, document))
    return list(seen.values())


@settings(max_examples=60)
@given(sources)
def test_bodies_and_titles_are_inverted_as_the_analyzer_reads_them(some: list[Source]) -> None:
    bodies = [(number, text) for number, _, text in numbered(some)]
    titles = [(number, document.title) for number, document in firsts(some)]
    assert quickly(some, Field.BODY) == slowly(bodies)
    assert quickly(some, Field.TITLE) == slowly(titles)


@settings(max_examples=60)
@given(sources)
def test_grams_are_counted_with_those_of_the_title_at_the_first_passage(
    some: list[Source],
) -> None:
    expected: dict[str, Counter[int]] = defaultdict(Counter)
    counted = [(number, text) for number, _, text in numbered(some)]
    for number, text in counted + [(number, doc.title) for number, doc in firsts(some)]:
        for bigram, count in bigrams(text).items():
            expected[bigram][number] += count
    field = dict(content_of(some).fields)[Field.BIGRAM]
    assert not len(field.positions)
    found = {
        term.decode(): dict(zip(one.passages.tolist(), one.frequencies.tolist(), strict=True))
        for term, one in lists_of(field).items()
    }
    assert found == expected


@settings(max_examples=60)
@given(sources)
def test_measures_are_those_of_the_texts(some: list[Source]) -> None:
    content = content_of(some)
    doc_values = content.doc_values
    documents = [document for _, document in firsts(some)]
    ordinals = {document.id: ordinal for ordinal, document in enumerate(documents)}
    passages = numbered(some)
    assert doc_values.document.tolist() == [ordinals[document.id] for _, document, _ in passages]
    assert doc_values.body_length.tolist() == [length(text) for _, _, text in passages]
    assert doc_values.title_length.tolist() == [length(document.title) for document in documents]
    of_titles = Counter({n: bigrams(document.title).total() for n, document in firsts(some)})
    of_passages = [bigrams(text).total() + of_titles[number] for number, _, text in passages]
    assert doc_values.gram_length.tolist() == of_passages
    languages = (*LANGUAGES, "")
    assert doc_values.language.tolist() == [
        languages.index(document.language) for document in documents
    ]
    days = list(zip(doc_values.first_day.tolist(), doc_values.last_day.tolist(), strict=True))
    assert days == [span_of(document.date) for document in documents]


@settings(max_examples=60)
@given(sources)
def test_paths_lead_to_all_passages_of_their_files(some: list[Source]) -> None:
    expected: dict[str, list[int]] = defaultdict(list)
    for number, document, _ in numbered(some):
        expected[document.path].append(number)
    field = dict(content_of(some).fields)[Field.PATH]
    assert field.terms == sorted(field.terms)
    found = {term.decode(): one.passages.tolist() for term, one in lists_of(field).items()}
    assert found == expected


@settings(max_examples=60)
@given(sources)
def test_what_is_stored_is_what_was_given(some: list[Source]) -> None:
    content = content_of(some)
    assert [stored["text"] for stored in content.passages] == [t for _, _, t in numbered(some)]
    assert [stored["id"] for stored in content.documents] == [d.id for _, d in firsts(some)]
    assert all(stored["metadata"]["number"] in stored["id"] for stored in content.documents)


@settings(max_examples=60)
@given(sources, st.integers(0, 8))
def test_documents_in_two_batches_are_inverted_as_in_one(some: list[Source], cut: int) -> None:
    batcher, buffer = Batcher(), SegmentBuffer()
    documents = [(document, passages) for document, passages in some if passages]
    for ordinal, (document, passages) in enumerate(documents):
        if ordinal == cut:
            buffer.add(batcher.take())
        batcher.add(document, passages)
    buffer.add(batcher.take())
    assert len(buffer) == sum(len(passages) for _, passages in documents)
    content = whole(buffer.content(analyzer().words, analyzer().verdicts))
    assert (len(buffer), buffer.word_count) == (0, 0)
    assert_same_content(content, content_of(some))


def test_a_segment_has_only_the_terms_of_its_own_words() -> None:
    batcher, buffer = Batcher(), SegmentBuffer()
    batcher.add(*numbered_source(1, 2))
    buffer.add(batcher.take())
    buffer.content(analyzer().words, analyzer().verdicts)
    batcher.add(*numbered_source(2, 1))
    buffer.add(batcher.take())
    assert dict(buffer.content(analyzer().words, analyzer().verdicts).fields)[Field.BODY].terms == [
        b"2",
        b"river",
    ]


@settings(max_examples=60)
@given(sources, st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=8, max_size=8))
def test_words_are_the_same_whoever_has_read_them_and_numbered_them_anew(
    some: list[Source], readers: list[tuple[int, bool]]
) -> None:
    batchers, buffer = defaultdict(Batcher), SegmentBuffer()
    documents = [(document, passages) for document, passages in some if passages]
    new: list[str] = []
    for (reader, anew), (document, passages) in zip(cycle(readers), documents, strict=False):
        if anew:
            batchers[reader] = Batcher()
        batchers[reader].add(document, passages)
        batch = batchers[reader].take()
        batch.reader = reader
        new += buffer.add(batch)
    assert len(set(new)) == len(new) == buffer.distinct_words
    buffer.define(analyzer().words(new[:3]))
    if documents:
        assert_same_content(
            whole(buffer.content(analyzer().words, analyzer().verdicts)), content_of(some)
        )


def joined(parts: list[FieldPostings]) -> FieldPostings:
    """Return the parts of a field, joined."""
    sizes = [np.diff(part.bounds) for part in parts]
    return FieldPostings(
        terms=[term for part in parts for term in part.terms],
        bounds=np.concatenate(([0], np.cumsum(np.concatenate(sizes)))),
        passages=np.concatenate([part.passages for part in parts]),
        frequencies=np.concatenate([part.frequencies for part in parts]),
        positions=np.concatenate([part.positions for part in parts]),
    )


@settings(max_examples=60)
@given(sources, st.tuples(*[st.integers(1, 30)] * 3))
def test_a_field_in_parts_is_the_field_in_one(
    some: list[Source], limits: tuple[int, int, int]
) -> None:
    buffer, in_one = SegmentBuffer(), SegmentBuffer(whole_fields=True)
    documents = [(document, passages) for document, passages in some if passages]
    if not documents:
        return
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(("_BLOCK_WORDS", "_PART", "_AT_ONCE"), limits, strict=True):
            patch.setattr(inversion, name, limit)
        for one in documents:
            buffer.add(batch_of([one]))
            in_one.add(batch_of([one]))
        content = whole(buffer.content(analyzer().words, analyzer().verdicts))
        expected = whole(in_one.content(analyzer().words, analyzer().verdicts))
    assert [field for field, _ in expected.fields] == list(Field)
    for name in DocValues.__slots__:
        assert (
            getattr(content.doc_values, name).tolist()
            == getattr(expected.doc_values, name).tolist()
        )
    for field, whole_field in expected.fields:
        parts = [one for other, one in content.fields if other is field]
        content_in_one = replace(content, fields=[(field, joined(parts))])
        assert_same_content(content_in_one, replace(expected, fields=[(field, whole_field)]))


def test_positions_end_where_sixteen_bits_do() -> None:
    text = "river " * (LAST_POSITION - 1) + "bank bank the the river"
    document = Document(id="1", path="a", title=text, text=text, language="en")
    content = content_of([(document, passages_of([text, "river"]))])
    body = lists_of(dict(content.fields)[Field.BODY])
    # All terms after the last position are at it, each once.
    assert body[b"bank"].positions.tolist() == [LAST_POSITION - 1, LAST_POSITION]
    assert body[b"the"].positions.tolist() == [LAST_POSITION]
    assert body[b"river"].frequencies.tolist() == [LAST_POSITION, 1]
    assert body[b"river"].positions.tolist() == [*range(LAST_POSITION - 1), LAST_POSITION, 0]
    titles = lists_of(dict(content.fields)[Field.TITLE])
    assert titles[b"bank"].positions.tolist() == [LAST_POSITION - 1]
    assert content.doc_values.body_length.tolist() == [LAST_POSITION + 4, 1]
