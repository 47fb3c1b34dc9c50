"""Files in the OLE containers by which programs embed objects of other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from struct import Struct
from typing import Any, TypeAlias

from ..document import Problem
from ..errors import CorpusError, Damaged
from ..names import codec_of, stored_name
from .embedded import Embedded

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIZE = 4  # bytes before the container, in which some programs say how long it is

# Formats by a stream of the container that is a file of the format, or the text of one.
_STREAMS = {"Package": ".docx", "package_stream": ".odt", "EmbeddedOdf": ".odt"}
_CONTAINERS = {
    "FileHeader": ".hwp",
    "WordDocument": ".doc",
    "PowerPoint Document": ".ppt",
    **dict.fromkeys(("Workbook", "Book"), ".xls"),
}
_ACROBAT = "CONTENTS"
_NATIVE = "\x01Ole10Native"
_PDF = b"%PDF-"

# The name of a file, or "", the suffix of its format, or "", and its bytes.
_Found: TypeAlias = tuple[str, str, bytes]

_LENGTH = Struct("<I")
_IS_FILE = b"\x02\x00"


def embedded_in_ole(
    read: Callable[[], bytes], *, name: str, path: str, date: str
) -> Iterator[Embedded | Problem]:
    """Yield the document in the OLE container of this name that `read` gives, if it holds one.

    It is embedded in the file at `path`; a Problem says so if it is damaged. Nothing is raised.
    """
    try:
        found = _document(read())
    except CorpusError as error:
        yield Problem(path=path, reason=f"its embedded {name} {error}", state=error.state)
        return
    if found:
        own_name, suffix, data = found
        yield Embedded(
            kind="embedded",
            name=own_name or name,
            content=lambda: [data],
            suffix=suffix,
            date=date,
        )


def _document(data: bytes) -> _Found | None:
    import olefile  # slow, and hardly any document needs it

    start = data.find(_MAGIC, 0, _SIZE + len(_MAGIC))
    if start < 0:
        return None
    data = data[start:]
    try:
        # A damaged table of blocks is read as far as it goes.
        container: Any = olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_FATAL)
        return _found(container, data)
    except Exception as error:  # olefile raises whatever damaged numbers lead to
        raise Damaged(f"is damaged: {error}") from error


def _found(container: Any, data: bytes) -> _Found | None:  # noqa: ANN401 - olefile has no types
    for stream, suffix in _CONTAINERS.items():
        if container.exists(stream):
            return "", suffix, data
    for stream, suffix in _STREAMS.items():
        if container.exists(stream):
            return "", suffix, container.openstream(stream).read()
    if container.exists(_NATIVE):
        return _packaged(container.openstream(_NATIVE).read())
    if container.exists(_ACROBAT):
        content = container.openstream(_ACROBAT).read()
        return ("", ".pdf", content) if content.startswith(_PDF) else None
    return None


def _packaged(data: bytes) -> _Found | None:
    """Return the file that was put into a document as a whole, with its name."""
    if data[_LENGTH.size : _LENGTH.size + len(_IS_FILE)] != _IS_FILE:
        return None  # in the format of some program, such as a picture
    label, _, rest = data[_LENGTH.size + len(_IS_FILE) :].partition(b"\0")
    _, _, rest = rest.partition(b"\0")  # its path
    _, rest = _block(rest[_LENGTH.size :])  # the path of a copy, after flags
    content, rest = _block(rest)
    _, rest = _block(rest, width=2)
    wide, _ = _block(rest, width=2)
    name = wide.decode("utf-16-le", "replace").rstrip("\0")
    name = name or stored_name(label, codec=codec_of([label], western="cp1252"))
    return (name.replace("\\", "/").rpartition("/")[2], "", content) if content else None


def _block(data: bytes, *, width: int = 1) -> tuple[bytes, bytes]:
    """Return some characters of a width whose number stands before them, and what follows."""
    if len(data) < _LENGTH.size:
        return b"", b""
    end = _LENGTH.size + width * _LENGTH.unpack_from(data)[0]
    return (data[_LENGTH.size : end], data[end:]) if end <= len(data) else (b"", b"")
