"""Documents inside documents: what is attached to a mail, embedded in a text, a member of a ZIP.

A reader yields it as it finds it. It is read by the reader of its own format, and its documents
and problems become those of the file that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import SEEK_END
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, NamedTuple, cast

from ..document import LINE, Document, Problem, State
from ..errors import CorpusError, TooLarge
from ..names import WITHIN, readable

_MOST_DEPTH = 20
# Of the files that are in a file inside the file: those of a ZIP or a mailbox itself are as many
# as it has, but each of them may hold as many again.
_MOST_FILES = 20_000
_MOST_BYTES = 1 << 34  # more than the file has itself, for all that it holds together
_IN_MEMORY = 1 << 24  # bytes of a file inside; a larger one is unpacked to a file without a name
_LONGEST_NAME = 400  # characters
_NO_PARTS = ("", ".", "..")  # of a path, which a command line resolves


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """A file inside a file.

    `kind` is what it is to the file that holds it, also the field of its documents that has its
    `name`. `content` gives its bytes, or raises CorpusError. Its format is that of its name, or
    `suffix` where the name tells none. `parent` is the id of the document that it belongs to, if
    not that of the file. `date` is for documents that state none; `line` is where it begins in a
    file with lines, else 0.
    """

    kind: str
    name: str
    content: Callable[[], Iterable[bytes]]
    suffix: str = ""
    parent: str = ""
    date: str = ""
    line: int = 0

    def format(self, known: Collection[str]) -> str:
        """Return the suffix of its format: that of its name if it is `known`, or if no other is."""
        suffix = PurePosixPath(self.name).suffix.lower()
        return self.suffix if self.suffix and suffix not in known else suffix

    def problem(self, path: str, found: Problem) -> Problem:
        """Return what was `found` in it as a problem of the file that holds it.

        It is one of the content: the file was read, whatever its reader raised.
        """
        at = f", line {found.line}" if found.line else ""
        mark = ":" if found.reason.startswith("its ") else "," if at else ""
        reason = f"its {self.kind} {self.name}{at}{mark} {found.reason}"
        return Problem(path=path, reason=reason, line=self.line, state=found.state)


class Begun(NamedTuple):
    """A file inside a file is read from here on; `name` is the id that it gives."""

    name: str


@dataclass(slots=True)
class Allowance:
    """How much more may be read of what is inside a file, at any depth."""

    bytes: int
    files: int

    @classmethod
    def of(cls, file: BinaryIO) -> Allowance:
        """Return that of an open file, which is at its start."""
        size = file.seek(0, SEEK_END)
        file.seek(0)
        return cls(_MOST_BYTES + size, _MOST_FILES)

    def take(self, *, size: int = 0, files: int = 0) -> None:
        """Take some bytes or files. Raises _TooMuchError if so many are not left."""
        self.bytes -= size
        self.files -= files
        if self.bytes < 0 or self.files < 0:
            raise _TooMuchError(
                f"holds more than {_MOST_FILES:,} files in files inside it, or {_MOST_BYTES >> 30} "
                "GB in all; the rest was not read"
            )


class _TooMuchError(TooLarge):
    """A file with all that it holds has more than is read."""


@dataclass(slots=True)
class Container:
    """A file of this name, which may hold others, at a depth inside a file.

    `refused` are reasons not to read a file inside, by the names of Begun, which is given for the
    others; None gives none.
    """

    name: str
    allowance: Allowance
    depth: int = 0
    refused: Mapping[str, str] | None = None
    # How often each id was asked for; many files may have the same name.
    _ids: dict[str, int] = field(default_factory=dict)

    def own(self, document: Document) -> Document:
        """Return a document of the file itself, with an id that nothing inside has."""
        if WITHIN not in document.id:
            return document
        return document._replace(id=self._unique(document.id))

    def inside(
        self, embedded: Embedded, suffix: str, read: _Read
    ) -> Iterator[Document | Problem | Begun]:
        """Yield what `read` finds in a file inside this one.

        Raises TooLarge if there was too much, and OSError if this file cannot be read.
        """
        embedded = replace(embedded, name=_shown(embedded.name))
        identity = self._unique((embedded.parent or self.name) + WITHIN + embedded.name)
        if self.refused is not None:
            if reason := self.refused.get(identity):
                yield embedded.problem(self.name, Problem(path=embedded.name, reason=reason))
                return
            yield Begun(identity)
        for found in self._read(embedded, suffix, read):
            if isinstance(found, Problem):
                yield embedded.problem(self.name, found)
            elif isinstance(found, Document):
                yield self._adopted(found, embedded, identity)

    def _read(
        self, embedded: Embedded, suffix: str, read: _Read
    ) -> Iterator[Document | Problem | Begun]:
        if self.depth == _MOST_DEPTH:
            reason = f"is nested deeper than {_MOST_DEPTH} levels, and was not read"
            yield Problem(path=embedded.name, reason=reason, state=State.TOO_LARGE)
            return
        self.allowance.take(files=self.depth > 0)
        with SpooledTemporaryFile(_IN_MEMORY) as opened:
            file = cast(BinaryIO, opened)  # it has the methods of one
            try:
                self._unpack(embedded.content(), file)
            except _TooMuchError:
                raise
            except CorpusError as error:
                yield Problem(path=embedded.name, reason=str(error), state=error.state)
                return
            except MemoryError:
                reason = "is too large for the available memory"
                yield Problem(path=embedded.name, reason=reason, state=State.TOO_LARGE)
                return
            inner = Container(embedded.name, self.allowance, self.depth + 1)
            yield from read(file, suffix, inner)

    def _unpack(self, chunks: Iterable[bytes], file: BinaryIO) -> None:
        for chunk in chunks:
            self.allowance.take(size=len(chunk))
            try:
                file.write(chunk)
            except OSError as error:  # without its number, which would say it of the file
                raise OSError(f"no room for temporary files: {error.strerror}") from error
        file.seek(0)

    def _adopted(self, found: Document, embedded: Embedded, identity: str) -> Document:
        """Return a document of a file inside as one of this file."""
        rest = found.id.removeprefix(embedded.name)
        if rest == found.id:  # that of a row, which states its own
            rest = f"#{rest}"
        if embedded.line and found.unit == LINE:  # those of the file inside lead nowhere
            found = found._replace(line=embedded.line, lines=((0, embedded.line),))
        own = {embedded.kind: embedded.name}
        return found._replace(
            id=self._unique(identity + rest) if rest else identity,
            path=self.name,
            date=found.date or embedded.date,
            metadata={**own, **found.metadata} if WITHIN in rest else {**found.metadata, **own},
            translations=(),  # they lead from where it is inside, not from this file
        )

    def _unique(self, identity: str) -> str:
        """Return an id that no other document of the file has."""
        unique, number = identity, self._ids.get(identity, 0)
        while unique in self._ids:
            number += 1
            unique = f"{identity} ({number})"
        self._ids[unique] = 1
        self._ids[identity] = max(1, number)
        return unique


# Reads an open file of a format.
_Read = Callable[[BinaryIO, str, Container], Iterator[Document | Problem | Begun]]


def _shown(name: str) -> str:
    """Return a name as those of files are, and without what could not be typed again."""
    characters = (character if character.isprintable() else " " for character in name)
    parts = readable("".join(characters)).split("/")
    return "/".join(part for part in parts if part not in _NO_PARTS)[:_LONGEST_NAME] or name
