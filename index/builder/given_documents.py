"""Documents that a program gives to a build: they are checked, and compared with those known.

Their names are their ids, beside those of the files, and the catalogue keeps them apart. A build of
folders leaves them alone, but for those that a file has the name of: it replaces them, for good.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from corpus import LANGUAGES, Document, Problem
from corpus.document import State
from corpus.language import detect
from corpus.names import readable
from corpus.readers import in_parts
from corpus.readers.metadata import first_line_title, parse_date, tidy_title
from corpus.text_file import replace_surrogates

from ..value import NamedTuple

_LONGEST_ID = 1_000  # characters
_NO_NAME = re.compile("[\0-\x1f\x7f\ud800-\udfff]|^\\s*$")
_STRINGS = ("text", "title", "language", "url")
_BAD_ID = f"its id is blank, longer than {_LONGEST_ID:,} characters, or has controls"
_TAKEN = "has the name of a file in the index"
_REPEATED = "was given before, with the same id"
_REPLACED = "a file of the same name is indexed instead of a document that a program gave: "
_UNKNOWN = "no document of this id could be removed: "


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A document that no file has, for `build`; only `id` and `text` are needed.

    `id` is its path in the index, such as "mail/17" or a URL, and identifies it in later builds.
    `date` is a date, or text that begins with one, to the day, month or year; `language` is "ko",
    "en" or "mixed", and detected if it is "". `url` and `metadata` are fields of the document, as
    the columns of a table are, and searched like them.
    """

    id: str
    text: str
    title: str = ""
    date: str | date = ""
    language: str = ""
    url: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)


class _Unusable(Exception):  # noqa: N818 - becomes a Problem
    """A document cannot be indexed; the message is the reason."""


class _Checked(NamedTuple):
    """A document as it is indexed, and what of it was lost."""

    document: Document
    losses: tuple[str, ...]


@dataclass(slots=True)
class GivenDocuments:
    """The documents of one build; iterating, once, yields those to add, long ones in parts.

    `known` has the digests of those in the index, by name; `files` are the names of its files.
    After that, `digests` are those in the new index, `changed` the names of which nothing older
    may stay, and the counts and `problems` are for the report.
    """

    documents: Iterable[SourceDocument]
    remove: Collection[str]
    known: Mapping[str, str]
    files: Container[str]
    digests: dict[str, str] = field(init=False)
    changed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0

    def __iter__(self) -> Iterator[Document]:
        """Yield the new and changed documents, in order; what the iterable raises is raised."""
        self.digests = dict(self.known)
        self._leave_to_files()
        self._remove()
        seen: set[str] = set()
        for number, given in enumerate(self.documents, 1):
            name = f"document {number:,}"
            try:
                name = _name(given)
                self._refuse(name, seen)
                seen.add(name)
                document, losses = _checked(given, name)
            except _Unusable as error:
                self.problems.append(Problem(path=name, reason=str(error)))
                continue
            self.problems += [Problem(path=name, reason=loss) for loss in losses]
            if self._count(document):
                yield from (part for part in in_parts(document) if not part.text.isspace())

    def _remove(self) -> None:
        names = dict.fromkeys(map(readable, self.remove))
        self._note(_UNKNOWN, [name for name in names if not self._forget(name)])

    def _leave_to_files(self) -> None:
        """Keep no document that a file has the name of: the build puts the file in its place."""
        replaced = [name for name in self.known if name in self.files]
        for name in replaced:
            del self.digests[name]
        self._note(_REPLACED, replaced)

    def _note(self, text: str, names: Sequence[str]) -> None:
        """Add a note that ends with the first of some names and the number of others, if any."""
        if names:
            more = f" and {len(names) - 1:,} more" * (len(names) > 1)
            self.notes.append(f"{text}{names[0]}{more}")

    def _forget(self, name: str) -> bool:
        """Remove a document; return whether there was one."""
        if self.digests.pop(name, None) is None:
            return False
        self.removed += 1
        self.changed.append(name)
        return True

    def _refuse(self, name: str, seen: Container[str]) -> None:
        """Raise _Unusable for the name of a file, or of a document before."""
        if name in self.files:
            raise _Unusable(_TAKEN)
        if name in seen:
            raise _Unusable(_REPEATED)

    def _count(self, document: Document) -> bool:
        """Count a document; return whether it is to be added."""
        name = document.path
        if not document.text or document.text.isspace():
            self.problems.append(Problem(path=name, reason="has no text", state=State.NO_TEXT))
            self._forget(name)
            return False
        before, now = self.digests.get(name), _digest(document)
        if now == before:
            self.unchanged += 1
            return False
        self.digests[name] = now
        self.changed.append(name)
        self.added += before is None
        self.updated += before is not None
        return True


