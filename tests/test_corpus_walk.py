from __future__ import annotations

import errno
import os
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Problem
from corpus.errors import CorpusError
from corpus.names import readable
from corpus.walk import LINKS, SourceFile, name_of, walk

SUFFIXES = frozenset({".md", ".txt"})


def put(base: Path, *names: str) -> None:
    for name in names:
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}", encoding="utf-8")


def walked(base: Path, *roots: Path) -> list[SourceFile | Problem]:
    return list(walk(roots or [base], base=base, suffixes=SUFFIXES))


def names(base: Path, *roots: Path) -> list[str]:
    return [found.name for found in walked(base, *roots) if isinstance(found, SourceFile)]


def problems(base: Path, *roots: Path) -> list[Problem]:
    return [found for found in walked(base, *roots) if isinstance(found, Problem)]


def ignore(folder: Path, *lines: str) -> None:
    (folder / ".chajaignore").write_text("\n".join(lines), encoding="utf-8")


def test_files_are_sorted_by_name(tmp_path: Path) -> None:
    put(tmp_path, "나.md", "b/z.txt", "가.md", "b.md", "a.txt", "b/a/deep.md")
    assert names(tmp_path) == ["a.txt", "b/a/deep.md", "b/z.txt", "b.md", "가.md", "나.md"]


def test_a_source_file_has_path_name_size_and_time(tmp_path: Path) -> None:
    put(tmp_path, "sub/문서.md")
    os.utime(tmp_path / "sub/문서.md", ns=(0, 1_700_000_000_123_456_700))
    (file,) = walked(tmp_path)
    assert isinstance(file, SourceFile)
    assert file.path.read_text(encoding="utf-8") == "text of sub/문서.md"
    assert file.name == "sub/문서.md"
    assert file.size == len(file.path.read_bytes())
    assert file.modified == (tmp_path / "sub/문서.md").stat().st_mtime_ns


def test_suffixes_match_without_case(tmp_path: Path) -> None:
    put(tmp_path, "README.MD")
    assert names(tmp_path) == ["README.MD"]


def test_unsupported_files_are_counted_by_suffix(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "b.PDF", "sub/c.pdf", "Makefile", ".hidden.pdf")
    unsupported = Counter[str]()
    found = list(
        walk(
            [tmp_path, tmp_path / "sub"], base=tmp_path, suffixes=SUFFIXES, unsupported=unsupported
        )
    )
    assert len(found) == 1
    assert unsupported == {".pdf": 2, "": 1}


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    put(tmp_path, ".hidden.md", ".git/a.md", ".chaja/b.md", "seen.md")
    assert names(tmp_path) == ["seen.md"]


def test_symbolic_links_are_skipped_and_counted(tmp_path: Path) -> None:
    put(tmp_path, "docs/a.md", "elsewhere/b.md")
    others = Counter[str]()
    docs = tmp_path / "docs"
    (docs / "loop").symlink_to(docs)
    (docs / "b.md").symlink_to(tmp_path / "elsewhere/b.md")
    (docs / "gone.md").symlink_to(tmp_path / "gone.md")
    (file,) = walk([docs], base=docs, suffixes=SUFFIXES, unsupported=others)
    assert isinstance(file, SourceFile)
    assert file.name == "a.md"
    assert others == {LINKS: 3}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert walked(tmp_path) == []
    (problem,) = problems(tmp_path, tmp_path / "pipe.md")
    assert problem.reason == "not a regular file"


def test_a_root_that_is_a_link_is_followed(tmp_path: Path) -> None:
    put(tmp_path, "docs/a.md")
    (tmp_path / "link").symlink_to(tmp_path / "docs")
    assert names(tmp_path, tmp_path / "link") == ["docs/a.md"]


def test_names_of_files_outside_the_base_begin_with_two_dots(tmp_path: Path) -> None:
    put(tmp_path, "other/a.md")
    (tmp_path / "base").mkdir()
    assert names(tmp_path / "base", tmp_path / "other") == ["../other/a.md"]


def test_a_file_below_two_roots_is_yielded_once(tmp_path: Path) -> None:
    put(tmp_path, "docs/a.md", "docs/b.md")
    docs = tmp_path / "docs"
    assert names(tmp_path, docs / "b.md", docs, tmp_path, docs / "b.md") == [
        "docs/a.md",
        "docs/b.md",
    ]
    assert problems(tmp_path, docs / "b.md", docs, tmp_path) == []


