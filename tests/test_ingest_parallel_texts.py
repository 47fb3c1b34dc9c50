"""A build aligns the lines of translations ahead: from what it read, and from the last commit."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import pytest
from bridge_corpus import built, content, taught_texts, translated, translations
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put_all

from corpus import Document, Problem
from corpus.readers import read_in_steps
from index.builder import batch_reader
from index.ingest import bridge_store, ingest_pipeline, parallel_texts
from index.ingest.bridge_store import BridgeStore
from index.snapshot import Snapshot

pytestmark = pytest.mark.usefixtures("plain_korean")


def pages_of_several_documents() -> dict[str, str]:
    """Return parallel pages, some linked, some of several documents, some without text."""
    files = translations(range(12)) | {"ko/none.txt": "양봉", "en/none.txt": " "}
    for language, text in zip(("ko", "en"), translated(99), strict=True):
        rows = [json.dumps({"title": "", "text": line}) for line in text.splitlines()]
        files[f"{language}/rows.jsonl"] = "\n".join(rows)
    for name, other, text in zip(("one", "two"), ("two", "one"), translated(98), strict=True):
        link = f'<link rel="alternate" hreflang="{"en" if name == "one" else "ko"}" '
        lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
        files[f"{name}.html"] = f'{link} href="{other}.html"><body>{lines}</body>'
    return files


def test_a_first_build_takes_the_texts_of_pairs_from_what_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = pages_of_several_documents()
    with monkeypatch.context() as patch:
        patch.setattr(parallel_texts, "indexed_text", lambda *_: pytest.fail("read again"))
        built(tmp_path / "ahead", files)
    with monkeypatch.context() as patch:
        patch.setattr(BridgeStore, "prepare", lambda *_: None)
        built(tmp_path / "behind", files)
    assert content(tmp_path / "ahead") == content(tmp_path / "behind")
    assert len(content(tmp_path / "ahead").learned) == 15


@pytest.mark.parametrize("seed", range(4))
def test_later_builds_learn_the_same_from_what_they_read_and_from_what_the_index_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    ahead, behind = tmp_path / "ahead", tmp_path / "behind"
    files = pages_of_several_documents()
    for number in range(4):
        changed = chance.sample(sorted(files), chance.choice((1, 3, 20)))
        gone = chance.sample(changed, chance.randrange(2))
        step = translations([100 + number]) | {name: files[name] + "Honey." for name in changed}
        update(ahead, files if not number else step, gone)
        with monkeypatch.context() as patch:
            patch.setattr(BridgeStore, "prepare", lambda *_: None)
            update(behind, files if not number else step, gone)
        assert content(ahead) == content(behind)


def update(folder: Path, files: Mapping[str, str], gone: Iterable[str]) -> None:
    put_all(folder, files)
    for name in gone:
        (folder / name).unlink()
    built(folder)


def test_a_later_build_reads_only_the_texts_again_that_have_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tmp_path, translations(range(10)))
    again: list[str] = []
    indexed_text = parallel_texts.indexed_text

    def recorded(snapshot: Snapshot, path: str) -> parallel_texts.FileText:
        again.append(path)
        return indexed_text(snapshot, path)

    monkeypatch.setattr(parallel_texts, "indexed_text", recorded)
    built(tmp_path, translations(range(10, 15)))
    assert sorted(again) == sorted(translations(range(10)))


def test_what_is_in_a_segment_before_all_is_read_is_taken_from_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_reader, "_BATCH_FILES", 4)
    monkeypatch.setattr(ingest_pipeline, "_SEGMENT_PASSAGES", 8)
    monkeypatch.setattr(bridge_store, "prepared", lambda *_: pytest.fail("not all at hand"))
    built(tmp_path, translations(range(20)))
    assert len(content(tmp_path).learned) == 20


def test_the_texts_that_are_read_are_those_of_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = pages_of_several_documents()
    taught = taught_texts(monkeypatch)
    built(tmp_path / "ahead", files)
    ahead = list(taught)
    taught.clear()
    monkeypatch.setattr(BridgeStore, "prepare", lambda *_: None)
    built(tmp_path / "behind", files)
    assert taught == ahead


def test_pairs_of_which_a_file_could_not_be_read_to_its_end_are_taken_from_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = taught_texts(monkeypatch)
    step, refused = "corpus.changes.read_in_steps", Problem(path="", reason="none", passing=True)

    def steps(file: BinaryIO, *, name: str, **options: object) -> Iterator[Document | Problem]:
        yield from read_in_steps(file, name=name, **options)  # type: ignore[arg-type, misc]
        if name == "ko/a.txt":
            yield refused

    monkeypatch.setattr(step, steps)
    files = {"ko/a.txt": "양봉", "en/a.txt": "Bees.", "ko/b.txt": "가마", "en/b.txt": "Kiln."}
    built(tmp_path, files)
    assert sorted(taught) == [("", "Bees."), ("가마", "Kiln.")]
