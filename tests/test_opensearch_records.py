"""Segments become records that an analyzer which only splits turns into the same postings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, Passage
from index.analysis.analyzer import Analyzer
from index.ingest.batch import Batcher
from index.ingest.ingest_pipeline import SegmentBuffer
from index.ingest.occurrences import TERM, inverted
from index.opensearch.names import Epoch
from index.opensearch.records import (
    Numbering,
    TermCounts,
    bulk_records,
    first_number,
    month_label,
    year_label,
)
from index.opensearch.stored_fields import stored_as, stored_of
from index.opensearch.streams import document_terms, streams
from index.opensearch.terms import GAP, indexed, keyword, stacked
from index.segment.content import FieldPostings

# What Java's Character.isWhitespace calls white space.
JAVA_SPACE = re.compile("[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")
# Terms with every sign that means something to the analyzer, and some that nearly do.
TERMS = st.text(st.sampled_from("ab가|\x01\x02 \t\x85\xa0\u2028\u3000;0"), max_size=4)
# The terms of the positions of a passage; a position may have none.
PASSAGE = st.lists(st.lists(TERMS, max_size=3, unique=True), max_size=5)


def read_by_opensearch(text: str) -> list[tuple[int, str]]:
    """Return the position and the term of each token that the analyzer `terms` makes."""
    found: list[tuple[int, str]] = []
    groups = [group for group in JAVA_SPACE.split(text) if group]
    for position, group in enumerate(groups):
        found += [(position, term) for term in re.findall(r"([^|]+)", group) if term != GAP]
    return found


def inverted_field(passages: Sequence[Sequence[Sequence[str]]], cuts: int) -> list[FieldPostings]:
    """Return the postings of passages, in parts of consecutive terms."""
    names = sorted({term for passage in passages for place in passage for term in place})
    ordinals = {term: ordinal for ordinal, term in enumerate(names)}
    occurrences = sorted(
        ordinals[term] << TERM | passage << 16 | position
        for passage, places in enumerate(passages)
        for position, place in enumerate(places)
        for term in place
    )
    bounds = sorted({0, cuts % (len(names) + 1), len(names)})
    encoded = [name.encode() for name in names]
    array = np.array(occurrences, np.int64)
    return [
        inverted(array[(array >= low << TERM) & (array < high << TERM)], encoded)
        for low, high in pairwise(bounds)
    ]


@given(st.lists(PASSAGE, max_size=4), st.integers(0, 20), st.integers(1, 9))
def test_the_text_of_a_passage_has_its_terms_positions_and_gaps(
    passages: list[list[list[str]]], cuts: int, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.opensearch.streams._AT_ONCE", at_once)
        texts = streams(inverted_field(passages, cuts), len(passages))
    for text, places in zip(texts, passages, strict=True):
        expected = [
            (position, indexed(term)) for position, place in enumerate(places) for term in place
        ]
        assert sorted(read_by_opensearch(text)) == sorted(expected)
        assert text == stacked(
            (position, term)
            for position, place in enumerate(places)
            for term in sorted(place, key=str.encode)
        )


@given(st.lists(PASSAGE, max_size=4), st.integers(0, 20))
def test_without_positions_a_term_stands_as_often_as_it_occurs(
    passages: list[list[list[str]]], cuts: int
) -> None:
    texts = streams(inverted_field(passages, cuts), len(passages), positions=False)
    for text, places in zip(texts, passages, strict=True):
        assert sorted(text.split()) == sorted(map(indexed, chain(*places)))


@given(st.lists(st.text(max_size=5), min_size=2, max_size=2, unique=True))
def test_different_terms_are_indexed_differently_and_as_one_token_each(terms: list[str]) -> None:
    one, other = map(indexed, terms)
    assert one != other
    for term in (one, other):
        assert read_by_opensearch(term) == [(0, term)]
        assert term.split() == [term]


def test_terms_that_are_too_long_for_lucene_are_cut_and_stay_different() -> None:
    long = "가" * 20_000
    assert len(indexed(long).encode()) < 32_766
    assert indexed(long) != indexed(long + "나")
    assert keyword(long) == indexed(long)
    assert keyword("b" * 8_000) == "b" * 8_000


def test_the_terms_of_a_document_are_those_of_its_first_passage() -> None:
    parts = inverted_field([[["b", "a"]], [], [["a"]]], 1)
    assert document_terms(parts, 3) == [["a", "b"], [], ["a"]]


@pytest.mark.parametrize(
    ("days", "year", "month"),
    [
        ((0, 0), "", ""),
        ((20240101, 20241231), "2024", "2024"),
        ((20240501, 20240531), "2024", "2024-05"),
        ((20240509, 20240509), "2024", "2024-05"),
        ((10101, 11231), "0001", "0001"),
    ],
)
def test_dates_have_the_labels_of_facets(days: tuple[int, int], year: str, month: str) -> None:
    assert (year_label(days[0]), month_label(*days)) == (year, month)


@pytest.mark.parametrize("name", ["notes/a.txt", "notes/\udcb0\udca1.txt"])
def test_stored_fields_come_back_whatever_bytes_a_file_name_has(name: str) -> None:
    record = {"id": "a", "on_disk": name, "metadata": {"escaped": "x"}}
    sent = json.loads(json.dumps({"stored": stored_as(record)}).encode())
    json.dumps(sent, ensure_ascii=False).encode()
    assert stored_of(sent) == record


def test_metadata_keep_their_order_though_a_cluster_sorts_names() -> None:
    record = {"id": "a", "metadata": {"작성자": "김", "b": "1", "a": "2"}}
    sent = json.loads(json.dumps({"stored": stored_as(record)}, sort_keys=True))
    assert [*stored_of(sent)["metadata"].items()] == [("작성자", "김"), ("b", "1"), ("a", "2")]


def test_a_record_that_has_only_the_field_by_which_escapes_are_told_stays_as_it_is() -> None:
    assert stored_of({"stored": {"escaped": ["x"]}}) == {"escaped": ["x"]}


def document(path: str, texts: Sequence[str], **fields: object) -> tuple[Document, list[Passage]]:
    passages = [Passage(number, text, 0, len(text), 1, "", ()) for number, text in enumerate(texts)]
    whole = {"title": "", "language": "en", "text": "\n".join(texts)} | fields
    return Document(id=path, path=path, **whole), passages  # type: ignore[arg-type]


def records_of(
    analyzer: Analyzer, documents: Sequence[tuple[Document, list[Passage]]], *, first: int = 0
) -> tuple[list[tuple[Mapping[str, str], Mapping[str, object]]], TermCounts]:
    batcher, buffer, counts = Batcher(), SegmentBuffer(), TermCounts()
    for one, passages in documents:
        batcher.add(one, passages)
    analyzer.learn(buffer.add(batcher.take()))
    content = buffer.content(analyzer.words, analyzer.verdicts)
    found = bulk_records(content, Numbering(Epoch("notes", 3), first), counts)
    return [(head["index"], record) for head, record in found if record is not None], counts


@pytest.mark.kiwi
def test_passages_have_what_their_document_has_and_come_before_it(analyzer: Analyzer) -> None:
    first = first_number(7)
    rows, _ = records_of(
        analyzer,
        [
            document(
                "notes/Han.md",
                ["The Han is a river.", "It is long."],
                title="Rivers",
                date="2024-05",
                language="en",
                metadata={"Author": "Kim"},
            ),
            document("강.txt", ["한강은 서울의 강이다."], language="ko"),
        ],
        first=first,
    )
    heads = [head for head, _ in rows]
    assert [head["_index"] for head in heads] == [
        *["notes.passages.000003"] * 2,
        "notes.documents.000003",
        "notes.passages.000003",
        "notes.documents.000003",
    ]
    assert [int(head["_id"]) - first for head in heads] == [0, 1, 0, 2, 2]
    assert [int(head["routing"]) - first for head in heads] == [0, 0, 0, 2, 2]
    one, two, whole, korean, _ = (record for _, record in rows)
    assert (one["ordinal"], two["ordinal"], two["doc"]) == (0, 1, first)
    assert one["title"] == one["title_all"] == two["title_all"] == whole["title"]
    assert "title" not in two
    assert "meta" not in two
    assert whole["text"] == [whole["title"], one["body"], two["body"]]
    for record in (one, two, whole):
        assert record["folder"] == "notes"
        assert record["filetype"] == "md"
        assert (record["year"], record["month"]) == ("2024", "2024-05")
        assert record["path"] == record["id"] == "notes/Han.md"
        assert record["path_normal"] == "notes/han.md"
        assert record["field"] == ["\x1fauthor", "author\x1fkim"]
    assert whole["passages"] == 2
    lengths = [record[name] for record in (one, two) for name in ("body_length",)]
    assert whole["length"] == whole["title_length"] + sum(map(int, map(str, lengths)))
    assert one["stored"] == {"text": "The Han is a river.", "start": 0, "line": 1, "heading": ""}
    assert stored_of({"stored": whole["stored"]})["metadata"] == {"Author": "Kim"}
    assert korean["language"] == "ko"
    assert str(korean["gram"])


@pytest.mark.kiwi
def test_terms_are_counted_by_passage_and_told_apart_by_field(analyzer: Analyzer) -> None:
    documents = [document("zebra.txt", ["river river", "river"], title="Rivers")]
    _, counts = records_of(analyzer, documents)
    assert counts.counts[b"river"] == 3  # two texts and a title
    assert b"river" in counts.in_body
    assert b"zebra" in counts.counts
    assert b"zebra" not in counts.in_body
