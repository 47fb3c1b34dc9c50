"""Files of two languages are paired by their paths, or by a list from the user."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CorpusError
from index.bridge.learning.parallel_files import parallel_paths, read_pairs


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("ko/x.html", "en/x.html"),
        ("docs/ko-KR/a/b.md", "docs/en-US/a/b.md"),
        ("docs/ko_KR/korean-food.md", "docs/en_GB/korean-food.md"),
        ("x.ko.md", "x.en.md"),
        ("notes/x_kor.txt", "notes/x_eng.txt"),
        ("KOR/X.TXT", "ENG/X.TXT"),
        ("Korean/x", "English/x"),
        ("x-ko", "x-en"),
        ("kr/x.txt", "eng/x.txt"),
        ("ko/report.ko.md", "en/report.en.md"),
        ("보고서(국문).txt", "보고서(영문).txt"),
        ("한국어/x", "en/x"),
        ("/ko/x", "/en/x"),
        ("ko/x.kor.txt", "ko/x.eng.txt"),
    ],
)
def test_paths_that_differ_in_their_language_are_a_pair(korean: str, english: str) -> None:
    assert parallel_paths([english, "other/x.txt", korean]) == [(korean, english)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ko/x.html", "en/y.html"),
        ("kodak/x", "endak/x"),
        ("ko/x.html", "ja/x.html"),
        ("ko/x.html", "x.html"),
        ("korea.md", "england.md"),
        ("-".join(["ko"] * 9), "-".join(["en"] * 9)),
    ],
)
def test_other_paths_are_no_pair(first: str, second: str) -> None:
    assert parallel_paths([first, second]) == []


def test_the_first_english_mark_and_the_first_korean_path_are_taken() -> None:
    assert parallel_paths(["ko/x", "en-US/x", "en/x"]) == [("ko/x", "en/x")]
    assert parallel_paths(["ko/x", "kr/x", "en/x"]) == [("ko/x", "en/x")]


def test_a_folder_and_a_name_may_both_have_a_counterpart() -> None:
    paths = ["ko/x.txt", "ko/y_ko.txt", "en/x.txt", "en/y_en.txt"]
    assert parallel_paths(paths) == [("ko/x.txt", "en/x.txt"), ("ko/y_ko.txt", "en/y_en.txt")]


_parts = st.sampled_from(["ko", "en", "kr", "eng", "a", "ko-KR", "en-US"])


@given(st.lists(st.lists(_parts, min_size=1, max_size=3).map("/".join), max_size=12))
def test_pairs_are_of_the_paths_given_in_any_order_and_no_path_is_in_two(paths: list[str]) -> None:
    pairs = parallel_paths(paths)
    used = [path for pair in pairs for path in pair]
    assert len(set(used)) == len(used)
    assert set(used) <= set(paths)
    assert pairs == sorted(pairs) == parallel_paths(reversed(paths))


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "pairs.tsv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_file_of_pairs_is_read_in_its_order_with_the_korean_path_first(tmp_path: Path) -> None:
    text = (
        "Korean\tEnglish\n# a comment\n\nb.txt\ta.txt\nen/x.txt\tko/x.txt\n"
        "b.txt\ta.txt\t\r\n  ko/y.txt \t en/y.txt\n"
    )
    expected = [("b.txt", "a.txt"), ("ko/x.txt", "en/x.txt"), ("ko/y.txt", "en/y.txt")]
    assert read_pairs(written(tmp_path, text)) == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
def test_a_file_of_pairs_may_be_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "# 국문과 영문 보고서\n동반자 관계 보고서.txt\t영어로 된 보고서.txt\n"
    pairs = read_pairs(written(tmp_path, text, encoding))
    assert pairs == [("동반자 관계 보고서.txt", "영어로 된 보고서.txt")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("only one", "1 paths, not 2"),
        ("a\tb\tc", "3 paths, not 2"),
        ("a\ta", "both paths are the same"),
        ("a\t" + "b" * 10_000, "longer than 10,000 characters"),
    ],
)
def test_a_row_that_is_not_a_pair_is_reported_with_its_file_and_line(
    tmp_path: Path, row: str, reason: str
) -> None:
    path = written(tmp_path, f"ko/x\ten/x\n{row}\n")
    with pytest.raises(CorpusError, match=reason) as caught:
        read_pairs(path)
    assert str(caught.value).startswith(f"{path}, line 2, is not a pair of files")
    assert "<TAB>" in caught.value.hint


def test_a_stream_is_read_once_like_a_file_and_is_called_standard_input() -> None:
    assert read_pairs(io.BytesIO("ko/가.txt\ten/가.txt\r\n".encode("utf-16"))) == [
        ("ko/가.txt", "en/가.txt")
    ]
    with pytest.raises(CorpusError, match=r"^standard input, line 2, is not a pair"):
        read_pairs(io.BytesIO(b"ko/x\ten/x\nx\n"))
    reading, writing = os.pipe()
    try:
        with open(writing, "wb") as pipe:
            pipe.write(b"ko/x\ten/x\n")
        assert read_pairs(Path(f"/dev/fd/{reading}")) == [("ko/x", "en/x")]
    finally:
        os.close(reading)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.tsv cannot be read"):
        read_pairs(tmp_path / "none.tsv")
    with pytest.raises(CorpusError, match=r"pairs\.tsv is empty"):
        read_pairs(written(tmp_path, ""))
