"""One reader for each format, found by the suffix of the file.

A reader is a function `read(path, *, name)` that yields the documents of one file, which they call
`name`, and a Problem for what it cannot use. It may raise OSError and CorpusError: `read` here
turns both into Problems, so that one bad file never stops a build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias, cast

from corpus.document import Document, Problem
from corpus.errors import CorpusError

Reader: TypeAlias = Callable[..., Iterator[Document | Problem]]

# The module of each reader, by name: loading them all would cost every command that reads nothing.
_MODULES = {
    ".txt": "text",
    ".text": "text",
    ".log": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html.reader",
    ".htm": "html.reader",
    ".xhtml": "html.reader",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
}
SUFFIXES = frozenset(_MODULES)


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield the documents of the file at `path`, in its order, calling it `name`.

    A Problem is yielded for every row or file that gives no document, and beside a document some
    of whose bytes could not be read. Nothing is raised, whatever the file holds.
    """
    suffix = path.suffix.lower()
    module = _MODULES.get(suffix)
    if module is None:
        yield Problem(path=name, reason=f"has the unsupported suffix {suffix!r}")
        return
    try:
        for found in _reader(module)(path, name=name):
            yield _with_text(found)
    except CorpusError as error:
        yield Problem(path=name, reason=str(error))
    except OSError as error:
        yield Problem(path=name, reason=_said(error))
    except MemoryError:
        yield Problem(path=name, reason="is too large for the available memory")
    except Exception as error:
        # What a library makes of one odd file must not cost the others.
        yield Problem(path=name, reason=f"cannot be read: {type(error).__name__}: {error}")


def _reader(module: str) -> Reader:
    from importlib import import_module

    return cast("Reader", import_module(f".{module}", __name__).read)


def _with_text(found: Document | Problem) -> Document | Problem:
    if isinstance(found, Document) and (not found.text or found.text.isspace()):
        return Problem(path=found.path, reason="has no readable text", line=found.line)
    return found


def _said(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "was removed while it was being read"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    return f"cannot be read: {error.strerror or error}"