def test_a_root_file_is_read_even_if_hidden_or_ignored(tmp_path: Path) -> None:
    put(tmp_path, ".draft.md", "out.md", "in.md")
    ignore(tmp_path, "out.md")
    assert names(tmp_path, tmp_path / ".draft.md", tmp_path / "out.md") == [".draft.md", "out.md"]


def test_a_root_folder_is_walked_even_if_hidden_or_ignored(tmp_path: Path) -> None:
    put(tmp_path, ".notes/a.md", "old/b.md")
    ignore(tmp_path, "old/")
    assert names(tmp_path, tmp_path / ".notes", tmp_path / "old") == [".notes/a.md", "old/b.md"]


@pytest.mark.parametrize(("name", "kind"), [("scan.pdf", ".pdf"), ("Makefile", "no suffix")])
def test_a_root_file_of_an_unsupported_type_is_a_problem(
    tmp_path: Path, name: str, kind: str
) -> None:
    put(tmp_path, name)
    (problem,) = problems(tmp_path, tmp_path / name)
    assert problem.path == name
    assert kind in problem.reason


def test_an_index_is_not_walked_even_as_a_root(tmp_path: Path) -> None:
    put(tmp_path, ".chaja/a.md")
    assert names(tmp_path, tmp_path / ".chaja") == []
    assert len(problems(tmp_path, tmp_path / ".chaja", tmp_path / ".chaja/a.md")) == 2


def test_a_missing_root_is_an_error_before_anything_is_walked(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    with pytest.raises(CorpusError, match=r"typo: no such file") as caught:
        walk([tmp_path, tmp_path / "typo"], base=tmp_path, suffixes=SUFFIXES)
    assert caught.value.hint


def refuse(monkeypatch: pytest.MonkeyPatch, function: str, *refused: Path) -> None:
    """Make a function of `os` fail for some paths, as for files of another user."""
    original = getattr(os, function)

    def guarded(path: str | Path, **options: bool) -> object:
        if Path(path) in refused:
            raise PermissionError(13, "Permission denied", str(path))
        return original(path, **options)

    monkeypatch.setattr(os, function, guarded)


def test_a_root_that_may_not_be_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "scandir", tmp_path)
    with pytest.raises(CorpusError, match="Permission denied"):
        walk([tmp_path], base=tmp_path, suffixes=SUFFIXES)


def test_a_folder_that_may_not_be_read_is_a_problem_and_the_rest_is_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a/a.md", "b/b.md")
    refuse(monkeypatch, "scandir", tmp_path / "a")
    assert names(tmp_path) == ["b/b.md"]
    assert problems(tmp_path) == [
        Problem(path="a", reason="cannot be read: Permission denied", passing=True)
    ]


def test_a_file_that_vanishes_during_the_walk_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "b.md")
    found = walk([tmp_path], base=tmp_path, suffixes=SUFFIXES)
    assert isinstance(next(found), SourceFile)
    (tmp_path / "b.md").unlink()
    assert [problem.path for problem in found if isinstance(problem, Problem)] == ["b.md"]


class UnreadableEntry:
    """A directory entry whose type cannot be read."""

    name = "a.md"

    def is_dir(self, *, follow_symlinks: bool) -> bool:
        raise OSError(5, "Input/output error")


class Listing:
    """A substitute for the result of `os.scandir`."""

    def __init__(self, entries: Sequence[UnreadableEntry]) -> None:
        self.entries = entries

    def __enter__(self) -> Sequence[UnreadableEntry]:
        return self.entries

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None: ...


def test_an_entry_without_a_readable_type_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "scandir", lambda _: Listing([UnreadableEntry()]))
    assert walked(tmp_path) == [
        Problem(path="a.md", reason="cannot be read: Input/output error", passing=True)
    ]


def test_names_are_in_nfc_and_the_path_is_as_on_the_disk(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "폴더/한글.md")
    put(tmp_path, apart, "가.md")
    plain, file = walked(tmp_path)
    assert isinstance(file, SourceFile)
    assert (file.name, file.on_disk) == ("폴더/한글.md", apart)
    assert isinstance(plain, SourceFile)
    assert (plain.name, plain.on_disk) == ("가.md", "")


