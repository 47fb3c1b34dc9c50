"""Hyperlinks of a terminal, and the pager."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import Run
from command_line import folder as folder
from command_line import run as run
from index_corpus import put

from search.output.hyperlink import hyperlink, shows_hyperlinks


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"VTE_VERSION": "7402"}, True),
        ({"VTE_VERSION": "4205"}, False),
        ({"WT_SESSION": "1"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM_PROGRAM": "iTerm.app", "TMUX": "/tmp/tmux"}, False),
        ({}, False),
    ],
)
def test_only_terminals_that_are_known_to_show_links_get_them(
    environment: Mapping[str, str], known: bool
) -> None:
    assert shows_hyperlinks("auto", environment) is known
    assert shows_hyperlinks("always", environment)
    assert not shows_hyperlinks("never", environment)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_link_has_the_path_escaped(tmp_path: Path) -> None:
    put(tmp_path, "문서/a b;\x1b.txt", "")
    link = hyperlink("a b:1", str(tmp_path / "문서/a b;\x1b.txt"))
    address, text = link.removeprefix("\x1b]8;;").split("\x1b\\", 1)
    assert address.startswith("file://")
    assert address.endswith("/%EB%AC%B8%EC%84%9C/a%20b%3B%1B.txt")
    assert text == "a b:1\x1b]8;;\x1b\\"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a%20b?q=1&r=[2]#c", "https://example.org/a%20b?q=1&r=[2]#c"),
        ("https://example.org/문서 1\x1b", "https://example.org/%EB%AC%B8%EC%84%9C%201%1B"),
    ],
)
def test_a_document_that_is_a_url_links_to_it(url: str, address: str) -> None:
    assert hyperlink("here", url) == f"\x1b]8;;{address}\x1b\\here\x1b]8;;\x1b\\"


def test_a_document_without_a_file_has_no_link(tmp_path: Path) -> None:
    assert hyperlink("here", str(tmp_path / "mail" / "17")) == "here"


def test_hits_link_to_their_files_if_asked_and_not_through_a_pipe(run: Run, folder: Path) -> None:
    put(folder, "news/2024/library.txt", "")
    assert "\x1b" not in run("search", "도서관")[1]
    out = run("search", "도서관", "--hyperlink", "always")[1]
    assert f"{folder}/news/2024/library.txt\x1b\\news/2024/library.txt:12\x1b]8;;" in out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(
    ("rows", "wanted", "behind", "paged"),
    [(3, True, "", True), (3, False, "", False), (500, True, "", False), (3, True, " '", False)],
)
def test_only_what_does_not_fit_on_the_terminal_is_paged_if_the_pager_is_a_command(
    tmp_path: Path, rows: int, wanted: bool, behind: str, paged: bool
) -> None:
    import pty

    pager = tmp_path / "pager"
    pager.write_text(f"#!{sys.executable}\nprint('PAGED', len(open(0).readlines()))\n")
    pager.chmod(0o755)
    code = (
        "from search.cli.session import print_lines\n"
        f"print_lines(map(str, range(20)), pager={wanted})\n"
    )
    environment = {**os.environ, "PAGER": f"{pager}{behind}", "LINES": str(rows), "COLUMNS": "80"}
    child, terminal = pty.fork()
    if not child:
        os.chdir(Path(__file__).parent.parent)
        os.execve(sys.executable, [sys.executable, "-c", code], environment)
    output = b""
    try:
        while data := os.read(terminal, 4096):
            output += data
    except OSError:  # the end, on Linux
        pass
    assert os.waitpid(child, 0)[1] == 0
    assert (b"PAGED" in output) is paged
    assert (b"19" in output) is not paged
