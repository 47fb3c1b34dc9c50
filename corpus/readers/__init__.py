"""The readers of the file formats, chosen by the suffix of the file.

A reader is a function `read(path, *, name)` that yields the documents of one file, with `name` as
their path, and a Problem for everything it cannot use. It may raise OSError and CorpusError: `read`
here turns both into Problems, so that one bad file never stops a build.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from corpus.document import Document, Problem
from corpus.errors import CorpusError

# Modules by name, imported on first use: most commands read no documents.
_MODULES = {
    **dict.fromkeys((".txt", ".text", ".log"), "text"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html.reader"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
}
SUFFIXES = frozenset(_MODULES)


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield the documents of the file at `path`, in file order, with `name` as their path.

    A Problem is yielded for every row or file that gives no document, and after a document with
    invalid bytes. Nothing is raised.
    """
    suffix = path.suffix.lower()
    module = _MODULES.get(suffix)
    if module is None:
        yield Problem(path=name, reason=f"has the unsupported suffix {suffix!r}")
        return
    try:
        for found in import_module(f".{module}", __name__).read(path, name=name):
            if isinstance(found, Document) and (not found.text or found.text.isspace()):
                yield Problem(path=found.path, reason="has no readable text", line=found.line)
            else:
                yield found
    except CorpusError as error:
        yield Problem(path=name, reason=str(error))
    except OSError as error:
        yield Problem(path=name, reason=_os_reason(error))
    except MemoryError:
        yield Problem(path=name, reason="is too large for the available memory")
    except Exception as error:
        # An unexpected error of a library must not stop the build.
        yield Problem(path=name, reason=f"cannot be read: {type(error).__name__}: {error}")


def _os_reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "was removed while it was being read"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    return f"cannot be read: {error.strerror or error}"
