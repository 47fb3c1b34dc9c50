"""What text is: documents in, passages out; nothing here knows of analysers, indexes or queries."""

from __future__ import annotations

from .document import LANGUAGES, Document, Heading, Passage, Problem
from .readers import SUFFIXES, read

__all__ = ["LANGUAGES", "SUFFIXES", "Document", "Heading", "Passage", "Problem", "read"]
