"""Hits as tables, BibTeX, Markdown and for Vim: other programs read them, and none is harmed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from command_line import Run
from command_line import folder as folder
from command_line import run as run
from golden_hits import HITS
from harmless_text import harm_of
from hypothesis import example, given
from hypothesis import strategies as st

from search.output.bibtex import bibtex_lines
from search.output.csv import COLUMNS, csv_lines
from search.output.markdown import markdown_lines
from search.output.terminal import printable
from search.output.text import View
from search.output.vimgrep import vimgrep_lines
from search.results import Hit, Match

HOSTILE = (
    "=cmd|'/c calc'!A1",
    "\t=1+1",
    "\r@SUM(1)",
    "＝1+1",
    "<script>alert(1)</script>",
    "[a](javascript:x) ![b](http://evil.example/b.png) `c` **d** &lt;",
    "}, evil = {\\input{/etc/passwd} $x$ %y #z _ ^ ~",
    "1. one\n# two\n- three\n> four",
    "\x1b[31m red \u202e",
    "a\udcffb",
    "",
)
ESCAPED = re.compile(r"\\text(?:backslash|asciitilde|asciicircum)\{\}|\\[{}$&#_%]")
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
VIEW = View(width=80)


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """Draw a hit whose every text is anything."""
    text = draw(texts)
    spans = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    matches = tuple(
        Match(start=start, end=end, word="w", term="t")
        for start, end in zip(spans[::2], spans[1::2], strict=False)
    )
    metadata = {
        name: draw(texts) for name in draw(st.sets(st.sampled_from(("author", "url", "Journal"))))
    }
    return replace(
        HITS[0],
        rank=draw(st.integers(1, 20_000)),
        title=draw(texts),
        heading=draw(texts),
        path=draw(texts),
        document=draw(texts),
        date=draw(texts),
        text=text,
        matches=matches,
        metadata=metadata,
    )


# ---- tables


@given(st.lists(hits(), max_size=3))
def test_a_table_has_a_line_a_hit_and_no_cell_is_a_formula(found: list[Hit]) -> None:
    lines = list(csv_lines(found))
    rows = list(csv.reader(lines, strict=True))
    assert len(lines) == len(rows) == len(found) + 1
    tabbed = [line.split("\t") for line in csv_lines(found, tabs=True)]
    for table in (rows, tabbed):
        assert {len(row) for row in table} == {len(COLUMNS)}
        for row in table[1:]:
            assert not any(cell.strip().startswith(tuple("=+-@＝＋－＠")) for cell in row)
            assert not any(map(harm_of, row))


def test_a_table_has_the_columns_of_a_hit() -> None:
    (row,) = csv.DictReader(csv_lines(HITS[:1], lambda path: f"../{path}"))
    hit = HITS[0]
    assert row["path"] == f"../{hit.path}"
    assert (row["title"], row["line"], row["document"]) == (hit.title, str(hit.line), hit.document)
    assert float(row["score"]) == pytest.approx(hit.score)
    assert row["text"] == printable(hit.text)


# ---- BibTeX


def entries(lines: Iterator[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the type, key and fields of each entry, read as BibTeX reads it: by its braces."""
    text = "\n".join(lines)
    while text:
        head = re.match(r"@(\w+)\{([\w-]+),\n", text)
        assert head, text
        text, fields = text[head.end() :], {}
        while not text.startswith("}"):
            name = re.match(r"  (\w+) = \{", text)
            assert name, text
            value, text = braced(text[name.end() :])
            fields[name[1]] = value
            assert text.startswith(",\n")
            text = text[2:]
        yield head[1], head[2], fields
        text = text[1:].removeprefix("\n")


def braced(text: str) -> tuple[str, str]:
    """Return the text up to the brace that closes the one before it, and what is behind that."""
    depth = 1
    for sign in re.finditer(r"\\.|[{}]", text):  # a sign behind a backslash is no brace
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if not depth:
            return text[: sign.start()], text[sign.end() :]
    raise AssertionError(text)


@given(st.lists(hits(), max_size=3))
def test_no_text_leaves_its_field_in_bibtex(found: list[Hit]) -> None:
    known = {"title", "author", "year", "month", "date", "langid", "journal"}
    known |= {"url", "file", "note", "annote"}
    documents = {(hit.path, hit.document) for hit in found}
    read = list(entries(bibtex_lines(found)))
    assert len(read) == len(documents)
    for _, _, fields in read:
        assert fields.keys() <= known
        for name, value in fields.items():
            signs = r"[\\:;{}]" if name == "file" else r"[{}$&#_%]"
            bare = re.sub(
                rf"\\(?:textbackslash|textasciitilde|textasciicircum)\{{\}}|\\{signs}", "", value
            )
            assert "\\" not in bare
            assert not harm_of(value)
        if "author" not in fields:
            continue
        assert "  " not in fields["author"]


