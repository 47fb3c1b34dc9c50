"""An index opened for Whoosh is searched in all of Whoosh's ways, and follows builds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from index_corpus import built, put, put_all
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import Source, content_of, numbered_source, passages_of
from index_documents import analyzer as fake_analyzer
from whoosh import query as q
from whoosh.filedb.filestore import ReadOnlyError
from whoosh.qparser import QueryParser
from whoosh.reading import TermNotFound
from whoosh.sorting import StoredFieldFacet

from corpus import Document
from corpus.errors import AnalyzerMismatch, IndexDamaged, IndexMissing
from index.bridge.table import Content
from index.directory.catalogue import Catalogue
from index.directory.commit import FORMAT, About, commit_file_name
from index.directory.directory_writer import DirectoryWriter
from index.directory.location import FOLDER
from index.ingest.transaction import IndexTransaction
from index.whoosh import open_index, schema
from index.whoosh.codec import ArrayCodec
from index.whoosh.index import ArrayIndex
from index.whoosh.schema import WordAnalyzer

ROOT = Path(__file__).parents[1]
FILES = {
    "a.md": "# River treaty\n\nThe policy of the court was a river of rivers.\n",
    "b.md": "# Harbour\n\nA storm over the harbour, and the policy of covid-19.\n",
}


pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


@pytest.fixture
def index(tmp_path: Path) -> ArrayIndex:
    """The index of two documents, as a build leaves it."""
    put_all(tmp_path, FILES)
    built(tmp_path)
    return open_index(tmp_path / FOLDER)


def committed(
    directory: Path, some: Iterable[Source], *, analyser: str = "an analyser"
) -> DirectoryWriter:
    """Make `some` documents the whole index."""
    store = DirectoryWriter.fresh(directory, About(FORMAT, analyser, "today"))
    with IndexTransaction(store) as transaction:
        transaction.add(content_of(some))
        bridge = store.write_bridge(Content())
        transaction.commit((), Catalogue(), bridge=lambda _: bridge, built="today")
    return store


def numbers(index: ArrayIndex, word: str) -> list[int]:
    with index.searcher() as searcher:
        return [hit.docnum for hit in searcher.search(q.Term("body", word))]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("RIVERS", ["a.md"]),
        ("policy AND NOT rivers", ["b.md"]),
        ('"policy of the court"', ["a.md"]),
        ("covid-19", ["b.md"]),
        ("title:harbour OR path:a.md", ["a.md", "b.md"]),
        ("har*", ["b.md"]),
    ],
)
def test_the_query_parser_of_whoosh_reads_words_as_chaja_does(
    index: ArrayIndex, text: str, paths: list[str]
) -> None:
    query = QueryParser("body", index.schema).parse(text)
    with index.searcher() as searcher:
        found = sorted(hit["path"] for hit in searcher.search(query))
    index.close()
    assert found == paths


def test_a_korean_word_is_its_first_reading_in_a_query_and_all_its_terms_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(schema, "open_analyzer", lambda directory, about: fake_analyzer())
    words = WordAnalyzer(tmp_path, About(FORMAT, "an analyser", "today"))
    words.close()
    text = "강물 정상회의 은"
    query = [(token.text, token.pos) for token in words(text, mode="query")]
    indexed = [(token.text, text[token.startchar : token.endchar]) for token in words(text)]
    words.close()
    assert query == [("강물", 0), ("정상", 1), ("회의", 2)]
    assert [term for term, _ in indexed] == ["강물", "정상", "회의", "정상회의", "은"]
    assert all(term == written for term, written in indexed)


def test_hits_carry_what_is_stored_and_can_be_highlighted(index: ArrayIndex) -> None:
    with index.searcher() as searcher:
        (hit,) = searcher.search(q.Term("body", "river"), terms=True)
        assert (hit["path"], hit["title"], hit["heading"]) == (
            "a.md",
            "River treaty",
            "River treaty",
        )
        assert hit["id"]
        assert hit["line"] == 1
        assert hit["body"] == FILES["a.md"].strip().removeprefix("# ")
        assert hit.matched_terms() == [("body", b"river")]
        assert hit.highlights("body").count("</b>") == 3
    index.close()


def test_hits_are_sorted_and_grouped(index: ArrayIndex) -> None:
    query = q.Term("body", "polici")
    with index.searcher() as searcher:
        found = searcher.search(query, sortedby="path", reverse=True)
        assert [hit["path"] for hit in found] == ["b.md", "a.md"]
        grouped = searcher.search(query, groupedby="path").groups()
        assert {path: len(numbers) for path, numbers in grouped.items()} == {"a.md": 1, "b.md": 1}
        languages = searcher.search(query, groupedby=StoredFieldFacet("language")).groups()
        assert {name: len(numbers) for name, numbers in languages.items()} == {"en": 2}


def test_files_and_fields_are_never_written_one_by_one(index: ArrayIndex, tmp_path: Path) -> None:
    before = {path: path.stat() for path in (tmp_path / FOLDER).iterdir()}
    storage, codec = index.storage, ArrayCodec()
    refused: list[Callable[[], object]] = [
        lambda: index.add_field("new", None),
        lambda: index.remove_field("path"),
        lambda: index.writer().add_field("new", None),
        lambda: index.lock("WRITELOCK"),
        lambda: storage.create_file("a"),
        lambda: storage.delete_file(next(iter(storage))),
        lambda: storage.rename_file("a", "b"),
        lambda: storage.create_index(index.schema),
        storage.temp_storage,
        storage.destroy,
        lambda: codec.per_document_writer(storage, None),
        lambda: codec.field_writer(storage, None),
        lambda: codec.postings_writer(None),
        lambda: codec.new_segment(storage, "new"),
    ]
    for write in refused:
        with pytest.raises(ReadOnlyError, match="never file by file"):
            write()
    assert storage.create() is storage
    assert {path: path.stat() for path in (tmp_path / FOLDER).iterdir()} == before


def test_a_searcher_keeps_its_commit_and_a_fresh_one_sees_the_next(
    index: ArrayIndex, tmp_path: Path
) -> None:
    query = q.Term("body", "glacier")
    searcher = index.searcher()
    assert searcher.up_to_date()
    assert searcher.refresh() is searcher
    put(tmp_path, "c.md", "A glacier, far from any harbour.\n")
    put(tmp_path, "a.md", "No treaty.\n")
    built(tmp_path)
    assert not searcher.up_to_date()
    assert len(searcher.search(query)) == 0
    assert searcher.search(q.Term("body", "river"))[0]["path"] == "a.md"
    fresh = searcher.refresh()
    assert fresh.search(query)[0]["path"] == "c.md"
    assert len(fresh.search(q.Term("body", "river"))) == 0
    fresh.close()
    modified = (tmp_path / FOLDER / commit_file_name(index.latest_generation())).stat().st_mtime
    assert index.last_modified() == modified
    assert index.doc_count() == 3


def test_an_index_built_with_another_analyzer_must_be_opened_again(tmp_path: Path) -> None:
    committed(tmp_path, [numbered_source(1, 1)])
    index = open_index(tmp_path)
    schema = index.schema
    assert numbers(index, "river") == [0]
    committed(tmp_path, [numbered_source(1, 2)], analyser="another")
    with pytest.raises(AnalyzerMismatch, match="another analyzer"):
        index.searcher()
    assert numbers(open_index(tmp_path), "river") == [0, 1]
    with pytest.raises(AnalyzerMismatch, match="was made with"):
        QueryParser("body", schema).parse("river")


def test_an_index_without_a_passage_finds_nothing(tmp_path: Path) -> None:
    DirectoryWriter.fresh(tmp_path, About(FORMAT, "an analyser", "today")).commit(
        (), Catalogue(), built=""
    )
    index = open_index(tmp_path)
    assert index.is_empty()
    assert numbers(index, "river") == []


def test_a_folder_without_an_index_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="no index here"):
        open_index(tmp_path)


def test_a_damaged_posting_list_is_an_error_that_says_how_to_verify(tmp_path: Path) -> None:
    store = committed(tmp_path, [numbered_source(1, 1)])
    path = tmp_path / store.segments[0].postings.name
    data = bytearray(path.read_bytes())
    data[64] ^= 1
    path.write_bytes(data)
    with open_index(tmp_path).searcher() as searcher, pytest.raises(IndexDamaged) as error:
        searcher.search(q.Term("body", "river"))
    assert "page 0" in str(error.value)
    assert "chaja verify" in error.value.hint


def test_a_missing_segment_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whoosh.index.sleep", lambda seconds: None)
    store = committed(tmp_path, [numbered_source(1, 1)])
    (tmp_path / store.segments[0].text.name).unlink()
    with pytest.raises(IndexDamaged, match=r"no such file.*\.txt"):
        open_index(tmp_path).searcher()


def test_a_text_of_particles_only_is_scored_as_one_of_a_single_term(tmp_path: Path) -> None:
    document = Document(id="1", path="1.txt", title="", text="", language="ko")
    committed(tmp_path, [(document, passages_of(["은", "은 강물", "강물 강물 은 강물"]))])
    with open_index(tmp_path).searcher() as searcher:
        first, *_ = searcher.search(q.Term("body", "은"))
        assert first.docnum == 0
        assert first.score == searcher.search(q.Term("body", "은"))[1].score
        assert searcher.term_info("body", "은").min_length() == 1
        assert searcher.doc_field_length(0, "body", 7) == 7
        assert searcher.doc_field_length(2, "body", 7) == 3


def test_terms_are_looked_up_and_listed_by_field(index: ArrayIndex) -> None:
    with index.reader() as reader:
        assert ("line", "3") not in reader
        assert reader.indexed_field_names() == [
            "body",
            "bridge",
            "date",
            "field",
            "gram",
            "language",
            "meta",
            "path",
            "title",
        ]
        assert list(reader.field_terms("path")) == ["a.md", "b.md"]
        assert reader.most_frequent_terms("body", 1, prefix="r") == [(3.0, b"river")]
        assert (reader.frequency("body", "none"), reader.doc_frequency("body", "none")) == (0, 0)
        for look in (reader.term_info, reader.postings):
            with pytest.raises(TermNotFound):
                look("body", "none")
        cursor = reader.cursor("title")
        terms = [cursor.text(), cursor.next(), cursor.next(), cursor.next()]
        assert terms == ["harbor", "harbour", "river", "treati"]
        assert cursor.is_valid()
        assert (cursor.next(), cursor.is_valid()) == (None, False)
        assert (cursor.find("i"), cursor.first()) == ("river", "harbor")


@pytest.mark.parametrize(
    "search",
    [
        "from search.searcher import Searcher; Searcher.open(index).search('policy river')",
        "from search.cli import main; main(['search', 'policy river', '--index', index])",
    ],
)
def test_searching_imports_no_whoosh(index: ArrayIndex, tmp_path: Path, search: str) -> None:
    script = (
        f"import sys; index = {str(tmp_path / FOLDER)!r}; {search}\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
        "; assert 'index.whoosh' not in sys.modules and 'search.whoosh' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "whoosh" not in done.stdout.splitlines()[-1].split()
