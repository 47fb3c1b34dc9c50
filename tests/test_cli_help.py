"""The help, the completion of a shell, and the documents about the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import click
import pytest
from command_line import Run, commands_of, process
from command_line import folder as folder
from command_line import judged as judged
from command_line import run as run

from search.cli.help import COMMANDS as LISTED
from search.cli.main import chaja

COMMANDS = tuple(chaja.commands)
HEAVY = {
    *("charset_normalizer", "corpus", "index", "json", "kiwipiepy", "numpy", "sqlite3"),
    *("trafilatura", "urllib3", "wcwidth", "whoosh"),
}
ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS)])
def test_help_loads_nothing_heavy(arguments: Sequence[str]) -> None:
    program = (
        f"import sys; from search.cli import main; main({[*arguments, '--help']!r});"
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    done = process(program=program)
    assert done.returncode == 0
    assert not set(done.stderr.decode().split()) & HEAVY


def test_the_list_of_commands_imports_none_of_them_and_few_other_modules() -> None:
    program = (
        "import sys, click; before = {*sys.modules}; from search.cli import main; main(['--help']);"
        "sys.stderr.write(' '.join({*sys.modules} - before))"
    )
    loaded = set(process(program=program).stderr.decode().split())
    assert {name for name in loaded if name.startswith("search.")} == {
        *("search.cli", "search.cli.failures", "search.cli.help", "search.cli.invocation"),
        "search.cli.main",
        *("search.output", "search.output.terminal"),
    }
    assert loaded.isdisjoint({"dataclasses", "pathlib", "shutil", "urllib.parse"})


def test_the_list_has_the_commands_of_the_folder_in_order() -> None:
    folder = ROOT / "search" / "cli" / "commands"
    files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert [*COMMANDS] == files
    assert [chaja.commands[name].short_help for name in COMMANDS] == [*LISTED.values()]


@pytest.mark.parametrize("told", ["30", "77", "300", "0", "wide", None])
def test_a_help_is_as_wide_as_click_would_make_it(
    told: str | None, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if told is not None:
        monkeypatch.setenv("COLUMNS", told)
    with chaja.make_context("chaja", ["search"]) as context:
        command = chaja.commands["search"]
        with command.make_context("search", ["x"], parent=context) as inner:
            expected = command.get_help(inner)
    assert run("search", "--help") == (0, f"{expected}\n", "")


def test_a_command_imports_no_other() -> None:
    program = (
        "import sys; from search.cli import main; main(['search', '--help']);"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    loaded = set(process(program=program).stderr.decode().split())
    assert "search.cli.commands.search" in loaded
    assert loaded.isdisjoint({"search.cli.commands.build", "search.cli.commands.evaluate"})


def test_only_the_process_itself_gets_settings_of_its_own() -> None:
    name = "OPENBLAS_NUM_THREADS"
    program = (
        "import gc, os, sys; from search.cli import main;"
        "settings = lambda: (gc.get_threshold(), gc.get_freeze_count() > 0, os.environ[NAME]);"
        "before = settings(); main(['--help']); assert settings() == before;"
        "main(); after = settings(); assert after[1] and after[:2] != before[:2]; print(after[2])"
    ).replace("NAME", repr(name))
    done = process("--help", program=program, **{name: "7"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().endswith("7\n")  # what the user sets is left alone


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example_of_it(name: str, run: Run) -> None:
    code, out, _ = run(name, "-h")
    assert code == 0
    assert out.rstrip().splitlines()[-1].startswith(f"    chaja {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    parameters = [item for command in commands_of(name) for item in command.params]
    options = [item for item in parameters if isinstance(item, click.Option)]
    assert all(option.help for option in options)


def test_without_arguments_the_help_is_printed(run: Run) -> None:
    assert run() == run("--help")


def test_the_version_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.2.3")
    assert run("--version") == (0, "chaja 1.2.3\n", "")


def test_a_version_that_is_not_installed_is_no_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.metadata import PackageNotFoundError

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert run("--version")[:2] == (0, "chaja (not installed)\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CHAJA_COMPLETE", f"{shell}_source")
    code, out, _ = run()
    assert code == 0
    assert "_CHAJA_COMPLETE" in out


def test_completion_knows_the_commands(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CHAJA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "chaja sea")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert run() == (0, "plain,search\n", "")


# The documents about it


@pytest.mark.parametrize("name", COMMANDS)
def test_docs_cli_has_a_section_for_every_command_and_every_option(name: str) -> None:
    sections = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").split("\n## ")
    section = next(section for section in sections if section.startswith(f"`chaja {name}`"))
    for command in commands_of(name):
        for item in command.params:
            for option in item.opts if isinstance(item, click.Option) else ():
                assert f"`{option}" in section, option


def test_docs_cli_has_the_options_before_a_command() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    names = {name for item in chaja.params for name in item.opts} - {"--version"}
    assert [name for name in names if f"{name} " not in text] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if len(commands_of(name)) > 1])
def test_docs_cli_shows_every_command_of_a_group(name: str) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for command in commands_of(name)[1:]:
        assert f"    chaja {name} {command.name}" in text


def test_docs_json_names_every_key(run: Run, judged: list[str]) -> None:
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    commands = (["search", "x"], ["explain", "x"], ["info"], judged)
    for arguments in commands:
        value = json.loads(run(*arguments, "--json")[1])
        assert [key for key in _keys(value) if f"`{key}`" not in text] == []


def _keys(value: object) -> Iterator[str]:
    """Yield the keys of all objects in a value but those that documents and queries give."""
    if isinstance(value, list):
        yield from chain.from_iterable(map(_keys, value))
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key not in ("why", "metadata", "facets", "languages", "bridge", "fields", "parts"):
                yield from _keys(inner)
