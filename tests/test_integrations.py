"""What docs/integrations.md tells other programs is so, and they do it where they are installed."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from command_line import RUN, clean_environment
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_corpus import put

from index import build
from index.directory.location import FOLDER
from search import Results
from search.cli.main import chaja

PAGE = (Path(__file__).parents[1] / "docs" / "integrations.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TEXT = "Harbour news\n\nTwo ports signed a strategic partnership in spring.\n"


def snippets(section: str) -> list[tuple[str, str]]:
    """Return language and text of the blocks of a section."""
    (found,) = (part for part in PAGE.split("\n## ") if part.startswith(f"{section}\n"))
    return BLOCK.findall(found)


def snippet(section: str, language: str) -> str:
    (text,) = (text for name, text in snippets(section) if name == language)
    return text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an index of one document, in which the programs run."""
    (tmp_path / "documents").mkdir()
    put(tmp_path, "documents/ports.txt", TEXT)
    build(tmp_path / FOLDER, [tmp_path / "documents"])
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the PATH with the command `chaja`."""
    path = folder / "bin" / "chaja"
    path.parent.mkdir()
    line = shlex.join([sys.executable, "-W", "ignore", "-c", RUN])
    path.write_text(f'#!/bin/sh\nexec {line} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")
    return path.parent


def run_snippet(section: str) -> dict[str, Any]:
    """Run the Python of a section; return its names."""
    names: dict[str, Any] = {"__name__": "snippet"}
    code = snippet(section, "python")
    exec(compile(code, section, "exec", dont_inherit=True), names)
    return names


def shell(command: str, **environment: str) -> str:
    """Return what a command of the shell prints."""
    done = subprocess.run(
        ["sh", "-c", command],
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def accepts(arguments: Sequence[str]) -> None:
    """Fail unless the command line takes these arguments."""
    name, *rest = arguments
    with chaja.make_context("chaja", [name]) as context:
        chaja.commands[name].make_context(name, list(rest), parent=context).close()


def test_documents_of_a_database_are_indexed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect("articles.db")) as database:
        database.execute("CREATE TABLE articles (id, title, body, day, address)")
        rows = [(1, "Ferries", "A ferry sails.", "2024-05-03", "https://example.org/1")]
        database.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", rows)
        database.commit()
    run_snippet("Documents of a program")
    run_snippet("Documents of a program")
    assert capsys.readouterr().out.splitlines() == [
        "1 added, 0 updated, 0 unchanged",
        "0 added, 0 updated, 1 unchanged",
    ]
    report = build(Path(FOLDER), remove=["articles/1"])
    assert '`build(Path(".chaja"), remove=' in PAGE
    assert report.removed == 1


def test_a_notebook_shows_a_table(folder: Path) -> None:
    *lines, last = snippet("Jupyter", "python").strip().splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)
    with names["searcher"]:
        results = eval(last, names)
    assert isinstance(results, Results)
    assert "<mark>partnership</mark>" in results._repr_html_()


def test_hits_become_a_data_frame(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip(
        "pandas", reason="pandas is not installed: NOTHING is tested of its data frames"
    )
    frame = run_snippet("pandas")["frame"]
    assert list(frame["path"]) == ["documents/ports.txt"]
    assert "documents/ports.txt" in capsys.readouterr().out


class _Base:
    """Stands for a base class of a library: its fields are keywords, or are set by the class."""

    def __init__(self, **fields: object) -> None:
        for name, value in fields.items():
            setattr(self, name, value)

    def invoke(self, query: str) -> Any:  # noqa: ANN401 - as the library's
        return self._get_relevant_documents(query, run_manager=None)  # type: ignore[attr-defined]  # of the class below


class _Frame:
    """Stands for a data frame: rows with named columns."""

    def __init__(self, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> None:
        self.rows = [dict(zip(columns, row, strict=True)) for row in rows]

    def itertuples(self) -> Iterator[Any]:
        from types import SimpleNamespace

        return (SimpleNamespace(**row) for row in self.rows)

    def to_dict(self, orient: str) -> list[dict[str, Any]]:
        assert orient == "records"
        return self.rows


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **members: object) -> None:
    """Let a module that is not installed be imported."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        part = ".".join(parts[:length])
        if part not in sys.modules:
            monkeypatch.setitem(sys.modules, part, ModuleType(part))
    for member, value in members.items():
        setattr(sys.modules[name], member, value)


