"""A search as you type: what its keys do, in a terminal that is not there."""

from __future__ import annotations

import asyncio
import errno
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from index_corpus import FOLDER, put

from corpus.errors import IndexDamaged
from index.builder.build import build
from search.cli.main import main
from search.cli.paths import PathMapper
from search.results import Hit
from search.searcher import Searcher

pytest.importorskip("textual")

from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from search.cli.live import LiveSearch

OpenHit = Callable[[Hit], str]
Play = Callable[[LiveSearch, Pilot[None]], Awaitable[None]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("live")
    put(tmp_path, "a.txt", "River notes\n\nThe river bank is wide.\n\nThe valley is green.")
    put(tmp_path, "b.txt", "A bank by the river\x1b[2J, and [bold]no markup[/bold].")
    put(tmp_path, "c.txt", "강물과 들판의 기록")
    build(tmp_path / FOLDER, [tmp_path])
    return tmp_path / FOLDER


def played(index: Path, play: Play, query: str = "", problem: str = "") -> list[Hit]:
    """Run the application on an index, and return the hits that it was told to open."""
    opened: list[Hit] = []

    def open_hit(hit: Hit) -> str:
        opened.append(hit)
        return problem

    async def session() -> None:
        paths = PathMapper(index.parent, index.parent)
        with Searcher.open(index) as searcher:
            application = LiveSearch(searcher, paths, query, open_hit)
            async with application.run_test(size=(100, 30)) as pilot:
                await settled(application, pilot)
                await play(application, pilot)

    asyncio.run(session())
    return opened


async def settled(application: LiveSearch, pilot: Pilot[None]) -> None:
    await pilot.pause()
    while not all(worker.is_finished for worker in application.workers):
        await pilot.pause(0.02)
    await pilot.pause()


async def press(application: LiveSearch, pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(application, pilot)


def shown(application: LiveSearch, name: str) -> str:
    return str(application.query_one(name, Static).render())


def titles(application: LiveSearch) -> list[str]:
    hits = application.query_one("#hits", OptionList)
    options = [hits.get_option_at_index(number) for number in range(hits.option_count)]
    return [str(option.prompt).partition("\n")[0] for option in options]


def test_each_key_searches_and_the_first_hit_is_shown(index: Path) -> None:
    async def play(application: LiveSearch, pilot: Pilot[None]) -> None:
        assert titles(application) == []
        await press(application, pilot, *"bank")
        assert sorted(titles(application)) == ["River notes", "b"]
        assert "bank" in shown(application, "#text")
        assert "2 passages" in shown(application, "#status")
        await press(application, pilot, *["backspace"] * 4)
        assert titles(application) == []

    played(index, play)


def test_words_that_begin_as_the_last_one_are_found_while_it_is_typed(index: Path) -> None:
    async def play(application: LiveSearch, pilot: Pilot[None]) -> None:
        await press(application, pilot, *"vall")
        assert titles(application) == ["River notes"]

    played(index, play)


def test_enter_opens_the_chosen_hit_and_says_what_went_wrong(index: Path) -> None:
    async def play(application: LiveSearch, pilot: Pilot[None]) -> None:
        before = titles(application)
        await press(application, pilot, "down", "enter")
        assert titles(application) == before
        assert [note.message for note in application._notifications] == ["no editor is set"]

    first = titles_of_a_search(index, "river bank")
    opened = played(index, play, query="river bank", problem="no editor is set")
    assert [hit.document for hit in opened] == first[1:2]


def titles_of_a_search(index: Path, query: str) -> list[str]:
    with Searcher.open(index) as searcher:
        return [hit.document for hit in searcher.search(query)]


def test_phrase_and_language_narrow_what_is_found(index: Path) -> None:
    async def play(application: LiveSearch, pilot: Pilot[None]) -> None:
        assert len(titles(application)) == 2
        await press(application, pilot, "ctrl+p")
        assert titles(application) == ["River notes"]
        assert shown(application, "#status").startswith("phrase")
        await press(application, pilot, "ctrl+l")
        assert titles(application) == []

    played(index, play, query="river bank")


def test_text_of_documents_is_neither_markup_nor_control(index: Path) -> None:
    async def play(application: LiveSearch, pilot: Pilot[None]) -> None:
        text = shown(application, "#text")
        assert "[bold]no markup[/bold]" in text
        assert "\x1b" not in text

    played(index, play, query="markup")


def test_a_query_that_cannot_be_read_is_told_below_the_hits(index: Path) -> None:
    async def play(application: LiveSearch, pilot: Pilot[None]) -> None:
        await press(application, pilot, *"date:x")
        assert titles(application) == []
        assert shown(application, "#status")

    played(index, play)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IndexDamaged("a.idx: is damaged", hint="Build it again."), "damaged\nBuild it again."),
        (OSError(errno.EIO, "", "/x"), "the disk reports an error: /x\nCheck the disk"),
    ],
)
def test_an_index_that_cannot_be_read_is_told_and_the_next_search_goes_on(
    index: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise error

    async def play(application: LiveSearch, pilot: Pilot[None]) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(Searcher, "passages", failing)
            await press(application, pilot, "down")
            assert "bank" in shown(application, "#text")  # of the hit, without its neighbours
            broken.setattr(Searcher, "search", failing)
            await press(application, pilot, "s")
            assert titles(application) == []
            assert told in shown(application, "#status")
        await press(application, pilot, "backspace")
        assert len(titles(application)) == 2

    played(index, play, query="bank")


def test_what_is_not_opened_is_told_with_the_next_step(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def run_live(searcher: Searcher, _paths: object, query: str, open_hit: OpenHit) -> None:
        told.append(open_hit(searcher.search(query)[0]))

    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("search.cli.live.run_live", run_live)
    assert main(["live", "valley", "--index", str(index)]) == 0
    sentence, step = told[0].splitlines()
    assert sentence.endswith("a.txt: no editor is set")
    assert step == "Set one, as in: export EDITOR=nano"


def test_a_pipe_is_refused(capfd: pytest.CaptureFixture[str], index: Path) -> None:
    assert main(["live", "--index", str(index)]) == 2
    assert "live needs a terminal" in capfd.readouterr().err


def test_without_the_library_the_extra_is_named(
    index: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.delitem(sys.modules, "search.cli.live")
    monkeypatch.setitem(sys.modules, "textual", None)
    assert main(["live", "--index", str(index)]) == 2
    assert "install it: pip install 'chaja[tui]'" in capfd.readouterr().err
