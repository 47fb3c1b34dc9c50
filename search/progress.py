"""A bar on the terminal while an index is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from index.builder import Progress

# Seconds: a build that ends sooner needs no bar, and is spared the 100 ms of importing rich.
PATIENCE = 0.5


@contextmanager
def progress_bar(
    stream: IO[str], *, wanted: bool = True, patience: float = PATIENCE
) -> Iterator[Callable[[Progress], None] | None]:
    """Give what to tell the progress to; None where no one would see it.

    The bar appears on a terminal after `patience` seconds, and vanishes at the end.
    """
    if not (wanted and stream.isatty()):
        yield None
        return
    bar = _LateBar(stream, patience)
    try:
        yield bar.update
    finally:
        bar.stop()


class _LateBar:
    """A bar that a timer shows, for a build may be silent for seconds over one large file."""

    def __init__(self, stream: IO[str], patience: float) -> None:
        # Imported late: only a build on a terminal needs threads here.
        from threading import Lock, Timer

        self._stream = stream
        self._lock = Lock()
        self._latest: Progress | None = None
        self._bar: Bar | None = None
        self._ended = False
        self._timer = Timer(patience, self._appear)
        self._timer.daemon = True
        self._timer.start()

    def update(self, progress: Progress) -> None:
        """Show how far the build is."""
        with self._lock:
            self._latest = progress
            self._show()

    def stop(self) -> None:
        """Take the bar away, or let it never appear."""
        self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._bar is not None:
                self._bar.stop()

    def _appear(self) -> None:
        bar = _new_bar(self._stream)
        with self._lock:
            if not self._ended:
                self._bar = bar
                self._show()
                bar.start()

    def _show(self) -> None:
        if self._bar is None or self._latest is None:
            return
        latest = self._latest
        rate = latest.passages / latest.seconds if latest.seconds else 0.0
        self._bar.update(
            self._bar.task_ids[0],
            description=latest.stage,
            completed=latest.files_done,
            total=latest.files + 1,  # the last step is the writing, when all files are read
            files=f"{latest.files_done:,}/{latest.files:,}",
            rate=f"{rate:,.0f}",
        )


def _new_bar(stream: IO[str]) -> Bar:
    # Imported late: 100 ms that only a long build on a terminal is worth.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[files]} files, {task.fields[rate]} passages/s,"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(file=stream),
        transient=True,
    )
    bar.add_task("starting", total=None, files="0", rate="0")
    return bar
