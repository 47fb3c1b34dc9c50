"""`verify` reads every byte and names each damaged file with the reason."""

from __future__ import annotations

import errno
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from index_corpus import built, put
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_documents import KNOWN
from verified_index import index as index
from verified_index import only, reported
from verified_index import plain_korean as plain_korean
from verified_index import sound as sound

from corpus.errors import IndexDamaged, IndexOutdated
from index import verify as module
from index import verify_deep
from index.directory.commit import FORMAT, Commit, read_commit
from index.directory.directory_reader import DirectoryReader, lexicon_path
from index.directory.directory_writer import DirectoryWriter
from index.directory.lexicon_files import LexiconFiles, open_lexicon
from index.directory.location import FOLDER
from index.verify import verify
from search.cli.main import main

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk", "plain_korean")


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
@pytest.mark.parametrize("postings", [1, 300, 1_000_000])
def test_a_sound_index_is_found_sound_in_chunks_of_any_size(
    index: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, postings: int
) -> None:
    monkeypatch.setattr(verify_deep, "_AT_ONCE", chunk)
    monkeypatch.setattr(verify_deep, "_POSTINGS", postings)
    found = verify(index, deep=True)
    assert reported(found) == []
    assert found.sound
    files = [path for path in index.iterdir() if path.name != "lock"]
    assert found.files == len(files)
    assert found.bytes == sum(path.stat().st_size for path in files)
    assert found.unneeded == ()
    passages = [segment.passages for segment in DirectoryReader.open(index).segments]
    assert len(passages) == 2
    assert found.compared == sum(passages)
    assert verify(index).compared == 0


def test_an_index_without_a_document_is_sound(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", "river")
    built(tmp_path)
    path.unlink()
    built(tmp_path)
    assert verify(tmp_path / FOLDER, deep=True).sound


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("chaja-*.files", "no such file or directory"),
        ("*.seg", "no such file or directory"),
        ("*.txt", "no such file or directory"),
        ("*.del", "no such file or directory"),
    ],
)
def test_a_file_that_is_missing_is_named(index: Path, pattern: str, reason: str) -> None:
    path = only(index, pattern)
    path.unlink()
    assert reported(verify(index)) == [(path.name, reason)]
    assert not verify(index).sound


def test_a_lexicon_without_a_file_is_named(index: Path) -> None:
    lexicon = lexicon_path(index, DirectoryReader.open(index).about.analyzer_fingerprint)
    for path in index.glob("*.lex"):
        path.unlink()
    assert reported(verify(index, deep=True)) == [(lexicon.name, "the lexicon is missing")]


def test_an_index_without_its_commit_file_is_damaged(index: Path) -> None:
    path = only(index, "chaja-*.json")
    path.unlink()
    assert reported(verify(index)) == [(path.name, "no such file or directory")]
    only(index, "chaja-*.json").unlink()
    with pytest.raises(IndexDamaged, match="commit file is missing"):
        verify(index)


