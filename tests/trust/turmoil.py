"""Folders that are renamed and swapped, and files that grow, shrink, are replaced and vanish.

Each change is done in steps, each step before some operation by which a build reads: so every order
of both can occur.
"""

from __future__ import annotations

import itertools
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.index_corpus import put, some_text

_TWINS = ("twin/one", "twin/two")
_FOLDERS = (*_TWINS, "twin", "other", "other/deep")
_NAMES = ("a.txt", "b.md", "c.jsonl", "d.csv", "e.html")
# The part of operations before which something changes: a walk has many of them, and the reading of
# a file has few.
_OF_A_WALK = ("scandir", "is_dir", "is_file", "stat")
_IN_A_WALK, _IN_A_FILE = 0.1, 0.5


class Turmoil:
    """Changes the files of a folder when it is called, by one step of one change at a time."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder = folder
        self.done: Counter[str] = Counter()
        self._outside = folder.with_name("outside")
        self._outside.mkdir()
        self._rng = rng
        self._read = folder
        self._numbers = itertools.count(1)
        self._sizes: set[int] = set()
        self._change: Iterator[None] = iter(())
        self._changes: tuple[Callable[[], Iterator[None]], ...] = (
            *(self._away, self._swap, self._grow, self._shrink, self._replace),
            *(self._delete, self._create, self._ignore),
        )

    def __call__(self, kind: str, path: str) -> None:
        """Now and then go one step on, as a hook; half of the changes concern what is read."""
        self._read = Path(path)
        if self._rng.random() < (_IN_A_WALK if kind in _OF_A_WALK else _IN_A_FILE):
            self._step()

    def settle(self) -> None:
        """End the change that is under way."""
        for _ in self._change:
            pass

    def populate(self) -> None:
        """Write the first files: those of twins have the same names."""
        for folder in _FOLDERS:
            for name in _NAMES:
                self._write(self.folder / folder / name)

    def _step(self) -> None:
        for _ in self._change:
            return
        change = self._rng.choice(self._changes)
        self.done[change.__name__.strip("_")] += 1
        self._change = change()
        next(self._change, None)

    def _wait(self) -> Iterator[None]:
        yield from [None] * self._rng.randrange(30)

    def _away(self) -> Iterator[None]:
        folder = self._some_folder()
        away = self._outside / "away"
        folder.rename(away)
        yield from self._wait()
        away.rename(folder)

    def _swap(self) -> Iterator[None]:
        one, two = (self.folder / name for name in _TWINS)
        between = self._outside / "swapped"
        one.rename(between)
        yield
        two.rename(one)
        yield
        between.rename(two)

    def _grow(self) -> Iterator[None]:
        for path in self._some_file():
            before = path.stat()
            with path.open("a", encoding="utf-8") as file:
                file.write(self._text(path.suffix))
                file.flush()
                yield
                file.write(self._text(path.suffix))
            self._set_time(path, before)

    def _shrink(self) -> Iterator[None]:
        for path in self._some_file():
            before = path.stat()
            os.truncate(path, before.st_size // 2)
            yield
            self._set_time(path, before)

    def _replace(self) -> Iterator[None]:
        for path in self._some_file():
            before = path.stat()
            # Its inode is not given to another file as long as it has a name.
            os.link(path, self._outside / f"{next(self._numbers)}.old")
            new = self._outside / path.name
            self._write(new)
            self._set_time(new, before)
            os.replace(new, path)
        yield

    def _delete(self) -> Iterator[None]:
        for path in self._some_file():
            path.unlink()
        yield

    def _create(self) -> Iterator[None]:
        name = self._rng.choice(("f.txt", "g.md", *_NAMES))
        self._write(self.folder / self._rng.choice(_FOLDERS) / name)
        yield

    def _ignore(self) -> Iterator[None]:
        path = self.folder / "other" / ".chajaignore"
        if path.exists():
            path.unlink()
        else:
            path.write_text("deep/\n*.csv\n", encoding="utf-8")
        yield from self._wait()

    def _some_folder(self) -> Path:
        """Return the folder of what is read or any other, each in half of the cases."""
        folders = [self.folder / name for name in _FOLDERS]
        near = [folder for folder in folders if folder == self._read.parent]
        return self._rng.choice(near or folders if self._rng.random() < 0.5 else folders)

    def _some_file(self) -> list[Path]:
        """Return one file, or none if there is none in the folder chosen."""
        folder = self._some_folder()
        files = [folder / name for name in _NAMES if (folder / name).exists()]
        if self._read in files:
            return [self._read]
        return self._rng.sample(files, k=min(1, len(files)))

    def _write(self, path: Path) -> None:
        put(path.parent, path.name, self._text(path.suffix))
        self._pad(path)

    def _text(self, suffix: str) -> str:
        text = some_text(self._rng, paragraphs=2)
        if suffix == ".jsonl":
            row = {"id": str(next(self._numbers)), "text": text}
            return f"{json.dumps(row)}\n{json.dumps({**row, 'id': str(next(self._numbers))})}\n"
        return text.replace(",", " ") if suffix == ".csv" else text

    def _set_time(self, path: Path, before: os.stat_result) -> None:
        """Set the time of a changed file to that of before, to another or to none.

        A time of before is given away by a size that no file had.
        """
        choice = self._rng.randrange(3)
        if choice == 0:
            self._pad(path)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        elif choice == 1:
            put_time = 1_500_000_000 + next(self._numbers)
            os.utime(path, (put_time, put_time))

    def _pad(self, path: Path) -> None:
        """Add blank lines until no other file has had the size."""
        size = path.stat().st_size
        while size in self._sizes:
            size += 1
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" * (size - path.stat().st_size))
        self._sizes.add(size)
