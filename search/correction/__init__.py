"""What a word was meant to be that finds nothing as it was typed."""

from __future__ import annotations
