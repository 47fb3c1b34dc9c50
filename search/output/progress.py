"""The progress bar of a build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from index.builder.build_report import Progress

# Seconds between two updates: a build can finish thousands of files in a second.
_INTERVAL = 0.1
# Erases the line and shows the cursor, which Click hides; Click itself would leave the bar.
_CLEAR = "\r\033[K\033[?25h"


@contextmanager
def progress_bar(
    stream: TextIO, *, wanted: bool = True
) -> Iterator[Callable[[Progress], None] | None]:
    """Yield a function that draws the progress, or None unless wanted and on a terminal.

    The bar appears with the first call and vanishes at the end.
    """
    if not (wanted and stream.isatty()):
        yield None
        return
    try:
        yield _bar(stream)
    finally:
        click.echo(_CLEAR, file=stream, nl=False)


def _bar(stream: TextIO) -> Callable[[Progress], None]:
    bar = click.progressbar(length=0, show_pos=True, width=0, file=stream)  # 0: the terminal's
    stage, due = "", 0.0

    def show(progress: Progress) -> None:
        nonlocal stage, due
        if progress.stage == stage and progress.seconds < due:
            return
        stage, due = progress.stage, progress.seconds + _INTERVAL
        rate = progress.passages / progress.seconds if progress.seconds else 0.0
        bar.label, bar.length = f"{stage}, {rate:,.0f} passages/s", progress.files
        bar.make_step(progress.files_done - bar.pos)
        bar.render_progress()

    return show
