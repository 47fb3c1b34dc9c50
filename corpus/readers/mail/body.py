"""The text of a mail that its reader sees, with the lines of the file where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...encoding import Decoded
from ...errors import TooLarge
from ..html.blocks import blocks_of
from ..html.dom import body_of, parse
from ..html.reader import declared_charset, joined
from ..mapped_text import MappedText
from .charsets import decoded
from .parts import Part

_MOST_BYTES = 1 << 23
# Of longer texts not each line is known: a line of the map takes more memory than most of text.
_MOST_LINES = 100_000
_SIGNATURE = "-- "  # the line above a signature, which ends with a space as well


def text_of(part: Part) -> Decoded:
    """Return the decoded text of a part. Raises CorpusError if it is no text, or too long."""
    data = part.content()
    if len(data) > _MOST_BYTES:
        raise TooLarge(f"is longer than {_MOST_BYTES:,} bytes")
    charset = part.charset
    if part.type == "text/html" and not charset:
        charset = declared_charset(data)
    return decoded(data, charset)


def body_of_part(part: Part, text: str) -> MappedText:
    """Return what is shown of the decoded text of a part."""
    numbers = _file_lines(part, text.count("\n") + 1)
    return _page(text, numbers) if part.type == "text/html" else _plain(part, text, numbers)


def _plain(part: Part, text: str, numbers: Sequence[int]) -> MappedText:
    rows: Iterable[tuple[str, int]] = zip(text.split("\n"), numbers, strict=True)
    if part.parameter("delsp") == "yes":
        rows = _without_soft_breaks(rows)
    lines: list[tuple[int, int]] = []
    pieces: list[str] = []
    end = 0
    step = 1 + len(numbers) // _MOST_LINES
    for row, number in rows:
        row = row.rstrip()
        if row or pieces:
            if not lines or number >= lines[-1][1] + step:
                lines.append((end, number))
            pieces.append(row)
            end += len(row) + 1
    text = "\n".join(pieces).rstrip("\n")
    return MappedText(text, tuple(line for line in lines if line[0] < len(text)))


def _without_soft_breaks(rows: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Join the lines whose program broke them, also within words, and marked that by a space."""
    held: list[str] = []
    first = 0
    for row, number in rows:
        is_fixed = row.startswith(">") or row == _SIGNATURE
        if held and is_fixed:
            yield "".join(held), first
            held = []
        first = first if held else number
        goes_on = row.endswith(" ") and not is_fixed
        held.append(row[:-1] if goes_on else row)
        if not goes_on:
            yield "".join(held), first
            held = []
    if held:
        yield "".join(held), first


def _page(text: str, numbers: Sequence[int]) -> MappedText:
    """Return a page: all of it, as mails have no navigation."""
    shown, lines, headings = joined(blocks_of(body_of(parse(text))), last=len(numbers))
    return MappedText(shown, tuple((at, numbers[line - 1]) for at, line in lines), headings)


def _file_lines(part: Part, count: int) -> Sequence[int]:
    """Return for each line of the text of a part, of which there are `count`, that of the file."""
    source = part.source
    first = source.line_at(part.start)
    if source.constant or part.encoding == "base64":
        return [first] * count
    last = source.line_at(max(part.start, part.end - 1))
    if not part.encoding:
        whole = range(first, first + count)
        return whole if whole[-1] <= last else [min(number, last) for number in whole]
    numbers = [first]
    for number, line in enumerate(source.data[part.start : part.end].split(b"\n"), start=first + 1):
        if not line.rstrip(b" \t\r").endswith(b"="):
            numbers.append(min(number, last))
    return (numbers + [last] * count)[:count]
