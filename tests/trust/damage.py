"""Damages bytes, lines and the tokens of XML and PDF, as disks, programs and attackers do."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import TypeAlias

Change: TypeAlias = Callable[[bytes, random.Random], bytes]

# Sizes and counts at the edges of integers, which readers may trust.
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_DIGITS = (b"0", b"-1", b"2147483648", b"4294967296", b"99999999999999999999", b"1e308", b"NaN")
_LONGEST_RUN = 400  # bytes
_DEEP = 3_000  # elements
_NEAR = 10_000  # bytes in which a token is looked for: patterns of elements take quadratic time
_LARGE = 1_000_000  # bytes, after which nothing is added
_TAG = re.compile(rb"<[^<>]+>")
_END_TAG = re.compile(rb"</[^<>]+>")
_ATTRIBUTE = re.compile(rb' [\w:.-]+="[^"]*"')
_VALUE = re.compile(rb'(?<==")[^"]*(?=")')
_ELEMENT = re.compile(rb"<([\w:]+)\b[^<>]*(?<!/)>.*?</\1>", re.DOTALL)
_REFERENCE = re.compile(rb"\d+(?= \d+ R\b)")
_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?![\w.])")
_NAME = re.compile(rb"/[A-Z]\w+")
_LINE = re.compile(rb"[^\n]*\n")


def damaged(data: bytes, other: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Return the kind of a damage, and the bytes with it; some are spliced with another file."""
    if rng.random() < 0.08:
        at = _place(data, rng)
        return "spliced", data[:at] + other[_place(other, rng) :]
    if rng.random() < 0.1:
        return "cut", data[: _place(data, rng)]
    for _ in range(rng.choice((1, 1, 1, 2, 4, 12))):
        data = rng.choice(_OF_BYTES)(data, rng)
    return "bytes", data


def damaged_xml(data: bytes, rng: random.Random) -> bytes:
    """Return XML with some of its tokens changed."""
    return _several(_OF_XML, data, rng)


def transplanted(data: bytes, source: bytes, rng: random.Random) -> bytes:
    """Return XML with an element of other XML at some place in it: well-formed, and odd."""
    start, place = _place(source, rng), _place(data, rng)
    element = _ELEMENT.search(source, start, start + _NEAR)
    tag = _TAG.search(data, place)
    if element is None or tag is None or len(data) > _LARGE:
        return damaged_xml(data, rng)
    at = rng.choice((tag.start(), tag.end()))
    return data[:at] + element[0] * rng.choice((1, 1, 20)) + data[at:]


def damaged_pdf(data: bytes, rng: random.Random) -> bytes:
    """Return a PDF with some of its numbers, references and names changed, mostly in place."""
    return _several(_OF_PDF, data, rng)


def damaged_lines(data: bytes, rng: random.Random) -> bytes:
    """Return a text with some of its lines and numbers changed."""
    return _several(_OF_LINES, data, rng)


def _several(changes: tuple[Change, ...], data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 4))):
        if len(data) < _LARGE:
            data = rng.choice(changes)(data, rng)
    return data


def _place(data: bytes, rng: random.Random) -> int:
    return rng.randrange(len(data)) if data else 0


