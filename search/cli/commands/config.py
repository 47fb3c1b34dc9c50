"""`chaja config`: the user's configuration file."""

from __future__ import annotations

import click

from ...output.terminal import printable
from ..failures import DONE
from ..help import example
from ..options import json_option
from ..session import print_lines


@click.group(
    invoke_without_command=True,
    epilog=example(
        "chaja config", "chaja config set search.limit 20", "chaja config unset search.limit"
    ),
)
@json_option
@click.pass_context
def config(context: click.Context, as_json: bool) -> int:
    """Show your settings: the file, and each setting in it.

    A setting is COMMAND.OPTION, as search.limit, or defaults.OPTION for every command that has
    the option, or one of these behind profile.NAME, which --profile NAME selects. keep.history
    records your searches. docs/cli.md has an example.
    """
    if context.invoked_subcommand is not None:
        return DONE
    # Imported late: they are no part of the help.
    from ..configuration import ConfigurationFile
    from ..user_folder import user_file

    path = user_file()
    file = ConfigurationFile.at(path)
    settings = list(file.settings()) if file else []
    if file:
        file.check(_commands(context))
    if as_json:
        from ...output.json import json_line

        values = {f"{each.table}.{each.key}".lstrip("."): each.value for each in settings}
        print_lines([json_line({"path": str(path), "settings": values})])
        return DONE
    missing = "" if file else "  (not there; chaja config set makes it)"
    rows = (f"  {each.table}.{each.key} = {_shown(each.value)}" for each in settings)
    print_lines(map(printable, (f"{path}{missing}", *rows)))
    return DONE


@config.command("set", short_help="Change a setting.")
@click.argument("name")
@click.argument("value")
@click.pass_context
def set_(context: click.Context, name: str, value: str) -> None:
    """Set NAME, such as search.limit, to VALUE.

    true and false are switches, and whole numbers are numbers; all else is text. The rest of the
    file, comments included, stays as it is.
    """
    from ..edit_configuration import set_setting

    set_setting(name, value, _commands(context))


@config.command(short_help="Take a setting out.")
@click.argument("name")
@click.pass_context
def unset(context: click.Context, name: str) -> None:
    """Take NAME out of the file, so that its default holds again."""
    from ..edit_configuration import unset_setting

    unset_setting(name, _commands(context))


def _commands(context: click.Context) -> dict[str, click.Command]:
    """Return all commands that have options of their own, by name."""
    group = context.find_root().command
    commands = group.commands if isinstance(group, click.Group) else {}
    return {name: each for name, each in commands.items() if not isinstance(each, click.Group)}


def _shown(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)
