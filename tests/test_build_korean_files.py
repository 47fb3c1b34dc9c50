"""Kiwi is loaded ahead for folders that are likely to have new Korean words, and for no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from index_corpus import FOLDER, PlainKorean, put, source

from index.builder.build import build
from index.builder.korean_files import are_korean
from index.ingest import writable_analyzer

KOREAN = "강물이 들판을 지나 바다로 흐른다. "


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", "The river runs to the sea.", False),
        ("a.txt", "The river (강) runs to the sea.", True),
        ("a.md", KOREAN, True),
        ("a.txt", "x" * 5000 + KOREAN, False),  # behind what is looked at
        ("a.hwp", "", True),
        ("a.pdf", KOREAN, False),  # not known before it is read
        ("a.txt", "川は海へ流れる。", False),
    ],
)
def test_a_file_is_korean_if_its_beginning_has_hangul(
    tmp_path: Path, name: str, text: str, expected: bool
) -> None:
    assert are_korean([source(tmp_path, name, text)]) is expected


def test_an_older_encoding_is_known_and_what_is_no_text_is_not(tmp_path: Path) -> None:
    old = source(tmp_path, "a.txt", "")
    old.path.write_bytes((KOREAN * 9).encode("cp949"))
    assert are_korean([old])
    old.path.write_bytes(bytes(range(256)) * 20)
    assert not are_korean([old])
    old.path.unlink()
    assert not are_korean([old])


def test_a_sample_of_many_files_is_spread_over_them(tmp_path: Path) -> None:
    files = [source(tmp_path, f"en/{number:03}.txt", "river") for number in range(200)]
    assert not are_korean(files)
    files += [source(tmp_path, f"ko/{number:03}.txt", KOREAN) for number in range(40)]
    assert are_korean(files)
    assert not are_korean([])


def test_kiwi_is_loaded_ahead_only_for_much_korean_text_beside_a_small_lexicon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Watched(PlainKorean):
        def start(self) -> None:
            started.append(len(self.asked))

    monkeypatch.setattr(writable_analyzer, "KoreanProcess", Watched)
    index = tmp_path / FOLDER
    put(tmp_path, "a.txt", "The river runs to the sea. " * 10_000)
    build(index, [tmp_path])
    assert started == []
    put(tmp_path, "b.txt", KOREAN)
    build(index, [tmp_path])
    assert started == []
    put(tmp_path, "c.txt", KOREAN * 5_000)
    build(index, [tmp_path])
    assert started == [0]  # before the first word was asked for
