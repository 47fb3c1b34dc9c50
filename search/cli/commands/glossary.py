"""`chaja glossary`: list and edit the translations of the index."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...output.terminal import printable
from ..failures import DONE, NOTHING_FOUND
from ..help import example
from ..hints import strike_command
from ..index_option import index_option
from ..options import json_option
from ..session import access_to, index_at, print_lines, print_notes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.bridge.entry import Entry

    from ...edit_glossary import GlossaryEditor
    from ...index_location import IndexLocation


@click.group(
    epilog=example("chaja glossary list 동반자", "chaja glossary strike 동반자 fellow"),
)
def glossary() -> None:
    """List, export, import and edit the translations of the index.

    They come from glossaries, parallel documents, glosses in the text, and names that sound
    alike. Your own entries take precedence, and are kept when the index is rebuilt. Two words of
    one language are synonyms, which a search finds as well, also with --no-bridge.
    """


@glossary.command("list", short_help="Print the entries, or those of one word.")
@click.argument("word", nargs=-1)
@index_option
@json_option
def list_(word: tuple[str, ...], index_location: IndexLocation | None, as_json: bool) -> int:
    """Print all entries, or those of WORD: Korean, English, weight and source.

    The weight is at most 1; 0 marks a pair that was struck out.
    """
    location = index_at(index_location)
    entries = _editor(location).entries_of(" ".join(word))
    if as_json:
        from ...output.json import entry_object, json_line

        print_lines(json_line(entry_object(entry)) for entry in entries)
    else:
        print_lines(_rows(entries))
        unstruck = [entry for entry in entries if entry.weight]
        if word and unstruck:
            print_notes([strike_command(unstruck[0].korean, unstruck[0].english, location)])
    if not entries:
        click.echo(f"chaja: no entry for {printable(' '.join(word)) or 'any word'}", err=True)
    return DONE if entries else NOTHING_FOUND


@glossary.command(short_help="Write the entries to a file.")
@click.argument("file", type=click.Path(path_type=Path))
@index_option
def export(file: Path, index_location: IndexLocation | None) -> None:
    """Write all entries to FILE, tab-separated, - for standard output."""
    from index.bridge.glossary_file import write_glossary

    entries = _editor(index_at(index_location)).entries_of("")
    write_glossary(entries, sys.stdout if str(file) == "-" else file)


@glossary.command("import", short_help="Add the entries of files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@index_option
def import_(files: tuple[Path, ...], index_location: IndexLocation | None) -> None:
    """Add the entries of FILES, - for standard input.

    A line is Korean, tab, English and, optionally, a weight; two words of one language are
    synonyms.

    They replace existing entries for the same words; a weight of 0 strikes a pair out.
    Unchanged entries stay as they are: export, edit some lines, import.
    """
    from index.bridge.glossary_file import read_glossary

    editor = _editor(index_at(index_location))
    sources = [sys.stdin.buffer if str(file) == "-" else file for file in files]
    entries = [entry for source in sources for entry in read_glossary(source)]
    new = editor.new_entries(entries)
    if new:
        print_notes(editor.add_entries(new))
    click.echo(f"{len(new):,} entries imported, {len(entries) - len(new):,} unchanged")


@glossary.command(short_help="Strike out a wrong pair permanently.")
@click.argument("korean")
@click.argument("english")
@index_option
def strike(korean: str, english: str, index_location: IndexLocation | None) -> None:
    """Strike out the pair of KOREAN and ENGLISH, ignoring case; no build adds it again.

    `chaja glossary import` with a weight above 0 restores it.
    """
    entries, notes = _editor(index_at(index_location)).strike_pair(korean, english)
    print_notes(notes)
    for entry in entries:
        click.echo(printable(f"{entry.korean} → {entry.english}: struck out"))


def _editor(location: IndexLocation) -> GlossaryEditor:
    from ...edit_glossary import glossary_editor

    return glossary_editor(location, access_to(location))


def _rows(entries: Iterable[Entry]) -> Iterable[str]:
    for entry in entries:
        columns = (entry.korean, entry.english, f"{entry.weight:.4g}", entry.source)
        yield "\t".join(map(printable, columns))
