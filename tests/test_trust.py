"""The bars for trust, shorter than `python -m tests.trust` tries them."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from corpus.document import State
from tests.trust import crowd, documents, fence, flipping, forks, limits, passing, seccomp

ROOT = Path(__file__).parent.parent


def test_bits_that_flip_and_files_that_are_cut_are_told_by_name(tmp_path: Path) -> None:
    outcomes = flipping.run(tmp_path, count=150, offsets=10, documents=60)
    assert sum(number for name, number in outcomes.items() if name.startswith("flip")) == 150
    assert outcomes["flip in .seg: told"] > 20
    assert outcomes["cut of json: read as before, with a note"] > 15
    assert outcomes["cut of .txt: told"] > 15


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals and limits of Unix")
def test_a_crafted_index_does_no_harm() -> None:
    # A process of its own: it is watched by a hook that stays, and its memory is measured.
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust", "hostile", "700"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.endswith("700 mutations from seed 2026: no error but ours\n"), done.stderr


def test_readers_see_commits_and_nothing_else_while_one_writes(tmp_path: Path) -> None:
    outcome = crowd.run(tmp_path, commits=30, threads=(4, 1))
    assert outcome.errors == ()
    assert outcome.merges > 2
    assert outcome.looks > 20
    assert outcome.commits_seen > 2


def test_of_two_writers_one_is_refused_or_both_have_built(tmp_path: Path) -> None:
    built, refused = crowd.contend(tmp_path, builds=6)
    assert built + refused == 12
    assert built >= 6


def test_no_input_takes_time_without_an_end() -> None:
    # A process of its own, which ends with a traceback where one does.
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust", "endless", "20000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.endswith("inputs of 20,000 characters: each ends, in linear time\n"), (
        done.stdout + done.stderr
    )


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> limits.Trial:
    pytest.importorskip("resource")
    return limits.Trial(tmp_path_factory.mktemp("limits"))


def test_few_open_files_are_told_in_a_sentence(limited: limits.Trial) -> None:
    limits.few_open_files(limited, (5, 9), commands=limits.COMMANDS[::3])
    assert limited.outcomes["too many open files"] > 5


def test_small_files_are_told_in_a_sentence(limited: limits.Trial) -> None:
    limits.small_files(limited, (0, 10_000))
    assert limited.outcomes["the file is too large"] > 5


def test_folders_without_permission_are_told_in_a_sentence(limited: limits.Trial) -> None:
    limits.without_permission(limited, commands=limits.COMMANDS[1::5])
    assert limited.outcomes["permission denied"] > 1


def test_an_error_of_the_system_at_any_step_names_a_file(tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    limits.each_error(tmp_path, outcomes, stride=13)
    assert outcomes.total() > 50


@pytest.mark.kiwi
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_workers_search_as_their_parent_does_and_end(tmp_path: Path) -> None:
    ended = forks.run(tmp_path, workers=2, rounds=1)
    assert len(ended) == 9
    assert ended["while threads searched"] == 2


def test_an_error_that_passes_while_documents_are_read_leaves_no_trace(tmp_path: Path) -> None:
    told: Counter[str] = Counter()
    for case in passing.scenarios(tmp_path).values():
        points = list(itertools.product(range(1, len(case.calls) + 1), passing.ERRORS))
        told.update(passing.try_point(case, error, at) for at, error in points[::61])
    assert told["told"] > 20


@pytest.mark.skipif(os.name == "nt", reason="renames files that are open")
def test_documents_that_change_while_they_are_read_are_found_as_they_are_in_the_end(
    tmp_path: Path,
) -> None:
    changes = passing.run(tmp_path, builds=8)
    assert changes.total() > 3  # on a busy machine, few fall within a build


@pytest.mark.skipif(not hasattr(os, "fork"), reason="measures memory as Linux tells it")
def test_damaged_documents_of_every_format_are_read_or_named_and_do_no_harm(
    tmp_path: Path,
) -> None:
    outcome = documents.run(tmp_path, count=100, seeds=documents.seeds(), seconds=30)
    assert len(outcome.states) >= 12
    for suffix, found in outcome.states.items():
        assert found.total() == 100, suffix
        assert found[State.READ] + found[State.PART] > 10, suffix
    assert sum(found[State.DAMAGED] for found in outcome.states.values()) > 100
    assert outcome.died == []


@pytest.mark.skipif(not seccomp.IS_AVAILABLE, reason="needs Linux on x86-64")
@pytest.mark.parametrize(
    ("call", "is_ended"),
    [
        ("socket(2, 1, 0)", True),
        ("fork()", True),
        ("system(b'true')", True),
        ("open(b'new', 0o101, 0o600)", True),
        ("rename(b'a', b'b')", True),
        ("unlink(b'a')", True),
        ("open(b'/dev/null', 0)", False),
        ("getpid()", False),
    ],
)
def test_native_code_of_a_fenced_process_is_ended_at_an_effect_outside(
    tmp_path: Path, call: str, is_ended: bool
) -> None:
    program = (
        "import ctypes, threading; from tests.trust.seccomp import forbid_effects;"
        "forbid_effects(); thread = threading.Thread(target=print); thread.start(); thread.join();"
        f"ctypes.CDLL(None).{call}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGSYS if is_ended else 0, b"\n")
    assert list(tmp_path.iterdir()) == []


def test_a_fence_notes_what_python_code_opens_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.setenv(fence.REPORT, str(tmp_path / "report"))
    monkeypatch.setenv(fence.FOLDER, str(tmp_path / "in"))
    watch = fence.Watch(fence.Report())
    watch("open", (str(tmp_path / "in" / "a.pdf"), "r", 0))
    watch("open", (os.__file__, "r", 0))
    report = tmp_path / "report"
    assert report.read_text() == ""
    watch("open", (str(tmp_path / "secret.txt"), "r", 0))
    watch("open", (str(tmp_path / "in" / "new.txt"), "w", os.O_WRONLY | os.O_CREAT))
    watch("socket.connect", (None, ("127.0.0.1", 80)))
    noted = [json.loads(line)["trespass"] for line in report.read_text().splitlines()]
    assert [line.split("/")[-1].split()[0] for line in noted] == [
        "secret.txt",
        "new.txt",
        "socket.connect",
    ]
