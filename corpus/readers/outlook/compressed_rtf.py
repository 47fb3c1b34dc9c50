"""Unpacks the RTF of a message, which repeats earlier bytes of its own by their places."""

from __future__ import annotations

from struct import Struct

from ...errors import Damaged, TooLarge

_HEAD = Struct("<II4sI")  # sizes, packed and not, whether it is packed, and a checksum
_PACKED, _PLAIN = b"LZFu", b"MELA"
_MOST_BYTES = 1 << 24
_WINDOW = 4096  # bytes, which begin with words that most RTFs have
_COMMON = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpacked(data: bytes) -> bytes:
    """Return the RTF in the property of a message. Raises CorpusError."""
    if len(data) < _HEAD.size:
        raise Damaged("is damaged: its RTF is cut off")
    _, size, kind, _ = _HEAD.unpack_from(data)
    if kind == _PLAIN:
        return data[_HEAD.size : _HEAD.size + size]
    if kind != _PACKED:
        raise Damaged("is damaged: its RTF is packed in an unknown way")
    if size > _MOST_BYTES:
        raise TooLarge(f"is an RTF longer than {_MOST_BYTES:,} bytes")
    return _unpacked(data, size)


def _unpacked(data: bytes, size: int) -> bytes:
    """Unpack up to the end of the data, or to `size` bytes."""
    found = bytearray(_COMMON)
    most = len(_COMMON) + size
    at = _HEAD.size
    while at < len(data) and len(found) < most:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at + (flags >> bit & 1) >= len(data):
                break
            if not flags >> bit & 1:
                found.append(data[at])
                at += 1
                continue
            pair = data[at] << 8 | data[at + 1]
            at += 2
            back = (len(found) - (pair >> 4)) % _WINDOW
            if not back:  # the end: it refers to what comes next
                return bytes(found[len(_COMMON) : most])
            _repeat(found, back, (pair & 15) + 2)
    return bytes(found[len(_COMMON) : most])


def _repeat(found: bytearray, back: int, count: int) -> None:
    """Add bytes that stand a number of them before the end, which they may reach."""
    for _ in range(count):
        found.append(found[-back] if back <= len(found) else 0)