def _run(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = _place(data, rng)
    return start, min(len(data), start + rng.randrange(1, _LONGEST_RUN))


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), rng.choice((1, 1, 4, 20)))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _delete(data: bytes, rng: random.Random) -> bytes:
    start, end = _run(data, rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start, end = _run(data, rng)
    return data[:end] + data[start:end] * rng.choice((1, 1, 50)) + data[end:]


def _swap(data: bytes, rng: random.Random) -> bytes:
    start, end = _run(data, rng)
    middle = rng.randrange(start, end) if end > start else start
    return data[:start] + data[middle:end] + data[start:middle] + data[end:]


def _fill(data: bytes, rng: random.Random) -> bytes:
    start, end = _run(data, rng)
    return data[:start] + rng.choice((b"\0", b"\xff", b" ", b"A")) * (end - start) + data[end:]


def _put_number(data: bytes, rng: random.Random) -> bytes:
    size = rng.choice((1, 2, 4, 8))
    number = rng.choice(_NUMBERS) & (1 << 8 * size) - 1
    written = number.to_bytes(size, "little" if rng.random() < 0.5 else "big")
    at = _place(data, rng)
    return data[:at] + written + data[at + size :]


def _replaced(
    pattern: re.Pattern[bytes], change: Callable[[bytes, random.Random], bytes]
) -> Change:
    """Return a change of one of the places where a pattern matches."""

    def replace(data: bytes, rng: random.Random) -> bytes:
        start = _place(data, rng)
        found = pattern.search(data, start, start + _NEAR) or pattern.search(data, 0, _NEAR)
        if found is None:
            return _flip(data, rng)
        return data[: found.start()] + change(found[0], rng) + data[found.end() :]

    return replace


def _as_long(choose: Callable[[random.Random], bytes]) -> Change:
    """Return a change of a token to another one, which mostly takes as many bytes."""

    def replace(token: bytes, rng: random.Random) -> bytes:
        chosen = choose(rng)
        return chosen if rng.random() < 0.2 else chosen[: len(token)].ljust(len(token))

    return replace


def _digits(rng: random.Random) -> bytes:
    return rng.choice((*_DIGITS, b"%d" % rng.randrange(40)))


def _nested(tag: bytes, rng: random.Random) -> bytes:
    return tag * rng.choice((2, 30, _DEEP))


_OF_BYTES: tuple[Change, ...] = (
    *(_flip, _flip, _flip, _delete, _repeat, _swap, _fill, _put_number, _put_number),
)
_OF_XML: tuple[Change, ...] = (
    _replaced(_ELEMENT, lambda element, rng: element * rng.choice((2, 2, 100))),
    _replaced(_ELEMENT, lambda element, rng: b""),
    _replaced(_END_TAG, lambda tag, rng: b""),
    _replaced(_TAG, lambda tag, rng: b""),
    _replaced(_TAG, _nested),
    _replaced(_ATTRIBUTE, lambda attribute, rng: rng.choice((b"", attribute * 2))),
    _replaced(_VALUE, lambda value, rng: _digits(rng)),
    _replaced(_VALUE, lambda value, rng: rng.choice((b"", b"../../etc/passwd", b"http://[", b"x"))),
    _replaced(_NUMBER, lambda number, rng: _digits(rng)),
    _replaced(_TAG, lambda tag, rng: tag + rng.choice((b"&a;", b"\0", b"&#0;", b"\xff", b"]]>"))),
    lambda data, rng: b'<!DOCTYPE a [<!ENTITY a SYSTEM "../outside/secret.txt">]>' + data,
    *(_swap, _flip),
)
_OF_PDF: tuple[Change, ...] = (
    _replaced(_REFERENCE, _as_long(lambda rng: b"%d" % rng.randrange(30))),
    _replaced(_REFERENCE, _as_long(lambda rng: b"%d" % rng.randrange(30))),
    _replaced(_NUMBER, _as_long(_digits)),
    _replaced(_NAME, _as_long(lambda rng: rng.choice((b"/Kids", b"/Parent", b"/Type", b"/Page")))),
    _replaced(_NAME, lambda name, rng: b"/" + bytes(len(name) - 1)),
    *(_flip, _put_number),
)
_OF_LINES: tuple[Change, ...] = (
    _replaced(_LINE, lambda line, rng: b""),
    _replaced(_LINE, lambda line, rng: line * rng.choice((2, 50, _DEEP))),
    _replaced(_LINE, lambda line, rng: line[: _place(line, rng)]),
    _replaced(_NUMBER, lambda number, rng: _digits(rng)),
    *(_swap, _flip, _delete),
)
