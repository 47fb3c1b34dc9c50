"""A file read whole: its text, and what its bytes could not say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.document import Problem
from corpus.errors import CorpusError

from .encoding import Decoded, damage, decode


def load(path: Path) -> bytes:
    """Return the bytes of the file; raise CorpusError where there are none, OSError as it comes."""
    data = path.read_bytes()
    if not data:
        raise CorpusError("is empty")
    return data


def load_text(path: Path) -> Decoded:
    """Return the text of the file; raise CorpusError where it holds none."""
    return decode(load(path))


def damages(source: Decoded, *, name: str) -> Iterator[Problem]:
    """Yield the Problem that tells of the bytes replaced in the text, if any were."""
    if source.bad:
        reason = damage(source.encoding, source.bad)
        yield Problem(path=name, reason=reason, line=source.line)
