"""What is said to those who type an option or a command of another program."""

from __future__ import annotations

import re

import click
import pytest
from command_line import Run
from command_line import folder as folder
from command_line import run as run

from search.cli import advice
from search.cli.main import chaja

SEARCHES = ("search", "phrase", "similar")
FOREIGN = [name for names in advice.OPTIONS for name in names]
ADVICE = [*advice.OPTIONS.values(), *advice.COMMANDS.values()]


@pytest.mark.parametrize("command", SEARCHES)
@pytest.mark.parametrize("option", FOREIGN)
def test_an_option_of_another_program_is_answered_with_what_does_the_same(
    run: Run, command: str, option: str
) -> None:
    code, out, err = run(command, option, "x")
    assert (code, out) == (2, "")
    said, step = err.splitlines()
    assert said.startswith("chaja: No such option ")
    assert step.strip() in advice.OPTIONS.values()


def test_an_unknown_option_of_none_points_to_the_help(run: Run) -> None:
    assert run("search", "--frobnicate", "x")[2].splitlines()[1] == "  See: chaja search --help"
    assert run("build", "--regex", "x")[2].splitlines()[1] == "  See: chaja build --help"


@pytest.mark.parametrize("text", ADVICE)
def test_advice_names_commands_and_options_that_exist(text: str) -> None:
    assert set(re.findall(r"chaja (\w+)", text)) <= set(chaja.commands)
    command = next(iter(re.findall(r"chaja (\w+)", text)), "search")
    known = {name for each in chaja.commands[command].params for name in each.opts}
    assert set(re.findall(r"(?<!\S)(-\w|--[\w-]+)(?!\S)", text)) <= known


def test_no_advice_hides_an_option_that_exists() -> None:
    for command in SEARCHES:
        options = (
            each for each in chaja.commands[command].params if isinstance(each, click.Option)
        )
        assert not {name for option in options for name in option.opts} & set(FOREIGN)
    assert not {name for names in advice.COMMANDS for name in names} & set(chaja.commands)


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("grep", "To search: chaja search WORDS"),
        ("index", "To make or update an index: chaja build FOLDER"),
        ("serach", "Did you mean: chaja search"),
        ("한미동맹", "To search for it: chaja search WORDS"),
    ],
)
def test_a_command_that_does_not_exist_is_answered_with_one_that_does(
    run: Run, typed: str, step: str
) -> None:
    code, out, err = run(typed, "x")
    assert (code, out) == (2, "")
    assert err.splitlines() == [f"chaja: No such command '{typed}'.", f"  {step}"]