def test_damage_of_the_commit_before_is_reported_and_leaves_the_index_sound(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(index).before == read_commit(index / "chaja-1.json").about.built
    (index / "chaja-1.files").write_bytes(b"")
    found = verify(index)
    assert found.sound
    assert found.before == ""
    (damage,) = found.damage_before
    assert damage.file == "chaja-1.files"
    assert main(["verify", "--index", str(index)]) == 0
    assert "chaja-1.files: does not match its checksum; only the commit before needs it" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("kind", ["*.seg", "*.lex"])
def test_the_commit_before_is_not_called_sound_where_it_shares_the_damage(
    index: Path, kind: str
) -> None:
    path = only(index, kind)
    path.write_bytes(path.read_bytes()[:-1])
    found = verify(index)
    assert not found.sound
    assert found.before == ""
    assert found.damage_before == ()


def test_all_that_is_damaged_is_named_at_once(index: Path) -> None:
    paths = [only(index, pattern) for pattern in ("*.seg", "*.txt", "*.files")]
    for path in paths:
        data = bytearray(path.read_bytes())
        data[100] ^= 4
        path.write_bytes(data)
    found = verify(index, deep=True)
    assert sorted(name for name, _ in reported(found)) == sorted(path.name for path in paths)
    assert all(reason.endswith("does not match its checksum") for _, reason in reported(found))
    assert 0 < found.compared < 10  # the other segment is still compared


def test_white_space_in_the_commit_file_counts(index: Path) -> None:
    path = only(index, "chaja-*.json")
    path.write_bytes(path.read_bytes()[:-1])
    assert reported(verify(index)) == [(path.name, "does not match its checksum")]


_FORMAT = f'"format": {FORMAT}'.encode()


@pytest.mark.parametrize("number", [3, 4, FORMAT + 1])
def test_an_index_of_another_format_is_outdated(
    index: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = only(index, "chaja-*.json")
    path.write_bytes(path.read_bytes().replace(_FORMAT, f'"format": {number}'.encode()))
    age = "a newer version of Chaja" if number > FORMAT else "an older version of Chaja"
    with pytest.raises(IndexOutdated, match=age):
        verify(index)
    assert main(["verify", "--index", str(index)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert age in printed.err


def test_a_damaged_commit_file_leaves_no_file_unneeded(index: Path) -> None:
    path = only(index, "chaja-*.json")
    for data, reason in ((b"{}", "lacks format"), (b"", "JSONDecodeError: Expecting value")):
        path.write_bytes(data)
        found = verify(index)
        assert found.unneeded == ()
        ((name, message),) = reported(found)
        assert name == path.name
        assert message.startswith(reason)


def test_an_index_of_format_1_is_outdated(tmp_path: Path) -> None:
    put(tmp_path, "current", "index-1\n")
    with pytest.raises(IndexOutdated, match="an older version"):
        verify(tmp_path)


def test_a_file_of_another_index_is_reported(index: Path, tmp_path: Path) -> None:
    put(tmp_path / "other", "a.txt", "river")
    built(tmp_path / "other")
    other = only(tmp_path / "other" / FOLDER, "*.seg")
    path = only(index, "*.seg")
    shutil.copy(other, path)
    assert reported(verify(index)) == [(path.name, "does not match the commit file")]


def test_files_that_no_commit_needs_are_reported_and_are_no_damage(index: Path) -> None:
    names = [
        "chaja-0123456789abcdef.seg",
        "chaja-9.files",
        "chaja-9.json.new",
        "lexicon-0123456789ab-1.lex",
    ]
    for name in (*names, "lexicon-0-1.lex", "notes.txt", "lock"):
        (index / name).touch()
    found = verify(index)
    assert found.sound
    assert found.unneeded == tuple(names)


def test_a_lexicon_that_cannot_be_read_is_reported(index: Path) -> None:
    lexicon = LexiconFiles(
        index,
        lexicon_path(index, DirectoryReader.open(index).about.analyzer_fingerprint).name,
        writable=True,
    )
    lexicon.add({"강물이".encode(): b"[1,[["}, ())
    lexicon.close()
    path = max(index.glob("*.lex"), key=lambda path: path.stat().st_mtime_ns)
    ((name, reason),) = reported(verify(index, deep=True))
    assert name == path.name
    assert "JSON" in reason
    path.write_bytes(b"no lexicon" * 1_000)
    assert reported(verify(index, deep=True)) == [
        (path.name, "is truncated, or was not created by Chaja")
    ]


def test_too_many_open_files_are_no_damage(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(module, "ArrayFile", fail)
    with pytest.raises(OSError, match="Too many open files"):
        verify(index)


def test_a_concurrent_commit_is_read_instead(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_commit = module._Verifier._read_commit

    def overtaken(verifier: module._Verifier, path: Path, found: list[Commit]) -> None:
        read_commit(verifier, path, found)
        monkeypatch.setattr(module._Verifier, "_read_commit", read_commit)
        for text in ("another", "and another"):  # the second one removes what was read
            put(index.parent, "b.txt", text)
            built(index.parent)

    monkeypatch.setattr(module._Verifier, "_read_commit", overtaken)
    assert verify(index).sound


def larger_lexicon(index: Path) -> tuple[str, int]:
    """Add a file to the lexicon and commit; return its stem and its number of words."""
    path = lexicon_path(index, DirectoryReader.open(index).about.analyzer_fingerprint)
    with closing(open_lexicon(path)) as lexicon:
        lexicon.add({f"낱말{number}": KNOWN["강물"] for number in range(1_200)})
        words = len(lexicon)
    store = DirectoryWriter.open(index)
    store.commit(store.segments, store.catalogue(), built="now", words=words)
    return path.name, words


def test_a_build_keeps_how_many_words_its_lexicon_has(index: Path) -> None:
    about = DirectoryReader.open(index).about
    with closing(
        open_lexicon(lexicon_path(index, about.analyzer_fingerprint), writable=False)
    ) as lexicon:
        assert about.words == len(lexicon) > 0


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("foreign", [False, True])
def test_a_file_of_the_lexicon_that_is_missing_or_foreign_is_reported(
    index: Path, tmp_path: Path, deep: bool, foreign: bool
) -> None:
    stem, words = larger_lexicon(index)
    assert verify(index, deep=deep).sound
    path = only(index, "*.lex")
    path.unlink()
    if foreign:
        open_lexicon(tmp_path / "other").close()
        shutil.move(tmp_path / "other-1.lex", path)
    left = words - 1_200
    reason = f"has {left} of the {words:,} words that the index was built with"
    assert reported(verify(index, deep=deep)) == [(stem, reason)]
    built(index.parent)  # there is nothing to update
    assert reported(verify(index)) == [(stem, reason)]
    built(index.parent, rebuild=True)
    assert verify(index, deep=True).sound


def test_a_lexicon_that_is_merged_while_it_is_counted_is_reported(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file", "x.lex")

    monkeypatch.setattr(module, "LexiconFiles", gone)
    stem = lexicon_path(index, DirectoryReader.open(index).about.analyzer_fingerprint).name
    assert reported(verify(index)) == [(stem, "no such file: x.lex")]


def test_the_command_says_that_all_is_sound(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(index.parent)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    (index / "chaja-9.files").touch()
    (index / "lexicon-0123456789ab-1.lex").touch()
    assert main(["verify", "--deep"]) == 0
    sound, unneeded, lexicon = capsys.readouterr().out.splitlines()
    assert f"{index}: sound (" in sound
    assert "passages compared with their text)" in sound
    assert unneeded.startswith("  chaja-9.files: is not needed; an interrupted build")
    assert lexicon.startswith("  lexicon-0123456789ab-1.lex: is not needed; it is of another")


@pytest.mark.parametrize("explicit", [True, False])
def test_the_command_names_what_is_damaged_and_how_to_mend_it(
    index: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    explicit: bool,
) -> None:
    monkeypatch.chdir(index.parent)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    path = only(index, "*.seg")
    path.write_bytes(path.read_bytes()[:-9])
    assert main(["verify", *(["--index", str(index)] if explicit else [])]) == 2
    damaged, file, hint = capsys.readouterr().out.splitlines()
    assert "damaged" in damaged
    assert file == f"  {path.name}: is truncated, or its parts do not fill it"
    named = f" --index {index}" if explicit else ""
    assert hint.endswith(f": chaja repair{named}")


def test_the_command_needs_an_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    assert main(["verify"]) == 2
    assert "there is no index" in capsys.readouterr().err
