"""Query correction: what a word that finds nothing was meant to be."""

from __future__ import annotations
