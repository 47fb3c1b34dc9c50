"""What the readers read beside the texts that are plainly there."""

from __future__ import annotations

from typing import NamedTuple


class ReadOptions(NamedTuple):
    """Whether ZIP archives are looked into, and whether pages without text go through OCR."""

    archives: bool = False
    ocr: bool = False


PLAINLY = ReadOptions()