def test_two_names_equal_in_nfc_are_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "한글.md", unicodedata.normalize("NFD", "한글.md"))
    if len(os.listdir(tmp_path)) < 2:
        pytest.skip("this file system takes both names for one")
    assert names(tmp_path) == ["한글.md"]
    assert [problem.path for problem in problems(tmp_path)] == ["한글.md"]


def put_bytes(base: Path, *names: bytes) -> None:
    for name in names:
        path = base / os.fsdecode(name)
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_text("text", encoding="utf-8")
        except OSError:
            pytest.skip("this file system takes only text for names")


def test_names_in_cp949_are_decoded_and_others_escaped(tmp_path: Path) -> None:
    folder = "자료".encode("cp949")
    put_bytes(
        tmp_path, folder + "/초안 한글.md".encode(), folder + b"/\xc7\xd1\xb1\xdb.md", b"\xff.md"
    )

    assert names(tmp_path) == ["\\xff.md", "자료/초안 한글.md", "자료/한글.md"]
    for file in walked(tmp_path):
        assert isinstance(file, SourceFile)
        assert (tmp_path / file.on_disk).samefile(file.path)
        assert file.name == name_of(file.path, tmp_path)
    assert names(tmp_path, tmp_path / os.fsdecode(folder)) == ["자료/초안 한글.md", "자료/한글.md"]


def test_ignore_rules_match_names_in_cp949(tmp_path: Path) -> None:
    put_bytes(tmp_path, "자료".encode("cp949") + b"/a.md", "초안.md".encode("cp949"), b"b.md")
    ignore(tmp_path, "자료/", "초안*")

    assert names(tmp_path) == ["b.md"]


@given(st.binary(min_size=1, max_size=30).filter(lambda name: not {0, 47} & set(name)))
def test_any_bytes_give_a_name_that_is_text_and_stays_itself(name: bytes) -> None:
    text = readable(os.fsdecode(name))

    text.encode()
    assert readable(text) == text
    try:
        assert text == unicodedata.normalize("NFC", name.decode())
    except UnicodeDecodeError:
        assert text


def test_a_path_on_another_drive_is_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: str, start: str) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    put(tmp_path, "a.md")
    monkeypatch.setattr(os.path, "relpath", refused)
    assert names(tmp_path, tmp_path / "a.md") == [(tmp_path / "a.md").as_posix()]


def test_ignore_rules_have_the_syntax_of_git(tmp_path: Path) -> None:
    put(tmp_path, "keep.md", "draft-1.md", "build/a.md", "sub/build/b.md", "top.md", "sub/top.md")
    ignore(tmp_path, "# drafts", "draft-*", "build/", "/top.md")
    assert names(tmp_path) == ["keep.md", "sub/top.md"]


