"""The file with the key of a server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_line import Run
from command_line import folder as folder
from command_line import run as run

from search.cli.key_file import read_key

KEY = "a-key-of-the-tests"
SERVERS = pytest.mark.parametrize("command", [("serve", "--no-open"), ("mcp", "--http")])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with a key that only the user may read; no server starts."""
    for name in ("search.cli.commands.serve._server", "search.cli.commands.mcp._server"):
        monkeypatch.setattr(name, lambda: None)
    path = tmp_path / "key"
    path.write_text(f" {KEY}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_key_is_what_stands_in_the_file(file: Path) -> None:
    assert read_key(file) == KEY
    assert read_key(None) == ""


@SERVERS
@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_file_gives_no_random_key(
    run: Run, file: Path, command: tuple[str, ...], content: str
) -> None:
    file.write_text(content, encoding="utf-8")
    code, out, err = run(*command, "--key-file", str(file))
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        f"chaja: --key-file {file}: is empty",
        "  Write a key to it, or leave --key-file out for a random one.",
    ]


@SERVERS
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_a_file_that_others_can_read_or_change_is_refused(
    run: Run, file: Path, command: tuple[str, ...], mode: int
) -> None:
    file.chmod(mode)
    code, out, err = run(*command, "--key-file", str(file))
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        f"chaja: --key-file {file}: others can read or change the key",
        f"  Keep it to yourself: chmod 600 {file}",
    ]
