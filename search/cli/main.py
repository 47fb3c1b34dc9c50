"""The command `chaja`, its subcommands, and what happens around each of them.

Nothing heavy is imported at the top of a module of the command line, so that `chaja --help` and
shell completion answer at once. The module of a subcommand is imported when it runs or shows its
help.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, cast

import click
from click.exceptions import Exit

from ..output.terminal import columns
from .failures import DONE, FAILED, INTERRUPTED, STANDARD_OUTPUT, failure_lines, traceback_lines
from .help import COMMANDS, WIDEST, ListedGroup, example, help_width
from .invocation import Invocation

_NAME = "chaja"
_COMPLETE = "_CHAJA_COMPLETE"
# Less address space than this is too little to load numpy, which then ends the process as it likes.
_LEAST_BYTES = 200_000_000
_COLLECTED_AFTER = (200_000, 20, 20)


class _Commands(Mapping[str, click.Command]):
    """The commands by name, imported on lookup."""

    def __getitem__(self, name: str) -> click.Command:
        help_text = COMMANDS[name]
        command: click.Command = getattr(import_module(f".commands.{name}", __package__), name)
        command.short_help = help_text
        return command

    def get(self, name: str, default: object = None) -> click.Command | Any:  # noqa: ANN401 - as dict.get
        """Return a command; unlike Mapping.get, do not hide a KeyError of its module."""
        return self[name] if name in COMMANDS else default

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    # Imported late, as it is slow.
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("chaja")
    except PackageNotFoundError:
        number = "(not installed)"
    click.echo(f"chaja {number}")
    context.exit()


@click.group(
    cls=ListedGroup,
    commands=cast("MutableMapping[str, click.Command]", _Commands()),  # Click only reads it
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST},
    epilog=example("chaja build ~/documents", "chaja search 한미 동맹 전략"),
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version and exit.",
)
@click.option(
    "--profile",
    envvar="CHAJA_PROFILE",
    metavar="NAME",
    help="Use a profile of your configuration; chaja config shows it.",
)
@click.option(
    "--cluster-user",
    envvar="CHAJA_CLUSTER_USER",
    metavar="NAME",
    help="Your name on the cluster of the index, whose password CHAJA_CLUSTER_PASSWORD_FILE names.",
)
@click.option(
    "--cluster-ca",
    type=click.Path(),
    envvar="CHAJA_CLUSTER_CA",
    metavar="FILE",
    help="The certificate of the CA that the nodes of the cluster have theirs from.",
)
@click.option(
    "--debug",
    is_flag=True,
    envvar="CHAJA_DEBUG",
    help="Print the traceback of an error; CHAJA_DEBUG=1 does the same.",
)
@click.pass_context
def chaja(context: click.Context, /, profile: str | None, **_: object) -> None:
    """Full-text search for folders of Korean and English documents.

    Exit code 0 means success, 1 that nothing was found, 2 that
    an error occurred.
    """
    _check_memory_limits()
    # Imported late: a help text needs neither, and most users have no configuration.
    from .user_folder import user_file

    if context.invoked_subcommand != "config" and (profile or user_file().exists()):
        from .configuration import configure

        configure(context, profile or "")


def _check_memory_limits() -> None:
    """Raise MemoryError if a limit of the process is too low for any command."""
    with suppress(ImportError):  # Windows has no limits
        import resource

        for name, kind in (("-v", resource.RLIMIT_AS), ("-d", resource.RLIMIT_DATA)):
            limit, _ = resource.getrlimit(kind)
            if limit != resource.RLIM_INFINITY and limit < _LEAST_BYTES:
                allowed = f"ulimit {name} allows {limit // 10**6}"
                raise MemoryError(f"this needs {_LEAST_BYTES // 10**6} MB of memory; {allowed}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default with the arguments of the process; return the exit code."""
    if arguments is not None:
        return _guarded(arguments)
    with _process_settings():
        return _guarded(sys.argv[1:])


@contextmanager
def _process_settings() -> Iterator[None]:
    """Apply settings for a short-lived process, which a library must not touch."""
    # Read when numpy is loaded. Nothing here uses the threads of its linear algebra, which spin on
    # all cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Imports make many objects and hardly a cycle; looking for cycles takes a sixth of a search.
    gc.set_threshold(*_COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.freeze()  # spares one last collection


def _guarded(arguments: Sequence[str]) -> int:
    """Run one command, print its error if any, and return the exit code."""
    _use_utf8()
    try:
        return _run(arguments)
    except BrokenPipeError:
        _drop_output()  # the reader has enough, as `head` does
        return DONE
    except KeyboardInterrupt:
        _print_error("chaja: stopped")
        return INTERRUPTED
    except Exception as error:
        _print_error(*failure_lines(error))
        return _failed_after_output()


def _run(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code; raise its errors, unlike Click's own main."""
    if instruction := os.environ.get(_COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(chaja, {}, _NAME, _COMPLETE, instruction)
    try:
        # Told, as Click finds it with a module that loads the archive formats.
        width = help_width(columns())
        words = list(arguments) or ["--help"]
        invocation = Invocation(tuple(arguments))
        with chaja.make_context(_NAME, words, terminal_width=width, obj=invocation) as context:
            code = _invoke(context)
    except Exit as finished:
        code = finished.exit_code
    try:
        sys.stdout.flush()  # here a full disk or closed pipe raises, and not when Python exits
    except OSError as error:
        error.filename = STANDARD_OUTPUT
        raise
    return code if isinstance(code, int) else DONE


def _invoke(context: click.Context) -> Any:  # noqa: ANN401 - what a command returns
    try:
        return chaja.invoke(context)
    except (Exit, BrokenPipeError):  # no error
        raise
    except Exception as error:
        if context.params["debug"]:
            _print_error(*traceback_lines(error))
        raise


def _use_utf8() -> None:
    r"""Make the standard streams UTF-8 whatever the locale.

    What UTF-8 cannot encode, such as an odd byte of a file name, is written as `\udcff`: in JSON
    that is the escape that a parser turns back into the name.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def _print_error(*lines: str) -> None:
    with suppress(OSError):  # standard error may be closed too
        click.echo("\n".join(lines), err=True)


def _failed_after_output() -> int:
    """Flush what was printed before a failure, if possible; return the exit code."""
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    return FAILED


def _drop_output() -> None:
    """Redirect the unwritten output to the null device, so that Python does not fail at exit."""
    with suppress(OSError, ValueError):  # a stream without a file has nothing to drop
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
