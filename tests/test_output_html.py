"""Results in a notebook are a table in which text of documents is nothing but text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from search.results import Hit, Match, Results, Total

ALLOWED = {"p", "table", "tbody", "tr", "td", "b", "br", "span", "mark"}


class Read(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.marked: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._open[-1] == "mark":
            self.marked.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append("!--")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("!")


def hit(text: str, *, title: str = "Title", path: str = "a.txt", matches: int = 0) -> Hit:
    spans = (Match(start=0, end=matches, word="w", term="w"),) if matches else ()
    return Hit(
        rank=1,
        score=1.0,
        document=path,
        path=path,
        title=title,
        language="en",
        date="2024-05-03",
        text=text,
        line=7,
        start=0,
        end=len(text),
        ordinal=0,
        heading="",
        matches=spans,
        metadata={"url": "javascript:alert(1)"},
    )


def html_of(*hits: Hit, notes: tuple[str, ...] = ()) -> str:
    return Results(hits, notes, total=Total(12, 5))._repr_html_()


def test_a_hit_has_its_rank_title_place_date_and_marked_words() -> None:
    read = Read(html_of(hit("harbour opens", matches=7), notes=("a note",)))
    assert read.marked == ["harbour"]
    for shown in ("1 of 12 passages", "a note", "Title", "a.txt:7 2024-05-03", "harbour opens"):
        assert shown in read.text


def test_results_without_hits_say_so() -> None:
    assert "0 of 12 passages" in Read(html_of()).text


hostile = st.sampled_from(
    (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</td></table><iframe>",
        "<!-- ",
        "&lt;b&gt;",
        "'\" onclick='x",
        "\x1b[31m",
        "\u202e",
    )
) | st.text(max_size=40)


@given(hostile, hostile, hostile, hostile, st.integers(0, 9))
def test_no_text_of_a_document_becomes_markup(
    text: str, title: str, path: str, note: str, matches: int
) -> None:
    html = html_of(
        hit(text, title=title, path=path, matches=min(matches, len(text))), notes=(note,)
    )
    read = Read(html)
    assert set(read.tags) <= ALLOWED
    assert read.attributes <= {"style"}
    assert read.tags.count("tr") == 1
    assert "javascript:" not in html
