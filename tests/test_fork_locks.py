"""A forked child works, whatever other threads of its parent were doing at the time."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

ROOT = Path(__file__).parents[1]
# `busy` runs in another thread when `used` is called in the child; an alarm ends one that hangs.
FORK = """
import os, signal, sys
from threading import Event, Thread
started, go_on = Event(), Event()
{given}
thread = Thread(target=busy)
thread.start()
started.wait()
if {waits}:
    Thread(target=lambda: (signal.sigtimedwait([], 0.3), go_on.set())).start()
child = os.fork()
if not child:
    signal.alarm(60)
    used()
    sys.exit(0)
_, status = os.waitpid(child, 0)
go_on.set()
thread.join()
sys.exit(os.waitstatus_to_exitcode(status) & 255)
"""
LOCK = """
from index.fork_locks import CACHE_LOCK
def busy():
    with CACHE_LOCK:
        started.set()
        go_on.wait()
def used():
    with CACHE_LOCK:
        pass
"""
PROPERTY = """
from index.snapshot import Snapshot
alive = vars(Snapshot)["alive"]
compute = alive.func
def slow(snapshot):
    started.set()
    go_on.wait()
    return compute(snapshot)
alive.func = slow
def busy():
    Snapshot([]).alive
def used():
    alive.func = compute
    assert not len(Snapshot([]).alive)
"""
IMPORT = """
from index.fork_locks import import_before_fork
import_before_fork("slow_module")
sys.path.insert(0, sys.argv[1])
sys.slow = lambda: (started.set(), go_on.wait())
def busy():
    import slow_module
def used():
    import slow_module
    assert slow_module.done
"""


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        pytest.param(LOCK, True, id="held a lock"),
        pytest.param(PROPERTY, False, id="computed a cached property"),
        pytest.param(IMPORT, True, id="imported a module"),
    ],
)
def test_a_child_does_what_another_thread_was_doing(
    tmp_path: Path, given: str, waits: bool
) -> None:
    (tmp_path / "slow_module.py").write_text("import sys; sys.slow(); done = True")
    program = FORK.format(given=given, waits=waits)
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["lookup", "overview", "searcher"])
def test_a_fork_imports_first_what_a_searcher_imports_late(name: str) -> None:
    tree = ast.parse((ROOT / "search" / f"{name}.py").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    late = {
        f"search.{node.module}"
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
    }
    assert late
    program = f"""
import os, sys, search.searcher
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
sys.exit(", ".join({late} - sys.modules.keys()))
"""
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
