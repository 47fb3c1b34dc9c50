"""The cost of builds: the first, one of a second folder, and those with little changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from .figures import alternate, peak, ratio, seconds
from .process import ENGINE, PEER, Run, chaja, run
from .report import section, table
from .texts import Size, write_halves, write_small_files

REPETITIONS = 3
SMALL_FILES = 10_000


def measure(evaluation: Path, pages: Path, size: Size, workplace: Path) -> str:
    """Return the section on builds; leaves both indexes for the other sections."""
    ours, theirs = alternate(
        partial(_build_anew, chaja_build(pages, workplace / "chaja"), workplace / "chaja"),
        partial(_build_anew, peer_build(pages, workplace / "peer"), workplace / "peer"),
        REPETITIONS,
    )
    rows = [
        ("`chaja build`", *_costs(ours, size), ratio(ours, theirs)),
        ("peer", *_costs(theirs, size), "1"),
    ]
    head = ("command", "seconds", "seconds per MB", "CPU seconds", "peak MB", "ratio")
    return section(
        "Building",
        f"{size}. Index on disk: chaja {_megabytes(workplace / 'chaja')}, peer "
        f"{_megabytes(workplace / 'peer')}. {_kiwi_share(pages, workplace)}",
        table(head, rows),
        "Half of the pages, in a folder of their own, added to an index of the other half, where "
        "the peer builds an index of that folder:",
        table(("command", "seconds", "CPU seconds", "ratio"), _second_folder(pages, workplace)),
        "Later builds:",
        table(("what", "seconds"), _again(evaluation, pages, workplace)),
    )


def chaja_build(folder: Path, directory: Path) -> Callable[[], Run]:
    command = [*chaja(), "build", "--quiet", str(folder)]
    return partial(run, command, environment={"CHAJA_INDEX": str(directory)})


def peer_build(folder: Path, directory: Path) -> Callable[[], Run]:
    return partial(run, [*PEER, "build", str(folder), str(directory)])


def _build_anew(build: Callable[[], Run], directory: Path) -> Run:
    shutil.rmtree(directory, ignore_errors=True)
    return build()


def _costs(runs: list[Run], size: Size) -> tuple[str, ...]:
    middle = sorted(run.seconds for run in runs)[len(runs) // 2]
    cpu = f"{_median_cpu(runs):.1f}"
    return seconds(runs), f"{middle / size.megabytes:.2f}", cpu, peak(runs)


def _median_cpu(runs: list[Run]) -> float:
    return sorted(run.cpu_seconds for run in runs)[len(runs) // 2]


def _kiwi_share(pages: Path, workplace: Path) -> str:
    built = json.loads(run([*ENGINE, "report", str(pages), str(workplace / "report")]).output)
    share = built["kiwi_seconds"] / built["seconds"]
    return (
        f"Of a build of {built['seconds']:.1f} s, Kiwi took {built['kiwi_seconds']:.1f} s "
        f"({share:.0%}) for {built['new_words']:,} distinct words; reading and inversion run "
        f"in parallel. {built['passages']:,} passages."
    )


def _second_folder(pages: Path, workplace: Path) -> list[tuple[str, ...]]:
    first, second = write_halves(pages, workplace / "halves")
    peer = workplace / "half.peer"
    ours, theirs = alternate(
        partial(_build_in_turn, [first, second], workplace / "half.chaja"),
        partial(_build_anew, peer_build(second, peer), peer),
        REPETITIONS,
    )
    return [
        ("`chaja build`", seconds(ours), f"{_median_cpu(ours):.1f}", ratio(ours, theirs)),
        ("peer", seconds(theirs), f"{_median_cpu(theirs):.1f}", "1"),
    ]


def _build_in_turn(folders: Sequence[Path], directory: Path) -> Run:
    """Build an index of folders, one after the other, and return the last build."""
    shutil.rmtree(directory, ignore_errors=True)
    return [chaja_build(folder, directory)() for folder in folders][-1]


def _again(evaluation: Path, pages: Path, workplace: Path) -> list[tuple[str, str]]:
    build = chaja_build(pages, workplace / "chaja")
    unchanged = [build() for _ in range(REPETITIONS)]
    changed = [_build_after_a_change(build, pages, number) for number in range(REPETITIONS)]
    write_small_files(evaluation, workplace / "small", SMALL_FILES)
    small = chaja_build(workplace / "small", workplace / "small.chaja")
    first = [small()]
    return [
        ("nothing changed", seconds(unchanged)),
        ("one file changed", seconds(changed)),
        (f"{SMALL_FILES:,} files of one line, first build", seconds(first)),
        ("the same, nothing changed", seconds([small() for _ in range(REPETITIONS)])),
    ]


def _build_after_a_change(build: Callable[[], Run], pages: Path, number: int) -> Run:
    page = min(pages.rglob("*.txt"))
    with page.open("a", encoding="utf-8") as file:
        file.write(f"{number} 한 줄이 더 늘었다. One more line.\n")
    return build()


def _megabytes(directory: Path) -> str:
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    return f"{size / 1e6:.1f} MB"