def is_installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def test_a_retriever_of_langchain_returns_passages_with_their_source(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_installed("langchain_core"):
        stand_in(monkeypatch, "langchain_core.documents", Document=_Base)
        stand_in(monkeypatch, "langchain_core.retrievers", BaseRetriever=_Base)
    names = run_snippet("LangChain")
    (found,) = names["found"]
    names["retriever"].searcher.close()
    assert found.page_content == TEXT.strip()
    assert found.metadata["source"] == "documents/ports.txt:1"


def test_a_transformer_of_pyterrier_ranks_documents(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (is_installed("pyterrier") and is_installed("pandas")):
        stand_in(monkeypatch, "pandas", DataFrame=_Frame)
        stand_in(monkeypatch, "pyterrier", Transformer=_Base)
    names = run_snippet("PyTerrier")
    (row,) = names["found"].to_dict("records")
    names["ranking"].searcher.close()
    assert (row["qid"], row["docno"], row["rank"]) == ("1", "documents/ports.txt", 0)
    assert row["score"] > 0


def test_the_commands_of_fzf_search_and_show(programs: Path) -> None:
    function = snippet("fzf", "sh")
    shell(f"{function}\ntrue")  # its syntax
    search, show, edit = (
        re.search(pattern, function)[1]  # type: ignore[index]  # no match is a failure too
        for pattern in (r"sleep 0.1; (.*)'", r"--preview '(.*)'", r"become\((.*)\)'")
    )
    line = shell(search.replace("{q}", shlex.quote("strategic partnership"))).splitlines()[0]
    path, number, *_ = line.split(":")
    shown = shell(show.replace("{1}", shlex.quote(path)).replace("{2}", number))
    assert "strategic partnership" in shown
    opened = edit.replace("{1}", shlex.quote(path)).replace("{2}", number)
    assert shell(opened, EDITOR="echo") == f"+{number} {path}\n"


def test_vim_fills_its_quickfix_list(programs: Path, folder: Path) -> None:
    if not shutil.which("vim"):
        pytest.skip("Vim is not installed: NOTHING is tested of its :grep")
    settings = folder / "vimrc"
    settings.write_text(snippet("Vim and Neovim", "vim"), encoding="utf-8")
    lines = "map(getqflist(), {_, hit -> bufname(hit.bufnr) . ':' . hit.lnum . ':' . hit.valid})"
    commands = ["silent grep! strategic partnership", f"call writefile({lines}, 'found')", "qa!"]
    arguments = [word for command in commands for word in ("-c", command)]
    shell(shlex.join(["vim", "-u", str(settings), "-es", *arguments]) + " < /dev/null")
    found = (folder / "found").read_text(encoding="utf-8").splitlines()
    assert found == ["documents/ports.txt:1:1"]


def test_emacs_lists_the_hits(programs: Path, folder: Path) -> None:
    function = snippet("Emacs", "elisp")
    if shutil.which("emacs"):
        (folder / "chaja.el").write_text(function, encoding="utf-8")
        wait = '(progn (chaja "strategic partnership") (sleep-for 10))'
        out = '(princ (with-current-buffer "*grep*" (buffer-string)))'
        shown = shell(f"emacs -Q --batch -l chaja.el --eval {shlex.quote(wait)} --eval '{out}'")
    else:
        assert function.count("(") == function.count(")")
        command = re.search(r'"(chaja [^"]*)"', function)
        assert command
        shown = shell(f"{command[1]} {shlex.quote('strategic partnership')}")
    assert "documents/ports.txt:1:" in shown


def test_cron_runs_a_build(programs: Path, folder: Path) -> None:
    (line,) = snippet("cron", "cron").strip().splitlines()
    *fields, command = line.split(maxsplit=5)
    assert all(re.fullmatch(r"\*|[0-9]+|\*/[0-9]+", field) for field in fields)
    assert "%" not in command  # which would end it
    build(folder / "documents" / FOLDER, [folder / "documents"])
    put(folder, "documents/new.txt", "A ferry.")
    shell(command, HOME=str(folder))
    assert "1 added" in (folder / "chaja.log").read_text(encoding="utf-8")


def test_systemd_knows_the_units(programs: Path, folder: Path) -> None:
    service, timer = (text for name, text in snippets("systemd") if name == "ini")
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # keys have capitals
    parsed.read_string(service)
    program, *arguments = shlex.split(parsed["Service"]["ExecStart"])
    assert program.endswith("/chaja")
    accepts(arguments)
    if not shutil.which("systemd-analyze"):
        return
    (folder / "chaja.service").write_text(
        service.replace(program, str(programs / "chaja")), encoding="utf-8"
    )
    (folder / "chaja.timer").write_text(timer, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "./chaja.service", "./chaja.timer"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "chaja" not in done.stderr, done.stderr
    shell("systemd-analyze calendar " + re.search(r"OnCalendar=(\S+)", timer)[1])  # type: ignore[index]  # no match is a failure too


def test_agents_are_given_a_command_that_there_is() -> None:
    started, asked = (json.loads(text) for name, text in snippets("Agents") if name == "json")
    server = started["mcpServers"]["chaja"]
    assert server["command"] == "chaja"
    (said,) = re.findall(r"`chaja (mcp --http [^`]*)`", PAGE)
    assert asked["mcpServers"]["chaja"]["url"] == "http://127.0.0.1:8765/mcp"
    assert "--port 8765" in said
    accepts(server["args"])
