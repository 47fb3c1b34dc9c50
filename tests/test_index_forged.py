"""Failures caused by crafted indexes; each was found by `python -m tests.trust hostile`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ChajaError, IndexDamaged
from index.segment import postings_reader, segment_writer
from index.segment.doc_store import packed
from index.verify import verify
from search.searcher import Searcher
from tests.trust.forging import Forgery, commit_file_bytes
from tests.trust.target import Target

Ask = Callable[[Searcher], object]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    """An index whose segments have runs, as large ones do."""
    monkeypatch.setattr(segment_writer, "BLOCK", 16)
    monkeypatch.setattr(postings_reader, "BLOCK", 16)
    return Target(tmp_path)


def largest(target: Target, suffix: str) -> str:
    names = [name for name in target.arrays if name.endswith(suffix)]
    return max(names, key=lambda name: len(target.files[name]))


HUGE = (1 << 32) - 1


@pytest.mark.parametrize(
    ("array", "value", "ask"),
    [
        ("body.many_frequencies", HUGE, lambda s: s.search("river treaty")),
        ("body.many_frequencies", HUGE, lambda s: s.phrase("river treaty")),
        ("body.bounds", HUGE, lambda s: s.search('"river treaty"')),
        ("body.run_sizes", HUGE, lambda s: s.search("+river")),
        ("body.bitmap_sizes", HUGE, lambda s: s.search("river treaty")),
        ("body.bitmaps", HUGE, lambda s: s.search("river treaty")),
        ("document", HUGE, lambda s: s.search("river")),
        ("first_passage", 0, lambda s: s.search("river")),
    ],
)
def test_numbers_beyond_the_file_are_refused_before_memory_is_asked_for(
    target: Target, array: str, value: int, ask: Ask
) -> None:
    name = largest(target, ".seg")
    forgery = Forgery.of(target.files[name])
    numbers = forgery.numbers(array)
    numbers[len(numbers) // 2 :] = value
    if array == "body.bounds":  # all lists start far behind the file
        numbers = numbers + np.uint64(HUGE)
    forgery.put(array, numbers, "<u8")
    target.forge(name, forgery)
    with pytest.raises(IndexDamaged), Searcher.open(target.directory) as searcher:
        ask(searcher)


@pytest.mark.parametrize(
    ("suffix", "array", "change", "ask"),
    [
        (".seg", "body.passages", lambda some: some[::-1], lambda s: s.search("river")),
        (".seg", "body.run_blocks", lambda some: some + HUGE, lambda s: s.search("river")),
        (".seg", "body.bounds", lambda some: some[:-1], lambda s: s.search("river")),
        (".seg", "body.ends", lambda some: some[::-1], lambda s: s.search("rivver").notes),
        (".seg", "path.text", lambda some: some | 0x80, lambda s: s.search("river path:a")),
        (".seg", "document", lambda some: some[::-1], lambda s: s.search("river")),
        (".seg", "first_passage", lambda some: some // 2, lambda s: s.search("river")),
        (".txt", "passages.counts", lambda some: some // 2, lambda s: s.search("river")),
    ],
)
def test_arrays_that_contradict_each_other_are_damage_and_no_bug(
    target: Target, suffix: str, array: str, change: Callable[[np.ndarray], np.ndarray], ask: Ask
) -> None:
    name = largest(target, suffix)
    forgery = Forgery.of(target.files[name])
    forgery.put(array, change(forgery.numbers(array)), "<u8" if array == "body.run_blocks" else "")
    target.forge(name, forgery)
    with pytest.raises(IndexDamaged), Searcher.open(target.directory) as searcher:
        ask(searcher)


@pytest.mark.parametrize("record", [{}, {"text": 7}, {"text": "river", "start": "0"}])
def test_a_record_that_has_not_what_it_must_have_is_damage(
    target: Target, record: dict[str, object]
) -> None:
    name = largest(target, ".txt")
    forgery = Forgery.of(target.files[name])
    whole = forgery.numbers("passages.counts")[-1:]
    data = packed([record] * int(whole[0])).data
    forgery.arrays["passages.blocks"] = "<u1", data
    forgery.put("passages.ends", np.array([len(data)]), "<u8")
    forgery.put("passages.counts", whole)
    target.forge(name, forgery)
    with Searcher.open(target.directory) as searcher, pytest.raises(IndexDamaged, match="lacks"):
        searcher.search("river")


def test_a_text_of_any_length_is_scored_without_a_table_of_lengths(target: Target) -> None:
    name = largest(target, ".seg")
    forgery = Forgery.of(target.files[name])
    lengths = forgery.numbers("body_length")
    lengths[0] = HUGE << 8
    forgery.put("body_length", lengths, "<u8")
    target.forge(name, forgery)
    with Searcher.open(target.directory) as searcher:
        assert searcher.search("river treaty")


def test_an_analyzer_that_no_encoding_writes_is_reported(target: Target) -> None:
    commit = json.loads(json.dumps(target.contents))
    commit["about"]["analyser"] = "\ud800"
    target.commit(commit)
    assert commit_file_bytes(commit)
    assert not verify(target.directory).sound
    with pytest.raises(ChajaError):
        Searcher.open(target.directory)
