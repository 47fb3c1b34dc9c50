from __future__ import annotations

import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from korean_forms import noun_forms, predicate_forms

from index.analysis.dictionary import Dictionary, Entry
from index.analysis.korean import Korean
from index.analysis.lexicon import decoded
from index.ingest import worker
from index.ingest.kiwi_process import KoreanProcess, serve

KEYS = ["외교부는", "1년에는", "A팀의", "에서는", "들어서", "국제통화기금을"]


@pytest.fixture(scope="module")
def process() -> Iterator[KoreanProcess]:
    with closing(KoreanProcess()) as started:
        yield started


def test_the_process_finds_what_kiwi_finds_here(korean: Korean, process: KoreanProcess) -> None:
    surfaces = [surface for _, _, surface in (*noun_forms(), *predicate_forms())][::13]
    assert process.analyze(KEYS + surfaces) == korean.analyze(KEYS + surfaces)


@given(st.lists(st.text("가나다각ㅋㅏ1A힣", min_size=1, max_size=5), max_size=4))
def test_the_process_agrees_on_any_words(
    korean: Korean, process: KoreanProcess, keys: list[str]
) -> None:
    assert process.analyze(keys) == korean.analyze(keys)


def test_the_process_and_kiwi_here_have_one_fingerprint(process: KoreanProcess) -> None:
    words = Dictionary((Entry("찾아"),))
    assert process.fingerprint == Korean().fingerprint
    assert KoreanProcess(words).fingerprint == Korean(words).fingerprint


@pytest.mark.kiwi
def test_the_process_knows_the_words_of_the_user() -> None:
    with closing(KoreanProcess(Dictionary((Entry("뷁뛣찾아엔진"),)))) as taught:
        ((parts, width),) = taught.analyze(["뷁뛣찾아엔진에서는"])
    assert ([part.term for part in parts], width) == (["뷁뛣찾아엔진"], 1)


def ended_by_a_signal(process: KoreanProcess) -> Callable[[], object]:
    assert process._child is not None
    process._child.kill()
    process._child.wait()
    return lambda: process.analyze(KEYS)


def ended_at_work(process: KoreanProcess) -> Callable[[], object]:
    assert process._child is not None
    process._child.send_signal(signal.SIGSTOP)
    answer = process.ask(KEYS)
    process._child.kill()
    return answer


@pytest.mark.kiwi
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("end", [ended_by_a_signal, ended_at_work])
def test_the_end_of_the_process_by_a_signal_is_told_and_it_is_replaced(
    end: Callable[[KoreanProcess], Callable[[], object]],
) -> None:
    with closing(KoreanProcess()) as process:
        before = process.analyze(KEYS)
        with pytest.raises(MemoryError, match="ended by signal 9, as happens when memory is short"):
            end(process)()
        assert process.analyze(KEYS) == before


def test_a_process_that_ends_at_once_is_done_without(
    korean: Korean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_START", "pass # {path} {module} {name}")
    with closing(KoreanProcess()) as process:
        assert process.analyze(KEYS) == korean.analyze(KEYS)


def test_a_process_that_cannot_be_started_is_done_without(
    korean: Korean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with closing(KoreanProcess()) as process:
        assert process.analyze(KEYS) == korean.analyze(KEYS)


def test_closing_ends_the_process_and_may_be_done_twice() -> None:
    process = KoreanProcess()
    worker = process._started()
    process.close()
    process.close()
    assert worker.poll() is not None


def test_a_closed_process_is_not_started_again() -> None:
    process = KoreanProcess()
    process.close()
    with pytest.raises(ValueError, match="ended"):
        process.analyze(KEYS)
    assert process._child is None


def test_who_waits_for_an_answer_when_the_process_is_closed_gets_an_error() -> None:
    process = KoreanProcess()
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(process.analyze, KEYS)
        while process._child is None:  # it takes seconds from here to the answer
            time.sleep(0.01)
        process.close()
        assert isinstance(answer.exception(), (OSError, ValueError))


@pytest.mark.kiwi
def test_the_process_answers_a_line_of_words_with_a_line_of_analyses(
    korean: Korean, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored: list[Sequence[object]] = []
    monkeypatch.setattr(signal, "signal", lambda *rule: ignored.append(rule))
    lines = [json.dumps(line) + "\n" for line in ([], KEYS, [], KEYS[:1])]
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(lines)))
    monkeypatch.setattr(sys, "stdout", out := io.StringIO())
    serve()

    assert ignored == [(signal.SIGINT, signal.SIG_IGN)]
    answers = [list(map(decoded, json.loads(line))) for line in out.getvalue().splitlines()]
    assert answers == [korean.analyze(KEYS), [], korean.analyze(KEYS[:1])]


@pytest.mark.kiwi
def test_a_process_that_is_started_ahead_answers_as_any_other(process: KoreanProcess) -> None:
    with closing(KoreanProcess()) as started:
        started.start()
        child = started._child
        assert started.analyze(KEYS) == process.analyze(KEYS)
        assert started._child is child
    started.start()  # it has been closed
    assert started._child is None
