"""The bars for trust, shorter than `python -m tests.trust` tries them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust import crowd, flipping

ROOT = Path(__file__).parent.parent


def test_bits_that_flip_and_files_that_are_cut_are_told_by_name(tmp_path: Path) -> None:
    outcomes = flipping.run(tmp_path, count=150, offsets=10, documents=60)
    assert sum(number for name, number in outcomes.items() if name.startswith("flip")) == 150
    assert outcomes["flip in .seg: told"] > 20
    assert outcomes["cut of .txt: told"] > 20


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
