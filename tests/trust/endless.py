"""No input takes time without an end.

    python -m tests.trust endless [SIZE]

Files built to be slow, of some 400,000 characters and of twice as many, are read, split into
passages and encoded as words. Each ends, the larger in at most three times the time.
"""

from __future__ import annotations

import faulthandler
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count, takewhile
from pathlib import Path

from corpus import Document, read
from corpus.passages import split
from corpus.walk import walk
from index.ingest.batch import Batcher

SIZE = 400_000
_DEADLINE = 300  # seconds of an input, for both sizes
_MOST = 3.0
# Below this the time of a small input tells nothing.
_LEAST = 0.2
_MARKS = "\u0301\u0316"  # which are sorted when a text is composed
_TEXT = "<p>몽골에는 구리와 몰리브덴이 많이 묻혀 있다고 연구자들은 말한다.</p>" * 5


def filled(piece: str, size: int) -> str:
    """Return `piece` as often as fits into `size` characters; a %d in it counts up."""
    if "%d" not in piece:
        return piece * (size // len(piece))
    pieces = (piece.replace("%d", str(number)) for number in count())
    length = count()
    return "".join(takewhile(lambda piece: next(length) * len(piece) < size, pieces))


def around(before: str, piece: str, after: str = "", *, times: int = 1) -> Callable[[int], str]:
    """Return a maker of texts, `times` the size, with a piece repeated."""
    return lambda size: f"{before}{filled(piece, times * size)}{after}"


def page(before: str, piece: str, after: str = "", *, times: int = 1) -> Callable[[int], str]:
    """Return a maker of pages, `times` the size, with a piece repeated."""
    return around(before, piece, after + _TEXT, times=times)


def table(piece: str, *, rows: int = 1, times: int = 1) -> Callable[[int], str]:
    """Return a maker of tables, `times` the size, with columns named `piece` in all rows."""

    def make(size: int) -> str:
        header = filled(piece, times * size // (rows + 1))
        return header + "\n" + (header + "\n") * rows

    return make


# By the name of the file that each is.
INPUTS: dict[str, dict[str, Callable[[int], str]]] = {
    "page.html": {
        "attributes of an element": page("<div ", "a%d=x ", ">", times=5),
        "attributes without values": page("<div ", "a%d ", ">", times=5),
        "nested elements": page("", "<div>"),
        "elements nested again and again": page("", "<div>" * 900 + "</div>" * 900),
        "tables nested again and again": page("", "<table><tr><td>" * 200 + "</table>" * 200),
        "siblings": page("", "<p>글</p>"),
        "siblings in deep elements": page("<div>글" * 1500, "<header>글</header>"),
        "unclosed elements": page("", "<p><b><li>"),
        "a comment that is not closed": page("<!--", "<!-- --"),
        "an attribute that is not closed": page('<a href="', "<a href='"),
        "a long style": page('<p style="', "display " + " " * 40, '">'),
        "a long class": page('<p class="', "AAaa1", '">'),
        "cells of a row": page("<table><tr>", "<td>칸", "</table>", times=5),
        "data that are linked": page(
            '<script type="application/ld+json">', '"datePublished" ', "</script>"
        ),
        "scripts that are not closed": page("<script>", "<script></scrip"),
        "titles": page("", "<title> </title>"),
        "metadata": page("", "<meta name=a%d content=b>"),
        "references": page("", "&amp;&#44032;&x"),
        "headings": page("", "<h2>글</h2>"),
        "commands": page("", "<p>" + "메뉴닫기" * 40 + "글</p>"),
    },
    "rows.csv": {
        "columns": table("c%d,", times=10),
        "columns of one name": table("c,", rows=3),
        "columns with names that look numbered": table("c (%d),c,"),
        "quotation marks": around("a,b\n", '"\n'),
        "quotation marks not closed": around("a,b\n", 'x,"y\n' + "글\n" * 50),
        "delimiters": around("a,b\n", ","),
    },
    "rows.jsonl": {
        "names": around("{", '"k%d":"글",', '"text":"글"}'),
        "brackets": around('{"text":"글","a":', "[", "}"),
        "digits": around('{"text":"글","a":', "9", "}"),
        "a title of marks": around('{"text":"글","title":"a', _MARKS, '"}'),
        "a title of initials": around('{"text":"글","title":"', "a.b-c'd&", '"}'),
    },
    "text.md": {
        "marks of headings": around("", "#\n"),
        "fences": around("", "```x\n"),
        "fences of every length": lambda size: "".join(
            "`" * (i % 900) + "\n" for i in range(size // 450)
        ),
        "brackets": around("# ", "[!["),
        "underlines": around("", "글\n---\n"),
        "a front matter that is not closed": around("---\n", "a: b\n"),
        "rules": around("a\n", "- " * 500 + "x\n"),
        "emphasis": around("a " + "*" * 300, "**a* "),
        "code marks": around("", "a ` `` ``` "),
        "links that are not closed": around("", '[a](b "'),
        "links in brackets": around("", "](a(b)"),
        "references": around("[a]: b.c\n\n", "[a][b"),
        "tags that are not closed": around("", "<a b='\""),
        "comments that are not closed": around("", "a <!-- -\n"),
        "lines of tables": around("", "|a\n|-|\n"),
        "bars": around("|a|\n|-|\n", "|\\"),
        "blank lines": around("a", "\n \t", "b"),
    },
    "text.txt": {
        "full stops": around("", "."),
        "full stops and quotation marks": around("", "." + '"' * 1000),
        "sentences on one line": around("", "글" * 850 + "。", times=50),
        "lines without sentences": around("", "글 " * 400 + "\n"),
        "marks": around("a", _MARKS),
        "flags": around("", "\U0001f1f0"),
        "spaces": around("a", " ", "b"),
        "returns": around("", "a\r"),
        "a date among digits": around("2024", "-1-2024.", "\n"),
        "brackets": around("", "한국(Korea "),
        "capitals and points": around("", "A.B."),
    },
    ".chajaignore": {
        "stars": lambda size: "*a" * min(size, 100) + "b",
        "stars in many patterns": around("", "*a*a*a*a*ab%d\n"),
        "folders between stars": lambda size: "**/a/" * min(size, 20) + "b",
        "brackets": around("", "[[:a[a-z]*\n"),
        "a long line": around("", "["),
        "exceptions": around("", "a*%d\n!b*%d\n"),
    },
}


def cost(name: str, text: str) -> float:
    """Return the CPU seconds that a build takes to read a file, the better of two times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text, encoding="utf-8", newline="")
        if name == ".chajaignore":
            Path(folder, *"a" * 60).mkdir(parents=True)
            for number in range(20):
                Path(folder, "a" * 200 + str(number)).touch()
        return min(_timed(_walk if name == ".chajaignore" else _read, path) for _ in range(2))


def _timed(run: Callable[[Path], None], path: Path) -> float:
    start = time.process_time()
    run(path)
    return time.process_time() - start


def _read(path: Path) -> None:
    batcher = Batcher()
    for found in read(path, name=path.name):
        if isinstance(found, Document) and (passages := split(found)):
            batcher.add(found, passages)
    batcher.take()


def _walk(path: Path) -> None:
    list(walk([path.parent], base=path.parent, suffixes={""}))


def run(size: int) -> Iterator[tuple[str, float, float]]:
    """Yield each input with its CPU seconds, and those of one twice as large.

    Ends the process with a traceback at the deadline. Raises AssertionError.
    """
    for name, makers in INPUTS.items():
        for kind, make in makers.items():
            faulthandler.dump_traceback_later(_DEADLINE, exit=True)
            small, large = cost(name, make(size)), cost(name, make(2 * size))
            faulthandler.cancel_dump_traceback_later()
            if large > _MOST * max(small, _LEAST):
                raise AssertionError(f"{name}, {kind}: {small:.2f} s, twice as large {large:.2f} s")
            yield f"{name}, {kind}", small, large


def main() -> int:
    """Try all inputs; return the exit code."""
    size = int(sys.argv[2]) if len(sys.argv) > 2 else SIZE
    cost("page.html", _TEXT)  # imports what is imported late
    tried = 0
    for name, small, large in run(size):
        print(f"{small:8.2f} {large:8.2f} s {name}", flush=True)
        tried += 1
    print(f"{tried} inputs of {size:,} characters: each ends, in linear time")
    return 0
