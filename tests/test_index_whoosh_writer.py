"""A program writes an index as any of Whoosh's; builds and the searcher agree with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from index_corpus import PlainKorean, built, put, put_all, seen
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_faults import FAULTS, failing
from whoosh import query as q
from whoosh.fields import UnknownFieldError
from whoosh.index import LockError
from whoosh.writing import CLEAR, AsyncWriter, IndexingError

from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from index.verify import verify
from index.whoosh import open_index
from index.whoosh import writer as writers
from index.whoosh.index import ArrayIndex
from index.whoosh.writer import IndexWriter
from search import Searcher

ROOT = Path(__file__).parents[1]
FILES = {
    "a.md": "# River treaty\n\nThe policy of the court was a river of rivers.\n",
    "rows.jsonl": '{"id": "1", "text": "a storm"}\n{"id": "2", "text": "a harbour"}\n',
}

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


@pytest.fixture(autouse=True)
def no_kiwi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)


@pytest.fixture
def index(tmp_path: Path) -> ArrayIndex:
    put_all(tmp_path, FILES)
    built(tmp_path)
    return open_index(tmp_path / FOLDER)


def found(folder: Path, word: str) -> list[tuple[str, str]]:
    """Return the path and text of each passage that has a word."""
    directory = folder if folder.name == FOLDER else folder / FOLDER
    with open_index(directory).searcher() as searcher:
        return [(hit["path"], hit["body"]) for hit in searcher.search(q.Term("body", word))]


def test_a_document_is_found_once_it_is_committed(index: ArrayIndex, tmp_path: Path) -> None:
    with index.writer() as writer:
        writer.add_document(
            path="notes/1",
            title="Ice",
            body="A glacier.\n\n" + "Far away. " * 60,
            date=datetime(2024, 5, 1),
            metadata={"by": "us"},
        )
        assert found(tmp_path, "glacier") == []
    with Searcher.open(tmp_path / FOLDER) as searcher:
        (hit,) = searcher.search("glacier", bridge=False, strict=True)
        assert (hit.path, hit.document, hit.title) == ("notes/1", "notes/1", "Ice")
        assert (hit.date, hit.language, hit.line) == ("2024-05-01", "en", 1)
        assert hit.metadata == {"by": "us"}
        assert len(searcher.passages("notes/1", around=9)) > 1
        assert searcher.info().documents == 4
    assert verify(tmp_path / FOLDER, deep=True).sound


def test_documents_added_are_what_a_build_of_their_files_gives(tmp_path: Path) -> None:
    texts = {"a.txt": "River\n\nA river of rivers.", "b.txt": "강물이 흐른다.\n\nrivers"}
    put_all(tmp_path / "built", texts)
    for path in texts:
        os.utime(tmp_path / "built" / path, (0, 0))  # a program tells no time of a file
    built(tmp_path / "built")
    with (
        Searcher.open(tmp_path / "built" / FOLDER) as searcher,
        IndexWriter(tmp_path / "written" / FOLDER) as writer,
    ):
        for path in texts:
            (first, *_) = searcher.passages(path)
            writer.add_document(path=path, title=first.title, body=texts[path])
    assert seen(tmp_path / "written" / FOLDER) == seen(tmp_path / "built" / FOLDER)
    assert verify(tmp_path / "written" / FOLDER, deep=True).sound


def test_an_update_replaces_what_has_the_path_and_the_id_if_one_is_given(
    index: ArrayIndex, tmp_path: Path
) -> None:
    with index.writer() as writer:
        writer.add_document(path="notes/1", body="a glacier")
    with index.writer() as writer:
        writer.update_document(path="notes/1", body="a glacier again")
        writer.update_document(path="notes/1", body="a glacier at last")
        writer.add_document(path="notes/1", id="more", body="a glacier besides")
        writer.update_document(path="rows.jsonl", id="2", body="no glacier")
    assert sorted(found(tmp_path, "glacier")) == [
        ("notes/1", "a glacier at last"),
        ("notes/1", "a glacier besides"),
        ("rows.jsonl", "no glacier"),
    ]
    assert (found(tmp_path, "harbour"), found(tmp_path, "storm")) == (
        [],
        [("rows.jsonl", "a storm")],
    )
    assert verify(tmp_path / FOLDER, deep=True).sound


def test_an_update_replaces_what_the_writer_has_written_to_the_disk(
    index: ArrayIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "_BATCH_WORDS", 3)
    with index.writer() as writer:
        for number in range(4):
            writer.update_document(path="notes/1", body=f"a glacier of {number} miles")
            writer.flush()
    assert found(tmp_path, "glacier") == [("notes/1", "a glacier of 3 miles")]
    assert index.doc_count() == 4


def test_a_document_is_deleted_whole(index: ArrayIndex, tmp_path: Path) -> None:
    long = "\n\n".join(f"A glacier, {number}. " + "Far away. " * 40 for number in range(3))
    with index.writer() as writer:
        writer.add_document(path="notes/1", body=long)
    assert len(found(tmp_path, "glacier")) == 3
    with index.writer() as writer:
        assert writer.delete_by_query(q.Phrase("body", ["glacier", "2"])) == 1
        assert writer.delete_by_term("path", "no such path") == 0
    assert found(tmp_path, "far") == []
    index.delete_by_term("body", "storm")
    assert [path for path, _ in found(tmp_path, "harbour")] == ["rows.jsonl"]
    with index.writer() as writer:
        (number,) = (hit.docnum for hit in writer.searcher().search(q.Term("body", "harbour")))
        writer.delete_document(number)
        writer.delete_document(number, delete=False)
    assert found(tmp_path, "harbour")


def test_a_build_reads_again_what_was_changed_and_keeps_what_has_no_file(
    index: ArrayIndex, tmp_path: Path
) -> None:
    with index.writer() as writer:
        writer.add_document(path="notes/1", body="a glacier")
        writer.add_document(path="c.txt", body="a glacier soon replaced")
        writer.update_document(path="a.md", body="a glacier instead")
        writer.delete_by_term("body", "harbour")
    assert built(tmp_path).unchanged == 0
    assert found(tmp_path, "river")
    assert found(tmp_path, "harbour")
    assert len(found(tmp_path, "storm")) == 1
    put(tmp_path, "c.txt", "a valley")
    assert built(tmp_path).added == 1
    (tmp_path / "a.md").unlink()
    assert built(tmp_path).removed == 1
    assert found(tmp_path, "glacier") == [("notes/1", "a glacier")]
    assert verify(tmp_path / FOLDER, deep=True).sound


def test_an_update_that_is_refused_keeps_the_document(index: ArrayIndex, tmp_path: Path) -> None:
    before = found(tmp_path, "treati")
    assert [path for path, _ in before] == ["a.md"]
    with index.writer() as writer:
        with pytest.raises(ValueError, match="has no text"):
            writer.update_document(path="a.md", body="\n\n")
        writer.add_document(path="notes/1", body="A glacier.")
    assert found(tmp_path, "treati") == before


def test_a_rebuild_without_documents_leaves_an_empty_index(
    index: ArrayIndex, tmp_path: Path
) -> None:
    IndexWriter(tmp_path / FOLDER, rebuild=True).commit()
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert searcher.info().documents == 0


def test_what_is_cancelled_or_fails_leaves_nothing(index: ArrayIndex, tmp_path: Path) -> None:
    before = seen(tmp_path / FOLDER)
    names = {path.name for path in (tmp_path / FOLDER).iterdir() if path.suffix != ".lex"}
    writer = index.writer()
    writer.add_document(path="notes/1", body="a glacier")
    writer.flush()
    writer.cancel()
    writer.cancel()
    for write in (writer.commit, lambda: writer.add_document(path="a", body="b")):
        with pytest.raises(IndexingError, match="closed"):
            write()
    with suppress(ZeroDivisionError), index.writer() as writer:
        writer.add_document(path="notes/1", body="a glacier")
        raise ZeroDivisionError
    with index.writer():
        pass
    assert seen(tmp_path / FOLDER) == before
    after = {path.name for path in (tmp_path / FOLDER).iterdir() if path.suffix != ".lex"}
    assert after == names


@pytest.mark.parametrize("fault", FAULTS)
def test_a_commit_that_fails_leaves_the_old_index_or_the_new(
    index: ArrayIndex, tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / FOLDER
    before = seen(folder)
    for at in range(1, 400, 7):
        try:
            with failing(FAULTS[fault], at) as disk, index.writer() as writer:
                writer.update_document(path="notes/1", body="a glacier")
        except (OSError, KeyboardInterrupt):
            assert disk.failed
        if seen(folder) != before:
            break
    assert found(tmp_path, "glacier") == [("notes/1", "a glacier")]
    assert verify(folder, deep=True).sound


def test_one_writer_holds_the_lock(index: ArrayIndex) -> None:
    with index.writer() as writer:
        with pytest.raises(LockError, match="is building this index"):
            index.writer()
        waiting = AsyncWriter(index, delay=0.01)
        waiting.add_document(path="notes/1", body="a glacier")
        waiting.commit()
        writer.add_document(path="notes/2", body="a glacier")
    waiting.join()
    assert index.doc_count() == 5


# The child tries to write with the writer of its parent, ends, and the parent goes on.
INHERITED = """
import os, signal, sys
from pathlib import Path
from whoosh.writing import IndexingError
from corpus.errors import IndexLocked
from index.whoosh.writer import IndexWriter
directory = Path(sys.argv[1])
writer = IndexWriter(directory)
writer.add_document(path="a", body="river")
writer.flush()
child = os.fork()
if not child:
    signal.alarm(60)
    for change in (writer.commit, lambda: writer.add_document(path="b", body="bank")):
        try:
            change()
        except IndexingError as error:
            assert "parent process" in str(error)
        else:
            sys.exit(3)
    writer.cancel()
    sys.exit(0)
