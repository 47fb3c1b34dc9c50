"""A sound index to be damaged, and what verifying it says."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from index_corpus import PlainKorean, built, put, put_all, some_files

from index import analyzers
from index.directory.commit import latest, put_in_force, stage_commit
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from index.verify import Verification


@pytest.fixture
def plain_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here waits for Kiwi."""
    monkeypatch.setattr(analyzers, "Korean", PlainKorean)
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of two segments, with deletions and texts in two languages."""
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
        put_all(folder, some_files(Random(3), 12))
        put(folder, "k.md", "# 강물 정상회의\n\n강물이 흐른다 강물은.\n\n바람이 분다 river.")
        put(folder, "often.txt", "river treaty " * 180)
        built(folder)
        (folder / "a1.md").unlink()
        put(folder, "b.txt", "glacier storm policy")
        built(folder)
    return folder


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "copy") / FOLDER


def reported(found: Verification) -> list[tuple[str, str]]:
    return [(damage.file, damage.reason) for damage in found.damage]


def only(index: Path, pattern: str) -> Path:
    """Return the file of the last commit that matches a pattern, or the largest one."""

    def rank(path: Path) -> tuple[int, int]:
        number = path.stem.removeprefix("chaja-")
        return int(number) if len(number) < 3 else 0, path.stat().st_size

    return max(index.glob(pattern), key=rank)


def without_words(index: Path) -> None:
    """Make an index as of before the size of the lexicon was stored."""
    commit = latest(index)
    assert commit is not None
    commit = commit._replace(about=replace(commit.about, words=0))
    stage_commit(index, commit)
    put_in_force(index, commit)
