"""`verify` with `deep` compares postings, doc values and impacts with the stored text."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from index_corpus import PlainKorean
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import KNOWN
from verified_index import index as index
from verified_index import plain_korean as plain_korean
from verified_index import reported, without_words
from verified_index import sound as sound

from corpus.errors import AnalyzerMismatch
from index import analyzers, verify_deep
from index.directory.directory_reader import DirectoryReader, lexicon_path
from index.directory.directory_writer import DirectoryWriter
from index.directory.lexicon_files import open_lexicon
from index.schema import Field
from index.segment import segment_writer
from index.segment.content import FieldPostings, SegmentContent
from index.segment.impacts import FREQUENCIES, impacts_of
from index.segment.merge import merge_segments
from index.verify import verify

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk", "plain_korean")


def rewritten(index: Path, change: Callable[[SegmentContent], SegmentContent]) -> str:
    """Commit a changed copy of the largest segment; return its name."""
    store = DirectoryWriter.open(index)
    (row,) = [n for n, segment in enumerate(store.segments) if segment.passages > 10]
    readers = store.readers()
    content = merge_segments([readers[row]])
    content = replace(
        content,
        passages=list(content.passages),
        documents=list(content.documents),
        fields=list(content.fields),
    )
    for reader in readers:
        reader.close()
    segments = list(store.segments)
    segments[row] = store.write(change(content))
    store.commit(segments, store.catalogue(), built="now")
    return segments[row].postings.name


def with_field(
    content: SegmentContent, field: Field, change: Callable[[FieldPostings], FieldPostings]
) -> SegmentContent:
    fields = [(name, change(part) if name is field else part) for name, part in content.fields]
    return replace(content, fields=fields)


def swapped(numbers: np.ndarray, first: int, second: int) -> np.ndarray:
    numbers = numbers.copy()
    numbers[[first, second]] = numbers[[second, first]]
    return numbers


def test_wrong_postings_are_reported_with_their_term(index: Path) -> None:
    assert verify(index, deep=True).sound

    def renamed(postings: FieldPostings) -> FieldPostings:
        return replace(postings, terms=[*postings.terms[:-1], b"zzz"])

    name = rewritten(index, lambda content: with_field(content, Field.BODY, renamed))
    assert verify(index).sound
    ((file, reason),) = reported(verify(index, deep=True))
    assert file == name
    assert reason.startswith("body: the postings of ")


@pytest.mark.parametrize("column", ["passages", "frequencies", "positions"])
def test_any_number_of_a_posting_counts(index: Path, column: str) -> None:
    def moved(postings: FieldPostings) -> FieldPostings:
        numbers = getattr(postings, column).copy()
        row = int(np.flatnonzero(np.diff(numbers))[-1])
        return replace(postings, **{column: swapped(numbers, row, row + 1)})

    name = rewritten(index, lambda content: with_field(content, Field.BODY, moved))
    found = reported(verify(index, deep=True))
    assert [file for file, _ in found] == [name]
    assert found[0][1].startswith("body: the postings of ")


def test_a_missing_or_additional_term_is_reported(index: Path) -> None:
    def shortened(postings: FieldPostings) -> FieldPostings:
        bounds, last = postings.bounds, int(postings.bounds[-2])
        occurrences = int(postings.frequencies[:last].sum())
        return FieldPostings(
            postings.terms[:-1],
            bounds[:-1],
            postings.passages[:last],
            postings.frequencies[:last],
            postings.positions[:occurrences],
        )

    def lengthened(postings: FieldPostings) -> FieldPostings:
        return FieldPostings(
            [*postings.terms, b"\xff"],
            np.append(postings.bounds, postings.bounds[-1] + 1),
            np.append(postings.passages, 0),
            np.append(postings.frequencies, 1),
            postings.positions,
        )

    rewritten(index, lambda content: with_field(content, Field.TITLE, shortened))
    ((_, reason),) = reported(verify(index, deep=True))
    assert reason.startswith("title: the postings of ")
    rewritten(index, lambda content: with_field(content, Field.PATH, lengthened))
    reasons = [reason for _, reason in reported(verify(index, deep=True))]
    assert reasons[0] == "path: the postings of \\xff do not match the stored text"


@pytest.mark.parametrize("name", ["body_length", "gram_length", "title_length", "first_day"])
def test_wrong_doc_values_are_reported(index: Path, name: str) -> None:
    def changed(content: SegmentContent) -> SegmentContent:
        numbers = getattr(content.doc_values, name) + 1
        return replace(content, doc_values=replace(content.doc_values, **{name: numbers}))

    rewritten(index, changed)
    reasons = [reason for _, reason in reported(verify(index, deep=True))]
    assert reasons == [f"{name} does not match the stored text"]


def test_an_invalid_record_is_reported(index: Path) -> None:
    def without_text(content: SegmentContent) -> SegmentContent:
        return replace(content, passages=[{"line": 1}] * len(content.doc_values.document))

    name = rewritten(index, without_text)
    ((file, reason),) = reported(verify(index, deep=True))
    assert file == name.replace(".seg", ".txt")
    assert reason == "a record lacks text"


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ("first_passage", "first_passage does not match its documents"),
        ("document_body_length", "document_body_length does not match its passages"),
    ],
)
def test_inconsistent_doc_values_are_reported(
    index: Path, monkeypatch: pytest.MonkeyPatch, fact: str, message: str
) -> None:
    from index.segment.segment_reader import SegmentReader

    column = SegmentReader.column
    calls: list[str] = []

    def other(reader: SegmentReader, name: str) -> np.ndarray:
        calls.append(name)
        # The first call locates the documents.
        wrong = name == fact and calls.count(name) % 2 == (fact != "first_passage")
        return column(reader, name) + (1 if wrong else 0)

    monkeypatch.setattr(SegmentReader, "column", other)
    assert message in [reason for _, reason in reported(verify(index, deep=True))]


def test_wrong_sums_are_reported(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.segment import segment_writer

    real = segment_writer.write_doc_values

    def wrong(file: object, doc_values: object) -> None:
        real(file, doc_values)
        file.facts["title_length"] += 1

    monkeypatch.setattr(segment_writer, "write_doc_values", wrong)
    rewritten(index, lambda content: content)
    assert [reason for _, reason in reported(verify(index, deep=True))] == [
        "the sum of title_length is wrong"
    ]


@pytest.mark.parametrize("postings", [1, 1_000_000])
def test_wrong_impacts_are_reported_with_their_term(
    index: Path, monkeypatch: pytest.MonkeyPatch, postings: int
) -> None:
    lowest = int(np.flatnonzero(FREQUENCIES == 1)[0])

    def lowered(frequencies: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        impacts = impacts_of(frequencies, lengths)
        once = np.flatnonzero(frequencies == 1)
        impacts[once[len(once) // 2 :]] = lowest
        return impacts

    monkeypatch.setattr(verify_deep, "_POSTINGS", postings)
    monkeypatch.setattr(segment_writer, "impacts_of", lowered)
    name = rewritten(index, lambda content: content)
    assert verify(index).sound
    found = reported(verify(index, deep=True))
    assert {file for file, _ in found} == {name}
    pattern = re.compile(r"(\w+): the impacts of (\S+) do not match its postings")
    terms = dict(pattern.fullmatch(reason).groups() for _, reason in found)
    assert {"body", "title", "path"} <= terms.keys()
    with closing(DirectoryReader.open(index).snapshot()) as snapshot:
        for field, term in terms.items():
            assert term.encode() in set(snapshot.terms(Field(field)))


def test_a_word_that_the_lexicon_has_lost_is_analyzed_again(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    korean = PlainKorean()
    monkeypatch.setattr(analyzers, "Korean", lambda dictionary: korean)
    verify(index, deep=True)
    assert korean.asked == []
    without_words(index)
    path = lexicon_path(index, DirectoryReader.open(index).about.analyzer_fingerprint)
    for file in index.glob("*.lex"):
        file.unlink()
    open_lexicon(path).close()
    assert verify(index, deep=True).sound
    assert "강물이" in korean.asked
    assert "강물은" in korean.asked


def test_terms_of_another_analysis_are_reported(index: Path) -> None:
    path = lexicon_path(index, DirectoryReader.open(index).about.analyzer_fingerprint)
    lexicon = open_lexicon(path)
    lexicon.add({"강물이": KNOWN["강물"]})
    lexicon.close()
    assert verify(index).sound
    reasons = [reason for _, reason in reported(verify(index, deep=True))]
    assert "body: the postings of 강물 do not match the stored text" in reasons


def test_another_analyzer_cannot_compare(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.analysis.dictionary import Dictionary, Entry

    class Other(PlainKorean):
        def __init__(self, dictionary: Dictionary | None = None) -> None:
            super().__init__(Dictionary((Entry("먹방", "NNP", 0.0),)))

    monkeypatch.setattr(analyzers, "Korean", Other)
    assert verify(index).sound
    with pytest.raises(AnalyzerMismatch):
        verify(index, deep=True)