_, status = os.waitpid(child, 0)
try:
    IndexWriter(directory)
except IndexLocked as error:
    assert f"process {os.getpid()} " in str(error)
    writer.commit()
    sys.exit(os.waitstatus_to_exitcode(status))
"""
# The parent ends, and leaves a child that has inherited its writer.
LEFT_BEHIND = """
import os, sys
from pathlib import Path
from index.whoosh.writer import IndexWriter
writer = IndexWriter(Path(sys.argv[1]))
if os.fork():
    os._exit(0)
print("left behind", flush=True)
sys.stdin.read()
os._exit(0)
"""
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@needs_fork
def test_a_forked_child_cannot_write_with_the_writer_of_its_parent(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", INHERITED, str(tmp_path / FOLDER)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert found(tmp_path, "river") == [("a", "river")]


@needs_fork
def test_a_child_does_not_keep_the_lock_of_a_parent_that_has_ended(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", LEFT_BEHIND, str(tmp_path / FOLDER)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "left behind\n"
        parent.wait()
        with IndexWriter(tmp_path / FOLDER) as writer:
            writer.add_document(path="a", body="river")


def test_all_is_replaced_where_whoosh_is_told_to_clear(index: ArrayIndex, tmp_path: Path) -> None:
    writer = index.writer()
    writer.add_document(path="notes/1", body="a glacier")
    writer.commit(mergetype=CLEAR)
    assert (index.doc_count(), found(tmp_path, "river")) == (1, [])
    assert built(tmp_path).added == 2
    assert len(found(tmp_path, "river")) == 1


def test_an_index_is_begun_by_a_writer(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / FOLDER) as writer:
        assert writer.delete_by_term("path", "x") == 0
        writer.add_document(path="x", body="a glacier")
    assert found(tmp_path, "glacier") == [("x", "a glacier")]
    assert DirectoryReader.open(tmp_path / FOLDER).catalogue().files == {}


@pytest.mark.parametrize(
    ("fields", "error", "reason"),
    [
        ({"path": "x", "body": "y", "text": "z"}, UnknownFieldError, "text"),
        ({"path": "x", "body": "y", "gram": "z"}, UnknownFieldError, "gram"),
        ({"body": "y"}, ValueError, "needs a path"),
        ({"path": "x"}, ValueError, "needs a body"),
        ({"path": "x", "body": " \n"}, ValueError, "has no text"),
        ({"path": "x", "body": "y", "date": "soon"}, ValueError, "is no date"),
        ({"path": "x", "body": "y", "language": "fr"}, ValueError, "is no language"),
    ],
)
def test_a_document_that_cannot_be_is_refused_and_the_writer_goes_on(
    index: ArrayIndex,
    tmp_path: Path,
    fields: Mapping[str, object],
    error: type[Exception],
    reason: str,
) -> None:
    with index.writer() as writer:
        with pytest.raises(error, match=reason):
            writer.add_document(**fields)
        writer.add_document(path="x\udcff", id=None, body="a glacier \ud800", date=date(2024, 5, 1))
    assert found(tmp_path, "glacier") == [("x\\xff", "a glacier \ufffd")]
