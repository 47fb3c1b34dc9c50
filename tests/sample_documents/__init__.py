"""The documents of `sample/documents/`: one of each format that people have, made by a program.

    python -m tests.sample_documents

writes them anew. The bytes are the same on every machine: what would be compressed is stored, and
every time is fixed. Office programs, viewers of PDF and Hangul are meant to open them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from .arctic_pptx import arctic
from .mikta_hwpx import mikta
from .nordpolitik_docx import nordpolitik
from .peacekeepers_pdf import peacekeepers
from .peacekeeping_hwp import peacekeeping
from .relations_xlsx import relations
from .seminar_eml import seminar

FOLDER = Path(__file__).parents[2] / "sample" / "documents"
DOCUMENTS: Mapping[str, Callable[[], bytes]] = {
    "korean-peacekeepers.pdf": peacekeepers,
    "nordpolitik.docx": nordpolitik,
    "arctic-북극.pptx": arctic,
    "수교와-파병.xlsx": relations,
    "믹타.hwpx": mikta,
    "평화유지활동-길잡이.hwp": peacekeeping,
    "세미나-안내.eml": seminar,
}