@example("a b.txt")
@example("a%20b.txt")
@example("C:\\docs\\a;b {2}.pdf")
@given(st.text(st.sampled_from("a %\\:;{}&#/"), min_size=1))
def test_a_path_is_read_back_from_bibtex_unless_its_braces_are_not_in_pairs(path: str) -> None:
    bare = re.sub(r"[^{}]", "", path)
    while "{}" in bare:
        bare = bare.replace("{}", "")
    ((_, _, fields),) = entries(bibtex_lines([replace(HITS[0], path=path)], str))
    value = fields.get("file", "")
    assert re.fullmatch(r"(?:\\.|[^\\:;])*", value)  # one file, and nothing but its path
    assert re.sub(r"\\(.)", r"\1", value) == ("" if bare else path.strip())


def test_an_entry_has_what_a_document_states() -> None:
    stated = {"author": "김하나; Ministry of Trade and Industry", "Journal": "외교"}
    hit = replace(HITS[0], title="한·미 & 50%", heading="", date="2024-05-17", metadata=stated)
    ((kind, key, fields),) = entries(bibtex_lines([hit, replace(hit, rank=2, text="other")]))
    assert kind == "article"
    assert key == next(entries(bibtex_lines([replace(hit, rank=7)])))[1]
    assert fields["title"] == r"한·미 \& 50\%"
    assert fields["author"] == "김하나 and {Ministry of Trade and Industry}"
    assert (fields["year"], fields["month"], fields["journal"]) == ("2024", "5", "외교")


# ---- Markdown


@given(st.lists(hits(), max_size=3))
def test_no_text_is_markup_in_markdown(found: list[Hit]) -> None:
    lines = list(markdown_lines(found, VIEW))
    assert len(lines) == 4 * len(found)
    for line in lines:
        assert not harm_of(line)
        bare = re.sub(r"\\[\\`*_\[\]<&$~#>+\-=.)]", "", line)
        assert not re.search(r"[`_\[\]<&$~\\]", bare)
        assert re.fullmatch(r"(?:[^*]|\*\*)*", bare)


@example("1. one")
@example("# two")
@example("- three")
@example("> four")
@example("===")
@given(texts)
def test_a_quotation_begins_with_no_block_of_markdown(text: str) -> None:
    quoted = [*markdown_lines([replace(HITS[0], text=text, matches=())], VIEW)][2]
    assert not re.match(r" +> (?:\d+[.)]|[#>+=-])", quoted)


def test_markdown_shows_where_a_hit_is_and_its_matches() -> None:
    text = "작은 도서관이 문을 열었다."
    matches = (
        Match(start=3, end=5, word="도서관", term="도서"),
        Match(start=5, end=6, word="도서관", term="관"),
    )
    hit = replace(HITS[0], rank=12, title="도서관", heading="", text=text, matches=matches)
    lines = [*markdown_lines([hit], VIEW)]
    assert lines[0].startswith("12. **도서관** · news/2024/library.txt:12")
    assert lines[2] == "    > 작은 **도서관**이 문을 열었다."  # as deep as the text of its number


# ---- Vim


@given(st.lists(hits(), max_size=3))
def test_vim_gets_a_line_for_each_hit(found: list[Hit]) -> None:
    lines = list(vimgrep_lines(found, VIEW))
    assert len(lines) == len(found)
    for line, hit in zip(lines, found, strict=True):
        assert line.startswith(f"{printable(hit.path)}:{hit.line}:1: ")
        assert not harm_of(line)


# ---- the command line


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("csv", "rank,score,title"),
        ("tsv", "rank\tscore\ttitle"),
        ("md", "1. **작은 도서관"),
        ("bibtex", "@misc{chaja-"),
        ("vimgrep", "news/2024/library.txt:12:1: "),
    ],
)
@pytest.mark.parametrize("command", ["search", "phrase"])
def test_each_command_prints_each_format(run: Run, command: str, name: str, first: str) -> None:
    code, out, _ = run(command, "x", "--format", name)
    assert code == 0
    assert out.startswith(first)


@pytest.mark.parametrize("name", ["csv", "tsv", "md", "bibtex", "vimgrep"])
def test_a_format_of_nothing_is_empty(run: Run, name: str) -> None:
    code, out, err = run("search", "nothing", "--format", name)
    assert (code, out) == (1, "")
    assert "nothing found" in err
