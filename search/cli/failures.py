"""Exit codes, and the message of an error: one sentence and the next step."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator

import click

from ..output.terminal import printable

# The exit codes of grep; after Ctrl-C, 128 and the number of the signal.
DONE = 0
NOTHING_FOUND = 1
FAILED = 2
INTERRUPTED = 130

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class UsageAdvice(click.UsageError):
    """A mistake in the arguments with better advice than to read the help."""

    def __init__(self, message: str, context: click.Context, *, hint: str) -> None:
        super().__init__(message, context)
        self.hint = hint


def failure_lines(error: BaseException) -> Iterator[str]:
    """Yield `chaja: sentence`, then the next step, indented, if there is one."""
    sentence, hint = _sentence_and_hint(error)
    yield f"chaja: {printable(' '.join(sentence.split()))}"
    if hint:
        yield f"  {printable(hint)}"


def _sentence_and_hint(error: BaseException) -> tuple[str, str]:
    # Imported late, as it loads the corpus package.
    from corpus.errors import ChajaError

    match error:
        case ChajaError():
            return str(error), error.hint
        case UsageAdvice():
            return error.format_message(), error.hint
        case click.UsageError():
            path = error.ctx.command_path if error.ctx else "chaja"
            return error.format_message(), f"See: {path} --help"
        case click.ClickException():
            return error.format_message(), ""
        case OSError() if error.errno in _DISK_FULL:
            return f"the disk is full{_file(error)}", "Free some space and try again."
        case OSError():
            reason = os.strerror(error.errno).lower() if error.errno else str(error)
            return f"{reason}{_file(error)}", ""
        case MemoryError():
            return "there is not enough memory", ""
        case _:
            kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            ask = "please report it with the output of the same command with --debug"
            return f"this is a bug in Chaja ({kind}); {ask}", "as in: chaja --debug search WORDS"


def _file(error: OSError) -> str:
    return f": {os.fsdecode(error.filename)}" if isinstance(error.filename, str | bytes) else ""
