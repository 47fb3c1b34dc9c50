"""The help of the command line, which is shown without importing what it tells of."""

from __future__ import annotations

import click

from .failures import UsageAdvice

# Each is a function in the module of its name, with this help in the list of all.
COMMANDS = {
    "build": "Build or update the index.",
    "complete": "Complete a half-typed word.",
    "config": "Show and change your settings.",
    "evaluate": "Measure the ranking quality on judged queries.",
    "explain": "Show how a query is parsed and scored.",
    "glossary": "List and edit the translations of the index.",
    "health": "List the files that could not be read, and why.",
    "history": "List your last searches.",
    "info": "Print what the index contains.",
    "kwic": "Print every place that matches, in its context.",
    "live": "Search as you type.",
    "mcp": "Let agents search, over the Model Context Protocol.",
    "open": "Open a document at its line or page.",
    "phrase": "Find the passages that contain a phrase.",
    "repair": "Mend a damaged index.",
    "saved": "Save searches by name, and run them again.",
    "search": "Find the passages that best match a query.",
    "serve": "Search on a page in the browser.",
    "show": "Print a passage with its neighbours.",
    "similar": "Find passages similar to a given one.",
    "terms": "Tell what is peculiar to a result, or count words over time.",
    "verify": "Check every byte of the index.",
}
_NARROWEST, WIDEST = 50, 100


class ListedGroup(click.Group):
    """The group of COMMANDS."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return what Click does; its error says what to type instead."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            # Imported late: needed for a mistake only.
            from .advice import command_advice

            sentence = f"No such command {args[0]!r}."
            raise UsageAdvice(sentence, ctx, hint=command_advice(args[0], COMMANDS)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands as Click does, which would import each for its help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def help_width(columns: int) -> int:
    """Return the width of a help text on a terminal, as Click would choose it."""
    return max(min(columns, WIDEST) - 2, _NARROWEST)


def example(*commands: str) -> str:
    """Return the end of a help text: commands that Click does not wrap."""
    title = "Example:" if len(commands) == 1 else "Examples:"
    return "\n".join(["\b", title, *(f"  {command}" for command in commands)])
