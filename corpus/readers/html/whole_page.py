"""Reads HTML that a program saved as a document: all of it, as it has no navigation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from ...document import Document, Problem
from .blocks import Block, blocks_of
from .dom import Element, body_of
from .reader import read_page


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the page as one document, its blocks separated by blank lines."""
    yield from read_page(file, name, _all_blocks)


def _all_blocks(page: Element, _: str) -> Iterable[Block]:
    return blocks_of(body_of(page))
