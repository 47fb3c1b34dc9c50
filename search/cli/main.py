"""The command `chaja`: its commands, and what happens around each of them.

Nothing heavy is imported here or at the top of a command's file: `chaja --help` and the
completion of a shell answer in the time that Python and Click take. The file of a command is
imported when it is called, or its help is shown.
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

from .failures import DONE, FAILED, INTERRUPTED, failure_lines
from .options import example

_NAME = "chaja"
_COMPLETE = "_CHAJA_COMPLETE"
_COLLECTED_AFTER = (200_000, 20, 20)
# Each is a function of the file that is named for it.
_COMMANDS = (
    "build",
    "search",
    "phrase",
    "similar",
    "complete",
    "show",
    "explain",
    "glossary",
    "info",
    "verify",
    "evaluate",
)


class _Commands(Mapping[str, click.Command]):
    """The commands by name, each imported when it is looked up."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in _COMMANDS:
            raise KeyError(name)
        command: click.Command = getattr(import_module(f".commands.{name}", __package__), name)
        return command

    def get(self, name: str, default: object = None) -> click.Command | Any:  # noqa: ANN401 - as dict.get
        """Return a command; what its file raises is not taken for a name that is not there."""
        return self[name] if name in _COMMANDS else default

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    # Imported late: it takes longer than the rest of this file.
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("chaja")
    except PackageNotFoundError:
        number = "(not installed)"
    click.echo(f"chaja {number}")
    context.exit()


@click.group(
    commands=cast("MutableMapping[str, click.Command]", _Commands()),  # Click only reads it
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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
    "--debug",
    is_flag=True,
    envvar="CHAJA_DEBUG",
    help="Print the traceback of an error; CHAJA_DEBUG=1 does the same.",
)
def chaja(debug: bool) -> None:
    """Full-text search for folders of Korean and English documents.

    Exit code 0 means success, 1 that nothing was found, 2 that
    an error occurred.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default as the process itself; return the exit code."""
    if arguments is not None:
        return _guarded(arguments)
    with _settings():
        return _guarded(sys.argv[1:])


@contextmanager
def _settings() -> Iterator[None]:
    """Set what a process of short life is better off with; a library has no say in that."""
    # Read as numpy is loaded. The threads of its linear algebra, which nothing here uses, would
    # wait for work on all cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Modules make many objects and hardly a cycle: to look for cycles among them, again and again,
    # takes a sixth of a search. Builds have their garbage collected all the same.
    gc.set_threshold(*_COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.freeze()  # what is left goes with the process, and need not be looked at once more


def _guarded(arguments: Sequence[str]) -> int:
    """Run one command; say what went wrong, and return the exit code."""
    _speak_utf8()
    try:
        return _run(arguments)
    except BrokenPipeError:
        _drop_output()  # whoever read the output has had enough, as `head` has
        return DONE
    except KeyboardInterrupt:
        _complain("chaja: stopped")
        return INTERRUPTED
    except Exception as error:
        _complain(*failure_lines(error))
        return _failed_after_output()


def _run(arguments: Sequence[str]) -> int:
    """Run one command; errors come out as they are, which Click's own main would not let them."""
    if instruction := os.environ.get(_COMPLETE):
        # Imported late: only a shell that completes a word asks for it.
        from click.shell_completion import shell_complete

        return shell_complete(chaja, {}, _NAME, _COMPLETE, instruction)
    try:
        with chaja.make_context(_NAME, list(arguments) or ["--help"]) as context:
            code = _invoke(context)
    except Exit as finished:
        code = finished.exit_code
    sys.stdout.flush()  # a full disk or a closed pipe shows here, not as Python ends
    return code if isinstance(code, int) else DONE


def _invoke(context: click.Context) -> Any:  # noqa: ANN401 - what a command returns
    try:
        return chaja.invoke(context)
    except (Exit, BrokenPipeError):  # no error
        raise
    except Exception:
        if context.params["debug"]:
            # Imported late: only who debugs asks for it.
            import traceback

            traceback.print_exc()
        raise


def _speak_utf8() -> None:
    r"""Make the streams UTF-8 whatever the locale.

    What no UTF-8 can hold, such as the odd byte of a file's name, is written as `\udcff`: in
    JSON that is the escape that a parser turns back into the name.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def _complain(*lines: str) -> None:
    with suppress(OSError):  # standard error may be closed too, and then there is no one to tell
        click.echo("\n".join(lines), err=True)


def _failed_after_output() -> int:
    """Return the exit code of a failure, with what was printed before it written if it can be."""
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    return FAILED


def _drop_output() -> None:
    """Send what is still unwritten nowhere, so that Python doesn't fail over it as it ends."""
    with suppress(OSError, ValueError):  # a stream that is no file has nothing to drop
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
