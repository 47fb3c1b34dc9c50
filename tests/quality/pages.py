"""Measures what the reader of web pages keeps of the page extractor's own evaluation set.

Run as `python -m tests.quality.pages FOLDER`, FOLDER being `tests` of github.com/adbar/trafilatura,
which has evaldata.json and the pages. They are no part of this project. A rule is tuned on one
half of the pages only, and both are shown.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import Counter
from io import BytesIO
from pathlib import Path

from corpus.document import Document
from corpus.errors import CorpusError
from corpus.readers.html.reader import read


def half(name: str) -> str:
    """Return "tuned" or "held" for a page, by its name."""
    return "held" if zlib.crc32(name.encode()) % 2 else "tuned"


def folded(text: str) -> str:
    return " ".join(text.split())


def text_of(page: bytes) -> str:
    try:
        found = next(read(BytesIO(page), name="page.html"))
    except CorpusError:
        return ""
    return folded(found.text) if isinstance(found, Document) else ""


def counts(folder: Path) -> Counter[tuple[str, str]]:
    """Count the wanted and unwanted segments of each half, and how many of them are kept."""
    total: Counter[tuple[str, str]] = Counter()
    for item in json.loads((folder / "evaldata.json").read_text(encoding="utf-8")).values():
        pages = [folder / part / item["file"] for part in ("cache", "eval")]
        text = text_of(next(filter(Path.is_file, pages)).read_bytes())
        for key in ("with", "without"):
            kept = sum(folded(segment) in text for segment in item[key])
            total[half(item["file"]), key] += len(item[key])
            total[half(item["file"]), f"{key} kept"] += kept
    return total


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path()
    if not (folder / "evaldata.json").is_file():
        print(f"SKIPPED: {folder} has no evaldata.json; see python -m tests.quality.pages' source")
        return 0
    total = counts(folder)
    for name in ("tuned", "held"):
        wanted, unwanted = (
            100 * total[name, f"{key} kept"] / total[name, key] for key in ("with", "without")
        )
        print(
            f"{name}: {wanted:.2f} % of the wanted segments kept, {unwanted:.2f} % of the unwanted"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
