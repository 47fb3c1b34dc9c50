"""A search as you type, on the whole terminal. The library Textual stays behind this module."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from corpus.errors import ChajaError

from ..output.snippet import excerpt
from ..output.terminal import cut, printable
from ..output.text import cited_location, title_of
from ..results import Hit, Match, Results, path_inside
from ..searcher import Searcher
from .failures import explanation
from .paths import PathMapper
from .session import view_of

_HITS = 50
_LINES = 2  # of an excerpt
# Seconds without a key before a search: of a word that is typed quickly only the end is searched.
_PAUSE = 0.06
_LANGUAGES = ("", "ko", "en")
_MATCH, _CROSSED, _FAINT = "bold yellow", "bold cyan", "dim"


class LiveSearch(App[None]):
    """A field, its hits, and the passage of one of them; `open_hit` returns what went wrong."""

    TITLE = "chaja"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #hits { width: 2fr; border: none; }
    #passage { width: 3fr; padding: 0 1; }
    #status { height: auto; color: $text-muted; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "quit", "Quit", priority=True),
        Binding("down", "move(1)", "Next", show=False, priority=True),
        Binding("up", "move(-1)", "Previous", show=False, priority=True),
        Binding("pagedown", "scroll(1)", "Scroll", show=False, priority=True),
        Binding("pageup", "scroll(-1)", "Scroll", show=False, priority=True),
        Binding("enter", "open", "Open", priority=True),
        Binding("ctrl+p", "phrase", "Words or phrase", priority=True),
        Binding("ctrl+l", "language", "Language", priority=True),
    ]

    def __init__(
        self,
        searcher: Searcher,
        paths: PathMapper,
        query: str,
        open_hit: Callable[[Hit], str],
    ) -> None:
        super().__init__()
        self._searcher = searcher
        self._paths = paths
        self._open_hit = open_hit
        self._first_query = query
        self._is_phrase = False
        self._language = ""
        self._hits: Sequence[Hit] = ()

    def compose(self) -> ComposeResult:
        """Yield the widgets, from the top."""
        yield Input(self._first_query, placeholder="Search", select_on_focus=False)
        with Horizontal():
            yield OptionList(id="hits", markup=False)
            with VerticalScroll(id="passage"):
                yield Static(id="text", markup=False)
        yield Static(id="status", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Leave the keys to the field, whose first text is searched for by itself."""
        self.query_one("#hits").can_focus = False

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    @on(OptionList.OptionHighlighted)
    def _chosen(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_index < len(self._hits):
            text = self._passage(self._hits[event.option_index])
            self.query_one("#text", Static).update(text)
            self.query_one("#passage").scroll_home(animate=False)

    def action_move(self, step: int) -> None:
        """Choose the next hit, or the one before."""
        hits = self.query_one("#hits", OptionList)
        if hits.option_count:
            last = hits.option_count - 1
            hits.highlighted = max(0, min(last, (hits.highlighted or 0) + step))

    def action_scroll(self, step: int) -> None:
        """Scroll the passage by half its height."""
        passage = self.query_one("#passage")
        passage.scroll_relative(y=step * (passage.size.height // 2), animate=False)

    def action_phrase(self) -> None:
        """Search for the words as a phrase, or no more."""
        self._is_phrase = not self._is_phrase
        self._search(self.query_one(Input).value)

    def action_language(self) -> None:
        """Search in Korean documents, English ones, or all."""
        after = _LANGUAGES.index(self._language) + 1
        self._language = _LANGUAGES[after % len(_LANGUAGES)]
        self._search(self.query_one(Input).value)

    def action_open(self) -> None:
        """Open the document of the chosen hit, and come back."""
        chosen = self.query_one("#hits", OptionList).highlighted
        if chosen is None or chosen >= len(self._hits):
            return
        if problem := self._opened(self._hits[chosen]):
            self.notify(printable_lines(problem), severity="warning", markup=False)

    def _opened(self, hit: Hit) -> str:
        """Open a document while the terminal is that of its editor; return what went wrong."""
        try:
            with self.suspend():
                return self._open_hit(hit)
        except SuspendNotSupported:  # Windows
            return self._open_hit(hit)

    @work(thread=True, exclusive=True)
    def _search(self, query: str) -> None:
        """Search in a thread, unless another key comes first, and show what was found."""
        worker = get_current_worker()
        time.sleep(_PAUSE)
        if worker.is_cancelled:
            return
        try:
            results = self._results(" ".join(query.split()))
            status = _status(results, self._language, is_phrase=self._is_phrase)
        except (ChajaError, OSError) as error:
            results = Results(())
            status = explanation(error)
        if not worker.is_cancelled:
            self.call_from_thread(self._show, results, status)

    def _results(self, query: str) -> Results:
        """Return the hits; where there are none, those of words that begin with the last one."""
        if not query:
            return Results(())
        search = self._searcher.phrase if self._is_phrase else self._searcher.search
        found = search(query, limit=_HITS, language=self._language)
        if found or self._is_phrase or not query[-1].isalnum():
            return found
        return search(f"{query}*", limit=_HITS, language=self._language)

    def _show(self, results: Results, status: str) -> None:
        self._hits = results.hits
        hits = self.query_one("#hits", OptionList)
        hits.clear_options()
        width = max(20, hits.size.width - 4)
        hits.add_options([Option(self._option(hit, width)) for hit in results])
        if results:
            hits.highlighted = 0
        else:
            self.query_one("#text", Static).update("")
        self.query_one("#status", Static).update(printable_lines(status))

    def _option(self, hit: Hit, width: int) -> Text:
        """Return a hit as an entry of the list: title, place, and an excerpt."""
        view = view_of(self._paths)
        text = Text()
        text.append(cut(title_of(hit), width), style="bold")
        text.append(f"\n{cut(cited_location(hit, view), width)}", style=_FAINT)
        for line in excerpt(hit.text, hit.matches, width=width, lines=_LINES).lines:
            part = Text(f"\n{line.text}")
            for start, end in line.spans:
                part.stylize(_MATCH, start + 1, end + 1)
            text.append_text(part)
        return text.append("\n")

    def _passage(self, hit: Hit) -> Text:
        """Return the passage of a hit between its neighbours, which are faint."""
        text = Text()
        for neighbour in self._with_neighbours(hit):
            if text:
                text.append("\n\n")
            if neighbour.start == hit.start:
                text.append_text(_highlighted(hit))
            else:
                text.append(printable_lines(neighbour.text), style=_FAINT)
        return text

    def _with_neighbours(self, hit: Hit) -> Sequence[Hit]:
        place = path_inside(hit.path, hit.document, hit.unit)
        try:
            found = self._searcher.passages(place, line=hit.line)
        except (ChajaError, OSError):  # a row of many in its file, or an index that is damaged
            return (hit,)
        return found if any(each.start == hit.start for each in found) else (hit,)


def printable_lines(text: str) -> str:
    """Return a text that harms no terminal, with its line ends."""
    return "\n".join(map(printable, text.split("\n")))


def _highlighted(hit: Hit) -> Text:
    text = Text(printable_lines(hit.text))
    for match in hit.matches:
        text.stylize(_style(match), match.start, match.end)
    return text


def _style(match: Match) -> str:
    return _CROSSED if match.crossed else _MATCH


def _status(results: Results, language: str, *, is_phrase: bool) -> str:
    """Return the line below the hits: how it was searched, how many there are, and the notes."""
    parts = ["phrase" if is_phrase else "words", language or "all languages"]
    if results.words:
        more = "" if results.total.exact else "more than "
        parts.append(f"{more}{results.total.passages:,} passages")
        parts.append(f"{1000 * results.took:.0f} ms")
    return "  ·  ".join((*parts, *results.notes))


def run_live(
    searcher: Searcher, paths: PathMapper, query: str, open_hit: Callable[[Hit], str]
) -> None:
    """Search as the user types, until they leave."""
    LiveSearch(searcher, paths, query, open_hit).run()
