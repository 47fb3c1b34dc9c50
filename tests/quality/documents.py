"""The bars for documents as people have them, measured on a folder of real ones.

    python -m tests.quality.documents [FOLDER] [--json]

Prints each bar with its figure, and exits with 1 if one is not reached. The folder is by default
that of CHAJA_FILES, or one beside the repository: documents by format, `pairs/` with a reference
and its `score_pairs.py`, and `bomb/`. Processor times are the least of three, in one process.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.process_memory import MemoryWatch
from tests.real_documents import REPOSITORY, VARIABLE, WANTED, documents, documents_folder, missing

_MEAN = re.compile(r"^mean (\.\w+) ([\d.]+)", re.MULTILINE)
_TIMES = 3
_CHAJA = "import sys; from search.cli.main import main; sys.exit(main())"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure and its bar: at least that, or at most."""

    name: str
    figure: float
    bar: float
    at_most: bool = False

    @property
    def reached(self) -> bool:
        return self.figure <= self.bar if self.at_most else self.figure >= self.bar


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the figures as they are measured."""
    found = [not list(missing(folder, wanted)) for wanted in WANTED]
    yield Figure(name="phrases found where they are", figure=sum(found), bar=len(found))
    recall = scores(folder)
    yield Figure(name="HWP, 4-grams of the reference", figure=recall[".hwp"], bar=0.89)
    yield Figure(name="HWPX, 4-grams of the reference", figure=recall[".hwpx"], bar=0.83)
    words = scores(folder, "--words")
    yield Figure(name="PDF, words of the reference", figure=words[".pdf"], bar=0.985)
    ratio = pdf_time(folder)
    yield Figure(
        name="PDF, processor time by that of bare pypdfium2", figure=ratio, bar=1.6, at_most=True
    )
    yield Figure(
        name="HWP, ms of processor time a file", figure=hwp_time(folder), bar=60, at_most=True
    )
    yield Figure(
        name="MB of a build of all of it, beside Kiwi's",
        figure=build_memory(folder) / 1e6,
        bar=800,
        at_most=True,
    )


def scores(folder: Path, *options: str) -> dict[str, float]:
    """Return the mean score of the texts of `pairs/`, by suffix, as the folder's own program does.

    With the option `--words` they are those of the PDFs.
    """
    with tempfile.TemporaryDirectory() as texts:
        for path in sorted((folder / "pairs").iterdir()):
            if path.suffix not in (".txt", ".words") and (path.suffix == ".pdf") == bool(options):
                text = "\n".join(document.text for document in documents(path))
                Path(texts, f"{path.stem}.txt").write_text(text, encoding="utf-8")
        command = [sys.executable, str(folder / "score_pairs.py"), *options, texts]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {suffix: float(score) for suffix, score in _MEAN.findall(done.stdout)}


def pdf_time(folder: Path) -> float:
    """Return the processor time of our reader, divided by that of PDFium alone."""
    paths = sorted((folder / "pdf").glob("*.pdf"))
    return _least(lambda: _read_all(paths)) / _least(lambda: _extract_all(paths))


def hwp_time(folder: Path) -> float:
    """Return the milliseconds of processor time that an HWP takes, on average."""
    paths = sorted((folder / "hwp").glob("*.hwp"))
    return 1_000 * _least(lambda: _read_all(paths)) / len(paths)


def _least(work: Callable[[], None]) -> float:
    """Return the processor seconds of the fastest of some runs."""
    seconds = []
    for _ in range(_TIMES):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)


def _read_all(paths: Sequence[Path]) -> None:
    for path in paths:
        documents(path)


def _extract_all(paths: Sequence[Path]) -> None:
    import pypdfium2  # of no use to the other figures

    for path in paths:
        try:
            with pypdfium2.PdfDocument(path) as document:
                for number in range(len(document)):
                    document[number].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            continue


def build_memory(folder: Path) -> int:
    """Return the most bytes of all processes of a build but Kiwi's."""
    with tempfile.TemporaryDirectory() as index:
        command = ["build", str(folder), "--index", str(Path(index) / ".chaja"), "--quiet"]
        process = subprocess.Popen(
            [sys.executable, "-c", _CHAJA, *command], cwd=REPOSITORY, stderr=subprocess.DEVNULL
        )
        with MemoryWatch(process.pid, without="kiwi_process") as memory:
            code = process.wait()
        if code:
            sys.exit(f"the build of {folder} ended with {code}")
    return memory.most


def main() -> int:
    """Print the figures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.documents")
    parser.add_argument("folder", nargs="?", type=Path, default=documents_folder())
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each figure")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"!! SKIPPED: NOTHING is measured: {options.folder} is missing; set {VARIABLE} !!")
        return 0
    reached = True
    for figure in figures(options.folder):
        reached = reached and figure.reached
        if options.json:
            print(json.dumps(asdict(figure) | {"reached": figure.reached}), flush=True)
            continue
        sign, mark = ("≤" if figure.at_most else "≥"), ("" if figure.reached else "  MISSED")
        print(f"{figure.figure:10.3f} {sign} {figure.bar:<8g}{figure.name}{mark}", flush=True)
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