def test_the_last_rule_that_matches_decides(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.txt", "sub/c.txt", "sub/d.md")
    ignore(tmp_path, "*", "!*/", "!b.txt", "!*.md")
    assert names(tmp_path) == ["b.txt", "sub/d.md"]


def test_an_inner_ignore_file_adds_to_the_outer_one_and_overrules_it(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "a.md", "sub/b.txt", "sub/b.md", "sub/c.md", "sub/in/c.md", "c.md")
    ignore(tmp_path, "*.txt")
    ignore(tmp_path / "sub", "!b.txt", "/c.md")
    assert names(tmp_path) == ["a.md", "c.md", "sub/b.md", "sub/b.txt", "sub/in/c.md"]


def test_outer_rules_apply_to_a_part_of_the_corpus_walked_alone(tmp_path: Path) -> None:
    put(tmp_path, "sub/in/draft.md", "sub/in/a.md")
    ignore(tmp_path, "draft*")
    assert names(tmp_path, tmp_path / "sub/in") == names(tmp_path) == ["sub/in/a.md"]


def test_rules_above_the_base_do_not_apply(tmp_path: Path) -> None:
    put(tmp_path, "base/a.md", "other/b.md")
    ignore(tmp_path, "*.md")
    assert names(tmp_path / "base", tmp_path / "base", tmp_path / "other") == [
        "a.md",
        "../other/b.md",
    ]


def test_rules_match_names_in_either_normal_form(tmp_path: Path) -> None:
    put(tmp_path, unicodedata.normalize("NFD", "초안.md"), "완성.md")
    ignore(tmp_path, unicodedata.normalize("NFD", "초안*"))
    assert names(tmp_path) == ["완성.md"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le"])
def test_ignore_files_are_decoded_like_documents(tmp_path: Path, encoding: str) -> None:
    put(tmp_path, "초안.md", "회의록/가.md", "완성.md", "a.txt")
    rules = "# 초안은 빼 둔다\r\n초안*\r\n회의록/\r\n*.txt\r\n"
    (tmp_path / ".chajaignore").write_bytes(rules.encode(encoding))
    assert names(tmp_path) == ["완성.md"]
    assert problems(tmp_path) == []


def test_an_undecodable_ignore_file_is_a_problem_and_ignores_nothing(tmp_path: Path) -> None:
    put(tmp_path, "sub/a.md", "b.md")
    ignore(tmp_path, "b.md")
    (tmp_path / "sub/.chajaignore").write_bytes(b"*.md\n\x00\xff\x00")
    assert names(tmp_path) == ["sub/a.md"]
    assert problems(tmp_path) == [
        Problem(path="sub/.chajaignore", reason="is not text: it contains NUL bytes")
    ]


def test_invalid_bytes_of_an_ignore_file_are_a_problem_and_its_other_lines_apply(
    tmp_path: Path,
) -> None:
    put(tmp_path, "초안.md", "a.txt", "완성.md")
    (tmp_path / ".chajaignore").write_bytes("초안*\n".encode() + b"\xff\n*.txt\n")
    assert names(tmp_path) == ["완성.md"]
    assert problems(tmp_path) == [
        Problem(
            path=".chajaignore", reason="1 byte is not valid UTF-8; replaced with \ufffd", line=2
        )
    ]


@pytest.mark.parametrize("wrong", ["!", "[z-a]", "back\\"])
def test_an_invalid_pattern_is_a_problem_and_the_others_apply(tmp_path: Path, wrong: str) -> None:
    put(tmp_path, "a.txt", "sub/a.md")
    ignore(tmp_path, "*.txt", wrong)
    assert names(tmp_path) == ["sub/a.md"]
    assert problems(tmp_path, tmp_path, tmp_path / "sub") == [
        Problem(path=".chajaignore", reason=f"is not a valid pattern: {wrong}", line=2)
    ]


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "link to a device"])
def test_an_ignore_file_that_is_not_a_regular_file_is_a_problem(tmp_path: Path, kind: str) -> None:
    put(tmp_path, "sub/a.md")
    path = tmp_path / "sub/.chajaignore"
    if kind == "folder":
        path.mkdir()
    elif os.name == "nt":
        pytest.skip("Windows has no such files")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        (tmp_path / "zero").symlink_to("/dev/zero")
        path.symlink_to(tmp_path / "zero")
    assert names(tmp_path) == ["sub/a.md"]
    assert problems(tmp_path) == [Problem(path="sub/.chajaignore", reason="is not a regular file")]


def test_an_ignore_file_of_any_size_is_a_problem_soon(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    with (tmp_path / ".chajaignore").open("wb") as file:
        file.truncate(1 << 40)
    assert names(tmp_path) == ["a.md"]
    assert problems(tmp_path) == [
        Problem(path=".chajaignore", reason="is longer than 524,288 bytes")
    ]


@pytest.mark.parametrize("root", [".", "sub"])
def test_a_folder_whose_ignore_file_cannot_be_read_now_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    put(tmp_path, "a.md", "sub/b.md", "sub/in/c.md")
    ignore(tmp_path if root == "sub" else tmp_path / "sub", "b.md")
    opened = os.open

    def failing(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith(".chajaignore") and os.path.exists(path):
            raise OSError(errno.EIO, "Input/output error")
        return opened(path, flags, *rest)

    monkeypatch.setattr(os, "open", failing)
    assert names(tmp_path, tmp_path / root) == (["a.md"] if root == "." else [])
    assert problems(tmp_path, tmp_path / root) == [
        Problem(
            path=".chajaignore" if root == "sub" else "sub/.chajaignore",
            reason="cannot be read: Input/output error",
            passing=True,
        )
    ]