def _name(given: object) -> str:
    """Return the name of a document in the index. Raises _Unusable."""
    if not isinstance(given, SourceDocument):
        raise _Unusable(f"is no SourceDocument but of the type {type(given).__name__}")
    if not isinstance(given.id, str):
        raise _Unusable(f"its id is no string but of the type {type(given.id).__name__}")
    if len(given.id) > _LONGEST_ID or _NO_NAME.search(given.id):
        raise _Unusable(_BAD_ID)
    return readable(given.id)


def _checked(given: SourceDocument, name: str) -> _Checked:
    """Return a document as it is indexed. Raises _Unusable."""
    for attribute in _STRINGS:
        value = getattr(given, attribute)
        if not isinstance(value, str):
            raise _Unusable(f"its {attribute} is no string but of the type {type(value).__name__}")
    if not isinstance(given.metadata, Mapping):
        raise _Unusable(
            f"its metadata is no mapping but of the type {type(given.metadata).__name__}"
        )
    losses: list[str] = []
    text = _mended(given.text, "text", losses)
    title = tidy_title(_mended(given.title, "title", losses))
    document = Document(
        id=name,
        path=name,
        title=title or first_line_title(text) or tidy_title(name),
        text=text,
        language=_language(given.language, losses) or detect(text),
        date=_date(given.date, losses),
        metadata=_metadata(given, losses),
    )
    return _Checked(document, tuple(losses))


def _mended(text: str, attribute: str, losses: list[str]) -> str:
    """Return a text that can be stored, its lines ended by line feeds."""
    if "\0" in text:
        losses.append(f"its {attribute} has NULs, which were removed")
        text = text.replace("\0", "")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    mended = replace_surrogates(text)
    if mended != text:
        losses.append(f"its {attribute} has lone surrogates, which are U+FFFD now")
    return mended


def _language(language: str, losses: list[str]) -> str:
    if language in ("", *LANGUAGES):
        return language
    losses.append(f"its language is none of {', '.join(LANGUAGES)}, and was detected")
    return ""


def _date(value: object, losses: list[str]) -> str:
    """Return a date in ISO 8601; "" for what is none."""
    # Not by strftime, which the NaT of pandas, a date by its type, refuses.
    text = value.isoformat() if isinstance(value, date) else value
    found = parse_date(text) if isinstance(text, str) else ""
    if text and not found:
        losses.append("its date is no date, and was left out")
    return found


def _metadata(given: SourceDocument, losses: list[str]) -> dict[str, str]:
    """Return the fields of a document that are not blank."""
    fields = {" ".join(str(name).split()): str(value) for name, value in given.metadata.items()}
    if given.url:
        fields["url"] = given.url
    mended = {
        _mended(name, "metadata", losses): _mended(value, "metadata", losses)
        for name, value in fields.items()
    }
    return {name: value for name, value in mended.items() if name and not value.isspace() and value}


def _digest(document: Document) -> str:
    """Return the digest of all that is indexed of a document, in 32 hexadecimal digits."""
    import hashlib  # imported late: 3 ms for OpenSSL, which a build of files seldom needs

    digest = hashlib.blake2b(digest_size=16)
    fields = (text for item in sorted(document.metadata.items()) for text in item)
    for value in (document.title, document.language, document.date, *fields, document.text):
        data = value.encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()
