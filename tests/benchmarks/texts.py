"""The texts of the benchmarks: help pages in both languages, one file per page."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

# The set of each language, and the folder its pages are written to.
SETS = {"lohelp-kw-ko": "ko", "lohelp-kw-en": "en"}
SEED = 7


@dataclass(frozen=True, slots=True)
class Size:
    """The amount of text."""

    files: int
    characters: int
    bytes: int

    @property
    def megabytes(self) -> float:
        return self.bytes / 1e6

    def __str__(self) -> str:
        return (
            f"{self.files:,} files, {self.megabytes:.2f} MB, {self.characters / 1e6:.2f} million "
            "characters"
        )


def write_pages(evaluation: Path, destination: Path) -> Size:
    """Write every page as a text file, its title on the first line."""
    files = characters = size = 0
    for name, text in _pages(evaluation):
        path = destination / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_bytes(text.encode())
        files += 1
        characters += len(text)
    return Size(files, characters, size)


def write_halves(pages: Path, destination: Path) -> tuple[Path, Path]:
    """Copy the pages into two folders of the same size, each page with its translation."""
    halves = destination / "first", destination / "second"
    paths = [path.relative_to(pages) for path in sorted(pages.rglob("*.txt"))]
    names = sorted({path.parts[1:] for path in paths})  # without the folder of the language
    half_of = {name: halves[number % 2] for number, name in enumerate(names)}
    for path in paths:
        copy = half_of[path.parts[1:]] / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(pages / path, copy)
    return halves


def write_small_files(evaluation: Path, destination: Path, count: int) -> None:
    """Write `count` files of one line each, in folders of a hundred."""
    lines = (line for _, text in _pages(evaluation) for line in text.split("\n") if line.strip())
    for number, line in enumerate(islice(lines, count)):
        path = destination / f"{number // 100:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{line}\n", encoding="utf-8")


def write_queries(evaluation: Path, destination: Path, count: int) -> None:
    """Write `count` queries, one per line, half in each language."""
    chosen: list[str] = []
    for name in SETS:
        lines = (evaluation / name / "queries.tsv").read_text(encoding="utf-8").splitlines()
        texts = [line.partition("\t")[2] for line in lines]
        chosen += random.Random(SEED).sample(texts, count // len(SETS))
    destination.write_text("".join(f"{text}\n" for text in chosen), encoding="utf-8")


def _pages(evaluation: Path) -> Iterator[tuple[str, str]]:
    for name, language in SETS.items():
        with (evaluation / name / "docs.jsonl").open(encoding="utf-8") as file:
            for row in map(json.loads, file):
                yield f"{language}/{row['id']}", f"{row['title']}\n\n{row['text']}\n"
