"""A bar on the terminal while an index is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from index.builder import Progress

# A build that ends sooner needs no bar, and is spared the 100 ms that importing rich takes.
_PATIENCE = 0.5


@contextmanager
def progress_bar(
    stream: IO[str], *, wanted: bool = True
) -> Iterator[Callable[[Progress], None] | None]:
    """Give what to tell the progress to; None where no one would see it.

    The bar appears on a terminal once half a second has gone by, and vanishes at the end.
    """
    if not (wanted and stream.isatty()):
        yield None
        return
    bar = _LateBar(stream)
    try:
        yield bar.update
    finally:
        bar.stop()


class _LateBar:
    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def update(self, progress: Progress) -> None:
        """Show how far the build is."""
        if self._bar is None and progress.seconds < _PATIENCE:
            return
        if self._bar is None or self._task is None:
            self._bar = _started_bar(self._stream)
            self._task = self._bar.add_task("", total=None, rate="0")
        rate = progress.passages / progress.seconds if progress.seconds else 0.0
        self._bar.update(
            self._task,
            description=progress.stage,
            completed=progress.files_done,
            total=progress.files or None,
            rate=f"{rate:,.0f}",
        )

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def _started_bar(stream: IO[str]) -> Bar:
    # Imported late: 100 ms that only a long build on a terminal is worth.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TextColumn("{task.fields[rate]} passages/s"),
        TimeRemainingColumn(),
        console=Console(file=stream),
        transient=True,
    )
    bar.start()
    return bar
