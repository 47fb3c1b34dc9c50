"""Exit codes, and the message of an error: one sentence and the next step."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress

import click

from ..output.terminal import printable

# The exit codes of grep; after Ctrl-C, 128 and the number of the signal.
DONE = 0
NOTHING_FOUND = 1
FAILED = 2
INTERRUPTED = 130

# The file of an error of writing what a command prints.
STANDARD_OUTPUT = "standard output"

# Characters of a query that a message names.
_MOST_SHOWN = 200

_ELSEWHERE = "use another place (for an index: --index DIR)"
_PERMISSIONS = f"Check the permissions of the file and of its folder, or {_ELSEWHERE}."
_PATH = "Check the path."
_NETWORK = "Mount the network folder again, or copy the files to a local disk."
# What an error of the system means, and the next step; {mount} is where its disk is mounted.
_ERRORS = {
    errno.ENOSPC: ("the disk is full", "Free some space on the disk{mount} and try again."),
    errno.EDQUOT: (
        "the disk quota is used up",
        "Delete some of your files on the disk{mount}, or ask for a higher quota, and try again.",
    ),
    errno.EFBIG: (
        "the file is too large",
        f"Raise the limit that `ulimit -f` shows or that of the file system, or {_ELSEWHERE}.",
    ),
    errno.EMFILE: (
        "too many open files",
        "Raise the limit that `ulimit -n` shows, as in: ulimit -n 1024",
    ),
    errno.ENFILE: (
        "too many open files on the whole system",
        "End some other programs and try again.",
    ),
    errno.ENOLCK: (
        "the file system does not support locks",
        "Build the index on a local disk, with --index DIR.",
    ),
    errno.ENODEV: (
        "the file system does not support memory maps",
        "Build the index on a local disk, with --index DIR.",
    ),
    errno.EROFS: (
        "the file system is read-only",
        f"Mount it for writing, or {_ELSEWHERE}.",
    ),
    errno.EACCES: ("permission denied", _PERMISSIONS),
    errno.EPERM: ("operation not permitted", _PERMISSIONS),
    errno.EIO: (
        "the disk reports an error",
        "Check the disk{mount}, and then the index, with: chaja verify",
    ),
    errno.ESTALE: ("the network folder has changed on its server", _NETWORK),
    errno.ETIMEDOUT: ("the network folder does not answer", _NETWORK),
    errno.ENOMEM: (
        "there is not enough memory",
        "Free some memory, or raise its limit with ulimit, and try again.",
    ),
    errno.EAGAIN: (
        "there are too many processes",
        "End some other programs, or raise the limit that `ulimit -u` shows.",
    ),
    **{
        code: (os.strerror(code).lower(), _PATH)
        for code in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG)
    },
}
_OTHER_STEP = "Try again; if it fails again, check the disk and the limits that `ulimit -a` shows."
_MEMORY_SIGNS = ("failed to map segment", "cannot allocate memory", "can't start new thread")


class UsageAdvice(click.UsageError):
    """A mistake in the arguments with better advice than to read the help."""

    def __init__(self, message: str, context: click.Context | None, *, hint: str) -> None:
        super().__init__(message, context)
        self.hint = hint


def failure_lines(error: BaseException) -> Iterator[str]:
    """Yield `chaja: sentence`, then the next step, indented, if there is one."""
    sentence, hint = _sentence_and_hint(error)
    yield f"chaja: {printable(' '.join(sentence.split()))}"
    if hint:
        yield f"  {printable(hint)}"


def explanation(error: BaseException) -> str:
    """Return the sentence of an error, and the next step, if there is one, on a line of its own."""
    return "\n".join(part for part in _sentence_and_hint(error) if part)


def traceback_lines(error: BaseException) -> Iterator[str]:
    """Yield the traceback of an error, as --debug prints it."""
    import traceback

    yield from map(printable, "".join(traceback.format_exception(error)).splitlines())


def nothing_found(query: str, sentence: str = "") -> str:
    """Return the message that a query has no result; `{}` in a sentence of its own is the query."""
    shown = printable(query if len(query) <= _MOST_SHOWN else query[:_MOST_SHOWN] + "…")
    return f"chaja: {(sentence or 'nothing found for {}').format(shown)}"


def _sentence_and_hint(error: BaseException) -> tuple[str, str]:
    # Imported late, as it loads the corpus package; and for a mistake only.
    from corpus.errors import ChajaError

    from .advice import option_advice

    match error:
        case ChajaError():
            return str(error), error.hint
        case UsageAdvice():
            return error.format_message(), error.hint
        case click.NoSuchOption() if advice := option_advice(error.ctx, error.option_name):
            return f"No such option {error.option_name!r}.", advice
        case click.UsageError():
            path = error.ctx.command_path if error.ctx else "chaja"
            return error.format_message(), f"See: {path} --help"
        case click.ClickException():
            return error.format_message(), ""
        case OSError():
            return _system_error(error)
        case ImportError() if os.strerror(errno.EMFILE) in str(error):  # of a shared library
            return _ERRORS[errno.EMFILE]
        case _ if _is_out_of_memory(error):
            sentence, step = _ERRORS[errno.ENOMEM]
            return str(error) if type(error) is MemoryError and str(error) else sentence, step
        case _:
            kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            ask = "please report it with the output of the same command with --debug"
            return f"this is a bug in Chaja ({kind}); {ask}", "as in: chaja --debug search WORDS"


def _system_error(error: OSError) -> tuple[str, str]:
    reason = os.strerror(error.errno).lower() if error.errno else str(error)
    sentence, step = _ERRORS.get(error.errno or 0, (reason, _OTHER_STEP))
    if not isinstance(error.filename, str | bytes):
        return sentence, step.replace("{mount}", "")
    name = os.fsdecode(error.filename)
    mount = ""
    with suppress(ValueError):  # for a name that no file can have
        mount = "" if name == STANDARD_OUTPUT else f" mounted at {_mount(name)}"
    return f"{sentence}: {name}", step.replace("{mount}", mount)


def _mount(name: str) -> str:
    """Return the folder where the disk of a file is mounted."""
    path = os.path.realpath(name)
    while not os.path.ismount(path) and path != os.path.dirname(path):
        path = os.path.dirname(path)
    return path


def _is_out_of_memory(error: BaseException) -> bool:
    """Return whether memory is short: for an object, a map, a library or the stack of a thread."""
    if isinstance(error, ImportError | RuntimeError):
        return any(sign in str(error) for sign in _MEMORY_SIGNS)
    return isinstance(error, MemoryError)
