"""Runs the command line in tests, with a fake engine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import fake_engine
import pytest

from search.cli.main import chaja, main

ROOT = Path(__file__).parents[1]
RUN = "import sys; from search.cli import main; sys.exit(main())"
RUN_FAKE = f"import sys, fake_engine; fake_engine.install(sys.modules); {RUN}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Change to a folder with an index, and install the fake engine."""
    fake_engine.CALLS.clear()
    fake_engine.FAILURES.clear()
    modules = dict(sys.modules)
    fake_engine.install(modules)
    for name in ("search.searcher", "index.builder.build"):
        monkeypatch.setitem(sys.modules, name, modules[name])
    theirs = [name for name in os.environ if name.startswith(("CHAJA_CLUSTER_", "_CHAJA_"))]
    for name in ("CHAJA_INDEX", "CHAJA_DEBUG", "NO_COLOR", *theirs):
        monkeypatch.delenv(name, raising=False)
    fake_engine.index_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    fake_engine.FAILURES.clear()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return Run(capfd)


class Run:
    """Runs the command line; returns exit code, standard output and standard error."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = self._capture.readouterr()
        return code, out, err


def commands_of(name: str) -> list[click.Command]:
    """Return a command and its subcommands."""
    command = chaja.commands[name]
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return [command, *below]


def commands_with_index() -> list[list[str]]:
    """Return every command that takes --index, with values for what it requires."""
    found = []
    for name in chaja.commands:
        for command in commands_of(name):
            options = [each for each in command.params if isinstance(each, click.Option)]
            if any("--index" in each.opts for each in options):
                path = [name] if command is chaja.commands[name] else [name, str(command.name)]
                needed = [each for each in command.params if each.required]
                given = [
                    [each.opts[0], "x"] if isinstance(each, click.Option) else ["x"]
                    for each in needed
                ]
                found.append([*path, *(word for words in given for word in words)])
    return found


def process(
    *arguments: str, program: str = RUN_FAKE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=clean_environment(**environment),
        capture_output=True,
        check=False,
    )


def clean_environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return {**os.environ, "PYTHONPATH": path, **more}


@pytest.fixture
def judged(folder: Path) -> list[str]:
    (folder / "q.tsv").write_text("1\t도서관\n2\tnothing\n", encoding="utf-8")
    (folder / "qrels.txt").write_text("1 0 handbook-7 1\n2 0 x 1\n", encoding="utf-8")
    return ["evaluate", "--queries", "q.tsv", "--qrels", "qrels.txt"]
