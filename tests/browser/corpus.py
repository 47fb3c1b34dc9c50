"""The documents that the page is tested with: the sample, and some that mean harm or trouble."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "sample"

SCRIPT = "<script>window.harmed = 'script'</script>"
IMAGE = "<img src=x onerror=\"window.harmed = 'image'\">"
LINK = "javascript:window.harmed='link'"
REVERSED = "\u202egnp.cod"  # shown from right to left, it reads doc.png

# Words that stand in no other document.
HARM, TWIN, LONG = "Wolpertinger", "Hippogriff", "Leviathan"


def write_corpus(folder: Path) -> None:
    """Write all documents into a folder."""
    shutil.copytree(SAMPLE, folder / "sample")
    _write_hostile(folder / "hostile")
    for name in ("first", "second", "third"):
        path = folder / "twins" / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"A {TWIN} was seen twice, word for word.\n", encoding="utf-8")
    paragraphs = (f"The {LONG} surfaced, {number} times so far.\n\n" * 9 for number in range(250))
    (folder / "long.txt").write_text("".join(paragraphs), encoding="utf-8")


def _write_hostile(folder: Path) -> None:
    folder.mkdir()
    row = {
        "id": f"{IMAGE}{SCRIPT}",
        "title": f"{SCRIPT}{IMAGE}{REVERSED}",
        "date": "2020-02-02",
        "text": f"{IMAGE} A {HARM} 👩‍🚀𝒜 with {SCRIPT} and a {HARM} {LINK}",
        f"{IMAGE}": f"{SCRIPT}{LINK}",
    }
    (folder / "row.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    name = "<img src=x onerror=window.harmed='name'>.txt"
    (folder / name).write_text(f"{SCRIPT}\n\nThe {HARM} in a file {IMAGE}\n", encoding="utf-8")
